//! A link and a code on their way from an action to the page that shows them once.

use std::fmt;

/// What an administrator's browser carries, with the challenge that it is of: another tab shows nothing of it.
pub(crate) struct Handed {
    pub challenge: String,
    /// The first part of the link's path.
    pub kind: String,
    pub token: String,
    pub code: String,
}

impl Handed {
    /// The page that shows it.
    pub fn page(&self) -> String {
        format!("/console/hand-over?challenge={}", self.challenge)
    }

    pub fn link(&self, public_url: &str) -> String {
        format!("{public_url}/{}/{}", self.kind, self.token)
    }

    /// Reads what a cookie holds.
    pub fn parse(carried: &str) -> Option<Self> {
        let mut parts = carried.splitn(4, '.').map(str::to_owned);
        let handed = Self { challenge: parts.next()?, kind: parts.next()?, token: parts.next()?, code: parts.next()? };
        matches!(handed.kind.as_str(), "invite" | "verify" | "reset" | "passkey").then_some(handed)
    }
}

impl fmt::Display for Handed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}.{}", self.challenge, self.kind, self.token, self.code)
    }
}
