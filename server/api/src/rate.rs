//! How many requests a client may make, counted in this process.
//!
//! A bucket that leaks (ITU-T I.371, "generic cell rate algorithm"): a client may make `2 × rate` requests at once and
//! `rate` a second for ever. It tells so by the headers of draft-ietf-httpapi-ratelimit-headers-09.

use std::{
    collections::HashMap,
    fmt,
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex, PoisonError},
};

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// Requests a second that a client may make for ever, where the operator has not said otherwise.
pub const RATE: u32 = 300;
/// How many seconds' worth of requests may come at once.
const BURST: i64 = 2;
/// How many clients are told apart. More than that share what is left.
const MOST: usize = 20_000;
/// Microseconds in a second.
const SECOND: i64 = 1_000_000;

/// The buckets of all clients. Clones count together.
#[derive(Clone)]
pub struct Limiter {
    /// What one request costs, in microseconds; zero where nothing is limited.
    cost: i64,
    policy: HeaderValue,
    hasher: RandomState,
    buckets: Arc<Mutex<Buckets>>,
}

#[derive(Default)]
struct Buckets {
    /// When each bucket will have run empty, in unix microseconds.
    empty_at: HashMap<u64, i64>,
    swept_at: i64,
}

/// What came of one request.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The bucket's level after it, in microseconds, and what is left of it in requests; `None` where nothing is limited.
    level: Option<(i64, i64)>,
    policy: HeaderValue,
    /// How many seconds to wait, where it was one too many.
    pub retry_after: Option<u64>,
}

impl Limiter {
    /// For so many requests a second; zero limits nothing.
    pub fn new(rate: u32) -> Self {
        let policy = format!("\"client\";q={};w={BURST}", i64::from(rate) * BURST);
        Self {
            cost: if rate == 0 { 0 } else { SECOND / i64::from(rate) },
            policy: HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("")),
            hasher: RandomState::new(),
            buckets: Arc::default(),
        }
    }

    /// Counts one request of a client, at a unix time in milliseconds.
    pub fn take(&self, client: &[u8], now: i64) -> Taken {
        let mut taken = Taken { level: None, policy: self.policy.clone(), retry_after: None };
        if self.cost == 0 {
            return taken;
        }
        let (now, full) = (now.saturating_mul(1_000), BURST * SECOND);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let empty_at = buckets.of(self.hasher.hash_one(client), now);
        // Where the clock was set back, nobody waits for it to come again.
        let level = empty_at.saturating_sub(now).clamp(0, full);
        *empty_at = now + level;
        if level + self.cost > full {
            let wait = level + self.cost - full;
            taken.retry_after = Some(u64::try_from(seconds(wait)).unwrap_or(1).max(1));
            taken.level = Some((level, 0));
        } else {
            let level = level + self.cost;
            *empty_at += self.cost;
            taken.level = Some((level, (full - level) / self.cost));
        }
        taken
    }
}

impl Buckets {
    fn of(&mut self, client: u64, now: i64) -> &mut i64 {
        if self.empty_at.len() >= MOST && !self.empty_at.contains_key(&client) {
            if self.swept_at.abs_diff(now) >= SECOND.unsigned_abs() {
                self.swept_at = now;
                // An empty bucket is as good as none.
                self.empty_at.retain(|_, empty_at| *empty_at > now);
            }
            if self.empty_at.len() >= MOST {
                return self.empty_at.entry(0).or_insert(now);
            }
        }
        self.empty_at.entry(client).or_insert(now)
    }
}

impl Taken {
    /// Tells the client where it stands.
    pub fn write(&self, headers: &mut HeaderMap) {
        let Some((level, left)) = self.level else { return };
        headers.insert(HeaderName::from_static("ratelimit-policy"), self.policy.clone());
        let standing = format!("\"client\";r={left};t={}", seconds(level));
        if let Ok(standing) = HeaderValue::from_str(&standing) {
            headers.insert(HeaderName::from_static("ratelimit"), standing);
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
    }
}

/// Whole seconds, rounded up.
fn seconds(micros: i64) -> i64 {
    (micros + SECOND - 1) / SECOND
}

impl fmt::Debug for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limiter").field("cost", &self.cost).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_750_000_000_000;

    fn passed(limiter: &Limiter, client: &str, now: i64) -> usize {
        (0..1_000).take_while(|_| limiter.take(client.as_bytes(), now).retry_after.is_none()).count()
    }

    #[test]
    fn a_burst_then_the_rate() {
        let limiter = Limiter::new(100);
        assert_eq!(passed(&limiter, "a", NOW), 200);
        assert_eq!(passed(&limiter, "b", NOW), 200, "clients count apart");
        assert_eq!(passed(&limiter, "a", NOW + 100), 10);
        assert_eq!(passed(&limiter, "a", NOW + 60_000), 200);
        assert_eq!(passed(&limiter, "a", NOW - 60_000), 0);
        assert_eq!(passed(&limiter, "a", NOW - 58_000), 200, "a clock that was set back holds nobody up");
        assert_eq!(passed(&Limiter::new(0), "a", NOW), 1_000);
    }

    #[test]
    fn the_client_is_told() {
        let limiter = Limiter::new(2);
        let told = || {
            let mut headers = HeaderMap::new();
            limiter.take(b"a", NOW).write(&mut headers);
            ["ratelimit-policy", "ratelimit", "retry-after"]
                .map(|name| headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned())
                .join(" ")
        };
        assert_eq!(told(), r#""client";q=4;w=2 "client";r=3;t=1 "#);
        assert_eq!(told(), r#""client";q=4;w=2 "client";r=2;t=1 "#);
        assert_eq!(told(), r#""client";q=4;w=2 "client";r=1;t=2 "#);
        assert_eq!(told(), r#""client";q=4;w=2 "client";r=0;t=2 "#);
        assert_eq!(told(), r#""client";q=4;w=2 "client";r=0;t=2 1"#);
    }

    #[test]
    fn the_map_is_bounded() {
        let limiter = Limiter::new(1);
        for client in 0..3 * MOST {
            limiter.take(&client.to_be_bytes(), NOW);
        }
        assert!(limiter.buckets.lock().unwrap().empty_at.len() <= MOST + 1);
        assert!(limiter.take(b"late", NOW).retry_after.is_some(), "who comes late shares");
        assert!(limiter.take(b"late", NOW + 5_000).retry_after.is_none());
    }
}
