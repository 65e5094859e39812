//! Who shows a secret: API keys and access tokens looked up, and client secrets changed for access tokens.

use subtle::ConstantTimeEq;

use crate::{
    Error, Refusal, Result, Vestibule,
    actor::{Admin, Client, Person, Principal, Reach, Role},
    api_key::{Scope, Scopes},
    env::{HOUR, MINUTE, SECOND},
    is_id,
    secret::Token,
    store::{
        keys,
        keys::{Bearer, Live, NewToken},
    },
};

/// How long an access token works, in milliseconds.
const LIFETIME: i64 = HOUR;
/// Last uses are exact to this many milliseconds, so that a busy key does not write at every request.
const USE_EXACT_TO: i64 = MINUTE;

/// What a client got for its secret (RFC 6749 §5.1).
#[derive(Clone, Debug)]
pub struct AccessToken {
    pub token: Token,
    /// Seconds.
    pub expires_in: i64,
    pub scopes: Vec<Scope>,
}

/// Whose last use is to be written.
#[derive(Clone, Debug)]
enum Used {
    ApiKey(String),
    Client(String),
}

impl Vestibule {
    /// Who stands behind an API key or an access token, as of now: a revoked key, a revoked client's token and a
    /// disabled or locked person's are `Forbidden`, like one that never was.
    pub async fn principal(&self, token: &Token) -> Result<Principal> {
        let (hash, now) = (token.hash(), self.env.now());
        match self.batches.key.call(hash.clone()).await {
            Ok(Live { id, organization_id, name, scopes, last_used_at }) => {
                self.note_use(Used::ApiKey(id.clone()), last_used_at, now).await;
                return Ok(Principal::Client(Client { key_id: id, name, organization_id, scopes: scopes.0 }));
            }
            Err(Error::Refused(Refusal::Forbidden)) => {}
            Err(error) => return Err(error),
        }
        let bearer = keys::bearer(&mut self.store.read().await?, &hash, now).await?.ok_or(Refusal::Forbidden)?;
        let (client_id, last_used_at) = (bearer.client_id.clone(), bearer.client_last_used_at);
        let principal = behind(bearer)?;
        self.note_use(Used::Client(client_id), last_used_at, now).await;
        Ok(principal)
    }

    /// Changes a client's secret for an access token (client credentials, RFC 6749 §4.4). An unknown client, a wrong
    /// secret, another organization, a revoked and an expired client are all `SignInFailed`, after the same steps.
    pub async fn client_token(&self, client_id: &str, secret: &Token, organization_id: &str) -> Result<AccessToken> {
        // The SHA-256 of nothing that anybody can show.
        const NOBODYS: &str = "0000000000000000000000000000000000000000000000000000000000000000";
        let now = self.env.now();
        let id = if is_id(client_id) { client_id } else { "" };
        let found = keys::credentials(&mut self.store.read().await?, id, now).await?;
        let stored = found.as_ref().and_then(|client| client.secret_hash.as_deref()).unwrap_or(NOBODYS);
        let right = bool::from(secret.hash().as_bytes().ct_eq(stored.as_bytes()));
        let client = found.filter(|client| right && client.live && client.organization_id == organization_id);
        let client = client.ok_or(Refusal::SignInFailed)?;

        let token = Token::draw(self.env.as_ref());
        let new = NewToken {
            hash: token.hash(),
            organization_id: client.organization_id,
            client_id: id.to_owned(),
            user_id: None,
            scopes: client.scopes.to_string(),
            created_at: now,
            expires_at: now + LIFETIME,
        };
        self.store
            .change(new, |tx, new| {
                Box::pin(async move {
                    keys::insert_token(tx, new).await?;
                    keys::touch_client(tx, &new.client_id, new.created_at, new.created_at - USE_EXACT_TO).await
                })
            })
            .await?;
        Ok(AccessToken { token, expires_in: LIFETIME / SECOND, scopes: client.scopes.0 })
    }

    /// Writes a last use, at the most once a minute. A use that cannot be written is a use all the same.
    async fn note_use(&self, used: Used, last: Option<i64>, now: i64) {
        let unless_after = now - USE_EXACT_TO;
        if last.is_some_and(|last| last > unless_after) {
            return;
        }
        let noted = self.store.change(used, move |tx, used| {
            Box::pin(async move {
                match used {
                    Used::ApiKey(id) => keys::touch_api_key(tx, id, now, unless_after).await,
                    Used::Client(id) => keys::touch_client(tx, id, now, unless_after).await,
                }
            })
        });
        if let Err(error) = noted.await {
            tracing::warn!(%error, "the last use of a key could not be written");
        }
    }
}

/// The client itself, or the person whom it acts for.
fn behind(bearer: Bearer) -> Result<Principal, Refusal> {
    let Bearer {
        organization_id, client_id, client_name, scopes, user_id, user_name, shut_out, role, first_party, ..
    } = bearer;
    let Some(user_id) = user_id else {
        let (key_id, name) = (client_id, client_name);
        return Ok(Principal::Client(Client { key_id, name, organization_id, scopes: scopes.0 }));
    };
    if shut_out != Some(false) {
        return Err(Refusal::Forbidden);
    }
    let name = user_name.unwrap_or_default();
    let reach = match scopes.as_slice() {
        scopes if first_party || scopes.contains(&Scope::Write) => Reach::Change,
        [] => Reach::Identity,
        _ => Reach::Read,
    };
    let role = role.and_then(|role| within(role, &scopes));
    let admin = role.map(|role| Admin {
        user_id: user_id.clone(),
        name: name.clone(),
        role,
        organization_id: organization_id.clone(),
    });
    Ok(Principal::Person { person: Person { user_id, organization_id, name, reach }, admin })
}

/// What is left of an administrator's role in the hands of an app that was let do only so much.
fn within(role: Role, scopes: &Scopes) -> Option<Role> {
    let may = |scope| scopes.as_slice().contains(&scope);
    let most = match (may(Scope::Write), may(Scope::Verify), may(Scope::Read)) {
        (true, ..) => Role::Owner,
        (false, true, _) => Role::Support,
        (false, false, true) => Role::Viewer,
        (false, false, false) => return None,
    };
    // A weaker role is a greater one.
    Some(role.max(most))
}
