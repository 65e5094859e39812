//! What the document says of every operation of this dialect.

use http::StatusCode;
use serde_json::json;
use vestibule_api::{Operation, operation::Schema};
use vestibule_core::api_key::Scope;

use crate::{fault::ErrorBody, media};

/// An operation of this dialect; its id is led by the dialect's name, because others have operations of the same names.
pub fn named(mut operation: Operation) -> Operation {
    let mut id = operation.id.chars();
    operation.id = id
        .next()
        .map(|first| format!("pingOne{}{}", first.to_ascii_uppercase(), id.as_str()))
        .unwrap_or_default()
        .into();
    operation.tag("PingOne")
}

/// An operation of a caller with a bearer token.
pub fn operation(operation: Operation, scope: Scope, summary: &'static str) -> Operation {
    named(operation)
        .summary(summary)
        .security(vestibule_api::Security::Bearer)
        .scope(scope)
        .header("X-Ping-External-Transaction-ID", "Accepted, and not used.")
        .header("X-Ping-External-Session-ID", "Accepted, and not used.")
}

/// The refusals that every operation has, and these.
pub fn refusals(operation: Operation, statuses: &[u16]) -> Operation {
    let always = [401, 403, 404, 429, 500];
    let mut all: Vec<u16> = always.iter().chain(statuses).copied().collect();
    all.sort_unstable();
    let operation = operation.refuses_as(media::JSON, Schema::of::<ErrorBody<'_>>());
    all.into_iter().fold(operation, |operation, status| {
        let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
        operation.refuses(status, reason.unwrap_or_default())
    })
}

/// The schema of a body that is one code under this name.
pub fn code_schema(name: &str) -> Schema {
    json!({ "type": "object", "required": [name], "properties": { name: { "type": "string" } } }).into()
}
