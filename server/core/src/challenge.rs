//! Challenges: one request to prove an address, and what its holder may know of it.

use crate::{
    Refusal, Result, Vestibule,
    address::masked,
    code::{CodeStyle, Purpose},
    limit,
    organization::Policy,
    secret::Token,
    store::{accounts, challenges, invites, limits, messages, passkeys, users},
    word::words,
};

words! {
    /// How a challenge ended, if it did other than by time or tries.
    Ended {
        Used = "used",
        Replaced = "replaced",
        Revoked = "revoked",
        /// The address was verified in another way.
        Verified = "verified",
        /// The user's address changed.
        Changed = "changed",
        Declined = "declined",
    }
}

impl Ended {
    pub(crate) fn refusal(self) -> Refusal {
        match self {
            Self::Used => Refusal::Used,
            Self::Replaced => Refusal::Replaced,
            Self::Revoked => Refusal::Revoked,
            Self::Verified => Refusal::AlreadyVerified,
            Self::Changed => Refusal::AddressChanged,
            Self::Declined => Refusal::Declined,
        }
    }
}

/// What a page shows to somebody who holds a challenge's handle. The handle is unguessable, but not a secret.
#[derive(Clone, Debug)]
pub struct ChallengeView {
    pub id: String,
    pub organization_id: String,
    pub organization: String,
    /// Whom it was sent to.
    pub user_id: String,
    /// Whether they can sign in already.
    pub has_method: bool,
    pub purpose: Purpose,
    /// `gr•••@example.com`
    pub masked: String,
    pub code_style: CodeStyle,
    pub code_length: usize,
    pub expires_at: i64,
    pub tries_left: i32,
    /// When "send again" works (unix milliseconds).
    pub resend_at: i64,
    /// Why no code can work any more, if so.
    pub over: Option<Refusal>,
    pub sent: Option<crate::outbox::MessageState>,
    pub language: crate::actor::Language,
    /// Who invited, and in which words.
    pub invite: Option<(String, String)>,
    pub policy: Policy,
}

impl Vestibule {
    /// A challenge by its handle; `None` for an unknown one.
    pub async fn challenge(&self, id: &str) -> Result<Option<ChallengeView>> {
        let mut tx = self.store.read().await?;
        let Some(row) = challenges::by_id(&mut tx, id).await? else { return Ok(None) };
        let organization = accounts::organization(&mut tx, &row.organization_id).await?.ok_or(Refusal::NotFound)?;
        let now = self.env.now();
        let cooling = limits::by_key(&mut tx, &limit::cool_down_key(&row.canonical), now).await?;
        let message = messages::newest_for_challenge(&mut tx, id).await?;
        let invite = invites::by_challenge(&mut tx, id).await?;
        let user = users::by_id(&mut tx, &row.organization_id, &row.user_id).await?.ok_or(Refusal::NotFound)?;
        let has_method = passkeys::methods(&mut tx, &row.user_id).await? > 0;
        let over = row
            .ended
            .map(Ended::refusal)
            .or_else(|| (row.expires_at <= now).then_some(Refusal::Expired))
            .or_else(|| (row.tries_left <= 0).then_some(Refusal::OutOfTries));
        let (code_style, code_length) = match row.purpose {
            Purpose::Email | Purpose::Reset => (organization.policy.code_style, organization.policy.code_length),
            Purpose::Passkey => (CodeStyle::Letters, crate::code::PASSKEY_LENGTH),
            Purpose::Invite => (CodeStyle::Letters, crate::code::INVITE_LENGTH),
        };
        Ok(Some(ChallengeView {
            id: row.id,
            organization_id: row.organization_id,
            organization: organization.name,
            user_id: row.user_id,
            has_method,
            purpose: row.purpose,
            masked: masked(&row.canonical),
            code_style,
            code_length,
            expires_at: row.expires_at,
            tries_left: row.tries_left,
            resend_at: cooling.map_or(now, |bucket| bucket.ends_at),
            over,
            sent: message.map(|message| message.state),
            language: user.language,
            invite: invite.map(|invite| (invite.inviter, invite.words)),
            policy: organization.policy,
        }))
    }

    /// The challenge that a link belongs to. Reading it changes nothing and proves nothing.
    pub async fn challenge_of_link(&self, token: &Token) -> Result<Option<String>> {
        let mut tx = self.store.read().await?;
        let found = challenges::by_link(&mut tx, &[challenges::LinkLookup { place: 0, hash: token.hash() }]).await?;
        Ok(found.into_iter().next().map(|(_, id)| id))
    }

    /// The address that a challenge was sent to, in full: only for who has shown its secret.
    pub async fn address_of(&self, challenge_id: &str) -> Result<Option<String>> {
        let row = challenges::by_id(&mut self.store.read().await?, challenge_id).await?;
        Ok(row.map(|row| row.canonical))
    }

    /// When a stranger may ask again for an address (unix milliseconds), whether or not anybody has it.
    pub async fn resend_at(&self, canonical: &str) -> Result<i64> {
        let (mut tx, now) = (self.store.read().await?, self.env.now());
        Ok(limits::by_key(&mut tx, &limit::asked_key(canonical), now).await?.map_or(now, |bucket| bucket.ends_at))
    }
}
