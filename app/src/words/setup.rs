//! What the page says on which the first owner is made, a file a language.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod ja;

use vestibule_core::actor::Language;

use super::Words;

texts! {
    /// The texts of the set-up page.
    #[derive(Clone, Copy, Debug)]
    pub struct SetupWords {
        pub title: &'static str,
        pub intro: &'static str,
        pub name: &'static str,
        pub submit: &'static str,
        pub name_missing: &'static str,
        pub closed_title: &'static str,
        pub closed_text: &'static str,
        pub closed_hint: &'static str,
    }
}

chapter! {
    /// What the page says on which the first owner is made, in the same language.
    setup: SetupWords
}
