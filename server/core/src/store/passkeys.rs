//! Passkeys, and the ceremonies in which they are made and used.

use super::{Tx, all, exec, maybe, one};
use crate::{Result, actor::Role, passkey::CeremonyKind};

/// A passkey as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PasskeyRow {
    pub id: String,
    pub name: String,
    /// Whether the person's devices share it.
    pub backup_state: bool,
    /// The browser that it was made with.
    pub user_agent: String,
    pub created_at: i64,
    pub last_used_at: Option<i64>,
}

/// Of a user, oldest first.
pub async fn of_user(tx: &mut Tx, user_id: &str) -> Result<Vec<PasskeyRow>> {
    Ok(all!(
        tx,
        "SELECT id, name, backup_state, user_agent, created_at, last_used_at FROM passkey WHERE user_id = $1 ORDER BY created_at, id",
        user_id
    )?)
}

/// What the browser calls a user's passkeys, so that it makes none twice; base64url.
pub async fn credential_ids(tx: &mut Tx, user_id: &str) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = all!(tx, "SELECT credential_id FROM passkey WHERE user_id = $1", user_id)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// A user's passkeys as the library keeps them, oldest first.
pub async fn credentials(tx: &mut Tx, user_id: &str) -> Result<Vec<String>> {
    let rows: Vec<(String,)> =
        all!(tx, "SELECT credential FROM passkey WHERE user_id = $1 ORDER BY created_at, id", user_id)?;
    Ok(rows.into_iter().map(|(credential,)| credential).collect())
}

/// A passkey that was just made.
#[derive(Clone, Debug)]
pub struct NewPasskey {
    pub id: String,
    pub user_id: String,
    /// base64url.
    pub credential_id: String,
    pub name: String,
    /// COSE key, base64url.
    pub public_key: String,
    pub aaguid: String,
    pub backup_eligible: bool,
    pub backup_state: bool,
    pub user_verified: bool,
    pub user_agent: String,
    pub credential: String,
    pub created_at: i64,
}

/// Stores a passkey; `false` where anybody has it already.
pub async fn insert(tx: &mut Tx, passkey: &NewPasskey) -> Result<bool> {
    let rows = exec!(
        tx,
        "INSERT INTO passkey (id, user_id, credential_id, name, public_key, aaguid, backup_eligible, backup_state, user_verified, user_agent, credential, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING",
        &passkey.id,
        &passkey.user_id,
        &passkey.credential_id,
        &passkey.name,
        &passkey.public_key,
        &passkey.aaguid,
        passkey.backup_eligible,
        passkey.backup_state,
        passkey.user_verified,
        &passkey.user_agent,
        &passkey.credential,
        passkey.created_at
    )?;
    Ok(rows == 1)
}

/// `false` where the user has no such passkey.
pub async fn rename(tx: &mut Tx, user_id: &str, id: &str, name: &str) -> Result<bool> {
    Ok(exec!(tx, "UPDATE passkey SET name = $3 WHERE user_id = $1 AND id = $2", user_id, id, name)? == 1)
}

/// Takes a passkey away and gives its name; `None` where the user has no such passkey.
pub async fn delete(tx: &mut Tx, user_id: &str, id: &str) -> Result<Option<String>> {
    let row: Option<(String,)> =
        maybe!(tx, "DELETE FROM passkey WHERE user_id = $1 AND id = $2 RETURNING name", user_id, id)?;
    Ok(row.map(|(name,)| name))
}

/// A passkey with its owner, as sign-in sees them.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Holder {
    pub passkey_id: String,
    pub credential: String,
    pub user_id: String,
    pub disabled: bool,
    pub locked: bool,
    pub role: Option<Role>,
}

pub async fn holder(tx: &mut Tx, credential_id: &str) -> Result<Option<Holder>> {
    Ok(maybe!(
        tx,
        "SELECT passkey.id AS passkey_id, passkey.credential, users.id AS user_id, users.state = 'disabled' AS disabled,
            users.locked_at IS NOT NULL AS locked, administrator.role
         FROM passkey JOIN users ON users.id = passkey.user_id LEFT JOIN administrator ON administrator.user_id = users.id
         WHERE passkey.credential_id = $1",
        credential_id
    )?)
}

/// Writes down a use and what changed with it; `false` where the passkey is gone or was used meanwhile with another
/// outcome.
pub async fn used(tx: &mut Tx, id: &str, before: &str, after: &str, backup_state: bool, now: i64) -> Result<bool> {
    let rows = exec!(
        tx,
        "UPDATE passkey SET credential = $3, backup_state = $4, last_used_at = $5 WHERE id = $1 AND credential = $2",
        id,
        before,
        after,
        backup_state,
        now
    )?;
    Ok(rows == 1)
}

/// How many ways to sign in a user has: a password, passkeys and company accounts together.
pub async fn methods(tx: &mut Tx, user_id: &str) -> Result<i64> {
    let (count,): (i64,) = one!(
        tx,
        "SELECT (SELECT COUNT(*) FROM password WHERE user_id = $1) + (SELECT COUNT(*) FROM passkey WHERE user_id = $1)
            + (SELECT COUNT(*) FROM provider_link WHERE user_id = $1)",
        user_id
    )?;
    Ok(count)
}

/// A ceremony that a browser is about to begin.
#[derive(Clone, Debug)]
pub struct NewCeremony {
    pub id: String,
    /// `None` for a sign-in, where the passkey says who it is.
    pub user_id: Option<String>,
    pub kind: CeremonyKind,
    pub state: String,
    pub created_at: i64,
    pub expires_at: i64,
}

pub async fn begin(tx: &mut Tx, ceremony: &NewCeremony) -> Result<()> {
    exec!(
        tx,
        "INSERT INTO ceremony (id, user_id, kind, state, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
        &ceremony.id,
        &ceremony.user_id,
        ceremony.kind,
        &ceremony.state,
        ceremony.created_at,
        ceremony.expires_at
    )?;
    Ok(())
}

/// Takes a ceremony away for good and gives its state; `None` where there is none of the kind for the user, or its time
/// is over.
pub async fn take(
    tx: &mut Tx,
    id: &str,
    kind: CeremonyKind,
    user_id: Option<&str>,
    now: i64,
) -> Result<Option<String>> {
    let row: Option<(String, i64)> = maybe!(
        tx,
        "DELETE FROM ceremony WHERE id = $1 AND kind = $2 AND (user_id = $3 OR (user_id IS NULL AND CAST($3 AS TEXT) IS NULL))
         RETURNING state, expires_at",
        id,
        kind,
        user_id
    )?;
    Ok(row.filter(|(_, expires_at)| *expires_at > now).map(|(state, _)| state))
}

/// Ends the ceremonies in which passkeys are being made for a user.
pub async fn drop_registrations(tx: &mut Tx, user_id: &str) -> Result<()> {
    let kind = CeremonyKind::Registration;
    exec!(tx, "DELETE FROM ceremony WHERE user_id = $1 AND kind = $2", user_id, kind)?;
    Ok(())
}

pub async fn sweep(tx: &mut Tx, now: i64) -> Result<u64> {
    Ok(exec!(tx, "DELETE FROM ceremony WHERE expires_at <= $1", now)?)
}
