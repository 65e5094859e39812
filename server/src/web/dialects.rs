//! The APIs that machines speak. Each has the paths under its prefixes for itself, with its own answers to what it does
//! not know, and no sessions.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tower::ServiceExt;
use vestibule_api::{Api, Operation};

/// All dialects, by the paths that they claim.
#[derive(Clone, Debug)]
pub struct Dialects(Arc<[Dialect]>);

#[derive(Debug)]
struct Dialect {
    claims: fn(&str) -> bool,
    router: Router,
}

impl Dialects {
    pub fn new(api: &Api) -> Self {
        Self(Arc::new([
            Dialect { claims: vestibule_monocloud::claims, router: vestibule_monocloud::router(api.clone()) },
            Dialect { claims: vestibule_pingone::claims, router: vestibule_pingone::router(api.clone()) },
            Dialect { claims: vestibule_oauth::claims, router: vestibule_oauth::router(api.clone()) },
            Dialect { claims: vestibule_zitadel::claims, router: vestibule_zitadel::router(api.clone()) },
        ]))
    }
}

/// What the dialects serve.
pub fn operations() -> Vec<Operation> {
    [
        vestibule_monocloud::operations(),
        vestibule_pingone::operations(),
        vestibule_zitadel::operations(),
        vestibule_oauth::operations(),
    ]
    .concat()
}

/// Gives a request to the dialect that claims its path, else to what is within.
pub async fn switch(State(dialects): State<Dialects>, request: Request, next: Next) -> Response {
    match dialects.0.iter().find(|dialect| (dialect.claims)(request.uri().path())) {
        Some(dialect) => dialect.router.clone().oneshot(request).await.into_response(),
        None => next.run(request).await,
    }
}
