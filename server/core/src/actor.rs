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
    /// The id of its key or, where it came with an access token, of its OAuth client.
    pub fn id(&self) -> &str {
        &self.key_id
    }

    pub fn name(&self) -> &str {
        &self.name
    }

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

/// A person who acts for themselves: in their account, or through an app that they let.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub(crate) user_id: String,
    pub(crate) organization_id: String,
    pub(crate) name: String,
    pub(crate) reach: Reach,
}

/// How far into a person's account what acts for them may reach. An app that may only know who they are must not take
/// the account over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reach {
    /// An app that was let know who they are, and nothing of our own API.
    Identity,
    /// An app that was let use our own API, if only to read.
    Read,
    /// Themselves in a browser, an app of the organization's own, or one that was let *write*.
    Change,
}

impl Person {
    pub fn user_id(&self) -> &str {
        &self.user_id
    }

    pub fn organization_id(&self) -> &str {
        &self.organization_id
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn actor(&self) -> Actor {
        Actor::Person { id: self.user_id.clone() }
    }

    /// Whether our own API is open to what acts for them, or only the claims of OpenID Connect are.
    pub fn may_call(&self) -> bool {
        self.reach >= Reach::Read
    }

    pub(crate) fn may_change(&self) -> bool {
        self.reach >= Reach::Change
    }
}

/// Who stands behind a bearer token or a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    Client(Client),
    /// A person, with what they may do in the console, if anything.
    Person {
        person: Person,
        admin: Option<Admin>,
    },
}

impl Principal {
    pub fn organization_id(&self) -> &str {
        match self {
            Self::Client(client) => client.organization_id(),
            Self::Person { person, .. } => person.organization_id(),
        }
    }

    /// What it may do with the organization's users; `None` for a person without a role.
    pub fn operator(&self) -> Option<Operator> {
        match self {
            Self::Client(client) => Some(client.into()),
            Self::Person { admin, .. } => admin.as_ref().map(Operator::from),
        }
    }

    /// Who acts on a user, as their history tells it: an administrator who does it for themselves is a person like others.
    pub fn actor_on(&self, user_id: &str) -> Actor {
        match self {
            Self::Client(client) => client.actor(),
            Self::Person { admin: Some(admin), person } if person.user_id != user_id => admin.actor(),
            Self::Person { person, .. } => person.actor(),
        }
    }

    /// The person, if it is one.
    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::Client(_) => None,
            Self::Person { person, .. } => Some(person),
        }
    }
}

/// Somebody who may act on the users of an organization: an administrator, or a client with a key. Verbs that both may
/// use take either, as `impl Into<Operator>`.
#[derive(Clone, Debug)]
pub struct Operator {
    pub(crate) organization_id: String,
    pub(crate) actor: Actor,
    pub(crate) name: String,
    /// The administrator's own user, whom some verbs protect from themselves.
    pub(crate) user_id: Option<String>,
    /// Users of a stronger role are not to be touched. A client counts as a manager.
    pub(crate) rank: Role,
    scopes: Vec<Scope>,
}

impl Operator {
    pub fn organization_id(&self) -> &str {
        &self.organization_id
    }

    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    pub(crate) fn must(&self, scope: Scope) -> Result<(), Refusal> {
        if self.may(scope) { Ok(()) } else { Err(Refusal::Forbidden) }
    }

    /// Sending a code again is for who may change users as well as for who may verify them.
    pub(crate) fn must_send(&self) -> Result<(), Refusal> {
        if self.may(Scope::Verify) { Ok(()) } else { self.must(Scope::Write) }
    }

    pub fn actor(&self) -> Actor {
        self.actor.clone()
    }
}

impl From<&Admin> for Operator {
    fn from(admin: &Admin) -> Self {
        let scopes: &[Scope] = match admin.role {
            Role::Owner | Role::Manager => Scope::ALL,
            Role::Support => &[Scope::Read, Scope::Verify],
            Role::Viewer => &[Scope::Read],
        };
        Self {
            organization_id: admin.organization_id.clone(),
            actor: admin.actor(),
            name: admin.name.clone(),
            user_id: Some(admin.user_id.clone()),
            rank: admin.role,
            scopes: scopes.to_vec(),
        }
    }
}

impl From<&Client> for Operator {
    fn from(client: &Client) -> Self {
        Self {
            organization_id: client.organization_id.clone(),
            actor: client.actor(),
            name: client.name.clone(),
            user_id: None,
            rank: Role::Manager,
            scopes: client.scopes.clone(),
        }
    }
}

impl From<&Self> for Operator {
    fn from(operator: &Self) -> Self {
        operator.clone()
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

/// The `WORDS` of a language, of the modules that stand beside the place where this stands and are called as the language is.
#[macro_export]
macro_rules! in_language {
    ($language:expr) => {
        match $language {
            $crate::actor::Language::English => &en::WORDS,
            $crate::actor::Language::German => &de::WORDS,
            $crate::actor::Language::French => &fr::WORDS,
            $crate::actor::Language::Spanish => &es::WORDS,
            $crate::actor::Language::Japanese => &ja::WORDS,
            $crate::actor::Language::Arabic => &ar::WORDS,
        }
    };
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
