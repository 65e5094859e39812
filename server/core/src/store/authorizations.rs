//! Sign-ins of people to apps, from the code to the end. Of every code only its SHA-256 is here.

use super::{Tx, exec, maybe};
use crate::Result;

/// One sign-in of a person to an app.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AuthorizationRow {
    pub id: String,
    pub organization_id: String,
    pub client_id: String,
    pub user_id: String,
    pub scopes: String,
    pub nonce: Option<String>,
    pub signed_in_at: i64,
    pub methods: String,
    pub session: String,
    pub redirect_uri: String,
    pub challenge: String,
    pub created_at: i64,
    pub code_expires_at: i64,
    pub expires_at: i64,
}

pub async fn insert(tx: &mut Tx, row: &AuthorizationRow, code_hash: &str) -> Result<()> {
    exec!(
        tx,
        "INSERT INTO authorizations (id, organization_id, client_id, user_id, scopes, nonce, signed_in_at, methods,
            session, code_hash, redirect_uri, challenge, created_at, code_expires_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        &row.id,
        &row.organization_id,
        &row.client_id,
        &row.user_id,
        &row.scopes,
        row.nonce.as_deref(),
        row.signed_in_at,
        &row.methods,
        &row.session,
        code_hash,
        &row.redirect_uri,
        &row.challenge,
        row.created_at,
        row.code_expires_at,
        row.expires_at
    )?;
    Ok(())
}

macro_rules! columns {
    ($head:literal, $tail:literal) => {
        concat!(
            $head,
            " id, organization_id, client_id, user_id, scopes, nonce, signed_in_at, methods, session, redirect_uri,
              challenge, created_at, code_expires_at, expires_at ",
            $tail
        )
    };
}

/// Spends a code; `None` where it is unknown, another client's, over, spent or revoked.
pub async fn spend_code(tx: &mut Tx, code_hash: &str, client_id: &str, now: i64) -> Result<Option<AuthorizationRow>> {
    Ok(maybe!(
        tx,
        columns!(
            "UPDATE authorizations SET redeemed_at = $3
             WHERE code_hash = $1 AND client_id = $2 AND code_expires_at > $3 AND redeemed_at IS NULL
                AND revoked_at IS NULL
             RETURNING",
            ""
        ),
        code_hash,
        client_id,
        now
    )?)
}

/// What became of a code that could not be spent.
#[derive(Debug, sqlx::FromRow)]
pub struct OldCode {
    pub id: String,
    pub redeemed: bool,
}

pub async fn old_code(tx: &mut Tx, code_hash: &str, client_id: &str) -> Result<Option<OldCode>> {
    Ok(maybe!(
        tx,
        "SELECT id, redeemed_at IS NOT NULL AS redeemed FROM authorizations WHERE code_hash = $1 AND client_id = $2",
        code_hash,
        client_id
    )?)
}

/// The authorization, unless it has been revoked; nobody can revoke it before this transaction has ended.
pub async fn hold(tx: &mut Tx, id: &str) -> Result<Option<AuthorizationRow>> {
    Ok(maybe!(
        tx,
        columns!("UPDATE authorizations SET revoked_at = NULL WHERE id = $1 AND revoked_at IS NULL RETURNING", ""),
        id
    )?)
}

/// Ends the authorizations of which the condition is true, with all that they led to; gives how many had not ended before.
/// `$1` is the time. Whoever is about to give a token out holds its authorization, so these come first.
macro_rules! revoke {
    ($tx:expr, $now:expr, $condition:literal, $($value:expr),+) => {{
        let ended = exec!(
            $tx,
            concat!("UPDATE authorizations SET revoked_at = $1 WHERE ", $condition, " AND revoked_at IS NULL"),
            $now,
            $($value),+
        )?;
        exec!(
            $tx,
            concat!(
                "UPDATE access_token SET revoked_at = $1 WHERE revoked_at IS NULL AND authorization_id IN
                    (SELECT id FROM authorizations WHERE ", $condition, ")"
            ),
            $now,
            $($value),+
        )?;
        ended
    }};
}

/// Ends whatever follows from an authorization; `false` where it was over before.
pub async fn revoke(tx: &mut Tx, id: &str, now: i64) -> Result<bool> {
    Ok(revoke!(tx, now, "id = $2", id) == 1)
}

/// Ends all that a person's sign-ins to apps led to.
pub async fn revoke_of_user(tx: &mut Tx, user_id: &str, now: i64) -> Result<()> {
    revoke!(tx, now, "user_id = $2", user_id);
    Ok(())
}

/// Ends all that the sign-ins of an organization's administrators to apps led to.
pub async fn revoke_of_administrators(tx: &mut Tx, organization_id: &str, now: i64) -> Result<()> {
    revoke!(
        tx,
        now,
        "user_id IN (SELECT administrator.user_id FROM administrator JOIN users ON users.id = administrator.user_id
                     WHERE users.organization_id = $2)",
        organization_id
    );
    Ok(())
}

/// Ends all that people's sign-ins to an app led to.
pub async fn revoke_of_client(tx: &mut Tx, client_id: &str, now: i64) -> Result<()> {
    revoke!(tx, now, "client_id = $2", client_id);
    Ok(())
}

/// Ends what the sign-ins to apps led to that went through one session of a person's browser.
pub async fn revoke_of_session(tx: &mut Tx, user_id: &str, session: &str, now: i64) -> Result<()> {
    revoke!(tx, now, "user_id = $2 AND session = $3", user_id, session);
    Ok(())
}

/// Takes a consent away, and ends whatever the app holds of the person; gives the app's name. `None` where there is none.
pub async fn withdraw(tx: &mut Tx, user_id: &str, client_id: &str, now: i64) -> Result<Option<String>> {
    let row: Option<(String,)> = maybe!(
        tx,
        "DELETE FROM consent WHERE user_id = $1 AND client_id = $2
         RETURNING (SELECT name FROM client WHERE client.id = consent.client_id)",
        user_id,
        client_id
    )?;
    let Some((name,)) = row else { return Ok(None) };
    revoke!(tx, now, "user_id = $2 AND client_id = $3", user_id, client_id);
    Ok(Some(name))
}

/// Deletes what is over: authorizations after their last day, or a day after a code that nobody redeemed.
pub async fn sweep(tx: &mut Tx, now: i64) -> Result<u64> {
    Ok(exec!(
        tx,
        "DELETE FROM authorizations
         WHERE expires_at <= $1 OR (redeemed_at IS NULL AND code_expires_at <= $1 - 86400000)",
        now
    )?)
}
