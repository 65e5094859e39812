//! What happens when a code comes in, or a link is pressed.

mod effect;

use std::collections::{HashMap, HashSet};

use subtle::ConstantTimeEq;

use self::effect::{complete_outlived, count_failures, refuse_unmet, take_effect};
use crate::{
    Refusal, Result, Vestibule,
    actor::Actor,
    address::EmailAddress,
    code::{Purpose, TypedCode},
    env::Env,
    is_id, limit,
    prove::ProofKind,
    secret::{SecretKey, Token},
    store::{
        Tx, challenges,
        challenges::{ChallengeRow, Cost, GenerationRow},
        limits,
    },
};

/// How the challenge is named that somebody wants to meet.
#[derive(Clone, Debug)]
pub enum Secret {
    /// A typed code for the challenge of this handle.
    CodeFor(String, TypedCode),
    /// A typed code for whichever challenge was last sent to this address.
    CodeAt(EmailAddress, TypedCode),
    /// A link from a mail; it names its challenge itself.
    Link(Token),
    /// A typed code for the newest challenge of this purpose that was sent to a user; what machines ask by.
    CodeOf { organization_id: String, user_id: String, purpose: Purpose, code: TypedCode, aim: Aim },
    /// A code or link that only this purpose is met with.
    For(Purpose, Box<Secret>),
}

/// What a machine wants of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// The address proven; an account that waits for its code waits no longer.
    Address,
    /// The address proven and nothing else (PingOne's `emailVerification`).
    AddressOnly,
    /// The account completed, and the address proven if it is still the one that the code was sent to (PingOne's
    /// `user.verify`).
    Account,
}

impl Secret {
    /// Whether a challenge of this purpose can be met with it.
    fn admits(&self, purpose: Purpose) -> bool {
        match self {
            Self::CodeFor(..) | Self::CodeAt(..) | Self::Link(_) => {
                matches!(purpose, Purpose::Email | Purpose::Invite)
            }
            Self::CodeOf { purpose: wanted, .. } | Self::For(wanted, _) => *wanted == purpose,
        }
    }

    /// What a challenge is for that is looked up by address.
    fn purpose_of(&self, code: &TypedCode) -> Purpose {
        match self {
            Self::For(wanted, _) => *wanted,
            _ => code.purpose(),
        }
    }

    /// The secret without what it is for.
    fn bare(&self) -> &Self {
        match self {
            Self::For(_, secret) => secret.bare(),
            secret => secret,
        }
    }
}

/// One try to redeem.
#[derive(Clone, Debug)]
pub struct Try {
    pub secret: Secret,
    /// Who shows it, where that is not the person whom it was sent to: a client to which they said it, or somebody else
    /// with a token. For the history.
    pub by: Option<Actor>,
    /// Where the request came from, for the history and for limits.
    pub ip: Option<String>,
}

impl Try {
    /// Who acts on this user.
    pub(crate) fn actor(&self, user_id: &str) -> Actor {
        self.by.clone().unwrap_or_else(|| Actor::Person { id: user_id.to_owned() })
    }
}

/// A challenge that was met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redeemed {
    pub challenge_id: String,
    pub organization_id: String,
    pub user_id: String,
    pub purpose: Purpose,
}

impl Vestibule {
    /// Redeems a code or a link: counts the try, compares, spends, proves the address.
    ///
    /// Refusals by address take the same time whether or not anybody has the address.
    pub async fn redeem(&self, attempt: Try) -> Result<Redeemed> {
        // One unreadable id must not spoil the batch that it would share with others.
        match attempt.secret.bare() {
            Secret::CodeFor(id, _) if !is_id(id) => return Err(Refusal::LinkUnknown.into()),
            Secret::CodeOf { user_id, organization_id, .. } if !is_id(user_id) || !is_id(organization_id) => {
                return Err(Refusal::NotFound.into());
            }
            _ => {}
        }
        let by_address = matches!(attempt.secret.bare(), Secret::CodeAt(..));
        let pace = crate::resend::Pace::start();
        let answer = self.batches.redeem.call(attempt).await;
        if by_address && answer.is_err() {
            pace.keep().await;
        }
        answer
    }
}

/// Redeems a batch in a fixed handful of statements. Two tries on one challenge never share a round: the second one
/// must see what the first one did.
pub(crate) async fn redeem_all(
    tx: &mut Tx,
    env: &dyn Env,
    key: &SecretKey,
    tries: &[Try],
) -> Result<Vec<Result<Redeemed, Refusal>>> {
    let mut answers: Vec<Option<Result<Redeemed, Refusal>>> = Vec::new();
    answers.resize_with(tries.len(), || None);
    let challenge_ids = resolve(tx, tries).await?;
    let mut waiting: Vec<usize> = refuse_limited(tx, env, tries, &mut answers).await?;
    // In one order, so that two batches do not wait for each other.
    waiting.sort_by(|one, other| challenge_ids[*one].cmp(&challenge_ids[*other]));
    while !waiting.is_empty() {
        let mut taken = HashSet::new();
        let (round, later): (Vec<usize>, Vec<usize>) = waiting
            .into_iter()
            .partition(|place| challenge_ids[*place].as_deref().is_none_or(|id| taken.insert(id.to_owned())));
        one_round(tx, env, key, tries, &challenge_ids, &round, &mut answers).await?;
        waiting = later;
    }
    Ok(answers.into_iter().map(|answer| answer.unwrap_or(Err(Refusal::LinkUnknown))).collect())
}

/// Finds the challenge of each try.
async fn resolve(tx: &mut Tx, tries: &[Try]) -> Result<Vec<Option<String>>> {
    let mut ids: Vec<Option<String>> = Vec::with_capacity(tries.len());
    let (mut addresses, mut links, mut users) = (Vec::new(), Vec::new(), Vec::new());
    for (place, attempt) in (0_i64..).zip(tries) {
        ids.push(None);
        match attempt.secret.bare() {
            Secret::CodeFor(id, _) => ids[attempt_place(place)] = Some(id.clone()),
            Secret::CodeOf { organization_id, user_id, purpose, .. } => {
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

/// Answers the tries of network addresses that failed too often; gives the places of the others.
async fn refuse_limited(
    tx: &mut Tx,
    env: &dyn Env,
    tries: &[Try],
    answers: &mut [Option<Result<Redeemed, Refusal>>],
) -> Result<Vec<usize>> {
    let keys: HashSet<String> =
        tries.iter().filter_map(|attempt| attempt.ip.as_deref()).map(limit::wrong_key).collect();
    let keys: Vec<String> = keys.into_iter().collect();
    let buckets = if keys.is_empty() { Vec::new() } else { limits::peek(tx, &keys, env.now()).await? };
    let full: HashMap<&str, i64> = buckets
        .iter()
        .filter(|bucket| bucket.count >= limit::WRONG_PER_IP)
        .map(|bucket| (bucket.key.as_str(), bucket.ends_at))
        .collect();
    let mut open = Vec::with_capacity(tries.len());
    for (place, attempt) in tries.iter().enumerate() {
        let until = attempt.ip.as_deref().and_then(|ip| full.get(limit::wrong_key(ip).as_str()));
        match until {
            Some(until) => answers[place] = Some(Err(Refusal::Limited { until: *until })),
            None => open.push(place),
        }
    }
    Ok(open)
}

/// A try that showed the right secret of a live challenge.
struct Hit {
    place: usize,
    row: ChallengeRow,
    proof: ProofKind,
    message: Option<String>,
    cost: i32,
}

async fn one_round(
    tx: &mut Tx,
    env: &dyn Env,
    key: &SecretKey,
    tries: &[Try],
    challenge_ids: &[Option<String>],
    round: &[usize],
    answers: &mut [Option<Result<Redeemed, Refusal>>],
) -> Result<()> {
    let cost = |place: usize| i32::from(!matches!(tries[place].secret.bare(), Secret::Link(_)));
    let costs: Vec<Cost> = round
        .iter()
        .filter_map(|place| Some(Cost { id: challenge_ids[*place].clone()?, cost: cost(*place) }))
        .collect();
    let rows = challenges::count_tries(tx, &costs).await?;
    let generations = challenges::generations(tx, &rows).await?;
    let rows: HashMap<String, ChallengeRow> = rows.into_iter().map(|row| (row.id.clone(), row)).collect();

    let mut hits = Vec::new();
    let mut outlived = Vec::new();
    let mut misses = Vec::new();
    let mut unmet = Vec::new();
    for place in round.iter().copied() {
        match challenge_ids[place].as_ref().and_then(|id| rows.get(id)) {
            None => unmet.push(place),
            Some(row) => match judge(&tries[place], row, &generations, key, env.now()) {
                Ok((proof, message)) => hits.push(Hit { place, row: row.clone(), proof, message, cost: cost(place) }),
                Err(Refusal::AddressChanged) if aims_at_account(&tries[place]) => outlived.push((place, row)),
                Err(refusal) => {
                    if matches!(refusal, Refusal::Wrong { .. } | Refusal::OutOfTries) {
                        misses.push((place, row));
                    }
                    answers[place] = Some(Err(refusal));
                }
            },
        }
    }
    refuse_unmet(tx, env, tries, challenge_ids, &unmet, answers).await?;
    complete_outlived(tx, env.now(), &outlived, answers).await?;
    take_effect(tx, env, tries, hits, &misses, answers).await?;
    count_failures(tx, env, tries, round, answers).await
}

fn aims_at_account(attempt: &Try) -> bool {
    matches!(attempt.secret, Secret::CodeOf { aim: Aim::Account, .. })
}

/// Compares in constant time with every generation, then looks at the state. Only who shows the right secret is told
/// more than "wrong".
fn judge(
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
        Secret::CodeFor(_, code) | Secret::CodeAt(_, code) | Secret::CodeOf { code, .. } => code.macs(key, &row.id),
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
    if let Some(ended) = row.ended {
        return Err(ended.refusal());
    }
    if generation.replaced_at.is_some() {
        return Err(Refusal::Replaced);
    }
    if row.expires_at <= now {
        return Err(Refusal::Expired);
    }
    if generation.disabled {
        return Err(Refusal::Disabled);
    }
    // A person may come back by the link until a method is stored; to a machine a code is good once.
    if row.purpose == Purpose::Invite && row.redeemed_at.is_some() && matches!(secret, Secret::CodeOf { .. }) {
        return Err(Refusal::Used);
    }
    let proof = match (row.purpose, is_link) {
        (Purpose::Invite, _) => ProofKind::Invite,
        (_, true) => ProofKind::Link,
        (_, false) => ProofKind::Code,
    };
    Ok((proof, generation.message_id.clone()))
}
