//! What pages say about passkeys.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod ja;

pub(super) use self::{
    ar::WORDS as AR, de::WORDS as DE, en::WORDS as EN, es::WORDS as ES, fr::WORDS as FR, ja::WORDS as JA,
};

texts! {
    /// The texts about passkeys.
    #[derive(Clone, Copy, Debug)]
    pub struct PasskeyWords {
        pub title: &'static str,
        pub text: &'static str,
        /// Where a passkey is one of several first methods.
        pub choose: &'static str,
        pub create: &'static str,
        pub add: &'static str,
        pub sign_in: &'static str,
        pub no_script: &'static str,
        /// The browser knows no passkeys.
        pub unsupported: &'static str,
        pub cancelled: &'static str,
        /// The device has one for this account.
        pub exists: &'static str,
        /// Making one came to nothing for another reason.
        pub failed: &'static str,
        pub sign_in_cancelled: &'static str,
        pub sign_in_failed: &'static str,
        /// A passkey that signs nobody in.
        pub unknown: &'static str,
        /// The ceremony took too long.
        pub over: &'static str,
        pub not_accepted: &'static str,
        pub taken: &'static str,
        pub off: &'static str,
        /// The last way to sign in cannot be removed.
        pub last_method: &'static str,
        pub name_missing: &'static str,
        pub done_text: &'static str,
        /// `{date}`
        pub added: &'static str,
        /// `{date}`
        pub used: &'static str,
        pub unused: &'static str,
        pub manage: &'static str,
        pub name: &'static str,
        pub rename: &'static str,
        pub remove: &'static str,
        pub done_added: &'static str,
        pub done_renamed: &'static str,
        pub done_removed: &'static str,
        /// `{masked}`
        pub link_text: &'static str,
        pub link_submit: &'static str,
        pub code_intro: &'static str,
        pub link_over_title: &'static str,
        pub link_over: &'static str,
        /// After the link or the code.
        pub session_text: &'static str,
    }
}
