//! Access tokens for clients (RFC 6749 §4.4), with errors as that document has them and not as the rest of this
//! dialect does.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use percent_encoding::percent_decode_str;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use vestibule_api::{Api, Operation, Problem, Routes, Security, media_types, operation::Schema};
use vestibule_core::{Error, Refusal, secret::Token};

use crate::{document::named, media, query::Query};

const FORM: &str = "application/x-www-form-urlencoded";

pub fn routes() -> Routes {
    let form = json!({
        "type": "object",
        "required": ["grant_type"],
        "properties": {
            "grant_type": { "const": "client_credentials" },
            "client_id": { "type": "string" },
            "client_secret": { "type": "string" },
            "scope": { "type": "string", "description": "Whatever is asked for, the client's own scopes are given." },
        },
    });
    Routes::new().add(
        named(Operation::post("/{environment_id}/as/token", "createAccessToken"))
            .summary("Get an access token for a client")
            .description("The client shows its secret by `Authorization: Basic` or in the form.")
            .security(Security::Client)
            .body_of(FORM, form)
            .answers::<AccessToken>(200, "The token, and how many seconds it works.")
            .refuses_as(media::JSON, Schema::of::<TokenError>())
            .refuses(400, "Bad Request")
            .refuses(401, "Unauthorized")
            .refuses(429, "Too Many Requests")
            .refuses(500, "Internal Server Error"),
        token,
    )
}

/// Whether a path is that of the endpoint.
pub fn is_endpoint(path: &str) -> bool {
    matches!(path.split('/').collect::<Vec<_>>().as_slice(), ["", _, "as", "token"])
}

/// RFC 6749 §5.1.
#[expect(clippy::struct_field_names, reason = "the names are the RFC's")]
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PingOneAccessToken")]
struct AccessToken {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
}

/// RFC 6749 §5.2.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PingOneTokenError")]
struct TokenError {
    error: &'static str,
    error_description: String,
}

/// A refusal as its answer will tell it; [`finish`](crate::finish) writes the body, because it knows the id.
#[derive(Clone, Debug)]
pub struct TokenFault {
    status: StatusCode,
    error: &'static str,
    why: String,
}

async fn token(
    State(api): State<Api>,
    environment: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, TokenFault> {
    if media_types(&headers).iter().all(|media_type| media_type != FORM) {
        return Err(invalid_request(&format!("The body must be {FORM}.")));
    }
    let form = std::str::from_utf8(&body).map_err(|_| invalid_request("The body is not a form."))?;
    let form = Query::parse(form);
    let (id, secret) = credentials(&headers, &form)?;
    match form.get("grant_type") {
        Some("client_credentials") => {}
        Some(_) => return Err(TokenFault::new("unsupported_grant_type", "Only client_credentials is supported.")),
        None => return Err(invalid_request("The parameter grant_type is missing.")),
    }
    // A scope is not looked at: a client in use sends the word `undefined`.
    let unknown =
        || invalid_client("The client id or the client secret is wrong, or the client is of another environment.");
    let secret = Token::parse(&secret).ok_or_else(unknown)?;
    let Path(environment) = environment.map_err(|_| unknown())?;
    let token = api.vestibule.client_token(&id, &secret, &environment).await.map_err(|error| match error {
        Error::Refused(Refusal::Limited { .. } | Refusal::Cooling { .. }) => {
            TokenFault { status: StatusCode::TOO_MANY_REQUESTS, ..invalid_client("Too many requests.") }
        }
        Error::Refused(_) => unknown(),
        error => {
            tracing::error!(%error, "no access token could be made");
            TokenFault::from(&Problem::Panicked)
        }
    })?;
    let access_token = token.token.reveal().to_owned();
    let body = AccessToken { access_token, token_type: "Bearer", expires_in: token.expires_in };
    Ok(Json(body).into_response())
}

/// The client's id and secret: by `Authorization: Basic`, else from the form.
fn credentials(headers: &HeaderMap, form: &Query) -> Result<(String, String), TokenFault> {
    if let Some(header) = headers.get(header::AUTHORIZATION) {
        return basic(header).ok_or_else(|| {
            invalid_client("The Authorization header does not hold a client id and a client secret by Basic.")
        });
    }
    match (form.get("client_id"), form.get("client_secret")) {
        (Some(id), Some(secret)) => Ok((id.to_owned(), secret.to_owned())),
        (None, _) => Err(invalid_client("The request names no client.")),
        (Some(_), None) => Err(invalid_client("The client secret is missing.")),
    }
}

/// Both parts are encoded as in a form before they are joined (RFC 6749 §2.3.1).
fn basic(header: &HeaderValue) -> Option<(String, String)> {
    let (scheme, encoded) = header.to_str().ok()?.split_once(' ')?;
    let joined = STANDARD.decode(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let joined = String::from_utf8(joined).ok()?;
    let (id, secret) = joined.split_once(':')?;
    let decoded = |part: &str| percent_decode_str(part).decode_utf8().ok().map(std::borrow::Cow::into_owned);
    Some((decoded(id)?, decoded(secret)?))
}

fn invalid_request(why: &str) -> TokenFault {
    TokenFault::new("invalid_request", why)
}

fn invalid_client(why: &str) -> TokenFault {
    TokenFault { status: StatusCode::UNAUTHORIZED, ..TokenFault::new("invalid_client", why) }
}

impl TokenFault {
    fn new(error: &'static str, why: &str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, why: why.to_owned() }
    }

    /// The answer that has this correlation id.
    pub fn written(&self, id: &str) -> Response {
        let why = &self.why;
        // The first sentence is the vendor's, to the letter; what it leaves open comes after it.
        let error_description = match self.error {
            "invalid_client" => {
                format!("Request denied: Unsupported authentication method (Correlation ID: {id}). {why}")
            }
            _ => format!("Request denied: {why} (Correlation ID: {id})"),
        };
        let body = TokenError { error: self.error, error_description };
        let mut response = (self.status, Json(body)).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"Vestibule\""));
        }
        response
    }
}

impl From<&Problem> for TokenFault {
    fn from(problem: &Problem) -> Self {
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
        Self { status: problem.status(), error, why: problem.text() }
    }
}

impl IntoResponse for TokenFault {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
