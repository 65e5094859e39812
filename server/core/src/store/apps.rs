//! OAuth clients that people sign in to, and what people let them see. Of every secret only its SHA-256 is here.

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
