//! Organizations, passwords, administrators, set-up links.

use super::{Tx, all, exec, maybe};
use crate::{
    Result,
    actor::{Language, Role},
    organization::{Organization, Policy},
};

#[derive(sqlx::FromRow)]
struct OrganizationRow {
    id: String,
    name: String,
    policy: String,
    created_at: i64,
}

impl OrganizationRow {
    fn read(self) -> Result<Organization> {
        let policy: Policy = serde_json::from_str(&self.policy)?;
        Ok(Organization { id: self.id, name: self.name, policy, created_at: self.created_at })
    }
}

pub async fn organizations(tx: &mut Tx) -> Result<Vec<Organization>> {
    let rows: Vec<OrganizationRow> =
        all!(tx, "SELECT id, name, policy, created_at FROM organization ORDER BY created_at, id")?;
    rows.into_iter().map(OrganizationRow::read).collect()
}

pub async fn organization(tx: &mut Tx, id: &str) -> Result<Option<Organization>> {
    let row: Option<OrganizationRow> =
        maybe!(tx, "SELECT id, name, policy, created_at FROM organization WHERE id = $1", id)?;
    row.map(OrganizationRow::read).transpose()
}

pub async fn insert_organization(tx: &mut Tx, organization: &Organization) -> Result<()> {
    let policy = serde_json::to_string(&organization.policy)?;
    exec!(
        tx,
        "INSERT INTO organization (id, name, policy, created_at) VALUES ($1, $2, $3, $4)",
        &organization.id,
        &organization.name,
        &policy,
        organization.created_at
    )?;
    Ok(())
}

pub async fn set_policy(tx: &mut Tx, id: &str, policy: &str) -> Result<()> {
    exec!(tx, "UPDATE organization SET policy = $2 WHERE id = $1", id, policy)?;
    Ok(())
}

/// A person as sign-in sees them.
#[derive(Debug, sqlx::FromRow)]
pub struct Account {
    pub user_id: String,
    pub organization_id: String,
    pub name: String,
    pub language: Language,
    pub disabled: bool,
    pub locked: bool,
    pub hash: Option<String>,
    /// Whether another one must be chosen with the next sign-in; `None` without a password.
    pub must_change: Option<bool>,
    pub role: Option<Role>,
    /// Whether they want to be asked for a passkey as well; `None` without a role.
    pub needs_passkey: Option<bool>,
}

macro_rules! account {
    ($more:literal; $tail:literal) => {
        concat!(
            "SELECT u.id AS user_id, u.organization_id, u.name, u.language, u.state = 'disabled' AS disabled, u.locked_at IS NOT NULL AS locked, p.hash, p.must_change, a.role, a.needs_passkey ",
            $more,
            " FROM users u LEFT JOIN password p ON p.user_id = u.id LEFT JOIN administrator a ON a.user_id = u.id ",
            $tail
        )
    };
}

/// The account behind a user name or an address, given as canonical key. Oldest first, should several organizations have one.
pub async fn account_by_login(tx: &mut Tx, key: &str) -> Result<Option<Account>> {
    Ok(maybe!(
        tx,
        account!(
            "";
            "WHERE u.id IN (SELECT user_id FROM email WHERE canonical = $1 UNION SELECT id FROM users WHERE username_key = $1)
             ORDER BY p.hash IS NULL, u.number LIMIT 1"
        ),
        key
    )?)
}

pub async fn account_by_id(tx: &mut Tx, user_id: &str) -> Result<Option<Account>> {
    Ok(maybe!(tx, account!(""; "WHERE u.id = $1"), user_id)?)
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    #[sqlx(flatten)]
    account: Account,
    organization_name: String,
    policy: String,
    organization_created_at: i64,
}

/// A person and the organization that they belong to.
pub async fn member(tx: &mut Tx, user_id: &str) -> Result<Option<(Account, Organization)>> {
    let row: Option<MemberRow> = maybe!(
        tx,
        account!(
            ", o.name AS organization_name, o.policy, o.created_at AS organization_created_at";
            "JOIN organization o ON o.id = u.organization_id WHERE u.id = $1"
        ),
        user_id
    )?;
    let Some(MemberRow { account, organization_name: name, policy, organization_created_at: created_at }) = row else {
        return Ok(None);
    };
    let organization = OrganizationRow { id: account.organization_id.clone(), name, policy, created_at };
    Ok(Some((account, organization.read()?)))
}

/// Stores the first password; `false` where there is one already.
pub async fn insert_password(tx: &mut Tx, user_id: &str, hash: &str, now: i64) -> Result<bool> {
    let rows = exec!(
        tx,
        "INSERT INTO password (user_id, hash, set_at) VALUES ($1, $2, $3) ON CONFLICT (user_id) DO NOTHING",
        user_id,
        hash,
        now
    )?;
    Ok(rows == 1)
}

/// Stores a password, whether or not there is one.
pub async fn set_password(tx: &mut Tx, user_id: &str, hash: &str, must_change: bool, now: i64) -> Result<()> {
    exec!(
        tx,
        "INSERT INTO password (user_id, hash, must_change, set_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, must_change = excluded.must_change, set_at = excluded.set_at",
        user_id,
        hash,
        must_change,
        now
    )?;
    Ok(())
}

/// `false` where there was none.
pub async fn delete_password(tx: &mut Tx, user_id: &str) -> Result<bool> {
    Ok(exec!(tx, "DELETE FROM password WHERE user_id = $1", user_id)? == 1)
}

/// `false` where nothing changed.
pub async fn set_must_change(tx: &mut Tx, user_id: &str, must: bool) -> Result<bool> {
    Ok(exec!(tx, "UPDATE password SET must_change = $2 WHERE user_id = $1 AND must_change <> $2", user_id, must)? == 1)
}

/// Replaces a password's hash by one of the same password under newer parameters, if it is still that one.
pub async fn rehash_password(tx: &mut Tx, user_id: &str, old: &str, new: &str) -> Result<()> {
    exec!(tx, "UPDATE password SET hash = $3 WHERE user_id = $1 AND hash = $2", user_id, old, new)?;
    Ok(())
}

pub async fn insert_administrator(tx: &mut Tx, user_id: &str, role: Role, now: i64) -> Result<()> {
    exec!(
        tx,
        "INSERT INTO administrator (user_id, role, granted_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET role = excluded.role, granted_at = excluded.granted_at",
        user_id,
        role,
        now
    )?;
    Ok(())
}

/// Whether an administrator is asked for a passkey as well; `false` where it is so already, or they are none.
pub async fn set_needs_passkey(tx: &mut Tx, user_id: &str, needs: bool) -> Result<bool> {
    let sql = "UPDATE administrator SET needs_passkey = $2 WHERE user_id = $1 AND needs_passkey <> $2";
    Ok(exec!(tx, sql, user_id, needs)? == 1)
}

/// Asks no administrator of an organization for a passkey any more, for all that they want themselves.
pub async fn forgo_passkeys(tx: &mut Tx, organization_id: &str) -> Result<()> {
    exec!(
        tx,
        "UPDATE administrator SET needs_passkey = FALSE WHERE user_id IN (SELECT id FROM users WHERE organization_id = $1)",
        organization_id
    )?;
    Ok(())
}

pub async fn delete_administrator(tx: &mut Tx, user_id: &str) -> Result<()> {
    exec!(tx, "DELETE FROM administrator WHERE user_id = $1", user_id)?;
    Ok(())
}

pub async fn has_administrator(tx: &mut Tx) -> Result<bool> {
    let row: Option<(String,)> = maybe!(tx, "SELECT user_id FROM administrator LIMIT 1")?;
    Ok(row.is_some())
}

/// Replaces whatever set-up link there was.
pub async fn replace_setup_link(tx: &mut Tx, hash: &str, now: i64, expires_at: i64) -> Result<()> {
    exec!(tx, "DELETE FROM setup_link")?;
    exec!(tx, "INSERT INTO setup_link (hash, created_at, expires_at) VALUES ($1, $2, $3)", hash, now, expires_at)?;
    Ok(())
}

pub async fn setup_link_is_open(tx: &mut Tx, hash: &str, now: i64) -> Result<bool> {
    let row: Option<(String,)> =
        maybe!(tx, "SELECT hash FROM setup_link WHERE hash = $1 AND expires_at > $2", hash, now)?;
    Ok(row.is_some())
}

/// Spends the link; `false` where it is unknown, used or over.
pub async fn spend_setup_link(tx: &mut Tx, hash: &str, now: i64) -> Result<bool> {
    Ok(exec!(tx, "DELETE FROM setup_link WHERE hash = $1 AND expires_at > $2", hash, now)? == 1)
}
