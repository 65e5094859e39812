//! `/oidc/v1/userinfo` (OpenID Connect Core §5.3, RFC 6750).

use axum::{
    Json,
    body::Bytes,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::json;
use vestibule_api::{Api, Operation, Routes, Security, media_types};
use vestibule_core::{
    authorization::{BearerProblem, Claims, Parameters},
    secret::Token,
};

use crate::{
    FORM,
    fault::{Fault, refusing},
};

const PATH: &str = "/oidc/v1/userinfo";

pub fn routes() -> Routes {
    let claims = json!({
        "type": "object",
        "required": ["sub"],
        "properties": {
            "sub": { "type": "string", "description": "The user's id" },
            "email": { "type": "string" },
            "email_verified": { "type": "boolean", "description": "Whether the primary address is proven, as of now" },
        },
        "additionalProperties": true,
    });
    let about = |operation: Operation| {
        let operation = operation
            .tag("OAuth")
            .summary("Read the claims of the person who signed in")
            .description("As far as the scopes of the token reach: `profile`, `email`, `phone`, `address`.")
            .security(Security::Bearer)
            .answers_of(200, "The claims.", "application/json", claims.clone())
            .refuses(401, "Not a token that works")
            .refuses(403, "The token was not granted openid");
        refusing(operation)
    };
    let form = json!({ "type": "object", "properties": { "access_token": { "type": "string" } } });
    Routes::new()
        .add(about(Operation::get(PATH, "getUserinfo")), userinfo)
        .add(about(Operation::post(PATH, "postUserinfo")).body_of(FORM, form), userinfo)
}

/// Why there are no claims.
enum Refused {
    /// No token at all: the answer says only what is needed (RFC 6750 §3.1).
    Missing,
    Bearer(BearerProblem),
    Failed(vestibule_core::Error),
}

async fn userinfo(State(api): State<Api>, headers: HeaderMap, body: Bytes) -> Result<Json<Claims>, Refused> {
    let token = token(&headers, &body).ok_or(Refused::Missing)?;
    let token = Token::parse(&token).ok_or(Refused::Bearer(BearerProblem::Invalid))?;
    let claims = api.vestibule.userinfo(&token).await.map_err(Refused::Failed)?;
    claims.map(Json).map_err(Refused::Bearer)
}

/// From the header, else from a form (RFC 6750 §2.1, §2.2).
fn token(headers: &HeaderMap, body: &[u8]) -> Option<String> {
    if let Some(header) = headers.get(header::AUTHORIZATION) {
        let (scheme, token) = header.to_str().ok()?.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned());
    }
    let is_form = media_types(headers).iter().any(|media_type| media_type == FORM);
    let form = std::str::from_utf8(body).ok().filter(|_| is_form).map(Parameters::parse)?;
    form.get("access_token").filter(|_| form.doubled().is_none()).map(str::to_owned)
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (fault, challenge) = match self {
            Self::Failed(error) => return Fault::from(error).into_response(),
            Self::Missing => (
                Fault::new(StatusCode::UNAUTHORIZED, "invalid_request", "The request has no access token."),
                "Bearer realm=\"Vestibule\"",
            ),
            Self::Bearer(BearerProblem::Invalid) => (
                Fault::new(StatusCode::UNAUTHORIZED, "invalid_token", "The access token does not work."),
                "Bearer realm=\"Vestibule\", error=\"invalid_token\"",
            ),
            Self::Bearer(BearerProblem::Scope) => (
                Fault::new(StatusCode::FORBIDDEN, "insufficient_scope", "The access token was not granted openid."),
                "Bearer realm=\"Vestibule\", error=\"insufficient_scope\", scope=\"openid\"",
            ),
        };
        let mut response = fault.into_response();
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        response
    }
}
