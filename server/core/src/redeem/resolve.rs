//! Which challenge a try is about.

use super::{Secret, Try, UserCode};
use crate::{
    Result,
    store::{Tx, challenges},
};

/// Finds the challenge of each try.
pub(super) async fn resolve(tx: &mut Tx, tries: &[Try]) -> Result<Vec<Option<String>>> {
    let mut ids: Vec<Option<String>> = Vec::with_capacity(tries.len());
    let (mut addresses, mut links, mut users) = (Vec::new(), Vec::new(), Vec::new());
    for (place, attempt) in (0_i64..).zip(tries) {
        ids.push(None);
        match attempt.secret.bare() {
            Secret::CodeFor(id, _) => ids[attempt_place(place)] = Some(id.clone()),
            Secret::CodeOf(UserCode { organization_id, user_id, purpose, .. }) => {
                users.push(challenges::UserLookup { place, organization_id, user_id, purpose: *purpose });
            }
            Secret::For(..) => {}
            Secret::CodeAt(address, code) => {
                addresses.push(challenges::AddressLookup {
                    place,
                    canonical: address.canonical(),
                    purpose: attempt.secret.purpose_of(code),
                });
            }
            Secret::Link(token) => links.push(challenges::LinkLookup { place, hash: token.hash() }),
        }
    }
    if !addresses.is_empty() {
        for (place, id) in challenges::by_address(tx, &addresses).await? {
            ids[attempt_place(place)] = id;
        }
    }
    if !users.is_empty() {
        for (place, id) in challenges::by_user(tx, &users).await? {
            ids[attempt_place(place)] = id;
        }
    }
    if !links.is_empty() {
        for (place, id) in challenges::by_link(tx, &links).await? {
            ids[attempt_place(place)] = Some(id);
        }
    }
    Ok(ids)
}

fn attempt_place(place: i64) -> usize {
    usize::try_from(place).unwrap_or_default()
}
