//! What is where and what is understood (OpenID Connect Discovery 1.0 §3, RFC 8414).

use axum::{Json, extract::State, response::IntoResponse};
use http::header;
use serde_json::{Value, json};
use vestibule_api::{Api, Operation, Routes};
use vestibule_core::authorization::{AppScope, ResponseMode};

use crate::by_get::{AUTHORIZE, END_SESSION};

pub const PATHS: [&str; 2] = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"];

pub fn routes() -> Routes {
    let ids = ["getOpenidConfiguration", "getAuthorizationServer"];
    PATHS.into_iter().zip(ids).fold(Routes::new(), |routes, (path, id)| {
        let operation = Operation::get(path, id)
            .tag("OAuth")
            .summary("Read where the endpoints are and what they understand")
            .answers_of(200, "The metadata.", "application/json", json!({ "type": "object" }));
        routes.add(operation, discovery)
    })
}

async fn discovery(State(api): State<Api>) -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "public, max-age=3600")], Json(metadata(&api.public_url)))
}

fn metadata(issuer: &str) -> Value {
    let at = |path: &str| format!("{issuer}{path}");
    let shown = ["client_secret_basic", "client_secret_post"];
    json!({
        "issuer": issuer,
        "authorization_endpoint": at(AUTHORIZE),
        "token_endpoint": at("/oauth/v2/token"),
        "userinfo_endpoint": at("/oidc/v1/userinfo"),
        "jwks_uri": at("/oauth/v2/keys"),
        "revocation_endpoint": at("/oauth/v2/revoke"),
        "introspection_endpoint": at("/oauth/v2/introspect"),
        "end_session_endpoint": at(END_SESSION),
        "scopes_supported": AppScope::ALL,
        "response_types_supported": ["code"],
        "response_modes_supported": ResponseMode::ALL,
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": [shown[0], shown[1], "none"],
        "revocation_endpoint_auth_methods_supported": [shown[0], shown[1], "none"],
        "introspection_endpoint_auth_methods_supported": shown,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "claims_supported": [
            "sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "amr", "sid",
            "email", "email_verified", "phone_number", "phone_number_verified", "address",
            "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture",
            "website", "gender", "birthdate", "zoneinfo", "locale", "updated_at",
        ],
        "authorization_response_iss_parameter_supported": true,
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
    })
}
