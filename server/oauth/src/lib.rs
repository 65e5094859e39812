//! OAuth 2 and OpenID Connect for apps and machines: tokens at `/oauth/v2/token`, and what belongs to them.
//!
//! The person's side, `/oauth/v2/authorize` and `/oidc/v1/end_session`, are pages, because it needs the session of a
//! browser. [`by_get`] brings them what apps send by POST.

mod by_get;
mod caller;
mod dialect;
mod discovery;
mod fault;
mod keys;
mod token;
mod tokens;
mod userinfo;

use axum::{
    Router,
    extract::Request,
    middleware::{Next, from_fn},
    response::Response,
};
use http::{HeaderValue, Method, header};
use tower_http::cors::{Any, CorsLayer};
use vestibule_api::{Api, Operation, Routes, dress};

pub use crate::by_get::by_get;
use crate::dialect::OAuth;

/// Form fields by which everything here is asked.
const FORM: &str = "application/x-www-form-urlencoded";

/// All that this dialect serves, and its own answers to whatever else comes to its paths.
///
/// Apps in browsers call it from their own origins; there is no cookie that could be misused, so all of them may.
pub fn router(api: Api) -> Router {
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .expose_headers([header::WWW_AUTHENTICATE]);
    dress(routes().into_parts().0, api, OAuth).layer(cors).layer(from_fn(not_kept))
}

/// What the document says of it.
pub fn operations() -> Vec<Operation> {
    [routes().into_parts().1, by_get::operations()].concat()
}

/// Whether a path is this dialect's, whether or not something lives there. The pages are not.
pub fn claims(path: &str) -> bool {
    let is_under =
        |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if is_under(by_get::AUTHORIZE) || is_under(by_get::END_SESSION) {
        return false;
    }
    is_under("/oauth") || is_under("/oidc") || discovery::PATHS.contains(&path)
}

fn routes() -> Routes {
    token::routes().merge(tokens::routes()).merge(userinfo::routes()).merge(keys::routes()).merge(discovery::routes())
}

/// Nobody keeps an answer that does not say so itself (RFC 6749 §5.1).
async fn not_kept(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_left_to_the_site() {
        for path in
            ["/oauth", "/oauth/v2/token", "/oauth/v2/nothing", "/oidc/v1/userinfo", "/.well-known/openid-configuration"]
        {
            assert!(claims(path), "{path}");
        }
        for path in
            ["/oauth/v2/authorize", "/oauth/v2/authorize/x", "/oidc/v1/end_session", "/.well-known/x", "/oauths", "/"]
        {
            assert!(!claims(path), "{path}");
        }
        assert!(claims("/oauth/v2/authorized"));
    }
}
