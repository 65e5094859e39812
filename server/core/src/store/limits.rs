//! Buckets: fixed windows, counted in the database, so that all instances count together.

use serde::Serialize;

use super::{Tx, all, exec, maybe, set};
use crate::Result;

/// Something that happens once more, in a window that ends then if none is open.
#[derive(Debug, Serialize)]
pub struct Hit {
    pub key: String,
    pub ends_at: i64,
}

#[derive(Debug, sqlx::FromRow)]
pub struct Bucket {
    pub key: String,
    pub count: i64,
    pub ends_at: i64,
}

/// Counts hits and gives the buckets as they are after that. Each key at most once.
pub async fn hit(tx: &mut Tx, hits: &[Hit], now: i64) -> Result<Vec<Bucket>> {
    Ok(all!(
        tx,
        set!(key TEXT, ends_at BIGINT;
            "INSERT INTO bucket (key, count, ends_at) SELECT key, 1, ends_at FROM input WHERE one = 1 ORDER BY key
             ON CONFLICT (key) DO UPDATE SET
                count = CASE WHEN bucket.ends_at <= $2 THEN 1 ELSE bucket.count + 1 END,
                ends_at = CASE WHEN bucket.ends_at <= $2 THEN excluded.ends_at ELSE bucket.ends_at END
             RETURNING key, count, ends_at"),
        serde_json::to_string(hits)?,
        now
    )?)
}

/// The open buckets among these keys.
pub async fn peek(tx: &mut Tx, keys: &[String], now: i64) -> Result<Vec<Bucket>> {
    let keys: Vec<_> = keys.iter().map(|key| serde_json::json!({ "key": key })).collect();
    Ok(all!(
        tx,
        set!(key TEXT; "SELECT bucket.key, bucket.count, bucket.ends_at FROM input JOIN bucket ON bucket.key = input.key WHERE bucket.ends_at > $2"),
        serde_json::to_string(&keys)?,
        now
    )?)
}

pub async fn by_key(tx: &mut Tx, key: &str, now: i64) -> Result<Option<Bucket>> {
    Ok(maybe!(tx, "SELECT key, count, ends_at FROM bucket WHERE key = $1 AND ends_at > $2", key, now)?)
}

/// Begins a window anew with one hit, whatever was counted before.
pub async fn begin(tx: &mut Tx, hit: &Hit) -> Result<()> {
    exec!(
        tx,
        "INSERT INTO bucket (key, count, ends_at) VALUES ($1, 1, $2)
         ON CONFLICT (key) DO UPDATE SET count = 1, ends_at = excluded.ends_at",
        &hit.key,
        hit.ends_at
    )?;
    Ok(())
}

pub async fn forget(tx: &mut Tx, key: &str) -> Result<()> {
    exec!(tx, "DELETE FROM bucket WHERE key = $1", key)?;
    Ok(())
}

/// The same of every bucket that is counted apart by network address under it.
pub async fn forget_all(tx: &mut Tx, key: &str) -> Result<()> {
    exec!(tx, "DELETE FROM bucket WHERE key = $1 OR SUBSTR(key, 1, LENGTH($1) + 1) = $1 || ':'", key)?;
    Ok(())
}

/// Takes one hit back.
pub async fn give_back(tx: &mut Tx, key: &str) -> Result<()> {
    exec!(tx, "UPDATE bucket SET count = count - 1 WHERE key = $1 AND count > 0", key)?;
    Ok(())
}

/// Deletes what no longer counts; gives how much.
pub async fn sweep(tx: &mut Tx, now: i64) -> Result<u64> {
    Ok(exec!(tx, "DELETE FROM bucket WHERE ends_at <= $1", now)?)
}
