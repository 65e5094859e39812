//! What can go wrong with a provider.

use std::{error::Error, fmt::Display};

use openidconnect::StandardErrorResponse;
use openidconnect::{DiscoveryError, RequestTokenError, core::CoreErrorResponseType};

use crate::http::Fault;

/// Where it went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Discovery,
    Token,
    UserInfo,
}

/// Why a provider could not be asked, or not be believed.
#[derive(Debug, thiserror::Error)]
#[error("{step:?}: {word}: {why}")]
pub struct Trouble {
    step: Step,
    word: &'static str,
    why: String,
}

impl Trouble {
    pub(crate) fn new(step: Step, word: &'static str, why: impl Display) -> Self {
        Self { step, word, why: why.to_string() }
    }

    /// One of a few words, for the page's address: `unreachable`, `insecure`, `status`, `unreadable`, `other-issuer`,
    /// `incomplete`, `refused`, `untrusted`.
    pub fn word(&self) -> &'static str {
        self.word
    }
}

pub(crate) fn of_discovery(error: DiscoveryError<Fault>) -> Trouble {
    let step = Step::Discovery;
    match error {
        DiscoveryError::Request(fault) => fault.at(step),
        DiscoveryError::Response(status, _, why) if status != http::StatusCode::OK => {
            Trouble::new(step, "status", format!("{status} {why}"))
        }
        DiscoveryError::Validation(why) => Trouble::new(step, "other-issuer", why),
        error => Trouble::new(step, "unreadable", chain(&error)),
    }
}

pub(crate) fn of_token(error: RequestTokenError<Fault, StandardErrorResponse<CoreErrorResponseType>>) -> Trouble {
    match error {
        RequestTokenError::Request(fault) => fault.at(Step::Token),
        RequestTokenError::ServerResponse(said) => Trouble::new(Step::Token, "refused", said.error()),
        error => Trouble::new(Step::Token, "unreadable", chain(&error)),
    }
}

/// An error with what lies behind it.
fn chain(error: &dyn Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", chain(source)),
        None => error.to_string(),
    }
}
