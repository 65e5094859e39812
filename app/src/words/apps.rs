//! What the pages say that stand between a person and an app, a file a language.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod ja;

use vestibule_core::actor::Language;

use super::Words;

texts! {
    /// The texts of consent, of leaving for an app and of signing out for one.
    #[derive(Clone, Copy, Debug)]
    pub struct AppWords {
        /// `{app}`
        pub ask_title: &'static str,
        /// `{app}` `{name}`
        pub ask_intro: &'static str,
        pub openid: &'static str,
        pub profile: &'static str,
        pub email: &'static str,
        pub phone: &'static str,
        pub address: &'static str,
        pub offline_access: &'static str,
        pub read: &'static str,
        pub write: &'static str,
        pub verify: &'static str,
        pub allow: &'static str,
        pub deny: &'static str,
        /// `{host}`
        pub goes_to: &'static str,
        pub other_account: &'static str,
        /// `{app}`
        pub stranger_title: &'static str,
        /// `{name}` `{organization}`
        pub stranger_text: &'static str,
        /// `{app}`
        pub leave_title: &'static str,
        pub leave_text: &'static str,
        pub leave_submit: &'static str,
        /// To the app that somebody came from who was invited meanwhile. `{app}`
        pub go_on: &'static str,
        pub over_title: &'static str,
        pub over_text: &'static str,
        pub unknown_title: &'static str,
        pub unknown_text: &'static str,
        pub place_title: &'static str,
        pub place_text: &'static str,
        pub out_title: &'static str,
        /// `{name}`
        pub out_text: &'static str,
        /// `{app}`
        pub out_asked: &'static str,
        pub out_submit: &'static str,
        pub out_stay: &'static str,
        /// Above the apps on one's own account.
        pub let_in: &'static str,
        /// `{date}`
        pub let_in_since: &'static str,
        pub withdraw: &'static str,
        pub done_withdrawn: &'static str,
    }
}

chapter! {
    /// What the pages between a person and an app say in the same language.
    apps: AppWords
}
