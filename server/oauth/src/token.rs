//! `/oauth/v2/token`: codes, refresh tokens and secrets changed for access tokens.

use axum::{Json, body::Bytes, extract::State};
use http::{HeaderMap, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use vestibule_api::{Api, Operation, Routes, Security};
use vestibule_core::{
    access_token::AccessToken,
    api_key::Scope,
    authorization::{CallingClient, CodeGrant, Parameters, Tokens},
};

use crate::{
    FORM, caller,
    fault::{Fault, refusing},
};

pub fn routes() -> Routes {
    let text = json!({ "type": "string" });
    let form = json!({
        "type": "object",
        "required": ["grant_type"],
        "properties": {
            "grant_type": { "enum": ["authorization_code", "refresh_token", "client_credentials"] },
            "code": text, "code_verifier": text, "redirect_uri": text, "refresh_token": text, "scope": text,
            "client_id": text, "client_secret": text,
        },
    });
    let operation = Operation::post("/oauth/v2/token", "createToken")
        .tag("OAuth")
        .summary("Get tokens for a code, for a refresh token or for a client itself")
        .description(
            "The client shows its secret by `Authorization: Basic` or in the form; a public one names itself by \
             `client_id`. A code and a refresh token are good once; shown again, they end all that followed from them.",
        )
        .security(Security::Client)
        .body_of(FORM, form)
        .answers::<Body>(200, "The tokens.")
        .refuses(400, "The grant, the scope or the request is not right")
        .refuses(401, "The client is not who it says")
        .refuses(429, "Too many requests");
    Routes::new().add(refusing(operation), token)
}

/// RFC 6749 §5.1, OpenID Connect Core §3.1.3.3.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OAuthTokens")]
struct Body {
    access_token: String,
    token_type: &'static str,
    /// Seconds.
    expires_in: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    scope: String,
}

async fn token(State(api): State<Api>, headers: HeaderMap, body: Bytes) -> Result<Json<Body>, Fault> {
    let (form, client) = caller::read(&api, &headers, &body).await?;
    let body = match form.get("grant_type") {
        Some("authorization_code") => by_code(&api, &client, &form).await?,
        Some("refresh_token") => by_refresh_token(&api, &client, &form).await?,
        Some("client_credentials") => api.vestibule.machine_token(&client, form.get("scope")).await??.into(),
        Some(_) => {
            let why = "grant_type must be authorization_code, refresh_token or client_credentials.";
            return Err(Fault::new(StatusCode::BAD_REQUEST, "unsupported_grant_type", why));
        }
        None => return Err(Fault::request("grant_type is missing.")),
    };
    Ok(Json(body))
}

async fn by_code(api: &Api, client: &CallingClient, form: &Parameters) -> Result<Body, Fault> {
    let needed =
        |name: &str| form.get(name).map(str::to_owned).ok_or_else(|| Fault::request(format!("{name} is missing.")));
    let grant = CodeGrant {
        code: needed("code")?,
        redirect_uri: form.get("redirect_uri").map(str::to_owned),
        verifier: needed("code_verifier")?,
    };
    Ok(api.vestibule.redeem_authorization(client, grant, &api.public_url).await??.into())
}

async fn by_refresh_token(api: &Api, client: &CallingClient, form: &Parameters) -> Result<Body, Fault> {
    let token = form.get("refresh_token").ok_or_else(|| Fault::request("refresh_token is missing."))?;
    Ok(api.vestibule.refresh(client, token, form.get("scope"), &api.public_url).await??.into())
}

impl From<Tokens> for Body {
    fn from(tokens: Tokens) -> Self {
        Self {
            access_token: tokens.access.reveal().to_owned(),
            token_type: "Bearer",
            expires_in: tokens.expires_in,
            refresh_token: tokens.refresh.map(|token| token.reveal().to_owned()),
            id_token: tokens.id_token.map(|token| token.reveal().to_owned()),
            scope: tokens.scope,
        }
    }
}

impl From<AccessToken> for Body {
    fn from(token: AccessToken) -> Self {
        let scopes: Vec<&str> = token.scopes.iter().copied().map(Scope::as_str).collect();
        Self {
            access_token: token.token.reveal().to_owned(),
            token_type: "Bearer",
            expires_in: token.expires_in,
            refresh_token: None,
            id_token: None,
            scope: scopes.join(" "),
        }
    }
}
