//! OpenID providers, who is linked to whom there, and the sign-ins under way.

use super::{Tx, all, exec, maybe};
use crate::{
    Result,
    actor::{Language, Role},
};

/// A provider as owners see it. The secret stays sealed.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ProviderRow {
    pub id: String,
    pub organization_id: String,
    pub name: String,
    pub issuer: String,
    pub client_id: String,
    /// As it is stored; `None` for a client without one.
    pub client_secret: Option<String>,
    /// With spaces between them.
    pub scopes: String,
    pub enabled: bool,
    pub created_at: i64,
    pub changed_at: i64,
    /// How many people are linked.
    pub links: i64,
}

macro_rules! provider {
    ($($tail:literal)+) => {
        concat!(
            "SELECT provider.id, provider.organization_id, provider.name, provider.issuer, provider.client_id, provider.client_secret, provider.scopes,
                provider.enabled, provider.created_at, provider.changed_at,
                (SELECT COUNT(*) FROM provider_link WHERE provider_link.provider_id = provider.id) AS links
             FROM provider ",
            $($tail),+
        )
    };
}

/// Of an organization, oldest first.
pub async fn of_organization(tx: &mut Tx, organization_id: &str) -> Result<Vec<ProviderRow>> {
    Ok(all!(tx, provider!("WHERE organization_id = $1 ORDER BY created_at, id"), organization_id)?)
}

pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<ProviderRow>> {
    Ok(maybe!(tx, provider!("WHERE id = $1"), id)?)
}

/// An enabled provider, as people choose it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Offer {
    pub id: String,
    pub name: String,
    pub organization: String,
}

/// The enabled ones of one organization, or of all; oldest first.
pub async fn offered(tx: &mut Tx, organization_id: Option<&str>, limit: i64) -> Result<Vec<Offer>> {
    Ok(all!(
        tx,
        "SELECT provider.id, provider.name, organization.name AS organization
         FROM provider JOIN organization ON organization.id = provider.organization_id
         WHERE provider.enabled AND (CAST($1 AS TEXT) IS NULL OR provider.organization_id = $1)
         ORDER BY provider.created_at, provider.id LIMIT $2",
        organization_id,
        limit
    )?)
}

pub async fn insert(tx: &mut Tx, row: &ProviderRow) -> Result<()> {
    exec!(
        tx,
        "INSERT INTO provider (id, organization_id, name, issuer, client_id, client_secret, scopes, enabled, created_at, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &row.id,
        &row.organization_id,
        &row.name,
        &row.issuer,
        &row.client_id,
        &row.client_secret,
        &row.scopes,
        row.enabled,
        row.created_at,
        row.changed_at
    )?;
    Ok(())
}

/// Writes back what may change of a provider.
pub async fn update(tx: &mut Tx, row: &ProviderRow) -> Result<()> {
    exec!(
        tx,
        "UPDATE provider SET name = $2, client_id = $3, client_secret = $4, scopes = $5, enabled = $6, changed_at = $7 WHERE id = $1",
        &row.id,
        &row.name,
        &row.client_id,
        &row.client_secret,
        &row.scopes,
        row.enabled,
        row.changed_at
    )?;
    Ok(())
}

pub async fn delete(tx: &mut Tx, id: &str) -> Result<()> {
    exec!(tx, "DELETE FROM provider WHERE id = $1", id)?;
    Ok(())
}

/// Who is linked to a provider.
pub async fn linked_users(tx: &mut Tx, provider_id: &str) -> Result<Vec<String>> {
    let rows: Vec<(String,)> =
        all!(tx, "SELECT DISTINCT user_id FROM provider_link WHERE provider_id = $1 ORDER BY user_id", provider_id)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Somebody who is linked, with the verified address that they are told at.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Linked {
    pub user_id: String,
    pub name: String,
    pub language: Language,
    pub address: String,
}

/// Who is linked to a provider and has a verified primary address.
pub async fn linked_primaries(tx: &mut Tx, provider_id: &str) -> Result<Vec<Linked>> {
    Ok(all!(
        tx,
        "SELECT users.id AS user_id, users.name, users.language, email.address
         FROM users JOIN email ON email.user_id = users.id AND email.is_primary AND email.verified_at IS NOT NULL
         WHERE users.id IN (SELECT user_id FROM provider_link WHERE provider_id = $1) ORDER BY users.id",
        provider_id
    )?)
}

/// A person's account at a provider.
#[derive(Clone, Debug)]
pub struct NewLink {
    pub provider_id: String,
    pub subject: String,
    pub user_id: String,
    /// JSON.
    pub claims: String,
    pub created_at: i64,
}

/// Stores a link; `false` where the account is linked already, to whomever.
pub async fn link(tx: &mut Tx, link: &NewLink) -> Result<bool> {
    let rows = exec!(
        tx,
        "INSERT INTO provider_link (provider_id, subject, user_id, claims, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        &link.provider_id,
        &link.subject,
        &link.user_id,
        &link.claims,
        link.created_at
    )?;
    Ok(rows == 1)
}

/// `false` where the user has no such link.
pub async fn unlink(tx: &mut Tx, provider_id: &str, subject: &str, user_id: &str) -> Result<bool> {
    let sql = "DELETE FROM provider_link WHERE provider_id = $1 AND subject = $2 AND user_id = $3";
    Ok(exec!(tx, sql, provider_id, subject, user_id)? == 1)
}

/// Takes a user's accounts at a provider, or the one of a subject, away; gives how many there were.
pub async fn unlink_all(tx: &mut Tx, provider_id: &str, subject: Option<&str>, user_id: &str) -> Result<u64> {
    let sql = "DELETE FROM provider_link
               WHERE provider_id = $1 AND (CAST($2 AS TEXT) IS NULL OR subject = $2) AND user_id = $3";
    Ok(exec!(tx, sql, provider_id, subject, user_id)?)
}

/// Whose account it is, as sign-in sees them.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Holder {
    pub user_id: String,
    pub disabled: bool,
    pub locked: bool,
    pub role: Option<Role>,
}

pub async fn holder(tx: &mut Tx, provider_id: &str, subject: &str) -> Result<Option<Holder>> {
    Ok(maybe!(
        tx,
        "SELECT users.id AS user_id, users.state = 'disabled' AS disabled, users.locked_at IS NOT NULL AS locked, administrator.role
         FROM provider_link JOIN users ON users.id = provider_link.user_id LEFT JOIN administrator ON administrator.user_id = users.id
         WHERE provider_link.provider_id = $1 AND provider_link.subject = $2",
        provider_id,
        subject
    )?)
}

/// Writes down a use, and what the provider says of the person now.
pub async fn used(tx: &mut Tx, provider_id: &str, subject: &str, claims: &str, now: i64) -> Result<()> {
    exec!(
        tx,
        "UPDATE provider_link SET claims = $3, last_used_at = $4 WHERE provider_id = $1 AND subject = $2",
        provider_id,
        subject,
        claims,
        now
    )?;
    Ok(())
}

/// A sign-in that a browser is about to begin.
#[derive(Clone, Debug)]
pub struct NewFlow {
    pub id: String,
    pub provider_id: String,
    pub user_id: Option<String>,
    pub created_at: i64,
    pub expires_at: i64,
}

pub async fn begin(tx: &mut Tx, flow: &NewFlow) -> Result<()> {
    exec!(
        tx,
        "INSERT INTO company_flow (id, provider_id, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        &flow.id,
        &flow.provider_id,
        &flow.user_id,
        flow.created_at,
        flow.expires_at
    )?;
    Ok(())
}

/// Takes a flow away for good and gives its provider; `None` where there is none for the user, or its time is over.
pub async fn take(tx: &mut Tx, id: &str, user_id: Option<&str>, now: i64) -> Result<Option<String>> {
    let row: Option<(String, i64)> = maybe!(
        tx,
        "DELETE FROM company_flow WHERE id = $1 AND (user_id = $2 OR (user_id IS NULL AND CAST($2 AS TEXT) IS NULL))
         RETURNING provider_id, expires_at",
        id,
        user_id
    )?;
    Ok(row.filter(|(_, expires_at)| *expires_at > now).map(|(provider_id, _)| provider_id))
}

pub async fn sweep(tx: &mut Tx, now: i64) -> Result<u64> {
    Ok(exec!(tx, "DELETE FROM company_flow WHERE expires_at <= $1", now)?)
}
