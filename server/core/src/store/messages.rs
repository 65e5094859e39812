//! The outbox.

use serde::Serialize;

use super::{Tx, all, exec, maybe, set};
use crate::{
    Result,
    actor::Language,
    outbox::{MessageKind, MessageState},
};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MessageRow {
    pub id: String,
    pub number: i64,
    pub organization_id: String,
    pub user_id: Option<String>,
    pub challenge_id: Option<String>,
    pub kind: MessageKind,
    pub recipient: String,
    pub language: Language,
    pub data: String,
    pub state: MessageState,
    pub attempts: i32,
    pub due_at: i64,
    pub answer: Option<String>,
    pub created_at: i64,
    pub changed_at: i64,
}

macro_rules! columns {
    ($($before:literal)+ ; $($after:literal)*) => {
        concat!($($before,)+ " id, number, organization_id, user_id, challenge_id, kind, recipient, language, data, state, attempts, due_at, answer, created_at, changed_at " $(, $after)*)
    };
}

#[derive(Debug, Serialize)]
pub struct NewMessage {
    pub id: String,
    pub number: i64,
    pub organization_id: String,
    pub user_id: Option<String>,
    pub challenge_id: Option<String>,
    pub kind: MessageKind,
    pub recipient: String,
    pub language: Language,
    pub data: String,
    pub created_at: i64,
}

pub async fn insert(tx: &mut Tx, messages: &[NewMessage]) -> Result<()> {
    if messages.is_empty() {
        return Ok(());
    }
    exec!(
        tx,
        set!(id TEXT, number BIGINT, organization_id TEXT, user_id TEXT, challenge_id TEXT, kind TEXT, recipient TEXT, language TEXT, data TEXT, created_at BIGINT;
            "INSERT INTO message (id, number, organization_id, user_id, challenge_id, kind, recipient, language, data, state, attempts, due_at, leased_until, created_at, changed_at)
             SELECT id, number, organization_id, user_id, challenge_id, kind, recipient, language, data, 'waiting', 0, created_at, 0, created_at, created_at FROM input"),
        serde_json::to_string(messages)?
    )?;
    Ok(())
}

/// Leases one due message to `lease` until a time. The guard is repeated outside, so that on Postgres two claims that
/// chose the same row do not both get it.
pub async fn claim(tx: &mut Tx, lease: &str, now: i64, until: i64) -> Result<Option<MessageRow>> {
    Ok(maybe!(
        tx,
        columns!(
            "UPDATE message SET lease = $1, leased_until = $3, attempts = attempts + 1
             WHERE id = (SELECT id FROM message WHERE state IN ('waiting', 'deferred') AND due_at <= $2 AND leased_until <= $2 ORDER BY due_at LIMIT 1)
               AND state IN ('waiting', 'deferred') AND leased_until <= $2
             RETURNING ";
        ),
        lease,
        now,
        until
    )?)
}

/// Writes down how a try to send ended, if the lease still holds.
pub async fn settle(
    tx: &mut Tx,
    id: &str,
    lease: &str,
    state: MessageState,
    answer: &str,
    due_at: i64,
    now: i64,
) -> Result<Option<MessageRow>> {
    Ok(maybe!(
        tx,
        columns!(
            "UPDATE message SET state = $3, answer = $4, due_at = $5, changed_at = $6, leased_until = 0, lease = NULL
             WHERE id = $1 AND lease = $2 AND state IN ('waiting', 'deferred')
             RETURNING ";
        ),
        id,
        lease,
        state,
        answer,
        due_at,
        now
    )?)
}

/// Lets the lease last until a later time, if it still holds the message: what is drawn for it now is what gets sent.
pub async fn extend(tx: &mut Tx, id: &str, lease: &str, until: i64) -> Result<bool> {
    let rows = exec!(
        tx,
        "UPDATE message SET leased_until = $3 WHERE id = $1 AND lease = $2 AND state IN ('waiting', 'deferred')",
        id,
        lease,
        until
    )?;
    Ok(rows == 1)
}

/// Cancels what has not been sent for these challenges.
pub async fn cancel_for_challenges(tx: &mut Tx, challenge_ids: &[String], now: i64) -> Result<()> {
    if challenge_ids.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = challenge_ids.iter().map(|id| super::challenges::Id { id }).collect();
    exec!(
        tx,
        set!(id TEXT;
            "UPDATE message SET state = 'cancelled', changed_at = $2 FROM input
             WHERE message.challenge_id = input.id AND message.state IN ('waiting', 'deferred')"),
        serde_json::to_string(&ids)?,
        now
    )?;
    Ok(())
}

pub async fn by_id(tx: &mut Tx, organization_id: &str, id: &str) -> Result<Option<MessageRow>> {
    Ok(maybe!(tx, columns!("SELECT "; "FROM message WHERE organization_id = $1 AND id = $2"), organization_id, id)?)
}

/// Makes a message due now: one that waits is tried at once, one that failed gets a new life.
pub async fn retry(tx: &mut Tx, organization_id: &str, id: &str, now: i64) -> Result<bool> {
    let rows = exec!(
        tx,
        "UPDATE message SET state = 'waiting', due_at = $3, attempts = 0, changed_at = $3
         WHERE organization_id = $1 AND id = $2 AND state IN ('waiting', 'deferred', 'failed') AND leased_until <= $3",
        organization_id,
        id,
        now
    )?;
    Ok(rows == 1)
}

pub async fn cancel(tx: &mut Tx, organization_id: &str, id: &str, now: i64) -> Result<bool> {
    let rows = exec!(
        tx,
        "UPDATE message SET state = 'cancelled', changed_at = $3
         WHERE organization_id = $1 AND id = $2 AND state IN ('waiting', 'deferred') AND leased_until <= $3",
        organization_id,
        id,
        now
    )?;
    Ok(rows == 1)
}

/// A page of messages, newest first, of one state or all, of an address or a message id or all.
pub async fn page(
    tx: &mut Tx,
    organization_id: &str,
    state: Option<MessageState>,
    search: Option<&str>,
    before: i64,
    limit: i64,
) -> Result<Vec<MessageRow>> {
    Ok(all!(
        tx,
        columns!(
            "SELECT ";
            "FROM message
             WHERE organization_id = $1 AND number < $2 AND (CAST($3 AS TEXT) IS NULL OR state = $3)
               AND (CAST($4 AS TEXT) IS NULL OR recipient = $4 OR id = $4)
             ORDER BY number DESC LIMIT $5"
        ),
        organization_id,
        before,
        state,
        search,
        limit
    )?)
}

/// The newest message of a challenge.
pub async fn newest_for_challenge(tx: &mut Tx, challenge_id: &str) -> Result<Option<MessageRow>> {
    Ok(maybe!(
        tx,
        columns!("SELECT "; "FROM message WHERE challenge_id = $1 ORDER BY number DESC LIMIT 1"),
        challenge_id
    )?)
}
