//! Telephone numbers of users.

use super::{Tx, exec, maybe};
use crate::Result;

/// A number to be inserted.
#[derive(Debug)]
pub struct NewPhone<'a> {
    pub id: &'a str,
    pub organization_id: &'a str,
    pub user_id: &'a str,
    pub number: &'a str,
    pub created_at: i64,
    pub verified_at: Option<i64>,
}

/// Inserts a number; a user's first one is the primary one. `false` where somebody in the organization has it.
pub async fn insert(tx: &mut Tx, phone: &NewPhone<'_>) -> Result<bool> {
    let rows = exec!(
        tx,
        "INSERT INTO phone (id, organization_id, user_id, number, is_primary, created_at, verified_at)
         SELECT $1, $2, $3, $4, NOT EXISTS (SELECT 1 FROM phone WHERE phone.user_id = $3), $5, $6 WHERE 1 = 1
         ON CONFLICT DO NOTHING",
        phone.id,
        phone.organization_id,
        phone.user_id,
        phone.number,
        phone.created_at,
        phone.verified_at
    )?;
    Ok(rows == 1)
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PhoneRow {
    pub id: String,
    pub number: String,
    pub is_primary: bool,
    pub verified_at: Option<i64>,
}

pub async fn by_id(tx: &mut Tx, user_id: &str, id: &str) -> Result<Option<PhoneRow>> {
    Ok(maybe!(tx, "SELECT id, number, is_primary, verified_at FROM phone WHERE user_id = $1 AND id = $2", user_id, id)?)
}

/// Deletes a number; where it was the primary one, the oldest of the others takes its place.
pub async fn delete(tx: &mut Tx, user_id: &str, id: &str) -> Result<bool> {
    let gone = exec!(tx, "DELETE FROM phone WHERE user_id = $1 AND id = $2", user_id, id)? == 1;
    exec!(
        tx,
        "UPDATE phone SET is_primary = TRUE
         WHERE id = (SELECT id FROM phone WHERE user_id = $1 ORDER BY created_at, id LIMIT 1)
           AND NOT EXISTS (SELECT 1 FROM phone WHERE user_id = $1 AND is_primary)",
        user_id
    )?;
    Ok(gone)
}

/// Makes a number the primary one in two steps, because at every moment at most one is.
pub async fn make_primary(tx: &mut Tx, user_id: &str, id: &str) -> Result<bool> {
    exec!(tx, "UPDATE phone SET is_primary = FALSE WHERE user_id = $1 AND is_primary AND id <> $2", user_id, id)?;
    Ok(exec!(tx, "UPDATE phone SET is_primary = TRUE WHERE user_id = $1 AND id = $2 AND NOT is_primary", user_id, id)?
        == 1)
}

/// Sets or takes back *verified*; `false` where nothing changed.
pub async fn set_verified(tx: &mut Tx, user_id: &str, id: &str, verified_at: Option<i64>) -> Result<bool> {
    let rows = exec!(
        tx,
        "UPDATE phone SET verified_at = $3
         WHERE user_id = $1 AND id = $2 AND (verified_at IS NULL) <> (CAST($3 AS BIGINT) IS NULL)",
        user_id,
        id,
        verified_at
    )?;
    Ok(rows == 1)
}
