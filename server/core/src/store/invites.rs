//! Invites.

use serde::Serialize;

use super::{Tx, all, exec, maybe, set};
use crate::{Result, invite::InviteState};

#[derive(Debug, Serialize)]
pub struct NewInvite<'a> {
    pub id: String,
    pub number: i64,
    pub organization_id: &'a str,
    pub user_id: &'a str,
    pub challenge_id: &'a str,
    pub inviter: &'a str,
    pub words: &'a str,
    pub created_at: i64,
}

pub async fn insert(tx: &mut Tx, invites: &[NewInvite<'_>]) -> Result<()> {
    exec!(
        tx,
        set!(id TEXT, number BIGINT, organization_id TEXT, user_id TEXT, challenge_id TEXT, inviter TEXT, words TEXT, created_at BIGINT;
            "INSERT INTO invite (id, number, organization_id, user_id, challenge_id, state, inviter, words, created_at, changed_at)
             SELECT id, number, organization_id, user_id, challenge_id, 'pending', inviter, words, created_at, created_at FROM input"),
        serde_json::to_string(invites)?
    )?;
    Ok(())
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct InviteRow {
    pub id: String,
    pub number: i64,
    pub organization_id: String,
    pub user_id: String,
    pub challenge_id: String,
    pub state: InviteState,
    pub inviter: String,
    pub words: String,
    pub created_at: i64,
    pub changed_at: i64,
    pub expires_at: i64,
    /// The invited person's name and address.
    pub name: String,
    pub address: String,
}

/// The open invites of organization `$1` at the time `$2`.
macro_rules! open {
    () => {
        "FROM invite JOIN challenge ON challenge.id = invite.challenge_id
         WHERE invite.organization_id = $1 AND invite.state IN ('pending', 'sent', 'opened', 'accepted', 'bounced') AND challenge.expires_at > $2"
    };
}
pub(super) use open;

macro_rules! invite {
    ($($tail:literal)+) => {
        concat!(
            "SELECT invite.id, invite.number, invite.organization_id, invite.user_id, invite.challenge_id, invite.state, invite.inviter, invite.words,
                    invite.created_at, invite.changed_at, challenge.expires_at, users.name, challenge.canonical AS address
             FROM invite JOIN challenge ON challenge.id = invite.challenge_id JOIN users ON users.id = invite.user_id ",
            $($tail),+
        )
    };
}

pub async fn by_id(tx: &mut Tx, organization_id: &str, id: &str) -> Result<Option<InviteRow>> {
    Ok(maybe!(tx, invite!("WHERE invite.organization_id = $1 AND invite.id = $2"), organization_id, id)?)
}

pub async fn by_challenge(tx: &mut Tx, challenge_id: &str) -> Result<Option<InviteRow>> {
    Ok(maybe!(tx, invite!("WHERE invite.challenge_id = $1"), challenge_id)?)
}

pub async fn newest_of_user(tx: &mut Tx, user_id: &str) -> Result<Option<InviteRow>> {
    Ok(maybe!(tx, invite!("WHERE invite.user_id = $1 ORDER BY invite.number DESC LIMIT 1"), user_id)?)
}

/// A page of invites, newest first. `expired` picks among the open ones: `Some(true)` those past their end.
pub async fn page(
    tx: &mut Tx,
    organization_id: &str,
    states: &[InviteState],
    expired: Option<bool>,
    now: i64,
    before: i64,
    limit: i64,
) -> Result<Vec<InviteRow>> {
    let states: Vec<_> = states.iter().map(|state| serde_json::json!({ "state": state })).collect();
    Ok(all!(
        tx,
        set!(state TEXT;
            "SELECT invite.id, invite.number, invite.organization_id, invite.user_id, invite.challenge_id, invite.state, invite.inviter, invite.words,
                    invite.created_at, invite.changed_at, challenge.expires_at, users.name, challenge.canonical AS address
             FROM invite JOIN challenge ON challenge.id = invite.challenge_id JOIN users ON users.id = invite.user_id
             WHERE invite.organization_id = $2 AND invite.number < $3 AND invite.state IN (SELECT state FROM input)
               AND (CAST($4 AS BOOLEAN) IS NULL OR (challenge.expires_at <= $5) = $4)
             ORDER BY invite.number DESC LIMIT $6"),
        serde_json::to_string(&states)?,
        organization_id,
        before,
        expired,
        now,
        limit
    )?)
}

pub async fn mark_sent(tx: &mut Tx, challenge_id: &str, now: i64) -> Result<()> {
    exec!(
        tx,
        "UPDATE invite SET state = 'sent', changed_at = $2 WHERE challenge_id = $1 AND state IN ('pending', 'bounced')",
        challenge_id,
        now
    )?;
    Ok(())
}

pub async fn mark_bounced(tx: &mut Tx, challenge_id: &str, now: i64) -> Result<()> {
    exec!(
        tx,
        "UPDATE invite SET state = 'bounced', changed_at = $2 WHERE challenge_id = $1 AND state IN ('pending', 'sent')",
        challenge_id,
        now
    )?;
    Ok(())
}

/// Moves invites on: to *opened* at the first thing their holder does, to *accepted* with the right secret. Gives the
/// challenges of those that moved.
pub async fn advance(tx: &mut Tx, challenge_ids: &[String], to: InviteState, now: i64) -> Result<Vec<String>> {
    let ids: Vec<_> = challenge_ids.iter().map(|id| super::challenges::Id { id }).collect();
    let rows: Vec<(String,)> = all!(
        tx,
        set!(id TEXT;
            "UPDATE invite SET state = $2, changed_at = $3 FROM input
             WHERE invite.challenge_id = input.id
               AND (invite.state IN ('pending', 'sent', 'bounced') OR (invite.state = 'opened' AND $2 = 'accepted'))
             RETURNING invite.challenge_id"),
        serde_json::to_string(&ids)?,
        to,
        now
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Ends an open invite; `false` where it had ended before.
pub async fn end(tx: &mut Tx, id: &str, state: InviteState, now: i64) -> Result<bool> {
    let rows = exec!(
        tx,
        "UPDATE invite SET state = $2, changed_at = $3 WHERE id = $1 AND state IN ('pending', 'sent', 'opened', 'accepted', 'bounced')",
        id,
        state,
        now
    )?;
    Ok(rows == 1)
}

/// Ends every open invite of a user.
pub async fn end_of_user(tx: &mut Tx, user_id: &str, state: InviteState, now: i64) -> Result<()> {
    exec!(
        tx,
        "UPDATE invite SET state = $2, changed_at = $3 WHERE user_id = $1 AND state IN ('pending', 'sent', 'opened', 'accepted', 'bounced')",
        user_id,
        state,
        now
    )?;
    Ok(())
}

/// Revokes the open invites of challenges that have ended; gives how many.
pub async fn end_for_challenges(tx: &mut Tx, challenge_ids: &[String], now: i64) -> Result<u64> {
    let ids: Vec<_> = challenge_ids.iter().map(|id| super::challenges::Id { id }).collect();
    Ok(exec!(
        tx,
        set!(id TEXT;
            "UPDATE invite SET state = 'revoked', changed_at = $2 FROM input
             WHERE invite.challenge_id = input.id AND invite.state IN ('pending', 'sent', 'opened', 'accepted', 'bounced')"),
        serde_json::to_string(&ids)?,
        now
    )?)
}

/// How many open invites end before a time.
pub async fn ending(tx: &mut Tx, organization_id: &str, now: i64, soon: i64) -> Result<i64> {
    let (count,): (i64,) = super::one!(
        tx,
        concat!("SELECT COUNT(*) ", open!(), " AND challenge.expires_at <= $3"),
        organization_id,
        now,
        soon
    )?;
    Ok(count)
}
