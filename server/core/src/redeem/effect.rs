//! What a judged try leads to: refusals for who met nothing, and the effect of the right secret.

use std::collections::HashSet;

use super::{Aim, Hit, Redeemed, Secret, Try, UserCode};
use crate::{
    Refusal, Result,
    challenge::Ended,
    code::Purpose,
    env::{Env, MINUTE},
    event::{EventData, EventKind, Fact},
    invite::InviteState,
    limit,
    organization::Policy,
    prove::{Proving, prove},
    store::{
        Tx, accounts, challenges,
        challenges::{ChallengeRow, Cost},
        invites, limits, users,
    },
};

/// Answers tries that no challenge was counted for: it is out of tries, or there is none.
pub(super) async fn refuse_unmet(
    tx: &mut Tx,
    tries: &[Try],
    challenge_ids: &[Option<String>],
    unmet: &[usize],
    answers: &mut [Option<Result<Redeemed, Refusal>>],
) -> Result<()> {
    let named: Vec<String> = unmet.iter().filter_map(|place| challenge_ids[*place].clone()).collect();
    let existing = if named.is_empty() { Vec::new() } else { challenges::existing(tx, &named).await? };
    for place in unmet.iter().copied() {
        let exists = challenge_ids[place].as_ref().is_some_and(|id| existing.contains(id));
        let refusal = match tries[place].secret.bare() {
            _ if exists => Refusal::OutOfTries,
            Secret::CodeOf(UserCode { organization_id, user_id, .. }) => {
                let known = users::by_id(tx, organization_id, user_id).await?.is_some();
                if known { Refusal::NoneOpen } else { Refusal::NotFound }
            }
            Secret::CodeAt(..) | Secret::CodeFor(..) | Secret::Link(_) | Secret::For(..) => Refusal::LinkUnknown,
        };
        answers[place] = Some(Err(refusal));
    }
    Ok(())
}

/// How long wrong codes at an address count, in milliseconds: as long as most codes live.
const GUESSES: i64 = 15 * MINUTE;

/// Answers wrong codes that were shown with an address alone: they count down to nothing, alike whether a challenge waits
/// there, has waited or never did. The challenge's own tries guard it beside that, in silence.
pub(super) async fn refuse_guesses(
    tx: &mut Tx,
    env: &dyn Env,
    tries: &[Try],
    guesses: &[usize],
    answers: &mut [Option<Result<Redeemed, Refusal>>],
) -> Result<()> {
    if guesses.is_empty() {
        return Ok(());
    }
    let most =
        accounts::organizations(tx).await?.first().map_or_else(|| Policy::default().tries, |first| first.policy.tries);
    let now = env.now();
    let key = |place: usize| match tries[place].secret.bare() {
        Secret::CodeAt(address, code) => {
            Some(limit::guesses_key(address.canonical(), tries[place].secret.purpose_of(code)))
        }
        _ => None,
    };
    let mut keys: Vec<(String, usize)> = guesses.iter().filter_map(|place| Some((key(*place)?, *place))).collect();
    // In one order, so that two batches do not wait for each other.
    keys.sort();
    for (key, place) in keys {
        let count = limits::hit(tx, &[limits::Hit { key, ends_at: now + GUESSES }], now).await?;
        let count = count.first().map_or(1, |bucket| bucket.count);
        let left = most.saturating_sub(i32::try_from(count).unwrap_or(i32::MAX));
        answers[place] = Some(Err(if left > 0 { Refusal::Wrong { left } } else { Refusal::OutOfTries }));
    }
    Ok(())
}

/// Completes accounts whose holder showed the right code of an address that has changed since; it proves nothing.
pub(super) async fn complete_outlived(
    tx: &mut Tx,
    now: i64,
    outlived: &[(usize, &ChallengeRow)],
    answers: &mut [Option<Result<Redeemed, Refusal>>],
) -> Result<()> {
    for (place, row) in outlived.iter().copied() {
        answers[place] = Some(if challenges::spend_outlived(tx, &row.id, now).await? {
            users::complete(tx, std::slice::from_ref(&row.user_id)).await?;
            Ok(Redeemed {
                challenge_id: row.id.clone(),
                organization_id: row.organization_id.clone(),
                user_id: row.user_id.clone(),
                purpose: row.purpose,
            })
        } else {
            Err(Refusal::Used)
        });
    }
    Ok(())
}

/// Spends the challenges that were met, proves their addresses, moves invites on and writes the histories.
pub(super) async fn take_effect(
    tx: &mut Tx,
    env: &dyn Env,
    tries: &[Try],
    hits: Vec<Hit>,
    misses: &[(usize, &ChallengeRow)],
    answers: &mut [Option<Result<Redeemed, Refusal>>],
) -> Result<()> {
    let now = env.now();
    let costs: Vec<Cost> = hits.iter().map(|hit| Cost { id: hit.row.id.clone(), cost: hit.cost }).collect();
    let spent: HashSet<String> =
        if costs.is_empty() { HashSet::new() } else { challenges::spend(tx, &costs, now).await?.into_iter().collect() };

    let fact = |place: usize, row: &ChallengeRow, kind| Fact {
        user_id: row.user_id.clone(),
        kind,
        actor: tries[place].actor(&row.user_id),
        data: EventData {
            challenge: Some(row.id.clone()),
            ip: tries[place].ip.clone(),
            ..EventData::address(&row.canonical)
        },
    };
    let is_invite = |row: &ChallengeRow| row.purpose == Purpose::Invite;
    let mut facts = Vec::new();
    let opened: Vec<String> = misses.iter().filter(|(_, row)| is_invite(row)).map(|(_, row)| row.id.clone()).collect();
    let opened =
        if opened.is_empty() { opened } else { invites::advance(tx, &opened, InviteState::Opened, now).await? };
    for (place, row) in misses.iter().copied() {
        if opened.contains(&row.id) {
            facts.push(fact(place, row, EventKind::InviteOpened));
        }
        facts.push(fact(place, row, EventKind::CodeRefused));
    }

    let (hits, lost): (Vec<Hit>, Vec<Hit>) = hits.into_iter().partition(|hit| spent.contains(&hit.row.id));
    for hit in lost {
        // Something else ended it, or another address stands where it was sent to.
        let row = challenges::by_id(tx, &hit.row.id).await?;
        let ended = row.and_then(|row| row.ended).unwrap_or(Ended::Changed);
        answers[hit.place] = Some(Err(ended.refusal()));
    }
    let accepted: Vec<String> = hits.iter().filter(|hit| is_invite(&hit.row)).map(|hit| hit.row.id.clone()).collect();
    let accepted = if accepted.is_empty() {
        accepted
    } else {
        invites::advance(tx, &accepted, InviteState::Accepted, now).await?
    };
    facts.extend(
        hits.iter()
            .filter(|hit| accepted.contains(&hit.row.id))
            .map(|hit| fact(hit.place, &hit.row, EventKind::InviteAccepted)),
    );

    let provings: Vec<Proving> = hits
        .iter()
        .filter(|hit| matches!(hit.row.purpose, Purpose::Email | Purpose::Invite))
        .map(|hit| Proving {
            email_id: hit.row.email_id.clone(),
            user_id: hit.row.user_id.clone(),
            canonical: hit.row.canonical.clone(),
            proof: hit.proof,
            actor: tries[hit.place].actor(&hit.row.user_id),
            reason: None,
            message: hit.message.clone(),
            ip: tries[hit.place].ip.clone(),
            completes: !matches!(tries[hit.place].secret, Secret::CodeOf(UserCode { aim: Aim::AddressOnly, .. })),
        })
        .collect();
    if !provings.is_empty() || !facts.is_empty() {
        prove(tx, env, &provings, facts).await?;
    }
    for Hit { place, row, .. } in hits {
        let (challenge_id, organization_id, user_id) = (row.id, row.organization_id, row.user_id);
        answers[place] = Some(Ok(Redeemed { challenge_id, organization_id, user_id, purpose: row.purpose }));
    }
    Ok(())
}
