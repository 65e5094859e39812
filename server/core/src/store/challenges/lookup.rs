//! Which challenge a try is about, for the tries of a batch.

use serde::Serialize;

use crate::{
    Result,
    code::Purpose,
    store::{Tx, all, set},
};

/// An address typed into the code page, and the place of the try in its batch.
#[derive(Debug, Serialize)]
pub struct AddressLookup<'a> {
    pub place: i64,
    pub canonical: &'a str,
    pub purpose: Purpose,
}

/// The newest challenge of each address, by place; nothing where the address has none.
pub async fn by_address(tx: &mut Tx, lookups: &[AddressLookup<'_>]) -> Result<Vec<(i64, Option<String>)>> {
    Ok(all!(
        tx,
        set!(place BIGINT, canonical TEXT, purpose TEXT;
            "SELECT input.place, (SELECT challenge.id FROM challenge
                WHERE challenge.canonical = input.canonical AND challenge.purpose = input.purpose
                ORDER BY challenge.created_at DESC, challenge.id DESC LIMIT 1)
             FROM input"),
        serde_json::to_string(lookups)?
    )?)
}

/// A user whose code was typed, and the place of the try in its batch.
#[derive(Debug, Serialize)]
pub struct UserLookup<'a> {
    pub place: i64,
    pub organization_id: &'a str,
    pub user_id: &'a str,
    pub purpose: Purpose,
}

/// The newest challenge of each user for a purpose, by place; nothing where there is none.
pub async fn by_user(tx: &mut Tx, lookups: &[UserLookup<'_>]) -> Result<Vec<(i64, Option<String>)>> {
    Ok(all!(
        tx,
        set!(place BIGINT, organization_id TEXT, user_id TEXT, purpose TEXT;
            "SELECT input.place, (SELECT challenge.id FROM challenge
                WHERE challenge.user_id = input.user_id AND challenge.purpose = input.purpose AND challenge.organization_id = input.organization_id
                ORDER BY challenge.created_at DESC, challenge.id DESC LIMIT 1)
             FROM input"),
        serde_json::to_string(lookups)?
    )?)
}

/// A link that was pressed, and the place of the try in its batch.
#[derive(Debug, Serialize)]
pub struct LinkLookup {
    pub place: i64,
    pub hash: String,
}

pub async fn by_link(tx: &mut Tx, lookups: &[LinkLookup]) -> Result<Vec<(i64, String)>> {
    Ok(all!(
        tx,
        set!(place BIGINT, hash TEXT;
            "SELECT input.place, generation.challenge_id FROM input JOIN generation ON generation.link_hash = input.hash"),
        serde_json::to_string(lookups)?
    )?)
}
