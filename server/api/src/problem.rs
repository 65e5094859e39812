//! What goes wrong around an operation, and each dialect's way to say so.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode, Uri, request::Parts};

use crate::Credential;

/// Something that is wrong before or beside a dialect's own handlers.
///
/// As an answer it is a placeholder, which [`dress`](crate::dress) replaces by the dialect's own words, so a handler or
/// an extractor may answer with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Nothing lives at this path. 404.
    UnknownRoute,
    /// Something lives here, and not by this method. 405; the `Allow` header is added to the answer.
    WrongMethod,
    /// No operation of this method and path takes the media type. 415.
    WrongMediaType,
    /// The body is larger than so many bytes. 413.
    TooLarge { limit: usize },
    /// The body ended before it was whole. 400.
    Truncated,
    /// Too many requests; after so many seconds it works again. 429; `Retry-After` is added to the answer.
    Limited { retry_after: u64 },
    /// The `Idempotency-Key` is empty, longer than 255 characters or holds other than visible ASCII. 400.
    IdempotencyKey,
    /// The `Idempotency-Key` was used for another request. 422.
    IdempotencyReused,
    /// The first request of this `Idempotency-Key` is still under way. 409.
    IdempotencyBusy,
    /// The database does not answer. 503.
    Unavailable,
    /// It took longer than [`TIMEOUT`](crate::TIMEOUT). 504.
    Timeout,
    /// A fault of ours, which has been logged. 500.
    Panicked,
}

impl Problem {
    /// The status that plain HTTP has for it.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::UnknownRoute => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::WrongMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Truncated | Self::IdempotencyKey => StatusCode::BAD_REQUEST,
            Self::Limited { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::IdempotencyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::IdempotencyBusy => StatusCode::CONFLICT,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Timeout => StatusCode::GATEWAY_TIMEOUT,
            Self::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// An English sentence for people who read logs.
    pub fn text(&self) -> String {
        let text = match self {
            Self::UnknownRoute => "Nothing lives at this path.",
            Self::WrongMethod => "This path does not take this method.",
            Self::WrongMediaType => "This path does not take this content type.",
            Self::TooLarge { limit } => return format!("The body is larger than {limit} bytes."),
            Self::Truncated => "The body ended before it was whole.",
            Self::Limited { retry_after } => return format!("Too many requests; try again in {retry_after} s."),
            Self::IdempotencyKey => "The Idempotency-Key must be 1 to 255 visible ASCII characters.",
            Self::IdempotencyReused => "The Idempotency-Key was used for a different request.",
            Self::IdempotencyBusy => "The first request with this Idempotency-Key is still under way.",
            Self::Unavailable => "The service is not available at the moment.",
            Self::Timeout => "The request took too long.",
            Self::Panicked => "An internal error occurred.",
        };
        text.to_owned()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// What was asked, as far as an error's shape may depend on it.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
}

impl From<&Parts> for Asked {
    fn from(parts: &Parts) -> Self {
        Self { method: parts.method.clone(), uri: parts.uri.clone(), headers: parts.headers.clone() }
    }
}

/// A dialect, as far as what stands around all of them must know it.
pub trait Dialect: Send + Sync + 'static {
    /// Where its clients put their secret.
    fn credential(&self) -> Credential;

    /// The answer to a problem, in the dialect's own shape.
    fn answer(&self, problem: &Problem, asked: &Asked) -> Response;
}
