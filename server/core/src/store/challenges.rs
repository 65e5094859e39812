//! Challenges and their generations.

mod generations;
mod lookup;

use serde::Serialize;

use super::{Tx, all, exec, maybe, set};
use crate::{Result, challenge::Ended, code::Purpose};

pub use generations::{GenerationRow, NewGeneration, generations, insert_generation, newest_generation_at};
pub use lookup::{AddressLookup, LinkLookup, UserLookup, by_address, by_link, by_user};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ChallengeRow {
    pub id: String,
    pub organization_id: String,
    pub user_id: String,
    pub email_id: String,
    pub purpose: Purpose,
    pub canonical: String,
    pub created_at: i64,
    pub expires_at: i64,
    pub tries_left: i32,
    pub ended: Option<Ended>,
    pub redeemed_at: Option<i64>,
    pub url_template: Option<String>,
    pub application: Option<String>,
    pub returned: bool,
}

macro_rules! challenge {
    ($($tail:literal)+) => {
        concat!(
            "SELECT id, organization_id, user_id, email_id, purpose, canonical, created_at, expires_at, tries_left, ended,
             redeemed_at, url_template, application, returned FROM challenge ",
            $($tail),+
        )
    };
}

#[derive(Debug, Serialize)]
pub struct NewChallenge<'a> {
    pub id: String,
    pub organization_id: &'a str,
    pub user_id: &'a str,
    pub email_id: &'a str,
    pub purpose: Purpose,
    pub canonical: &'a str,
    pub created_at: i64,
    pub expires_at: i64,
    pub tries_left: i32,
}

pub async fn insert(tx: &mut Tx, challenges: &[NewChallenge<'_>]) -> Result<()> {
    exec!(
        tx,
        set!(id TEXT, organization_id TEXT, user_id TEXT, email_id TEXT, purpose TEXT, canonical TEXT, created_at BIGINT, expires_at BIGINT, tries_left INTEGER;
            "INSERT INTO challenge (id, organization_id, user_id, email_id, purpose, canonical, created_at, expires_at, tries_left)
             SELECT id, organization_id, user_id, email_id, purpose, canonical, created_at, expires_at, tries_left FROM input"),
        serde_json::to_string(challenges)?
    )?;
    Ok(())
}

pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<ChallengeRow>> {
    Ok(maybe!(tx, challenge!("WHERE id = $1"), id)?)
}

/// The newest challenge of a purpose for an address of a user, whatever its state.
pub async fn newest(tx: &mut Tx, email_id: &str, purpose: Purpose) -> Result<Option<ChallengeRow>> {
    Ok(maybe!(
        tx,
        challenge!(
            "WHERE email_id = $1 AND purpose = $2 AND canonical = (SELECT email.canonical FROM email WHERE email.id = $1)
             ORDER BY created_at DESC, id DESC LIMIT 1"
        ),
        email_id,
        purpose
    )?)
}

/// A try on a challenge: a typed code costs one, a pressed link none.
#[derive(Debug, Serialize)]
pub struct Cost {
    pub id: String,
    pub cost: i32,
}

/// Counts tries and gives the challenges as they are after that; one that has too few left is not given.
pub async fn count_tries(tx: &mut Tx, tries: &[Cost]) -> Result<Vec<ChallengeRow>> {
    Ok(all!(
        tx,
        set!(id TEXT, cost INTEGER;
            "UPDATE challenge SET tries_left = challenge.tries_left - input.cost FROM input
             WHERE challenge.id = input.id AND challenge.tries_left >= input.cost
             RETURNING challenge.id, organization_id, user_id, email_id, purpose, canonical, created_at, expires_at, tries_left, ended,
                redeemed_at, url_template, application, returned"),
        serde_json::to_string(tries)?
    )?)
}

/// Ids as a set parameter.
#[derive(Debug, Serialize)]
pub struct Id<'a> {
    pub id: &'a str,
}

fn ids<'a>(ids: impl IntoIterator<Item = &'a String>) -> Result<String> {
    let ids: Vec<Id<'_>> = ids.into_iter().map(|id| Id { id }).collect();
    Ok(serde_json::to_string(&ids)?)
}

/// Whether such challenges exist at all.
pub async fn existing(tx: &mut Tx, wanted: &[String]) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = all!(
        tx,
        set!(id TEXT; "SELECT challenge.id FROM input JOIN challenge ON challenge.id = input.id"),
        ids(wanted)?
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Lets the right secret take effect, once for an email challenge, while the address is still the one that it was sent to:
/// gives the ids of those that it did take effect on.
///
/// An invite goes on being redeemable until the first method is stored; a right code gives its try back.
pub async fn spend(tx: &mut Tx, spent: &[Cost], now: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = all!(
        tx,
        set!(id TEXT, cost INTEGER;
            "UPDATE challenge SET redeemed_at = $2, tries_left = challenge.tries_left + input.cost,
                ended_at = CASE WHEN challenge.purpose <> 'invite' THEN $2 END,
                ended = CASE WHEN challenge.purpose <> 'invite' THEN 'used' END
             FROM input WHERE challenge.id = input.id AND challenge.ended_at IS NULL AND challenge.expires_at > $2
                AND EXISTS (SELECT 1 FROM email WHERE email.id = challenge.email_id AND email.user_id = challenge.user_id AND email.canonical = challenge.canonical)
             RETURNING challenge.id"),
        serde_json::to_string(spent)?,
        now
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Spends, once, a challenge that ended because the address changed.
pub async fn spend_outlived(tx: &mut Tx, id: &str, now: i64) -> Result<bool> {
    Ok(exec!(tx, "UPDATE challenge SET ended = 'used', redeemed_at = $2 WHERE id = $1 AND ended = 'changed'", id, now)?
        == 1)
}

/// Ends the open email challenges of addresses that have been verified in another way; gives their ids.
pub async fn end_for_emails(tx: &mut Tx, email_ids: &[String], now: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = all!(
        tx,
        set!(id TEXT;
            "UPDATE challenge SET ended = 'verified', ended_at = $2 FROM input
             WHERE challenge.email_id = input.id AND challenge.purpose = 'email' AND challenge.ended_at IS NULL
             RETURNING challenge.id"),
        ids(email_ids)?,
        now
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Ends every open challenge for one address.
pub async fn end_all_for_email(tx: &mut Tx, email_id: &str, ended: Ended, now: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = all!(
        tx,
        "UPDATE challenge SET ended = $2, ended_at = $3 WHERE email_id = $1 AND ended_at IS NULL RETURNING id",
        email_id,
        ended,
        now
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Ends what a new invite replaces: everything open for its address, and the user's invites at any other; gives the ids.
pub async fn end_for_invite(tx: &mut Tx, email_id: &str, user_id: &str, now: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = all!(
        tx,
        "UPDATE challenge SET ended = 'replaced', ended_at = $3
         WHERE (email_id = $1 OR (user_id = $2 AND purpose = 'invite')) AND ended_at IS NULL RETURNING id",
        email_id,
        user_id,
        now
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Revokes a user's challenges that lead to a new password or another passkey: what is open, and what was used for a passkey
/// since a time, of which a set-up session may be left. Gives their ids.
pub async fn end_ways_in(tx: &mut Tx, user_id: &str, since: i64, now: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = all!(
        tx,
        "UPDATE challenge SET ended = 'revoked', ended_at = $2
         WHERE user_id = $1 AND purpose IN ('reset', 'passkey')
            AND (ended_at IS NULL OR (purpose = 'passkey' AND ended = 'used' AND ended_at > $3)) RETURNING id",
        user_id,
        now,
        since
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Ends one open challenge; `false` where it had ended before.
pub async fn end(tx: &mut Tx, id: &str, ended: Ended, now: i64) -> Result<bool> {
    Ok(exec!(tx, "UPDATE challenge SET ended = $2, ended_at = $3 WHERE id = $1 AND ended_at IS NULL", id, ended, now)?
        == 1)
}

/// What leads into a user's account and was drawn to be handed on by somebody: what is open, and what was used for a passkey
/// since a time, of which a set-up session may be left.
pub async fn handed(tx: &mut Tx, user_id: &str, since: i64) -> Result<Vec<ChallengeRow>> {
    Ok(all!(
        tx,
        challenge!(
            "WHERE user_id = $1 AND purpose <> 'email' AND (ended_at IS NULL OR (purpose = 'passkey' AND ended = 'used' AND ended_at > $2))
                AND EXISTS (SELECT 1 FROM generation WHERE generation.challenge_id = challenge.id AND message_id IS NULL)
             ORDER BY created_at, id"
        ),
        user_id,
        since
    )?)
}

/// Revokes challenges, used ones too: no set-up session that was begun by them leads on.
pub async fn revoke(tx: &mut Tx, challenge_ids: &[String], now: i64) -> Result<()> {
    exec!(
        tx,
        set!(id TEXT; "UPDATE challenge SET ended = 'revoked', ended_at = $2 FROM input WHERE challenge.id = input.id"),
        ids(challenge_ids)?,
        now
    )?;
    Ok(())
}

/// Gives an open challenge fresh tries and a later end, and replaces every code and link sent for it so far.
pub async fn renew(tx: &mut Tx, id: &str, tries: i32, expires_at: i64, now: i64) -> Result<bool> {
    let renewed = exec!(
        tx,
        "UPDATE challenge SET tries_left = $2, expires_at = $3 WHERE id = $1 AND ended_at IS NULL",
        id,
        tries,
        expires_at
    )?;
    exec!(tx, "UPDATE generation SET replaced_at = $2 WHERE challenge_id = $1 AND replaced_at IS NULL", id, now)?;
    Ok(renewed == 1)
}

/// Writes down where the links of a challenge lead, what its mails speak of and whether its codes are returned.
pub async fn dress(
    tx: &mut Tx,
    id: &str,
    template: Option<&str>,
    application: Option<&str>,
    returned: bool,
) -> Result<()> {
    exec!(
        tx,
        "UPDATE challenge SET url_template = $2, application = $3, returned = $4 WHERE id = $1",
        id,
        template,
        application,
        returned
    )?;
    Ok(())
}

/// Has what is drawn for an open challenge work until then at the least.
pub async fn prolong(tx: &mut Tx, id: &str, until: i64) -> Result<()> {
    exec!(
        tx,
        "UPDATE challenge SET expires_at = $2 WHERE id = $1 AND ended_at IS NULL AND expires_at < $2",
        id,
        until
    )?;
    Ok(())
}

/// A code that was returned before is mailed now.
pub async fn mail_again(tx: &mut Tx, id: &str) -> Result<()> {
    exec!(tx, "UPDATE challenge SET returned = FALSE WHERE id = $1 AND returned", id)?;
    Ok(())
}

/// Has the challenges of an address that is about to go belong to its user's primary one, so that they can tell their
/// holders what became of them. They have ended.
pub async fn outlive(tx: &mut Tx, email_id: &str, user_id: &str) -> Result<()> {
    exec!(
        tx,
        "UPDATE challenge SET email_id = (SELECT id FROM email WHERE user_id = $2 AND is_primary) WHERE email_id = $1",
        email_id,
        user_id
    )?;
    Ok(())
}
