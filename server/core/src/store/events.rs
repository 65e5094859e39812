//! Histories and their seals.

use serde::Serialize;

use super::{Tx, all, exec, maybe, one, set};
use crate::{
    Result,
    event::{Event, EventKind},
};

#[derive(Debug, Serialize)]
pub struct Row<'a> {
    pub user_id: &'a str,
    pub sequence: i64,
    pub number: i64,
    pub organization_id: String,
    pub at: i64,
    pub kind: EventKind,
    pub actor: String,
    pub data: String,
}

/// Appends events, and a webhook row for each endpoint of their organization.
pub async fn insert(tx: &mut Tx, rows: &[Row<'_>]) -> Result<()> {
    let rows = serde_json::to_string(rows)?;
    exec!(
        tx,
        set!(user_id TEXT, sequence BIGINT, number BIGINT, organization_id TEXT, at BIGINT, kind TEXT, actor TEXT, data TEXT;
            "INSERT INTO event (user_id, sequence, number, organization_id, at, kind, actor, data)
             SELECT user_id, sequence, number, organization_id, at, kind, actor, data FROM input"),
        &rows
    )?;
    exec!(
        tx,
        set!(user_id TEXT, sequence BIGINT, organization_id TEXT, at BIGINT;
            "INSERT INTO webhook (endpoint_id, user_id, sequence, created_at)
             SELECT webhook_endpoint.id, input.user_id, input.sequence, input.at
             FROM input JOIN webhook_endpoint ON webhook_endpoint.organization_id = input.organization_id"),
        &rows
    )?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct EventRow {
    sequence: i64,
    at: i64,
    kind: EventKind,
    actor: String,
    data: String,
}

impl EventRow {
    fn read(self) -> Result<Event> {
        let (actor, data) = (serde_json::from_str(&self.actor)?, serde_json::from_str(&self.data)?);
        Ok(Event { sequence: self.sequence, at: self.at, kind: self.kind, actor, data })
    }
}

/// A user's history, newest first, from before a sequence number on.
pub async fn history(tx: &mut Tx, user_id: &str, before: i64, limit: i64) -> Result<Vec<Event>> {
    let rows: Vec<EventRow> = all!(
        tx,
        "SELECT sequence, at, kind, actor, data FROM event WHERE user_id = $1 AND sequence < $2 ORDER BY sequence DESC LIMIT $3",
        user_id,
        before,
        limit
    )?;
    rows.into_iter().map(EventRow::read).collect()
}

/// All of one kind in a user's history, oldest first.
pub async fn of_kind(tx: &mut Tx, user_id: &str, kind: EventKind) -> Result<Vec<Event>> {
    let rows: Vec<EventRow> = all!(
        tx,
        "SELECT sequence, at, kind, actor, data FROM event WHERE user_id = $1 AND kind = $2 ORDER BY sequence",
        user_id,
        kind
    )?;
    rows.into_iter().map(EventRow::read).collect()
}

pub async fn count_of_kind(tx: &mut Tx, organization_id: &str, kind: EventKind, since: i64) -> Result<i64> {
    let (count,): (i64,) = one!(
        tx,
        "SELECT COUNT(*) FROM event WHERE organization_id = $1 AND kind = $2 AND at >= $3",
        organization_id,
        kind,
        since
    )?;
    Ok(count)
}

/// An event with everything that a seal covers.
#[derive(Debug, sqlx::FromRow)]
pub struct Sealable {
    pub user_id: String,
    pub sequence: i64,
    pub number: i64,
    pub organization_id: String,
    pub at: i64,
    pub kind: EventKind,
    pub actor: String,
    pub data: String,
}

pub async fn unsealed(tx: &mut Tx, limit: i64) -> Result<Vec<Sealable>> {
    Ok(all!(
        tx,
        "SELECT user_id, sequence, number, organization_id, at, kind, actor, data FROM event WHERE seal_number IS NULL ORDER BY number, user_id, sequence LIMIT $1",
        limit
    )?)
}

pub async fn count_unsealed(tx: &mut Tx) -> Result<i64> {
    let (count,): (i64,) = one!(tx, "SELECT COUNT(*) FROM event WHERE seal_number IS NULL")?;
    Ok(count)
}

/// How many events users have counted beyond the last one that is there.
pub async fn missing(tx: &mut Tx) -> Result<i64> {
    let (missing,): (i64,) = one!(
        tx,
        "SELECT CAST(COALESCE(SUM(counted - there), 0) AS BIGINT) FROM (
            SELECT sequence AS counted,
                COALESCE((SELECT MAX(event.sequence) FROM event WHERE event.user_id = users.id), 0) AS there
            FROM users
         ) AS ends WHERE counted > there"
    )?;
    Ok(missing)
}

pub async fn of_seal(tx: &mut Tx, seal: i64) -> Result<Vec<Sealable>> {
    Ok(all!(
        tx,
        "SELECT user_id, sequence, number, organization_id, at, kind, actor, data FROM event WHERE seal_number = $1 ORDER BY number, user_id, sequence",
        seal
    )?)
}

#[derive(Debug, sqlx::FromRow)]
pub struct SealRow {
    pub number: i64,
    pub events: i64,
    pub hash: String,
}

pub async fn last_seal(tx: &mut Tx) -> Result<Option<SealRow>> {
    Ok(maybe!(tx, "SELECT number, events, hash FROM seal ORDER BY number DESC LIMIT 1")?)
}

pub async fn seal_after(tx: &mut Tx, number: i64) -> Result<Option<SealRow>> {
    Ok(maybe!(tx, "SELECT number, events, hash FROM seal WHERE number > $1 ORDER BY number LIMIT 1", number)?)
}

#[derive(Debug, Serialize)]
pub struct EventKey<'a> {
    pub user_id: &'a str,
    pub sequence: i64,
}

/// Chains the events to a new seal. Two instances that try at once meet on the seal's number, and one gives way.
pub async fn insert_seal(tx: &mut Tx, seal: &SealRow, keys: &[EventKey<'_>], now: i64) -> Result<()> {
    exec!(
        tx,
        "INSERT INTO seal (number, sealed_at, events, hash) VALUES ($1, $2, $3, $4)",
        seal.number,
        now,
        seal.events,
        &seal.hash
    )?;
    exec!(
        tx,
        set!(user_id TEXT, sequence BIGINT;
            "UPDATE event SET seal_number = $2 FROM input WHERE event.user_id = input.user_id AND event.sequence = input.sequence"),
        serde_json::to_string(keys)?,
        seal.number
    )?;
    Ok(())
}
