//! Invites: an object with a life of its own, carried by a challenge.

mod again;
mod batch;
mod list;

use crate::{
    Refusal, Result, Vestibule,
    actor::{Actor, Language, Operator, Role},
    address::EmailAddress,
    api_key::Scope,
    challenge::Ended,
    env::{DAY, Env, HOUR},
    event::{EventData, EventKind, Fact, record},
    redeem::Redeemed,
    secret::Token,
    store::{Tx, challenges, invites, messages},
    user::{parse_name, parse_text},
    word::words,
};

pub(crate) use again::invite_again;
pub(crate) use batch::invite_all;
pub use list::InviteFilter;

pub use crate::store::invites::InviteRow;

words! {
    /// How far an invite has come. *Expired* is an open one past its end.
    InviteState {
        /// Its mail waits.
        Pending = "pending",
        Sent = "sent",
        /// Its holder did something with it, if only mistype the code.
        Opened = "opened",
        /// The address is proven, no method yet.
        Accepted = "accepted",
        /// The person can sign in.
        Ready = "ready",
        Revoked = "revoked",
        /// The mail came back.
        Bounced = "bounced",
        Declined = "declined",
    }
}

impl InviteState {
    /// Those in which the link may still work.
    pub const OPEN: &[Self] = &[Self::Pending, Self::Sent, Self::Opened, Self::Accepted, Self::Bounced];

    pub fn is_open(self) -> bool {
        Self::OPEN.contains(&self)
    }
}

/// Longest own words, in characters.
pub const WORDS: usize = 1_000;

/// One person to be invited.
#[derive(Clone, Debug)]
pub struct Inviting {
    organization_id: String,
    name: String,
    address: EmailAddress,
    language: Language,
    words: String,
    lifetime: Option<i64>,
    actor: Actor,
    rank: Role,
    inviter: String,
    /// Whether the mail goes out; else the code is handed to a client.
    mails: bool,
}

/// An invite that has been made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    pub id: String,
    pub user_id: String,
    pub challenge_id: String,
}

/// What an administrator writes into the invite form.
#[derive(Clone, Debug)]
pub struct InviteForm {
    pub name: String,
    pub address: EmailAddress,
    pub language: Language,
    pub words: String,
    /// Milliseconds; one hour to 90 days. `None`: as the policy says.
    pub lifetime: Option<i64>,
}

impl Vestibule {
    /// Invites a person: makes the user, or takes the one without a method, and queues the mail. An open invite of the
    /// same user is replaced.
    pub async fn invite(&self, by: impl Into<Operator>, form: InviteForm) -> Result<Invited> {
        let by = by.into();
        by.must(Scope::Write)?;
        if form.lifetime.is_some_and(|lifetime| !(HOUR..=90 * DAY).contains(&lifetime)) {
            return Err(Refusal::Text.into());
        }
        let inviting = Inviting {
            organization_id: by.organization_id.clone(),
            name: parse_name(&form.name)?,
            address: form.address,
            language: form.language,
            words: parse_text(&form.words, WORDS)?,
            lifetime: form.lifetime,
            actor: by.actor(),
            rank: by.rank,
            inviter: by.name.clone(),
            mails: true,
        };
        let invited = self.batches.invite.call(inviting).await;
        self.wake_outbox();
        invited
    }

    /// Takes an open invite back.
    pub async fn revoke_invite(&self, by: impl Into<Operator>, id: &str) -> Result<()> {
        let by = by.into();
        by.must(Scope::Write)?;
        let (env, by, id) = (self.env.clone(), by.clone(), id.to_owned());
        self.store
            .write(move |tx| {
                let (env, by, id) = (env.clone(), by.clone(), id.clone());
                Box::pin(async move {
                    let invite = invites::by_id(tx, &by.organization_id, &id).await?.ok_or(Refusal::NotFound)?;
                    end(tx, env.as_ref(), &invite, InviteState::Revoked, by.actor()).await
                })
            })
            .await
    }

    /// Ends an invite for its holder, who shows the link from the newest mail while it works.
    pub async fn decline_invite(&self, token: &Token) -> Result<()> {
        let (env, hash) = (self.env.clone(), token.hash());
        self.store
            .write(move |tx| {
                let (env, hash) = (env.clone(), hash.clone());
                Box::pin(async move {
                    let lookup = challenges::LinkLookup { place: 0, hash: hash.clone() };
                    let found = challenges::by_link(tx, &[lookup]).await?;
                    let (_, challenge_id) = found.into_iter().next().ok_or(Refusal::LinkUnknown)?;
                    let invite = invites::by_challenge(tx, &challenge_id).await?.ok_or(Refusal::LinkUnknown)?;
                    let challenge = challenges::by_id(tx, &challenge_id).await?.ok_or(Refusal::LinkUnknown)?;
                    let generations = challenges::generations(tx, std::slice::from_ref(&challenge)).await?;
                    let is_shown = |generation: &&challenges::GenerationRow| generation.link_hash == hash;
                    let is_replaced =
                        generations.iter().find(is_shown).is_some_and(|shown| shown.replaced_at.is_some());
                    if challenge.ended.is_none() && is_replaced {
                        return Err(Refusal::Replaced.into());
                    }
                    if challenge.ended.is_none() && challenge.expires_at <= env.now() {
                        return Err(Refusal::Expired.into());
                    }
                    let actor = Actor::Person { id: invite.user_id.clone() };
                    end(tx, env.as_ref(), &invite, InviteState::Declined, actor).await
                })
            })
            .await
    }
}

async fn end(tx: &mut Tx, env: &dyn Env, invite: &InviteRow, state: InviteState, actor: Actor) -> Result<()> {
    let (ended, kind) = match state {
        InviteState::Declined => (Ended::Declined, EventKind::InviteDeclined),
        _ => (Ended::Revoked, EventKind::InviteRevoked),
    };
    let now = env.now();
    if !challenges::end(tx, &invite.challenge_id, ended, now).await? {
        let challenge = challenges::by_id(tx, &invite.challenge_id).await?;
        return Err(challenge.and_then(|challenge| challenge.ended).map_or(Refusal::Stale, Ended::refusal).into());
    }
    invites::end(tx, &invite.id, state, now).await?;
    messages::cancel_for_challenges(tx, std::slice::from_ref(&invite.challenge_id), now).await?;
    let data = EventData { challenge: Some(invite.challenge_id.clone()), ..EventData::address(&invite.address) };
    record(tx, env, &[Fact { user_id: invite.user_id.clone(), kind, actor, data }]).await
}

/// Ends the open invites of a user who has got a way to sign in otherwise; `false` where there was none.
pub(crate) async fn end_by_method(tx: &mut Tx, env: &dyn Env, user_id: &str) -> Result<bool> {
    let Some(invite) = invites::newest_of_user(tx, user_id).await?.filter(|invite| invite.state.is_open()) else {
        return Ok(false);
    };
    let now = env.now();
    challenges::end(tx, &invite.challenge_id, Ended::Used, now).await?;
    messages::cancel_for_challenges(tx, std::slice::from_ref(&invite.challenge_id), now).await?;
    invites::end_of_user(tx, user_id, InviteState::Ready, now).await?;
    Ok(true)
}

/// Ends the invite that led to a first method, in the transaction that stores the method; `false` where it had ended.
pub(crate) async fn spend(tx: &mut Tx, env: &dyn Env, redeemed: &Redeemed) -> Result<bool> {
    let now = env.now();
    if !challenges::end(tx, &redeemed.challenge_id, Ended::Used, now).await? {
        return Ok(false);
    }
    invites::end_of_user(tx, &redeemed.user_id, InviteState::Ready, now).await?;
    Ok(true)
}
