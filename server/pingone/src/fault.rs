//! The error model: `{id, code, message, details}`.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use vestibule_core::Error;

use crate::time::iso;

/// What the answer as a whole is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "PingOneErrorCode")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Code {
    InvalidData,
    InvalidRequest,
    RequestFailed,
    AccessFailed,
    NotFound,
    RequestLimited,
    UnexpectedError,
}

impl Code {
    /// The one sentence that goes with each code; clients are known to compare some of them.
    fn message(self) -> &'static str {
        match self {
            Self::InvalidData => {
                "The request could not be completed. One or more validation errors were in the request."
            }
            Self::InvalidRequest => "The request could not be completed. The request was malformed or invalid.",
            Self::RequestFailed => "The request could not be completed. There was an issue processing the request",
            Self::AccessFailed => "The request could not be completed. You do not have access to this resource.",
            Self::NotFound => "The request could not be completed. The requested resource was not found.",
            Self::RequestLimited => "The request could not be completed. Too many requests were made.",
            Self::UnexpectedError => "The request could not be completed. An unexpected error occurred.",
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "PingOneErrorDetail")]
pub struct Detail {
    pub code: &'static str,
    /// The attribute, parameter or header that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    pub message: String,
    #[serde(rename = "innerError", skip_serializing_if = "Map::is_empty")]
    pub inner: Map<String, Value>,
}

impl Detail {
    pub fn new(code: &'static str, target: impl Into<String>, message: impl Into<String>) -> Self {
        let target = Some(target.into()).filter(|target: &String| !target.is_empty());
        Self { code, target, message: message.into(), inner: Map::new() }
    }

    /// With one more fact for a program.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.inner.insert(key.to_owned(), value.into());
        self
    }

    pub fn required(target: impl Into<String>) -> Self {
        Self::new("REQUIRED_VALUE", target, "A value is required for this attribute.")
    }

    pub fn empty(target: impl Into<String>) -> Self {
        Self::new("EMPTY_VALUE", target, "The attribute must not be empty.")
    }

    pub fn invalid(target: impl Into<String>) -> Self {
        Self::new("INVALID_VALUE", target, "Invalid value for attribute.")
    }

    pub fn taken(target: impl Into<String>) -> Self {
        Self::new("UNIQUENESS_VIOLATION", target, "The value is in use already and must be unique.")
    }
}

/// A refusal as its answer will tell it. [`finish`](crate::finish) writes the body, because it knows the id.
#[derive(Clone, Debug)]
pub struct Fault {
    pub status: StatusCode,
    pub code: Code,
    pub details: Vec<Detail>,
    /// From when on (unix milliseconds) it is worth asking again.
    pub until: Option<i64>,
    /// What only the log is told.
    pub cause: Option<Error>,
}

impl Fault {
    pub fn new(status: StatusCode, code: Code, details: Vec<Detail>) -> Self {
        Self { status, code, details, until: None, cause: None }
    }

    pub fn invalid_data(details: Vec<Detail>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, Code::InvalidData, details)
    }

    pub fn invalid_request(details: Vec<Detail>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, Code::InvalidRequest, details)
    }

    /// What was asked is sound, and cannot be done as things are.
    pub fn request_failed(detail: Detail) -> Self {
        Self::new(StatusCode::BAD_REQUEST, Code::RequestFailed, vec![detail])
    }

    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, Code::NotFound, Vec::new())
    }

    pub fn invalid_token() -> Self {
        let message = "The authorization token is either missing or invalid, or it has expired.";
        let detail = Detail::new("INVALID_TOKEN", "Authentication Credentials", message);
        Self::new(StatusCode::UNAUTHORIZED, Code::AccessFailed, vec![detail])
    }

    pub fn forbidden(target: impl Into<String>) -> Self {
        let message = "The actor attempting to perform the request is not authorized.";
        let detail = Detail::new("INSUFFICIENT_PERMISSIONS", target, message);
        Self::new(StatusCode::FORBIDDEN, Code::AccessFailed, vec![detail])
    }

    /// Too many requests; from this time (unix milliseconds) on it works again.
    pub fn limited(until: i64) -> Self {
        let detail = Detail::new("LIMIT_EXCEEDED", "", "The request rate limit was exceeded.");
        let detail = detail.with("retryAfter", iso(until));
        let fault = Self::new(StatusCode::TOO_MANY_REQUESTS, Code::RequestLimited, vec![detail]);
        Self { until: Some(until), ..fault }
    }

    pub fn unexpected(status: StatusCode) -> Self {
        Self::new(status, Code::UnexpectedError, Vec::new())
    }

    /// The body of the answer that has this correlation id.
    pub fn body<'f>(&'f self, id: &'f str) -> ErrorBody<'f> {
        ErrorBody { id, code: self.code, message: self.code.message(), details: &self.details }
    }
}

impl From<Detail> for Fault {
    fn from(detail: Detail) -> Self {
        Self::invalid_data(vec![detail])
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The body of a refusal.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PingOneError")]
pub struct ErrorBody<'f> {
    /// The same as in the header `Correlation-Id`.
    id: &'f str,
    code: Code,
    message: &'f str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    details: &'f [Detail],
}
