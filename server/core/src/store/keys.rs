//! API keys, OAuth clients and their access tokens. Of every secret only its SHA-256 is here.

use std::collections::HashSet;

use serde_json::json;

use super::{Tx, all, exec, maybe, set};
use crate::{
    Result,
    actor::Role,
    api_key::{Key, Scopes},
};

/// An API key or a client about to be stored.
#[derive(Clone, Debug)]
pub struct NewRow {
    pub id: String,
    pub organization_id: String,
    pub name: String,
    pub hash: String,
    pub scopes: Scopes,
    pub created_by: Option<String>,
    pub created_at: i64,
    pub expires_at: Option<i64>,
}

pub async fn insert_api_key(tx: &mut Tx, key: &NewRow) -> Result<()> {
    exec!(
        tx,
        "INSERT INTO api_key (id, organization_id, name, hash, scopes, created_by, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &key.id,
        &key.organization_id,
        &key.name,
        &key.hash,
        key.scopes.to_string(),
        key.created_by.as_deref(),
        key.created_at,
        key.expires_at
    )?;
    Ok(())
}

/// Every key of an organization, those that work or could have first, newest first among them.
pub async fn api_keys(tx: &mut Tx, organization_id: &str) -> Result<Vec<Key>> {
    Ok(all!(
        tx,
        "SELECT id, name, scopes, created_by, created_at, expires_at, revoked_at, last_used_at
         FROM api_key WHERE organization_id = $1 ORDER BY revoked_at IS NOT NULL, created_at DESC, id DESC",
        organization_id
    )?)
}

/// The name of a key of this organization.
pub async fn api_key(tx: &mut Tx, organization_id: &str, id: &str) -> Result<Option<String>> {
    let row: Option<(String,)> =
        maybe!(tx, "SELECT name FROM api_key WHERE organization_id = $1 AND id = $2", organization_id, id)?;
    Ok(row.map(|(name,)| name))
}

/// `false` where somebody revoked it first.
pub async fn revoke_api_key(tx: &mut Tx, id: &str, now: i64) -> Result<bool> {
    Ok(exec!(tx, "UPDATE api_key SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", id, now)? == 1)
}

/// A key that may act now.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Live {
    pub id: String,
    pub organization_id: String,
    pub name: String,
    #[sqlx(try_from = "String")]
    pub scopes: Scopes,
    pub last_used_at: Option<i64>,
}

/// The keys that work among those of these hashes, each with its hash.
pub async fn live_api_keys(tx: &mut Tx, hashes: &[String], now: i64) -> Result<Vec<(String, Live)>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        hash: String,
        #[sqlx(flatten)]
        live: Live,
    }
    let hashes: HashSet<&String> = hashes.iter().collect();
    let hashes: Vec<_> = hashes.into_iter().map(|hash| json!({ "hash": hash })).collect();
    let rows: Vec<Row> = all!(
        tx,
        set!(hash TEXT;
            "SELECT api_key.hash, id, organization_id, name, scopes, last_used_at FROM input JOIN api_key ON api_key.hash = input.hash
             WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)"),
        serde_json::to_string(&hashes)?,
        now
    )?;
    Ok(rows.into_iter().map(|row| (row.hash, row.live)).collect())
}

/// Writes a key's last use, unless it was written after `unless_after`.
pub async fn touch_api_key(tx: &mut Tx, id: &str, now: i64, unless_after: i64) -> Result<()> {
    exec!(
        tx,
        "UPDATE api_key SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $3)",
        id,
        now,
        unless_after
    )?;
    Ok(())
}

/// Stores a machine.
pub async fn insert_client(tx: &mut Tx, client: &NewRow) -> Result<()> {
    exec!(
        tx,
        "INSERT INTO client (id, organization_id, name, kind, secret_hash, scopes, created_by, created_at, expires_at)
         VALUES ($1, $2, $3, 'machine', $4, $5, $6, $7, $8)",
        &client.id,
        &client.organization_id,
        &client.name,
        &client.hash,
        client.scopes.to_string(),
        client.created_by.as_deref(),
        client.created_at,
        client.expires_at
    )?;
    Ok(())
}

/// Every client of an organization, in the order of [`api_keys`].
pub async fn clients(tx: &mut Tx, organization_id: &str) -> Result<Vec<Key>> {
    Ok(all!(
        tx,
        "SELECT id, name, scopes, created_by, created_at, expires_at, revoked_at, last_used_at
         FROM client WHERE organization_id = $1 ORDER BY revoked_at IS NOT NULL, created_at DESC, id DESC",
        organization_id
    )?)
}

/// The name of a client of this organization.
pub async fn client(tx: &mut Tx, organization_id: &str, id: &str) -> Result<Option<String>> {
    let row: Option<(String,)> =
        maybe!(tx, "SELECT name FROM client WHERE organization_id = $1 AND id = $2", organization_id, id)?;
    Ok(row.map(|(name,)| name))
}

/// `false` where the organization has no such client.
pub async fn rename_client(tx: &mut Tx, organization_id: &str, id: &str, name: &str) -> Result<bool> {
    let rows =
        exec!(tx, "UPDATE client SET name = $3 WHERE organization_id = $1 AND id = $2", organization_id, id, name)?;
    Ok(rows == 1)
}

/// `false` where somebody revoked it first.
pub async fn revoke_client(tx: &mut Tx, id: &str, now: i64) -> Result<bool> {
    Ok(exec!(tx, "UPDATE client SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", id, now)? == 1)
}

/// A machine as its token endpoint sees it.
#[derive(Debug, sqlx::FromRow)]
pub struct Credentials {
    pub organization_id: String,
    pub secret_hash: Option<String>,
    #[sqlx(try_from = "String")]
    pub scopes: Scopes,
    pub live: bool,
}

pub async fn credentials(tx: &mut Tx, client_id: &str, now: i64) -> Result<Option<Credentials>> {
    Ok(maybe!(
        tx,
        "SELECT organization_id, secret_hash, scopes,
            revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2) AS live
         FROM client WHERE id = $1 AND kind = 'machine'",
        client_id,
        now
    )?)
}

/// Writes a client's last use, unless it was written after `unless_after`.
pub async fn touch_client(tx: &mut Tx, id: &str, now: i64, unless_after: i64) -> Result<()> {
    exec!(
        tx,
        "UPDATE client SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $3)",
        id,
        now,
        unless_after
    )?;
    Ok(())
}

/// An access token about to be stored; without a user it is the client's own.
#[derive(Clone, Debug)]
pub struct NewToken {
    pub hash: String,
    pub organization_id: String,
    pub client_id: String,
    pub user_id: Option<String>,
    pub scopes: String,
    pub created_at: i64,
    pub expires_at: i64,
}

pub async fn insert_token(tx: &mut Tx, token: &NewToken) -> Result<()> {
    exec!(
        tx,
        "INSERT INTO access_token (hash, organization_id, client_id, user_id, scopes, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &token.hash,
        &token.organization_id,
        &token.client_id,
        token.user_id.as_deref(),
        &token.scopes,
        token.created_at,
        token.expires_at
    )?;
    Ok(())
}

/// Who stands behind a live token of a live client.
#[derive(Debug, sqlx::FromRow)]
pub struct Bearer {
    pub organization_id: String,
    #[sqlx(try_from = "String")]
    pub scopes: Scopes,
    pub client_id: String,
    pub client_name: String,
    pub client_last_used_at: Option<i64>,
    pub user_id: Option<String>,
    pub user_name: Option<String>,
    /// Disabled or locked; `NULL` without a user.
    pub shut_out: Option<bool>,
    pub role: Option<Role>,
    pub first_party: bool,
}

pub async fn bearer(tx: &mut Tx, hash: &str, now: i64) -> Result<Option<Bearer>> {
    Ok(maybe!(
        tx,
        "SELECT t.organization_id, t.scopes, c.id AS client_id, c.name AS client_name,
            c.last_used_at AS client_last_used_at, t.user_id, u.name AS user_name,
            u.state = 'disabled' OR u.locked_at IS NOT NULL AS shut_out, a.role, c.first_party
         FROM access_token t JOIN client c ON c.id = t.client_id
            LEFT JOIN users u ON u.id = t.user_id LEFT JOIN administrator a ON a.user_id = t.user_id
         WHERE t.hash = $1 AND t.revoked_at IS NULL AND t.expires_at > $2
            AND c.revoked_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > $2)",
        hash,
        now
    )?)
}

/// Deletes tokens whose time is over; gives how many.
pub async fn sweep(tx: &mut Tx, now: i64) -> Result<u64> {
    Ok(exec!(tx, "DELETE FROM access_token WHERE expires_at <= $1", now)?)
}
