//! Users, their standing and how many stand where.

use serde::Serialize;

use super::{Tx, all, exec, maybe, set};
use crate::{
    Result,
    actor::Language,
    event::{EventKind, Standing},
    user::UserState,
};

/// A user to be inserted.
#[derive(Debug, Serialize)]
pub struct NewUser {
    pub id: String,
    pub number: i64,
    pub organization_id: String,
    pub username: String,
    pub username_key: String,
    pub name: String,
    pub language: Language,
    pub search: String,
    pub created_at: i64,
    pub username_id: Option<String>,
    /// JSON, as it is stored.
    pub profile: String,
    pub folded: String,
    pub public_data: String,
    pub private_data: String,
    pub metadata: String,
    pub population_id: Option<String>,
    pub verification_required: bool,
}

/// Inserts users, *not verified* and with an empty history; gives the ids of those whose user name was free.
pub async fn insert(tx: &mut Tx, users: &[NewUser]) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = all!(
        tx,
        set!(id TEXT, number BIGINT, organization_id TEXT, username TEXT, username_key TEXT, name TEXT, language TEXT, search TEXT, created_at BIGINT,
            username_id TEXT, profile TEXT, folded TEXT, public_data TEXT, private_data TEXT, metadata TEXT, population_id TEXT, verification_required BOOLEAN;
            "INSERT INTO users (id, number, organization_id, username, username_key, name, language, state, standing, standing_was, last_step, sequence, search, created_at, changed_at,
                username_id, profile, folded, public_data, private_data, metadata, population_id, verification_required)
             SELECT id, number, organization_id, username, username_key, name, language, 'active', 'unverified', 'unverified', 'user-created', 0, search, created_at, created_at,
                username_id, profile, folded, public_data, private_data, metadata, population_id, verification_required
             FROM input WHERE one = 1
             ON CONFLICT DO NOTHING RETURNING id"),
        serde_json::to_string(users)?
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Which of these user names, given as they are compared, somebody in the organization has.
///
/// Each is looked up by itself: for a join SQLite reads every user of the organization.
pub async fn taken_usernames(tx: &mut Tx, organization_id: &str, keys: &[&str]) -> Result<Vec<String>> {
    let keys: Vec<_> = keys.iter().map(|key| serde_json::json!({ "username_key": key })).collect();
    let rows: Vec<(String,)> = all!(
        tx,
        set!(username_key TEXT;
            "SELECT input.username_key FROM input WHERE EXISTS
                (SELECT 1 FROM users WHERE users.organization_id = $2 AND users.username_key = input.username_key)"),
        serde_json::to_string(&keys)?,
        organization_id
    )?;
    Ok(rows.into_iter().map(|(key,)| key).collect())
}

pub async fn delete(tx: &mut Tx, id: &str) -> Result<()> {
    exec!(tx, "DELETE FROM users WHERE id = $1", id)?;
    Ok(())
}

/// A user who is about to get so many events.
#[derive(Debug, Serialize)]
pub struct Touch<'a> {
    pub id: &'a str,
    pub count: i64,
    pub last_step: EventKind,
}

/// Where a touched user stood and stands, and the number of the last of the events.
#[derive(Debug, sqlx::FromRow)]
pub struct Place {
    pub id: String,
    pub organization_id: String,
    pub sequence: i64,
    pub standing_was: Standing,
    pub standing: Standing,
}

/// Has every other writer of these users wait until this transaction ends. SQLite has one writer anyway.
///
/// On Postgres a statement sees what was committed when it began. One that had to wait for a row sees the new row, but
/// beside it the old state of every other table. So: lock first, then read in a statement of its own.
pub async fn lock<'a>(tx: &mut Tx, user_ids: impl IntoIterator<Item = &'a str>) -> Result<()> {
    if !matches!(tx, Tx::Postgres(_)) {
        return Ok(());
    }
    let ids: Vec<_> = user_ids.into_iter().map(|id| serde_json::json!({ "id": id })).collect();
    // In one order, so that two batches do not wait for each other; and not against who has only referred to the user.
    let _: Vec<(String,)> = all!(
        tx,
        (
            "SELECT id FROM users WHERE id IN (SELECT value->>'id' FROM json_each($1))",
            "SELECT id FROM users WHERE id IN (SELECT value->>'id' FROM jsonb_array_elements(CAST($1 AS JSONB)))
             ORDER BY id FOR NO KEY UPDATE",
        ),
        serde_json::to_string(&ids)?
    )?;
    Ok(())
}

/// Takes sequence numbers and derives the standing anew, with the users locked, so that no concurrent writer comes between.
pub async fn touch(tx: &mut Tx, touched: &[Touch<'_>], now: i64) -> Result<Vec<Place>> {
    lock(tx, touched.iter().map(|touch| touch.id)).await?;
    Ok(all!(
        tx,
        set!(id TEXT, count BIGINT, last_step TEXT;
            "UPDATE users SET
                sequence = users.sequence + input.count, last_step = input.last_step, changed_at = $2, standing_was = users.standing,
                standing = CASE
                    WHEN users.state = 'disabled' THEN 'disabled'
                    WHEN EXISTS (SELECT 1 FROM email WHERE email.user_id = users.id AND email.is_primary AND email.verified_at IS NOT NULL) THEN 'verified'
                    WHEN EXISTS (SELECT 1 FROM invite WHERE invite.user_id = users.id AND invite.state IN ('pending', 'sent', 'opened', 'accepted', 'bounced')) THEN 'invited'
                    ELSE 'unverified' END
             FROM input WHERE users.id = input.id
             RETURNING users.id, organization_id, sequence, standing_was, standing"),
        serde_json::to_string(touched)?,
        now
    )?)
}

/// A change in how many users stand somewhere.
#[derive(Debug, Serialize)]
pub struct Tally {
    pub organization_id: String,
    pub standing: Standing,
    pub slot: i32,
    pub count: i64,
}

pub async fn tally(tx: &mut Tx, rows: &[Tally]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    exec!(
        tx,
        set!(organization_id TEXT, standing TEXT, slot INTEGER, count BIGINT;
            "INSERT INTO tally (organization_id, standing, slot, count)
             SELECT organization_id, standing, slot, count FROM input WHERE one = 1 ORDER BY organization_id, standing, slot
             ON CONFLICT (organization_id, standing, slot) DO UPDATE SET count = tally.count + excluded.count"),
        serde_json::to_string(rows)?
    )?;
    Ok(())
}

pub async fn counts(tx: &mut Tx, organization_id: &str) -> Result<Vec<(Standing, i64)>> {
    Ok(all!(
        tx,
        "SELECT standing, CAST(SUM(count) AS BIGINT) FROM tally WHERE organization_id = $1 GROUP BY standing",
        organization_id
    )?)
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct UserRow {
    pub id: String,
    pub number: i64,
    pub organization_id: String,
    pub username: String,
    /// The id of the user name, where it was chosen; `None` while it is the address.
    pub username_id: Option<String>,
    /// The name that people are shown.
    pub name: String,
    pub language: Language,
    pub state: UserState,
    pub locked_at: Option<i64>,
    /// Whether the account waits for a code (PingOne's lifecycle).
    pub verification_required: bool,
    /// The organization's default one for who was put in none; `None` while that is not made yet.
    pub population_id: Option<String>,
    pub standing: Standing,
    /// The number of the newest event.
    pub sequence: i64,
    pub created_at: i64,
    pub changed_at: i64,
    pub has_password: bool,
    pub password_set_at: Option<i64>,
    pub must_change_password: bool,
    pub last_sign_in_at: Option<i64>,
    pub last_sign_in_ip: Option<String>,
    /// How often the person signed in.
    pub sign_ins: i64,
}

macro_rules! user_columns {
    () => {
        "users.id, users.number, users.organization_id, users.username, users.username_id, users.name, users.language, users.state, users.locked_at,
         users.verification_required, users.standing,
         COALESCE(users.population_id, (SELECT id FROM population WHERE organization_id = users.organization_id AND is_default)) AS population_id,
         users.sequence, users.created_at, users.changed_at,
         password.user_id IS NOT NULL AS has_password, password.set_at AS password_set_at, COALESCE(password.must_change, FALSE) AS must_change_password,
         users.last_sign_in_at, users.last_sign_in_ip, users.sign_ins"
    };
}
pub(super) use user_columns;

pub async fn by_id(tx: &mut Tx, organization_id: &str, id: &str) -> Result<Option<UserRow>> {
    Ok(maybe!(
        tx,
        concat!(
            "SELECT ",
            user_columns!(),
            " FROM users LEFT JOIN password ON password.user_id = users.id WHERE users.organization_id = $1 AND users.id = $2"
        ),
        organization_id,
        id
    )?)
}

/// Moves a user from one state to the other; `false` where it was there already.
pub async fn set_state(tx: &mut Tx, organization_id: &str, id: &str, state: UserState) -> Result<bool> {
    let rows = exec!(
        tx,
        "UPDATE users SET state = $3 WHERE organization_id = $1 AND id = $2 AND state <> $3",
        organization_id,
        id,
        state
    )?;
    Ok(rows == 1)
}

/// Takes or gives back the right to sign in, without shutting the user out; `false` where nothing changed.
pub async fn set_locked(tx: &mut Tx, organization_id: &str, id: &str, locked_at: Option<i64>) -> Result<bool> {
    let rows = exec!(
        tx,
        "UPDATE users SET locked_at = $3 WHERE organization_id = $1 AND id = $2 AND (locked_at IS NULL) <> (CAST($3 AS BIGINT) IS NULL)",
        organization_id,
        id,
        locked_at
    )?;
    Ok(rows == 1)
}

/// What is kept of a user beside the addresses, as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Details {
    pub username: String,
    pub username_key: String,
    pub username_id: Option<String>,
    pub name: String,
    pub language: Language,
    pub profile: String,
    pub folded: String,
    pub public_data: String,
    pub private_data: String,
    pub metadata: String,
    pub population_id: Option<String>,
    pub verification_required: bool,
}

pub async fn details(tx: &mut Tx, id: &str) -> Result<Option<Details>> {
    Ok(maybe!(
        tx,
        "SELECT username, username_key, username_id, name, language, profile, folded, public_data, private_data, metadata, population_id, verification_required
         FROM users WHERE id = $1",
        id
    )?)
}

/// Replaces them; fails on a user name that somebody has.
pub async fn set_details(tx: &mut Tx, id: &str, details: &Details, search: &str) -> Result<(), sqlx::Error> {
    exec!(
        tx,
        "UPDATE users SET username = $2, username_key = $3, username_id = $4, name = $5, language = $6, profile = $7, folded = $8,
            public_data = $9, private_data = $10, metadata = $11, population_id = $12, verification_required = $13, search = $14
         WHERE id = $1",
        id,
        &details.username,
        &details.username_key,
        &details.username_id,
        &details.name,
        details.language,
        &details.profile,
        &details.folded,
        &details.public_data,
        &details.private_data,
        &details.metadata,
        &details.population_id,
        details.verification_required,
        search
    )?;
    Ok(())
}

/// Ends the wait of accounts for a code.
pub async fn complete(tx: &mut Tx, ids: &[String]) -> Result<()> {
    let ids: Vec<_> = ids.iter().map(|id| serde_json::json!({ "id": id })).collect();
    exec!(
        tx,
        set!(id TEXT;
            "UPDATE users SET verification_required = FALSE WHERE verification_required AND id IN (SELECT id FROM input)"),
        serde_json::to_string(&ids)?
    )?;
    Ok(())
}

/// Has an account wait for a code.
pub async fn require_verification(tx: &mut Tx, id: &str) -> Result<()> {
    exec!(tx, "UPDATE users SET verification_required = TRUE WHERE id = $1", id)?;
    Ok(())
}

/// `false` where it was so already.
pub async fn set_language(tx: &mut Tx, id: &str, language: Language) -> Result<bool> {
    Ok(exec!(tx, "UPDATE users SET language = $2 WHERE id = $1 AND language <> $2", id, language)? == 1)
}

/// Writes down that a person signed in.
pub async fn signed_in(tx: &mut Tx, id: &str, at: i64, ip: Option<&str>) -> Result<()> {
    exec!(
        tx,
        "UPDATE users SET last_sign_in_at = $2, last_sign_in_ip = $3, sign_ins = sign_ins + 1 WHERE id = $1",
        id,
        at,
        ip
    )?;
    Ok(())
}

/// Writes anew what a search finds the user by; see [`crate::user::search_text`].
pub async fn set_search(tx: &mut Tx, id: &str, search: &str) -> Result<()> {
    exec!(tx, "UPDATE users SET search = $2 WHERE id = $1", id, search)?;
    Ok(())
}
