//! What a signed-in person does with their own account, beside its addresses and ways to sign in.

use serde::Deserialize;

use crate::{
    Refusal, Result, Vestibule,
    actor::{Language, Person},
    event::{Event, EventData, EventKind, Fact, record},
    password::{Compared, NewPassword},
    session::of_user::{Kept, end_one},
    store::{accounts, authorizations, events, sessions, users},
    user::HISTORY,
};

/// One of a person's browser sessions.
#[derive(Clone, Debug)]
pub struct OwnSession {
    /// Names it here; it is not what the browser holds.
    pub id: String,
    pub expires_at: i64,
    pub device: Device,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

/// What is known of the browser that signed in; the face writes it into the session's data under `device`.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, Deserialize)]
#[serde(default)]
pub struct Device {
    /// The `User-Agent`, at the most 300 characters of it.
    pub agent: String,
    pub ip: Option<String>,
    /// When it signed in (unix milliseconds).
    pub at: i64,
}

impl Vestibule {
    /// The newest lines of the person's own history before a sequence number.
    pub async fn own_history(&self, person: &Person, before: Option<i64>) -> Result<Vec<Event>> {
        let mut tx = self.store.read().await?;
        events::history(&mut tx, &person.user_id, before.unwrap_or(i64::MAX), HISTORY).await
    }

    pub async fn set_own_language(&self, person: &Person, language: Language) -> Result<()> {
        self.store
            .change((self.env.clone(), person.clone()), move |tx, (env, person)| {
                Box::pin(async move {
                    if !users::set_language(tx, &person.user_id, language).await? {
                        return Ok(());
                    }
                    record(tx, env.as_ref(), &[own(person, EventKind::UserChanged)]).await
                })
            })
            .await
    }

    /// The person's sessions, the newest first. `this` is the id of the one that asks, as its browser holds it.
    pub async fn own_sessions(&self, person: &Person, this: Option<&str>) -> Result<Vec<OwnSession>> {
        let this = this.map(|id| self.session_key(id));
        let rows = sessions::of_user(&mut self.store.read().await?, &person.user_id, self.env.now()).await?;
        let mut own: Vec<OwnSession> = rows
            .into_iter()
            .map(|(id, data, expires_at)| OwnSession {
                is_this: this.as_ref() == Some(&id),
                device: Kept::read(&data).device,
                id,
                expires_at,
            })
            .collect();
        own.sort_by_key(|session| std::cmp::Reverse((session.is_this, session.device.at)));
        Ok(own)
    }

    /// Signs one of the person's browsers out, and ends what apps got through it.
    pub async fn end_own_session(&self, person: &Person, id: &str) -> Result<()> {
        self.store
            .change((self.env.clone(), person.clone(), id.to_owned()), |tx, (env, person, id)| {
                Box::pin(async move { end_one(tx, env.as_ref(), &person.user_id, id, person.actor()).await })
            })
            .await
    }

    /// Signs the person out everywhere but here; `this` is the session's id as its browser holds it.
    pub async fn end_other_sessions(&self, person: &Person, this: Option<&str>) -> Result<()> {
        let this = this.map(|id| self.session_key(id));
        self.store
            .change((self.env.clone(), person.clone(), this), |tx, (env, person, this)| {
                Box::pin(async move {
                    sessions::delete_others_of(tx, &person.user_id, this.as_deref()).await?;
                    authorizations::revoke_of_user(tx, &person.user_id, env.now()).await?;
                    record(tx, env.as_ref(), &[own(person, EventKind::SessionsEnded)]).await
                })
            })
            .await
    }

    /// Sets the person's own password. Who has one must know it; a wrong one is refused with `SignInFailed` and counts
    /// as a failed sign-in. Every session ends; the face begins a new one for the browser that asks.
    pub async fn set_own_password(&self, person: &Person, old: String, new: String) -> Result<()> {
        let account = accounts::account_by_id(&mut self.store.read().await?, &person.user_id).await?;
        let account = account.ok_or(Refusal::NotFound)?;
        if account.hash.is_some() {
            self.check_again(&person.user_id, old, account.hash.clone()).await?;
        }
        let new = NewPassword::Clear { password: new, must_change: false, check: true };
        self.store_own(person, Compared(account.hash), new).await
    }
}

fn own(person: &Person, kind: EventKind) -> Fact {
    Fact { user_id: person.user_id.clone(), kind, actor: person.actor(), data: EventData::default() }
}
