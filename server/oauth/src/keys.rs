//! `/oauth/v2/keys`: what ID tokens are checked with (RFC 7517 §5).

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::header;
use serde_json::json;
use vestibule_api::{Api, Operation, Routes};

use crate::fault::{Fault, refusing};

/// An hour: a key is published a day before it signs.
const KEPT: &str = "public, max-age=3600";

pub fn routes() -> Routes {
    let set = json!({
        "type": "object",
        "required": ["keys"],
        "properties": { "keys": { "type": "array", "items": { "type": "object" } } },
    });
    let operation = Operation::get("/oauth/v2/keys", "getKeys")
        .tag("OAuth")
        .summary("Read the public keys that ID tokens are signed with")
        .description("A new key is here a day before it signs, an old one until its last token is over.")
        .answers_of(200, "A JSON Web Key Set.", "application/jwk-set+json", set)
        .refuses(503, "Not available at the moment");
    Routes::new().add(refusing(operation), keys)
}

async fn keys(State(api): State<Api>) -> Result<Response, Fault> {
    let keys = api.vestibule.public_keys().await?;
    let headers = [(header::CONTENT_TYPE, "application/jwk-set+json"), (header::CACHE_CONTROL, KEPT)];
    Ok((headers, Json(json!({ "keys": keys }))).into_response())
}
