//! Which client calls (RFC 6749 §2.3): by `Authorization: Basic`, or by the form; a public one by its id alone.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderValue, header};
use vestibule_api::{Api, media_types};
use vestibule_core::authorization::{CallingClient, Parameters, parameters::decode_form};

use crate::{FORM, fault::Fault};

/// The form, and the client that sent it.
pub async fn read(api: &Api, headers: &HeaderMap, body: &[u8]) -> Result<(Parameters, CallingClient), Fault> {
    let form = form(headers, body)?;
    let (id, secret) = credentials(headers, &form)?;
    let client = api.vestibule.calling_client(&id, secret.as_deref()).await??;
    Ok((form, client))
}

fn form(headers: &HeaderMap, body: &[u8]) -> Result<Parameters, Fault> {
    if media_types(headers).iter().all(|media_type| media_type != FORM) {
        return Err(Fault::request(format!("The body must be {FORM}.")));
    }
    let text = std::str::from_utf8(body).map_err(|_| Fault::request("The body is not a form."))?;
    let form = Parameters::parse(text);
    match form.doubled() {
        Some(_) => Err(Fault::request("A parameter comes more than once.")),
        None => Ok(form),
    }
}

fn credentials(headers: &HeaderMap, form: &Parameters) -> Result<(String, Option<String>), Fault> {
    let of_form = |name| form.get(name).map(str::to_owned);
    let Some(header) = headers.get(header::AUTHORIZATION) else {
        let id = of_form("client_id").ok_or_else(|| Fault::client("The request names no client."))?;
        return Ok((id, of_form("client_secret")));
    };
    let unreadable = || Fault::client("The Authorization header does not hold a client's id and secret by Basic.");
    let (id, secret) = basic(header).ok_or_else(unreadable)?;
    if form.get("client_secret").is_some() || form.get("client_id").is_some_and(|named| named != id) {
        return Err(Fault::request("The client shows itself in two ways."));
    }
    Ok((id, Some(secret)))
}

/// Both parts are encoded as in a form before they are joined (RFC 6749 §2.3.1).
fn basic(header: &HeaderValue) -> Option<(String, String)> {
    let (scheme, encoded) = header.to_str().ok()?.split_once(' ')?;
    let joined = STANDARD.decode(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let joined = String::from_utf8(joined).ok()?;
    let (id, secret) = joined.split_once(':')?;
    Some((decode_form(id), decode_form(secret)))
}
