//! Whether what was shown is the right secret of a live challenge.

use subtle::ConstantTimeEq;

use super::{Secret, Try, UserCode};
use crate::{
    Refusal,
    challenge::Ended,
    code::Purpose,
    prove::ProofKind,
    secret::SecretKey,
    store::challenges::{ChallengeRow, GenerationRow},
};

/// Compares in constant time with every generation, then looks at the state. Only who shows the right secret is told
/// more than "wrong".
pub(super) fn judge(
    attempt: &Try,
    row: &ChallengeRow,
    generations: &[GenerationRow],
    key: &SecretKey,
    now: i64,
) -> Result<(ProofKind, Option<String>), Refusal> {
    if !attempt.secret.admits(row.purpose) {
        return Err(Refusal::LinkUnknown);
    }
    let secret = attempt.secret.bare();
    let shown: Vec<String> = match secret {
        Secret::CodeFor(_, code) | Secret::CodeAt(_, code) | Secret::CodeOf(UserCode { code, .. }) => {
            code.macs(key, &row.id)
        }
        Secret::Link(token) => vec![token.hash()],
        Secret::For(..) => Vec::new(),
    };
    let is_link = matches!(secret, Secret::Link(_));
    let mut found: Option<&GenerationRow> = None;
    for generation in generations.iter().filter(|generation| generation.challenge_id == row.id) {
        let stored = if is_link { &generation.link_hash } else { &generation.code_mac };
        for candidate in &shown {
            if bool::from(candidate.as_bytes().ct_eq(stored.as_bytes())) {
                found = Some(generation);
            }
        }
    }
    let Some(generation) = found else {
        return Err(if row.tries_left > 0 { Refusal::Wrong { left: row.tries_left } } else { Refusal::OutOfTries });
    };
    let stale = match generation {
        GenerationRow { replaced_at: Some(_), .. } => Some(Refusal::Replaced),
        _ if row.expires_at <= now => Some(Refusal::Expired),
        GenerationRow { disabled: true, .. } => Some(Refusal::Disabled),
        _ => None,
    };
    // To a machine the code of a changed address may still be good, so that it has to be whole.
    let outlived = row.ended == Some(Ended::Changed) && matches!(secret, Secret::CodeOf(_));
    if let Some(ended) = row.ended.filter(|_| !(outlived && stale.is_some())) {
        return Err(ended.refusal());
    }
    if let Some(stale) = stale {
        return Err(stale);
    }
    // A person may come back by the link until a method is stored; to a machine a code is good once.
    if row.purpose == Purpose::Invite && row.redeemed_at.is_some() && matches!(secret, Secret::CodeOf(_)) {
        return Err(Refusal::Used);
    }
    let proof = match (row.purpose, is_link) {
        (Purpose::Invite, _) => ProofKind::Invite,
        (_, true) => ProofKind::Link,
        (_, false) => ProofKind::Code,
    };
    Ok((proof, generation.message_id.clone()))
}
