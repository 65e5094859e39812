//! The MonoCloud dialect: everything under `/api/`, for clients that were written for MonoCloud's management API.
//!
//! Its answers are the union of both generations of MonoCloud's models, so that the clients of either find what they
//! dereference. Every refusal is `application/problem+json`.

mod absent;
mod body;
mod caller;
mod dialect;
mod document;
mod emails;
mod failure;
mod filter;
mod finish;
mod id;
mod list;
mod methods;
mod model;
mod paging;
mod password;
mod phones;
mod profile;
mod refusal;
mod sessions;
mod users;

use axum::{Router, middleware::from_fn_with_state};
use vestibule_api::{Api, Operation, Routes, dress};

pub use filter::parse as parse_filter;

/// Everything of the dialect, with its own answers to unknown routes and methods.
pub fn router(api: Api) -> Router {
    let (routes, _) = routes().into_parts();
    // Inside, so that an answer that is kept for its `Idempotency-Key` is whole; outside, so that what never came to a
    // route is dressed as well.
    let routes = routes.layer(from_fn_with_state(api.clone(), finish::finish));
    dress(routes, api.clone(), dialect::MonoCloud).layer(from_fn_with_state(api, finish::finish))
}

/// What the router serves, for the OpenAPI document.
pub fn operations() -> Vec<Operation> {
    routes().into_parts().1
}

/// Whether a path is this dialect's, be it served or not.
pub fn claims(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

fn routes() -> Routes {
    list::routes()
        .merge(users::routes())
        .merge(emails::routes())
        .merge(phones::routes())
        .merge(profile::routes())
        .merge(password::routes())
        .merge(methods::routes())
        .merge(sessions::routes())
        .merge(absent::routes())
}
