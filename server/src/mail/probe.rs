//! Trying the mail server step by step, so that an operator reads which step fails.

use std::{fmt, time::Duration};

use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};

use super::{
    Mailer,
    smtp::{Greeting, answer, is_about_signing_in},
};
use crate::config::SmtpUrl;

/// How long the name and the connection may take, each.
const PATIENCE: Duration = Duration::from_secs(10);

/// The step that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Resolve,
    Connect,
    Tls,
    Authenticate,
    /// The server spoke and said no.
    Refused,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Resolve => "the mail server's name cannot be resolved",
            Self::Connect => "the mail server cannot be reached",
            Self::Tls => "no encrypted connection could be agreed on",
            Self::Authenticate => "the mail server does not accept the user or password",
            Self::Refused => "the mail server refused",
        })
    }
}

/// Where it went wrong, and in whose words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{stage}: {answer}")]
pub struct Trouble {
    pub stage: Stage,
    pub answer: String,
}

impl Trouble {
    fn at(stage: Stage, answer: impl fmt::Display) -> Self {
        Self { stage, answer: answer.to_string() }
    }
}

/// Resolves, connects, greets, agrees on TLS and signs in, but sends nothing. Gives a mailer that has come so far.
pub async fn probe(smtp: &SmtpUrl) -> Result<Mailer, Trouble> {
    let place = (smtp.host().trim_matches(['[', ']']), smtp.port());
    let resolved = timeout(PATIENCE, lookup_host(place)).await;
    let addresses: Vec<_> = resolved
        .map_err(|_| Trouble::at(Stage::Resolve, "no answer"))?
        .map_err(|error| Trouble::at(Stage::Resolve, error))?
        .collect();
    timeout(PATIENCE, TcpStream::connect(addresses.as_slice()))
        .await
        .map_err(|_| Trouble::at(Stage::Connect, "no answer"))?
        .map_err(|error| Trouble::at(Stage::Connect, error))?;
    let mailer = Mailer::new(smtp).map_err(|error| Trouble::at(Stage::Tls, error))?;
    match mailer.greet().await {
        Ok(()) => Ok(mailer),
        Err(Greeting::Silent(what)) => Err(Trouble::at(Stage::Connect, what)),
        Err(Greeting::Error(error)) => {
            let said = answer(&error);
            let stage = match error.status() {
                _ if is_about_signing_in(&error) => Stage::Authenticate,
                Some(_) => Stage::Refused,
                None if error.is_tls() || smtp.is_encrypted() || said.contains("STARTTLS") => Stage::Tls,
                None => Stage::Connect,
            };
            Err(Trouble::at(stage, said))
        }
    }
}
