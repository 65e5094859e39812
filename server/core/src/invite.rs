//! Invites: an object with a life of its own, carried by a challenge.

mod batch;

use crate::{
    Refusal, Result, Vestibule,
    actor::{Actor, Admin, Language, Role},
    address::EmailAddress,
    challenge::Ended,
    env::{DAY, Env, HOUR},
    event::{EventData, EventKind, Fact, record},
    redeem::Redeemed,
    secret::Token,
    store::{Tx, challenges, invites, messages},
    user::{parse_name, parse_text},
    word::words,
};

pub(crate) use batch::invite_all;

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
    inviter: String,
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
    pub async fn invite(&self, admin: &Admin, form: InviteForm) -> Result<Invited> {
        admin.must_be(Role::Manager)?;
        if form.lifetime.is_some_and(|lifetime| !(HOUR..=90 * DAY).contains(&lifetime)) {
            return Err(Refusal::Text.into());
        }
        let inviting = Inviting {
            organization_id: admin.organization_id.clone(),
            name: parse_name(&form.name)?,
            address: form.address,
            language: form.language,
            words: parse_text(&form.words, WORDS)?,
            lifetime: form.lifetime,
            actor: admin.actor(),
            inviter: admin.name.clone(),
        };
        let invited = self.batches.invite.call(inviting).await;
        self.wake_outbox();
        invited
    }

    /// Takes an open invite back.
    pub async fn revoke_invite(&self, admin: &Admin, id: &str) -> Result<()> {
        admin.must_be(Role::Manager)?;
        let (env, admin, id) = (self.env.clone(), admin.clone(), id.to_owned());
        self.store
            .write(move |tx| {
                let (env, admin, id) = (env.clone(), admin.clone(), id.clone());
                Box::pin(async move {
                    let invite = invites::by_id(tx, &admin.organization_id, &id).await?.ok_or(Refusal::NotFound)?;
                    end(tx, env.as_ref(), &invite, InviteState::Revoked, admin.actor()).await
                })
            })
            .await
    }

    /// Ends an invite for its holder, who shows the link from the mail.
    pub async fn decline_invite(&self, token: &Token) -> Result<()> {
        let (env, hash) = (self.env.clone(), token.hash());
        self.store
            .write(move |tx| {
                let (env, hash) = (env.clone(), hash.clone());
                Box::pin(async move {
                    let found = challenges::by_link(tx, &[challenges::LinkLookup { place: 0, hash }]).await?;
                    let (_, challenge_id) = found.into_iter().next().ok_or(Refusal::LinkUnknown)?;
                    let invite = invites::by_challenge(tx, &challenge_id).await?.ok_or(Refusal::LinkUnknown)?;
                    let actor = Actor::Person { id: invite.user_id.clone() };
                    end(tx, env.as_ref(), &invite, InviteState::Declined, actor).await
                })
            })
            .await
    }

    /// Invites, newest first, by what an administrator would call their state; `before` is the last page's last number.
    pub async fn invites(
        &self,
        admin: &Admin,
        filter: InviteFilter,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<InviteRow>> {
        let (states, expired) = filter.states();
        let mut tx = self.store.read().await?;
        invites::page(
            &mut tx,
            &admin.organization_id,
            states,
            expired,
            self.env.now(),
            before.unwrap_or(i64::MAX),
            limit,
        )
        .await
    }
}

words! {
    /// The tabs of the invites list.
    InviteFilter {
        All = "all",
        Open = "open",
        Accepted = "accepted",
        Ready = "ready",
        Expired = "expired",
        Bounced = "bounced",
        /// Revoked or declined.
        Ended = "ended",
    }
}

impl InviteFilter {
    fn states(self) -> (&'static [InviteState], Option<bool>) {
        match self {
            Self::All => (InviteState::ALL, None),
            Self::Open => (&[InviteState::Pending, InviteState::Sent, InviteState::Opened], Some(false)),
            Self::Accepted => (&[InviteState::Accepted], None),
            Self::Ready => (&[InviteState::Ready], None),
            Self::Expired => (InviteState::OPEN, Some(true)),
            Self::Bounced => (&[InviteState::Bounced], None),
            Self::Ended => (&[InviteState::Revoked, InviteState::Declined], None),
        }
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

/// Ends the invite that led to a first method, in the transaction that stores the method; `false` where it had ended.
pub(crate) async fn spend(tx: &mut Tx, env: &dyn Env, redeemed: &Redeemed) -> Result<bool> {
    let now = env.now();
    if !challenges::end(tx, &redeemed.challenge_id, Ended::Used, now).await? {
        return Ok(false);
    }
    invites::end_of_user(tx, &redeemed.user_id, InviteState::Ready, now).await?;
    Ok(true)
}
