//! A refresh token changed for the next one (RFC 6749 §6, RFC 9700 §4.14).

use super::{AppScopes, CallingClient, Denial, Tokens, code::issue};
use crate::{
    Result, Vestibule,
    secret::Token,
    store::{authorizations, tokens},
};

impl Vestibule {
    /// Renews an app's tokens. Each refresh token is good once; one that is shown again ends all that followed from the
    /// same sign-in. `scope` may ask for less than was granted. `issuer` is the public URL.
    pub async fn refresh(
        &self,
        client: &CallingClient,
        token: &str,
        scope: Option<&str>,
        issuer: &str,
    ) -> Result<Result<Tokens, Denial>> {
        let Some(token) = Token::parse(token) else { return Ok(Err(Denial::RefreshUnknown)) };
        let signer = self.signer().await?;
        let context = (self.env.clone(), client.0.id.clone(), token.hash(), scope.map(AppScopes::parse));
        let granted = self
            .store
            .change(context, |tx, (env, client_id, hash, scope)| {
                Box::pin(async move {
                    let now = env.now();
                    let known = tokens::refresh(tx, hash, now).await?;
                    let Some(known) = known.filter(|known| known.client_id == *client_id) else {
                        return Ok(Err(Denial::RefreshUnknown));
                    };
                    let whole = AppScopes::parse(&known.scopes);
                    let scopes = scope.clone().unwrap_or_else(|| whole.clone());
                    if scopes.as_slice().is_empty() || !whole.cover(&scopes) {
                        return Ok(Err(Denial::Scope));
                    }
                    if !tokens::spend_refresh(tx, hash, client_id, now).await? {
                        // Asked again: what was read before may have been spent meanwhile.
                        return match tokens::refresh(tx, hash, now).await? {
                            Some(known) if known.used => {
                                authorizations::revoke(tx, &known.authorization_id, now).await?;
                                Ok(Err(Denial::RefreshUsed))
                            }
                            Some(known) if known.expires_at <= now => Ok(Err(Denial::RefreshExpired)),
                            _ => Ok(Err(Denial::RefreshUnknown)),
                        };
                    }
                    match authorizations::hold(tx, &known.authorization_id).await? {
                        Some(row) => issue(tx, env.as_ref(), row, scopes).await,
                        None => Ok(Err(Denial::RefreshUnknown)),
                    }
                })
            })
            .await?;
        match granted {
            Ok(fresh) => self.finish(fresh, signer, issuer).await.map(Ok),
            Err(denial) => Ok(Err(denial)),
        }
    }
}
