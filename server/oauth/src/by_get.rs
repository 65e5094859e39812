//! Pages that apps may also ask for by POST (OpenID Connect Core §3.1.2.1, RP-Initiated Logout §2).
//!
//! Such a POST comes from another site, so the browser sends no session along, and it changes nothing here: the browser is
//! told to ask again by GET.

use axum::{
    body::to_bytes,
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Method, StatusCode, header};
use serde_json::json;
use vestibule_api::{Operation, media_types};

use crate::FORM;

pub const AUTHORIZE: &str = "/oauth/v2/authorize";
pub const END_SESSION: &str = "/oidc/v1/end_session";

/// Longest form that becomes a query, in bytes; what a browser takes for an address.
const LONGEST: usize = 16 * 1024;

pub fn operations() -> Vec<Operation> {
    let post = |path: &'static str, id: &'static str, summary: &'static str| {
        Operation::post(path, id)
            .tag("OAuth")
            .summary(summary)
            .description("The same as by GET, with the parameters in a form.")
            .body_of(FORM, json!({ "type": "object", "additionalProperties": { "type": "string" } }))
            .answers_empty(303, "The same by GET")
            .answers_empty(400, "Not a form, or too long")
    };
    vec![
        post(AUTHORIZE, "postAuthorize", "Ask who a person is"),
        post(END_SESSION, "postEndSession", "Ask that a person be signed out"),
    ]
}

/// Sends a form to the page's own address.
pub async fn by_get(request: Request, next: Next) -> Response {
    let path = [AUTHORIZE, END_SESSION].into_iter().find(|path| *path == request.uri().path());
    let Some(path) = path.filter(|_| request.method() == Method::POST) else { return next.run(request).await };
    let is_form = media_types(request.headers()).iter().any(|media_type| media_type == FORM);
    let body = to_bytes(request.into_body(), LONGEST).await.unwrap_or_default();
    let query = std::str::from_utf8(&body).ok().filter(|text| is_form && text.bytes().all(is_of_query));
    let location = query.and_then(|query| HeaderValue::from_str(&format!("{path}?{query}")).ok());
    match location {
        Some(location) if !body.is_empty() => (
            StatusCode::SEE_OTHER,
            [(header::LOCATION, location), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))],
        )
            .into_response(),
        _ => (StatusCode::BAD_REQUEST, "The parameters must come in a form, or in the address.").into_response(),
    }
}

/// What stands in a form as it stands in a query (URL Standard, `application/x-www-form-urlencoded`).
fn is_of_query(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"*-._+%&=~!'()/:@,;$?[]".contains(&byte)
}
