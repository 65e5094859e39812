//! The mail server's URL.

use std::str::FromStr;

use super::{public_url::port, secret::Secret};

/// Where mails are handed over. The URL is secret, since it holds the password; host and port are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmtpUrl {
    url: Secret,
    host: String,
    port: u16,
    encrypted: bool,
}

impl SmtpUrl {
    /// The whole URL, password included, for the connection.
    pub fn reveal(&self) -> &str {
        self.url.reveal()
    }

    pub fn host(&self) -> &str {
        &self.host
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Whether nothing is sent before TLS is agreed.
    pub fn is_encrypted(&self) -> bool {
        self.encrypted
    }
}

impl FromStr for SmtpUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url: http::Uri = text.parse().map_err(|_| "is not a URL, such as smtps://USER:PASSWORD@HOST")?;
        let tls = url.query().unwrap_or_default();
        let (usual_port, encrypted) = match (url.scheme_str(), tls) {
            (Some("smtps"), "") => (465, true),
            (Some("smtp"), "") => (25, false),
            (Some("smtp"), "tls=required") => (587, true),
            (Some("smtp"), "tls=opportunistic") => (587, false),
            (Some("smtp" | "smtps"), _) => {
                return Err("knows only ?tls=required and ?tls=opportunistic, and both only with smtp://");
            }
            _ => return Err("must start with smtps:// or smtp://"),
        };
        let authority = url.authority().ok_or("has no host")?;
        let host = authority.host().to_owned();
        if host.is_empty() {
            return Err("has no host");
        }
        let user = authority.as_str().rsplit_once('@').map(|(user, _)| user);
        if user.is_some_and(|user| !user.contains(':')) {
            return Err("names a user without a password");
        }
        Ok(Self { url: Secret::new(text), host, port: port(authority)?.unwrap_or(usual_port), encrypted })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_port_and_encryption_follow_from_the_url() {
        for (text, host, port, encrypted) in [
            ("smtps://ada:p%40ss@mail.example", "mail.example", 465, true),
            ("smtp://localhost:1025", "localhost", 1025, false),
            ("smtp://ada:pass@mail.example/me.example?tls=required", "mail.example", 587, true),
        ] {
            let url: SmtpUrl = text.parse().unwrap();
            assert_eq!((url.host(), url.port(), url.is_encrypted()), (host, port, encrypted));
            assert!(!format!("{url:?}").contains("ss@"));
        }
        for text in [
            "",
            "mail.example",
            "http://mail.example",
            "smtp://",
            "smtp://ada@mail.example",
            "smtp://m.example?tls=no",
            "smtp://m.example:99999",
            "smtps://ada:pass@m.example:abc",
        ] {
            assert!(text.parse::<SmtpUrl>().is_err(), "{text}");
        }
    }
}
