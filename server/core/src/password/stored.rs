//! What storing a password, or taking it away, does beside it: in one transaction, whoever does it.

use crate::{
    Refusal, Result,
    actor::Actor,
    env::{Env, HOUR},
    event::{EventData, EventKind, Fact, record},
    invite,
    outbox::{MessageData, MessageKind},
    store::{Tx, accounts, authorizations, challenges, messages, passkeys, sessions, users, users::UserRow},
    user::addresses::tell,
};

/// The hash that somebody's old password was compared with; none where there was no password.
#[derive(Debug)]
pub(crate) struct Compared(pub Option<String>);

impl Compared {
    /// Refuses with `SignInFailed` where the user has another one by now: hashing takes its time, and whoever knew the old
    /// one must not undo a reset that came between.
    pub(super) async fn is_still(&self, tx: &mut Tx, user_id: &str) -> Result<()> {
        users::lock(tx, [user_id]).await?;
        let account = accounts::account_by_id(tx, user_id).await?.ok_or(Refusal::NotFound)?;
        if account.hash == self.0 { Ok(()) } else { Err(Refusal::SignInFailed.into()) }
    }
}

/// A password on its way into the store.
pub(super) struct Stored<'a> {
    pub organization_id: &'a str,
    pub user_id: &'a str,
    pub hash: &'a str,
    pub must_change: bool,
}

impl Stored<'_> {
    /// Stores it, tells the holder, ends what it ends: other sessions, links that lead to another way in, and an invite that
    /// waited for a first method.
    pub async fn store(&self, tx: &mut Tx, env: &dyn Env, actor: Actor, ends_sessions: bool) -> Result<()> {
        // Beside nobody who sets another one, or has just compared the present one.
        users::lock(tx, [self.user_id]).await?;
        let user = users::by_id(tx, self.organization_id, self.user_id).await?.ok_or(Refusal::NotFound)?;
        let had = user.has_password;
        accounts::set_password(tx, &user.id, self.hash, self.must_change, env.now()).await?;
        if ends_sessions {
            sessions::delete_of_user(tx, &user.id).await?;
            authorizations::revoke_of_user(tx, &user.id, env.now()).await?;
        }
        revoke_ways_in(tx, env, &user.id).await?;
        let kind = if had { EventKind::PasswordChanged } else { EventKind::PasswordSet };
        let mut facts = vec![fact(&user.id, kind, actor.clone())];
        if invite::end_by_method(tx, env, &user.id).await? {
            facts.push(fact(&user.id, EventKind::InviteReady, actor));
        }
        let kind = if had { MessageKind::PasswordChanged } else { MessageKind::PasswordSet };
        tell(tx, env, &user, kind, MessageData::default()).await?;
        record(tx, env, &facts).await
    }
}

/// Deletes a user's password, tells them by mail and writes the history.
pub(super) async fn take_away(tx: &mut Tx, env: &dyn Env, user: &UserRow, actor: Actor) -> Result<()> {
    if !accounts::delete_password(tx, &user.id).await? {
        return Err(Refusal::Unchanged.into());
    }
    revoke_ways_in(tx, env, &user.id).await?;
    tell(tx, env, user, MessageKind::PasswordRemoved, MessageData::default()).await?;
    record(tx, env, &[fact(&user.id, EventKind::PasswordRemoved, actor)]).await
}

/// Ends what was sent, or handed over, to let a user in by another way than the present ones, and what somebody has begun
/// with it: a set-up session lasts less than an hour.
pub(crate) async fn revoke_ways_in(tx: &mut Tx, env: &dyn Env, user_id: &str) -> Result<()> {
    let now = env.now();
    passkeys::drop_registrations(tx, user_id).await?;
    let ended = challenges::end_ways_in(tx, user_id, now - HOUR, now).await?;
    messages::cancel_for_challenges(tx, &ended, now).await
}

pub(super) fn fact(user_id: &str, kind: EventKind, actor: Actor) -> Fact {
    Fact { user_id: user_id.to_owned(), kind, actor, data: EventData::default() }
}
