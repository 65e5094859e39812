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

chapter! {
    /// What pages say about how easily a new password is guessed in the same language.
    strength: StrengthWords
}
