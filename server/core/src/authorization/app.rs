//! Apps: made, found by their id, and known by their secret.

use subtle::ConstantTimeEq;

use super::{
    Denial,
    change::{AppChange, entered},
    departure::is_redirect_address,
};
use crate::{
    Refusal, Result, Vestibule,
    api_key::{Keeper, Scope, Scopes, must_exist},
    event::{EventKind, record},
    is_id,
    secret::Token,
    store::apps::{self, ClientKind, ClientRow, NewAppRow},
    user::parse_name,
};

/// How many addresses of a kind an app may have.
pub const MOST_ADDRESSES: usize = 20;

/// What a new app is to be.
#[derive(Clone, Debug, Default)]
pub struct NewApp {
    /// What people know it by.
    pub name: String,
    /// Where codes may be sent: at least one, matched sign by sign.
    pub redirect_uris: Vec<String>,
    /// Where people may be led after signing out.
    pub post_logout_uris: Vec<String>,
    /// Whether it cannot keep a secret: it runs on people's own devices.
    pub public: bool,
    /// Whether it is the organization's own, so that people need not be asked.
    pub first_party: bool,
    /// What of our own API it may ask people for.
    pub scopes: Vec<Scope>,
}

/// An app that was just made, with its secret, shown this once; a public one has none.
#[derive(Clone, Debug)]
pub struct MadeApp {
    pub id: String,
    pub secret: Option<Token>,
}

/// An OAuth client that is live, whoever speaks of it.
#[derive(Clone, Debug)]
pub struct App {
    pub id: String,
    pub organization_id: String,
    pub organization_name: String,
    pub name: String,
    pub first_party: bool,
    pub public: bool,
    pub(crate) kind: ClientKind,
    pub(crate) scopes: Scopes,
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) post_logout_uris: Vec<String>,
}

/// A client that has shown who it is, as far as it can.
#[derive(Clone, Debug)]
pub struct CallingClient(pub(crate) App);

impl CallingClient {
    pub fn app(&self) -> &App {
        &self.0
    }
}

impl Vestibule {
    /// Makes an app. `Text` where an address is none that an app may have, or there is none or too many.
    pub async fn create_app(&self, by: impl Into<Keeper>, new: NewApp) -> Result<MadeApp> {
        let by = by.into();
        by.must_be_owner()?;
        let NewApp { name, redirect_uris, post_logout_uris, public, first_party, scopes } = new;
        let name = parse_name(&name)?;
        let entered = entered(&AppChange { name, redirect_uris, post_logout_uris, first_party, scopes }, public)?;
        let secret = (!public).then(|| Token::draw(self.env.as_ref()));
        let fact = by.fact(EventKind::ClientCreated, &entered.name);
        let row = NewAppRow {
            id: self.env.id(),
            organization_id: by.organization_id().to_owned(),
            secret_hash: secret.as_ref().map(Token::hash),
            entered,
            created_by: by.name(),
            created_at: self.env.now(),
        };
        let id = row.id.clone();
        self.store
            .change((self.env.clone(), row, fact), |tx, (env, row, fact)| {
                Box::pin(async move {
                    must_exist(tx, &row.organization_id).await?;
                    apps::insert_app(tx, row).await?;
                    record(tx, env.as_ref(), fact.as_slice()).await
                })
            })
            .await?;
        Ok(MadeApp { id, secret })
    }

    /// The live client of an id.
    pub async fn app(&self, id: &str) -> Result<Option<App>> {
        if !is_id(id) {
            return Ok(None);
        }
        let found = apps::live_client(&mut self.store.read().await?, id, self.env.now()).await?;
        found.map(|row| read(row).map(|(app, _)| app)).transpose()
    }

    /// The client that shows this id and this secret; a public one shows none. Whatever is wrong, the steps are the same.
    pub async fn calling_client(&self, id: &str, secret: Option<&str>) -> Result<Result<CallingClient, Denial>> {
        let id = if is_id(id) { id } else { "" };
        let found = apps::live_client(&mut self.store.read().await?, id, self.env.now()).await?;
        let Some((app, stored)) = found.map(read).transpose()? else { return Ok(Err(Denial::Client)) };
        let right = match (&stored, secret.and_then(Token::parse)) {
            (Some(stored), Some(secret)) => bool::from(secret.hash().as_bytes().ct_eq(stored.as_bytes())),
            // A machine without a secret cannot be made; one from elsewhere shows nothing that could be trusted.
            (None, None) => secret.is_none() && app.kind == ClientKind::App,
            (Some(_), None) | (None, Some(_)) => false,
        };
        Ok(if right { Ok(CallingClient(app)) } else { Err(Denial::Client) })
    }
}

/// Each address once.
pub(super) fn addresses(all: &[String], public: bool) -> Result<Vec<String>, Refusal> {
    let mut kept: Vec<String> = Vec::new();
    for text in all.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
        if !is_redirect_address(text, public) {
            return Err(Refusal::Text);
        }
        if !kept.iter().any(|other| other == text) {
            kept.push(text.to_owned());
        }
    }
    if kept.len() > MOST_ADDRESSES { Err(Refusal::Text) } else { Ok(kept) }
}

fn read(row: ClientRow) -> Result<(App, Option<String>)> {
    let app = App {
        redirect_uris: serde_json::from_str(&row.redirect_uris)?,
        post_logout_uris: serde_json::from_str(&row.post_logout_uris)?,
        public: row.secret_hash.is_none(),
        id: row.id,
        organization_id: row.organization_id,
        organization_name: row.organization_name,
        name: row.name,
        first_party: row.first_party,
        kind: row.kind,
        scopes: row.scopes,
    };
    Ok((app, row.secret_hash))
}
