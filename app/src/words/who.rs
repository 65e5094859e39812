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
        /// Where a page was opened that only who is signed in sees.
        pub sign_in_first: &'static str,
        pub beyond_title: &'static str,
        pub beyond_text: &'static str,
    }
}

chapter! {
    /// What pages say about who is here in the same language.
    who: WhoWords
}
