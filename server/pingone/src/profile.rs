//! A user's attributes as a change of their profile.

use serde_json::{Map, Value, json};
use vestibule_api::operation::Schema;
use vestibule_core::{actor::Language, user::profile::Profile};

use crate::{
    attribute::{ATTRIBUTES, Attribute, USERNAME},
    fault::Detail,
    reader::Reader,
};

/// What becomes of an attribute that a body does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unnamed {
    /// PATCH: it stays.
    Stays,
    /// PUT: it is removed. Only what this dialect knows of; other dialects' attributes stay.
    Goes,
}

/// Reads the attributes as a merge into the profile: fields by their names in the core, `null` for one that goes.
pub fn read(reader: &mut Reader<'_>, current: &Profile, unnamed: Unnamed) -> Map<String, Value> {
    note_no_objects(reader);
    let current = current.map();
    let mut address = current.get("address").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut merge = Map::new();
    for attribute in ATTRIBUTES {
        let Some(value) = value(reader, attribute, unnamed) else { continue };
        match attribute.field.strip_prefix("address.") {
            None => {
                merge.insert(attribute.field.to_owned(), value);
            }
            Some(part) if value.is_null() => {
                address.remove(part);
            }
            Some(part) => {
                address.insert(part.to_owned(), value);
            }
        }
    }
    let address = if address.is_empty() { Value::Null } else { Value::Object(address) };
    // Without what would change nothing, so that a change that is none leaves no trace.
    merge.insert("address".to_owned(), address);
    merge.retain(|field, value| current.get(field).unwrap_or(&Value::Null) != value);
    merge
}

/// An attribute's new value, `null` where it goes; `None` where it stays or is wrong.
fn value(reader: &mut Reader<'_>, attribute: &Attribute, unnamed: Unnamed) -> Option<Value> {
    let holder = attribute.name.split_once('.').map(|(holder, _)| holder);
    let is_null = |name: &str| reader.given(name).is_some_and(Value::is_null);
    if is_null(attribute.name) || holder.is_some_and(is_null) {
        return Some(Value::Null);
    }
    if reader.given(attribute.name).is_none() {
        return (unnamed == Unnamed::Goes).then_some(Value::Null);
    }
    let text = reader.text(attribute.name)?;
    if let Some(detail) = attribute.rule.check(attribute.name, text) {
        reader.note(detail);
        return None;
    }
    Some(text.into())
}

fn note_no_objects(reader: &mut Reader<'_>) {
    for holder in ["address", "name", "photo"] {
        if reader.get(holder).is_some_and(|value| !value.is_object()) {
            reader.note(Detail::new("INVALID_VALUE", holder, "The attribute must be an object."));
        }
    }
}

/// The language of a user's mails: the first of `preferredLanguage`, else that of `locale`, if mails are written in it.
pub fn language(reader: &Reader<'_>) -> Option<Language> {
    ["preferredLanguage", "locale"].into_iter().find_map(|name| {
        let text = reader.get(name)?.as_str()?;
        let tag = text.split([',', ';', '-', '_']).next()?;
        tag.trim().to_ascii_lowercase().parse().ok()
    })
}

/// The schema of a body that holds a user's attributes, with more of them and those that must be there.
pub fn schema(required: &[&str], more: Value) -> Schema {
    let mut properties = Map::new();
    let text = |most: usize| json!({ "type": "string", "minLength": 1, "maxLength": most });
    properties.insert("username".to_owned(), text(USERNAME));
    properties.insert("email".to_owned(), json!({ "type": "string", "format": "email", "maxLength": 254 }));
    for attribute in ATTRIBUTES {
        match attribute.name.split_once('.') {
            None => {
                properties.insert(attribute.name.to_owned(), attribute.rule.schema());
            }
            Some((holder, part)) => {
                let object =
                    properties.entry(holder).or_insert_with(|| json!({ "type": ["object", "null"], "properties": {} }));
                object["properties"][part] = attribute.rule.schema();
            }
        }
    }
    if let Value::Object(more) = more {
        properties.extend(more);
    }
    json!({ "type": "object", "required": required, "properties": properties }).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merge(current: &Value, body: &Value, unnamed: Unnamed) -> Value {
        let current: Profile = serde_json::from_value(current.clone()).unwrap();
        let mut reader = Reader::new(body.as_object().unwrap());
        let merge = read(&mut reader, &current, unnamed);
        reader.done().unwrap();
        merge.into()
    }

    #[test]
    fn a_patch_touches_what_it_names() {
        let current = json!({"given_name": "Ada", "title": "Dr", "gender": "f", "address": {"locality": "London", "region": "X"}});
        let body = json!({"name": {"family": "King"}, "title": null, "address": {"region": null, "countryCode": "GB"}});
        let merged = json!({"family_name": "King", "title": null, "address": {"locality": "London", "country": "GB"}});
        assert_eq!(merge(&current, &body, Unnamed::Stays), merged);
        assert_eq!(merge(&current, &json!({"name": null}), Unnamed::Stays), json!({"given_name": null}));
        assert_eq!(merge(&current, &json!({"address": null}), Unnamed::Stays), json!({"address": null}));
        assert_eq!(merge(&current, &json!({"title": "Dr"}), Unnamed::Stays), json!({}));
    }

    #[test]
    fn a_put_removes_what_it_does_not_name_and_leaves_what_it_does_not_know() {
        let current =
            json!({"given_name": "Ada", "title": "Dr", "gender": "f", "address": {"formatted": "L\nX", "region": "X"}});
        let body = json!({"title": "Dr", "nickname": "A"});
        let merged = json!({"given_name": null, "nickname": "A", "address": {"formatted": "L\nX"}});
        assert_eq!(merge(&current, &body, Unnamed::Goes), merged);
    }
}
