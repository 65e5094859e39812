//! Passkeys through machines: a client begins and ends the ceremony that a browser of its own carries out.

use super::{Answer, Begun};
use crate::{
    Refusal, Result, Vestibule,
    actor::{Actor, Operator, Person},
    api_key::Scope,
    code::{Purpose, TypedCode},
    redeem::{Secret, Try},
    store::challenges,
    user::outranks,
};

/// Who has a passkey made for a user.
#[derive(Clone, Debug)]
pub enum Registrar {
    Operator(Operator),
    /// The user themselves.
    Person(Person),
    /// Whoever has the code that was sent, or handed out, for it; `challenge_id` is the code's own id.
    Code {
        by: Actor,
        organization_id: String,
        challenge_id: String,
        code: TypedCode,
    },
}

impl Vestibule {
    /// Begins to make a passkey for a user. The ceremony's id is the passkey's.
    pub async fn register_passkey(&self, by: Registrar, user_id: &str) -> Result<Begun> {
        // Before a code is spent on it.
        self.webauthn()?;
        let organization_id = match by {
            Registrar::Operator(by) => {
                by.must(Scope::Write)?;
                outranks(&mut self.store.read().await?, &by, user_id).await?;
                by.organization_id
            }
            // An app that may only know who they are must not sign in as them.
            Registrar::Person(person) if person.user_id == user_id && person.may_change() => person.organization_id,
            Registrar::Person(_) => return Err(Refusal::Forbidden.into()),
            Registrar::Code { by, organization_id, challenge_id, code } => {
                let challenge = challenges::by_id(&mut self.store.read().await?, &challenge_id).await?;
                let is_theirs = |organization: &str, user: &str| organization == organization_id && user == user_id;
                if !challenge.is_some_and(|one| is_theirs(&one.organization_id, &one.user_id)) {
                    return Err(Refusal::NoneOpen.into());
                }
                let secret = Secret::For(Purpose::Passkey, Box::new(Secret::CodeFor(challenge_id, code)));
                self.redeem(Try { secret, by: Some(by), ip: None }).await?.organization_id
            }
        };
        self.begin_registration(&organization_id, user_id).await
    }

    /// Ends it with the browser's answer (`RegistrationResponseJSON`), which `by` brings. Who began it needs to be asked no
    /// more: the answer holds the challenge, which nobody else was told.
    pub async fn verify_passkey_registration(
        &self,
        by: Actor,
        organization_id: &str,
        user_id: &str,
        passkey_id: &str,
        credential: &str,
        name: &str,
    ) -> Result<()> {
        let answer = Answer {
            ceremony: passkey_id.to_owned(),
            credential: credential.to_owned(),
            name: name.to_owned(),
            user_agent: String::new(),
        };
        self.finish_for(by, organization_id, user_id, &answer).await.map(drop)
    }
}
