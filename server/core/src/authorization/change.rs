//! Apps as owners see and change them.

use super::app::addresses;
use crate::{
    Refusal, Result, Vestibule,
    api_key::{Keeper, Scope, Scopes},
    event::{EventKind, record},
    store::{
        apps::{self, AppRow, EnteredApp},
        authorizations,
    },
    user::parse_name,
};

/// What an owner has entered of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppSettings {
    pub id: String,
    pub name: String,
    pub redirect_uris: Vec<String>,
    pub post_logout_uris: Vec<String>,
    /// Whether it has no secret; this stays as it was made.
    pub public: bool,
    pub first_party: bool,
    pub scopes: Vec<Scope>,
}

/// What an owner changes of an app: all of it, as [`NewApp`](super::NewApp) says.
#[derive(Clone, Debug, Default)]
pub struct AppChange {
    pub name: String,
    pub redirect_uris: Vec<String>,
    pub post_logout_uris: Vec<String>,
    pub first_party: bool,
    pub scopes: Vec<Scope>,
}

impl Vestibule {
    /// The organization's apps that are not revoked, the newest first.
    pub async fn apps(&self, by: impl Into<Keeper>) -> Result<Vec<AppSettings>> {
        let by = by.into();
        by.must_be_owner()?;
        let rows = apps::apps(&mut self.store.read().await?, by.organization_id()).await?;
        rows.into_iter().map(settings).collect()
    }

    /// Changes an app; its id and secret stay. Where it may do less than before, or people are asked from now on, whatever
    /// it holds of people ends in the same transaction: they sign in again, under the new rules. `Text` as in
    /// [`Vestibule::create_app`]; `NotFound` where there is no such app, or it is revoked.
    pub async fn change_app(&self, by: impl Into<Keeper>, id: &str, change: AppChange) -> Result<()> {
        let by = by.into();
        by.must_be_owner()?;
        let name = parse_name(&change.name)?;
        let context = (self.env.clone(), by, id.to_owned(), AppChange { name, ..change });
        self.store
            .change(context, |tx, (env, by, id, change)| {
                Box::pin(async move {
                    let found = apps::app_of(tx, by.organization_id(), id).await?.ok_or(Refusal::NotFound)?;
                    let before = settings(found)?;
                    let entered = entered(change, before.public)?;
                    if !apps::update_app(tx, id, &entered).await? {
                        return Err(Refusal::NotFound.into());
                    }
                    let less = before.scopes.iter().any(|scope| !change.scopes.contains(scope));
                    if less || (before.first_party && !change.first_party) {
                        authorizations::revoke_of_client(tx, id, env.now()).await?;
                    }
                    record(tx, env.as_ref(), by.fact(EventKind::ClientChanged, &change.name).as_slice()).await
                })
            })
            .await
    }
}

fn settings(row: AppRow) -> Result<AppSettings> {
    Ok(AppSettings {
        redirect_uris: serde_json::from_str(&row.redirect_uris)?,
        post_logout_uris: serde_json::from_str(&row.post_logout_uris)?,
        id: row.id,
        name: row.name,
        public: row.public,
        first_party: row.first_party,
        scopes: row.scopes.0,
    })
}

/// What is stored of what was entered, if an app may be so; its name has been read before.
pub(super) fn entered(change: &AppChange, public: bool) -> Result<EnteredApp> {
    let redirect_uris = addresses(&change.redirect_uris, public)?;
    let post_logout_uris = addresses(&change.post_logout_uris, public)?;
    if redirect_uris.is_empty() {
        return Err(Refusal::Text.into());
    }
    let mut scopes = change.scopes.clone();
    scopes.sort_unstable();
    scopes.dedup();
    Ok(EnteredApp {
        name: change.name.clone(),
        scopes: Scopes(scopes).to_string(),
        redirect_uris: serde_json::to_string(&redirect_uris)?,
        post_logout_uris: serde_json::to_string(&post_logout_uris)?,
        first_party: change.first_party,
    })
}
