//! What is known of a person beside name and addresses, under the names of OpenID Connect Core §5.1.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Refusal, user::fold};

/// A person's profile. What is not known is left out. Each text has 1 to 256 characters (URLs and external ids up to
/// 1,024) and no control signs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Profile {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    /// The whole name as its owner writes it, where it differs from the name that people are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formatted: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub honorific_prefix: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub honorific_suffix: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
    /// A page about the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    /// `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zoneinfo: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mobile_phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mfa_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<PostalAddress>,
}

/// OpenID Connect Core §5.1.1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PostalAddress {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formatted: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// How a profile is to change.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "made once for a request and moved once")]
pub enum ProfileChange {
    /// Fields by their names here; `null` removes one, what is not named stays. `address` is replaced whole.
    Merge(Map<String, Value>),
    Replace(Profile),
}

impl Profile {
    /// The given name; where none is known, the first part of the name that people are shown.
    pub fn given_name_or(&self, name: &str) -> String {
        self.given_name.clone().unwrap_or_else(|| name.split_once(' ').map_or(name, |(given, _)| given).to_owned())
    }

    /// The family name; where none is known, the rest of the name that people are shown.
    pub fn family_name_or(&self, name: &str) -> String {
        let derived = || name.split_once(' ').map_or("", |(_, family)| family).to_owned();
        self.family_name.clone().unwrap_or_else(derived)
    }

    /// The name that the parts make, if there are any.
    pub fn full_name(&self) -> Option<String> {
        let parts = [&self.given_name, &self.middle_name, &self.family_name];
        let parts: Vec<&str> = parts.into_iter().filter_map(Option::as_deref).collect();
        self.formatted.clone().or_else(|| (!parts.is_empty()).then(|| parts.join(" ")))
    }

    /// Carries out a change; names the first field that is not right.
    pub(crate) fn changed(&self, change: &ProfileChange) -> Result<Self, Refusal> {
        let merged = match change {
            ProfileChange::Replace(profile) => profile.clone(),
            ProfileChange::Merge(fields) => {
                let mut all = self.map();
                for (name, value) in fields {
                    if value.is_null() {
                        all.remove(name);
                        continue;
                    }
                    // Each by itself, so that the refusal can name it.
                    let one = Map::from_iter([(name.clone(), value.clone())]);
                    serde_json::from_value::<Self>(one.into()).map_err(|_| Refusal::Profile { field: name.clone() })?;
                    all.insert(name.clone(), value.clone());
                }
                serde_json::from_value(all.into()).map_err(|_| Refusal::Profile { field: "profile".to_owned() })?
            }
        };
        merged.check()?;
        Ok(merged)
    }

    pub(crate) fn check(&self) -> Result<(), Refusal> {
        check_all("", &self.map())
    }

    /// The profile as a JSON object, without what is not known.
    pub fn map(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(map)) => map,
            _ => Map::new(),
        }
    }

    /// The texts folded, with name and user name beside them: what comparisons that ignore case look at.
    pub(crate) fn folded(&self, name: &str, username: &str) -> String {
        let mut map = self.map();
        map.values_mut().for_each(fold_value);
        map.insert("name".to_owned(), fold(name).into());
        map.insert("username".to_owned(), fold(username).into());
        Value::Object(map).to_string()
    }
}

fn fold_value(value: &mut Value) {
    match value {
        Value::String(text) => *text = fold(text),
        Value::Object(map) => map.values_mut().for_each(fold_value),
        _ => {}
    }
}

fn check_all(before: &str, map: &Map<String, Value>) -> Result<(), Refusal> {
    for (name, value) in map {
        match value {
            Value::Object(map) => check_all(&format!("{name}."), map)?,
            Value::String(text) => {
                let most = if matches!(name.as_str(), "profile" | "picture" | "website" | "external_id") {
                    1_024
                } else {
                    256
                };
                let lines = name == "formatted" && !before.is_empty();
                let control = |sign: char| sign.is_control() && !(lines && sign == '\n');
                let is_date = name != "birthdate" || is_date(text);
                if !(1..=most).contains(&text.chars().count()) || text.chars().any(control) || !is_date {
                    return Err(Refusal::Profile { field: format!("{before}{name}") });
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// `YYYY-MM-DD`, or `YYYY` alone (OpenID Connect Core §5.1); the day is not looked up in a calendar.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|sign| sign.is_ascii_digit());
    let within = |part: &str, most: u8| part.parse::<u8>().is_ok_and(|number| (1..=most).contains(&number));
    match parts.as_slice() {
        [year] => digits(year, 4),
        [year, month, day] => {
            digits(year, 4) && digits(month, 2) && digits(day, 2) && within(month, 12) && within(day, 31)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn merge(profile: &Profile, fields: &Value) -> Result<Profile, Refusal> {
        profile.changed(&ProfileChange::Merge(fields.as_object().unwrap().clone()))
    }

    #[test]
    fn a_merge_keeps_what_it_does_not_name_and_null_removes() {
        let ada = merge(&Profile::default(), &json!({"given_name": "Ada", "type": "poet"})).unwrap();
        let ada = merge(&ada, &json!({"family_name": "Lovelace", "type": null})).unwrap();
        assert_eq!(ada.full_name().as_deref(), Some("Ada Lovelace"));
        assert_eq!(ada.type_, None);
    }

    #[test]
    fn a_refusal_names_the_field() {
        for (fields, field) in [
            (json!({"given_name": "x".repeat(257)}), "given_name"),
            (json!({"nickname": 7}), "nickname"),
            (json!({"shoe_size": "9"}), "shoe_size"),
            (json!({"title": "a\u{0}b"}), "title"),
            (json!({"birthdate": "1815-13-10"}), "birthdate"),
            (json!({"address": {"locality": ""}}), "address.locality"),
        ] {
            let refusal = merge(&Profile::default(), &fields).unwrap_err();
            assert_eq!(refusal, Refusal::Profile { field: field.to_owned() });
        }
    }

    #[test]
    fn missing_parts_of_a_name_come_from_the_whole() {
        let none = Profile::default();
        assert_eq!(
            (none.given_name_or("Ada King Lovelace"), none.family_name_or("Ada King Lovelace")),
            ("Ada".into(), "King Lovelace".into())
        );
        assert_eq!((none.given_name_or("Ada"), none.family_name_or("Ada")), ("Ada".into(), String::new()));
    }
}
