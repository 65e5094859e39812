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
use vestibule_api::{Operation, Problem, media_types};

use crate::{
    FORM,
    fault::{Fault, refusing},
};

pub const AUTHORIZE: &str = "/oauth/v2/authorize";
pub const END_SESSION: &str = "/oidc/v1/end_session";

/// Longest form that becomes a query, in bytes; what a browser takes for an address.
const LONGEST: usize = 16 * 1024;

pub fn operations() -> Vec<Operation> {
    let post = |path: &'static str, id: &'static str, summary: &'static str| {
        let operation = Operation::post(path, id)
            .tag("OAuth")
            .summary(summary)
            .description("The same as by GET, with the parameters in a form.")
            .body_of(FORM, json!({ "type": "object", "additionalProperties": { "type": "string" } }))
            .answers_empty(303, "The same by GET")
            .refuses(400, "Not a form")
            .refuses(413, "Too long to be asked for by GET");
        refusing(operation)
    };
    vec![
        post(AUTHORIZE, "postAuthorize", "Ask who a person is"),
        post(END_SESSION, "postEndSession", "Ask that a person be signed out"),
    ]
}

/// Sends a form to the page's own address. What is no request that an app sends is refused in the words of the other
/// endpoints: no person reads it.
pub async fn by_get(request: Request, next: Next) -> Response {
    let Some(path) = [AUTHORIZE, END_SESSION].into_iter().find(|path| *path == request.uri().path()) else {
        return next.run(request).await;
    };
    let mut response = match *request.method() {
        Method::GET | Method::HEAD | Method::OPTIONS => return next.run(request).await,
        Method::POST => to_page(path, request).await.unwrap_or_else(IntoResponse::into_response),
        _ => {
            let fault = Fault::new(StatusCode::METHOD_NOT_ALLOWED, "invalid_request", Problem::WrongMethod.text());
            ([(header::ALLOW, "GET,HEAD,POST")], fault).into_response()
        }
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn to_page(path: &str, request: Request) -> Result<Response, Fault> {
    let is_form = media_types(request.headers()).iter().any(|media_type| media_type == FORM);
    let body = to_bytes(request.into_body(), LONGEST).await.map_err(|_| {
        let problem = Problem::TooLarge { limit: LONGEST };
        Fault::new(problem.status(), "invalid_request", problem.text())
    })?;
    let query = std::str::from_utf8(&body).ok().filter(|text| is_form && text.bytes().all(is_of_query));
    let query = query.filter(|query| !query.is_empty());
    let location = query.and_then(|query| HeaderValue::from_str(&format!("{path}?{query}")).ok());
    let location = location.ok_or_else(|| Fault::request("The parameters must come in a form, or in the address."))?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
}

/// What stands in a form as it stands in a query (URL Standard, `application/x-www-form-urlencoded`).
fn is_of_query(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"*-._+%&=~!'()/:@,;$?[]".contains(&byte)
}
