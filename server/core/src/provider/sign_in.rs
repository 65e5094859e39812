//! Signing in by a company account that is linked already.

use super::{Claims, Subject};
use crate::{
    Refusal, Result, Vestibule,
    actor::{Actor, Person},
    env::MINUTE,
    event::{EventData, EventKind, Fact},
    password::SignedIn,
    store::{emails, providers, users},
};

/// How far a provider's clock may be behind ours, in milliseconds.
const SKEW: i64 = MINUTE;

impl Vestibule {
    /// Signs in whom the provider has recognized. An account that nobody linked is refused with `ProviderUnknown`: only
    /// who is signed in, or sets up their first method, can link one, or whoever holds an address at the provider would
    /// hold the user. Who is disabled or locked is told so; they have shown who they are.
    pub async fn sign_in_by_provider(
        &self,
        provider_id: &str,
        subject: Subject,
        claims: Claims,
        ip: Option<String>,
    ) -> Result<SignedIn> {
        let context = (self.env.clone(), provider_id.to_owned(), subject, claims, ip);
        self.store
            .change(context, |tx, (env, provider_id, subject, claims, ip)| {
                Box::pin(async move {
                    let provider = providers::by_id(tx, provider_id).await?.filter(|provider| provider.enabled);
                    let provider = provider.ok_or(Refusal::NotFound)?;
                    let holder = providers::holder(tx, provider_id, subject.as_str()).await?;
                    let holder = holder.ok_or(Refusal::ProviderUnknown)?;
                    if holder.disabled || holder.locked {
                        return Err(Refusal::Disabled.into());
                    }
                    let (user_id, now) = (holder.user_id, env.now());
                    providers::used(tx, provider_id, subject.as_str(), &claims.kept()?, now).await?;
                    users::signed_in(tx, &user_id, now, ip.as_deref()).await?;
                    let data = EventData { reason: Some(provider.name), ip: ip.clone(), ..EventData::default() };
                    let actor = Actor::Person { id: user_id.clone() };
                    let fact = Fact { user_id: user_id.clone(), kind: EventKind::SignedIn, actor, data };
                    let emails = emails::of_user(tx, &user_id).await?;
                    claims.prove(tx, env.as_ref(), &emails, vec![fact], ip.clone()).await?;
                    Ok(SignedIn { user_id, is_administrator: holder.role.is_some(), must_change: None })
                })
            })
            .await
    }

    /// Whether the account that the provider has recognized is linked to this person, who shows again who they are.
    /// Another's is `ProviderTaken`, nobody's `ProviderUnknown`; one that the provider says it has known since before
    /// `since` (unix milliseconds) is `ProviderNotAnew`.
    pub async fn confirm_by_provider(
        &self,
        person: &Person,
        provider_id: &str,
        subject: &Subject,
        claims: &Claims,
        since: i64,
    ) -> Result<()> {
        if claims.authenticated_at().is_some_and(|at| at.saturating_add(SKEW) < since) {
            return Err(Refusal::ProviderNotAnew.into());
        }
        let mut tx = self.store.read().await?;
        let provider = providers::by_id(&mut tx, provider_id).await?.filter(|provider| provider.enabled);
        provider.ok_or(Refusal::NotFound)?;
        let holder = providers::holder(&mut tx, provider_id, subject.as_str()).await?;
        let holder = holder.ok_or(Refusal::ProviderUnknown)?;
        if holder.user_id != person.user_id {
            return Err(Refusal::ProviderTaken.into());
        }
        if holder.disabled || holder.locked { Err(Refusal::Disabled.into()) } else { Ok(()) }
    }
}
