//! What stands around every dialect, and answers in its shape.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use futures::FutureExt;
use http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tower_http::trace::TraceLayer;

use crate::{Api, Asked, Dialect, Problem};

/// Largest body of a request, in bytes.
pub const BODY: usize = 1024 * 1024;
/// How long a request may take.
pub const TIMEOUT: Duration = Duration::from_secs(30);

/// Makes a dialect's routes a whole: its own answers to unknown routes and methods, to bodies that are too large, to
/// requests that take too long and to panics.
pub fn dress(router: Router<Api>, api: Api, dialect: impl Dialect) -> Router {
    let dress = Dress { api: api.clone(), dialect: Arc::new(dialect) };
    router
        .fallback(async || Problem::UnknownRoute)
        .method_not_allowed_fallback(async || Problem::WrongMethod)
        .layer(from_fn_with_state(dress, wear))
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .with_state(api)
}

/// A span that names the route and never the path, which may hold a token, nor the query.
pub fn span<B>(request: &http::Request<B>) -> tracing::Span {
    let route =
        request.extensions().get::<axum::extract::MatchedPath>().map_or("-", axum::extract::MatchedPath::as_str);
    tracing::info_span!("request", method = %request.method(), route)
}

#[derive(Clone)]
struct Dress {
    api: Api,
    dialect: Arc<dyn Dialect>,
}

async fn wear(State(dress): State<Dress>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let asked = Asked::from(&parts);
    let request = Request::from_parts(parts, body);
    let run = AssertUnwindSafe(tokio::time::timeout(TIMEOUT, whole(request, next))).catch_unwind().await;
    let problem = match run {
        Ok(Ok(Ok(mut response))) => match response.extensions_mut().remove::<Problem>() {
            None => return response,
            Some(problem) => {
                let mut answer = dress.dialect.answer(&problem, &asked);
                if let Some(allow) = response.headers_mut().remove(header::ALLOW) {
                    answer.headers_mut().insert(header::ALLOW, allow);
                }
                return answer;
            }
        },
        Ok(Ok(Err(problem))) => problem,
        Ok(Err(_)) => Problem::Timeout,
        Err(_) => Problem::Panicked,
    };
    dress.dialect.answer(&problem, &asked)
}

/// Reads the whole body first, so that its size and its wholeness are settled before anything is done. A gRPC body is a
/// stream of messages, which tonic bounds one by one.
async fn whole(request: Request, next: Next) -> Result<Response, Problem> {
    if is_grpc(request.headers()) {
        return Ok(next.run(request).await);
    }
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, BODY).collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() { Problem::TooLarge { limit: BODY } } else { Problem::Truncated }
    })?;
    Ok(next.run(Request::from_parts(parts, Body::from(body.to_bytes()))).await)
}

fn is_grpc(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/grpc"))
}
