//! The PingOne dialect: users, populations and the environment under `/v1/environments/{environment}`, access tokens
//! at `/{environment}/as/token`, and accepting an invite at `/{environment}/flows/{flow}`.
//!
//! An operation parses with a [`reader`], calls a verb of the core, and answers with a [`user::User`] or one of its
//! sides. What it refuses is a [`fault::Fault`]; [`finish`] writes that down together with the headers of every answer.

mod attribute;
mod caller;
mod dialect;
mod document;
mod environment;
mod fault;
mod filter;
mod finish;
mod flow;
mod links;
mod media;
mod populations;
mod profile;
mod query;
mod reader;
mod refusal;
mod scim;
mod time;
mod token;
mod user;
mod users;

use axum::{Router, middleware::from_fn_with_state};
use vestibule_api::{Api, Operation, Routes, dress};

use crate::{dialect::PingOne, finish::finish};

/// All that this dialect serves, and its own answers to whatever else comes to its paths.
pub fn router(api: Api) -> Router {
    let inner = routes().into_parts().0.layer(from_fn_with_state(api.clone(), finish));
    dress(inner, api.clone(), PingOne).layer(from_fn_with_state(api, finish))
}

/// What the document says of it.
pub fn operations() -> Vec<Operation> {
    routes().into_parts().1
}

/// Whether a path is this dialect's, whether or not something lives there.
pub fn claims(path: &str) -> bool {
    match path.split('/').collect::<Vec<_>>().as_slice() {
        ["", "v1", "environments", ..] | ["", _, "flows", _] => true,
        _ => token::is_endpoint(path),
    }
}

fn routes() -> Routes {
    environment::routes()
        .merge(users::routes())
        .merge(populations::routes())
        .merge(token::routes())
        .merge(flow::routes())
}
