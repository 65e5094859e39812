//! Linking a company account: as the first way to sign in, or one more.

use super::{Claims, Subject};
use crate::{
    Refusal, Result, Vestibule,
    actor::{Actor, Person},
    code::Purpose,
    env::Env,
    event::{EventData, EventKind, Fact, record},
    invite,
    organization::Method,
    outbox::{MessageData, MessageKind},
    passkey::must_keep_one,
    password::SignedIn,
    prove::{ProofKind, Proving, prove},
    redeem::Redeemed,
    store::{
        Tx, accounts,
        emails::{self, EmailRow},
        messages::{self, NewMessage},
        passkeys,
        providers::{self, NewLink, ProviderRow},
        users,
        users::UserRow,
    },
    user::{UserState, addresses::tell},
};

/// An account at a provider, on its way to a user.
#[derive(Clone)]
struct Linking {
    organization_id: String,
    user_id: String,
    provider_id: String,
    subject: Subject,
    claims: Claims,
}

impl Vestibule {
    /// Links the company account of who redeemed an invite, and spends the invite in the same transaction. The provider
    /// must call one of the user's addresses verified: `ProviderMismatch`.
    pub async fn link_first_provider(
        &self,
        redeemed: &Redeemed,
        provider_id: &str,
        subject: Subject,
        claims: Claims,
    ) -> Result<SignedIn> {
        let linking = Linking {
            organization_id: redeemed.organization_id.clone(),
            user_id: redeemed.user_id.clone(),
            provider_id: provider_id.to_owned(),
            subject,
            claims,
        };
        let signed_in = self
            .store
            .change((self.env.clone(), redeemed.clone(), linking), |tx, (env, redeemed, linking)| {
                Box::pin(async move {
                    let organization = accounts::organization(tx, &redeemed.organization_id).await?;
                    let policy = organization.ok_or(Refusal::NotFound)?.policy;
                    if redeemed.purpose != Purpose::Invite {
                        return Err(Refusal::SetupOver.into());
                    }
                    if !policy.first_methods.contains(&Method::Provider) {
                        return Err(Refusal::MethodNotAllowed.into());
                    }
                    let (provider, user) = linking.both(tx).await?;
                    if passkeys::methods(tx, &redeemed.user_id).await? > 0 {
                        return Err(Refusal::HasMethod.into());
                    }
                    let emails = emails::of_user(tx, &redeemed.user_id).await?;
                    if linking.claims.matching(&emails).is_none() {
                        return Err(linking.claims.mismatch(&emails).into());
                    }
                    if !invite::spend(tx, env.as_ref(), redeemed).await? {
                        return Err(Refusal::SetupOver.into());
                    }
                    let mut facts = linking.link(tx, env.as_ref(), &provider, &user).await?;
                    facts.push(linking.fact(EventKind::InviteReady, &provider));
                    linking.claims.prove(tx, env.as_ref(), &emails, facts, None).await?;
                    let account = accounts::account_by_id(tx, &redeemed.user_id).await?.ok_or(Refusal::NotFound)?;
                    Ok(SignedIn {
                        user_id: account.user_id,
                        is_administrator: account.role.is_some(),
                        must_change: None,
                    })
                })
            })
            .await?;
        self.wake_outbox();
        Ok(signed_in)
    }

    /// Links one more company account to the person's own account. Its address may be any: the person is signed in on
    /// both sides.
    pub async fn link_provider(
        &self,
        person: &Person,
        provider_id: &str,
        subject: Subject,
        claims: Claims,
    ) -> Result<()> {
        let linking = Linking {
            organization_id: person.organization_id.clone(),
            user_id: person.user_id.clone(),
            provider_id: provider_id.to_owned(),
            subject,
            claims,
        };
        self.store
            .change((self.env.clone(), linking), |tx, (env, linking)| {
                Box::pin(async move {
                    let (provider, user) = linking.both(tx).await?;
                    let emails = emails::of_user(tx, &user.id).await?;
                    let mut facts = linking.link(tx, env.as_ref(), &provider, &user).await?;
                    if invite::end_by_method(tx, env.as_ref(), &user.id).await? {
                        facts.push(linking.fact(EventKind::InviteReady, &provider));
                    }
                    linking.claims.prove(tx, env.as_ref(), &emails, facts, None).await
                })
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }

    /// Takes a company account of the person's away. Their last way to sign in stays: `LastMethod`.
    pub async fn unlink_provider(&self, person: &Person, provider_id: &str, subject: &str) -> Result<()> {
        let link = (provider_id.to_owned(), subject.to_owned());
        self.store
            .change((self.env.clone(), person.clone(), link), |tx, (env, person, (provider_id, subject))| {
                Box::pin(async move {
                    must_keep_one(tx, env.as_ref(), &person.user_id).await?;
                    let provider = providers::by_id(tx, provider_id).await?.ok_or(Refusal::NotFound)?;
                    if !providers::unlink(tx, provider_id, subject, &person.user_id).await? {
                        return Err(Refusal::NotFound.into());
                    }
                    let user = users::by_id(tx, &person.organization_id, &person.user_id).await?;
                    let data = MessageData { what: provider.name.clone(), ..MessageData::default() };
                    let kind = MessageKind::CompanyUnlinked;
                    tell(tx, env.as_ref(), &user.ok_or(Refusal::NotFound)?, kind, data).await?;
                    let data = EventData { reason: Some(provider.name), ..EventData::default() };
                    let kind = EventKind::ProviderUnlinked;
                    let fact = Fact { user_id: person.user_id.clone(), kind, actor: person.actor(), data };
                    record(tx, env.as_ref(), &[fact]).await
                })
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }
}

/// Tells everybody who is linked, at their verified primary addresses, that they no longer are.
pub(super) async fn tell_linked(tx: &mut Tx, env: &dyn Env, provider: &ProviderRow) -> Result<()> {
    let letter = |linked: providers::Linked| {
        let what = provider.name.clone();
        let data = serde_json::to_string(&MessageData { name: linked.name, what, ..MessageData::default() })?;
        Ok(NewMessage {
            id: env.id(),
            number: env.number(),
            organization_id: provider.organization_id.clone(),
            user_id: Some(linked.user_id),
            challenge_id: None,
            kind: MessageKind::CompanyUnlinked,
            recipient: linked.address,
            language: linked.language,
            data,
            created_at: env.now(),
        })
    };
    let linked = providers::linked_primaries(tx, &provider.id).await?;
    let letters = linked.into_iter().map(letter).collect::<Result<Vec<_>>>()?;
    messages::insert(tx, &letters).await
}

impl Linking {
    /// The enabled provider and the user who is let in, of one organization.
    async fn both(&self, tx: &mut Tx) -> Result<(ProviderRow, UserRow)> {
        let provider = providers::by_id(tx, &self.provider_id).await?;
        let provider = provider.filter(|row| row.enabled && row.organization_id == self.organization_id);
        let user = users::by_id(tx, &self.organization_id, &self.user_id).await?.ok_or(Refusal::NotFound)?;
        if user.state == UserState::Disabled {
            return Err(Refusal::Disabled.into());
        }
        Ok((provider.ok_or(Refusal::NotFound)?, user))
    }

    /// Stores the link and tells the user by mail.
    async fn link(&self, tx: &mut Tx, env: &dyn Env, provider: &ProviderRow, user: &UserRow) -> Result<Vec<Fact>> {
        let link = NewLink {
            provider_id: self.provider_id.clone(),
            subject: self.subject.as_str().to_owned(),
            user_id: self.user_id.clone(),
            claims: self.claims.kept()?,
            created_at: env.now(),
        };
        if !providers::link(tx, &link).await? {
            let holder = providers::holder(tx, &self.provider_id, self.subject.as_str()).await?;
            let own = holder.is_some_and(|holder| holder.user_id == self.user_id);
            return Err(if own { Refusal::Unchanged } else { Refusal::ProviderTaken }.into());
        }
        let data = MessageData { what: provider.name.clone(), ..MessageData::default() };
        tell(tx, env, user, MessageKind::CompanyLinked, data).await?;
        Ok(vec![self.fact(EventKind::ProviderLinked, provider)])
    }

    fn fact(&self, kind: EventKind, provider: &ProviderRow) -> Fact {
        let reason = (kind == EventKind::ProviderLinked).then(|| provider.name.clone());
        let data = EventData { reason, ..EventData::default() };
        Fact { user_id: self.user_id.clone(), kind, actor: Actor::Person { id: self.user_id.clone() }, data }
    }
}

impl Claims {
    /// Proves the one address of the user that the provider calls verified, if it is not proven yet, and writes the facts.
    pub(super) async fn prove(
        &self,
        tx: &mut Tx,
        env: &dyn Env,
        emails: &[EmailRow],
        facts: Vec<Fact>,
        ip: Option<String>,
    ) -> Result<()> {
        let Some(email) = self.matching(emails).filter(|email| email.verified_at.is_none()) else {
            return record(tx, env, &facts).await;
        };
        let proving = Proving {
            email_id: email.id.clone(),
            user_id: email.user_id.clone(),
            canonical: email.canonical.clone(),
            proof: ProofKind::Idp,
            actor: Actor::Person { id: email.user_id.clone() },
            reason: None,
            message: None,
            ip,
            completes: true,
        };
        prove(tx, env, &[proving], facts).await.map(drop)
    }
}
