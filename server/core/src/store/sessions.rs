//! Browser sessions.

use super::{Tx, all, exec, maybe};
use crate::Result;

/// Stores a session that does not exist yet; `false` where the id is taken.
pub async fn insert(tx: &mut Tx, id: &str, user_id: Option<&str>, data: &str, expires_at: i64) -> Result<bool> {
    let rows = exec!(
        tx,
        "INSERT INTO session (id, user_id, data, expires_at) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING",
        id,
        user_id,
        data,
        expires_at
    )?;
    Ok(rows == 1)
}

/// Stores a session that exists. One that has been deleted meanwhile (signed out elsewhere) stays deleted.
pub async fn update(tx: &mut Tx, id: &str, user_id: Option<&str>, data: &str, expires_at: i64) -> Result<()> {
    exec!(
        tx,
        "UPDATE session SET user_id = $2, data = $3, expires_at = $4 WHERE id = $1",
        id,
        user_id,
        data,
        expires_at
    )?;
    Ok(())
}

/// Has a session live until another time; `false` where it is no more. Nothing else of it changes: whoever has written to
/// it meanwhile has.
pub async fn prolong(tx: &mut Tx, id: &str, now: i64, expires_at: i64) -> Result<bool> {
    Ok(exec!(tx, "UPDATE session SET expires_at = $3 WHERE id = $1 AND expires_at > $2", id, now, expires_at)? == 1)
}

pub async fn load(tx: &mut Tx, id: &str, now: i64) -> Result<Option<(String, i64)>> {
    Ok(maybe!(tx, "SELECT data, expires_at FROM session WHERE id = $1 AND expires_at > $2", id, now)?)
}

pub async fn delete(tx: &mut Tx, id: &str) -> Result<()> {
    exec!(tx, "DELETE FROM session WHERE id = $1", id)?;
    Ok(())
}

pub async fn delete_of_user(tx: &mut Tx, user_id: &str) -> Result<()> {
    exec!(tx, "DELETE FROM session WHERE user_id = $1", user_id)?;
    Ok(())
}

/// The live sessions of a user: id, data, end.
pub async fn of_user(tx: &mut Tx, user_id: &str, now: i64) -> Result<Vec<(String, String, i64)>> {
    Ok(all!(tx, "SELECT id, data, expires_at FROM session WHERE user_id = $1 AND expires_at > $2", user_id, now)?)
}

/// The clients that may act for a user, each with the session that the user signed in to it from, as ID tokens name it.
pub async fn clients_of(tx: &mut Tx, user_id: &str, now: i64) -> Result<Vec<(String, String)>> {
    Ok(all!(
        tx,
        "SELECT DISTINCT session, client_id FROM authorizations
         WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY session, client_id",
        user_id,
        now
    )?)
}

/// Ends one session of a user and gives its data; `None` where the user has none of that id.
pub async fn delete_one_of(tx: &mut Tx, user_id: &str, id: &str) -> Result<Option<String>> {
    let row: Option<(String,)> =
        maybe!(tx, "DELETE FROM session WHERE user_id = $1 AND id = $2 RETURNING data", user_id, id)?;
    Ok(row.map(|(data,)| data))
}

/// Ends every session of a user but one.
pub async fn delete_others_of(tx: &mut Tx, user_id: &str, this: Option<&str>) -> Result<()> {
    exec!(tx, "DELETE FROM session WHERE user_id = $1 AND (CAST($2 AS TEXT) IS NULL OR id <> $2)", user_id, this)?;
    Ok(())
}

pub async fn sweep(tx: &mut Tx, now: i64) -> Result<u64> {
    Ok(exec!(tx, "DELETE FROM session WHERE expires_at <= $1", now)?)
}
