//! ID tokens (OpenID Connect Core §2), made and recognized.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header, encode};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::Signer;
use crate::{
    Error, Result, Vestibule,
    authorization::{ACCESS_LIFETIME, AppScope, AppScopes, Claims, claims},
    env::SECOND,
    secret::Token,
    store::authorizations::AuthorizationRow,
    user::record::Record,
};

/// A signed token in its compact form; it says who somebody is.
#[derive(Clone, PartialEq, Eq)]
pub struct IdToken(String);

impl IdToken {
    /// The token itself, for the one answer that holds it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for IdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdToken(…)")
    }
}

/// What an app shows to say whom it means (OpenID Connect RP-Initiated Logout §2): a token of ours, over or not.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Hint {
    /// The person.
    pub sub: String,
    /// The app.
    pub aud: String,
}

impl Vestibule {
    pub(crate) async fn sign_id_token(
        &self,
        signer: Signer,
        row: &AuthorizationRow,
        person: &Record,
        scopes: &AppScopes,
        access: &Token,
        issuer: &str,
    ) -> Result<IdToken> {
        let now = self.env.now();
        let methods: Vec<&str> = row.methods.split(' ').filter(|word| !word.is_empty()).collect();
        let fixed = [
            ("iss", json!(issuer)),
            ("sub", json!(row.user_id)),
            ("aud", json!(row.client_id)),
            ("exp", json!((now + ACCESS_LIFETIME) / SECOND)),
            ("iat", json!(now / SECOND)),
            ("auth_time", json!(row.signed_in_at / SECOND)),
            ("at_hash", json!(half_hash(access.reveal()))),
            ("amr", json!(methods)),
            ("sid", json!(row.session)),
        ];
        let mut claims: Claims = fixed.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        claims.extend(row.nonce.as_ref().map(|nonce| ("nonce".to_owned(), json!(nonce))));
        if scopes.has(AppScope::Email) {
            claims.extend(claims::email(person));
        }
        let writing = tokio::task::spawn_blocking(move || {
            let header = Header { kid: Some(signer.id), ..Header::new(Algorithm::RS256) };
            encode(&header, &claims, &signer.key)
        });
        writing.await.map_err(Error::internal)?.map(IdToken).map_err(Error::internal)
    }

    /// Reads an ID token that we signed with a key that is still published.
    pub async fn read_hint(&self, token: &str, issuer: &str) -> Result<Option<Hint>> {
        let Some(id) = decode_header(token).ok().and_then(|header| header.kid) else { return Ok(None) };
        let keys = self.public_keys().await?;
        let Some(key) = keys.iter().find(|key| key.common.key_id.as_ref() == Some(&id)) else { return Ok(None) };
        let key = DecodingKey::from_jwk(key).map_err(Error::internal)?;
        let mut rules = Validation::new(Algorithm::RS256);
        rules.set_issuer(&[issuer]);
        rules.set_required_spec_claims(&["iss", "sub", "aud"]);
        rules.validate_aud = false;
        // It says who was signed in; when that was does not matter.
        rules.validate_exp = false;
        Ok(decode::<Hint>(token, &key, &rules).ok().map(|read| read.claims))
    }
}

/// `at_hash` (OpenID Connect Core §3.1.3.6).
fn half_hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(token.as_bytes())[..16])
}
