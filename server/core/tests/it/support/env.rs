//! Time and chance that a test holds in its hand.

use std::sync::{
    Mutex,
    atomic::{AtomicI64, Ordering},
};

use rand::{RngCore, SeedableRng, rngs::StdRng};
use vestibule_core::env::Env;

/// A clock that moves only when told to, and chance from a seed.
#[derive(Debug)]
pub struct FixedEnv {
    now: AtomicI64,
    last: AtomicI64,
    chance: Mutex<StdRng>,
}

impl FixedEnv {
    /// Starts on a summer day of 2025.
    pub fn new(seed: u64) -> Self {
        Self {
            now: AtomicI64::new(1_750_000_000_000),
            last: AtomicI64::default(),
            chance: Mutex::new(StdRng::seed_from_u64(seed)),
        }
    }

    /// Moves the clock on by milliseconds.
    pub fn pass(&self, time: i64) {
        self.now.fetch_add(time, Ordering::SeqCst);
    }
}

impl Env for FixedEnv {
    fn now(&self) -> i64 {
        self.now.load(Ordering::SeqCst)
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.chance.lock().unwrap().fill_bytes(bytes);
    }

    fn last_number(&self) -> &AtomicI64 {
        &self.last
    }
}
