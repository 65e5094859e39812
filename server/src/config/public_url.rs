//! The address that people reach Vestibule at.

use std::{fmt, net::SocketAddr, str::FromStr};

use http::uri::Authority;

/// Scheme, host and port; no path, so that links are this text and a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    text: String,
    host: String,
}

impl PublicUrl {
    /// What a listening address is reached at from the same machine.
    pub fn of_listener(listen: SocketAddr) -> Self {
        let host = match listen {
            address if address.ip().is_unspecified() => "localhost".to_owned(),
            SocketAddr::V4(address) => address.ip().to_string(),
            SocketAddr::V6(address) => format!("[{}]", address.ip()),
        };
        // As browsers write it in `Origin`: without the port that http means anyway.
        let text =
            if listen.port() == 80 { format!("http://{host}") } else { format!("http://{host}:{}", listen.port()) };
        Self { text, host }
    }

    /// Without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host alone; an IPv6 address in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Host and port, as a person would type it.
    pub fn place(&self) -> &str {
        self.text.split_once("://").map_or(&self.text, |(_, place)| place)
    }

    /// Whether browsers come by TLS, so that cookies may be marked for it.
    pub fn secure(&self) -> bool {
        self.text.starts_with("https://")
    }

    /// Whether only this machine can mean it.
    pub fn is_local(&self) -> bool {
        let address = self.host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
        self.host == "localhost"
            || self.host.ends_with(".localhost")
            || address.is_ok_and(|address| address.is_loopback())
    }

    /// Whether the host is an IP address and no name.
    pub fn is_address(&self) -> bool {
        self.host.starts_with('[') || self.host.parse::<std::net::Ipv4Addr>().is_ok()
    }

    /// The domain for addresses and ids of mails: the host, or `localhost` where the host is an IP address.
    pub fn mail_domain(&self) -> &str {
        if self.is_address() { "localhost" } else { &self.host }
    }

    /// A link: `path` starts with a slash.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url: http::Uri = text.parse().map_err(|_| "is not a URL, such as https://id.example.com")?;
        let scheme = url.scheme_str().ok_or("must start with https:// or http://")?;
        if !matches!(scheme, "http" | "https") {
            return Err("must start with https:// or http://");
        }
        let authority = url.authority().ok_or("has no host")?;
        if authority.as_str().contains('@') {
            return Err("must not hold a user or a password");
        }
        if url.path() != "/" || text.contains(['?', '#']) {
            return Err("must be scheme and host only, without path, query or fragment");
        }
        let host = authority.host().to_ascii_lowercase();
        if host.is_empty() {
            return Err("has no host");
        }
        let port = match (port(authority)?, scheme) {
            (None, _) | (Some(80), "http") | (Some(443), "https") => String::new(),
            (Some(port), _) => format!(":{port}"),
        };
        Ok(Self { text: format!("{scheme}://{host}{port}"), host })
    }
}

/// The port of an authority. One that is there and cannot be read is not one left out.
pub(super) fn port(authority: &Authority) -> Result<Option<u16>, &'static str> {
    let place = authority.as_str().rsplit_once('@').map_or(authority.as_str(), |(_, place)| place);
    if place == authority.host() {
        return Ok(None);
    }
    let port = authority.port_u16().filter(|port| *port > 0);
    port.map(Some).ok_or("has a port that is no number from 1 to 65535")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_scheme_host_and_port() {
        for (written, read, secure, domain) in [
            ("https://ID.Acme.example/", "https://id.acme.example", true, "id.acme.example"),
            ("https://acme.example:443", "https://acme.example", true, "acme.example"),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000", false, "localhost"),
            ("http://[::1]:3000", "http://[::1]:3000", false, "localhost"),
        ] {
            let url: PublicUrl = written.parse().unwrap();
            assert_eq!((url.as_str(), url.secure(), url.mail_domain()), (read, secure, domain));
        }
    }

    #[test]
    fn anything_more_or_less_is_refused() {
        for written in [
            "",
            "acme.example",
            "ftp://acme.example",
            "https://",
            "https://acme.example/in",
            "https://acme.example/?a=1",
            "https://acme.example/#a",
            "https://acme.example?",
            "https://me:pass@acme.example",
            "https://acme.example:",
            "https://acme.example:0",
            "https://acme.example:99999",
            "https://acme.example:abc",
            "https://[::1]:99999",
            "https://acme .example",
        ] {
            assert!(written.parse::<PublicUrl>().is_err(), "{written}");
        }
    }

    #[test]
    fn the_default_follows_the_listener() {
        let of = |listen: &str| PublicUrl::of_listener(listen.parse().unwrap()).to_string();
        assert_eq!(of("127.0.0.1:3000"), "http://127.0.0.1:3000");
        assert_eq!(of("0.0.0.0:8080"), "http://localhost:8080");
        assert_eq!(of("[::1]:3000"), "http://[::1]:3000");
        assert_eq!(of("192.0.2.1:80"), "http://192.0.2.1", "as browsers write it in `Origin`");
    }
}
