//! Tokens that follow from what people let apps see. Of each only its SHA-256 is here.

use super::{Tx, authorizations::AuthorizationRow, exec, maybe};
use crate::Result;

/// An access token of a person about to be stored.
#[derive(Clone, Debug)]
pub struct NewAccess<'a> {
    pub hash: &'a str,
    pub scopes: &'a str,
    pub now: i64,
    pub expires_at: i64,
}

/// Stores an access token that follows from an authorization.
pub async fn insert_access(tx: &mut Tx, row: &AuthorizationRow, new: &NewAccess<'_>) -> Result<()> {
    exec!(
        tx,
        "INSERT INTO access_token (hash, organization_id, client_id, user_id, scopes, created_at, expires_at,
            authorization_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        new.hash,
        &row.organization_id,
        &row.client_id,
        &row.user_id,
        new.scopes,
        new.now,
        new.expires_at,
        &row.id
    )?;
    Ok(())
}

pub async fn insert_refresh(tx: &mut Tx, hash: &str, authorization_id: &str, now: i64, expires_at: i64) -> Result<()> {
    exec!(
        tx,
        "INSERT INTO refresh_token (hash, authorization_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
        hash,
        authorization_id,
        now,
        expires_at
    )?;
    Ok(())
}

/// Spends a refresh token; `false` where it is unknown, another client's, over, spent or revoked.
pub async fn spend_refresh(tx: &mut Tx, hash: &str, client_id: &str, now: i64) -> Result<bool> {
    let rows = exec!(
        tx,
        "UPDATE refresh_token SET used_at = $3
         WHERE hash = $1 AND used_at IS NULL AND expires_at > $3 AND authorization_id IN
            (SELECT id FROM authorizations WHERE client_id = $2 AND revoked_at IS NULL AND expires_at > $3)",
        hash,
        client_id,
        now
    )?;
    Ok(rows == 1)
}

/// A refresh token, as whoever asks about it is told.
#[derive(Debug, sqlx::FromRow)]
pub struct Refresh {
    pub authorization_id: String,
    pub client_id: String,
    pub user_id: String,
    pub username: String,
    pub organization_id: String,
    pub scopes: String,
    pub created_at: i64,
    pub expires_at: i64,
    pub used: bool,
    /// Neither used, revoked nor over, of a live client and a person who may come in.
    pub works: bool,
}

pub async fn refresh(tx: &mut Tx, hash: &str, now: i64) -> Result<Option<Refresh>> {
    Ok(maybe!(
        tx,
        "SELECT r.authorization_id, a.client_id, a.user_id, u.username, a.organization_id, a.scopes, r.created_at,
            r.expires_at, r.used_at IS NOT NULL AS used,
            r.used_at IS NULL AND r.expires_at > $2 AND a.revoked_at IS NULL AND c.revoked_at IS NULL
                AND (c.expires_at IS NULL OR c.expires_at > $2) AND u.state <> 'disabled' AND u.locked_at IS NULL AS works
         FROM refresh_token r JOIN authorizations a ON a.id = r.authorization_id JOIN client c ON c.id = a.client_id
            JOIN users u ON u.id = a.user_id
         WHERE r.hash = $1",
        hash,
        now
    )?)
}

/// An access token that works: its client is live, and the person, if it has one, may come in.
#[derive(Debug, sqlx::FromRow)]
pub struct Access {
    pub organization_id: String,
    pub client_id: String,
    pub user_id: Option<String>,
    pub username: Option<String>,
    pub scopes: String,
    pub created_at: i64,
    pub expires_at: i64,
}

pub async fn access(tx: &mut Tx, hash: &str, now: i64) -> Result<Option<Access>> {
    Ok(maybe!(
        tx,
        "SELECT t.organization_id, t.client_id, t.user_id, u.username, t.scopes, t.created_at, t.expires_at
         FROM access_token t JOIN client c ON c.id = t.client_id LEFT JOIN users u ON u.id = t.user_id
         WHERE t.hash = $1 AND t.revoked_at IS NULL AND t.expires_at > $2
            AND c.revoked_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > $2)
            AND (t.user_id IS NULL OR (u.state <> 'disabled' AND u.locked_at IS NULL))",
        hash,
        now
    )?)
}

/// Ends an access token of a client.
pub async fn revoke_access(tx: &mut Tx, hash: &str, client_id: &str, now: i64) -> Result<()> {
    exec!(
        tx,
        "UPDATE access_token SET revoked_at = $3 WHERE hash = $1 AND client_id = $2 AND revoked_at IS NULL",
        hash,
        client_id,
        now
    )?;
    Ok(())
}
