//! What the user's pages say, a file a language. A text that is missing in one language does not compile.
//!
//! Names in braces stand for what a page puts there.

mod account;
mod ar;
mod de;
mod en;
mod es;
mod fr;
mod ja;
#[cfg(test)]
mod tests;

use vestibule_core::{actor::Language, in_language};

pub use self::account::AccountWords;

use crate::shell::Tongue;

/// Declares the texts, and for the tests lists them all by name, so that none can be forgotten there.
macro_rules! texts {
    ($(#[$about:meta])* pub struct $name:ident { $($(#[$field_about:meta])* pub $field:ident: $kind:ty,)* }) => {
        $(#[$about])*
        pub struct $name { $($(#[$field_about])* pub $field: $kind,)* }

        #[cfg(test)]
        impl $name {
            pub(in crate::words) fn fields(&self) -> Vec<(String, &'static str)> {
                let mut fields = Vec::new();
                $($crate::words::tests::Texts::list(&self.$field, stringify!($field), &mut fields);)*
                fields
            }
        }
    };
}

/// Makes texts that were declared with `texts!` a chapter of [`Words`], and checks that all languages say the same.
macro_rules! chapter {
    ($(#[$about:meta])* $accessor:ident: $name:ident) => {
        impl Words {
            $(#[$about])*
            pub fn $accessor(&self) -> &'static $name {
                of(self.language())
            }
        }

        fn of(language: Language) -> &'static $name {
            super::in_language!(language)
        }

        #[cfg(test)]
        mod tests {
            #[test]
            fn every_language_says_the_same_in_its_own_words() {
                crate::words::tests::says_the_same(|language| super::of(language).fields());
            }
        }
    };
}

// Behind the macros that they use.
mod apps;
mod company;
mod over;
mod passkey;
mod plain;
mod proof;
mod setup;
mod strength;
mod who;

pub use apps::AppWords;
pub use company::CompanyWords;
pub use over::OverWords;
pub use passkey::PasskeyWords;
pub use plain::PlainWords;
pub use proof::ProofWords;
pub use setup::SetupWords;
pub use strength::StrengthWords;
pub use who::WhoWords;

texts! {
    /// The texts of the pages that invited people see.
    #[derive(Clone, Copy, Debug)]
    pub struct Words {
        pub tongue: Tongue,
        pub skip: &'static str,
        pub language_name: &'static str,
        /// What the choice of a language is called.
        pub language_label: &'static str,

        pub code_title: &'static str,
        pub code_intro: &'static str,
        pub code_label: &'static str,
        pub code_hint: &'static str,
        pub code_submit: &'static str,
        pub email_label: &'static str,
        pub nothing_arrived: &'static str,
        pub send_again: &'static str,
        /// `{time}`
        pub send_again_in: &'static str,
        pub send_code: &'static str,
        /// Shown whether or not anybody has the address.
        pub sent_if_known: &'static str,
        pub sent_again: &'static str,
        /// `{count}` `{masked}` `{lifetime}`
        pub sent_to: &'static str,
        pub sent_no_mail: &'static str,
        pub link_title: &'static str,
        /// `{masked}`
        pub link_intro: &'static str,
        pub link_submit: &'static str,

        pub verified_title: &'static str,
        /// `{masked}`
        pub verified_which: &'static str,
        pub verified_text: &'static str,

        /// `{inviter}` `{organization}`
        pub invite_title: &'static str,
        /// `{masked}`
        pub invite_text: &'static str,
        pub invite_accept: &'static str,
        pub invite_code_label: &'static str,
        pub invite_decline: &'static str,
        pub decline_title: &'static str,
        pub decline_text: &'static str,
        pub decline_submit: &'static str,
        pub keep: &'static str,

        pub welcome_verified: &'static str,
        /// `{name}`
        pub welcome_title: &'static str,
        pub welcome_text: &'static str,
        /// Where none of the ways that are allowed can be used.
        pub welcome_none: &'static str,
        pub password_label: &'static str,
        /// `{min}`
        pub password_hint: &'static str,
        pub password_submit: &'static str,
        pub step_1_of_2: &'static str,
        pub step_2_of_2: &'static str,
        pub done_title: &'static str,
        pub done_text: &'static str,
        pub done_link: &'static str,

        pub sign_in_title: &'static str,
        pub sign_in_name: &'static str,
        pub sign_in_submit: &'static str,
        pub have_code: &'static str,
        pub signed_out: &'static str,
        pub sign_out: &'static str,
        pub me_title: &'static str,
        pub me_addresses: &'static str,
        pub state_verified: &'static str,
        pub state_unverified: &'static str,

        pub other_address: &'static str,
        pub to_sign_in: &'static str,
        pub not_found_title: &'static str,
        pub not_found_text: &'static str,
        pub unavailable_title: &'static str,
        pub unavailable_text: &'static str,
        pub home: &'static str,

        /// `{left}`
        pub wrong: &'static str,
        pub wrong_last: &'static str,
        pub unreadable: &'static str,
        pub out_of_tries_title: &'static str,
        pub out_of_tries: &'static str,
        pub expired_title: &'static str,
        /// `{lifetime}`
        pub expired: &'static str,
        pub invite_expired_title: &'static str,
        pub used_title: &'static str,
        pub used: &'static str,
        pub invite_used_title: &'static str,
        pub invite_used: &'static str,
        pub replaced_title: &'static str,
        pub replaced: &'static str,
        pub revoked_title: &'static str,
        pub revoked: &'static str,
        pub declined_title: &'static str,
        pub declined: &'static str,
        pub changed_title: &'static str,
        pub changed: &'static str,
        pub already_title: &'static str,
        pub already: &'static str,
        pub link_unknown_title: &'static str,
        pub link_unknown: &'static str,
        /// `{time}`
        pub cooling: &'static str,
        /// `{time}`
        pub limited: &'static str,
        pub disabled: &'static str,
        pub setup_over_title: &'static str,
        pub setup_over: &'static str,
        pub has_method: &'static str,
        pub method_not_allowed: &'static str,
        /// `{min}`
        pub password_short: &'static str,
        pub password_long: &'static str,
        pub password_common: &'static str,
        pub sign_in_failed: &'static str,
        pub address_empty: &'static str,
        pub address_no_at: &'static str,
        pub address_two_ats: &'static str,
        pub address_no_local_part: &'static str,
        pub address_domain: &'static str,
        pub address_no_dot: &'static str,
        pub address_sign: &'static str,
        pub address_too_long: &'static str,
        pub refused: &'static str,

        pub passkey: &'static PasskeyWords,

        /// `{n}`
        pub minutes: Counted,
        pub hours: Counted,
        pub days: Counted,
    }
}

/// The forms of what is counted.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    pub one: &'static str,
    pub two: &'static str,
    /// From three to ten, and the same of every further hundred.
    pub few: &'static str,
    pub many: &'static str,
}

impl Counted {
    /// Of a language that has only these.
    const fn of(one: &'static str, several: &'static str) -> Self {
        Self { one, two: several, few: several, many: several }
    }

    fn say(self, count: i64) -> String {
        let form = match (count, count % 100) {
            (1, _) => self.one,
            (2, _) => self.two,
            (_, 3..=10) => self.few,
            _ => self.many,
        };
        form.replace("{n}", &count.to_string())
    }
}

/// The texts in a language.
pub fn words(language: Language) -> &'static Words {
    in_language!(language)
}

impl Words {
    /// What the pages of one's own account say in the same language.
    pub fn account(&self) -> &'static AccountWords {
        account::account_words(self.language())
    }

    fn language(&self) -> Language {
        self.tongue.lang.parse().unwrap_or(Language::English)
    }

    /// How long somebody has yet to wait, in milliseconds: rounded up, for who comes back too early waits again. From an
    /// hour and a half on in hours, from two days on in days.
    pub fn wait(&self, ms: i64) -> String {
        const MINUTE: i64 = 60_000;
        let up = |unit: i64| ms.div_euclid(unit) + i64::from(ms.rem_euclid(unit) > 0);
        match up(MINUTE).max(1) {
            minutes if minutes < 90 => self.minutes.say(minutes),
            minutes if minutes < 2 * 24 * 60 => self.hours.say(up(60 * MINUTE)),
            _ => self.days.say(up(24 * 60 * MINUTE)),
        }
    }

    /// A duration in milliseconds in its largest whole unit.
    pub fn duration(&self, ms: i64) -> String {
        let minutes = (ms / 60_000).max(1);
        match minutes {
            minutes if minutes >= 2 * 24 * 60 => self.days.say(minutes / (24 * 60)),
            minutes if minutes >= 2 * 60 => self.hours.say(minutes / 60),
            minutes => self.minutes.say(minutes),
        }
    }
}
