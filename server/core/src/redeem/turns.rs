//! Whose turn it is: one network address may show so many wrong codes, however many it shows at once.

use std::collections::{HashMap, HashSet};

use super::{Redeemed, Try};
use crate::{
    Refusal, Result,
    env::Env,
    limit,
    store::{Tx, limits, limits::Bucket},
};

/// How often the network addresses of these tries have failed, by [`limit::wrong_key`].
pub(super) async fn wrong_so_far(tx: &mut Tx, env: &dyn Env, tries: &[Try]) -> Result<HashMap<String, Bucket>> {
    let keys: HashSet<String> =
        tries.iter().filter_map(|attempt| attempt.ip.as_deref()).map(limit::wrong_key).collect();
    let keys: Vec<String> = keys.into_iter().collect();
    let buckets = if keys.is_empty() { Vec::new() } else { limits::peek(tx, &keys, env.now()).await? };
    Ok(buckets.into_iter().map(|bucket| (bucket.key.clone(), bucket)).collect())
}

/// Parts those whose turn it is from those who wait, and answers the tries of network addresses that failed too often.
/// As many of one network address have their turn as may fail, so that no batch lets it fail more often than it may.
pub(super) fn next_round(
    tries: &[Try],
    challenge_ids: &[Option<String>],
    wrong: &HashMap<String, Bucket>,
    waiting: Vec<usize>,
    answers: &mut [Option<Result<Redeemed, Refusal>>],
) -> (Vec<usize>, Vec<usize>) {
    let (mut taken, mut begun) = (HashSet::new(), HashMap::new());
    let (mut round, mut later) = (Vec::with_capacity(waiting.len()), Vec::new());
    for place in waiting {
        let mut have_turns = None;
        if let Some(ip) = tries[place].ip.as_deref() {
            let bucket = wrong.get(&limit::wrong_key(ip));
            let left = limit::WRONG_PER_IP - bucket.map_or(0, |bucket| bucket.count);
            if let Some(bucket) = bucket.filter(|_| left <= 0) {
                answers[place] = Some(Err(limit::limited(bucket)));
                continue;
            }
            let turns: &mut i64 = begun.entry(ip).or_default();
            if *turns >= left {
                later.push(place);
                continue;
            }
            have_turns = Some(turns);
        }
        if challenge_ids[place].as_deref().is_none_or(|id| taken.insert(id)) {
            round.push(place);
            if let Some(turns) = have_turns {
                *turns += 1;
            }
        } else {
            later.push(place);
        }
    }
    (round, later)
}

/// Counts wrong codes against the network addresses that they came from, in the store and in what is known of it.
pub(super) async fn count_failures(
    tx: &mut Tx,
    env: &dyn Env,
    tries: &[Try],
    round: &[usize],
    answers: &[Option<Result<Redeemed, Refusal>>],
    wrong: &mut HashMap<String, Bucket>,
) -> Result<()> {
    let now = env.now();
    let failed = |place: &&usize| {
        matches!(answers[**place], Some(Err(Refusal::Wrong { .. } | Refusal::OutOfTries | Refusal::LinkUnknown)))
    };
    let mut per_ip: Vec<&str> = round.iter().filter(failed).filter_map(|place| tries[*place].ip.as_deref()).collect();
    per_ip.sort_unstable();
    // A key may come once in a statement; more of the same in one round are rare and each costs a statement.
    while !per_ip.is_empty() {
        let mut once = per_ip.clone();
        once.dedup();
        let hits: Vec<limits::Hit> = once
            .iter()
            .map(|ip| limits::Hit { key: limit::wrong_key(ip), ends_at: now + limit::WRONG_WINDOW })
            .collect();
        let buckets = limits::hit(tx, &hits, now).await?;
        wrong.extend(buckets.into_iter().map(|bucket| (bucket.key.clone(), bucket)));
        for ip in once {
            if let Ok(at) = per_ip.binary_search(&ip) {
                per_ip.remove(at);
            }
        }
    }
    Ok(())
}
