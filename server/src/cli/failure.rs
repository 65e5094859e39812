//! Why a command did not do what was asked, in words for the operator.

use std::{fmt, io};

use super::refusal::sentence;
use crate::{
    config::{KeyError, Problems},
    mail::Trouble,
};

#[derive(Debug)]
pub(super) enum Failure {
    Settings(Problems),
    Key(KeyError),
    Core(vestibule_core::Error),
    Mail(Trouble),
    Io {
        what: String,
        error: io::Error,
    },
    /// A whole sentence.
    Said(String),
}

impl Failure {
    pub fn said(sentence: impl Into<String>) -> Self {
        Self::Said(sentence.into())
    }

    /// `what` completes "Vestibule could not …".
    pub fn io(what: impl Into<String>, error: io::Error) -> Self {
        Self::Io { what: what.into(), error }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings(problems) => problems.fmt(f),
            Self::Key(error) => error.fmt(f),
            Self::Core(error) => match error.refusal() {
                Some(refusal) => f.write_str(&sentence(refusal)),
                None => error.fmt(f),
            },
            Self::Mail(trouble) => trouble.fmt(f),
            Self::Io { what, error } => write!(f, "could not {what}: {error}"),
            Self::Said(sentence) => f.write_str(sentence),
        }
    }
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Self::Settings(problems)
    }
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

impl From<vestibule_core::Error> for Failure {
    fn from(error: vestibule_core::Error) -> Self {
        Self::Core(error)
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self::Mail(trouble)
    }
}
