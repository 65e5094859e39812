//! Company accounts: OpenID providers of an organization, and the people who are known there.
//!
//! Who talks to a provider is none of the core's business. It hands out what that takes ([`Registration`], [`Flow`]) and
//! decides on what comes back: a subject and claims that have been checked.

mod claims;
mod entered;
mod flow;
mod link;
mod sealed;
mod sign_in;
mod unlink;

use std::fmt;

use crate::{
    Refusal, Result, Vestibule,
    actor::{Admin, Role},
    event::{EventData, EventKind, Fact, record},
    store::{
        Tx,
        providers::{self, ProviderRow},
    },
    user::parse_name,
};

pub use self::{
    claims::{Claims, Subject},
    flow::{FLOW, Flow},
};
use self::{
    entered::{credential, issuer, scopes},
    sealed::open,
};
pub use crate::store::providers::Offer;

/// What is asked of a provider unless an owner says otherwise.
pub const SCOPES: &str = "openid email profile";
/// How many providers a page offers at the most.
const OFFERED: i64 = 20;

/// A provider as owners see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    pub id: String,
    pub name: String,
    pub issuer: String,
    pub client_id: String,
    /// Whether a secret is stored. It is never shown again.
    pub has_secret: bool,
    pub scopes: String,
    pub enabled: bool,
    pub created_at: i64,
    /// How many people are linked.
    pub links: i64,
}

/// What an owner enters. The issuer cannot change later: another issuer has other people.
#[derive(Clone, Default)]
pub struct NewProvider {
    pub name: String,
    pub issuer: String,
    pub client_id: String,
    /// Blank: the provider knows this client without one.
    pub client_secret: String,
    /// Blank: [`SCOPES`].
    pub scopes: String,
}

/// What an owner changes.
#[derive(Clone, Default)]
pub struct ProviderChange {
    pub name: String,
    pub client_id: String,
    /// Blank: the one that is stored.
    pub client_secret: String,
    pub scopes: String,
}

/// What it takes to talk to a provider.
#[derive(Clone, PartialEq, Eq)]
pub struct Registration {
    pub provider_id: String,
    pub organization_id: String,
    pub name: String,
    pub issuer: String,
    pub client_id: String,
    pub client_secret: Option<String>,
    pub scopes: Vec<String>,
}

impl fmt::Debug for NewProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewProvider").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl fmt::Debug for ProviderChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProviderChange(…)")
    }
}

impl fmt::Debug for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registration").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl Vestibule {
    /// The providers of an owner's organization, oldest first.
    pub async fn providers(&self, admin: &Admin) -> Result<Vec<Provider>> {
        admin.must_be(Role::Owner)?;
        let rows = providers::of_organization(&mut self.store.read().await?, &admin.organization_id).await?;
        Ok(rows.into_iter().map(Provider::from).collect())
    }

    /// Adds a provider, enabled; gives its id.
    pub async fn create_provider(&self, admin: &Admin, new: NewProvider) -> Result<String> {
        admin.must_be(Role::Owner)?;
        let (id, now) = (self.env.id(), self.env.now());
        let row = ProviderRow {
            organization_id: admin.organization_id.clone(),
            name: parse_name(&new.name)?,
            issuer: issuer(&new.issuer)?,
            client_id: credential(&new.client_id)?.ok_or(Refusal::Text)?,
            client_secret: self.sealed_secret(&id, credential(&new.client_secret)?)?,
            scopes: scopes(&new.scopes)?,
            enabled: true,
            created_at: now,
            changed_at: now,
            links: 0,
            id: id.clone(),
        };
        self.store
            .change((self.env.clone(), admin.clone(), row), |tx, (env, admin, row)| {
                Box::pin(async move {
                    providers::insert(tx, row).await?;
                    record(tx, env.as_ref(), &[fact(admin, EventKind::ProviderAdded, &row.name)]).await
                })
            })
            .await?;
        Ok(id)
    }

    /// Changes a provider; people stay linked.
    pub async fn change_provider(&self, admin: &Admin, id: &str, change: ProviderChange) -> Result<()> {
        let name = parse_name(&change.name)?;
        let client_id = credential(&change.client_id)?.ok_or(Refusal::Text)?;
        let secret = self.sealed_secret(id, credential(&change.client_secret)?)?;
        let scopes = scopes(&change.scopes)?;
        let edit = move |row: ProviderRow| ProviderRow {
            name: name.clone(),
            client_id: client_id.clone(),
            client_secret: secret.clone().or(row.client_secret),
            scopes: scopes.clone(),
            ..row
        };
        self.edit_provider(admin, id, edit).await
    }

    /// Offers a provider to people, or no longer. Who is linked stays so and cannot sign in by it meanwhile.
    pub async fn enable_provider(&self, admin: &Admin, id: &str, enabled: bool) -> Result<()> {
        self.edit_provider(admin, id, move |row| ProviderRow { enabled, ..row }).await
    }

    async fn edit_provider<F>(&self, admin: &Admin, id: &str, edit: F) -> Result<()>
    where
        F: Fn(ProviderRow) -> ProviderRow + Send + Sync + 'static,
    {
        admin.must_be(Role::Owner)?;
        self.store
            .change((self.env.clone(), admin.clone(), id.to_owned(), edit), |tx, (env, admin, id, edit)| {
                Box::pin(async move {
                    let row = ProviderRow { changed_at: env.now(), ..edit(own(tx, admin, id).await?) };
                    providers::update(tx, &row).await?;
                    record(tx, env.as_ref(), &[fact(admin, EventKind::ProviderChanged, &row.name)]).await
                })
            })
            .await
    }

    /// Deletes a provider. Whoever has no other way to sign in needs a new password or a new invite afterwards.
    pub async fn delete_provider(&self, admin: &Admin, id: &str) -> Result<()> {
        admin.must_be(Role::Owner)?;
        self.store
            .change((self.env.clone(), admin.clone(), id.to_owned()), |tx, (env, admin, id)| {
                Box::pin(async move {
                    let row = own(tx, admin, id).await?;
                    let mut facts = vec![fact(admin, EventKind::ProviderRemoved, &row.name)];
                    let unlinked = fact(admin, EventKind::ProviderUnlinked, &row.name);
                    for user_id in providers::linked_users(tx, id).await? {
                        facts.push(Fact { user_id, ..unlinked.clone() });
                    }
                    link::tell_linked(tx, env.as_ref(), &row).await?;
                    providers::delete(tx, id).await?;
                    record(tx, env.as_ref(), &facts).await
                })
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }

    /// The providers that an organization offers its people.
    pub async fn providers_of(&self, organization_id: &str) -> Result<Vec<Offer>> {
        providers::offered(&mut self.store.read().await?, Some(organization_id), OFFERED).await
    }

    /// The providers that the sign-in page offers, where nobody has said yet which organization is theirs.
    pub async fn sign_in_providers(&self) -> Result<Vec<Offer>> {
        providers::offered(&mut self.store.read().await?, None, OFFERED).await
    }

    /// What it takes to talk to an enabled provider.
    pub async fn registration(&self, provider_id: &str) -> Result<Registration> {
        let row = providers::by_id(&mut self.store.read().await?, provider_id).await?;
        self.opened(row.filter(|row| row.enabled).ok_or(Refusal::NotFound)?)
    }

    /// The same for an owner who wants to know whether it works.
    pub async fn registration_to_check(&self, admin: &Admin, provider_id: &str) -> Result<Registration> {
        admin.must_be(Role::Owner)?;
        self.opened(own(&mut self.store.read().await?, admin, provider_id).await?)
    }

    fn opened(&self, row: ProviderRow) -> Result<Registration> {
        let client_secret = row.client_secret.map(|sealed| open(&self.key, &row.id, &sealed)).transpose()?;
        Ok(Registration {
            client_secret,
            provider_id: row.id,
            organization_id: row.organization_id,
            name: row.name,
            issuer: row.issuer,
            client_id: row.client_id,
            scopes: row.scopes.split(' ').map(str::to_owned).collect(),
        })
    }
}

impl From<ProviderRow> for Provider {
    fn from(row: ProviderRow) -> Self {
        let ProviderRow { id, name, issuer, client_id, scopes, enabled, created_at, links, .. } = row;
        let has_secret = row.client_secret.is_some();
        Self { id, name, issuer, client_id, has_secret, scopes, enabled, created_at, links }
    }
}

async fn own(tx: &mut Tx, admin: &Admin, id: &str) -> Result<ProviderRow> {
    let row = providers::by_id(tx, id).await?.filter(|row| row.organization_id == admin.organization_id);
    Ok(row.ok_or(Refusal::NotFound)?)
}

/// A line of the owner's own history.
fn fact(admin: &Admin, kind: EventKind, name: &str) -> Fact {
    let data = EventData { reason: Some(name.to_owned()), ..EventData::default() };
    Fact { user_id: admin.user_id.clone(), kind, actor: admin.actor(), data }
}
