//! Where on the page of one's own account a refusal is told.

use crate::pages::Page;

/// At the field that it is about, else at the head of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Head,
    NewAddress,
    OldPassword,
    NewPassword,
}

/// What was refused, if anything, and where that is told.
pub(super) struct Told(Option<(Place, String)>);

impl Told {
    pub fn read(page: &Page, has_password: bool) -> Self {
        let (words, account, problem) = (page.words, page.words.account(), page.problem());
        let own = match problem.word.as_deref() {
            // Nothing else has a name here.
            Some("name") => Some((Place::Head, words.passkey.name_missing)),
            Some("address-taken") => Some((Place::NewAddress, account.taken)),
            Some("primary-address") => Some((Place::Head, account.primary_stays)),
            Some("not-verified") => Some((Place::Head, account.not_verified)),
            // Where there is no password yet, nothing asks for the old one.
            Some("sign-in") if has_password => Some((Place::OldPassword, account.wrong_password)),
            _ => None,
        };
        let place = if problem.is_about_password() {
            Place::NewPassword
        } else if problem.is("address") {
            Place::NewAddress
        } else {
            Place::Head
        };
        let own = own.map(|(place, sentence)| (place, sentence.to_owned()));
        Self(own.or_else(|| problem.sentence(words, page.now()).map(|sentence| (place, sentence))))
    }

    pub fn of(&self, place: Place) -> Option<String> {
        self.0.as_ref().filter(|(at, _)| *at == place).map(|(_, sentence)| sentence.clone())
    }

    pub fn at_head(&self) -> Option<String> {
        self.of(Place::Head)
    }
}
