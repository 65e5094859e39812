//! What a browser carries for the house in cookies, so that the server need not keep it.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite, time::Duration};

/// Cookies that hold something, most often a secret, between the request that brought it and the page that uses it.
#[derive(Clone, Copy, Debug)]
pub enum Carried {
    /// The token of a mailed link.
    Link,
    /// The token of the set-up link.
    Setup,
    /// A code and link that an administrator hands over, once.
    HandOver,
    /// A key or client secret that an owner just made.
    Key,
    /// The page that somebody opened who had to sign in first.
    Wanted,
    /// By which challenge an address was verified last, and until when a page may say so.
    Met,
    /// The language that somebody chose to read in.
    Language,
}

impl Carried {
    const fn name(self) -> &'static str {
        match self {
            Self::Link => "vestibule_link",
            Self::Setup => "vestibule_setup",
            Self::HandOver => "vestibule_hand_over",
            Self::Key => "vestibule_key",
            Self::Wanted => "vestibule_wanted",
            Self::Met => "vestibule_met",
            Self::Language => "vestibule_language",
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::Link | Self::Setup | Self::Wanted | Self::Met | Self::Language => "/",
            Self::HandOver => "/console/hand-over",
            Self::Key => "/console/keys",
        }
    }

    const fn age(self) -> Duration {
        match self {
            Self::Link | Self::Setup | Self::HandOver | Self::Key | Self::Wanted | Self::Met => Duration::minutes(15),
            Self::Language => Duration::days(365),
        }
    }

    /// A `Set-Cookie` value that carries it, a secret for a quarter of an hour, or takes it away.
    pub fn set(self, value: Option<&str>, secure: bool) -> Option<HeaderValue> {
        let age = if value.is_some() { self.age() } else { Duration::ZERO };
        let same_site = match self {
            // The first request comes from a mail program, or anywhere else; the page behind the redirect must have it.
            Self::Link | Self::Setup | Self::Wanted | Self::Met | Self::Language => SameSite::Lax,
            Self::HandOver | Self::Key => SameSite::Strict,
        };
        let cookie = Cookie::build((self.name(), value.unwrap_or_default()))
            .path(self.path())
            .http_only(true)
            .secure(secure)
            .same_site(same_site)
            .max_age(age);
        HeaderValue::from_str(&cookie.to_string()).ok()
    }

    /// The secret that a request carries.
    pub fn get(self, headers: &HeaderMap) -> Option<String> {
        let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        let found =
            all.flat_map(Cookie::split_parse).filter_map(Result::<_, _>::ok).find(|one| one.name() == self.name());
        found.map(|cookie| cookie.value().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carried_secret_comes_back_and_only_under_its_name() {
        let set = Carried::Link.set(Some("abc"), true).unwrap();
        let set = set.to_str().unwrap();
        assert_eq!(set, "vestibule_link=abc; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=900");
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=b; vestibule_link=abc"));
        assert_eq!(Carried::Link.get(&headers).as_deref(), Some("abc"));
        assert_eq!(Carried::Setup.get(&headers), None);
    }
}
