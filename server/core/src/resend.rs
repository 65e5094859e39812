//! Asking for a code, and for another one.

use std::time::Duration;

use crate::{
    Refusal, Result, Vestibule,
    actor::{Actor, Admin, Language, Role},
    address::EmailAddress,
    challenge::Ended,
    code::Purpose,
    env::Env,
    event::{EventData, EventKind, Fact, record},
    limit,
    organization::Policy,
    outbox::{self, Drawn, MessageData, MessageKind},
    store::{Tx, accounts, challenges, challenges::ChallengeRow, emails, invites, limits, messages, users},
};

/// Who asks, and from where.
#[derive(Clone, Debug)]
pub struct Asker {
    pub actor: Actor,
    pub ip: Option<String>,
}

impl Asker {
    /// Somebody at the code page, of whom nothing is known yet.
    pub fn stranger(ip: Option<String>) -> Self {
        Self { actor: Actor::System, ip }
    }
}

impl Vestibule {
    /// Sends whatever the address waits for: a code where it is not verified, the invite where one is open.
    ///
    /// Answers alike, in the same time, for known and unknown addresses: when the next one may be asked for (unix
    /// milliseconds). Refuses with `Cooling` and `Limited` alike as well.
    pub async fn request_code(&self, address: &EmailAddress, ip: Option<String>) -> Result<i64> {
        let pace = Pace::start();
        let (env, canonical) = (self.env.clone(), address.canonical().to_owned());
        let answer = self
            .store
            .write(move |tx| {
                let (env, canonical, asker) = (env.clone(), canonical.clone(), Asker::stranger(ip.clone()));
                Box::pin(async move { request(tx, env.as_ref(), &canonical, &asker).await })
            })
            .await;
        self.wake_outbox();
        pace.keep().await;
        answer
    }

    /// Sends a new code for a challenge whose handle is known; the codes and links sent before stop working.
    pub async fn resend(&self, challenge_id: &str, ip: Option<String>) -> Result<i64> {
        let (env, id) = (self.env.clone(), challenge_id.to_owned());
        let answer = self
            .store
            .write(move |tx| {
                let (env, id, ip) = (env.clone(), id.clone(), ip.clone());
                Box::pin(async move {
                    limit::asked_from(tx, env.as_ref(), ip.as_deref()).await?;
                    let challenge = challenges::by_id(tx, &id).await?.ok_or(Refusal::LinkUnknown)?;
                    let asker = Asker { actor: Actor::Person { id: challenge.user_id.clone() }, ip };
                    renew(tx, env.as_ref(), &challenge, &asker).await
                })
            })
            .await;
        self.wake_outbox();
        answer
    }

    /// Sends a code to a user's address for an administrator; gives the challenge's handle.
    pub async fn send_code(&self, admin: &Admin, user_id: &str, email_id: &str) -> Result<String> {
        admin.must_be(Role::Support)?;
        let (env, admin, user_id, email_id) =
            (self.env.clone(), admin.clone(), user_id.to_owned(), email_id.to_owned());
        let answer = self
            .store
            .write(move |tx| {
                let (env, admin, user_id, email_id) = (env.clone(), admin.clone(), user_id.clone(), email_id.clone());
                Box::pin(async move {
                    let email = emails::by_id(tx, &admin.organization_id, &user_id, &email_id)
                        .await?
                        .ok_or(Refusal::NotFound)?;
                    let user = users::by_id(tx, &admin.organization_id, &user_id).await?.ok_or(Refusal::NotFound)?;
                    if email.verified_at.is_some() {
                        return Err(Refusal::AlreadyVerified.into());
                    }
                    if user.state == crate::user::UserState::Disabled {
                        return Err(Refusal::Disabled.into());
                    }
                    let target = Target {
                        organization_id: &email.organization_id,
                        user_id: &user_id,
                        email_id: &email_id,
                        address: &email.address,
                        canonical: &email.canonical,
                        language: user.language,
                    };
                    let (id, _) = issue(tx, env.as_ref(), &target, &Asker { actor: admin.actor(), ip: None }).await?;
                    Ok(id)
                })
            })
            .await;
        self.wake_outbox();
        answer
    }

    /// Sends an invite's mail again for an administrator.
    pub async fn resend_invite(&self, admin: &Admin, invite_id: &str) -> Result<()> {
        admin.must_be(Role::Support)?;
        let (env, admin, id) = (self.env.clone(), admin.clone(), invite_id.to_owned());
        self.store
            .write(move |tx| {
                let (env, admin, id) = (env.clone(), admin.clone(), id.clone());
                Box::pin(async move {
                    let invite = invites::by_id(tx, &admin.organization_id, &id).await?.ok_or(Refusal::NotFound)?;
                    let challenge = challenges::by_id(tx, &invite.challenge_id).await?.ok_or(Refusal::NotFound)?;
                    renew(tx, env.as_ref(), &challenge, &Asker { actor: admin.actor(), ip: None }).await
                })
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }

    /// Draws a code and a link for an open challenge and hands them to an administrator, who passes them on by hand.
    /// The mail that waits for it, if any, is cancelled; what was sent before goes on working.
    pub async fn hand_over(&self, admin: &Admin, challenge_id: &str) -> Result<Drawn> {
        admin.must_be(Role::Support)?;
        let (env, key, admin, id) = (self.env.clone(), self.key.clone(), admin.clone(), challenge_id.to_owned());
        self.store
            .write(move |tx| {
                let (env, key, admin, id) = (env.clone(), key.clone(), admin.clone(), id.clone());
                Box::pin(async move {
                    let challenge = challenges::by_id(tx, &id).await?.ok_or(Refusal::NotFound)?;
                    if challenge.organization_id != admin.organization_id {
                        return Err(Refusal::NotFound.into());
                    }
                    if let Some(ended) = challenge.ended {
                        return Err(ended.refusal().into());
                    }
                    if challenge.expires_at <= env.now() {
                        return Err(Refusal::Expired.into());
                    }
                    let user = users::by_id(tx, &challenge.organization_id, &challenge.user_id).await?;
                    if user.ok_or(Refusal::NotFound)?.state == crate::user::UserState::Disabled {
                        return Err(Refusal::Disabled.into());
                    }
                    if challenge.tries_left <= 0 {
                        // The spent code stays dead; the new one needs tries of its own.
                        let organization = accounts::organization(tx, &challenge.organization_id).await?;
                        let tries = organization.ok_or(Refusal::NotFound)?.policy.tries;
                        challenges::renew(tx, &id, tries, challenge.expires_at, env.now()).await?;
                    }
                    messages::cancel_for_challenges(tx, std::slice::from_ref(&id), env.now()).await?;
                    let drawn = outbox::draw(tx, env.as_ref(), &key, &id, None).await?.ok_or(Refusal::Stale)?;
                    invites::mark_sent(tx, &id, env.now()).await?;
                    let data = EventData { challenge: Some(id), ..EventData::address(&challenge.canonical) };
                    let fact =
                        Fact { user_id: challenge.user_id, kind: EventKind::SecretShown, actor: admin.actor(), data };
                    record(tx, env.as_ref(), &[fact]).await?;
                    Ok(drawn)
                })
            })
            .await
    }
}

async fn request(tx: &mut Tx, env: &dyn Env, canonical: &str, asker: &Asker) -> Result<i64> {
    limit::asked_from(tx, env, asker.ip.as_deref()).await?;
    let mut again = None;
    for asked in emails::asked_for(tx, canonical).await? {
        let invite = challenges::newest(tx, &asked.id, Purpose::Invite).await?.filter(|invite| invite.ended.is_none());
        if asked.disabled || (asked.verified_at.is_some() && invite.is_none()) {
            continue;
        }
        let asker = Asker { actor: Actor::Person { id: asked.user_id.clone() }, ip: asker.ip.clone() };
        let target = Target {
            organization_id: &asked.organization_id,
            user_id: &asked.user_id,
            email_id: &asked.id,
            address: &asked.address,
            canonical: &asked.canonical,
            language: asked.language,
        };
        again = Some(match invite {
            Some(invite) => renew(tx, env, &invite, &asker).await?,
            None => issue(tx, env, &target, &asker).await?.1,
        });
        // The cool-down is per address: one mail answers.
        break;
    }
    let policy =
        accounts::organizations(tx).await?.into_iter().next().map_or_else(Policy::default, |first| first.policy);
    // Whatever a stranger tried before, the tries begin anew: on a challenge, on one that has ended and on none alike.
    challenges::refill(tx, canonical, policy.tries, env.now()).await?;
    for purpose in Purpose::ALL {
        limits::forget(tx, &limit::decoy_key(canonical, *purpose)).await?;
    }
    if let Some(again) = again {
        return Ok(again);
    }
    limit::mail_to(tx, env, canonical, &policy).await?;
    Ok(env.now() + policy.cool_down)
}

/// The address that a code goes to.
struct Target<'a> {
    organization_id: &'a str,
    user_id: &'a str,
    email_id: &'a str,
    address: &'a str,
    canonical: &'a str,
    language: Language,
}

/// Sends an email code: renews the open challenge of the address or makes one. Gives its id and when to ask again.
async fn issue(tx: &mut Tx, env: &dyn Env, target: &Target<'_>, asker: &Asker) -> Result<(String, i64)> {
    let newest = challenges::newest(tx, target.email_id, Purpose::Email).await?;
    if let Some(open) = newest.filter(|newest| newest.ended.is_none() && newest.canonical == target.canonical) {
        let again = renew(tx, env, &open, asker).await?;
        return Ok((open.id, again));
    }
    let policy = accounts::organization(tx, target.organization_id).await?.ok_or(Refusal::NotFound)?.policy;
    limit::mail_to(tx, env, target.canonical, &policy).await?;
    let now = env.now();
    let challenge = challenges::NewChallenge {
        id: env.id(),
        organization_id: target.organization_id,
        user_id: target.user_id,
        email_id: target.email_id,
        purpose: Purpose::Email,
        canonical: target.canonical,
        created_at: now,
        expires_at: now + policy.code_lifetime,
        tries_left: policy.tries,
    };
    challenges::insert(tx, std::slice::from_ref(&challenge)).await?;
    let mail = Mail {
        kind: MessageKind::Code,
        recipient: target.address.to_owned(),
        language: target.language,
        data: MessageData::default(),
    };
    queue(tx, env, target.organization_id, target.user_id, &challenge.id, target.canonical, mail, asker).await?;
    Ok((challenge.id, now + policy.cool_down))
}

/// Gives a challenge fresh tries and time and queues its mail again. Gives when to ask again.
async fn renew(tx: &mut Tx, env: &dyn Env, challenge: &ChallengeRow, asker: &Asker) -> Result<i64> {
    if let Some(ended) = challenge.ended {
        return Err(ended.refusal().into());
    }
    let user = users::by_id(tx, &challenge.organization_id, &challenge.user_id).await?.ok_or(Refusal::NotFound)?;
    if user.state == crate::user::UserState::Disabled {
        return Err(Refusal::Disabled.into());
    }
    let email = emails::by_id(tx, &challenge.organization_id, &challenge.user_id, &challenge.email_id).await?;
    let email = email.filter(|email| email.canonical == challenge.canonical).ok_or(Refusal::AddressChanged)?;
    let policy = accounts::organization(tx, &challenge.organization_id).await?.ok_or(Refusal::NotFound)?.policy;
    limit::mail_to(tx, env, &challenge.canonical, &policy).await?;
    let now = env.now();
    let (kind, lifetime, data) = match challenge.purpose {
        Purpose::Email => (MessageKind::Code, policy.code_lifetime, MessageData::default()),
        Purpose::Invite => {
            let invite = invites::by_challenge(tx, &challenge.id).await?.ok_or(Refusal::NotFound)?;
            let data =
                MessageData { name: user.name, inviter: invite.inviter, words: invite.words, ..MessageData::default() };
            (MessageKind::Invite, policy.invite_lifetime, data)
        }
    };
    // An invite may have been given a longer life than the policy's.
    let expires_at = challenge.expires_at.max(now + lifetime);
    if !challenges::renew(tx, &challenge.id, policy.tries, expires_at, now).await? {
        return Err(Ended::Used.refusal().into());
    }
    messages::cancel_for_challenges(tx, std::slice::from_ref(&challenge.id), now).await?;
    let mail = Mail { kind, recipient: email.address, language: user.language, data };
    queue(tx, env, &challenge.organization_id, &challenge.user_id, &challenge.id, &challenge.canonical, mail, asker)
        .await?;
    Ok(now + policy.cool_down)
}

struct Mail {
    kind: MessageKind,
    recipient: String,
    language: Language,
    data: MessageData,
}

#[expect(clippy::too_many_arguments, reason = "the columns of one row and its event")]
async fn queue(
    tx: &mut Tx,
    env: &dyn Env,
    organization_id: &str,
    user_id: &str,
    challenge_id: &str,
    canonical: &str,
    mail: Mail,
    asker: &Asker,
) -> Result<()> {
    let message = messages::NewMessage {
        id: env.id(),
        number: env.number(),
        organization_id: organization_id.to_owned(),
        user_id: Some(user_id.to_owned()),
        challenge_id: Some(challenge_id.to_owned()),
        kind: mail.kind,
        recipient: mail.recipient,
        language: mail.language,
        data: serde_json::to_string(&mail.data)?,
        created_at: env.now(),
    };
    let data = EventData {
        challenge: Some(challenge_id.to_owned()),
        message: Some(message.id.clone()),
        ip: asker.ip.clone(),
        ..EventData::address(canonical)
    };
    messages::insert(tx, &[message]).await?;
    let fact = Fact { user_id: user_id.to_owned(), kind: EventKind::CodeRequested, actor: asker.actor.clone(), data };
    record(tx, env, &[fact]).await
}

/// Answers that must not tell anything by their time are given no sooner than this.
const PACE: Duration = Duration::from_millis(60);

/// The start of an answer that takes the same time whatever it finds.
#[derive(Debug)]
pub(crate) struct Pace(tokio::time::Instant);

impl Pace {
    pub fn start() -> Self {
        Self(tokio::time::Instant::now())
    }

    pub async fn keep(self) {
        tokio::time::sleep_until(self.0 + PACE).await;
    }
}
