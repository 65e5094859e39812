//! What ID tokens are signed with.

use super::{Tx, all, exec};
use crate::Result;

/// What ID tokens are signed with.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct KeyRow {
    pub number: i64,
    pub id: String,
    pub public: String,
    pub sealed: String,
    pub created_at: i64,
    pub signs_from: i64,
}

/// Every key, oldest first.
pub async fn all(tx: &mut Tx) -> Result<Vec<KeyRow>> {
    Ok(all!(tx, "SELECT number, id, public, sealed, created_at, signs_from FROM signing_key ORDER BY number")?)
}

/// Stores the key of the next number; another instance may have been faster, and then this one is dropped.
pub async fn insert(tx: &mut Tx, key: &KeyRow) -> Result<()> {
    exec!(
        tx,
        "INSERT INTO signing_key (number, id, public, sealed, created_at, signs_from) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT DO NOTHING",
        key.number,
        &key.id,
        &key.public,
        &key.sealed,
        key.created_at,
        key.signs_from
    )?;
    Ok(())
}

/// Deletes the keys before a number.
pub async fn delete_before(tx: &mut Tx, number: i64) -> Result<u64> {
    Ok(exec!(tx, "DELETE FROM signing_key WHERE number < $1", number)?)
}
