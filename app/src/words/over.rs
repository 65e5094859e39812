//! What pages say of a link, a code or an invite that works no more, a file a language.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod ja;

use vestibule_core::actor::Language;

use super::Words;

texts! {
    /// The texts about what works no more.
    #[derive(Clone, Copy, Debug)]
    pub struct OverWords {
        /// An invite whose time is over: only who invites can renew it. `{date}` `{inviter}`
        pub invite_ask: &'static str,
        /// The same where nobody is known to have invited. `{date}`
        pub invite_ask_somebody: &'static str,
        /// The same where only the code is known.
        pub invite_ask_anybody: &'static str,
        /// A code whose time is over, where it is not known what it was for.
        pub code_expired: &'static str,
        pub expired_title: &'static str,
        pub used_title: &'static str,
        pub revoked_title: &'static str,
        pub reset_expired: &'static str,
        pub reset_out_of_tries: &'static str,
        pub reset_used: &'static str,
        pub reset_revoked: &'static str,
        pub reset_changed: &'static str,
        pub passkey_expired: &'static str,
        pub passkey_out_of_tries: &'static str,
        pub passkey_used: &'static str,
        pub passkey_replaced: &'static str,
        pub passkey_revoked: &'static str,
        pub passkey_changed: &'static str,
    }
}

chapter! {
    /// What pages say of what works no more in the same language.
    over: OverWords
}
