//! Passkeys (W3C Web Authentication Level 2): added in a ceremony with a browser, named, taken away, signed in with.

mod add;
mod ask;
mod made;
mod proof;
mod sign_in;
mod used;

use std::sync::Arc;

use serde_json::Value;
use sha2::{Digest, Sha256};
use webauthn_rs::{
    Webauthn, WebauthnBuilder,
    prelude::{Url, Uuid},
};

use crate::{
    Error, Refusal, Result, Vestibule,
    actor::{Actor, Operator, Person},
    api_key::Scope,
    env::{Env, MINUTE},
    event::{EventData, EventKind, Fact, record},
    limit,
    outbox::{MessageData, MessageKind},
    store::{
        Tx,
        passkeys::{self, NewCeremony},
        users,
        users::UserRow,
    },
    user::{addresses::tell, outranks, parse_name},
    word::words,
};

pub use self::{add::Answer, ask::Registrar};
pub use crate::store::passkeys::PasskeyRow;

/// How long a browser may take (milliseconds).
pub const CEREMONY: i64 = 5 * MINUTE;

words! {
    /// What a ceremony is for.
    CeremonyKind {
        Registration = "registration",
        Authentication = "authentication",
    }
}

/// A ceremony for a browser to go on with.
#[derive(Clone, Debug)]
pub struct Begun {
    /// Its id, which comes back with the browser's answer.
    pub ceremony: String,
    /// `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON`.
    pub options: Value,
}

/// Whom browsers make passkeys for: the host of the public URL.
#[derive(Clone, Debug)]
pub(crate) struct RelyingParty(Arc<Webauthn>);

impl RelyingParty {
    /// `None` where browsers make no passkeys: for a network address, and for what is no URL.
    fn of(origin: &str) -> Option<Self> {
        let origin = Url::parse(&Url::parse(origin).ok()?.origin().ascii_serialization()).ok()?;
        let webauthn = WebauthnBuilder::new(origin.domain()?, &origin).ok()?.build().ok()?;
        Some(Self(Arc::new(webauthn)))
    }
}

impl Vestibule {
    /// Lets people use passkeys at this origin (`https://id.example`). For a host that is a network address browsers make
    /// none, so there the other ways to sign in remain.
    #[must_use]
    pub fn with_relying_party(mut self, origin: &str) -> Self {
        self.relying_party = RelyingParty::of(origin);
        self
    }

    /// Whether passkeys can be used where this runs.
    pub fn offers_passkeys(&self) -> bool {
        self.relying_party.is_some()
    }

    fn webauthn(&self) -> Result<&Webauthn, Refusal> {
        self.relying_party.as_ref().map(|party| party.0.as_ref()).ok_or(Refusal::PasskeysOff)
    }

    /// The person's passkeys, oldest first.
    pub async fn own_passkeys(&self, person: &Person) -> Result<Vec<PasskeyRow>> {
        passkeys::of_user(&mut self.store.read().await?, &person.user_id).await
    }

    /// A user's passkeys, oldest first.
    pub async fn passkeys(&self, by: impl Into<Operator>, user_id: &str) -> Result<Vec<PasskeyRow>> {
        let by = by.into();
        by.must(Scope::Read)?;
        let mut tx = self.store.read().await?;
        users::by_id(&mut tx, &by.organization_id, user_id).await?.ok_or(Refusal::NotFound)?;
        passkeys::of_user(&mut tx, user_id).await
    }

    /// Gives one of the person's passkeys another name.
    pub async fn rename_passkey(&self, person: &Person, id: &str, name: &str) -> Result<()> {
        let context = (person.user_id.clone(), id.to_owned(), parse_name(name)?);
        self.store
            .change(context, |tx, (user_id, id, name)| {
                Box::pin(async move {
                    let renamed = passkeys::rename(tx, user_id, id, name).await?;
                    if renamed { Ok(()) } else { Err(Refusal::NotFound.into()) }
                })
            })
            .await
    }

    /// Takes one of the person's passkeys away. Their last way to sign in stays: `LastMethod`. So does the last passkey of
    /// an administrator who needs one: `PasskeyNeeded`.
    pub async fn remove_passkey(&self, person: &Person, id: &str) -> Result<()> {
        self.store
            .change((self.env.clone(), person.clone(), id.to_owned()), |tx, (env, person, id)| {
                Box::pin(async move {
                    must_keep_one(tx, env.as_ref(), &person.user_id).await?;
                    proof::must_keep_needed(tx, person).await?;
                    let user = users::by_id(tx, &person.organization_id, &person.user_id).await?;
                    take_away(tx, env.as_ref(), &user.ok_or(Refusal::NotFound)?, id, person.actor()).await
                })
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }

    /// Takes a user's passkey away for an operator; the last one too, should it be in the wrong hands,
    /// but not their own.
    pub async fn remove_passkey_of(&self, by: impl Into<Operator>, user_id: &str, passkey_id: &str) -> Result<()> {
        let by = by.into();
        by.must(Scope::Write)?;
        let ids = (user_id.to_owned(), passkey_id.to_owned());
        self.store
            .change((self.env.clone(), by, ids), |tx, (env, by, (user_id, id))| {
                Box::pin(async move {
                    let user = users::by_id(tx, &by.organization_id, user_id).await?.ok_or(Refusal::NotFound)?;
                    outranks(tx, by, user_id).await?;
                    // An administrator would lose their own access.
                    if by.user_id.as_ref() == Some(user_id) {
                        must_keep_one(tx, env.as_ref(), user_id).await?;
                    }
                    take_away(tx, env.as_ref(), &user, id, by.actor()).await
                })
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }

    /// Writes a ceremony down that a browser is about to begin.
    async fn keep(&self, ceremony: NewCeremony, limited: Option<(String, i64, i64)>) -> Result<()> {
        self.store
            .change((self.env.clone(), ceremony, limited), |tx, (env, ceremony, limited)| {
                Box::pin(async move {
                    if let Some((key, most, window)) = limited.clone() {
                        limit::take(tx, env.as_ref(), key, most, window).await?;
                    }
                    passkeys::begin(tx, ceremony).await
                })
            })
            .await
    }

    fn ceremony(
        &self,
        kind: CeremonyKind,
        user_id: Option<&str>,
        state: &impl serde::Serialize,
    ) -> Result<NewCeremony> {
        let now = self.env.now();
        Ok(NewCeremony {
            id: self.env.id(),
            user_id: user_id.map(str::to_owned),
            kind,
            state: serde_json::to_string(state)?,
            created_at: now,
            expires_at: now + CEREMONY,
        })
    }
}

/// Refuses to take a way to sign in from somebody who has no other. Whoever takes one away waits here for whoever else
/// does, so that two at once do not take both.
pub(crate) async fn must_keep_one(tx: &mut Tx, env: &dyn Env, user_id: &str) -> Result<()> {
    limit::alone(tx, env, &format!("methods:{user_id}")).await?;
    if passkeys::methods(tx, user_id).await? > 1 { Ok(()) } else { Err(Refusal::LastMethod.into()) }
}

/// Deletes a passkey, tells its owner by mail and writes the history.
async fn take_away(tx: &mut Tx, env: &dyn Env, user: &UserRow, id: &str, actor: Actor) -> Result<()> {
    let name = passkeys::delete(tx, &user.id, id).await?.ok_or(Refusal::NotFound)?;
    let data = MessageData { what: name.clone(), ..MessageData::default() };
    tell(tx, env, user, MessageKind::PasskeyRemoved, data).await?;
    record(tx, env, &[fact(&user.id, EventKind::PasskeyRemoved, actor, Some(name))]).await
}

fn fact(user_id: &str, kind: EventKind, actor: Actor, name: Option<String>) -> Fact {
    Fact { user_id: user_id.to_owned(), kind, actor, data: EventData { reason: name, ..EventData::default() } }
}

/// What a user is called inside their passkeys. User ids may be anything that a client chose; this is a UUID of our own
/// (version 8, RFC 9562 §5.8) that nobody reads an id from.
fn handle(user_id: &str) -> Uuid {
    let digest = Sha256::new().chain_update("passkey user ").chain_update(user_id).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// What the library says is wrong with a browser's answer goes to the log; the person is told to try again.
fn not_accepted(error: impl std::fmt::Display) -> Error {
    tracing::debug!(%error, "a passkey's answer was not accepted");
    Refusal::Passkey.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_can_have_passkeys_and_a_network_address_cannot() {
        for (origin, can) in [
            ("https://id.example", true),
            ("https://id.example:8443/", true),
            ("http://localhost:3000", true),
            ("http://127.0.0.1:3000", false),
            ("http://[::1]:3000", false),
            ("id.example", false),
        ] {
            assert_eq!(RelyingParty::of(origin).is_some(), can, "{origin}");
        }
    }

    #[test]
    fn a_handle_is_the_users_own_and_tells_no_id() {
        let id = "01976f6e-4800-7000-8000-000000000000";
        assert_eq!(handle(id), handle(id));
        assert_ne!(handle(id), handle("someone else"));
        assert_eq!((handle(id).get_version_num(), handle(id).to_string() == id), (8, false));
    }
}
