//! What the console shows first.

use std::collections::HashMap;

use crate::{
    Result, Vestibule,
    actor::Admin,
    env::DAY,
    event::{EventKind, Standing},
    outbox::{Message, MessageState},
    store::{events, figures, invites, messages},
};

/// Counts of an organization, as they are now.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    pub standings: HashMap<Standing, i64>,
    pub open_invites: i64,
    /// Mails that wait, are deferred or have failed; the others are too many to be counted at every look.
    pub messages: HashMap<MessageState, i64>,
}

/// What has just happened in an organization, and what is about to.
#[derive(Clone, Copy, Debug)]
pub struct Lately {
    /// Proofs of addresses.
    pub verified: i64,
    /// Open invites that end within a day.
    pub ending_invites: i64,
}

impl Overview {
    /// All users, whatever their standing.
    pub fn users(&self) -> i64 {
        self.standings.values().sum()
    }

    pub fn standing(&self, standing: Standing) -> i64 {
        self.standings.get(&standing).copied().unwrap_or(0)
    }

    pub fn messages(&self, state: MessageState) -> i64 {
        self.messages.get(&state).copied().unwrap_or(0)
    }
}

impl Vestibule {
    /// The counts that every page of the console shows.
    pub async fn overview(&self, admin: &Admin) -> Result<Overview> {
        let mut tx = self.store.read().await?;
        figures::of_organization(&mut tx, &admin.organization_id, self.env.now()).await
    }

    /// What happened in so many days, and what will within one.
    pub async fn lately(&self, admin: &Admin, days: i64) -> Result<Lately> {
        let (mut tx, now, organization) = (self.store.read().await?, self.env.now(), &admin.organization_id);
        Ok(Lately {
            verified: events::count_of_kind(&mut tx, organization, EventKind::EmailVerified, now - days * DAY).await?,
            ending_invites: invites::ending(&mut tx, organization, now, now + DAY).await?,
        })
    }

    /// Mails, newest first; `search` is an address or a message id.
    pub async fn messages(
        &self,
        admin: &Admin,
        state: Option<MessageState>,
        search: Option<&str>,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<Message>> {
        let search = search.map(|text| text.replace('\0', ""));
        let mut tx = self.store.read().await?;
        messages::page(&mut tx, &admin.organization_id, state, search.as_deref(), before.unwrap_or(i64::MAX), limit)
            .await
    }
}
