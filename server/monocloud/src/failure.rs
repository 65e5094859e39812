//! Why something was not done, as `application/problem+json` (RFC 9457) with MonoCloud's two kinds of 422.

use std::{borrow::Cow, collections::BTreeMap};

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;
use vestibule_core::Error;

/// The media type that clients must see to read the body as more than text.
pub const PROBLEM: &str = "application/problem+json";

/// A refusal as its answer will tell it. [`finish`](crate::finish) writes the body, because it knows the trace id.
#[derive(Clone, Debug)]
pub struct Failure {
    pub status: StatusCode,
    pub detail: Option<Cow<'static, str>>,
    pub errors: Option<Errors>,
    /// From when on (unix milliseconds) it is worth asking again.
    pub until: Option<i64>,
    /// What only the log is told.
    pub cause: Option<Box<Error>>,
}

/// What is wrong with what was asked; which of the two it is stands in the problem's type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Errors {
    /// The rules for users, their identifiers and passwords say no.
    Identity(Vec<IdentityError>),
    /// Fields of the body are missing or malformed: what is wrong, by field.
    Fields(BTreeMap<String, Vec<String>>),
}

/// One rule that said no; codes are named as ASP.NET Identity names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct IdentityError {
    pub code: Cow<'static, str>,
    pub description: Cow<'static, str>,
}

/// The body of every refusal.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MonoCloudProblem")]
pub struct ProblemBody {
    pub r#type: String,
    pub title: String,
    /// The same as the status of the answer; clients choose their exception by it.
    pub status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// As W3C Trace Context writes it.
    #[serde(rename = "traceId")]
    pub trace_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errors: Option<Errors>,
}

impl Failure {
    pub fn new(status: StatusCode) -> Self {
        Self { status, detail: None, errors: None, until: None, cause: None }
    }

    pub fn bad_request(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST).detailed(detail)
    }

    pub fn unauthorized(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED).detailed(detail)
    }

    pub fn forbidden(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN).detailed(detail)
    }

    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND)
    }

    pub fn conflict(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::CONFLICT).detailed(detail)
    }

    /// Too many mails or requests; from this time (unix milliseconds) on it works again.
    pub fn too_many(detail: impl Into<Cow<'static, str>>, until: i64) -> Self {
        Self { until: Some(until), ..Self::new(StatusCode::TOO_MANY_REQUESTS).detailed(detail) }
    }

    pub fn identity(code: &'static str, description: impl Into<Cow<'static, str>>) -> Self {
        let error = IdentityError { code: code.into(), description: description.into() };
        Self { errors: Some(Errors::Identity(vec![error])), ..Self::new(StatusCode::UNPROCESSABLE_ENTITY) }
    }

    /// One field that is not right.
    pub fn field(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self::fields(BTreeMap::from([(name.into(), vec![message.into()])]))
    }

    pub fn fields(fields: BTreeMap<String, Vec<String>>) -> Self {
        Self { errors: Some(Errors::Fields(fields)), ..Self::new(StatusCode::UNPROCESSABLE_ENTITY) }
    }

    #[must_use]
    pub fn detailed(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    pub fn body(&self, trace_id: &str) -> ProblemBody {
        let kind = match &self.errors {
            None => "",
            Some(Errors::Identity(_)) => "#identity-validation-error",
            Some(Errors::Fields(_)) => "#validation-error",
        };
        ProblemBody {
            r#type: format!("https://httpstatuses.io/{}{kind}", self.status.as_u16()),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            detail: self.detail.as_deref().map(str::to_owned),
            trace_id: trace_id.to_owned(),
            errors: self.errors.clone(),
        }
    }
}

impl IntoResponse for Failure {
    /// A placeholder until [`finish`](crate::finish) writes the body.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
