//! Email addresses of users, and the only statement that sets *verified*.

use serde::Serialize;

use super::{Tx, all, exec, maybe, set};
use crate::{
    Result,
    actor::{Language, Role},
    prove::{ProofKind, Proving},
};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EmailRow {
    pub id: String,
    pub user_id: String,
    pub organization_id: String,
    pub address: String,
    pub canonical: String,
    pub is_primary: bool,
    pub created_at: i64,
    pub verified_at: Option<i64>,
    pub proof: Option<ProofKind>,
    pub proof_actor: Option<String>,
    pub proof_reason: Option<String>,
    pub proof_message: Option<String>,
}

macro_rules! email {
    ($($tail:literal)+) => {
        concat!(
            "SELECT id, user_id, organization_id, address, canonical, is_primary, created_at, verified_at, proof, proof_actor, proof_reason, proof_message FROM email ",
            $($tail),+
        )
    };
}

/// An address to be inserted.
#[derive(Debug, Serialize)]
pub struct NewEmail {
    pub id: String,
    pub organization_id: String,
    pub user_id: String,
    pub address: String,
    pub canonical: String,
    pub is_primary: bool,
    pub created_at: i64,
}

/// Inserts addresses, not verified; gives the ids of those that nobody in the organization had.
pub async fn insert(tx: &mut Tx, emails: &[NewEmail]) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = all!(
        tx,
        set!(id TEXT, organization_id TEXT, user_id TEXT, address TEXT, canonical TEXT, is_primary BOOLEAN, created_at BIGINT;
            "INSERT INTO email (id, organization_id, user_id, address, canonical, is_primary, created_at)
             SELECT id, organization_id, user_id, address, canonical, is_primary, created_at FROM input WHERE one = 1
             ON CONFLICT DO NOTHING RETURNING id"),
        serde_json::to_string(emails)?
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Sets *verified* where the address of that id is still this user's, still the same, and not verified yet.
///
/// Only [`crate::prove::prove`] calls it. Gives the ids that it changed.
pub(crate) async fn verify(tx: &mut Tx, provings: &[&Proving], now: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = all!(
        tx,
        set!(email_id TEXT, user_id TEXT, canonical TEXT, proof TEXT, actor TEXT, reason TEXT, message TEXT;
            "UPDATE email SET verified_at = $2, proof = input.proof, proof_actor = input.actor, proof_reason = input.reason, proof_message = input.message
             FROM input
             WHERE email.id = input.email_id AND email.user_id = input.user_id AND email.canonical = input.canonical AND email.verified_at IS NULL
             RETURNING email.id"),
        serde_json::to_string(provings)?,
        now
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Takes *verified* back; `false` where it was not.
pub async fn unverify(tx: &mut Tx, id: &str) -> Result<bool> {
    let rows = exec!(
        tx,
        "UPDATE email SET verified_at = NULL, proof = NULL, proof_actor = NULL, proof_reason = NULL, proof_message = NULL
         WHERE id = $1 AND verified_at IS NOT NULL",
        id
    )?;
    Ok(rows == 1)
}

pub async fn of_user(tx: &mut Tx, user_id: &str) -> Result<Vec<EmailRow>> {
    Ok(all!(tx, email!("WHERE user_id = $1 ORDER BY is_primary DESC, created_at, id"), user_id)?)
}

/// The address that a user's mails go to, if there is one.
pub async fn primary_of(tx: &mut Tx, user_id: &str) -> Result<Option<EmailRow>> {
    Ok(of_user(tx, user_id).await?.into_iter().find(|email| email.is_primary))
}

pub async fn by_id(tx: &mut Tx, organization_id: &str, user_id: &str, id: &str) -> Result<Option<EmailRow>> {
    Ok(maybe!(tx, email!("WHERE organization_id = $1 AND user_id = $2 AND id = $3"), organization_id, user_id, id)?)
}

/// Names an address of a user within an organization.
#[derive(Debug, Serialize)]
pub struct EmailKey<'a> {
    pub organization_id: &'a str,
    pub user_id: &'a str,
    pub id: &'a str,
}

pub async fn by_keys(tx: &mut Tx, keys: &[EmailKey<'_>]) -> Result<Vec<EmailRow>> {
    Ok(all!(
        tx,
        set!(organization_id TEXT, user_id TEXT, id TEXT;
            "SELECT email.id, email.user_id, email.organization_id, address, canonical, is_primary, created_at, verified_at, proof, proof_actor, proof_reason, proof_message
             FROM input JOIN email ON email.id = input.id AND email.user_id = input.user_id AND email.organization_id = input.organization_id"),
        serde_json::to_string(keys)?
    )?)
}

/// An address within an organization, by its canonical key.
#[derive(Debug, Serialize)]
pub struct CanonicalKey<'a> {
    pub organization_id: &'a str,
    pub canonical: &'a str,
}

/// Who has an address, how they are called, whether it is verified, and whether they have a way to sign in.
#[derive(Debug, sqlx::FromRow)]
pub struct Holder {
    pub organization_id: String,
    pub canonical: String,
    pub email_id: String,
    pub user_id: String,
    pub verified: bool,
    pub has_method: bool,
    pub disabled: bool,
    pub role: Option<Role>,
    pub name: String,
    pub language: Language,
}

pub async fn holders(tx: &mut Tx, keys: &[CanonicalKey<'_>]) -> Result<Vec<Holder>> {
    Ok(all!(
        tx,
        set!(organization_id TEXT, canonical TEXT;
            "SELECT email.organization_id, email.canonical, email.id AS email_id, email.user_id, email.verified_at IS NOT NULL AS verified,
                    EXISTS (SELECT 1 FROM password WHERE password.user_id = email.user_id)
                        OR EXISTS (SELECT 1 FROM passkey WHERE passkey.user_id = email.user_id)
                        OR EXISTS (SELECT 1 FROM provider_link WHERE provider_link.user_id = email.user_id) AS has_method,
                    (SELECT role FROM administrator WHERE administrator.user_id = email.user_id) AS role,
                    users.state = 'disabled' AS disabled, users.name, users.language
             FROM input JOIN email ON email.organization_id = input.organization_id AND email.canonical = input.canonical
             JOIN users ON users.id = email.user_id"),
        serde_json::to_string(keys)?
    )?)
}

/// An address somebody asks a code for, in whichever organization has it.
#[derive(Debug, sqlx::FromRow)]
pub struct Asked {
    pub id: String,
    pub user_id: String,
    pub organization_id: String,
    pub address: String,
    pub canonical: String,
    pub is_primary: bool,
    pub verified_at: Option<i64>,
    pub language: Language,
    pub disabled: bool,
}

pub async fn asked_for(tx: &mut Tx, canonical: &str) -> Result<Vec<Asked>> {
    Ok(all!(
        tx,
        "SELECT email.id, email.user_id, email.organization_id, email.address, email.canonical, email.is_primary, email.verified_at, users.language, users.state = 'disabled' AS disabled
         FROM email JOIN users ON users.id = email.user_id WHERE email.canonical = $1 ORDER BY email.created_at LIMIT 5",
        canonical
    )?)
}

/// Puts another address in the place of one; it is not verified. `false` where somebody in the organization has it.
pub async fn readdress(tx: &mut Tx, id: &str, address: &str, canonical: &str) -> Result<bool> {
    let done = exec!(
        tx,
        "UPDATE email SET address = $2, canonical = $3, verified_at = NULL, proof = NULL, proof_actor = NULL, proof_reason = NULL, proof_message = NULL
         WHERE id = $1",
        id,
        address,
        canonical
    );
    match done {
        Ok(rows) => Ok(rows == 1),
        Err(error) if super::is_taken(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

pub async fn delete(tx: &mut Tx, id: &str) -> Result<bool> {
    Ok(exec!(tx, "DELETE FROM email WHERE id = $1 AND NOT is_primary", id)? == 1)
}

/// Makes an address the primary one in two steps, because at every moment at most one is.
pub async fn make_primary(tx: &mut Tx, user_id: &str, id: &str) -> Result<bool> {
    exec!(tx, "UPDATE email SET is_primary = FALSE WHERE user_id = $1 AND is_primary AND id <> $2", user_id, id)?;
    Ok(exec!(tx, "UPDATE email SET is_primary = TRUE WHERE user_id = $1 AND id = $2 AND NOT is_primary", user_id, id)?
        == 1)
}
