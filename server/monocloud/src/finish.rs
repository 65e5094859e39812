//! What every answer carries, and the bodies of refusals.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use vestibule_api::Api;

use crate::failure::{Failure, PROBLEM};

/// How many of a list there are and which of them these are.
pub const X_PAGINATION: HeaderName = HeaderName::from_static("x-pagination");

/// Writes the body of a refusal and the headers of every answer.
pub async fn finish(State(api): State<Api>, request: Request, next: Next) -> Response {
    if is_preflight(&request) {
        return preflight();
    }
    let caller_trace = trace_of(request.headers());
    let mut response = next.run(request).await;
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        response = written(&failure, &api, caller_trace, response.headers());
    }
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // An API key is no cookie: whichever page holds it may use it.
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("X-Pagination, Retry-After"));
    response
}

fn written(failure: &Failure, api: &Api, caller_trace: Option<String>, before: &HeaderMap) -> Response {
    let draw = || api.vestibule.new_id().replace('-', "");
    let trace = caller_trace.unwrap_or_else(draw);
    let span = draw().split_off(16);
    let trace_id = format!("00-{trace}-{span}-01");
    if let Some(cause) = &failure.cause {
        tracing::error!(trace_id, error = %cause, "a request failed");
    }
    let mut response = (failure.status, axum::Json(failure.body(&trace_id))).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM));
    if let Some(until) = failure.until {
        // Rounded up, or who comes back on time comes too early.
        let seconds = (until - api.vestibule.now()).max(0).unsigned_abs().div_ceil(1_000).max(1);
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    if failure.status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("API-Key"));
    }
    for (name, value) in before {
        if name != header::CONTENT_LENGTH && !headers.contains_key(name) {
            headers.insert(name, value.clone());
        }
    }
    response
}

/// The trace that the caller is in, by its `traceparent` (W3C Trace Context §3.2).
fn trace_of(headers: &HeaderMap) -> Option<String> {
    let parts: Vec<&str> = headers.get("traceparent")?.to_str().ok()?.split('-').collect();
    let is_hex = |text: &str| text.bytes().all(|sign| matches!(sign, b'0'..=b'9' | b'a'..=b'f'));
    match parts.as_slice() {
        [version, trace, ..]
            if *version != "ff" && trace.len() == 32 && is_hex(trace) && trace.contains(|sign| sign != '0') =>
        {
            Some((*trace).to_owned())
        }
        _ => None,
    }
}

/// Whether a browser asks what a page of another origin may send (Fetch §3.2.2).
fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, PATCH, DELETE"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "X-API-KEY, Authorization, Content-Type, Accept, Idempotency-Key"),
        (header::ACCESS_CONTROL_MAX_AGE, "3600"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}
