//! A user's browser sessions, as those who look after users see and end them.

use std::{cmp::Reverse, collections::HashMap};

use serde::Deserialize;

use crate::{
    Refusal, Result, Vestibule,
    account::Device,
    actor::{Actor, Operator},
    api_key::Scope,
    env::Env,
    event::{EventData, EventKind, Fact, record},
    store::{Tx, authorizations, sessions, users},
    user::outranks,
};

/// A live browser session of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserSession {
    /// Names it here. What the browser holds is something else, and cannot be computed from this.
    pub id: String,
    pub device: Device,
    /// Unix milliseconds.
    pub expires_at: i64,
    /// The clients of the apps that the person signed in to from it, as far as they may still act for the person.
    pub client_ids: Vec<String>,
}

/// What the face keeps in a session's data, as far as it is told here.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Kept {
    pub(crate) device: Device,
    signed_in: SignIn,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SignIn {
    /// What ID tokens name the session by.
    session: String,
}

impl Kept {
    pub(crate) fn read(data: &str) -> Self {
        serde_json::from_str(data).unwrap_or_default()
    }
}

impl Vestibule {
    /// A user's live sessions, the newest first.
    pub async fn sessions_of(&self, by: impl Into<Operator>, user_id: &str) -> Result<Vec<UserSession>> {
        let by = by.into();
        by.must(Scope::Read)?;
        let now = self.env.now();
        let mut tx = self.store.read().await?;
        users::by_id(&mut tx, &by.organization_id, user_id).await?.ok_or(Refusal::NotFound)?;
        let mut clients: HashMap<String, Vec<String>> = HashMap::new();
        for (session, client_id) in sessions::clients_of(&mut tx, user_id, now).await? {
            clients.entry(session).or_default().push(client_id);
        }
        let rows = sessions::of_user(&mut tx, user_id, now).await?;
        let mut found: Vec<UserSession> = rows
            .into_iter()
            .map(|(id, data, expires_at)| {
                let Kept { device, signed_in } = Kept::read(&data);
                let client_ids = clients.remove(&signed_in.session).unwrap_or_default();
                UserSession { id, device, expires_at, client_ids }
            })
            .collect();
        found.sort_by(|one, other| (Reverse(one.device.at), &one.id).cmp(&(Reverse(other.device.at), &other.id)));
        Ok(found)
    }

    /// Signs one of a user's browsers out. What apps were let do from it they may go on doing;
    /// [`Vestibule::end_sessions`] ends that as well.
    pub async fn end_session_of(&self, by: impl Into<Operator>, user_id: &str, session_id: &str) -> Result<()> {
        let by = by.into();
        by.must(Scope::Write)?;
        let ids = (user_id.to_owned(), session_id.to_owned());
        self.store
            .change((self.env.clone(), by, ids), |tx, (env, by, (user_id, session_id))| {
                Box::pin(async move {
                    users::by_id(tx, &by.organization_id, user_id).await?.ok_or(Refusal::NotFound)?;
                    outranks(tx, by, user_id).await?;
                    end_one(tx, env.as_ref(), user_id, session_id, by.actor()).await
                })
            })
            .await
    }
}

/// Ends one session of a user with what apps got through it, and writes it down. `NotFound` where the user has none of
/// that id.
pub(crate) async fn end_one(tx: &mut Tx, env: &dyn Env, user_id: &str, id: &str, actor: Actor) -> Result<()> {
    let kept = sessions::delete_one_of(tx, user_id, id).await?.ok_or(Refusal::NotFound)?;
    let data = EventData::default();
    authorizations::revoke_of_session(tx, user_id, &Kept::read(&kept).signed_in.session, env.now()).await?;
    record(tx, env, &[Fact { user_id: user_id.to_owned(), kind: EventKind::SessionEnded, actor, data }]).await
}
