//! Apps, what people let them see, and the codes and tokens that follow. Of every secret only its SHA-256 is here.

use super::{Tx, all, exec, maybe};
use crate::{Result, api_key::Scopes, word::words};

words! {
    /// For whom a client acts.
    ClientKind {
        /// For itself.
        Machine = "machine",
        /// For the people who sign in to it.
        App = "app",
    }
}

/// An OAuth client, as the endpoints see it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ClientRow {
    pub id: String,
    pub organization_id: String,
    pub organization_name: String,
    pub name: String,
    pub kind: ClientKind,
    /// `NULL` for a public client.
    pub secret_hash: Option<String>,
    #[sqlx(try_from = "String")]
    pub scopes: Scopes,
    /// JSON arrays.
    pub redirect_uris: String,
    pub post_logout_uris: String,
    pub first_party: bool,
}

/// A client that is neither revoked nor over.
pub async fn live_client(tx: &mut Tx, id: &str, now: i64) -> Result<Option<ClientRow>> {
    Ok(maybe!(
        tx,
        "SELECT c.id, c.organization_id, o.name AS organization_name, c.name, c.kind, c.secret_hash, c.scopes,
            c.redirect_uris, c.post_logout_uris, c.first_party
         FROM client c JOIN organization o ON o.id = c.organization_id
         WHERE c.id = $1 AND c.revoked_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > $2)",
        id,
        now
    )?)
}

/// An app about to be stored.
#[derive(Clone, Debug)]
pub struct NewAppRow {
    pub id: String,
    pub organization_id: String,
    pub secret_hash: Option<String>,
    pub entered: EnteredApp,
    pub created_by: Option<String>,
    pub created_at: i64,
}

/// What an owner enters of an app, and may change.
#[derive(Clone, Debug)]
pub struct EnteredApp {
    pub name: String,
    pub scopes: String,
    pub redirect_uris: String,
    pub post_logout_uris: String,
    pub first_party: bool,
}

pub async fn insert_app(tx: &mut Tx, app: &NewAppRow) -> Result<()> {
    let entered = &app.entered;
    exec!(
        tx,
        "INSERT INTO client (id, organization_id, name, kind, secret_hash, scopes, redirect_uris, post_logout_uris,
            first_party, created_by, created_at)
         VALUES ($1, $2, $3, 'app', $4, $5, $6, $7, $8, $9, $10)",
        &app.id,
        &app.organization_id,
        &entered.name,
        app.secret_hash.as_deref(),
        &entered.scopes,
        &entered.redirect_uris,
        &entered.post_logout_uris,
        entered.first_party,
        app.created_by.as_deref(),
        app.created_at
    )?;
    Ok(())
}

/// An app as owners see it.
#[derive(Debug, sqlx::FromRow)]
pub struct AppRow {
    pub id: String,
    pub name: String,
    pub public: bool,
    #[sqlx(try_from = "String")]
    pub scopes: Scopes,
    pub redirect_uris: String,
    pub post_logout_uris: String,
    pub first_party: bool,
}

macro_rules! apps {
    ($tail:literal) => {
        concat!(
            "SELECT id, name, secret_hash IS NULL AS public, scopes, redirect_uris, post_logout_uris, first_party
             FROM client WHERE kind = 'app' AND revoked_at IS NULL AND organization_id = $1 ",
            $tail
        )
    };
}

/// The apps of an organization that are not revoked, the newest first.
pub async fn apps(tx: &mut Tx, organization_id: &str) -> Result<Vec<AppRow>> {
    Ok(all!(tx, apps!("ORDER BY created_at DESC, id DESC"), organization_id)?)
}

/// One of them.
pub async fn app_of(tx: &mut Tx, organization_id: &str, id: &str) -> Result<Option<AppRow>> {
    Ok(maybe!(tx, apps!("AND id = $2"), organization_id, id)?)
}

/// `false` where it has been revoked meanwhile.
pub async fn update_app(tx: &mut Tx, id: &str, app: &EnteredApp) -> Result<bool> {
    let rows = exec!(
        tx,
        "UPDATE client SET name = $2, scopes = $3, redirect_uris = $4, post_logout_uris = $5, first_party = $6
         WHERE id = $1 AND revoked_at IS NULL",
        id,
        &app.name,
        &app.scopes,
        &app.redirect_uris,
        &app.post_logout_uris,
        app.first_party
    )?;
    Ok(rows == 1)
}

/// The scopes that a person has let an app have.
pub async fn consented(tx: &mut Tx, user_id: &str, client_id: &str) -> Result<Option<String>> {
    let row: Option<(String,)> =
        maybe!(tx, "SELECT scopes FROM consent WHERE user_id = $1 AND client_id = $2", user_id, client_id)?;
    Ok(row.map(|(scopes,)| scopes))
}

pub async fn set_consent(tx: &mut Tx, user_id: &str, client_id: &str, scopes: &str, now: i64) -> Result<()> {
    exec!(
        tx,
        "INSERT INTO consent (user_id, client_id, scopes, created_at, changed_at) VALUES ($1, $2, $3, $4, $4)
         ON CONFLICT (user_id, client_id) DO UPDATE SET scopes = excluded.scopes, changed_at = excluded.changed_at",
        user_id,
        client_id,
        scopes,
        now
    )?;
    Ok(())
}

/// The same, and nobody withdraws it before this transaction has ended.
pub async fn hold_consent(tx: &mut Tx, user_id: &str, client_id: &str) -> Result<Option<String>> {
    let row: Option<(String,)> = maybe!(
        tx,
        "UPDATE consent SET changed_at = changed_at WHERE user_id = $1 AND client_id = $2 RETURNING scopes",
        user_id,
        client_id
    )?;
    Ok(row.map(|(scopes,)| scopes))
}

/// An app that a person has let in.
#[derive(Debug, sqlx::FromRow)]
pub struct ConsentRow {
    pub client_id: String,
    pub name: String,
    pub scopes: String,
    pub created_at: i64,
}

/// The apps that a person has let in, but for those that are revoked; the newest first.
pub async fn consents(tx: &mut Tx, user_id: &str) -> Result<Vec<ConsentRow>> {
    Ok(all!(
        tx,
        "SELECT client.id AS client_id, client.name, consent.scopes, consent.created_at
         FROM consent JOIN client ON client.id = consent.client_id
         WHERE consent.user_id = $1 AND client.revoked_at IS NULL ORDER BY consent.created_at DESC, client.id DESC",
        user_id
    )?)
}

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

/// The authorization, unless it has been revoked; nobody can revoke it before this transaction has ended.
pub async fn hold(tx: &mut Tx, id: &str) -> Result<Option<AuthorizationRow>> {
    Ok(maybe!(
        tx,
        columns!("UPDATE authorizations SET revoked_at = NULL WHERE id = $1 AND revoked_at IS NULL RETURNING", ""),
        id
    )?)
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
pub async fn keys(tx: &mut Tx) -> Result<Vec<KeyRow>> {
    Ok(all!(tx, "SELECT number, id, public, sealed, created_at, signs_from FROM signing_key ORDER BY number")?)
}

/// Stores the key of the next number; another instance may have been faster, and then this one is dropped.
pub async fn insert_key(tx: &mut Tx, key: &KeyRow) -> Result<()> {
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
pub async fn delete_keys_before(tx: &mut Tx, number: i64) -> Result<u64> {
    Ok(exec!(tx, "DELETE FROM signing_key WHERE number < $1", number)?)
}
