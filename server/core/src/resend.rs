//! Asking for a code, and for another one.

use std::time::Duration;

use crate::{
    Refusal, Result, Vestibule,
    actor::{Actor, Operator},
    address::EmailAddress,
    api_key::Scope,
    challenge::Ended,
    code::Purpose,
    code_request::{Asker, CodeRequest, Target, issue, kind_of, queue},
    env::Env,
    event::{EventData, EventKind, Fact, record},
    limit,
    organization::Policy,
    outbox::{self, Drawn, MessageData},
    secret::SecretKey,
    store::{Tx, accounts, challenges, challenges::ChallengeRow, emails, invites, limits, messages, users},
    user::outranks,
};

impl Vestibule {
    /// Sends whatever the address waits for: a code where it is not verified, the invite where one is open.
    ///
    /// Answers alike, in the same time, for known and unknown addresses: when the next one may be asked for (unix
    /// milliseconds). Refuses with `Cooling` and `Limited` alike as well.
    pub async fn request_code(&self, address: &EmailAddress, ip: Option<String>) -> Result<i64> {
        let pace = Pace::start();
        let context = (self.env.clone(), self.key.clone(), address.canonical().to_owned(), Asker::stranger(ip));
        let answer = self
            .store
            .change(context, |tx, (env, key, canonical, asker)| {
                Box::pin(async move { request(tx, env.as_ref(), key, canonical, asker).await })
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

    /// Sends an invite's mail again for an administrator. Gives its challenge.
    pub async fn resend_invite(&self, by: impl Into<Operator>, invite_id: &str) -> Result<String> {
        let by = by.into();
        by.must(Scope::Verify)?;
        let (env, by, id) = (self.env.clone(), by.clone(), invite_id.to_owned());
        let challenge_id = self
            .store
            .write(move |tx| {
                let (env, by, id) = (env.clone(), by.clone(), id.clone());
                Box::pin(async move {
                    let invite = invites::by_id(tx, &by.organization_id, &id).await?.ok_or(Refusal::NotFound)?;
                    let challenge = challenges::by_id(tx, &invite.challenge_id).await?.ok_or(Refusal::NotFound)?;
                    renew(tx, env.as_ref(), &challenge, &Asker { actor: by.actor(), ip: None }).await?;
                    Ok(challenge.id)
                })
            })
            .await?;
        self.wake_outbox();
        Ok(challenge_id)
    }

    /// Draws a code and a link for an open challenge and hands them to an administrator, who passes them on by hand.
    /// The mail that waits for it, if any, is cancelled; what was sent before goes on working.
    pub async fn hand_over(&self, by: impl Into<Operator>, challenge_id: &str) -> Result<Drawn> {
        let by = by.into();
        by.must(Scope::Verify)?;
        let (env, key, by, id) = (self.env.clone(), self.key.clone(), by.clone(), challenge_id.to_owned());
        self.store
            .write(move |tx| {
                let (env, key, by, id) = (env.clone(), key.clone(), by.clone(), id.clone());
                Box::pin(async move {
                    let challenge = challenges::by_id(tx, &id).await?.ok_or(Refusal::NotFound)?;
                    if challenge.organization_id != by.organization_id {
                        return Err(Refusal::NotFound.into());
                    }
                    // A role that is being given to them is seen, or ends what is handed over here.
                    users::lock(tx, [challenge.user_id.as_str()]).await?;
                    let challenge = challenges::by_id(tx, &id).await?.ok_or(Refusal::NotFound)?;
                    match challenge.purpose {
                        Purpose::Email => {}
                        // Whoever has it gets the account.
                        Purpose::Invite | Purpose::Reset | Purpose::Passkey => {
                            by.must(Scope::Write)?;
                            outranks(tx, &by, &challenge.user_id).await?;
                        }
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
                        Fact { user_id: challenge.user_id, kind: EventKind::SecretShown, actor: by.actor(), data };
                    record(tx, env.as_ref(), &[fact]).await?;
                    Ok(drawn)
                })
            })
            .await
    }
}

async fn request(tx: &mut Tx, env: &dyn Env, key: &SecretKey, canonical: &str, asker: &Asker) -> Result<i64> {
    limit::asked_from(tx, env, asker.ip.as_deref()).await?;
    let again_at = let_ask(tx, env, canonical).await?;
    for asked in emails::asked_for(tx, canonical).await? {
        let invite = open_invite(tx, env, &asked.id).await?;
        if asked.disabled || (asked.verified_at.is_some() && invite.is_none()) {
            continue;
        }
        let asker = Asker { actor: Actor::Person { id: asked.user_id.clone() }, ip: asker.ip.clone() };
        let open = challenges::newest(tx, &asked.id, Purpose::Email).await?.filter(|open| open.ended.is_none());
        limit::or_kept(if let Some(open) = invite.or(open) {
            renew(tx, env, &open, &asker).await.map(drop)
        } else {
            let request = CodeRequest::default();
            issue(tx, env, key, &asked.into(), Purpose::Email, &request, &asker).await.map(drop)
        })?;
        // The cool-down is per address: one mail answers.
        break;
    }
    guess_anew(tx, canonical).await?;
    Ok(again_at)
}

/// Lets a stranger ask for a mail to an address, and gives when they may ask again: the same whether or not anybody has it.
pub(crate) async fn let_ask(tx: &mut Tx, env: &dyn Env, canonical: &str) -> Result<i64> {
    let first = accounts::organizations(tx).await?.into_iter().next();
    let policy = first.map_or_else(Policy::default, |first| first.policy);
    limit::asked_at(tx, env, canonical, &policy).await?;
    Ok(env.now() + policy.cool_down)
}

/// Has the guesses at an address begin anew, whatever was mailed. Last, as a guess locks its challenge before it is counted.
pub(crate) async fn guess_anew(tx: &mut Tx, canonical: &str) -> Result<()> {
    for purpose in Purpose::ALL {
        limits::forget(tx, &limit::guesses_key(canonical, *purpose)).await?;
    }
    Ok(())
}

/// The invite of an address, if it still leads in: how long it does is for the inviter to say, not for who asks.
pub(crate) async fn open_invite(tx: &mut Tx, env: &dyn Env, email_id: &str) -> Result<Option<ChallengeRow>> {
    let newest = challenges::newest(tx, email_id, Purpose::Invite).await?;
    Ok(newest.filter(|invite| invite.ended.is_none() && invite.expires_at > env.now()))
}

/// Gives a challenge fresh tries and time and queues its mail again. Gives when to ask again.
///
/// An invite gets more time from an operator alone, and one whose time is over is refused to anybody else.
pub(crate) async fn renew(tx: &mut Tx, env: &dyn Env, challenge: &ChallengeRow, asker: &Asker) -> Result<i64> {
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
    let now = env.now();
    let lengthens =
        challenge.purpose != Purpose::Invite || matches!(asker.actor, Actor::Admin { .. } | Actor::Client { .. });
    let (expires_at, data) = match challenge.purpose {
        Purpose::Email | Purpose::Reset | Purpose::Passkey => {
            (challenge.expires_at.max(now + policy.code_lifetime), MessageData::default())
        }
        Purpose::Invite => {
            let invite = invites::by_challenge(tx, &challenge.id).await?.ok_or(Refusal::NotFound)?;
            let data = MessageData {
                name: user.name.clone(),
                inviter: invite.inviter,
                words: invite.words,
                ..MessageData::default()
            };
            // It may have been given a longer life than the policy's.
            let longer = challenge.expires_at.max(now + policy.invite_lifetime);
            (if lengthens { longer } else { challenge.expires_at }, data)
        }
    };
    if expires_at <= now {
        return Err(Refusal::Expired.into());
    }
    limit::mail_to(tx, env, &challenge.canonical, &policy).await?;
    if !challenges::renew(tx, &challenge.id, policy.tries, expires_at, now).await? {
        return Err(Ended::Used.refusal().into());
    }
    messages::cancel_for_challenges(tx, std::slice::from_ref(&challenge.id), now).await?;
    challenges::mail_again(tx, &challenge.id).await?;
    // What the mail waits for its server is added to its code's life, but not to an invite's by its holder.
    let data = MessageData { lifetime: lengthens.then_some(expires_at - now), ..data };
    queue(tx, env, &Target::new(&user, &email), &challenge.id, kind_of(challenge.purpose), data, asker).await?;
    Ok(now + policy.cool_down)
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
