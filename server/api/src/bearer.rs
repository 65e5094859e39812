//! Who calls: by `X-API-KEY` or by `Authorization: Bearer`. Each dialect answers a missing or unknown one in its own words.

use http::{HeaderMap, header};
use vestibule_core::{Error, Refusal, actor::Principal, secret::Token};

use crate::Api;

/// Where a dialect looks for the caller's secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// The header `X-API-KEY`; a `Bearer` is taken as well.
    ApiKey,
    /// `Authorization: Bearer`.
    Bearer,
}

/// Why nobody is known to call.
#[derive(Clone, Debug)]
pub enum Unknown {
    /// No header.
    Missing,
    /// A header of another scheme.
    NotBearer,
    /// Not a live key or token.
    Invalid,
    /// The database did not answer.
    Failed(Error),
}

impl Api {
    /// The principal behind a request's headers.
    pub async fn principal(&self, headers: &HeaderMap, credential: Credential) -> Result<Principal, Unknown> {
        let secret = secret(headers, credential)?;
        let token = Token::parse(secret).ok_or(Unknown::Invalid)?;
        self.vestibule.principal(&token).await.map_err(|error| match error {
            Error::Refused(Refusal::Forbidden) => Unknown::Invalid,
            error => Unknown::Failed(error),
        })
    }
}

fn secret(headers: &HeaderMap, credential: Credential) -> Result<&str, Unknown> {
    if let (Credential::ApiKey, Some(key)) = (credential, headers.get("x-api-key")) {
        return key.to_str().map(str::trim).map_err(|_| Unknown::Invalid);
    }
    let header = headers.get(header::AUTHORIZATION).ok_or(Unknown::Missing)?;
    let header = header.to_str().map_err(|_| Unknown::Invalid)?;
    // The scheme's case does not matter (RFC 9110 §11.1).
    match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim()),
        _ => Err(Unknown::NotBearer),
    }
}
