//! What was drawn for a challenge: each mail has its own code and link.

use super::{ChallengeRow, ids};
use crate::{
    Result,
    store::{Tx, all, exec, maybe, set},
};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct GenerationRow {
    pub challenge_id: String,
    pub code_mac: String,
    pub link_hash: String,
    pub message_id: Option<String>,
    pub replaced_at: Option<i64>,
    /// Whether the challenge's user is disabled.
    pub disabled: bool,
}

pub async fn generations(tx: &mut Tx, challenges: &[ChallengeRow]) -> Result<Vec<GenerationRow>> {
    Ok(all!(
        tx,
        set!(id TEXT;
            "SELECT generation.challenge_id, code_mac, link_hash, message_id, replaced_at, users.state = 'disabled' AS disabled
             FROM input JOIN challenge ON challenge.id = input.id JOIN generation ON generation.challenge_id = challenge.id
             JOIN users ON users.id = challenge.user_id"),
        ids(challenges.iter().map(|challenge| &challenge.id))?
    )?)
}

#[derive(Debug)]
pub struct NewGeneration<'a> {
    pub challenge_id: &'a str,
    pub number: i64,
    pub code_mac: String,
    pub link_hash: String,
    pub message_id: Option<&'a str>,
    pub created_at: i64,
}

/// Stores what was drawn, if the challenge is still open.
pub async fn insert_generation(tx: &mut Tx, generation: &NewGeneration<'_>) -> Result<bool> {
    let rows = exec!(
        tx,
        "INSERT INTO generation (challenge_id, number, code_mac, link_hash, message_id, created_at)
         SELECT id, $2, $3, $4, $5, $6 FROM challenge WHERE id = $1 AND ended_at IS NULL",
        generation.challenge_id,
        generation.number,
        &generation.code_mac,
        &generation.link_hash,
        generation.message_id,
        generation.created_at
    )?;
    Ok(rows == 1)
}

/// When the newest generation of a challenge was drawn for another message than this one.
pub async fn newest_generation_at(tx: &mut Tx, challenge_id: &str, but_message: &str) -> Result<Option<i64>> {
    let row: Option<(i64,)> = maybe!(
        tx,
        "SELECT created_at FROM generation WHERE challenge_id = $1 AND message_id <> $2 ORDER BY number DESC LIMIT 1",
        challenge_id,
        but_message
    )?;
    Ok(row.map(|(at,)| at))
}
