//! Adding, removing and choosing among a user's addresses.

use crate::{
    Refusal, Result, Vestibule,
    actor::Operator,
    address::EmailAddress,
    api_key::Scope,
    challenge::Ended,
    env::Env,
    event::{EventData, EventKind, Fact, record},
    outbox::{MessageData, MessageKind},
    store::{Tx, challenges, emails, emails::EmailRow, invites, messages, users, users::UserRow},
    user::{outranks, search_text},
};

impl Vestibule {
    /// Gives a user another address, not verified.
    pub async fn add_address(&self, by: impl Into<Operator>, user_id: &str, address: &EmailAddress) -> Result<String> {
        let by = by.into();
        by.must(Scope::Write)?;
        let (env, by, user_id, address) = (self.env.clone(), by.clone(), user_id.to_owned(), address.clone());
        self.store
            .write(move |tx| {
                let (env, by, user_id, address) = (env.clone(), by.clone(), user_id.clone(), address.clone());
                Box::pin(async move {
                    let user = users::by_id(tx, &by.organization_id, &user_id).await?.ok_or(Refusal::NotFound)?;
                    outranks(tx, &by, &user_id).await?;
                    let email = emails::NewEmail {
                        id: env.id(),
                        organization_id: by.organization_id.clone(),
                        user_id: user_id.clone(),
                        address: address.typed().to_owned(),
                        canonical: address.canonical().to_owned(),
                        is_primary: false,
                        created_at: env.now(),
                    };
                    let id = email.id.clone();
                    if emails::insert(tx, &[email]).await?.is_empty() {
                        return Err(Refusal::AddressTaken.into());
                    }
                    changed(tx, env.as_ref(), &by, &user, EventKind::EmailAdded, address.canonical()).await?;
                    Ok(id)
                })
            })
            .await
    }

    /// Takes an address other than the primary one from a user; everything sent to it stops working.
    pub async fn remove_address(&self, by: impl Into<Operator>, user_id: &str, email_id: &str) -> Result<()> {
        let by = by.into();
        by.must(Scope::Write)?;
        let (env, by, user_id, email_id) = (self.env.clone(), by.clone(), user_id.to_owned(), email_id.to_owned());
        self.store
            .write(move |tx| {
                let (env, by, user_id, email_id) = (env.clone(), by.clone(), user_id.clone(), email_id.clone());
                Box::pin(async move {
                    let (user, email) = owned(tx, &by, &user_id, &email_id).await?;
                    let ended = challenges::end_all_for_email(tx, &email_id, Ended::Changed, env.now()).await?;
                    messages::cancel_for_challenges(tx, &ended, env.now()).await?;
                    let revoked = invites::end_for_challenges(tx, &ended, env.now()).await?;
                    challenges::outlive(tx, &email_id, &user_id).await?;
                    if !emails::delete(tx, &email_id).await? {
                        return Err(Refusal::PrimaryAddress.into());
                    }
                    if revoked > 0 {
                        changed(tx, env.as_ref(), &by, &user, EventKind::InviteRevoked, &email.canonical).await?;
                    }
                    changed(tx, env.as_ref(), &by, &user, EventKind::EmailRemoved, &email.canonical).await
                })
            })
            .await
    }

    /// Makes a verified address the one that mails go to; the old one is told.
    pub async fn make_primary(&self, by: impl Into<Operator>, user_id: &str, email_id: &str) -> Result<()> {
        let by = by.into();
        by.must(Scope::Write)?;
        let (env, by, user_id, email_id) = (self.env.clone(), by.clone(), user_id.to_owned(), email_id.to_owned());
        self.store
            .write(move |tx| {
                let (env, by, user_id, email_id) = (env.clone(), by.clone(), user_id.clone(), email_id.clone());
                Box::pin(async move {
                    let (user, email) = owned(tx, &by, &user_id, &email_id).await?;
                    if email.verified_at.is_none() {
                        return Err(Refusal::NotVerified.into());
                    }
                    let old = emails::of_user(tx, &user_id).await?.into_iter().find(|email| email.is_primary);
                    if !emails::make_primary(tx, &user_id, &email_id).await? {
                        return Err(Refusal::Stale.into());
                    }
                    if let Some(old) = old {
                        let data = MessageData {
                            name: user.name.clone(),
                            address: email.address.clone(),
                            ..MessageData::default()
                        };
                        messages::insert(
                            tx,
                            &[notice(env.as_ref(), &user, MessageKind::PrimaryChanged, old.address, &data)?],
                        )
                        .await?;
                    }
                    changed(tx, env.as_ref(), &by, &user, EventKind::EmailMadePrimary, &email.canonical).await
                })
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }
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

async fn owned(tx: &mut Tx, by: &Operator, user_id: &str, email_id: &str) -> Result<(UserRow, EmailRow)> {
    let user = users::by_id(tx, &by.organization_id, user_id).await?.ok_or(Refusal::NotFound)?;
    let email = emails::by_id(tx, &by.organization_id, user_id, email_id).await?.ok_or(Refusal::NotFound)?;
    outranks(tx, by, user_id).await?;
    Ok((user, email))
}

/// Brings the search up to date and writes the history.
async fn changed(
    tx: &mut Tx,
    env: &dyn Env,
    by: &Operator,
    user: &UserRow,
    kind: EventKind,
    canonical: &str,
) -> Result<()> {
    let addresses: Vec<String> =
        emails::of_user(tx, &user.id).await?.into_iter().map(|email| email.canonical).collect();
    users::set_search(tx, &user.id, &search_text(&user.name, &user.username, &addresses)).await?;
    let fact = Fact { user_id: user.id.clone(), kind, actor: by.actor(), data: EventData::address(canonical) };
    record(tx, env, &[fact]).await
}
