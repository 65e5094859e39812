//! Figures for the operator, over all organizations. Nothing in them names a person.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use crate::{
    Error, Result, Vestibule,
    code::Purpose,
    event::{EventData, EventKind, Standing},
    invite::InviteState,
    outbox::MessageState,
    prove::ProofKind,
    store::{events::Sealable, figures},
};

/// How things stand now, and how often something happened since this process began.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    /// By standing.
    pub users: Vec<(String, i64)>,
    /// By state; an open one past its end is *expired*.
    pub invites: Vec<(String, i64)>,
    /// Mails that have not been sent, by state.
    pub outbox: Vec<(String, i64)>,
    /// Age of the oldest mail that waits, in milliseconds.
    pub outbox_oldest_age: i64,
    /// By proof.
    pub verifications: Vec<(String, i64)>,
    /// By result.
    pub mail_attempts: Vec<(String, i64)>,
    /// By purpose and result.
    pub code_checks: Vec<((String, String), i64)>,
    /// By limit.
    pub limited: Vec<(String, i64)>,
}

/// What every limit refused, on whichever Vestibule of the process: limits know only the transaction that they are in.
pub(crate) static LIMITED: Counter<String> = Counter::new();

/// How often something happened since the process began. Each instance counts for itself; their sum is what happened.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    verifications: Counter<String>,
    mail_attempts: Counter<String>,
    code_checks: Counter<(String, String)>,
}

impl Counts {
    /// Counts what has been sealed: every face and every verb ends in an event, and each event is sealed once, by one
    /// instance. So nothing is counted that was not committed, nothing twice, and no verb takes longer for it.
    pub fn sealed(&self, events: &[Sealable]) {
        for event in events {
            match event.kind {
                EventKind::EmailVerified => {
                    let data: EventData = serde_json::from_str(&event.data).unwrap_or_default();
                    self.verifications.add(data.proof.unwrap_or_default());
                }
                EventKind::MailSent => self.mail_attempts.add("sent".to_owned()),
                EventKind::MailDeferred => self.mail_attempts.add("deferred".to_owned()),
                EventKind::MailFailed => self.mail_attempts.add("failed".to_owned()),
                _ => {}
            }
        }
    }

    /// Counts a code or link that was shown, and what its holder was told. Nobody is told before the commit.
    pub fn checked(&self, meant_for: Option<Purpose>, answer: Result<Purpose, &Error>) {
        let (purpose, result) = match answer {
            Ok(purpose) => (Some(purpose), "ok"),
            Err(Error::Refused(refusal)) => (meant_for, refusal.word()),
            Err(_) => return,
        };
        let purpose = purpose.map_or("unknown", |purpose| purpose.as_str());
        self.code_checks.add((purpose.to_owned(), result.to_owned()));
    }
}

/// Numbers that only rise, by label.
#[derive(Debug, Default)]
pub(crate) struct Counter<L>(Mutex<BTreeMap<L, i64>>);

impl<L: Clone + Ord> Counter<L> {
    const fn new() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }

    pub fn add(&self, label: L) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(label).or_default() += 1;
    }

    fn read(&self) -> Vec<(L, i64)> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.iter().map(|(label, count)| (label.clone(), *count)).collect()
    }
}

impl Vestibule {
    /// Reads the figures. Costs a look at every invite and every unsent mail, so scrape it now and then, not at every request.
    pub async fn metrics(&self) -> Result<Metrics> {
        let (mut tx, now) = (self.store.read().await?, self.env.now());
        let oldest = figures::oldest_waiting(&mut tx).await?;
        let unsent = [MessageState::Waiting, MessageState::Deferred, MessageState::Failed];
        Ok(Metrics {
            users: complete(Standing::ALL.iter().map(|one| one.as_str()), figures::users(&mut tx).await?),
            invites: complete(
                InviteState::ALL.iter().map(|one| one.as_str()).chain(["expired"]),
                figures::invites(&mut tx, now).await?,
            ),
            outbox: complete(unsent.iter().map(|one| one.as_str()), figures::outbox(&mut tx).await?),
            outbox_oldest_age: oldest.map_or(0, |oldest| (now - oldest).max(0)),
            verifications: complete(ProofKind::ALL.iter().map(|one| one.as_str()), self.counts.verifications.read()),
            mail_attempts: complete(["sent", "deferred", "failed"].into_iter(), self.counts.mail_attempts.read()),
            code_checks: self.counts.code_checks.read(),
            limited: LIMITED.read(),
        })
    }
}

/// With a zero for every word that was not found: a figure that is missing would look like a scrape that failed.
fn complete(words: impl Iterator<Item = &'static str>, found: Vec<(String, i64)>) -> Vec<(String, i64)> {
    let mut all: BTreeMap<String, i64> = words.map(|word| (word.to_owned(), 0)).collect();
    all.extend(found);
    all.into_iter().collect()
}
