//! What all operations have in common in the OpenAPI document.

use serde_json::{Map, Value, json};
use vestibule_api::{Operation, Schema, Security};
use vestibule_core::api_key::Scope;

use crate::{
    failure::{PROBLEM, ProblemBody},
    model::{User, UserSummary},
};

/// An operation with what goes without saying.
pub fn described(operation: Operation, scope: Scope, summary: &'static str) -> Operation {
    operation
        .tag("MonoCloud")
        .summary(summary)
        .security(Security::ApiKey)
        .scope(scope)
        .refuses_as(PROBLEM, Schema::of::<ProblemBody>())
        .refuses(400, "The request is malformed")
        .refuses(401, "No API key, or not a live one")
        .refuses(403, "The key is not allowed to do this")
        .refuses(404, "No such user, or nothing of that id")
}

/// An operation that is answered with the user as it is afterwards.
pub fn changes(operation: Operation, scope: Scope, summary: &'static str) -> Operation {
    described(operation, scope, summary)
        .answers::<User>(200, "The user as it is now")
        .refuses(422, "The rules for users say no, or fields are not right")
}

/// A list of users by pages.
pub fn lists_users(operation: Operation, summary: &'static str) -> Operation {
    paged(described(operation, Scope::Read, summary))
        .query::<String>("filter", "Words, or field:value with AND, OR, NOT, parentheses, quotes and * at the ends")
        .query::<String>("sort", "field:1 or field:-1")
        .answers::<Vec<UserSummary>>(200, "The users of the page; X-Pagination tells of the rest")
}

pub fn paged(operation: Operation) -> Operation {
    operation.query::<i64>("page", "From 1 on; 1").query::<i64>("size", "1 to 100; 10")
}

/// What a field of a body holds.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Text,
    Flag,
    Integer,
    Object,
}

/// The schema of a body: every field may be `null`, which is the same as leaving it out, and others are ignored.
pub fn body(fields: &[(&str, Kind)], required: &[&str]) -> Value {
    let properties: Map<String, Value> = fields
        .iter()
        .map(|(name, kind)| {
            let kind = match kind {
                Kind::Text => "string",
                Kind::Flag => "boolean",
                Kind::Integer => "integer",
                Kind::Object => "object",
            };
            let kinds = if required.contains(name) { json!(kind) } else { json!([kind, "null"]) };
            ((*name).to_owned(), json!({ "type": kinds }))
        })
        .collect();
    if required.is_empty() {
        json!({ "type": "object", "properties": properties })
    } else {
        json!({ "type": "object", "properties": properties, "required": required })
    }
}

/// The media type of every body.
pub const JSON: &str = "application/json";
