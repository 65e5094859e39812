//! Who acts. Verbs that not everybody may use take an [`Admin`] or a [`Client`], which only sign-in and key look-up make.

use serde::{Deserialize, Serialize};

use crate::{Refusal, api_key::Scope, word::words};

/// Who did something, as a history keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Actor {
    Admin { id: String, name: String },
    Client { id: String, name: String },
    Person { id: String },
    System,
}

impl Actor {
    pub(crate) fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

words! {
    /// What an administrator is trusted with; each may also do what the ones after it may.
    Role {
        /// Everything, roles, keys and settings included.
        Owner = "owner",
        /// Users, addresses and invites.
        Manager = "manager",
        /// Send again, mark verified with a reason.
        Support = "support",
        /// Look.
        Viewer = "viewer",
    }
}

/// An administrator who is signed in and may act now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admin {
    pub(crate) user_id: String,
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) organization_id: String,
}

impl Admin {
    pub fn user_id(&self) -> &str {
        &self.user_id
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn role(&self) -> Role {
        self.role
    }

    pub fn organization_id(&self) -> &str {
        &self.organization_id
    }

    pub fn actor(&self) -> Actor {
        Actor::Admin { id: self.user_id.clone(), name: self.name.clone() }
    }

    /// Whether the role is this one or a stronger one.
    pub fn is(&self, role: Role) -> bool {
        self.role <= role
    }

    pub(crate) fn must_be(&self, role: Role) -> Result<(), Refusal> {
        if self.is(role) { Ok(()) } else { Err(Refusal::Forbidden) }
    }
}

/// A machine that showed a valid key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    pub(crate) key_id: String,
    pub(crate) name: String,
    pub(crate) organization_id: String,
    pub(crate) scopes: Vec<Scope>,
}

impl Client {
    pub fn organization_id(&self) -> &str {
        &self.organization_id
    }

    pub fn actor(&self) -> Actor {
        Actor::Client { id: self.key_id.clone(), name: self.name.clone() }
    }

    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }
}

words! {
    /// The languages that pages and mails are written in.
    Language {
        English = "en",
        German = "de",
        French = "fr",
        Spanish = "es",
        Japanese = "ja",
        Arabic = "ar",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_holds_all_weaker_ones() {
        let admin = |role| Admin { user_id: "u".into(), name: "Ada".into(), role, organization_id: "o".into() };
        assert_eq!(admin(Role::Owner).must_be(Role::Viewer), Ok(()));
        assert_eq!(admin(Role::Support).must_be(Role::Support), Ok(()));
        assert_eq!(admin(Role::Support).must_be(Role::Manager), Err(Refusal::Forbidden));
        assert_eq!(admin(Role::Viewer).must_be(Role::Support), Err(Refusal::Forbidden));
    }
}
