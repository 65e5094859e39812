//! The list of invites.

use super::{InviteRow, InviteState};
use crate::{Result, Vestibule, actor::Operator, api_key::Scope, store::invites, word::words};

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

impl Vestibule {
    /// Invites, newest first, by what an administrator would call their state; `before` is the last page's last number.
    pub async fn invites(
        &self,
        by: impl Into<Operator>,
        filter: InviteFilter,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<InviteRow>> {
        let by = by.into();
        by.must(Scope::Read)?;
        let (states, expired) = filter.states();
        let mut tx = self.store.read().await?;
        invites::page(&mut tx, &by.organization_id, states, expired, self.env.now(), before.unwrap_or(i64::MAX), limit)
            .await
    }
}
