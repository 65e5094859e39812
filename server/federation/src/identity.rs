//! Who came: the ID token, checked, and what the provider adds to it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{Request, Response, StatusCode, header};
use openidconnect::{
    ClientId, IdTokenVerifier, Nonce, OAuth2TokenResponse, TokenResponse,
    core::{CoreIdToken, CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreTokenResponse},
    url::Url,
};
use serde_json::{Map, Value};
use vestibule_core::provider::{Claims, Registration, Subject};

use crate::trouble::{Step, Trouble};

pub fn token(answer: &CoreTokenResponse) -> Result<&CoreIdToken, Trouble> {
    answer.id_token().ok_or_else(|| Trouble::new(Step::Token, "incomplete", "no ID token"))
}

/// Checks signature, issuer, audience, times and nonce (Core 1.0 §3.1.3.7). Signatures are the provider's own: whoever
/// knows the client secret cannot make one.
pub fn check(
    metadata: &CoreProviderMetadata,
    registration: &Registration,
    token: &CoreIdToken,
    nonce: &str,
) -> Result<(Subject, Claims), Trouble> {
    use CoreJwsSigningAlgorithm as Algorithm;
    let shared = [Algorithm::HmacSha256, Algorithm::HmacSha384, Algorithm::HmacSha512, Algorithm::None];
    let own = metadata.id_token_signing_alg_values_supported().iter().filter(|one| !shared.contains(one)).cloned();
    let client_id = ClientId::new(registration.client_id.clone());
    let verifier = IdTokenVerifier::new_public_client(client_id, metadata.issuer().clone(), metadata.jwks().clone())
        .set_allowed_algs(own);
    let untrusted = |why: &dyn std::fmt::Display| Trouble::new(Step::Token, "untrusted", why);
    let claims = token.claims(&verifier, &Nonce::new(nonce.to_owned())).map_err(|error| untrusted(&error))?;
    let subject = Subject::parse(claims.subject().as_str()).ok_or_else(|| untrusted(&"the subject cannot be one"))?;
    // The library keeps the claims that it knows; these are all of them, of the same text.
    let text = token.to_string();
    let said = text.split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let said: Map<String, Value> = said
        .and_then(|part| serde_json::from_slice(&part).ok())
        .ok_or_else(|| untrusted(&"the claims cannot be read"))?;
    Ok((subject, Claims(said)))
}

/// Asks for what the ID token leaves out (Core 1.0 §5.3.1).
pub fn userinfo_request(endpoint: &Url, answer: &CoreTokenResponse) -> Result<Request<Vec<u8>>, Trouble> {
    Request::get(endpoint.as_str())
        .header(header::ACCEPT, "application/json")
        .header(header::AUTHORIZATION, format!("Bearer {}", answer.access_token().secret()))
        .body(Vec::new())
        .map_err(|error| Trouble::new(Step::UserInfo, "unreadable", error))
}

/// Adds it, if it is said of the same person (Core 1.0 §5.3.2); the ID token's own claims stay.
pub fn add(claims: &mut Claims, subject: &Subject, said: &Response<Vec<u8>>) -> Result<(), Trouble> {
    if said.status() != StatusCode::OK {
        return Err(Trouble::new(Step::UserInfo, "status", said.status()));
    }
    let said: Map<String, Value> = serde_json::from_slice(said.body())
        .map_err(|_| Trouble::new(Step::UserInfo, "unreadable", "no JSON object"))?;
    if said.get("sub").and_then(Value::as_str) != Some(subject.as_str()) {
        return Err(Trouble::new(Step::UserInfo, "untrusted", "it is about somebody else"));
    }
    // Of an address and its state, both are this answer's or neither.
    claims.0.remove("email_verified");
    for (name, value) in said {
        claims.0.entry(name).or_insert(value);
    }
    Ok(())
}
