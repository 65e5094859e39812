//! The parameters of a request, as a query or a form has them.

use std::collections::HashMap;

use percent_encoding::percent_decode;

/// Each parameter at the most once; an empty one counts as left out (RFC 6749 §3.1, §3.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    all: HashMap<String, String>,
    doubled: Option<String>,
}

impl Parameters {
    /// Reads `application/x-www-form-urlencoded`. What is not UTF-8 reads as the sign that says so.
    pub fn parse(text: &str) -> Self {
        let mut parameters = Self::default();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode_form(name), decode_form(value));
            if value.is_empty() {
                continue;
            }
            if parameters.all.insert(name.clone(), value).is_some() {
                parameters.doubled = Some(name);
            }
        }
        parameters
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.all.get(name).map(String::as_str)
    }

    /// A parameter that comes more than once.
    pub fn doubled(&self) -> Option<&str> {
        self.doubled.as_deref()
    }
}

/// A name, a value, or a part of `Authorization: Basic` (RFC 6749 §2.3.1, appendix B).
pub fn decode_form(text: &str) -> String {
    let spaced: Vec<u8> = text.bytes().map(|byte| if byte == b'+' { b' ' } else { byte }).collect();
    percent_decode(&spaced).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read() {
        let read = Parameters::parse("a=1+2%2B&b=&c&%64=%C3%A9&e=%ff");
        assert_eq!((read.get("a"), read.get("b"), read.get("c")), (Some("1 2+"), None, None));
        assert_eq!((read.get("d"), read.get("e"), read.doubled()), (Some("é"), Some("\u{fffd}"), None));
        assert_eq!(Parameters::parse("a=1&b=2&a=1").doubled(), Some("a"));
        assert_eq!(Parameters::parse("a=&a=1").doubled(), None);
    }
}
