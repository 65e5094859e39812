//! A code changed for tokens (RFC 6749 §4.1.3).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{ACCESS_LIFETIME, AppScope, AppScopes, CallingClient, Denial, REFRESH_LIFETIME};
use crate::{
    Result, Vestibule,
    env::{Env, SECOND},
    secret::Token,
    signing::{IdToken, Signer},
    store::{
        Tx, accounts, authorizations,
        authorizations::AuthorizationRow,
        tokens::{self, NewAccess},
    },
    user::record,
};

/// What an app shows for its tokens.
#[derive(Clone)]
pub struct CodeGrant {
    pub code: String,
    pub redirect_uri: Option<String>,
    pub verifier: String,
}

impl std::fmt::Debug for CodeGrant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CodeGrant(…)")
    }
}

/// What an app gets (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3).
#[derive(Clone, Debug)]
pub struct Tokens {
    pub access: Token,
    /// Seconds.
    pub expires_in: i64,
    /// Where `offline_access` was granted.
    pub refresh: Option<Token>,
    /// Where `openid` was granted.
    pub id_token: Option<IdToken>,
    /// With spaces between.
    pub scope: String,
}

impl Vestibule {
    /// Changes a code for tokens. It is spent before anything is compared; shown again, it takes back what it gave
    /// (RFC 6749 §4.1.2). `issuer` is the public URL.
    pub async fn redeem_authorization(
        &self,
        client: &CallingClient,
        shown: CodeGrant,
        issuer: &str,
    ) -> Result<Result<Tokens, Denial>> {
        let Some(code) = Token::parse(&shown.code) else { return Ok(Err(Denial::CodeUnknown)) };
        // First of all, so that a code is not spent for nothing.
        let signer = self.signer().await?;
        let context = (self.env.clone(), client.0.id.clone(), code.hash(), shown);
        let granted = self
            .store
            .change(context, |tx, (env, client_id, hash, shown)| {
                Box::pin(async move {
                    let now = env.now();
                    let Some(row) = authorizations::spend_code(tx, hash, client_id, now).await? else {
                        return unspendable(tx, hash, client_id, now).await.map(Err);
                    };
                    if shown.redirect_uri.as_ref().is_some_and(|address| *address != row.redirect_uri) {
                        return Ok(Err(Denial::RedirectAddress));
                    }
                    if !is_verifier(&shown.verifier, &row.challenge) {
                        return Ok(Err(Denial::Verifier));
                    }
                    let scopes = AppScopes::parse(&row.scopes);
                    issue(tx, env.as_ref(), row, scopes).await
                })
            })
            .await?;
        match granted {
            Ok(fresh) => self.finish(fresh, signer, issuer).await.map(Ok),
            Err(denial) => Ok(Err(denial)),
        }
    }

    /// Adds the ID token to what was issued.
    pub(super) async fn finish(&self, fresh: Issued, signer: Signer, issuer: &str) -> Result<Tokens> {
        let Issued { row, scopes, access, refresh } = fresh;
        let id_token = if scopes.has(AppScope::Openid) {
            let user = {
                let mut tx = self.store.read().await?;
                record::by_ids(&mut tx, &row.organization_id, &[&row.user_id]).await?.pop()
            };
            let user = user.ok_or(crate::Refusal::NotFound)?;
            Some(self.sign_id_token(signer, &row, &user, &scopes, &access, issuer).await?)
        } else {
            None
        };
        Ok(Tokens { access, expires_in: ACCESS_LIFETIME / SECOND, refresh, id_token, scope: scopes.to_string() })
    }
}

/// Why a code could not be spent. One that was redeemed is in the wrong hands, once or twice.
async fn unspendable(tx: &mut Tx, hash: &str, client_id: &str, now: i64) -> Result<Denial> {
    Ok(match authorizations::old_code(tx, hash, client_id).await? {
        Some(old) if old.redeemed => {
            authorizations::revoke(tx, &old.id, now).await?;
            Denial::CodeUsed
        }
        Some(_) => Denial::CodeExpired,
        None => Denial::CodeUnknown,
    })
}

/// RFC 7636 §4.1, §4.6.
fn is_verifier(verifier: &str, challenge: &str) -> bool {
    let legal = (43..=128).contains(&verifier.len())
        && verifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
    let made = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    legal && bool::from(made.as_bytes().ct_eq(challenge.as_bytes()))
}

/// Tokens that are stored and not yet given.
#[derive(Debug)]
pub(super) struct Issued {
    row: AuthorizationRow,
    scopes: AppScopes,
    access: Token,
    refresh: Option<Token>,
}

/// Draws and stores the tokens of an authorization, for a person who may still come in.
pub(super) async fn issue(
    tx: &mut Tx,
    env: &dyn Env,
    row: AuthorizationRow,
    scopes: AppScopes,
) -> Result<Result<Issued, Denial>> {
    let now = env.now();
    let account = accounts::account_by_id(tx, &row.user_id).await?;
    if account.is_none_or(|account| account.disabled || account.locked) {
        return Ok(Err(Denial::Person));
    }
    let access = Token::draw(env);
    let new = NewAccess {
        hash: &access.hash(),
        scopes: &scopes.to_string(),
        now,
        expires_at: row.expires_at.min(now + ACCESS_LIFETIME),
    };
    tokens::insert_access(tx, &row, &new).await?;
    let refresh = AppScopes::parse(&row.scopes).has(AppScope::OfflineAccess).then(|| Token::draw(env));
    if let Some(refresh) = &refresh {
        let expires_at = row.expires_at.min(now + REFRESH_LIFETIME);
        tokens::insert_refresh(tx, &refresh.hash(), &row.id, now, expires_at).await?;
    }
    Ok(Ok(Issued { row, scopes, access, refresh }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verifier_is_the_one_of_its_challenge() {
        // RFC 7636, appendix B.
        let (verifier, challenge) =
            ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert!(is_verifier(verifier, challenge));
        assert!(!is_verifier(&verifier.replace('d', "e"), challenge));
        assert!(!is_verifier("", challenge));
        assert!(!is_verifier(challenge, challenge), "the challenge itself is no verifier");
    }
}
