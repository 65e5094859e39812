//! What stands around every dialect, and answers in its shape.

use std::{any::Any, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{MatchedPath, Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use futures::FutureExt;
use http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tower_http::trace::TraceLayer;

use crate::{
    Api, Asked, ClientIp, Dialect, Problem,
    once::{self, Ticket},
};

/// Largest body of a request, in bytes.
pub const BODY: usize = 1024 * 1024;
/// How long a request may take. Less than [`vestibule_core::idempotency::LEASE`].
pub const TIMEOUT: Duration = Duration::from_secs(30);

/// Makes a dialect's routes a whole: its own answers to unknown routes and methods, to bodies that are too large, to
/// requests that take too long and to panics; limits on requests, and `Idempotency-Key`.
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
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str);
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
    let taken = dress.api.limiter.take(client(&request), dress.api.vestibule.now());
    let done = match taken.retry_after {
        Some(retry_after) => Err(Problem::Limited { retry_after }),
        None => dress.clone().in_time(asked.clone(), request, next).await,
    };
    let mut response = done.unwrap_or_else(|problem| dress.dialect.answer(&problem, &asked));
    taken.write(response.headers_mut());
    response
}

impl Dress {
    /// The answer, unless it takes too long or ends in a panic, of which nothing leaves the house.
    async fn in_time(self, asked: Asked, request: Request, next: Next) -> Result<Response, Problem> {
        let whole = AssertUnwindSafe(self.whole(asked, request, next)).catch_unwind();
        match tokio::time::timeout(TIMEOUT, whole).await {
            Ok(Ok(response)) => response,
            Ok(Err(panic)) => {
                tracing::error!(panic = message(&*panic), "a request panicked");
                Err(Problem::Panicked)
            }
            Err(_) => Err(Problem::Timeout),
        }
    }

    /// Reads the whole body first, so that its size and its wholeness are settled before anything is done. A gRPC body may
    /// be a stream of messages, which tonic bounds one by one; with an `Idempotency-Key` it is read like all others.
    async fn whole(self, asked: Asked, request: Request, next: Next) -> Result<Response, Problem> {
        let has_key = once::has_key(&asked);
        if is_grpc(&asked.headers) && !has_key {
            return Ok(self.run(asked, request, next).await);
        }
        let (parts, body) = request.into_parts();
        let body = whole(body).await?;
        let request = Request::from_parts(parts, Body::from(body.clone()));
        if !has_key {
            return Ok(self.run(asked, request, next).await);
        }
        once::to_the_end(self.once(asked, body, request, next)).await
    }

    async fn once(self, asked: Asked, body: Bytes, request: Request, next: Next) -> Result<Response, Problem> {
        let api = self.api.clone();
        Ok(match once::ticket(&api, self.dialect.credential(), &asked, &body).await? {
            Ticket::First(run) => once::keep(&api, run, self.run(asked, request, next)).await,
            Ticket::Stranger => self.run(asked, request, next).await,
            Ticket::Again(response) => response,
        })
    }

    /// The operation's answer, or the dialect's own where it named a problem.
    async fn run(self, asked: Asked, request: Request, next: Next) -> Response {
        let mut response = next.run(request).await;
        let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
        let mut answer = self.dialect.answer(&problem, &asked);
        if let Some(allow) = response.headers_mut().remove(header::ALLOW) {
            answer.headers_mut().insert(header::ALLOW, allow);
        }
        answer
    }
}

/// Whose requests count together: those with one key or token, or else those from one address. Whether the key is right
/// is not known yet.
fn client(request: &Request) -> &[u8] {
    let headers = request.headers();
    match headers.get("x-api-key").or_else(|| headers.get(header::AUTHORIZATION)) {
        Some(secret) => secret.as_bytes(),
        None => request.extensions().get().and_then(|ClientIp(ip)| ip.as_deref()).unwrap_or_default().as_bytes(),
    }
}

async fn whole(body: Body) -> Result<Bytes, Problem> {
    let whole = Limited::new(body, BODY).collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() { Problem::TooLarge { limit: BODY } } else { Problem::Truncated }
    })?;
    Ok(whole.to_bytes())
}

fn is_grpc(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/grpc"))
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("?")
}
