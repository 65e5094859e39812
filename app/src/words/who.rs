//! What pages say about who is here: somebody else than the page is for, or somebody who can sign in already.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod ja;

use vestibule_core::actor::Language;

use super::Words;

texts! {
    /// The texts about who is here.
    #[derive(Clone, Copy, Debug)]
    pub struct WhoWords {
        pub other_title: &'static str,
        /// `{own}` `{masked}`
        pub other_text: &'static str,
        /// `{masked}`
        pub switch: &'static str,
        /// `{own}`
        pub stay: &'static str,
        pub ready_title: &'static str,
        pub ready_text: &'static str,
        pub to_account: &'static str,
    }
}

impl Words {
    /// What pages say about who is here in the same language.
    pub fn who(&self) -> &'static WhoWords {
        who_words(self.tongue.lang.parse().unwrap_or(Language::English))
    }
}

fn who_words(language: Language) -> &'static WhoWords {
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

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
    }

    #[test]
    fn every_language_says_the_same_in_its_own_words() {
        let english = who_words(Language::English).fields();
        for language in Language::ALL.iter().copied() {
            for ((name, text), (_, english)) in who_words(language).fields().into_iter().zip(&english) {
                assert!(!text.is_empty() && text == text.trim() && !text.contains("  "), "{language} {name}");
                assert_eq!(placeholders(text), placeholders(english), "{language} {name}");
                assert!(language == Language::English || text != *english, "{language} {name}");
                if language == Language::Arabic {
                    assert_eq!(text.matches("\u{2068}{").count(), text.matches('{').count(), "{name}");
                }
            }
        }
    }
}
