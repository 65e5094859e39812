//! Seals: a job chains what has happened since the last one by hash, so that a changed log shows.

use sha2::{Digest, Sha256};

use crate::{
    Result, Vestibule,
    secret::hex,
    store::{
        events,
        events::{EventKey, SealRow, Sealable},
        is_taken,
    },
};

/// Events in one seal at the most.
const MOST: i64 = 1_000;

/// What a check of the whole chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealReport {
    pub seals: i64,
    pub events: i64,
    /// The first seal that does not fit what it sealed.
    pub broken: Option<i64>,
}

impl Vestibule {
    /// Seals the oldest events that are not sealed yet; gives how many. Several instances may call it at once.
    pub async fn seal(&self) -> Result<usize> {
        let now = self.env.now();
        let sealed = self
            .store
            .write(move |tx| {
                Box::pin(async move {
                    // The last seal first: one that another instance makes after this takes the number away, and one
                    // made before shows in what is still unsealed.
                    let last = events::last_seal(tx).await?;
                    let events = events::unsealed(tx, MOST).await?;
                    if events.is_empty() {
                        return Ok(0);
                    }
                    let (number, before) = last.map_or((1, String::new()), |last| (last.number + 1, last.hash));
                    let count = events.len();
                    let seal = SealRow {
                        number,
                        events: i64::try_from(count).unwrap_or(i64::MAX),
                        hash: chain(&before, events.iter()),
                    };
                    let keys: Vec<EventKey<'_>> = events
                        .iter()
                        .map(|event| EventKey { user_id: &event.user_id, sequence: event.sequence })
                        .collect();
                    events::insert_seal(tx, &seal, &keys, now).await?;
                    Ok(count)
                })
            })
            .await;
        match sealed {
            // Another instance made the seal of that number first; it sealed these events too.
            Err(crate::Error::Store(error)) if is_taken(&error) => Ok(0),
            other => other,
        }
    }

    /// Computes every seal again.
    pub async fn verify_seals(&self) -> Result<SealReport> {
        let mut tx = self.store.read().await?;
        let (mut report, mut before) = (SealReport { seals: 0, events: 0, broken: None }, String::new());
        let mut number = 0;
        while let Some(seal) = events::seal_after(&mut tx, number).await? {
            let events = events::of_seal(&mut tx, seal.number).await?;
            let whole =
                seal.number == number + 1 && i64::try_from(events.len()).is_ok_and(|count| count == seal.events);
            if !whole || chain(&before, events.iter()) != seal.hash {
                report.broken = Some(seal.number);
                return Ok(report);
            }
            report.seals += 1;
            report.events += seal.events;
            (number, before) = (seal.number, seal.hash);
        }
        Ok(report)
    }
}

/// SHA-256 over the hash before and every field of every event, each led by its length.
fn chain<'a>(before: &str, events: impl Iterator<Item = &'a Sealable>) -> String {
    let mut hash = Sha256::new();
    let mut part = |text: &str| {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    };
    part(before);
    for event in events {
        part(&event.user_id);
        part(&event.sequence.to_string());
        part(&event.number.to_string());
        part(&event.organization_id);
        part(&event.at.to_string());
        part(event.kind.as_str());
        part(&event.actor);
        part(&event.data);
    }
    hex(&hash.finalize())
}
