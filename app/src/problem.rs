//! The short words that actions put into a page's address, read back and said in full.

use leptos_router::params::ParamsMap;
use vestibule_core::password::Weakness;

use crate::words::Words;

/// Why an action was refused, as the page's address says it.
#[derive(Clone, Debug, Default)]
pub struct Problem {
    pub word: Option<String>,
    left: Option<i64>,
    until: Option<i64>,
    min: Option<i64>,
    why: Option<String>,
}

impl Problem {
    pub fn of(query: &ParamsMap) -> Self {
        let number = |name| query.get(name).and_then(|text| text.parse().ok());
        Self {
            word: query.get("problem"),
            left: number("left"),
            until: number("until"),
            min: number("min"),
            why: query.get("why"),
        }
    }

    pub fn is(&self, word: &str) -> bool {
        self.word.as_deref() == Some(word)
    }

    /// Whether it is about a password that somebody chose.
    pub fn is_about_password(&self) -> bool {
        self.word.as_deref().is_some_and(|word| word.starts_with("password"))
    }

    /// The problem in a sentence; nothing where there is none. `now` is unix milliseconds.
    pub fn sentence(&self, words: &Words, now: i64) -> Option<String> {
        let wait = |until: Option<i64>| {
            let left = (until.unwrap_or(now) - now).max(1_000);
            if left < 120_000 { clock(left) } else { words.wait(left) }
        };
        let min = self.min.unwrap_or(12).to_string();
        Some(match self.word.as_deref()? {
            "wrong" if self.left == Some(1) => words.wrong_last.to_owned(),
            "wrong" => words.wrong.replace("{left}", &self.left.unwrap_or(0).max(0).to_string()),
            "unreadable" => words.unreadable.to_owned(),
            "out-of-tries" => words.out_of_tries.to_owned(),
            "expired" => words.over().code_expired.to_owned(),
            "invite-expired" => words.over().invite_ask_anybody.to_owned(),
            "used" => words.used.to_owned(),
            "replaced" => words.replaced.to_owned(),
            "revoked" => words.revoked.to_owned(),
            "declined" => words.declined.to_owned(),
            "address-changed" => words.changed.to_owned(),
            "already-verified" => words.already.to_owned(),
            "link-unknown" => words.link_unknown.to_owned(),
            "no-mail" => words.sent_no_mail.to_owned(),
            "cooling" => words.cooling.replace("{time}", &wait(self.until)),
            "limited" => words.limited.replace("{time}", &wait(self.until)),
            "disabled" => words.disabled.to_owned(),
            "setup-over" => words.setup_over.to_owned(),
            "has-method" => words.has_method.to_owned(),
            "method-not-allowed" => words.method_not_allowed.to_owned(),
            "password-short" => words.password_short.replace("{min}", &min),
            "password-long" => words.password_long.to_owned(),
            "password-common" => self.weakness(words).to_owned(),
            "passkey-sign-in" => words.passkey.unknown.to_owned(),
            "passkeys-off" => words.passkey.off.to_owned(),
            "ceremony-over" => words.passkey.over.to_owned(),
            "passkey" => words.passkey.not_accepted.to_owned(),
            "passkey-taken" => words.passkey.taken.to_owned(),
            "last-method" => words.passkey.last_method.to_owned(),
            "passkey-needed" => words.proof().needed.to_owned(),
            "choosing-over" => words.proof().choose_over.to_owned(),
            "company-mismatch" => words.company().mismatch_title.to_owned(),
            "company-unknown" => words.company().unknown_title.to_owned(),
            "company-taken" => words.company().taken_text.to_owned(),
            "issuer" => words.company().issuer.to_owned(),
            "company-down" => words.company().down_here.to_owned(),
            "sign-in" => words.sign_in_failed.to_owned(),
            "address" => self.address(words).to_owned(),
            _ => words.refused.to_owned(),
        })
    }

    fn weakness(&self, words: &Words) -> &'static str {
        let texts = words.strength();
        match self.why.as_deref().and_then(|why| why.parse().ok()) {
            Some(Weakness::Word) => texts.word,
            Some(Weakness::Keys) => texts.keys,
            Some(Weakness::Repeat) => texts.repeat,
            Some(Weakness::Sequence) => texts.sequence,
            Some(Weakness::Date) => texts.date,
            Some(Weakness::Own) => texts.own,
            Some(Weakness::Common) | None => words.password_common,
        }
    }

    fn address(&self, words: &Words) -> &'static str {
        match self.why.as_deref() {
            Some("empty") => words.address_empty,
            Some("no-at") => words.address_no_at,
            Some("two-ats") => words.address_two_ats,
            Some("no-local-part") => words.address_no_local_part,
            Some("no-dot") => words.address_no_dot,
            Some("sign") => words.address_sign,
            Some("too-long") => words.address_too_long,
            _ => words.address_domain,
        }
    }

    /// The heading for a code that cannot work any more, where the page is about nothing else.
    pub fn heading(&self, words: &Words) -> Option<&'static str> {
        Some(match self.word.as_deref()? {
            "out-of-tries" => words.out_of_tries_title,
            "expired" => words.expired_title,
            "invite-expired" => words.invite_expired_title,
            "used" => words.used_title,
            "replaced" => words.replaced_title,
            "revoked" => words.revoked_title,
            "declined" => words.declined_title,
            "address-changed" => words.changed_title,
            "already-verified" => words.already_title,
            "link-unknown" => words.link_unknown_title,
            "setup-over" => words.setup_over_title,
            _ => return None,
        })
    }
}

/// Milliseconds as `m:ss`, rounded up to a whole second.
fn clock(ms: i64) -> String {
    let seconds = (ms + 999) / 1_000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
