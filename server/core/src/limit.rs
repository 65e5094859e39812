//! Limits: how often, for whom, until when.

use crate::{
    Refusal, Result,
    code::Purpose,
    env::{DAY, Env, HOUR, MINUTE},
    organization::Policy,
    store::{Tx, limits},
};

/// Wrong codes from one network address before it has to wait, and the window in milliseconds.
pub const WRONG_PER_IP: i64 = 60;
pub const WRONG_WINDOW: i64 = 10 * MINUTE;
/// Failed sign-ins for one login name and from one network address in the same window.
pub const SIGN_INS_PER_NAME: i64 = 10;
pub const SIGN_INS_PER_IP: i64 = 60;
/// Passkey sign-ins begun from one network address in the same window: every visit of the page begins one.
pub const CEREMONIES_PER_IP: i64 = 600;
/// Codes asked for from one network address in an hour.
pub const ASKED_PER_IP: i64 = 60;

/// Counts one more and refuses where that is too many.
pub(crate) async fn take(tx: &mut Tx, env: &dyn Env, key: String, most: i64, window: i64) -> Result<()> {
    take_of(tx, env, key, most, window).await.map(drop)
}

/// The same; gives how many are left.
pub(crate) async fn take_of(tx: &mut Tx, env: &dyn Env, key: String, most: i64, window: i64) -> Result<i64> {
    let now = env.now();
    let hits = [limits::Hit { key, ends_at: now + window }];
    match limits::hit(tx, &hits, now).await?.first() {
        Some(bucket) if bucket.count > most => Err(Refusal::Limited { until: bucket.ends_at }.into()),
        bucket => Ok(most - bucket.map_or(0, |bucket| bucket.count)),
    }
}

/// Refuses a mail that comes too soon after the last one to the address, or is one too many on a day.
pub(crate) async fn mail_to(tx: &mut Tx, env: &dyn Env, canonical: &str, policy: &Policy) -> Result<()> {
    match take(tx, env, cool_down_key(canonical), 1, policy.cool_down).await {
        Err(crate::Error::Refused(Refusal::Limited { until })) => return Err(Refusal::Cooling { until }.into()),
        other => other?,
    }
    take(tx, env, mails_key(canonical), policy.mails_a_day, DAY).await
}

/// Counts a mail that goes out whatever was sent before it: what follows it has to wait as after any other.
pub(crate) async fn count_mail(tx: &mut Tx, env: &dyn Env, canonical: &str, policy: &Policy) -> Result<()> {
    let (now, cool_down) = (env.now(), cool_down_key(canonical));
    limits::begin(tx, &limits::Hit { key: cool_down, ends_at: now + policy.cool_down }).await?;
    limits::hit(tx, &[limits::Hit { key: mails_key(canonical), ends_at: now + DAY }], now).await.map(drop)
}

/// Refuses an address of the network that asks for too many codes.
pub(crate) async fn asked_from(tx: &mut Tx, env: &dyn Env, ip: Option<&str>) -> Result<()> {
    match ip {
        Some(ip) => take(tx, env, format!("asked:ip:{ip}"), ASKED_PER_IP, HOUR).await,
        None => Ok(()),
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

/// Where the mails of a day to one address are counted.
fn mails_key(canonical: &str) -> String {
    format!("mails:{canonical}")
}

/// Where tries on an address without a challenge are counted, so that it answers like one that has.
pub(crate) fn decoy_key(canonical: &str, purpose: Purpose) -> String {
    format!("decoy:{purpose}:{canonical}")
}

/// Where failed sign-ins from one network address are counted.
pub(crate) fn sign_in_ip_key(ip: Option<&str>) -> String {
    format!("sign-in:ip:{}", ip.unwrap_or("-"))
}

pub(crate) fn wrong_key(ip: &str) -> String {
    format!("wrong:ip:{ip}")
}
