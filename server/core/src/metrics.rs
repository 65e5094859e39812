//! Figures for the operator, over all organizations. Nothing in them names a person.

use crate::{Result, Vestibule, event::Standing, invite::InviteState, outbox::MessageState, store::figures};

/// How things stand now.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    pub users: Vec<(Standing, i64)>,
    pub invites: Vec<(InviteState, i64)>,
    /// Mails that have not been sent.
    pub outbox: Vec<(MessageState, i64)>,
    /// Age of the oldest mail that waits, in milliseconds.
    pub outbox_oldest_age: i64,
}

impl Vestibule {
    /// Reads the figures. Costs a look at every invite and every unsent mail, so scrape it now and then, not at every request.
    pub async fn metrics(&self) -> Result<Metrics> {
        let mut tx = self.store.read().await?;
        let oldest = figures::oldest_waiting(&mut tx).await?;
        Ok(Metrics {
            users: figures::users(&mut tx).await?,
            invites: figures::invites(&mut tx).await?,
            outbox: figures::outbox(&mut tx).await?,
            outbox_oldest_age: oldest.map_or(0, |oldest| (self.env.now() - oldest).max(0)),
        })
    }
}
