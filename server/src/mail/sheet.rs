//! What a mail says, before it is text or HTML.

use vestibule_core::{
    code::Purpose,
    outbox::{Drawn, Letter, MessageKind},
};

use super::{
    date::Moment,
    words::{Words, words},
};
use crate::config::PublicUrl;

/// One mail. Every text is plain and holds no control signs; who prints it escapes it.
#[derive(Debug)]
pub(super) struct Sheet {
    pub words: &'static Words,
    pub language: &'static str,
    pub organization: String,
    pub subject: String,
    pub title: String,
    /// The inviter's own words, line by line.
    pub quote: Vec<String>,
    pub paragraphs: Vec<String>,
    pub button: Option<Button>,
    pub typed: Option<Typed>,
    /// Small print, sentence by sentence.
    pub small: Vec<String>,
    /// How to say no, after the small print and the question whether it is for somebody else.
    pub decline: Option<Button>,
}

#[derive(Debug)]
pub(super) struct Button {
    pub label: &'static str,
    pub link: String,
}

/// The other way in: go there and type this.
pub(super) struct Typed {
    /// The public URL.
    pub link: String,
    /// The same without its scheme.
    pub place: String,
    /// In groups.
    pub code: String,
}

/// Nothing of the code.
impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Typed").field("place", &self.place).finish_non_exhaustive()
    }
}

impl Sheet {
    /// Writes a letter in its language. `now` is in unix milliseconds.
    pub fn of(letter: &Letter, public_url: &PublicUrl, now: i64) -> Self {
        let words = words(letter.language);
        let shown = |text: &str| words.isolated(&one_line(text));
        let application = letter.secret.as_ref().and_then(|secret| secret.application.as_deref());
        let organization = shown(application.unwrap_or(&letter.organization));
        let mut sheet = Self {
            words,
            language: letter.language.as_str(),
            subject: String::new(),
            title: String::new(),
            quote: Vec::new(),
            paragraphs: Vec::new(),
            button: None,
            typed: None,
            small: Vec::new(),
            decline: None,
            organization,
        };
        sheet.write(letter, public_url, &shown);
        if let Some(secret) = &letter.secret {
            sheet.add_secret(letter, secret, public_url, now, &shown);
        }
        sheet
    }

    /// What the kind says by itself.
    fn write(&mut self, letter: &Letter, public_url: &PublicUrl, shown: &dyn Fn(&str) -> String) {
        let (words, organization) = (self.words, self.organization.as_str());
        let account = Some(Button { label: words.open_account, link: public_url.link("/me") });
        let me = shown(if letter.data.address.is_empty() { &letter.recipient } else { &letter.data.address });
        let what = shown(&letter.data.what);
        match letter.kind {
            MessageKind::Invite => {
                self.subject = (words.invite_subject)(organization);
                self.title = match shown(&letter.data.inviter) {
                    inviter if inviter.is_empty() => (words.invite_subject)(organization),
                    inviter => (words.invite_title)(&inviter, organization),
                };
                self.quote = lines(&letter.data.words);
            }
            MessageKind::Code => {
                self.subject = (words.code_subject)(organization);
                self.title = words.code_title.to_owned();
            }
            MessageKind::Reset => {
                self.subject = (words.reset_subject)(organization);
                self.title = words.reset_title.to_owned();
            }
            MessageKind::PasskeyLink => {
                self.subject = (words.passkey_link_subject)(organization);
                self.title = words.passkey_link_title.to_owned();
            }
            MessageKind::PasswordSet => self.tell(words.password_subject, (words.password_text)(&me), account),
            MessageKind::PasswordChanged => {
                self.tell(words.password_changed_subject, (words.password_changed_text)(&me), account);
            }
            MessageKind::PasswordRemoved => {
                self.tell(words.password_removed_subject, (words.password_removed_text)(&me), account);
            }
            MessageKind::PasskeyAdded => self.tell(words.passkey_subject, (words.passkey_text)(&me), account),
            MessageKind::PasskeyRemoved => {
                self.tell(words.passkey_removed_subject, (words.passkey_removed_text)(&me, &what), account);
            }
            MessageKind::CompanyLinked => {
                self.tell(words.company_subject, (words.company_text)(&me, &what), account);
            }
            MessageKind::CompanyUnlinked => {
                self.tell(words.company_removed_subject, (words.company_removed_text)(&me, &what), account);
            }
            MessageKind::AddressAdded => {
                self.tell(words.address_subject, (words.address_text)(&shown(&letter.data.address)), account);
            }
            MessageKind::PrimaryChanged => {
                let text = (words.primary_text)(&shown(&letter.recipient), &shown(&letter.data.address));
                // Whoever reads this there has no account to open any more.
                self.tell(words.primary_subject, text, None);
            }
            MessageKind::Test => {
                self.subject = (words.test_subject)(organization);
                self.title = words.test_title.to_owned();
                self.paragraphs = vec![words.test_text.to_owned()];
            }
        }
    }

    /// A mail that only tells something, and what to do if it was somebody else.
    fn tell(&mut self, subject: fn(&str) -> String, text: String, button: Option<Button>) {
        self.subject = subject(&self.organization);
        self.title.clone_from(&self.subject);
        self.paragraphs = vec![text];
        self.button = button;
        self.small = vec![self.words.tell_administrator.to_owned()];
    }

    /// Button, code, and until when they work.
    fn add_secret(
        &mut self,
        letter: &Letter,
        secret: &Drawn,
        public_url: &PublicUrl,
        now: i64,
        shown: &dyn Fn(&str) -> String,
    ) {
        let words = self.words;
        let link = |path: &str| public_url.link(&format!("/{path}/{}", secret.token.reveal()));
        let is_invite = letter.kind == MessageKind::Invite;
        // The page where the code is typed: the code page, which asks for the address as well, or one of its own.
        let (label, path, typed) = match secret.purpose {
            Purpose::Invite => (words.accept, "invite", ""),
            Purpose::Email => (words.verify, "verify", ""),
            Purpose::Reset => (words.reset, "reset", "/reset"),
            Purpose::Passkey => (words.add_passkey, "passkey", "/passkey"),
        };
        // A client that sends people to pages of its own has them type the code there.
        self.button = Some(Button { label, link: secret.link.clone().unwrap_or_else(|| link(path)) });
        self.typed = Some(Typed {
            link: if typed.is_empty() { public_url.to_string() } else { public_url.link(typed) },
            place: format!("{}{typed}", public_url.place()),
            code: secret.code.grouped(),
        });
        let until = words.isolated(&Moment::new(secret.expires_at).date(words));
        self.small.push((words.for_until)(&shown(&letter.recipient), &until));
        if let Some(replaced) = letter.replaces {
            let since = Moment::new(replaced).since(Moment::new(now), words);
            self.small.push((words.replaces)(&words.isolated(&since)));
        }
        if is_invite {
            self.decline = Some(Button { label: words.decline, link: link("decline") });
        } else {
            self.small.push(words.ignore.to_owned());
        }
    }
}

/// Without line ends, other control signs, and signs that turn the direction of what stands around them.
pub(super) fn one_line(text: &str) -> String {
    let spaced = text.chars().map(|sign| if sign.is_whitespace() || sign.is_control() { ' ' } else { sign });
    let kept: String = spaced.filter(|sign| !turns(*sign)).collect();
    kept.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Embeddings, overrides and isolates (Unicode Standard Annex 9).
fn turns(sign: char) -> bool {
    matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text.trim().lines().map(one_line).collect();
    lines.dedup_by(|next, last| next.is_empty() && last.is_empty());
    if lines == [""] { Vec::new() } else { lines }
}
