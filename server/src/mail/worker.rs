//! The delivery worker: claims a mail, draws its secrets, renders, sends, and writes down how it ended.

use std::time::Duration;

use tokio::{task::JoinSet, time::sleep};
use vestibule_core::{
    Error, Vestibule,
    outbox::{Delivery, Lease},
};

use super::{Mailer, Sender, render};

/// How many mails are under way at once.
const AT_ONCE: usize = 4;
/// How often the outbox is looked at when nobody says that there is something: deferred mails come due silently, and
/// other instances queue without a word.
const POLL: Duration = Duration::from_secs(1);
/// Longest pause while the database is away.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Sends what the outbox holds. Several may run, here and on other machines; leases keep them apart.
#[derive(Clone, Debug)]
pub struct Worker {
    vestibule: Vestibule,
    mailer: Mailer,
    sender: Sender,
}

impl Worker {
    pub fn new(vestibule: Vestibule, mailer: Mailer, sender: Sender) -> Self {
        Self { vestibule, mailer, sender }
    }

    /// Works until `stop` resolves and then finishes the mails that are under way.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        let mut under_way = JoinSet::new();
        let mut pause = POLL;
        loop {
            while under_way.len() >= AT_ONCE {
                tokio::select! {
                    Some(done) = under_way.join_next() => noted(done),
                    () = &mut stop => return self.finish(under_way).await,
                }
            }
            // A claim is never dropped half-way: its mail would stay leased for nobody.
            match self.vestibule.claim_message().await {
                Ok(Some(lease)) => {
                    pause = POLL;
                    under_way.spawn(self.clone().deliver(lease));
                    continue;
                }
                Ok(None) => pause = POLL,
                Err(error) => {
                    tracing::warn!(%error, seconds = pause.as_secs(), "the outbox cannot be read; trying again");
                    tokio::select! {
                        () = sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
                        () = &mut stop => return self.finish(under_way).await,
                    }
                    continue;
                }
            }
            tokio::select! {
                () = self.vestibule.mail_queued() => {}
                () = sleep(POLL) => {}
                Some(done) = under_way.join_next() => noted(done),
                () = &mut stop => return self.finish(under_way).await,
            }
        }
    }

    async fn finish(&self, mut under_way: JoinSet<()>) {
        while let Some(done) = under_way.join_next().await {
            noted(done);
        }
        self.mailer.close().await;
    }

    /// One mail from lease to result. Logs hold no address, and no answer: that often repeats the address.
    async fn deliver(self, lease: Lease) {
        let (id, kind) = (lease.message.id.clone(), lease.message.kind);
        let delivery = match self.vestibule.draft(&lease).await {
            Ok(Some(letter)) => match render(&letter, &self.sender, self.vestibule.now()) {
                Ok(message) => self.mailer.send(message).await,
                Err(unwritable) => Delivery::Failed(unwritable.to_string()),
            },
            // It need not be sent any more, and the outbox knows.
            Ok(None) => return,
            // The trouble may pass. The lease ends by itself, and then it is tried again, though not for ever: a mail is
            // given up after so many tries without an answer.
            Err(error @ (Error::Store(_) | Error::Internal(_))) => {
                return tracing::warn!(message = id, %error, "a mail could not be drafted");
            }
            Err(error @ Error::Refused(_)) => Delivery::Failed(format!("it could not be written: {error}")),
        };
        match &delivery {
            Delivery::Sent(_) => tracing::info!(message = id, %kind, "mail sent"),
            Delivery::Deferred(_) => tracing::info!(message = id, %kind, "mail deferred"),
            Delivery::Failed(_) => tracing::warn!(message = id, %kind, "mail failed"),
        }
        // The database may be away for a moment just now; what is not written down before the lease ends is sent again.
        for pause in SETTLE_PAUSES {
            match self.vestibule.settle(&lease, delivery.clone()).await {
                Ok(()) => return,
                Err(error) => tracing::warn!(message = id, %error, "how a mail ended could not be written down yet"),
            }
            tokio::time::sleep(Duration::from_secs(pause)).await;
        }
        tracing::error!(message = id, "how a mail ended could not be written down; it may be sent again");
    }
}

/// Seconds between the tries to write down how a mail ended: together less than a lease.
const SETTLE_PAUSES: [u64; 6] = [1, 2, 4, 8, 16, 32];

/// A panic in one mail ends that mail's task only.
fn noted(done: Result<(), tokio::task::JoinError>) {
    if let Err(error) = done {
        tracing::error!(%error, "a mail's delivery broke off; its lease ends by itself");
    }
}
