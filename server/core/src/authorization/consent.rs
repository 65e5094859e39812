//! The apps that a person has let in, as they see them and take it back.

use super::AppScopes;
use crate::{
    Refusal, Result, Vestibule,
    actor::Person,
    event::{EventData, EventKind, Fact, record},
    store::{apps, authorizations},
};

/// An app that a person has let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    pub client_id: String,
    /// The app's name of now.
    pub app: String,
    /// All that it was ever let have.
    pub scopes: AppScopes,
    /// Since when (unix milliseconds).
    pub since: i64,
}

impl Vestibule {
    /// The apps that the person has let in and that still exist, the newest first.
    pub async fn own_consents(&self, person: &Person) -> Result<Vec<Consent>> {
        let rows = apps::consents(&mut self.store.read().await?, &person.user_id).await?;
        let read = |row: apps::ConsentRow| Consent {
            client_id: row.client_id,
            app: row.name,
            scopes: AppScopes::parse(&row.scopes),
            since: row.created_at,
        };
        Ok(rows.into_iter().map(read).collect())
    }

    /// Takes back what the person has let an app do, and ends every token that it holds of them. It has to ask again.
    pub async fn withdraw_consent(&self, person: &Person, client_id: &str) -> Result<()> {
        self.store
            .change((self.env.clone(), person.clone(), client_id.to_owned()), |tx, (env, person, client_id)| {
                Box::pin(async move {
                    let name = authorizations::withdraw(tx, &person.user_id, client_id, env.now()).await?;
                    let data = EventData { reason: Some(name.ok_or(Refusal::NotFound)?), ..EventData::default() };
                    let (user_id, kind) = (person.user_id.clone(), EventKind::AppWithdrawn);
                    record(tx, env.as_ref(), &[Fact { user_id, kind, actor: person.actor(), data }]).await
                })
            })
            .await
    }
}
