//! Adding, removing and choosing among a user's addresses: for an operator, and for the person.

use crate::{
    Refusal, Result, Vestibule,
    actor::{Actor, Operator, Person},
    address::EmailAddress,
    api_key::Scope,
    challenge::Ended,
    code::Purpose,
    code_request::{Asker, CodeRequest, Issued, Target, issue, recipient},
    env::Env,
    event::{EventData, EventKind, Fact, record},
    limit,
    outbox::{MessageData, MessageKind},
    store::{Tx, challenges, emails, emails::EmailRow, invites, messages, users, users::UserRow},
    user::{change::follow_with_username, outranks, search_text},
};

impl Vestibule {
    /// Gives a user another address, not verified.
    pub async fn add_address(&self, by: impl Into<Operator>, user_id: &str, address: &EmailAddress) -> Result<String> {
        let by = by.into();
        by.must(Scope::Write)?;
        self.store
            .change((self.env.clone(), by, user_id.to_owned(), address.clone()), |tx, (env, by, user_id, address)| {
                Box::pin(async move { Hand::of(tx, by, user_id).await?.add(tx, env.as_ref(), address).await })
            })
            .await
    }

    /// Takes an address other than the primary one from a user; everything sent to it stops working.
    pub async fn remove_address(&self, by: impl Into<Operator>, user_id: &str, email_id: &str) -> Result<()> {
        let by = by.into();
        by.must(Scope::Write)?;
        let context = (self.env.clone(), by, user_id.to_owned(), email_id.to_owned());
        self.store
            .change(context, |tx, (env, by, user_id, email_id)| {
                Box::pin(async move { Hand::of(tx, by, user_id).await?.remove(tx, env.as_ref(), email_id).await })
            })
            .await
    }

    /// Makes a verified address the one that mails go to; the old one is told.
    pub async fn make_primary(&self, by: impl Into<Operator>, user_id: &str, email_id: &str) -> Result<()> {
        let by = by.into();
        by.must(Scope::Write)?;
        let context = (self.env.clone(), by, user_id.to_owned(), email_id.to_owned());
        self.store
            .change(context, |tx, (env, by, user_id, email_id)| {
                Box::pin(async move { Hand::of(tx, by, user_id).await?.make_primary(tx, env.as_ref(), email_id).await })
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }

    /// Adds an address to the person's own account and sends a code to it. The primary one is told, if it is verified.
    pub async fn add_own_address(&self, person: &Person, address: &EmailAddress, ip: Option<String>) -> Result<Issued> {
        let context = (self.env.clone(), self.key.clone(), person.clone(), address.clone(), ip);
        let issued = self
            .store
            .change(context, |tx, (env, key, person, address, ip)| {
                Box::pin(async move {
                    limit::asked_from(tx, env.as_ref(), ip.as_deref()).await?;
                    limit::asked_by(tx, env.as_ref(), &person.user_id).await?;
                    let hand = Hand::own(tx, person).await?;
                    let id = hand.add(tx, env.as_ref(), address).await?;
                    let (user, email) = recipient(tx, &person.organization_id, &person.user_id, Some(&id)).await?;
                    hand.tell_primary(tx, env.as_ref(), MessageKind::AddressAdded, address.typed()).await?;
                    let asker = Asker { actor: person.actor(), ip: ip.clone() };
                    let target = Target::new(&user, &email);
                    let request = CodeRequest::default();
                    issue(tx, env.as_ref(), key, &target, Purpose::Email, &request, &asker).await
                })
            })
            .await;
        self.wake_outbox();
        issued
    }

    /// Sends a code to one of the person's own addresses.
    pub async fn send_own_code_to(&self, person: &Person, email_id: &str, ip: Option<String>) -> Result<Issued> {
        let context = (self.env.clone(), self.key.clone(), person.clone(), email_id.to_owned(), ip);
        let issued = self
            .store
            .change(context, |tx, (env, key, person, email_id, ip)| {
                Box::pin(async move {
                    limit::asked_from(tx, env.as_ref(), ip.as_deref()).await?;
                    limit::asked_by(tx, env.as_ref(), &person.user_id).await?;
                    let own = (&person.organization_id, &person.user_id);
                    let (user, email) = recipient(tx, own.0, own.1, Some(email_id)).await?;
                    if email.verified_at.is_some() {
                        return Err(Refusal::AlreadyVerified.into());
                    }
                    let asker = Asker { actor: person.actor(), ip: ip.clone() };
                    let target = Target::new(&user, &email);
                    let request = CodeRequest::default();
                    issue(tx, env.as_ref(), key, &target, Purpose::Email, &request, &asker).await
                })
            })
            .await;
        self.wake_outbox();
        issued
    }

    /// Takes one of the person's own addresses away.
    pub async fn remove_own_address(&self, person: &Person, email_id: &str) -> Result<()> {
        self.store
            .change((self.env.clone(), person.clone(), email_id.to_owned()), |tx, (env, person, email_id)| {
                Box::pin(async move { Hand::own(tx, person).await?.remove(tx, env.as_ref(), email_id).await })
            })
            .await
    }

    /// Makes one of the person's own verified addresses the primary one; the old one is told.
    pub async fn make_own_primary(&self, person: &Person, email_id: &str) -> Result<()> {
        self.store
            .change((self.env.clone(), person.clone(), email_id.to_owned()), |tx, (env, person, email_id)| {
                Box::pin(async move { Hand::own(tx, person).await?.make_primary(tx, env.as_ref(), email_id).await })
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }
}

/// A user's addresses in the hand of somebody who may change them.
struct Hand {
    user: UserRow,
    actor: Actor,
}

impl Hand {
    async fn of(tx: &mut Tx, by: &Operator, user_id: &str) -> Result<Self> {
        let user = Self::take(tx, &by.organization_id, user_id).await?;
        outranks(tx, by, user_id).await?;
        Ok(Self { user, actor: by.actor() })
    }

    async fn own(tx: &mut Tx, person: &Person) -> Result<Self> {
        let user = Self::take(tx, &person.organization_id, &person.user_id).await?;
        Ok(Self { user, actor: person.actor() })
    }

    /// One hand at a time: which address is the first or the primary one is for each to see as the last one left it.
    async fn take(tx: &mut Tx, organization_id: &str, user_id: &str) -> Result<UserRow> {
        users::lock(tx, [user_id]).await?;
        Ok(users::by_id(tx, organization_id, user_id).await?.ok_or(Refusal::NotFound)?)
    }

    async fn email(&self, tx: &mut Tx, email_id: &str) -> Result<EmailRow> {
        let email = emails::by_id(tx, &self.user.organization_id, &self.user.id, email_id).await?;
        Ok(email.ok_or(Refusal::NotFound)?)
    }

    async fn add(&self, tx: &mut Tx, env: &dyn Env, address: &EmailAddress) -> Result<String> {
        let email = emails::NewEmail {
            id: env.id(),
            organization_id: self.user.organization_id.clone(),
            user_id: self.user.id.clone(),
            address: address.typed().to_owned(),
            canonical: address.canonical().to_owned(),
            // The first one of a user who had none.
            is_primary: emails::of_user(tx, &self.user.id).await?.is_empty(),
            created_at: env.now(),
        };
        let id = email.id.clone();
        if emails::insert(tx, &[email]).await?.is_empty() {
            return Err(Refusal::AddressTaken.into());
        }
        self.changed(tx, env, EventKind::EmailAdded, address.canonical()).await?;
        Ok(id)
    }

    async fn remove(&self, tx: &mut Tx, env: &dyn Env, email_id: &str) -> Result<()> {
        let email = self.email(tx, email_id).await?;
        let ended = challenges::end_all_for_email(tx, email_id, Ended::Changed, env.now()).await?;
        messages::cancel_for_challenges(tx, &ended, env.now()).await?;
        let revoked = invites::end_for_challenges(tx, &ended, env.now()).await?;
        challenges::outlive(tx, email_id, &self.user.id).await?;
        if !emails::delete(tx, email_id).await? {
            return Err(Refusal::PrimaryAddress.into());
        }
        if revoked > 0 {
            self.changed(tx, env, EventKind::InviteRevoked, &email.canonical).await?;
        }
        self.changed(tx, env, EventKind::EmailRemoved, &email.canonical).await
    }

    async fn make_primary(&self, tx: &mut Tx, env: &dyn Env, email_id: &str) -> Result<()> {
        let email = self.email(tx, email_id).await?;
        if email.verified_at.is_none() {
            return Err(Refusal::NotVerified.into());
        }
        if email.is_primary {
            return Err(Refusal::Stale.into());
        }
        self.tell_primary(tx, env, MessageKind::PrimaryChanged, &email.address).await?;
        if !emails::make_primary(tx, &self.user.id, email_id).await? {
            return Err(Refusal::Stale.into());
        }
        // Else whoever comes to have the old address later could not: its name would still be taken.
        follow_with_username(tx, &self.user.id, &email.address, &email.canonical).await?;
        self.record(tx, env, EventKind::EmailMadePrimary, &email.canonical).await
    }

    /// Tells the primary address about another one, unless it has never been proven to be the person's.
    async fn tell_primary(&self, tx: &mut Tx, env: &dyn Env, kind: MessageKind, about: &str) -> Result<()> {
        let data = MessageData { address: about.to_owned(), ..MessageData::default() };
        tell(tx, env, &self.user, kind, data).await
    }

    /// Brings the search up to date and writes the history.
    async fn changed(&self, tx: &mut Tx, env: &dyn Env, kind: EventKind, canonical: &str) -> Result<()> {
        let addresses: Vec<String> =
            emails::of_user(tx, &self.user.id).await?.into_iter().map(|email| email.canonical).collect();
        let search = search_text(&self.user.name, &self.user.username, &addresses);
        users::set_search(tx, &self.user.id, &search).await?;
        self.record(tx, env, kind, canonical).await
    }

    async fn record(&self, tx: &mut Tx, env: &dyn Env, kind: EventKind, canonical: &str) -> Result<()> {
        let (user_id, actor) = (self.user.id.clone(), self.actor.clone());
        record(tx, env, &[Fact { user_id, kind, actor, data: EventData::address(canonical) }]).await
    }
}

/// Tells a user's primary address something, unless it has never been proven to be theirs: what happens to an account is
/// no stranger's business. One that is no longer the primary one is told in any case.
pub(crate) async fn tell(
    tx: &mut Tx,
    env: &dyn Env,
    user: &UserRow,
    kind: MessageKind,
    data: MessageData,
) -> Result<()> {
    let told = |email: &EmailRow| email.verified_at.is_some() || kind == MessageKind::PrimaryChanged;
    let Some(primary) = emails::primary_of(tx, &user.id).await?.filter(told) else { return Ok(()) };
    let data = MessageData { name: user.name.clone(), ..data };
    messages::insert(tx, &[notice(env, user, kind, primary.address, &data)?]).await
}

/// A mail that tells something and holds no secret.
pub(crate) fn notice(
    env: &dyn Env,
    user: &UserRow,
    kind: MessageKind,
    recipient: String,
    data: &MessageData,
) -> Result<messages::NewMessage> {
    Ok(messages::NewMessage {
        id: env.id(),
        number: env.number(),
        organization_id: user.organization_id.clone(),
        user_id: Some(user.id.clone()),
        challenge_id: None,
        kind,
        recipient,
        language: user.language,
        data: serde_json::to_string(data)?,
        created_at: env.now(),
    })
}
