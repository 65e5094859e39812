//! The words of mails. A language that lacks one does not compile.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod ja;

use vestibule_core::{actor::Language, in_language};

/// Everything that a mail can say in one language. Functions put names where the language wants them.
#[derive(Debug)]
pub(super) struct Words {
    /// `ltr` or `rtl`.
    pub direction: &'static str,
    pub months: [&'static str; 12],
    /// Day, month by name, year, time.
    pub date: fn(u8, &str, i32, &str) -> String,
    /// Between a label and the link that follows on its own line.
    pub colon: &'static str,

    /// Organization.
    pub invite_subject: fn(&str) -> String,
    /// Inviter, organization.
    pub invite_title: fn(&str, &str) -> String,
    pub accept: &'static str,
    pub not_you: &'static str,
    pub decline: &'static str,

    /// Organization.
    pub code_subject: fn(&str) -> String,
    pub code_title: &'static str,
    pub verify: &'static str,
    pub ignore: &'static str,

    /// Before and after the address of the page where the code is typed.
    pub or_open: [&'static str; 2],
    /// Recipient, date.
    pub for_until: fn(&str, &str) -> String,
    /// Time of the mail that this one replaces.
    pub replaces: fn(&str) -> String,

    /// Organization.
    pub password_subject: fn(&str) -> String,
    /// Address of the account.
    pub password_text: fn(&str) -> String,
    pub open_account: &'static str,
    /// What to do when it was somebody else.
    pub tell_administrator: &'static str,

    /// Organization.
    pub reset_subject: fn(&str) -> String,
    pub reset_title: &'static str,
    pub reset: &'static str,
    /// Organization.
    pub passkey_link_subject: fn(&str) -> String,
    pub passkey_link_title: &'static str,
    pub add_passkey: &'static str,
    /// Organization.
    pub password_changed_subject: fn(&str) -> String,
    /// Address of the account.
    pub password_changed_text: fn(&str) -> String,
    /// Organization.
    pub passkey_subject: fn(&str) -> String,
    /// Address of the account.
    pub passkey_text: fn(&str) -> String,
    /// Organization.
    pub passkey_removed_subject: fn(&str) -> String,
    /// Address of the account, name of the passkey.
    pub passkey_removed_text: fn(&str, &str) -> String,
    /// Organization.
    pub password_removed_subject: fn(&str) -> String,
    /// Address of the account.
    pub password_removed_text: fn(&str) -> String,
    /// Organization.
    pub company_subject: fn(&str) -> String,
    /// Address of the account, provider.
    pub company_text: fn(&str, &str) -> String,
    /// Organization.
    pub company_removed_subject: fn(&str) -> String,
    /// Address of the account, provider.
    pub company_removed_text: fn(&str, &str) -> String,

    /// Organization.
    pub address_subject: fn(&str) -> String,
    /// The address that was added.
    pub address_text: fn(&str) -> String,

    /// Organization.
    pub primary_subject: fn(&str) -> String,
    /// Old address, new address.
    pub primary_text: fn(&str, &str) -> String,

    /// Organization.
    pub test_subject: fn(&str) -> String,
    pub test_title: &'static str,
    pub test_text: &'static str,
}

pub(super) fn words(language: Language) -> &'static Words {
    in_language!(language)
}

impl Words {
    /// The side where a line starts, for styles that know no logical sides.
    pub fn start(&self) -> &'static str {
        if self.direction == "rtl" { "right" } else { "left" }
    }

    /// A foreign text that keeps its own direction inside a sentence written from right to left.
    pub fn isolated(&self, text: &str) -> String {
        match self.direction {
            "rtl" if !text.is_empty() => format!("\u{2068}{text}\u{2069}"),
            _ => text.to_owned(),
        }
    }
}
