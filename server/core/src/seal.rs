//! Seals: a job chains what has happened since the last one by hash, so that a changed log shows. The hash is made under
//! the secret key, which is not in the database: who can write there cannot make a seal that fits.

use sha2::{Digest, Sha256};

use crate::{
    Result, Vestibule,
    secret::{SecretKey, hex},
    store::{
        events,
        events::{EventKey, SealRow, Sealable},
        is_taken,
    },
};

/// Events in one seal at the most.
const MOST: usize = 1_000;
/// What the hash of a seal begins with that was made under the secret key. Seals of the first releases have none: who
/// could write to the database could have made them anew.
const KEYED: &str = "hmac:";

/// What a check of the whole chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealReport {
    pub seals: i64,
    pub events: i64,
    /// The first seal that does not fit what it sealed.
    pub broken: Option<i64>,
    /// Seals among them that were made without the secret key, by an older release.
    pub unkeyed: i64,
    /// Events that no seal covers yet.
    pub unsealed: i64,
    /// Events that users have had by their own count and that are not at the end of their histories: whoever took them
    /// away may have taken the last seals away as well.
    pub missing: i64,
}

impl Vestibule {
    /// Seals the events that are not sealed yet; gives how many. Several instances may call it at once.
    pub async fn seal(&self) -> Result<usize> {
        let mut sealed = 0;
        loop {
            let count = self.seal_some().await?;
            sealed += count;
            if count < MOST {
                return Ok(sealed);
            }
        }
    }

    /// Makes one seal over the oldest events that have none.
    async fn seal_some(&self) -> Result<usize> {
        let (now, key) = (self.env.now(), self.key.clone());
        let sealed = self
            .store
            .write(move |tx| {
                let key = key.clone();
                Box::pin(async move {
                    // The last seal first: one that another instance makes after this takes the number away, and one
                    // made before shows in what is still unsealed.
                    let last = events::last_seal(tx).await?;
                    let events = events::unsealed(tx, i64::try_from(MOST).unwrap_or(i64::MAX)).await?;
                    if events.is_empty() {
                        return Ok(events);
                    }
                    let (number, before) = last.map_or((1, String::new()), |last| (last.number + 1, last.hash));
                    let seal = SealRow {
                        number,
                        events: i64::try_from(events.len()).unwrap_or(i64::MAX),
                        hash: keyed(&key, &before, &events),
                    };
                    let keys: Vec<EventKey<'_>> = events
                        .iter()
                        .map(|event| EventKey { user_id: &event.user_id, sequence: event.sequence })
                        .collect();
                    events::insert_seal(tx, &seal, &keys, now).await?;
                    Ok(events)
                })
            })
            .await;
        let events = match sealed {
            // Another instance made the seal of that number first; it sealed these events too.
            Err(crate::Error::Store(error)) if is_taken(&error) => return Ok(0),
            other => other?,
        };
        self.counts.sealed(&events);
        Ok(events.len())
    }

    /// Computes every seal again, and looks whether anything was taken from the ends that no seal covers.
    pub async fn verify_seals(&self) -> Result<SealReport> {
        let mut tx = self.store.read().await?;
        let missing = events::missing(&mut tx).await?;
        let unsealed = events::count_unsealed(&mut tx).await?;
        let mut report = SealReport { seals: 0, events: 0, broken: None, unkeyed: 0, unsealed, missing };
        let (mut number, mut before) = (0, String::new());
        while let Some(seal) = events::seal_after(&mut tx, number).await? {
            let events = events::of_seal(&mut tx, seal.number).await?;
            let whole =
                seal.number == number + 1 && i64::try_from(events.len()).is_ok_and(|count| count == seal.events);
            let is_keyed = seal.hash.starts_with(KEYED);
            let hash = if is_keyed { keyed(&self.key, &before, &events) } else { unkeyed(&before, &events) };
            if !whole || hash != seal.hash {
                report.broken = Some(seal.number);
                return Ok(report);
            }
            report.seals += 1;
            report.events += seal.events;
            report.unkeyed += i64::from(!is_keyed);
            (number, before) = (seal.number, seal.hash);
        }
        Ok(report)
    }
}

/// HMAC over a word of its own and everything that the seal covers.
fn keyed(key: &SecretKey, before: &str, events: &[Sealable]) -> String {
    let covered = covered(before, events);
    let parts: Vec<&str> = std::iter::once("seal").chain(covered.iter().map(String::as_str)).collect();
    format!("{KEYED}{}", key.mac(&parts))
}

/// SHA-256 over everything that the seal covers, each part led by its length.
fn unkeyed(before: &str, events: &[Sealable]) -> String {
    let mut hash = Sha256::new();
    for part in covered(before, events) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hex(&hash.finalize())
}

/// The hash before and every field of every event.
fn covered(before: &str, events: &[Sealable]) -> Vec<String> {
    let mut parts = vec![before.to_owned()];
    for event in events {
        parts.extend([
            event.user_id.clone(),
            event.sequence.to_string(),
            event.number.to_string(),
            event.organization_id.clone(),
            event.at.to_string(),
            event.kind.to_string(),
            event.actor.clone(),
            event.data.clone(),
        ]);
    }
    parts
}
