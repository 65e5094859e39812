//! The attributes of a user that are kept in the profile: their names here and there, and what they may hold.

use serde_json::{Value, json};
use unicode_normalization::char::is_combining_mark;

use crate::fault::Detail;

/// An attribute of the wire with the field of the profile that keeps it.
#[derive(Debug)]
pub struct Attribute {
    /// With a dot where it is inside an object: `name.given`.
    pub name: &'static str,
    /// With a dot where it is inside the address: `address.country`.
    pub field: &'static str,
    pub rule: Rule,
}

/// What a text must be like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// 1 to so many characters.
    Text(usize),
    /// `^[\p{L}\p{M}\p{N}' .-]*$`, 1 to 256 characters.
    Name,
    /// What `Accept-Language` may hold (RFC 9110 §12.5.4).
    Languages,
    /// `^\w+\/\w+$`
    TimeZone,
    /// At most 32 characters with a digit among them.
    Phone,
    /// `[A-Z]{2}`
    Country,
    /// An http or https URL.
    Url,
}

const fn of(name: &'static str, field: &'static str, rule: Rule) -> Attribute {
    Attribute { name, field, rule }
}

/// All of them, in the order in which a user's attributes are answered.
pub const ATTRIBUTES: &[Attribute] = &[
    of("accountId", "account_id", Rule::Text(256)),
    of("address.streetAddress", "address.street_address", Rule::Text(256)),
    of("address.locality", "address.locality", Rule::Text(256)),
    of("address.region", "address.region", Rule::Text(256)),
    of("address.postalCode", "address.postal_code", Rule::Text(40)),
    of("address.countryCode", "address.country", Rule::Country),
    of("externalId", "external_id", Rule::Text(1024)),
    of("locale", "locale", Rule::Text(256)),
    of("mobilePhone", "mobile_phone", Rule::Phone),
    of("name.formatted", "formatted", Rule::Name),
    of("name.given", "given_name", Rule::Text(256)),
    of("name.middle", "middle_name", Rule::Text(256)),
    of("name.family", "family_name", Rule::Name),
    of("name.honorificPrefix", "honorific_prefix", Rule::Text(256)),
    of("name.honorificSuffix", "honorific_suffix", Rule::Text(256)),
    of("nickname", "nickname", Rule::Text(256)),
    of("photo.href", "picture", Rule::Url),
    of("preferredLanguage", "preferred_language", Rule::Languages),
    of("primaryPhone", "primary_phone", Rule::Phone),
    of("timezone", "zoneinfo", Rule::TimeZone),
    of("title", "title", Rule::Text(256)),
    of("type", "type", Rule::Text(256)),
];

/// Longest user name in characters.
pub const USERNAME: usize = 128;

impl Rule {
    /// What is wrong with a text, if anything.
    pub fn check(self, target: &str, text: &str) -> Option<Detail> {
        if text.is_empty() {
            return Some(Detail::empty(target));
        }
        if let Some(detail) = too_long(target, text, self.longest()) {
            return Some(detail);
        }
        let legal = match self {
            Self::Text(_) => !text.chars().any(char::is_control),
            Self::Name => text.chars().all(is_of_name),
            Self::Languages => is_languages(text),
            Self::TimeZone => text.split_once('/').is_some_and(|(area, place)| is_word(area) && is_word(place)),
            Self::Phone => text.chars().any(|sign| sign.is_ascii_digit()) && !text.chars().any(char::is_control),
            Self::Country => text.len() == 2 && text.bytes().all(|sign| sign.is_ascii_uppercase()),
            Self::Url => is_url(text),
        };
        if legal {
            return None;
        }
        let detail = Detail::invalid(target);
        Some(match self.pattern() {
            Some(pattern) => detail.with("allowedPattern", pattern),
            None => detail,
        })
    }

    pub fn longest(self) -> usize {
        match self {
            Self::Text(most) => most,
            Self::Name | Self::Languages | Self::TimeZone => 256,
            Self::Phone => 32,
            Self::Country => 2,
            Self::Url => 1024,
        }
    }

    /// The pattern by which the vendor describes it.
    pub fn pattern(self) -> Option<&'static str> {
        match self {
            Self::Name => Some(r"^[\p{L}\p{M}\p{N}' .-]*$"),
            Self::TimeZone => Some(r"^\w+\/\w+$"),
            Self::Phone => Some(r"[0-9]"),
            Self::Country => Some("^[A-Z]{2}$"),
            Self::Text(_) | Self::Languages | Self::Url => None,
        }
    }

    /// The JSON Schema of it.
    pub fn schema(self) -> Value {
        let mut schema = json!({ "type": ["string", "null"], "minLength": 1, "maxLength": self.longest() });
        if let Some(pattern) = self.pattern() {
            schema["pattern"] = pattern.into();
        }
        schema
    }
}

/// The detail about a text that is too long.
pub fn too_long(target: &str, text: &str, most: usize) -> Option<Detail> {
    let fits = text.chars().count() <= most;
    (!fits).then(|| {
        let message = format!("The attribute must not be longer than {most} characters.");
        Detail::new("SIZE_LIMIT_EXCEEDED", target, message).with("maximumValue", most)
    })
}

/// What is wrong with a user name: 1 to 128 letters, marks, spaces, symbols, digits or punctuation.
pub fn check_username(text: &str) -> Option<Detail> {
    const PATTERN: &str = r"^[\p{L}\p{M}\p{Zs}\p{S}\p{N}\p{P}]*$";
    if text.is_empty() {
        return Some(Detail::empty("username"));
    }
    let odd = |sign: char| sign.is_control() || is_unseen(sign);
    too_long("username", text, USERNAME)
        .or_else(|| text.chars().any(odd).then(|| Detail::invalid("username").with("allowedPattern", PATTERN)))
}

/// Separators of lines and paragraphs, format signs and private use: what is left outside of the pattern's classes
/// when control signs and signs not yet assigned are put aside.
fn is_unseen(sign: char) -> bool {
    matches!(sign,
        '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{8e2}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e000}'..='\u{f8ff}' | '\u{e0001}'..='\u{e007f}' | '\u{f0000}'..)
}

/// Whether a sign may be in a formatted or family name.
pub fn is_of_name(sign: char) -> bool {
    sign.is_alphanumeric() || is_combining_mark(sign) || matches!(sign, '\'' | ' ' | '.' | '-')
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|sign| sign.is_ascii_alphanumeric() || sign == b'_')
}

fn is_languages(text: &str) -> bool {
    text.split(',').all(|part| {
        let (tag, weight) = part.split_once(';').map_or((part, None), |(tag, weight)| (tag, Some(weight)));
        let subtag =
            |text: &str| (1..=8).contains(&text.len()) && text.bytes().all(|sign| sign.is_ascii_alphanumeric());
        let tag = tag.trim();
        let is_weight = |weight: &str| {
            let number = weight.trim().strip_prefix("q=").and_then(|number| number.parse::<f32>().ok());
            number.is_some_and(|number| (0.0..=1.0).contains(&number))
        };
        (tag == "*" || tag.split('-').all(subtag)) && weight.is_none_or(is_weight)
    })
}

fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && !text.chars().any(|sign| sign.is_control() || sign.is_whitespace() || matches!(sign, '"' | '<' | '>'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_held_to_their_rules() {
        let wrong = |rule: Rule, text: &str| rule.check("x", text).map(|detail| detail.code);
        for (rule, right, not) in [
            (Rule::Name, &["Grace O'Neill-Smith Jr.", "Żółć", "e\u{301}", "山田"][..], &["a@b", "a\nb", "(x)"][..]),
            (Rule::Languages, &["de", "de-CH, fr;q=0.8, *"], &["d e", "de;q=2", "de;", "\u{0}"]),
            (Rule::TimeZone, &["Europe/Zurich"], &["Europe", "/", "a/b/c", "Europe/Zür"]),
            (Rule::Phone, &["+41 44 123 45 67", "1"], &["none", "1\u{0}"]),
            (Rule::Country, &["CH"], &["ch", "C1"]),
            (Rule::Url, &["https://x.example/a?b#c"], &["ftp://x", "https://", "https://x y", "javascript:x"]),
            (Rule::Text(3), &["a(b"], &["a\u{0}b"]),
        ] {
            for text in right {
                assert_eq!(wrong(rule, text), None, "{rule:?} {text:?}");
            }
            for text in not {
                assert_eq!(wrong(rule, text), Some("INVALID_VALUE"), "{rule:?} {text:?}");
            }
            assert_eq!(wrong(rule, ""), Some("EMPTY_VALUE"));
            assert_eq!(wrong(rule, &"1".repeat(rule.longest() + 1)), Some("SIZE_LIMIT_EXCEEDED"));
        }
    }

    #[test]
    fn a_user_name_is_what_can_be_seen() {
        for name in ["a", "grace@example.com", "Zoë Ω √ 😀", &"ü".repeat(128)] {
            assert!(check_username(name).is_none(), "{name}");
        }
        for name in ["", "a\0b", "a\nb", "a\u{200b}b", "a\u{202e}b", &"ü".repeat(129)] {
            assert!(check_username(name).is_some(), "{name:?}");
        }
    }
}
