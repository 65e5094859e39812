//! What pages say about company accounts, a file a language.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod ja;

use vestibule_core::actor::Language;

use super::Words;

texts! {
    /// The texts about company accounts.
    #[derive(Clone, Copy, Debug)]
    pub struct CompanyWords {
        pub title: &'static str,
        /// Above the providers that can be the first way to sign in.
        pub first: &'static str,
        /// `{provider}`
        pub go_on: &'static str,
        /// `{provider}`
        pub link: &'static str,
        pub unlink: &'static str,
        /// `{date}`
        pub linked: &'static str,
        pub done_linked: &'static str,
        pub done_unlinked: &'static str,
        /// After the first one.
        pub done_text: &'static str,
        /// The provider does not answer, before anybody went there.
        pub down_here: &'static str,
        pub over_title: &'static str,
        pub over_text: &'static str,
        pub denied_title: &'static str,
        /// `{provider}`
        pub denied_text: &'static str,
        pub failed_title: &'static str,
        /// `{provider}`
        pub refused_text: &'static str,
        /// `{provider}`
        pub down_text: &'static str,
        pub mismatch_title: &'static str,
        /// `{provider}` `{found}` `{expected}`
        pub mismatch_other: &'static str,
        /// `{provider}` `{found}`
        pub mismatch_unverified: &'static str,
        /// `{provider}` `{expected}`
        pub mismatch_none: &'static str,
        pub unknown_title: &'static str,
        /// `{provider}`
        pub unknown_text: &'static str,
        /// `{provider}`
        pub not_anew_text: &'static str,
        pub taken_title: &'static str,
        pub taken_text: &'static str,
        pub linked_already: &'static str,
        /// What an owner has entered as a provider's issuer cannot be one.
        pub issuer: &'static str,
        pub other_way: &'static str,
        pub to_account: &'static str,
    }
}

chapter! {
    /// What pages say about company accounts in the same language.
    company: CompanyWords
}
