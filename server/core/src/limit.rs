//! Limits: how often, for whom, until when.

use std::collections::{BTreeSet, HashMap};

use crate::{
    Refusal, Result,
    code::Purpose,
    env::{DAY, Env, HOUR, MINUTE},
    metrics::LIMITED,
    organization::Policy,
    store::{Tx, limits},
};

/// Wrong codes from one network address before it has to wait, and the window in milliseconds.
pub const WRONG_PER_IP: i64 = 60;
pub const WRONG_WINDOW: i64 = 10 * MINUTE;
/// Failed sign-ins in the same window: of one login name from one network address, of one login name from wherever, from
/// one network address with whatever names. The second is wide, or strangers could shut a person out by trying.
pub const SIGN_INS_PER_NAME_AND_IP: i64 = 10;
pub const SIGN_INS_PER_NAME: i64 = 100;
pub const SIGN_INS_PER_IP: i64 = 60;
/// Passkey sign-ins begun from one network address in the same window: every visit of the page begins one.
pub const CEREMONIES_PER_IP: i64 = 600;
/// Codes asked for from one network address in an hour.
pub const ASKED_PER_IP: i64 = 60;
/// Codes that one person has sent to addresses of their own in an hour: each may be somebody else's.
pub const ASKED_PER_PERSON: i64 = 20;

/// Counts one more and refuses where that is too many.
pub(crate) async fn take(tx: &mut Tx, env: &dyn Env, key: String, most: i64, window: i64) -> Result<()> {
    take_of(tx, env, key, most, window).await.map(drop)
}

/// The same; gives how many are left.
pub(crate) async fn take_of(tx: &mut Tx, env: &dyn Env, key: String, most: i64, window: i64) -> Result<i64> {
    let now = env.now();
    let hits = [limits::Hit { key, ends_at: now + window }];
    match limits::hit(tx, &hits, now).await?.first() {
        Some(bucket) if bucket.count > most => Err(limited(bucket).into()),
        bucket => Ok(most - bucket.map_or(0, |bucket| bucket.count)),
    }
}

/// A refusal for this bucket, counted by the limit's name, with which every key begins.
pub(crate) fn limited(bucket: &limits::Bucket) -> Refusal {
    LIMITED.add(bucket.key.split(':').next().unwrap_or_default().to_owned());
    Refusal::Limited { until: bucket.ends_at }
}

/// Refuses a mail that comes too soon after the last one to the address, or is one too many on a day.
pub(crate) async fn mail_to(tx: &mut Tx, env: &dyn Env, canonical: &str, policy: &Policy) -> Result<()> {
    let day = limits::by_key(tx, &mails_key(canonical), env.now()).await?;
    if let Some(full) = day.filter(|day| day.count >= policy.mails_a_day) {
        // Before a cool-down begins, which no mail would have earned.
        return Err(limited(&full).into());
    }
    cool_down(tx, env, canonical, policy).await?;
    take(tx, env, mails_key(canonical), policy.mails_a_day, DAY).await
}

/// Refuses what comes too soon after the last mail to the address.
pub(crate) async fn cool_down(tx: &mut Tx, env: &dyn Env, canonical: &str, policy: &Policy) -> Result<()> {
    cooling(take(tx, env, cool_down_key(canonical), 1, policy.cool_down).await)
}

/// Refuses who asks for mails to an address too soon or too often a day, whoever has it. Counted apart from the mails
/// themselves: those that the house sends would tell a stranger, by what is left, that somebody is known.
pub(crate) async fn asked_at(tx: &mut Tx, env: &dyn Env, canonical: &str, policy: &Policy) -> Result<()> {
    cooling(take(tx, env, asked_key(canonical), 1, policy.cool_down).await)?;
    take(tx, env, format!("asked:day:{canonical}"), policy.mails_a_day, DAY).await
}

fn cooling(taken: Result<()>) -> Result<()> {
    match taken {
        Err(crate::Error::Refused(Refusal::Limited { until })) => Err(Refusal::Cooling { until }.into()),
        other => other,
    }
}

/// What was to be mailed for a stranger, who is not told that the limits of the address kept it.
pub(crate) fn or_kept<T>(sent: Result<T>) -> Result<()> {
    match sent {
        Ok(_) | Err(crate::Error::Refused(Refusal::Cooling { .. } | Refusal::Limited { .. })) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Has what follows a mail wait, whatever was sent before it.
pub(crate) async fn begin_cool_down(tx: &mut Tx, env: &dyn Env, canonical: &str, policy: &Policy) -> Result<()> {
    limits::begin(tx, &limits::Hit { key: cool_down_key(canonical), ends_at: env.now() + policy.cool_down }).await
}

/// Counts one more mail of the day to each address; gives how many they have had, by [`mails_key`].
pub(crate) async fn count_mails(
    tx: &mut Tx,
    env: &dyn Env,
    canonicals: &BTreeSet<&str>,
) -> Result<HashMap<String, limits::Bucket>> {
    if canonicals.is_empty() {
        return Ok(HashMap::new());
    }
    let now = env.now();
    let hit = |canonical: &&str| limits::Hit { key: mails_key(canonical), ends_at: now + DAY };
    let buckets = limits::hit(tx, &canonicals.iter().map(hit).collect::<Vec<_>>(), now).await?;
    Ok(buckets.into_iter().map(|bucket| (bucket.key.clone(), bucket)).collect())
}

/// Refuses an address of the network that asks for too many codes.
pub(crate) async fn asked_from(tx: &mut Tx, env: &dyn Env, ip: Option<&str>) -> Result<()> {
    match ip {
        Some(ip) => take(tx, env, format!("asked:ip:{ip}"), ASKED_PER_IP, HOUR).await,
        None => Ok(()),
    }
}

/// Refuses a person who has too many codes sent to addresses that they call their own.
pub(crate) async fn asked_by(tx: &mut Tx, env: &dyn Env, user_id: &str) -> Result<()> {
    take(tx, env, format!("asked:user:{user_id}"), ASKED_PER_PERSON, HOUR).await
}

/// Refuses an address of the network that has shown too many wrong codes. Whoever compares one counts it as well.
pub(crate) async fn wrong_from(tx: &mut Tx, env: &dyn Env, ip: Option<&str>) -> Result<()> {
    let Some(ip) = ip else { return Ok(()) };
    match limits::by_key(tx, &wrong_key(ip), env.now()).await? {
        Some(bucket) if bucket.count >= WRONG_PER_IP => Err(limited(&bucket).into()),
        _ => Ok(()),
    }
}

/// Has everybody else who does this, on any instance, wait until this transaction ends.
pub(crate) async fn alone(tx: &mut Tx, env: &dyn Env, what: &str) -> Result<()> {
    let hit = limits::Hit { key: format!("alone:{what}"), ends_at: env.now() + MINUTE };
    limits::hit(tx, &[hit], env.now()).await.map(drop)
}

/// Where the pause between two mails to one address is counted, whether or not anybody has the address.
pub(crate) fn cool_down_key(canonical: &str) -> String {
    format!("cool:{canonical}")
}

/// Where the pause between two asks of strangers for one address is counted.
pub(crate) fn asked_key(canonical: &str) -> String {
    format!("asked:soon:{canonical}")
}

/// Where the mails of a day to one address are counted.
pub(crate) fn mails_key(canonical: &str) -> String {
    format!("mails:{canonical}")
}

/// Where wrong codes are counted that were shown with an address alone, whether or not anything waits there.
pub(crate) fn guesses_key(canonical: &str, purpose: Purpose) -> String {
    format!("guess:{purpose}:{canonical}")
}

/// Where failed sign-ins from one network address are counted.
pub(crate) fn sign_in_ip_key(ip: Option<&str>) -> String {
    format!("sign-in:ip:{}", ip.unwrap_or("-"))
}

pub(crate) fn wrong_key(ip: &str) -> String {
    format!("wrong:ip:{ip}")
}
