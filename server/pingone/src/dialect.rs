//! What is wrong before or beside an operation, in this dialect's words.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use vestibule_api::{Asked, Credential, Dialect, Problem, media_types};

use crate::{
    fault::{Code, Detail, Fault},
    media,
    token::{self, TokenFault},
};

/// The dialect, as what stands around all of them must know it.
#[derive(Debug)]
pub struct PingOne;

impl Dialect for PingOne {
    fn credential(&self) -> Credential {
        Credential::Bearer
    }

    fn answer(&self, problem: &Problem, asked: &Asked) -> Response {
        if token::is_endpoint(asked.uri.path()) {
            return TokenFault::from(problem).into_response();
        }
        fault(problem, asked).into_response()
    }
}

fn fault(problem: &Problem, asked: &Asked) -> Fault {
    let malformed = |detail_code, target: &str| {
        let detail = Detail::new(detail_code, target, problem.text());
        Fault::new(problem.status(), Code::InvalidRequest, vec![detail])
    };
    match problem {
        Problem::UnknownRoute => Fault::not_found(),
        Problem::WrongMethod => malformed("INVALID_VALUE", "method"),
        Problem::WrongMediaType => unsupported(asked),
        Problem::TooLarge { limit } => {
            let limit = u64::try_from(*limit).unwrap_or(u64::MAX);
            let detail = Detail::new("SIZE_LIMIT_EXCEEDED", "body", problem.text()).with("maximumValue", limit);
            Fault::new(problem.status(), Code::InvalidRequest, vec![detail])
        }
        Problem::Truncated => malformed("INVALID_VALUE", "body"),
        // The time at which it works again stands in `Retry-After`, which is added to the answer.
        Problem::Limited { .. } => {
            let detail = Detail::new("LIMIT_EXCEEDED", "", problem.text());
            Fault::new(problem.status(), Code::RequestLimited, vec![detail])
        }
        Problem::IdempotencyKey | Problem::IdempotencyReused | Problem::IdempotencyBusy => {
            malformed("INVALID_VALUE", "Idempotency-Key")
        }
        Problem::Unavailable | Problem::Timeout | Problem::Panicked => Fault::unexpected(problem.status()),
    }
}

/// 415, with the operation that the media type names, if it names one: two look-alike pairs of operations have led
/// clients astray, and the status alone does not say which one they met.
fn unsupported(asked: &Asked) -> Fault {
    let sent = media_types(&asked.headers);
    let message = media::advice(asked.method.as_str(), asked.uri.path(), &sent);
    let detail = Detail::new("INVALID_VALUE", "Content-Type", message);
    Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::InvalidRequest, vec![detail])
}
