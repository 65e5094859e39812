//! What happens when a code comes in, or a link is pressed.

mod effect;
mod judge;
mod resolve;
mod turns;

use std::collections::HashMap;

use self::{
    effect::{complete_outlived, refuse_guesses, refuse_unmet, take_effect},
    judge::judge,
    resolve::resolve,
    turns::{count_failures, next_round, wrong_so_far},
};
use crate::{
    Refusal, Result, Vestibule,
    actor::Actor,
    address::EmailAddress,
    code::{Purpose, TypedCode},
    env::Env,
    is_id,
    prove::ProofKind,
    secret::{SecretKey, Token},
    store::{
        Tx, challenges,
        challenges::{ChallengeRow, Cost},
        records,
        records::SummaryRow,
    },
    user::summary::Summary,
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
    /// A user's code; what machines ask by.
    CodeOf(UserCode),
    /// A code or link that only this purpose is met with.
    For(Purpose, Box<Secret>),
}

/// A typed code for the newest challenge of a purpose that was sent to a user.
#[derive(Clone, Debug)]
pub struct UserCode {
    pub organization_id: String,
    pub user_id: String,
    pub purpose: Purpose,
    pub code: TypedCode,
    pub aim: Aim,
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
            Self::CodeOf(UserCode { purpose: wanted, .. }) | Self::For(wanted, _) => *wanted == purpose,
        }
    }

    /// What a challenge is for that is looked up by address.
    fn purpose_of(&self, code: &TypedCode) -> Purpose {
        match self {
            Self::For(wanted, _) => *wanted,
            _ => code.purpose(),
        }
    }

    /// What it was shown for, as far as it says so itself.
    pub(crate) fn meant_for(&self) -> Option<Purpose> {
        match self {
            Self::For(purpose, _) | Self::CodeOf(UserCode { purpose, .. }) => Some(*purpose),
            Self::CodeFor(_, code) | Self::CodeAt(_, code) => Some(code.purpose()),
            Self::Link(_) => None,
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
        let by_address = is_at_address(&attempt);
        let pace = crate::resend::Pace::start();
        let answer = self.redeem_in_batch(attempt).await;
        if by_address && answer.is_err() {
            pace.keep().await;
        }
        Ok(answer?.0)
    }

    /// Redeems a user's code, which `by` shows; gives the user as it left them.
    pub async fn redeem_of(&self, code: UserCode, by: Actor, ip: Option<String>) -> Result<Summary> {
        let attempt = Try { secret: Secret::CodeOf(code), by: Some(by), ip };
        let (_, user) = self.redeem_in_batch(attempt).await?;
        user.ok_or(Refusal::NotFound)?.try_into()
    }

    async fn redeem_in_batch(&self, attempt: Try) -> Result<(Redeemed, Option<SummaryRow>)> {
        // One unreadable id must not spoil the batch that it would share with others.
        match attempt.secret.bare() {
            Secret::CodeFor(id, _) if !is_id(id) => return Err(Refusal::LinkUnknown.into()),
            Secret::CodeOf(code) if !is_id(&code.user_id) || !is_id(&code.organization_id) => {
                return Err(Refusal::NotFound.into());
            }
            _ => {}
        }
        let meant_for = attempt.secret.meant_for();
        let answer = self.batches.redeem.call(attempt).await;
        self.counts.checked(meant_for, answer.as_ref().map(|(redeemed, _)| redeemed.purpose));
        answer
    }
}

/// Redeems a batch, and reads the users of those who are told what became of them.
pub(crate) async fn redeem_and_tell(
    tx: &mut Tx,
    env: &dyn Env,
    key: &SecretKey,
    tries: &[Try],
) -> Result<Vec<Result<(Redeemed, Option<SummaryRow>), Refusal>>> {
    let answers = redeem_all(tx, env, key, tries).await?;
    let is_told = |attempt: &Try| matches!(attempt.secret, Secret::CodeOf(_));
    let told = tries.iter().zip(&answers).filter(|(attempt, _)| is_told(attempt));
    let ids: Vec<&str> = told.filter_map(|(_, answer)| Some(answer.as_ref().ok()?.user_id.as_str())).collect();
    let rows = if ids.is_empty() { Vec::new() } else { records::summaries(tx, &ids).await? };
    let rows: HashMap<String, SummaryRow> = rows.into_iter().map(|row| (row.user.id.clone(), row)).collect();
    Ok(answers
        .into_iter()
        .map(|answer| {
            let redeemed = answer?;
            let row = rows.get(&redeemed.user_id).cloned();
            Ok((redeemed, row))
        })
        .collect())
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
    let mut wrong = wrong_so_far(tx, env, tries).await?;
    let mut waiting: Vec<usize> = (0..tries.len()).collect();
    // In one order, so that two batches do not wait for each other.
    waiting.sort_by(|one, other| challenge_ids[*one].cmp(&challenge_ids[*other]));
    while !waiting.is_empty() {
        let (round, later) = next_round(tries, &challenge_ids, &wrong, waiting, &mut answers);
        one_round(tx, env, key, tries, &challenge_ids, &round, &mut answers).await?;
        count_failures(tx, env, tries, &round, &answers, &mut wrong).await?;
        waiting = later;
    }
    Ok(answers.into_iter().map(|answer| answer.unwrap_or(Err(Refusal::LinkUnknown))).collect())
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
    let (mut unmet, mut guesses) = (Vec::new(), Vec::new());
    for place in round.iter().copied() {
        match challenge_ids[place].as_ref().and_then(|id| rows.get(id)) {
            None if is_at_address(&tries[place]) => guesses.push(place),
            None => unmet.push(place),
            Some(row) => match judge(&tries[place], row, &generations, key, env.now()) {
                Ok((proof, message)) => hits.push(Hit { place, row: row.clone(), proof, message, cost: cost(place) }),
                Err(Refusal::AddressChanged) if aims_at_account(&tries[place]) => outlived.push((place, row)),
                Err(refusal) => {
                    if matches!(refusal, Refusal::Wrong { .. } | Refusal::OutOfTries) {
                        misses.push((place, row));
                        if is_at_address(&tries[place]) {
                            guesses.push(place);
                            continue;
                        }
                    }
                    answers[place] = Some(Err(refusal));
                }
            },
        }
    }
    refuse_unmet(tx, tries, challenge_ids, &unmet, answers).await?;
    refuse_guesses(tx, env, tries, &guesses, answers).await?;
    complete_outlived(tx, env.now(), &outlived, answers).await?;
    take_effect(tx, env, tries, hits, &misses, answers).await
}

fn is_at_address(attempt: &Try) -> bool {
    matches!(attempt.secret.bare(), Secret::CodeAt(..))
}

fn aims_at_account(attempt: &Try) -> bool {
    matches!(attempt.secret, Secret::CodeOf(UserCode { aim: Aim::Account, .. }))
}
