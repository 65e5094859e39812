//! What is wrong before or beside an operation, in this dialect's shape.

use axum::response::{IntoResponse, Response};
use vestibule_api::{Asked, Credential, Dialect, Problem};

use crate::failure::Failure;

/// The dialect, as what stands around all of them must know it.
#[derive(Debug)]
pub struct MonoCloud;

impl Dialect for MonoCloud {
    fn credential(&self) -> Credential {
        Credential::ApiKey
    }

    fn answer(&self, problem: &Problem, _: &Asked) -> Response {
        Failure::from(problem).into_response()
    }
}

impl From<&Problem> for Failure {
    fn from(problem: &Problem) -> Self {
        let failure = Self::new(problem.status()).detailed(problem.text());
        match problem {
            Problem::IdempotencyReused => Self::field("Idempotency-Key", problem.text()),
            Problem::UnknownRoute
            | Problem::WrongMethod
            | Problem::WrongMediaType
            | Problem::TooLarge { .. }
            | Problem::Truncated
            // `Retry-After` is added to the answer.
            | Problem::Limited { .. }
            | Problem::IdempotencyKey
            | Problem::IdempotencyBusy
            | Problem::Unavailable
            | Problem::Timeout
            | Problem::Panicked => failure,
        }
    }
}
