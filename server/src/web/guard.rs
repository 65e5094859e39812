//! Guards that stand before every page and action.

use app::web::Carried;
use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

/// What the guards must know.
#[derive(Clone, Debug)]
pub struct Guard {
    /// The origin of the public URL.
    pub origin: String,
    pub secure: bool,
}

/// Refuses what another site made the browser send, and keeps pages out of caches. Nothing follows the one page that shows a
/// secret, not even within this site.
pub async fn guard(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let safe = [Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
    if !safe && !guard.is_same_origin(request.headers()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let shows_secret = [Carried::HandOver, Carried::Key].iter().any(|carried| carried.get(request.headers()).is_some());
    let mut response = next.run(request).await;
    if response.status() == StatusCode::INTERNAL_SERVER_ERROR {
        // The session could not be stored: the database is away, and what was asked has not been done.
        response = StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if shows_secret {
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    }
    if guard.secure {
        // Of this host alone: what else its domain has is not ours to bind.
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

impl Guard {
    /// `Sec-Fetch-Site` where the browser sends it (it cannot be forged by a page), else `Origin`; a client that sends
    /// neither is no browser, and carries nobody's cookies without wanting to.
    fn is_same_origin(&self, headers: &HeaderMap) -> bool {
        if let Some(site) = headers.get("sec-fetch-site") {
            return site == "same-origin" || site == "none";
        }
        headers.get(header::ORIGIN).is_none_or(|origin| origin == self.origin.as_str())
    }
}

/// An action whose form is too large or cannot be read is the sender's mistake, and is told so by status: by itself a
/// server function would send a form back to where it came from.
pub async fn actions(request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/do/") {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(form) = axum::body::to_bytes(body, super::BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let response = next.run(Request::from_parts(parts, Body::from(form))).await;
    if response.headers().contains_key("serverfnerror") {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    }
    response
}

/// Headers for every answer.
pub async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// The last resort: nothing of a panic leaves the house.
pub fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response<Body> {
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(headers: &[(&'static str, &'static str)]) -> bool {
        let guard = Guard { origin: "https://v.example".to_owned(), secure: true };
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        guard.is_same_origin(&headers)
    }

    #[test]
    fn another_site_cannot_make_the_browser_act() {
        assert!(passes(&[("sec-fetch-site", "same-origin")]));
        assert!(passes(&[("sec-fetch-site", "none")]));
        assert!(!passes(&[("sec-fetch-site", "cross-site")]));
        assert!(!passes(&[("sec-fetch-site", "same-site"), ("origin", "https://v.example")]));
        assert!(passes(&[("origin", "https://v.example")]));
        assert!(!passes(&[("origin", "https://evil.example")]));
        assert!(!passes(&[("origin", "null")]));
        assert!(passes(&[]));
    }
}
