//! What a provider says of a person.

use serde_json::{Map, Value};

use crate::{Refusal, Result, address::EmailAddress, env::SECOND, store::emails::EmailRow};

/// Most that is kept of it, in bytes of JSON.
const KEPT: usize = 16 * 1024;

/// A person as a provider names them, once for all (OpenID Connect Core 1.0 §8): 1 to 255 ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject(String);

impl Subject {
    pub fn parse(text: &str) -> Option<Self> {
        let legal = (1..=255).contains(&text.len()) && text.bytes().all(|sign| (0x20..=0x7e).contains(&sign));
        legal.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The claims of an ID token whose signature, issuer, audience, time and nonce have been checked.
#[derive(Clone, Debug, Default)]
pub struct Claims(pub Map<String, Value>);

impl Claims {
    /// When the person last showed the provider who they are, in unix milliseconds, if it says so (`auth_time`, OpenID
    /// Connect Core 1.0 §2).
    pub(super) fn authenticated_at(&self) -> Option<i64> {
        let seconds = self.0.get("auth_time")?;
        // Some write a fraction.
        #[expect(clippy::cast_possible_truncation, reason = "the fraction does not matter, and the cast saturates")]
        let seconds = seconds.as_i64().or_else(|| seconds.as_f64().map(|seconds| seconds as i64))?;
        Some(seconds.saturating_mul(SECOND))
    }

    /// The address that the provider calls verified. Some write the truth value as text.
    pub(super) fn verified_address(&self) -> Option<EmailAddress> {
        let verified = match self.0.get("email_verified")? {
            Value::Bool(verified) => *verified,
            Value::String(text) => text == "true",
            _ => false,
        };
        if verified { self.address() } else { None }
    }

    fn address(&self) -> Option<EmailAddress> {
        EmailAddress::parse(self.0.get("email")?.as_str()?).ok()
    }

    /// Which of a user's addresses the provider calls verified.
    pub(super) fn matching<'a>(&self, emails: &'a [EmailRow]) -> Option<&'a EmailRow> {
        let verified = self.verified_address()?;
        emails.iter().find(|email| email.canonical == verified.canonical())
    }

    /// Why none of a user's addresses matches, for the page that explains.
    pub(super) fn mismatch(&self, emails: &[EmailRow]) -> Refusal {
        use crate::address::masked;
        let expected = emails.first().map(|email| masked(&email.address)).unwrap_or_default();
        let found = self.address().map(|address| masked(address.typed()));
        Refusal::ProviderMismatch { found, expected, verified: self.verified_address().is_some() }
    }

    /// What is kept as JSON: what is said of the person, and not what is said of the token.
    pub(super) fn kept(&self) -> Result<String> {
        const OF_THE_TOKEN: [&str; 11] =
            ["iss", "aud", "exp", "iat", "nbf", "jti", "nonce", "azp", "at_hash", "c_hash", "s_hash"];
        let mut said = self.0.clone();
        said.retain(|name, _| !OF_THE_TOKEN.contains(&name.as_str()));
        let all = serde_json::to_string(&said)?;
        if all.len() <= KEPT && !all.contains("\\u0000") {
            return Ok(all);
        }
        said.retain(|name, value| {
            ["sub", "email", "email_verified", "name"].contains(&name.as_str()) && value.to_string().len() < 1_000
        });
        Ok(serde_json::to_string(&said)?.replace("\\u0000", ""))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims(value: Value) -> Claims {
        Claims(value.as_object().unwrap().clone())
    }

    #[test]
    fn when_somebody_signed_in_there_is_read_as_it_comes() {
        for (said, at) in [
            (json!({ "auth_time": 1_790_000_000 }), Some(1_790_000_000_000)),
            (json!({ "auth_time": 1_790_000_000.9 }), Some(1_790_000_000_000)),
            (json!({ "auth_time": "yesterday" }), None),
            (json!({ "auth_time": null }), None),
            (json!({}), None),
            (json!({ "auth_time": i64::MAX }), Some(i64::MAX)),
        ] {
            assert_eq!(claims(said.clone()).authenticated_at(), at, "{said}");
        }
    }

    #[test]
    fn only_an_address_that_is_called_verified_counts() {
        for (said, counts) in [
            (json!({ "email": "a@ox.example", "email_verified": true }), true),
            (json!({ "email": "a@ox.example", "email_verified": "true" }), true),
            (json!({ "email": "a@ox.example", "email_verified": false }), false),
            (json!({ "email": "a@ox.example", "email_verified": "false" }), false),
            (json!({ "email": "a@ox.example", "email_verified": 1 }), false),
            (json!({ "email": "a@ox.example" }), false),
            (json!({ "email_verified": true }), false),
            (json!({ "email": ["a@ox.example"], "email_verified": true }), false),
        ] {
            assert_eq!(claims(said.clone()).verified_address().is_some(), counts, "{said}");
        }
    }

    #[test]
    fn little_is_kept_of_too_much() {
        let small = claims(json!({ "sub": "1", "nonce": "n", "aud": "x", "groups": ["a"] }));
        let kept = |claims: &Claims| serde_json::from_str::<Value>(&claims.kept().unwrap()).unwrap();
        assert_eq!(kept(&small), json!({ "sub": "1", "groups": ["a"] }));
        let large = claims(json!({ "sub": "1", "email": "a@ox.example", "groups": vec!["group"; 10_000] }));
        assert_eq!(kept(&large), json!({ "sub": "1", "email": "a@ox.example" }));
    }

    #[test]
    fn a_subject_is_short_ascii() {
        assert!(Subject::parse("248289761001").is_some() && Subject::parse("auth0|5f7 x").is_some());
        assert!(
            Subject::parse("").is_none() && Subject::parse("ü").is_none() && Subject::parse(&"x".repeat(256)).is_none()
        );
    }
}
