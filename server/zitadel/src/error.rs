//! One error, as every transport tells it.

use std::borrow::Cow;

use axum::{Json, response::IntoResponse, response::Response};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use http::{HeaderValue, StatusCode, header};
use prost::{Message, Name as _};
use serde::Serialize;
use tonic::{Code, Status};
use vestibule_core::Error;

use crate::proto::{
    google::rpc,
    zitadel::v1::{CredentialsCheckError, ErrorDetail},
};

/// A code, an English text and an id: what stands in an error of the rules. The id never changes with the language.
pub type Said = (Code, &'static str, &'static str);

/// Why a call was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZError {
    code: Code,
    text: Cow<'static, str>,
    /// Errors of the transport (no token, limits, routes, syntax) have none.
    id: Option<&'static str>,
    /// A wrong current password is told with how many there were.
    failed_attempts: Option<i32>,
    /// Where HTTP has a better status than the code's own.
    http: Option<StatusCode>,
    /// In seconds.
    retry_after: Option<u64>,
}

/// The body of an error, in the order that it is read in.
#[derive(Serialize)]
struct Body<C, D> {
    code: C,
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    details: Vec<D>,
}

#[derive(Serialize)]
struct RestDetail<'e> {
    #[serde(rename = "@type")]
    kind: String,
    #[serde(flatten)]
    detail: Detail<'e>,
}

#[derive(Serialize)]
struct ConnectDetail<'e> {
    #[serde(rename = "type")]
    kind: String,
    value: String,
    debug: Detail<'e>,
}

/// As JSON; as everywhere, what is nought is left out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Detail<'e> {
    id: &'static str,
    message: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    failed_attempts: Option<i32>,
}

fn type_url(name: &str) -> String {
    format!("type.googleapis.com/{name}")
}

impl From<Said> for ZError {
    fn from((code, text, id): Said) -> Self {
        Self { id: Some(id), ..Self::raw(code, text) }
    }
}

impl ZError {
    /// An error of the transport: without an id, and so without details.
    pub fn raw(code: Code, text: impl Into<Cow<'static, str>>) -> Self {
        Self { code, text: text.into(), id: None, failed_attempts: None, http: None, retry_after: None }
    }

    /// The machinery failed; what exactly is for the log alone.
    pub fn failed(error: &Error) -> Self {
        tracing::error!(%error, "a call failed");
        match error {
            Error::Store(_) => Self::raw(Code::Unavailable, "The service is not available at the moment"),
            Error::Refused(_) | Error::Internal(_) => Self::raw(Code::Internal, "An internal error occurred"),
        }
    }

    /// With the details of a wrong password.
    #[must_use]
    pub fn wrong_password(mut self, failed_attempts: i32) -> Self {
        self.failed_attempts = Some(failed_attempts);
        self
    }

    /// With another HTTP status than the code's own.
    #[must_use]
    pub fn http(mut self, status: StatusCode) -> Self {
        self.http = Some(status);
        self
    }

    /// With the seconds after which it works again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    fn message(&self) -> String {
        match self.id {
            Some(id) => format!("{} ({id})", self.text),
            None => self.text.clone().into_owned(),
        }
    }

    /// The details: the message's full name, its bytes, and itself as JSON.
    fn detail(&self) -> Option<(String, Vec<u8>, Detail<'_>)> {
        let (id, message) = (self.id?, &self.text);
        let json = Detail { id, message, failed_attempts: self.failed_attempts.filter(|count| *count != 0) };
        let (id, message) = (id.to_owned(), message.clone().into_owned());
        Some(match self.failed_attempts {
            None => (ErrorDetail::full_name(), ErrorDetail { id, message }.encode_to_vec(), json),
            Some(failed_attempts) => {
                let detail = CredentialsCheckError { id, message, failed_attempts };
                (CredentialsCheckError::full_name(), detail.encode_to_vec(), json)
            }
        })
    }

    fn status(&self) -> StatusCode {
        self.http.unwrap_or_else(|| http_status(self.code))
    }

    /// As the REST gateway says it.
    pub fn rest(&self) -> Response {
        let details = self.detail().map(|(name, _, detail)| RestDetail { kind: type_url(&name), detail });
        let body = Body { code: self.code as i32, message: self.message(), details: details.into_iter().collect() };
        let mut response = (self.status(), Json(body)).into_response();
        if self.code == Code::Unauthenticated
            && let Ok(value) = HeaderValue::from_str(&self.message())
        {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
        }
        self.with_retry_after(response)
    }

    /// As Connect says it.
    pub fn connect(&self) -> Response {
        let details = self.detail().map(|(kind, bytes, debug)| ConnectDetail {
            kind,
            value: STANDARD_NO_PAD.encode(bytes),
            debug,
        });
        let code = connect_code(self.code);
        let body = Body { code, message: self.message(), details: details.into_iter().collect() };
        self.with_retry_after((self.status(), Json(body)).into_response())
    }

    /// As gRPC says it.
    pub fn grpc(&self) -> Status {
        let Some((name, value, _)) = self.detail() else {
            return Status::new(self.code, self.message());
        };
        let detail = prost_types::Any { type_url: type_url(&name), value };
        let status = rpc::Status { code: self.code as i32, message: self.message(), details: vec![detail] };
        Status::with_details(self.code, self.message(), status.encode_to_vec().into())
    }

    fn with_retry_after(&self, mut response: Response) -> Response {
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// The HTTP status of a code: one table for the gateway and Connect.
fn http_status(code: Code) -> StatusCode {
    let status = match code {
        Code::Ok => 200,
        Code::Cancelled => 499,
        Code::InvalidArgument | Code::FailedPrecondition | Code::OutOfRange => 400,
        Code::DeadlineExceeded => 504,
        Code::NotFound => 404,
        Code::AlreadyExists | Code::Aborted => 409,
        Code::PermissionDenied => 403,
        Code::ResourceExhausted => 429,
        Code::Unimplemented => 501,
        Code::Unknown | Code::Internal | Code::DataLoss => 500,
        Code::Unavailable => 503,
        Code::Unauthenticated => 401,
    };
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// A code's name in Connect's protocol.
fn connect_code(code: Code) -> &'static str {
    match code {
        Code::Ok => "ok",
        Code::Cancelled => "canceled",
        Code::Unknown => "unknown",
        Code::InvalidArgument => "invalid_argument",
        Code::DeadlineExceeded => "deadline_exceeded",
        Code::NotFound => "not_found",
        Code::AlreadyExists => "already_exists",
        Code::PermissionDenied => "permission_denied",
        Code::ResourceExhausted => "resource_exhausted",
        Code::FailedPrecondition => "failed_precondition",
        Code::Aborted => "aborted",
        Code::OutOfRange => "out_of_range",
        Code::Unimplemented => "unimplemented",
        Code::Internal => "internal",
        Code::Unavailable => "unavailable",
        Code::DataLoss => "data_loss",
        Code::Unauthenticated => "unauthenticated",
    }
}
