//! What an app asks to know or to do.

use serde::{Deserialize, Serialize};

use crate::{api_key::Scope, word::words};

words! {
    /// OpenID Connect Core §5.4 and §11, and what our own API takes.
    AppScope {
        Openid = "openid",
        Profile = "profile",
        Email = "email",
        Phone = "phone",
        Address = "address",
        OfflineAccess = "offline_access",
        Read = "read",
        Write = "write",
        Verify = "verify",
    }
}

impl AppScope {
    /// What it means to our own API, if anything.
    pub fn of_api(self) -> Option<Scope> {
        match self {
            Self::Read => Some(Scope::Read),
            Self::Write => Some(Scope::Write),
            Self::Verify => Some(Scope::Verify),
            Self::Openid | Self::Profile | Self::Email | Self::Phone | Self::Address | Self::OfflineAccess => None,
        }
    }
}

/// Several, each once, in a fixed order; as text with spaces between.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppScopes(Vec<AppScope>);

impl AppScopes {
    /// Reads the text of a `scope` parameter; what we do not know is left out (OpenID Connect Core §3.1.2.1).
    pub fn parse(text: &str) -> Self {
        let mut all: Vec<AppScope> = text.split(' ').filter_map(|word| word.parse().ok()).collect();
        all.sort_unstable();
        all.dedup();
        Self(all)
    }

    pub fn as_slice(&self) -> &[AppScope] {
        &self.0
    }

    pub fn has(&self, scope: AppScope) -> bool {
        self.0.contains(&scope)
    }

    /// Whether all of the others are among these.
    pub fn cover(&self, others: &Self) -> bool {
        others.0.iter().all(|scope| self.has(*scope))
    }

    /// These and the others.
    #[must_use]
    pub fn with(&self, others: &Self) -> Self {
        Self::parse(&format!("{self} {others}"))
    }
}

impl std::fmt::Display for AppScopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words: Vec<&str> = self.0.iter().map(|scope| scope.as_str()).collect();
        f.write_str(&words.join(" "))
    }
}
