//! What pages say where somebody shows again, or more of, who they are, a file a language.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod ja;

use vestibule_core::actor::Language;

use super::Words;

texts! {
    /// The texts about showing who one is.
    #[derive(Clone, Copy, Debug)]
    pub struct ProofWords {
        /// Where the sign-in was a while ago.
        pub title: &'static str,
        pub text: &'static str,
        pub submit: &'static str,
        pub by_passkey: &'static str,
        /// `{provider}`
        pub by_company: &'static str,
        pub again: &'static str,
        pub back: &'static str,
        pub done: &'static str,
        pub cancelled: &'static str,
        pub not_yours: &'static str,
        /// An administrator who has shown all but the passkey.
        pub second_title: &'static str,
        /// `{organization}`
        pub second_text: &'static str,
        pub second_submit: &'static str,
        /// The same, where there is none yet.
        pub enrol_title: &'static str,
        /// `{organization}`
        pub enrol_text: &'static str,
        /// An administrator's own wish to be asked.
        pub own_rule: &'static str,
        pub own_rule_text: &'static str,
        /// Where the organization asks anyway.
        pub ruled: &'static str,
        /// The last passkey of an administrator who needs one.
        pub needed: &'static str,
        /// Where another password must be chosen after signing in.
        pub choose_text: &'static str,
        pub choose_same: &'static str,
        /// Where it was too late for that.
        pub choose_over: &'static str,
    }
}

chapter! {
    /// What pages say about showing who one is in the same language.
    proof: ProofWords
}
