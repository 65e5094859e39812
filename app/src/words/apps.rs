//! What the pages say that stand between a person and an app, a file a language.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod ja;

use vestibule_core::actor::Language;

use super::Words;

texts! {
    /// The texts of consent, of leaving for an app and of signing out for one.
    #[derive(Clone, Copy, Debug)]
    pub struct AppWords {
        /// `{app}`
        pub ask_title: &'static str,
        /// `{app}` `{name}`
        pub ask_intro: &'static str,
        pub openid: &'static str,
        pub profile: &'static str,
        pub email: &'static str,
        pub phone: &'static str,
        pub address: &'static str,
        pub offline_access: &'static str,
        pub read: &'static str,
        pub write: &'static str,
        pub verify: &'static str,
        pub allow: &'static str,
        pub deny: &'static str,
        /// `{host}`
        pub goes_to: &'static str,
        pub other_account: &'static str,
        /// `{app}`
        pub stranger_title: &'static str,
        /// `{name}` `{organization}`
        pub stranger_text: &'static str,
        /// `{app}`
        pub leave_title: &'static str,
        pub leave_text: &'static str,
        pub leave_submit: &'static str,
        pub over_title: &'static str,
        pub over_text: &'static str,
        pub unknown_title: &'static str,
        pub unknown_text: &'static str,
        pub place_title: &'static str,
        pub place_text: &'static str,
        pub out_title: &'static str,
        /// `{name}`
        pub out_text: &'static str,
        /// `{app}`
        pub out_asked: &'static str,
        pub out_submit: &'static str,
        pub out_stay: &'static str,
        /// Above the apps on one's own account.
        pub let_in: &'static str,
        /// `{date}`
        pub let_in_since: &'static str,
        pub withdraw: &'static str,
        pub done_withdrawn: &'static str,
    }
}

impl Words {
    /// What the pages between a person and an app say in the same language.
    pub fn apps(&self) -> &'static AppWords {
        app_words(self.tongue.lang.parse().unwrap_or(Language::English))
    }
}

fn app_words(language: Language) -> &'static AppWords {
    match language {
        Language::English => &en::WORDS,
        Language::German => &de::WORDS,
        Language::French => &fr::WORDS,
        Language::Spanish => &es::WORDS,
        Language::Japanese => &ja::WORDS,
        Language::Arabic => &ar::WORDS,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn placeholders(text: &str) -> BTreeSet<String> {
        text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_owned())).collect()
    }

    #[test]
    fn every_language_says_the_same_in_its_own_words() {
        let english = app_words(Language::English).fields();
        for language in Language::ALL.iter().copied() {
            for ((name, text), (_, english)) in app_words(language).fields().into_iter().zip(&english) {
                // What is meant for code keeps its marks; these texts have none but placeholders and isolates.
                let plain = text.replace(['\u{2068}', '\u{2069}'], "");
                assert!(!text.trim().is_empty() && text == text.trim() && !text.contains("  "), "{language} {name}");
                assert_eq!(placeholders(&plain), placeholders(english), "{language} {name}");
                assert!(language == Language::English || text != *english, "{language} {name}");
                if language == Language::Arabic {
                    let isolated = text.matches("\u{2068}{").count();
                    assert_eq!(isolated, text.matches('{').count(), "{name}");
                }
            }
        }
    }
}
