//! What the console shows first.

use std::collections::HashMap;

use crate::{
    Result, Vestibule,
    actor::Admin,
    env::DAY,
    event::{EventKind, Standing},
    outbox::{Message, MessageState},
    store::{events, invites, messages, users},
};

/// Counts of an organization.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    pub standings: HashMap<Standing, i64>,
    pub verified_lately: i64,
    pub open_invites: i64,
    /// Open invites that end within a day.
    pub ending_invites: i64,
    pub messages: HashMap<MessageState, i64>,
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
    /// The counts that the console's frame and overview show; `days` back for what happened lately.
    pub async fn overview(&self, admin: &Admin, days: i64) -> Result<Overview> {
        let (mut tx, now, organization) = (self.store.read().await?, self.env.now(), &admin.organization_id);
        let (open_invites, ending_invites) = invites::open(&mut tx, organization, now, now + DAY).await?;
        Ok(Overview {
            standings: users::counts(&mut tx, organization).await?.into_iter().collect(),
            verified_lately: events::count_of_kind(&mut tx, organization, EventKind::EmailVerified, now - days * DAY)
                .await?,
            open_invites,
            ending_invites,
            messages: messages::counts(&mut tx, organization).await?.into_iter().collect(),
        })
    }

    /// How many users stand where.
    pub async fn standings(&self, admin: &Admin) -> Result<HashMap<Standing, i64>> {
        let mut tx = self.store.read().await?;
        Ok(users::counts(&mut tx, &admin.organization_id).await?.into_iter().collect())
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
