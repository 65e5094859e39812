//! Refusals in the words of RFC 6749 §5.2.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use schemars::JsonSchema;
use serde::Serialize;
use vestibule_api::{Operation, operation::Schema};
use vestibule_core::{Error, authorization::Denial};

/// RFC 6749 §5.2.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "OAuthError")]
struct Body {
    error: &'static str,
    error_description: String,
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    status: StatusCode,
    error: &'static str,
    why: String,
}

impl Fault {
    pub fn new(status: StatusCode, error: &'static str, why: impl Into<String>) -> Self {
        Self { status, error, why: why.into() }
    }

    pub fn request(why: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", why)
    }

    pub fn client(why: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "invalid_client", why)
    }
}

/// Says in the document what refusals look like.
pub fn refusing(operation: Operation) -> Operation {
    operation.refuses_as("application/json", Schema::of::<Body>())
}

impl From<Denial> for Fault {
    fn from(denial: Denial) -> Self {
        let grant = |why: &str| Self::new(StatusCode::BAD_REQUEST, "invalid_grant", why);
        match denial {
            Denial::Client => Self::client("The client is unknown or over, or its secret is wrong."),
            Denial::ClientKind => {
                Self::new(StatusCode::BAD_REQUEST, "unauthorized_client", "This is not for clients of this kind.")
            }
            Denial::CodeUnknown => grant("No such code was given to this client."),
            Denial::CodeExpired => grant("The code has expired or was revoked."),
            Denial::CodeUsed => grant("The code was redeemed before; what it gave has been revoked."),
            Denial::Verifier => grant("code_verifier does not belong to the code_challenge."),
            Denial::RedirectAddress => grant("redirect_uri is another one than that which the code went to."),
            Denial::RefreshUnknown => grant("No such refresh token was given to this client, or it was revoked."),
            Denial::RefreshExpired => grant("The refresh token has expired."),
            Denial::RefreshUsed => {
                grant("The refresh token was used before; all that followed from it has been revoked.")
            }
            Denial::Person => grant("The person may not sign in at present."),
            Denial::Scope => {
                Self::new(StatusCode::BAD_REQUEST, "invalid_scope", "scope asks for more than can be granted.")
            }
        }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        tracing::error!(%error, "a token endpoint failed");
        match error {
            Error::Store(_) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "temporarily_unavailable",
                "The service is not available at the moment.",
            ),
            Error::Internal(_) | Error::Refused(_) => {
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "server_error", "An internal error occurred.")
            }
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let Self { status, error, why } = self;
        let mut response = (status, Json(Body { error, error_description: why })).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let basic = HeaderValue::from_static("Basic realm=\"Vestibule\", charset=\"UTF-8\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, basic);
        }
        response
    }
}
