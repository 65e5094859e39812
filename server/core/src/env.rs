//! Time, ids and chance, injected so that tests hold all three still.

use std::{
    fmt::Debug,
    sync::atomic::{AtomicI64, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

/// Milliseconds in a second, a minute, an hour and a day.
pub const SECOND: i64 = 1_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

/// What a verb may know of the world beside its input and the store.
pub trait Env: Debug + Send + Sync + 'static {
    /// Unix time in milliseconds.
    fn now(&self) -> i64;
    /// Fills the buffer from a cryptographically secure source.
    fn fill(&self, bytes: &mut [u8]);
    /// The last number given out; [`Env::number`] never gives a lower one.
    fn last_number(&self) -> &AtomicI64;

    /// A new UUIDv7.
    fn id(&self) -> String {
        let mut random = [0; 10];
        self.fill(&mut random);
        uuid::Builder::from_unix_timestamp_millis(self.now().unsigned_abs(), &random).into_uuid().to_string()
    }

    /// A number that rises with time: milliseconds in the upper bits, chance in the lower twenty, so that several
    /// instances rarely draw the same and one never does.
    fn number(&self) -> i64 {
        let mut chance = [0; 4];
        self.fill(&mut chance);
        let wish = (self.now() << 20) | i64::from(u32::from_le_bytes(chance) & 0xF_FFFF);
        let next = |last: i64| Some(wish.max(last + 1));
        let last = self.last_number();
        let before = last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).unwrap_or_else(|last| last);
        wish.max(before + 1)
    }
}

/// The real clock and the operating system's randomness.
#[derive(Debug, Default)]
pub struct SystemEnv {
    last: AtomicI64,
}

impl Env for SystemEnv {
    #[expect(clippy::disallowed_methods, reason = "this is where the time comes from")]
    fn now(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    #[expect(clippy::disallowed_methods, reason = "this is where chance comes from")]
    fn fill(&self, bytes: &mut [u8]) {
        use rand::RngCore;
        rand::rng().fill_bytes(bytes);
    }

    fn last_number(&self) -> &AtomicI64 {
        &self.last
    }
}
