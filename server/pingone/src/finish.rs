//! What every answer carries: `Correlation-Id`, headers against storing and framing, and leave for pages of other
//! origins to read it.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use vestibule_api::Api;

use crate::{fault::Fault, token::TokenFault};

const CORRELATION_ID: HeaderName = HeaderName::from_static("correlation-id");

/// The id under which one request is spoken of: in the answer's header, in an error's body and in the log.
#[derive(Clone, Debug)]
pub struct CorrelationId(pub String);

/// Writes the body of a refusal and the headers of every answer.
///
/// It stands around the routes, so that an answer that is kept for its `Idempotency-Key` is whole, and around
/// everything, so that what never came to a route is dressed as well. The second one finds little left to do.
pub async fn finish(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    let id = match request.extensions().get::<CorrelationId>() {
        Some(CorrelationId(id)) => id.clone(),
        None => api.vestibule.new_id(),
    };
    request.extensions_mut().insert(CorrelationId(id.clone()));
    let mut response = if is_preflight(&request) { preflight() } else { next.run(request).await };
    if let Some(fault) = response.extensions_mut().remove::<Fault>() {
        response = written(&fault, &id, &api, response.headers());
    } else if let Some(fault) = response.extensions_mut().remove::<TokenFault>() {
        response = fault.written(&id);
    }
    dress(response.headers_mut(), &id, &api.public_url);
    response
}

fn written(fault: &Fault, id: &str, api: &Api, before: &HeaderMap) -> Response {
    if let Some(cause) = &fault.cause {
        tracing::error!(correlation_id = id, error = %cause, "a request failed");
    }
    let mut response = (fault.status, axum::Json(fault.body(id))).into_response();
    let headers = response.headers_mut();
    if let Some(until) = fault.until {
        // Rounded up, or who comes back on time comes too early.
        let seconds = (until - api.vestibule.now()).max(0).unsigned_abs().div_ceil(1_000).max(1);
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    if fault.status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    for kept in [header::ALLOW, header::RETRY_AFTER] {
        if let (Some(value), false) = (before.get(&kept), headers.contains_key(&kept)) {
            headers.insert(kept, value.clone());
        }
    }
    response
}

fn dress(headers: &mut HeaderMap, id: &str, public_url: &str) {
    let always = [
        (header::CACHE_CONTROL, "no-cache, no-store, max-age=0, must-revalidate"),
        (header::PRAGMA, "no-cache"),
        (header::EXPIRES, "0"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::VARY, "Origin"),
        // A bearer token is no cookie: whichever page holds it may use it.
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_EXPOSE_HEADERS, "Correlation-Id"),
    ];
    for (name, value) in always {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Not to be sent where there is no TLS (RFC 6797 §7.2).
    if public_url.starts_with("https://") {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    // An answer that is given a second time for its `Idempotency-Key` keeps the id that its body speaks of.
    if let (false, Ok(id)) = (headers.contains_key(CORRELATION_ID), HeaderValue::from_str(id)) {
        headers.insert(CORRELATION_ID, id);
    }
}

/// Whether a browser asks what a page of another origin may send (Fetch §3.2.2).
fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, PATCH, DELETE"),
        (
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "Authorization, Content-Type, Correlation-Id, X-Api-Key, Accept, Accept-Language, Cookie, Origin, Range, \
             Idempotency-Key, X-Ping-External-Transaction-ID, X-Ping-External-Session-ID",
        ),
        (header::ACCESS_CONTROL_MAX_AGE, "3600"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}
