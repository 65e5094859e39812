//! What pages say about how easily a new password is guessed, a file a language.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod ja;

use vestibule_core::actor::Language;

use super::Words;

texts! {
    /// The texts about how easily a new password is guessed.
    #[derive(Clone, Copy, Debug)]
    pub struct StrengthWords {
        /// `{left}`
        pub short: &'static str,
        pub word: &'static str,
        pub keys: &'static str,
        pub repeat: &'static str,
        pub sequence: &'static str,
        pub date: &'static str,
        pub own: &'static str,
        /// Nothing is wrong with it.
        pub fair: &'static str,
        pub good: &'static str,
    }
}

impl Words {
    /// What pages say about how easily a new password is guessed in the same language.
    pub fn strength(&self) -> &'static StrengthWords {
        strength_words(self.tongue.lang.parse().unwrap_or(Language::English))
    }
}

fn strength_words(language: Language) -> &'static StrengthWords {
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
    use super::*;
    use crate::words::tests::says_the_same;

    #[test]
    fn every_language_says_the_same_in_its_own_words() {
        says_the_same(|language| strength_words(language).fields());
    }
}
