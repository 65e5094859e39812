//! Counts: of an organization, for its console, and over all of them, for metrics.

use super::{Tx, all, invites::open, one};
use crate::{Error, Result, overview::Overview, word::UnknownWord};

/// The counts of an organization, in one statement: each page of the console asks for them.
pub async fn of_organization(tx: &mut Tx, organization_id: &str, now: i64) -> Result<Overview> {
    let rows: Vec<(String, String, i64)> = all!(
        tx,
        concat!(
            "SELECT 'user', standing, CAST(SUM(count) AS BIGINT) FROM tally WHERE organization_id = $1 GROUP BY standing
             UNION ALL
             SELECT 'message', state, COUNT(*) FROM message
             WHERE organization_id = $1 AND state IN ('waiting', 'deferred', 'failed') GROUP BY state
             UNION ALL SELECT 'invite', 'open', COUNT(*) ",
            open!()
        ),
        organization_id,
        now
    )?;
    let mut overview = Overview::default();
    for (noun, word, count) in rows {
        let unknown = |UnknownWord| Error::internal(format_args!("a {noun} is stored as {word}"));
        match noun.as_str() {
            "user" => _ = overview.standings.insert(word.parse().map_err(unknown)?, count),
            "message" => _ = overview.messages.insert(word.parse().map_err(unknown)?, count),
            _ => overview.open_invites = count,
        }
    }
    Ok(overview)
}

pub async fn users(tx: &mut Tx) -> Result<Vec<(String, i64)>> {
    Ok(all!(tx, "SELECT standing, CAST(SUM(count) AS BIGINT) FROM tally GROUP BY standing ORDER BY standing")?)
}

/// Invites by state; open ones past their end are `expired`.
pub async fn invites(tx: &mut Tx, now: i64) -> Result<Vec<(String, i64)>> {
    Ok(all!(
        tx,
        "SELECT word, COUNT(*) FROM (
            SELECT CASE WHEN invite.state IN ('pending', 'sent', 'opened', 'accepted', 'bounced') AND challenge.expires_at <= $1
                THEN 'expired' ELSE invite.state END AS word
            FROM invite JOIN challenge ON challenge.id = invite.challenge_id
         ) AS words GROUP BY word",
        now
    )?)
}

pub async fn outbox(tx: &mut Tx) -> Result<Vec<(String, i64)>> {
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
