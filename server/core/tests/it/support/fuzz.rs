//! Cases made up at random, the same ones with every run; of one that fails the seed is told.

use std::time::{Duration, Instant};

use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};

/// Longer than any parser may take for one text, on whatever machine.
const HANG: Duration = Duration::from_secs(10);

/// One case, from its seed to its end.
#[derive(Debug)]
pub struct Case {
    seed: u64,
    begin: Instant,
    pub chance: StdRng,
}

impl Case {
    pub fn new(seed: u64) -> Self {
        Self { seed, begin: Instant::now(), chance: StdRng::seed_from_u64(seed) }
    }
}

impl Drop for Case {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("it was the case of seed {}", self.seed);
        } else {
            assert!(self.begin.elapsed() < HANG, "the case of seed {} hangs", self.seed);
        }
    }
}

/// Runs so many cases.
pub fn cases(count: u64, mut run: impl FnMut(&mut StdRng)) {
    for seed in 0..count {
        run(&mut Case::new(seed).chance);
    }
}

/// A text that was legal, with one to three mistakes in it: something lost, said twice, in the wrong place, cut off, or
/// one of the pieces where it does not belong.
pub fn mistaken(chance: &mut StdRng, text: &str, pieces: &[&str]) -> String {
    let mut signs: Vec<char> = text.chars().collect();
    for _ in 0..chance.random_range(1..=3) {
        let (one, other) = (chance.random_range(0..=signs.len()), chance.random_range(0..=signs.len()));
        let (from, to) = (one.min(other), one.max(other));
        match chance.random_range(0..5) {
            0 => drop(signs.drain(from..to.min(from + 12))),
            1 => {
                let twice: Vec<char> = signs[from..to.min(from + 60)].to_vec();
                signs.splice(to..to, twice);
            }
            2 if to < signs.len() => signs.swap(from, to),
            3 => signs.truncate(to),
            _ => drop(signs.splice(from..from, pieces.choose(chance).unwrap_or(&"").chars())),
        }
    }
    signs.into_iter().collect()
}
