//! Links from mails: the token leaves the address bar before any page is shown.
//!
//! Looking at a link changes nothing, whoever looks and however often: the token moves into a cookie of that browser,
//! and the page behind the redirect asks for a press.

use app::web::{Carried, Web};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Method, StatusCode, header};
use vestibule_core::secret::Token;

/// Answers `GET` and `HEAD` of `/verify/TOKEN`, `/invite/TOKEN`, `/decline/TOKEN`, `/reset/TOKEN`, `/passkey/TOKEN` and `/setup/TOKEN`.
pub async fn carry(State(web): State<Web>, request: Request, next: Next) -> Response {
    let looks = [Method::GET, Method::HEAD].contains(request.method());
    let Some((kind, token)) = parse(request.uri().path()).filter(|_| looks) else { return next.run(request).await };
    let (carried, clean) = if kind == "setup" {
        (Carried::Setup, "/setup".to_owned())
    } else {
        match web.vestibule.challenge_of_link(&token).await {
            Ok(Some(id)) if kind == "decline" => (Carried::Link, format!("/invite/{id}/decline")),
            Ok(Some(id)) => (Carried::Link, format!("/{kind}/{id}")),
            // Each page of its own says how to get another, or takes the code of another.
            Ok(None) if ["reset", "passkey"].contains(&kind) => (Carried::Link, format!("/{kind}/unknown")),
            Ok(None) => (Carried::Link, "/verify/unknown".to_owned()),
            Err(error) => {
                tracing::error!(%error, "a link could not be looked up");
                (Carried::Link, "/unavailable".to_owned())
            }
        }
    };
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    if let Ok(location) = HeaderValue::from_str(&clean) {
        headers.insert(header::LOCATION, location);
    }
    if let Some(cookie) = carried.set(Some(token.reveal()), web.secure) {
        headers.insert(header::SET_COOKIE, cookie);
    }
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// What stands around a link in a mail may end up at its end: `TOKEN.`, `TOKEN)`, `TOKEN/`, `TOKEN%3E`. It goes, so that
/// no token stays in the address bar.
fn parse(path: &str) -> Option<(&'static str, Token)> {
    let (kind, token) = path.strip_prefix('/')?.split_once('/')?;
    let kind = ["verify", "invite", "decline", "reset", "passkey", "setup"].into_iter().find(|known| *known == kind)?;
    let within = |sign: char| sign.is_ascii_alphanumeric() || sign == '-' || sign == '_';
    let end = token.find(|sign| !within(sign)).unwrap_or(token.len());
    Some((kind, Token::parse(&token[..end])?))
}
