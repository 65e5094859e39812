//! The columns of a file.

use serde_json::{Map, Value};

use crate::user::profile::Profile;

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// The address, which every row must have.
    Email,
    /// The name that people are shown; without it the one that the parts in the profile make, else the user name.
    Name,
    /// The address, where it is left out.
    Username,
    /// `en`, `de`, `fr`, `es`, `ja` or `ar`, also with a region behind it.
    Language,
    /// Whether the address was proven there: `yes`, `true`, `1`, or `no`, `false`, `0`, or nothing.
    Verified,
    /// argon2id as a PHC string, or bcrypt.
    PasswordHash,
    /// A text of the profile, by its name in OpenID Connect Core §5.1: `given_name`, `family_name`, ….
    Profile(String),
}

impl Column {
    /// Reads a heading: case does not matter, and spaces and dashes are as good as `_`.
    pub(super) fn parse(heading: &str) -> Option<Self> {
        let name = heading.trim().to_lowercase().replace([' ', '-'], "_");
        Some(match name.as_str() {
            "email" | "e_mail" | "email_address" => Self::Email,
            "name" => Self::Name,
            "username" => Self::Username,
            "language" => Self::Language,
            "verified" => Self::Verified,
            "password_hash" => Self::PasswordHash,
            _ => {
                let one = Map::from_iter([(name.clone(), Value::from("text"))]);
                serde_json::from_value::<Profile>(one.into()).ok()?;
                Self::Profile(name)
            }
        })
    }

    pub fn as_str(&self) -> &str {
        match self {
            Self::Email => "email",
            Self::Name => "name",
            Self::Username => "username",
            Self::Language => "language",
            Self::Verified => "verified",
            Self::PasswordHash => "password_hash",
            Self::Profile(name) => name,
        }
    }
}

/// Why a file's headings cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderFault {
    Unknown(String),
    Twice(Column),
    /// No column holds the address.
    NoEmail,
}
