//! Absolute links, from the configured public URL and never from a request's `Host`.

use std::{borrow::Cow, collections::BTreeMap};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

/// What stays as it is in a path's segment and in a query's value: the unreserved signs of RFC 3986 §2.3.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// One text as a part of a URL.
pub fn escaped(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// Where the resources of one environment are.
#[derive(Clone, Debug)]
pub struct Links {
    environment: String,
}

impl Links {
    pub fn new(public_url: &str, environment: &str) -> Self {
        Self { environment: format!("{public_url}/v1/environments/{}", escaped(environment)) }
    }

    pub fn environment(&self) -> String {
        self.environment.clone()
    }

    pub fn users(&self) -> String {
        format!("{}/users", self.environment)
    }

    pub fn user(&self, id: &str) -> String {
        format!("{}/{}", self.users(), escaped(id))
    }

    /// Something below a user, as `password`.
    pub fn of_user(&self, id: &str, what: &str) -> String {
        format!("{}/{what}", self.user(id))
    }

    pub fn populations(&self) -> String {
        format!("{}/populations", self.environment)
    }

    pub fn population(&self, id: &str) -> String {
        format!("{}/{}", self.populations(), escaped(id))
    }

    /// The `_links` of every user.
    pub fn all_of_user(&self, id: &str, population: &str) -> Hal {
        let (user, password) = (self.user(id), self.of_user(id, "password"));
        let mut links = Hal::to(&user);
        links.add("environment", &self.environment);
        links.add("population", &self.population(population));
        links.add("devices", &self.of_user(id, "devices"));
        links.add("roleAssignments", &self.of_user(id, "roleAssignments"));
        for rel in ["password", "password.reset", "password.set", "password.check", "password.recover"] {
            links.add(rel, &password);
        }
        links.add("linkedAccounts", &self.of_user(id, "linkedAccounts"));
        links.add("account.sendVerificationCode", &user);
        links.add("memberOfGroups", &self.of_user(id, "memberOfGroups"));
        links
    }
}

/// `_links`: relations and where they lead, in the order in which they were added.
#[derive(Clone, Debug)]
pub struct Hal(Vec<(&'static str, String)>);

impl Hal {
    /// Links that begin with `self`.
    pub fn to(href: &str) -> Self {
        Self(vec![("self", href.to_owned())])
    }

    pub fn add(&mut self, rel: &'static str, href: &str) {
        self.0.push((rel, href.to_owned()));
    }

    #[must_use]
    pub fn with(mut self, rel: &'static str, href: &str) -> Self {
        self.add(rel, href);
        self
    }
}

/// One link.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "PingOneLink")]
pub struct Link {
    pub href: String,
}

impl Serialize for Hal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(rel, href)| (rel, Link { href: href.clone() })))
    }
}

impl JsonSchema for Hal {
    fn schema_name() -> Cow<'static, str> {
        "PingOneLinks".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        BTreeMap::<String, Link>::json_schema(generator)
    }
}

/// `{"id": …}`: the far end of a relation to one.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "PingOneId")]
pub struct Id {
    pub id: String,
}

impl From<&str> for Id {
    fn from(id: &str) -> Self {
        Self { id: id.to_owned() }
    }
}
