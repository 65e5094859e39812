//! What a client may do with tokens beside using them: ask what they are, end them, and get its own.

use super::{ACCESS_LIFETIME, AppScopes, CallingClient, Denial};
use crate::{
    Result, Vestibule,
    access_token::AccessToken,
    api_key::{Scope, Scopes},
    env::{MINUTE, SECOND},
    secret::Token,
    store::{apps::ClientKind, authorizations, keys, keys::NewToken, tokens},
};

/// What is told of a token that works (RFC 7662 §2.2). Times are unix seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introspection {
    pub scope: String,
    pub client_id: String,
    /// The person, if it is a person's.
    pub sub: Option<String>,
    pub username: Option<String>,
    pub issued_at: i64,
    pub expires_at: i64,
    /// Whether it is a refresh token, which no API takes.
    pub is_refresh: bool,
}

impl Vestibule {
    /// Gives a machine an access token of its own (RFC 6749 §4.4), for all of its scopes or those that it names.
    pub async fn machine_token(
        &self,
        client: &CallingClient,
        scope: Option<&str>,
    ) -> Result<Result<AccessToken, Denial>> {
        let app = &client.0;
        if app.kind != ClientKind::Machine {
            return Ok(Err(Denial::ClientKind));
        }
        let asked = scope.map(|text| AppScopes::parse(text).as_slice().iter().map(|scope| scope.of_api()).collect());
        let scopes: Vec<Scope> = match asked {
            Some(Some(asked)) => asked,
            Some(None) => return Ok(Err(Denial::Scope)),
            None => app.scopes.as_slice().to_vec(),
        };
        if scopes.is_empty() || !scopes.iter().all(|scope| app.scopes.as_slice().contains(scope)) {
            return Ok(Err(Denial::Scope));
        }
        let (token, now) = (Token::draw(self.env.as_ref()), self.env.now());
        let new = NewToken {
            hash: token.hash(),
            organization_id: app.organization_id.clone(),
            client_id: app.id.clone(),
            user_id: None,
            scopes: Scopes(scopes.clone()).to_string(),
            created_at: now,
            expires_at: now + ACCESS_LIFETIME,
        };
        self.store
            .change(new, |tx, new| {
                Box::pin(async move {
                    keys::insert_token(tx, new).await?;
                    keys::touch_client(tx, &new.client_id, new.created_at, new.created_at - MINUTE).await
                })
            })
            .await?;
        Ok(Ok(AccessToken { token, expires_in: ACCESS_LIFETIME / SECOND, scopes }))
    }

    /// Ends a token of the client: a refresh token with all that follows from the same sign-in, an access token alone. One
    /// that is not the client's, or no token, is ended as far as the client is concerned (RFC 7009 §2.2).
    pub async fn revoke_token(&self, client: &CallingClient, token: &str) -> Result<()> {
        let Some(token) = Token::parse(token) else { return Ok(()) };
        let context = (client.0.id.clone(), token.hash(), self.env.now());
        self.store
            .change(context, |tx, (client_id, hash, now)| {
                Box::pin(async move {
                    let refresh = tokens::refresh(tx, hash, *now).await?;
                    match refresh.filter(|refresh| refresh.client_id == *client_id) {
                        Some(refresh) => authorizations::revoke(tx, &refresh.authorization_id, *now).await.map(drop),
                        None => tokens::revoke_access(tx, hash, client_id, *now).await,
                    }
                })
            })
            .await
    }

    /// What a token is, for a client of the same organization that can keep a secret; `None` where it does not work.
    pub async fn introspect(
        &self,
        client: &CallingClient,
        token: &str,
    ) -> Result<Result<Option<Introspection>, Denial>> {
        if client.0.public {
            return Ok(Err(Denial::ClientKind));
        }
        let Some(token) = Token::parse(token) else { return Ok(Ok(None)) };
        let (hash, now) = (token.hash(), self.env.now());
        let mut tx = self.store.read().await?;
        if let Some(access) = tokens::access(&mut tx, &hash, now).await? {
            let own = access.organization_id == client.0.organization_id;
            return Ok(Ok(own.then_some(Introspection {
                scope: access.scopes,
                client_id: access.client_id,
                sub: access.user_id,
                username: access.username,
                issued_at: access.created_at / SECOND,
                expires_at: access.expires_at / SECOND,
                is_refresh: false,
            })));
        }
        // A refresh token is nobody's business but its client's.
        let refresh = tokens::refresh(&mut tx, &hash, now).await?;
        let refresh = refresh.filter(|refresh| refresh.works && refresh.client_id == client.0.id);
        Ok(Ok(refresh.map(|refresh| Introspection {
            scope: refresh.scopes,
            client_id: refresh.client_id,
            sub: Some(refresh.user_id),
            username: Some(refresh.username),
            issued_at: refresh.created_at / SECOND,
            expires_at: refresh.expires_at / SECOND,
            is_refresh: true,
        })))
    }
}
