//! Operations and the router that serves them, made by the same calls, so that they cannot differ.

use std::{collections::BTreeMap, fmt, sync::Arc};

use axum::{
    Router,
    extract::{Request, State},
    handler::Handler,
    response::{IntoResponse, Response},
    routing::{MethodFilter, MethodRouter, on},
};
use futures::future::BoxFuture;
use http::{HeaderMap, Method, header};

use crate::{Api, Operation, Problem};

type Run = Arc<dyn Fn(Request, Api) -> BoxFuture<'static, Response> + Send + Sync>;

/// What a dialect serves. Each operation is added with its handler.
#[derive(Clone, Default)]
pub struct Routes {
    routes: Vec<(Operation, Run)>,
}

impl fmt::Debug for Routes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.routes.iter().map(|(operation, _)| operation)).finish()
    }
}

impl Routes {
    pub fn new() -> Self {
        Self::default()
    }

    /// Serves an operation. Several of one method and path are told apart by the media types of their bodies.
    #[must_use]
    pub fn add<H, T>(mut self, operation: Operation, handler: H) -> Self
    where
        H: Handler<T, Api> + Sync,
        T: 'static,
    {
        let run: Run = Arc::new(move |request, api| Box::pin(handler.clone().call(request, api)));
        self.routes.push((operation, run));
        self
    }

    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.routes.extend(other.routes);
        self
    }

    /// The router, and what it serves.
    ///
    /// # Panics
    /// Where a method is not one that axum routes, or two operations cannot be told apart: a mistake in the program, met
    /// by the first test.
    pub fn into_parts(self) -> (Router<Api>, Vec<Operation>) {
        let operations = self.routes.iter().map(|(operation, _)| operation.clone()).collect();
        let mut paths: BTreeMap<String, Vec<(Method, Vec<Variant>)>> = BTreeMap::new();
        for (operation, run) in self.routes {
            let methods = paths.entry(operation.path.into_owned()).or_default();
            let media_types = operation.bodies.into_iter().map(|body| body.media_type.to_lowercase()).collect();
            let variant = Variant { media_types, run };
            match methods.iter_mut().find(|(method, _)| *method == operation.method) {
                Some((_, variants)) => {
                    let told_apart = |other: &Variant| {
                        !other.media_types.iter().any(|media_type| variant.media_types.contains(media_type))
                            && other.media_types.is_empty() == variant.media_types.is_empty()
                    };
                    assert!(variants.iter().all(told_apart), "{} cannot be told apart", operation.id);
                    variants.push(variant);
                }
                None => methods.push((operation.method, vec![variant])),
            }
        }
        let router = paths.into_iter().fold(Router::new(), |router, (path, methods)| {
            let routed = methods.into_iter().fold(MethodRouter::new(), |routed, (method, variants)| {
                let filter = MethodFilter::try_from(method).expect("a method that axum routes");
                let variants: Arc<[Variant]> = variants.into();
                routed.merge(on(filter, move |State(api): State<Api>, request: Request| serve(variants, api, request)))
            });
            router.route(&path, routed)
        });
        (router, operations)
    }
}

/// One of the operations that share a method and path.
#[derive(Clone)]
struct Variant {
    media_types: Vec<String>,
    run: Run,
}

async fn serve(variants: Arc<[Variant]>, api: Api, request: Request) -> Response {
    let variant = match &*variants {
        // Whether its media type is right is for the operation itself to say.
        [only] => Some(only),
        several => choose(several, &media_types(request.headers())),
    };
    match variant {
        Some(variant) => (variant.run)(request, api).await,
        None => Problem::WrongMediaType.into_response(),
    }
}

/// The operation of the first media type that is not mere JSON, else that of mere JSON. Bodies that do not exist are
/// announced by some clients without the `+json` of the type.
fn choose<'v>(variants: &'v [Variant], asked: &[String]) -> Option<&'v Variant> {
    let takes = |asked: &str| {
        variants.iter().find(|variant| {
            variant.media_types.iter().any(|taken| taken == asked || taken.strip_suffix("+json") == Some(asked))
        })
    };
    let (plain, special): (Vec<_>, Vec<_>) = asked.iter().partition(|asked| *asked == "application/json");
    // A special type that nobody takes is not covered up by a plain one beside it.
    match special.first() {
        Some(_) => special.iter().find_map(|asked| takes(asked)),
        None => plain.first().and_then(|asked| takes(asked)),
    }
}

/// The media types of a request in lower case without their parameters, from every `Content-Type` line and every part
/// of one: some clients send two, and proxies may join them.
pub fn media_types(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all(header::CONTENT_TYPE).iter().filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(','))
        .map(|part| part.split(';').next().unwrap_or_default().trim().to_lowercase())
        .filter(|media_type| !media_type.is_empty())
        .collect()
}
