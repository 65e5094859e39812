//! Counts over all organizations, for metrics.

use super::{Tx, all, one};
use crate::{Result, event::Standing, invite::InviteState, outbox::MessageState};

pub async fn users(tx: &mut Tx) -> Result<Vec<(Standing, i64)>> {
    Ok(all!(tx, "SELECT standing, CAST(SUM(count) AS BIGINT) FROM tally GROUP BY standing ORDER BY standing")?)
}

pub async fn invites(tx: &mut Tx) -> Result<Vec<(InviteState, i64)>> {
    Ok(all!(tx, "SELECT state, COUNT(*) FROM invite GROUP BY state ORDER BY state")?)
}

pub async fn outbox(tx: &mut Tx) -> Result<Vec<(MessageState, i64)>> {
    Ok(all!(
        tx,
        "SELECT state, COUNT(*) FROM message WHERE state IN ('waiting', 'deferred', 'failed') GROUP BY state ORDER BY state"
    )?)
}

pub async fn oldest_waiting(tx: &mut Tx) -> Result<Option<i64>> {
    let (oldest,): (Option<i64>,) =
        one!(tx, "SELECT MIN(created_at) FROM message WHERE state IN ('waiting', 'deferred')")?;
    Ok(oldest)
}
