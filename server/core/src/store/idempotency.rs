//! Answers that are given again.

use super::{Tx, exec, maybe};
use crate::Result;

/// A run that wants to be the one under its id.
#[derive(Clone, Debug)]
pub struct NewRun {
    pub id: String,
    pub request: String,
    pub lease: String,
    pub leased_until: i64,
    pub expires_at: i64,
}

#[derive(Debug, sqlx::FromRow)]
pub struct Kept {
    pub request: String,
    pub answer: Option<String>,
}

/// Whether the run is the one: where nothing is kept, nothing that still counts, or the run before it was cut off.
pub async fn begin(tx: &mut Tx, run: &NewRun, now: i64) -> Result<bool> {
    let rows = exec!(
        tx,
        "INSERT INTO idempotency (id, request, lease, leased_until, expires_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET
            request = excluded.request, lease = excluded.lease, leased_until = excluded.leased_until,
            answer = NULL, expires_at = excluded.expires_at
         WHERE idempotency.expires_at <= $6
            OR (idempotency.answer IS NULL AND idempotency.leased_until <= $6 AND idempotency.request = excluded.request)",
        run.id.as_str(),
        run.request.as_str(),
        run.lease.as_str(),
        run.leased_until,
        run.expires_at,
        now
    )?;
    Ok(rows == 1)
}

pub async fn kept(tx: &mut Tx, id: &str) -> Result<Option<Kept>> {
    Ok(maybe!(tx, "SELECT request, answer FROM idempotency WHERE id = $1", id)?)
}

/// Stores the answer of the run that still has the lease.
pub async fn keep(tx: &mut Tx, id: &str, lease: &str, answer: &str) -> Result<()> {
    let sql = "UPDATE idempotency SET answer = $3 WHERE id = $1 AND lease = $2 AND answer IS NULL";
    exec!(tx, sql, id, lease, answer)?;
    Ok(())
}

/// Forgets the run that still has the lease.
pub async fn forget(tx: &mut Tx, id: &str, lease: &str) -> Result<()> {
    exec!(tx, "DELETE FROM idempotency WHERE id = $1 AND lease = $2 AND answer IS NULL", id, lease)?;
    Ok(())
}

/// Deletes what no longer counts; gives how much.
pub async fn sweep(tx: &mut Tx, now: i64) -> Result<u64> {
    Ok(exec!(tx, "DELETE FROM idempotency WHERE expires_at <= $1", now)?)
}
