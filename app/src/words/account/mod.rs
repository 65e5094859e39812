//! What the pages of one's own account say, a file a language.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod ja;

use vestibule_core::actor::Language;

/// The texts of account, forgotten password and its choosing anew.
#[derive(Clone, Copy, Debug)]
pub struct AccountWords {
    pub forgot: &'static str,
    pub forgot_title: &'static str,
    pub forgot_intro: &'static str,
    pub forgot_submit: &'static str,
    pub forgot_done: &'static str,
    pub have_reset_code: &'static str,
    pub reset_title: &'static str,
    /// `{masked}`
    pub reset_for: &'static str,
    pub reset_intro: &'static str,
    pub new_password: &'static str,
    pub reset_submit: &'static str,
    pub reset_done: &'static str,
    pub primary: &'static str,
    pub make_primary: &'static str,
    pub remove: &'static str,
    pub send_code: &'static str,
    pub add_title: &'static str,
    pub add_submit: &'static str,
    pub methods: &'static str,
    pub has_password: &'static str,
    pub no_password: &'static str,
    pub old_password: &'static str,
    pub change_password: &'static str,
    pub set_password: &'static str,
    pub remove_password: &'static str,
    pub remove_password_text: &'static str,
    pub sessions: &'static str,
    pub this_browser: &'static str,
    pub unknown_browser: &'static str,
    pub end_session: &'static str,
    pub end_others: &'static str,
    pub language: &'static str,
    pub save: &'static str,
    pub console: &'static str,
    pub history: &'static str,
    pub created: &'static str,
    pub code_sent: &'static str,
    pub secret_shown: &'static str,
    pub code_refused: &'static str,
    pub verified: &'static str,
    pub unverified: &'static str,
    pub addresses_changed: &'static str,
    pub invited: &'static str,
    pub invite_opened: &'static str,
    pub invite_accepted: &'static str,
    pub invite_ready: &'static str,
    pub invite_revoked: &'static str,
    pub invite_declined: &'static str,
    pub signed_in: &'static str,
    pub password_changed: &'static str,
    pub passkeys_changed: &'static str,
    pub companies_changed: &'static str,
    pub apps_changed: &'static str,
    pub mail_sent: &'static str,
    pub locked: &'static str,
    pub changed: &'static str,
    pub by_administrator: &'static str,
    pub by_client: &'static str,
    pub done_saved: &'static str,
    pub done_added: &'static str,
    pub done_code_sent: &'static str,
    pub done_removed: &'static str,
    pub done_primary: &'static str,
    pub done_password: &'static str,
    pub done_password_removed: &'static str,
    pub done_signed_out: &'static str,
    pub taken: &'static str,
    pub primary_stays: &'static str,
    pub not_verified: &'static str,
    pub wrong_password: &'static str,
}

/// The texts in a language.
pub fn account_words(language: Language) -> &'static AccountWords {
    super::in_language!(language)
}
