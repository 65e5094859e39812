//! `/oauth/v2/revoke` (RFC 7009) and `/oauth/v2/introspect` (RFC 7662).

use axum::{Json, body::Bytes, extract::State};
use http::{HeaderMap, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use vestibule_api::{Api, Operation, Routes, Security};
use vestibule_core::authorization::{Introspection, Parameters};

use crate::{
    FORM, caller,
    fault::{Fault, refusing},
};

pub fn routes() -> Routes {
    let text = json!({ "type": "string" });
    let form = json!({
        "type": "object",
        "required": ["token"],
        "properties": { "token": text, "token_type_hint": text, "client_id": text, "client_secret": text },
    });
    let revoke = Operation::post("/oauth/v2/revoke", "revokeToken")
        .tag("OAuth")
        .summary("End a token of the client")
        .description(
            "A refresh token ends with all that followed from the same sign-in, an access token alone. What is no token \
             of the client is answered alike.",
        )
        .security(Security::Client)
        .body_of(FORM, form.clone())
        .answers_empty(200, "The token does not work any more.")
        .refuses(400, "The request is not right")
        .refuses(401, "The client is not who it says");
    let introspect = Operation::post("/oauth/v2/introspect", "introspectToken")
        .tag("OAuth")
        .summary("Ask what a token is")
        .description("For clients with a secret, about tokens of their organization.")
        .security(Security::Client)
        .body_of(FORM, form)
        .answers::<Body>(200, "What it is; `active` alone where it does not work.")
        .refuses(400, "The request is not right, or the client has no secret")
        .refuses(401, "The client is not who it says");
    Routes::new().add(refusing(revoke), self::revoke).add(refusing(introspect), self::introspect)
}

/// RFC 7662 §2.2. Times are unix seconds.
#[derive(Default, Serialize, JsonSchema)]
#[schemars(rename = "OAuthIntrospection")]
struct Body {
    active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    /// Where it is an access token.
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iat: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
}

async fn revoke(State(api): State<Api>, headers: HeaderMap, body: Bytes) -> Result<StatusCode, Fault> {
    let (form, client) = caller::read(&api, &headers, &body).await?;
    api.vestibule.revoke_token(&client, token(&form)?).await?;
    Ok(StatusCode::OK)
}

async fn introspect(State(api): State<Api>, headers: HeaderMap, body: Bytes) -> Result<Json<Body>, Fault> {
    let (form, client) = caller::read(&api, &headers, &body).await?;
    let told = api.vestibule.introspect(&client, token(&form)?).await??;
    Ok(Json(told.map(|told| active(told, &api.public_url)).unwrap_or_default()))
}

fn token(form: &Parameters) -> Result<&str, Fault> {
    form.get("token").ok_or_else(|| Fault::request("token is missing."))
}

fn active(told: Introspection, issuer: &str) -> Body {
    Body {
        active: true,
        scope: Some(told.scope),
        client_id: Some(told.client_id),
        token_type: (!told.is_refresh).then_some("Bearer"),
        sub: told.sub,
        username: told.username,
        iss: Some(issuer.to_owned()),
        iat: Some(told.issued_at),
        exp: Some(told.expires_at),
    }
}
