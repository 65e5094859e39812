//! What stands around every operation, in this dialect's words.

use axum::response::{IntoResponse, Response};
use vestibule_api::{Asked, Credential, Dialect, Problem};

use crate::fault::Fault;

#[derive(Clone, Copy, Debug)]
pub struct OAuth;

impl Dialect for OAuth {
    fn credential(&self) -> Credential {
        Credential::Bearer
    }

    fn answer(&self, problem: &Problem, _: &Asked) -> Response {
        let error = match problem {
            Problem::Unavailable | Problem::Limited { .. } | Problem::Timeout => "temporarily_unavailable",
            Problem::Panicked => "server_error",
            Problem::UnknownRoute
            | Problem::WrongMethod
            | Problem::WrongMediaType
            | Problem::TooLarge { .. }
            | Problem::Truncated
            | Problem::IdempotencyKey
            | Problem::IdempotencyReused
            | Problem::IdempotencyBusy => "invalid_request",
        };
        Fault::new(problem.status(), error, problem.text()).into_response()
    }
}
