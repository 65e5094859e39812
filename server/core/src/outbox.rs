//! The outbox: mails are written with their fact, leased to one worker, rendered at the last moment, sent once.

mod delivery;
mod letter;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    Refusal, Result, Vestibule,
    actor::{Admin, Language, Role},
    code::{Code, Purpose},
    env::MINUTE,
    secret::Token,
    store::messages,
    word::words,
};

pub(crate) use self::letter::draw;
use self::{
    delivery::settle,
    letter::{is_for_disabled, letter},
};
pub use crate::store::messages::MessageRow as Message;

words! {
    /// What a mail says.
    MessageKind {
        Invite = "invite",
        Code = "code",
        /// A new password can be chosen.
        Reset = "reset",
        /// A passkey can be added.
        PasskeyLink = "passkey-link",
        /// A way to sign in was set up.
        PasswordSet = "password-set",
        /// Told to the old address: another one is primary now.
        PrimaryChanged = "primary-changed",
        /// Told to the primary address: another one was added.
        AddressAdded = "address-added",
        /// The password was changed.
        PasswordChanged = "password-changed",
        /// The password was taken away.
        PasswordRemoved = "password-removed",
        /// A passkey was added.
        PasskeyAdded = "passkey-added",
        PasskeyRemoved = "passkey-removed",
        /// A company account was linked.
        CompanyLinked = "company-linked",
        CompanyUnlinked = "company-unlinked",
        Test = "test",
    }
}

words! {
    /// How far a mail has come.
    MessageState {
        /// Not tried yet.
        Waiting = "waiting",
        /// The other server asked to come again.
        Deferred = "deferred",
        Sent = "sent",
        /// The other server said no for good, or said "later" too often.
        Failed = "failed",
        /// No longer needed, or stopped by an administrator.
        Cancelled = "cancelled",
    }
}

/// How long one try may take, from its claim and again from its draft, before another worker may claim the message.
const LEASE: i64 = 2 * MINUTE;
/// After so many temporary refusals a message is a dead letter: about a day.
const MOST_ATTEMPTS: i32 = 12;

/// What is stored of a mail beside its kind. Never a code or a token.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MessageData {
    /// The person's name.
    pub name: String,
    /// Who invites.
    pub inviter: String,
    /// The inviter's own words.
    pub words: String,
    /// An address that the mail is about, where it is not the recipient's.
    pub address: String,
    /// What the mail is about, by its name: a passkey, or the provider of a company account.
    pub what: String,
    /// How long what is drawn for the mail works, in milliseconds from then on: it may have waited for a mail server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifetime: Option<i64>,
}

/// A mail that is about to be sent, with the secrets that were drawn for it.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The message's id, from which the `Message-ID` is made.
    pub id: String,
    pub kind: MessageKind,
    pub recipient: String,
    pub language: Language,
    /// The organization's name.
    pub organization: String,
    pub data: MessageData,
    /// For invites and codes.
    pub secret: Option<Drawn>,
    /// When the mail that this one replaces was rendered (unix milliseconds).
    pub replaces: Option<i64>,
}

/// A code and a link token, drawn together. `Debug` shows neither.
#[derive(Clone)]
pub struct Drawn {
    pub challenge_id: String,
    pub purpose: Purpose,
    pub code: Code,
    pub token: Token,
    /// Until when they work (unix milliseconds).
    pub expires_at: i64,
    /// Where the mail's link leads, if a client said so. It may hold the code.
    pub link: Option<String>,
    /// What the mail speaks of instead of the organization.
    pub application: Option<String>,
}

impl fmt::Debug for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drawn").field("challenge_id", &self.challenge_id).finish_non_exhaustive()
    }
}

/// A message that this worker holds for a while.
#[derive(Clone, Debug)]
pub struct Lease {
    pub message: Message,
    token: String,
}

/// How a try to send ended, with the other server's words.
#[derive(Clone, Debug)]
pub enum Delivery {
    /// Accepted.
    Sent(String),
    /// Refused for now (4xx), or not reached.
    Deferred(String),
    /// Refused for good (5xx).
    Failed(String),
}

impl Vestibule {
    /// Leases the next due message. Several workers and instances may call it at once; none gets another's.
    pub async fn claim_message(&self) -> Result<Option<Lease>> {
        let (lease, now) = (self.env.id(), self.env.now());
        let token = lease.clone();
        let message = self
            .store
            .write(move |tx| {
                let lease = lease.clone();
                Box::pin(async move { messages::claim(tx, &lease, now, now + LEASE).await })
            })
            .await?;
        Ok(message.map(|message| Lease { message, token }))
    }

    /// Draws the code and the link of a leased message and gives what a mail is rendered from.
    ///
    /// `None` when the message need not be sent any more: its challenge ended, its user is disabled, or the lease was
    /// lost.
    pub async fn draft(&self, lease: &Lease) -> Result<Option<Letter>> {
        let (env, key, message, token) =
            (self.env.clone(), self.key.clone(), lease.message.clone(), lease.token.clone());
        self.store
            .write(move |tx| {
                let (env, key, message, token) = (env.clone(), key.clone(), message.clone(), token.clone());
                Box::pin(async move {
                    // Anew from now: a process that stood still since the claim would else send while another does.
                    if !messages::extend(tx, &message.id, &token, env.now() + LEASE).await? {
                        return Ok(None);
                    }
                    // Each try broke off before there was an answer: the worker died over it, or it could not be written.
                    if message.attempts > MOST_ATTEMPTS {
                        let lease = Lease { message, token };
                        let answer = "given up: sending was begun too often and never ended".to_owned();
                        settle(tx, env.as_ref(), &lease, Delivery::Failed(answer)).await?;
                        return Ok(None);
                    }
                    if is_for_disabled(tx, &message).await? {
                        let (state, answer, now) = (MessageState::Cancelled, "the user is disabled", env.now());
                        messages::settle(tx, &message.id, &token, state, answer, now, now).await?;
                        return Ok(None);
                    }
                    letter(tx, env.as_ref(), &key, message).await
                })
            })
            .await
    }

    /// Writes down how the try ended: the message's state, the history, the invite's state.
    pub async fn settle(&self, lease: &Lease, delivery: Delivery) -> Result<()> {
        let env = self.env.clone();
        let lease = lease.clone();
        self.store
            .write(move |tx| {
                let (env, lease, delivery) = (env.clone(), lease.clone(), delivery.clone());
                Box::pin(async move { settle(tx, env.as_ref(), &lease, delivery).await })
            })
            .await
    }

    /// Tries a message again now, one that failed included.
    pub async fn retry_message(&self, admin: &Admin, id: &str) -> Result<()> {
        admin.must_be(Role::Support)?;
        self.touch_message(admin, id, true).await
    }

    /// Stops a message that has not been sent.
    pub async fn cancel_message(&self, admin: &Admin, id: &str) -> Result<()> {
        admin.must_be(Role::Support)?;
        self.touch_message(admin, id, false).await
    }

    async fn touch_message(&self, admin: &Admin, id: &str, retry: bool) -> Result<()> {
        let (organization, id, now) = (admin.organization_id.clone(), id.to_owned(), self.env.now());
        self.store
            .write(move |tx| {
                let (organization, id) = (organization.clone(), id.clone());
                Box::pin(async move {
                    messages::by_id(tx, &organization, &id).await?.ok_or(Refusal::NotFound)?;
                    let done = if retry {
                        messages::retry(tx, &organization, &id, now).await?
                    } else {
                        messages::cancel(tx, &organization, &id, now).await?
                    };
                    if done { Ok(()) } else { Err(Refusal::Stale.into()) }
                })
            })
            .await?;
        self.wake.notify_one();
        Ok(())
    }

    /// Queues a mail that only says that mail works, for an administrator.
    pub async fn send_test_mail(&self, admin: &Admin, recipient: &crate::address::EmailAddress) -> Result<String> {
        admin.must_be(Role::Support)?;
        self.queue_test_mail(&admin.organization_id, recipient).await
    }

    /// Queues a mail that only says that mail works, to the given address.
    pub async fn queue_test_mail(
        &self,
        organization_id: &str,
        recipient: &crate::address::EmailAddress,
    ) -> Result<String> {
        let message = messages::NewMessage {
            id: self.env.id(),
            number: self.env.number(),
            organization_id: organization_id.to_owned(),
            user_id: None,
            challenge_id: None,
            kind: MessageKind::Test,
            recipient: recipient.typed().to_owned(),
            language: Language::English,
            data: serde_json::to_string(&MessageData::default())?,
            created_at: self.env.now(),
        };
        let id = message.id.clone();
        let message = std::sync::Arc::new([message]);
        self.store
            .write(move |tx| {
                let message = message.clone();
                Box::pin(async move { messages::insert(tx, message.as_slice()).await })
            })
            .await?;
        self.wake.notify_one();
        Ok(id)
    }

    /// Tells the delivery worker that there may be something to send.
    pub(crate) fn wake_outbox(&self) {
        self.wake.notify_one();
    }
}
