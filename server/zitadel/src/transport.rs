//! Which of the transports a request came by, and what stands around them all.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use tonic::Code;
use vestibule_api::{Asked, Credential, Dialect, Problem};

use crate::{error::ZError, methods::USER};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    Rest,
    Connect,
    Grpc,
    GrpcWeb,
}

impl Transport {
    /// By the media type, else by the path.
    pub fn of(path: &str, headers: &HeaderMap) -> Self {
        let media_type = media_type(headers);
        if media_type.starts_with("application/grpc-web") {
            Self::GrpcWeb
        } else if media_type.starts_with("application/grpc") {
            Self::Grpc
        } else if is_service(path) {
            Self::Connect
        } else {
            Self::Rest
        }
    }

    pub fn refuse(self, error: &ZError) -> Response {
        match self {
            Self::Rest => error.rest(),
            Self::Connect => error.connect(),
            Self::Grpc => error.grpc().into_http(),
            Self::GrpcWeb => {
                let mut response = error.grpc().into_http();
                let media_type = HeaderValue::from_static("application/grpc-web+proto");
                response.headers_mut().insert(header::CONTENT_TYPE, media_type);
                response
            }
        }
    }
}

/// The media type of a body, in lower case and without its parameters.
pub fn media_type(headers: &HeaderMap) -> String {
    let line = headers.get(header::CONTENT_TYPE).and_then(|line| line.to_str().ok()).unwrap_or_default();
    line.split(';').next().unwrap_or_default().trim().to_lowercase()
}

/// A service's path and not the gateway's.
fn is_service(path: &str) -> bool {
    path.starts_with("/zitadel.") || path.starts_with("/grpc.")
}

/// Whether a path is this dialect's, known route or not.
pub fn claims(path: &str) -> bool {
    let under = |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    is_service(path) || ["/v2", "/v2beta", "/auth/v1", "/debug"].into_iter().any(under)
}

pub fn json_response(body: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// Zitadel's way to say what goes wrong around its operations.
#[derive(Clone, Copy, Debug)]
pub struct Zitadel;

impl Dialect for Zitadel {
    fn credential(&self) -> Credential {
        Credential::Bearer
    }

    fn answer(&self, problem: &Problem, asked: &Asked) -> Response {
        let transport = Transport::of(asked.uri.path(), &asked.headers);
        if transport == Transport::Connect
            && let Some(plain) = plain(problem, asked)
        {
            return plain;
        }
        transport.refuse(&said(problem, transport))
    }
}

/// A problem as an error.
fn said(problem: &Problem, transport: Transport) -> ZError {
    let grpc = matches!(transport, Transport::Grpc | Transport::GrpcWeb);
    let (code, text) = match problem {
        // What a gRPC client must be told so that it knows the method to be missing, not an object.
        Problem::UnknownRoute if grpc => (Code::Unimplemented, "unknown method".to_owned()),
        Problem::UnknownRoute => (Code::NotFound, "Not Found".to_owned()),
        Problem::WrongMethod => (Code::Unimplemented, "Method Not Allowed".to_owned()),
        Problem::WrongMediaType | Problem::Truncated | Problem::IdempotencyKey => {
            (Code::InvalidArgument, problem.text())
        }
        Problem::TooLarge { .. } | Problem::Limited { .. } => (Code::ResourceExhausted, problem.text()),
        Problem::IdempotencyReused => (Code::FailedPrecondition, problem.text()),
        Problem::IdempotencyBusy => (Code::Aborted, problem.text()),
        Problem::Unavailable => (Code::Unavailable, problem.text()),
        Problem::Timeout => (Code::DeadlineExceeded, problem.text()),
        Problem::Panicked => (Code::Internal, problem.text()),
    };
    ZError::raw(code, text).http(problem.status())
}

/// What Connect does not say in JSON.
fn plain(problem: &Problem, asked: &Asked) -> Option<Response> {
    Some(match problem {
        Problem::UnknownRoute => (StatusCode::NOT_FOUND, "404 page not found\n").into_response(),
        Problem::WrongMethod => StatusCode::METHOD_NOT_ALLOWED.into_response(),
        Problem::WrongMediaType => {
            let takes = if asked.uri.path().starts_with(&format!("/{USER}/")) {
                "application/grpc, application/grpc+json, application/grpc+proto, application/grpc-web, \
                 application/grpc-web+proto, application/json, application/proto"
            } else {
                "application/grpc, application/grpc+json, application/grpc+proto, application/grpc-web, \
                 application/grpc-web+proto"
            };
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, [("accept-post", takes)]).into_response()
        }
        Problem::TooLarge { .. }
        | Problem::Truncated
        | Problem::Limited { .. }
        | Problem::IdempotencyKey
        | Problem::IdempotencyReused
        | Problem::IdempotencyBusy
        | Problem::Unavailable
        | Problem::Timeout
        | Problem::Panicked => return None,
    })
}
