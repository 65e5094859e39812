//! Where an answer goes, and how it travels.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::word::words;

/// What needs no escape in a query (RFC 3986 §2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

words! {
    /// How the parameters of an answer reach the app (OAuth 2.0 Multiple Response Types §2.1, Form Post §2).
    ResponseMode {
        Query = "query",
        Fragment = "fragment",
        FormPost = "form_post",
    }
}

/// An answer on its way to an address that is certainly the app's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    pub to: String,
    pub mode: ResponseMode,
    pub parameters: Vec<(&'static str, String)>,
    /// The app's name, for a page that leads there.
    pub app: String,
}

impl Departure {
    /// The whole address; without the parameters where a form carries them.
    pub fn url(&self) -> String {
        let joint = match self.mode {
            ResponseMode::FormPost => return self.to.clone(),
            _ if self.parameters.is_empty() => return self.to.clone(),
            ResponseMode::Fragment => '#',
            ResponseMode::Query if self.to.contains('?') => '&',
            ResponseMode::Query => '?',
        };
        let pairs =
            self.parameters.iter().map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, RESERVED)));
        format!("{}{joint}{}", self.to, pairs.collect::<Vec<_>>().join("&"))
    }
}

/// Where an app may be reached: `https`, `http` on the device itself, or, for a public client, a scheme of its own that
/// is a domain name backwards (RFC 8252 §7). Never a fragment (RFC 6749 §3.1.2), nor a user's name.
pub(crate) fn is_redirect_address(text: &str, public: bool) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let legal =
        text.len() <= 2_000 && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"#\\\"<>^`{|}".contains(&byte));
    let authority = rest.strip_prefix("//").map(|rest| rest.split(['/', '?']).next().unwrap_or_default());
    let authority = authority.filter(|authority| !authority.contains(['@', '*']));
    let host = authority.map(|authority| match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => host,
        _ => authority,
    });
    let own_scheme = scheme.contains('.')
        && scheme.starts_with(|first: char| first.is_ascii_lowercase())
        && scheme.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+-.".contains(&byte));
    legal
        && match scheme {
            "https" => host.is_some_and(|host| !host.is_empty()),
            "http" => matches!(host, Some("localhost" | "127.0.0.1" | "[::1]")),
            _ => public && own_scheme && !rest.is_empty(),
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_https_or_on_the_device_or_of_a_scheme_of_its_own() {
        for (text, public, may) in [
            ("https://app.example/callback", false, true),
            ("https://app.example/callback?tenant=1", false, true),
            ("https://app.example:8443", false, true),
            ("http://127.0.0.1:4000/callback", false, true),
            ("http://[::1]:4000/callback", false, true),
            ("http://localhost/callback", true, true),
            ("com.example.app:/callback", true, true),
            ("com.example.app:/callback", false, false),
            ("http://app.example/callback", false, false),
            ("http://127.0.0.1.app.example/", false, false),
            ("https://app.example/callback#part", false, false),
            ("https://app.example@evil.example/", false, false),
            ("https://*.app.example/", false, false),
            ("https:///callback", false, false),
            ("https:callback", false, false),
            ("//app.example/callback", false, false),
            ("javascript:alert(1)", true, false),
            ("data:text/html,x", true, false),
            ("https://app.example/a b", false, false),
            ("https://app.example\\@evil.example/", false, false),
            ("", false, false),
        ] {
            assert_eq!(is_redirect_address(text, public), may, "{text}");
        }
    }

    #[test]
    fn parameters_travel_escaped() {
        let departure = |to: &str, mode| Departure {
            to: to.to_owned(),
            mode,
            parameters: vec![("state", "a&b=ü #".to_owned()), ("iss", "https://v.example".to_owned())],
            app: String::new(),
        };
        let written = "state=a%26b%3D%C3%BC%20%23&iss=https%3A%2F%2Fv.example";
        assert_eq!(departure("https://a.example/", ResponseMode::Query).url(), format!("https://a.example/?{written}"));
        assert_eq!(departure("https://a/?x=1", ResponseMode::Query).url(), format!("https://a/?x=1&{written}"));
        assert_eq!(departure("https://a/?x=1", ResponseMode::Fragment).url(), format!("https://a/?x=1#{written}"));
        assert_eq!(departure("https://a/", ResponseMode::FormPost).url(), "https://a/");
    }
}
