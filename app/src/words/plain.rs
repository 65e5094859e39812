//! What is said where no page could be made, a file a language.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod ja;

use vestibule_core::actor::Language;

use super::Words;

texts! {
    /// The sentences that stand for a status.
    #[derive(Clone, Copy, Debug)]
    pub struct PlainWords {
        pub forbidden: &'static str,
        pub too_large: &'static str,
        pub unreadable: &'static str,
        pub failed: &'static str,
        pub unavailable: &'static str,
        pub to_start: &'static str,
    }
}

chapter! {
    /// What is said where no page could be made in the same language.
    plain: PlainWords
}
