//! Handing a message to the mail server, and understanding its answer.

use std::{error::Error as _, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    transport::smtp::{Error, PoolConfig, response::Response},
};
use vestibule_core::outbox::Delivery;

use crate::config::SmtpUrl;

/// How long handing over one message may take, from the connection to the last answer. Well under a lease.
const LONGEST: Duration = Duration::from_secs(30);
/// An idle connection is closed before most servers would do it.
const IDLE: Duration = Duration::from_secs(45);
/// Connections that are kept: as many as the worker uses at once.
const CONNECTIONS: u32 = 4;

/// Sends messages over a few kept connections. Cheap to clone; its `Debug` shows no password.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mailer").finish_non_exhaustive()
    }
}

impl Mailer {
    /// Prepares connections; none is made yet. Fails where the host cannot be a TLS name.
    pub fn new(smtp: &SmtpUrl) -> Result<Self, Error> {
        let pool = PoolConfig::new().max_size(CONNECTIONS).idle_timeout(IDLE);
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(smtp.reveal())?;
        Ok(Self { transport: builder.timeout(Some(LONGEST)).pool_config(pool).build() })
    }

    /// Hands one message over and says how that ended, in the other server's words.
    pub async fn send(&self, message: Message) -> Delivery {
        match tokio::time::timeout(LONGEST, self.transport.send(message)).await {
            Ok(Ok(response)) => Delivery::Sent(accepted(&response)),
            Ok(Err(error)) if is_final(&error) => Delivery::Failed(answer(&error)),
            Ok(Err(error)) => Delivery::Deferred(answer(&error)),
            Err(_) => Delivery::Deferred(no_answer()),
        }
    }

    /// Connects, greets, agrees on TLS and signs in, as for a message.
    pub(super) async fn greet(&self) -> Result<(), Greeting> {
        match tokio::time::timeout(LONGEST, self.transport.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(Greeting::Silent("the server closed the connection".to_owned())),
            Ok(Err(error)) => Err(Greeting::Error(error)),
            Err(_) => Err(Greeting::Silent(no_answer())),
        }
    }

    /// Says goodbye on every kept connection.
    pub async fn close(&self) {
        self.transport.shutdown().await;
    }
}

/// Why the conversation did not get as far as a message.
#[derive(Debug)]
pub(super) enum Greeting {
    Error(Error),
    /// Nothing came, or nothing more.
    Silent(String),
}

fn no_answer() -> String {
    format!("no answer within {} seconds", LONGEST.as_secs())
}

fn accepted(response: &Response) -> String {
    let text: Vec<&str> = response.message().collect();
    format!("{} {}", response.code(), text.join(" ")).trim_end().to_owned()
}

/// Whether trying again would meet the same answer. What the server has against us and not against the mail is
/// mended by the operator, so the mails wait.
fn is_final(error: &Error) -> bool {
    error.is_permanent() && !is_about_signing_in(error)
}

/// RFC 4954: authentication needed, mechanism too weak, wrong credentials, encryption needed.
pub(super) fn is_about_signing_in(error: &Error) -> bool {
    let code = error.status().map(u16::from);
    matches!(code, Some(432 | 454 | 530 | 534 | 535 | 538))
        || (error.is_client() && answer(error).contains("authentication"))
}

/// `451 4.7.1 come back later`, or what went wrong before there was an answer.
pub(super) fn answer(error: &Error) -> String {
    let cause = error.source().map(ToString::to_string);
    match (error.status(), cause) {
        (Some(code), cause) => format!("{code} {}", cause.unwrap_or_default()).trim_end().to_owned(),
        (None, Some(cause)) => cause,
        (None, None) => error.to_string(),
    }
}
