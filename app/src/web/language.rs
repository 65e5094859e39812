//! In which language somebody reads: the one that they chose here, else their own where they are known, else what their
//! browser asks for.

use axum::http::{HeaderMap, header};
use vestibule_core::{Error, Result, actor::Language};

use super::{Ask, Carried};

/// What a request says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// The page speaks one language; the console does.
    Only(Language),
    /// The person chose.
    Chosen(Language),
    /// The browser prefers it; the language of a known person goes before.
    Preferred(Language),
}

impl Reads {
    pub fn of(path: &str, headers: &HeaderMap) -> Self {
        if path == "/console" || path.starts_with("/console/") {
            return Self::Only(Language::English);
        }
        match Carried::Language.get(headers).and_then(|chosen| chosen.parse().ok()) {
            Some(chosen) => Self::Chosen(chosen),
            None => Self::Preferred(preferred(headers)),
        }
    }

    pub const fn language(self) -> Language {
        match self {
            Self::Only(language) | Self::Chosen(language) | Self::Preferred(language) => language,
        }
    }

    /// The same on a page for a person of this language.
    pub const fn or(self, own: Language) -> Language {
        match self {
            Self::Only(language) | Self::Chosen(language) => language,
            Self::Preferred(_) => own,
        }
    }
}

/// The language that a browser prefers among ours (RFC 9110 §12.5.4; the order stands for the weights).
fn preferred(headers: &HeaderMap) -> Language {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let primary = |tag: &str| tag.split([';', '-']).next().unwrap_or_default().trim().to_ascii_lowercase();
    wanted.split(',').find_map(|tag| primary(tag).parse().ok()).unwrap_or(Language::English)
}

impl Ask {
    /// The language of whoever is known to be here: who is signed in or on the way to it, or has shown the secret of a
    /// mail or carries its link.
    pub async fn own_language(&self) -> Result<Option<Language>> {
        if let Some(visitor) = self.arrived().await? {
            return match self.vestibule().own_record(&visitor.person()).await {
                Err(Error::Refused(_)) => Ok(None),
                record => Ok(Some(record?.user.language)),
            };
        }
        let challenge = match self.met().await? {
            None => self.carried().await?.map(|(_, challenge)| challenge),
            met => met,
        };
        let Some(challenge) = challenge else { return Ok(None) };
        Ok(self.vestibule().challenge(&challenge).await?.map(|challenge| challenge.language))
    }
}

/// Longest way back, in bytes.
const LONGEST: usize = 8_000;

/// A page of ours that a choice of language goes back to. The end of a way to a company account is none: a browser arrives
/// there once.
pub(crate) fn way_back(back: &str) -> Option<String> {
    let (path, query) = back.split_once('?').unwrap_or((back, ""));
    let in_path = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '/' | '-' | '_' | '.' | '~' | '%');
    let is_page = path.starts_with('/') && !path.starts_with("//") && !path.starts_with("/do/");
    let legal = path.chars().all(in_path) && query.chars().all(|sign| sign.is_ascii_graphic());
    (is_page && legal && path != "/company/callback" && back.len() <= LONGEST).then(|| back.to_owned())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn reads(path: &str, cookie: &'static str) -> Reads {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("fr-CA, de;q=0.5"));
        headers.insert(header::COOKIE, HeaderValue::from_static(cookie));
        Reads::of(path, &headers)
    }

    #[test]
    fn what_is_chosen_goes_before_what_is_known_and_that_before_what_the_browser_asks_for() {
        let preferred = reads("/", "a=b");
        assert_eq!((preferred.language(), preferred.or(Language::Arabic)), (Language::French, Language::Arabic));
        let chosen = reads("/", "vestibule_language=ja");
        assert_eq!((chosen.language(), chosen.or(Language::Arabic)), (Language::Japanese, Language::Japanese));
        assert_eq!(reads("/", "vestibule_language=tlh"), preferred);
        let console = reads("/console/users", "vestibule_language=ja");
        assert_eq!((console.language(), console.or(Language::Arabic)), (Language::English, Language::English));
    }

    #[test]
    fn a_choice_goes_back_to_a_page_of_ours_and_nowhere_else() {
        for page in
            ["/", "/reset?problem=wrong&left=4", "/invite/018f-1", "/oauth/v2/authorize?redirect_uri=https://a.example"]
        {
            assert_eq!(way_back(page).as_deref(), Some(page));
        }
        for page in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/do/sign_out",
            "/a?b\r\nc",
            "/company/callback?code=1",
        ] {
            assert_eq!(way_back(page), None, "{page}");
        }
    }
}
