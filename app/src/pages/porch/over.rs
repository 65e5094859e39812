//! What is said of a code, a link or an invite that works no more: each end reads differently, and has a way forward.

use leptos::prelude::*;
use vestibule_core::{Refusal, Result, challenge::ChallengeView, code::Purpose};

use super::{Card, notices, send_new, who};
use crate::{
    pages::{Page, moment},
    words::Words,
};

/// How it came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    Expired,
    OutOfTries,
    Used,
    Replaced,
    Revoked,
    Declined,
    AddressChanged,
    AlreadyVerified,
}

impl Over {
    /// What says so.
    const SAID: [Refusal; 8] = [
        Refusal::Expired,
        Refusal::OutOfTries,
        Refusal::Used,
        Refusal::Replaced,
        Refusal::Revoked,
        Refusal::Declined,
        Refusal::AddressChanged,
        Refusal::AlreadyVerified,
    ];

    /// As a page's address says it to who has just shown the code.
    pub fn parse(word: &str) -> Option<Self> {
        Self::SAID.iter().find(|refusal| refusal.word() == word).and_then(Self::of_refusal)
    }

    /// What a refusal says of it; nothing where it is about something else.
    pub const fn of_refusal(refusal: &Refusal) -> Option<Self> {
        Some(match refusal {
            Refusal::Expired => Self::Expired,
            Refusal::OutOfTries => Self::OutOfTries,
            Refusal::Used => Self::Used,
            Refusal::Replaced => Self::Replaced,
            Refusal::Revoked => Self::Revoked,
            Refusal::Declined => Self::Declined,
            Refusal::AddressChanged => Self::AddressChanged,
            Refusal::AlreadyVerified => Self::AlreadyVerified,
            Refusal::Unreadable
            | Refusal::Wrong { .. }
            | Refusal::LinkUnknown
            | Refusal::NotFound
            | Refusal::Forbidden
            | Refusal::Cooling { .. }
            | Refusal::Limited { .. }
            | Refusal::Address(_)
            | Refusal::AddressTaken
            | Refusal::Name
            | Refusal::Text
            | Refusal::PrimaryAddress
            | Refusal::NotVerified
            | Refusal::Disabled
            | Refusal::HasMethod
            | Refusal::MethodNotAllowed
            | Refusal::SetupOver
            | Refusal::PasswordTooShort { .. }
            | Refusal::PasswordTooLong
            | Refusal::PasswordCommon { .. }
            | Refusal::SignInFailed
            | Refusal::Stale
            | Refusal::Yourself
            | Refusal::UsernameTaken
            | Refusal::IdTaken
            | Refusal::Phone
            | Refusal::PhoneTaken
            | Refusal::NameTaken
            | Refusal::Unchanged
            | Refusal::NoneOpen
            | Refusal::LastPopulation
            | Refusal::NotEmpty
            | Refusal::Profile { .. }
            | Refusal::LastMethod
            | Refusal::PasskeysOff
            | Refusal::CeremonyOver
            | Refusal::Passkey
            | Refusal::PasskeyTaken
            | Refusal::PasskeyNeeded
            | Refusal::Hash
            | Refusal::Issuer
            | Refusal::ProviderMismatch { .. }
            | Refusal::ProviderUnknown
            | Refusal::ProviderTaken
            | Refusal::ProviderNotAnew => return None,
        })
    }

    /// Why no code of a challenge can work any more. Who was just told that theirs cannot has a field for the newer one
    /// while there is any.
    pub fn of(challenge: &ChallengeView) -> Option<Self> {
        Self::of_refusal(challenge.over.as_ref()?)
    }
}

/// Heading and sentence, and whether a new code may be asked for.
fn said(words: &'static Words, challenge: &ChallengeView, over: Over) -> (&'static str, String, bool) {
    let invite = challenge.purpose == Purpose::Invite;
    let lifetime = words.duration(challenge.policy.code_lifetime);
    match over {
        // Only who invites can say that it is still meant.
        Over::Expired if invite => (words.invite_expired_title, ask_again(words, challenge), false),
        Over::Expired => (words.expired_title, words.expired.replace("{lifetime}", &lifetime), true),
        Over::OutOfTries => (words.out_of_tries_title, words.out_of_tries.to_owned(), true),
        Over::Replaced => (words.replaced_title, words.replaced.to_owned(), false),
        Over::Used if invite => (words.invite_used_title, words.invite_used.to_owned(), false),
        Over::Used => (words.used_title, words.used.to_owned(), false),
        Over::Revoked => (words.revoked_title, words.revoked.to_owned(), false),
        Over::Declined => (words.declined_title, words.declined.to_owned(), false),
        Over::AddressChanged => (words.changed_title, words.changed.to_owned(), false),
        Over::AlreadyVerified => (words.already_title, words.already.to_owned(), false),
    }
}

/// Since when an invite cannot be accepted, and whom to ask for another.
fn ask_again(words: &'static Words, challenge: &ChallengeView) -> String {
    let texts = words.over();
    let inviter = challenge.invite.as_ref().map(|(inviter, _)| inviter.as_str()).filter(|inviter| !inviter.is_empty());
    let text = if inviter.is_some() { texts.invite_ask } else { texts.invite_ask_somebody };
    let until = moment::minute(challenge.expires_at);
    text.replace("{date}", &until).replace("{inviter}", inviter.unwrap_or_default())
}

/// The page of a code that cannot work any more: what happened, and the way forward.
pub(super) async fn over_page(
    page: &Page,
    words: &'static Words,
    challenge: &ChallengeView,
    over: Over,
) -> Result<AnyView> {
    let (title, text, may_send) = said(words, challenge, over);
    let problem = page.problem();
    // What the heading says already needs no notice.
    let sentence = problem.sentence(words, page.now()).filter(|_| problem.is("cooling") || problem.is("limited"));
    let forward = match over {
        _ if may_send => send_new(page, words, challenge),
        // Who has no way to sign in yet is not sent to where one does.
        Over::Expired if !challenge.has_method => ().into_any(),
        _ => who::onward(page, words, challenge).await?,
    };
    Ok(view! {
        <Card words=words organization=challenge.organization.clone() title=title>
                <div class="stack tight">
                    <h1>{title}</h1>
                    <p class="muted">{text}</p>
                </div>
                {notices(None, sentence)}
                {forward}
                <a class="button quiet" href="/">{words.other_address}</a>
            </Card>
    }
    .into_any())
}

/// Heading and sentence for a mail by which a new password is chosen.
pub(super) fn of_reset(words: &'static Words, over: Over) -> (&'static str, &'static str) {
    let texts = words.over();
    match over {
        Over::Expired => (texts.expired_title, texts.reset_expired),
        Over::OutOfTries => (words.out_of_tries_title, texts.reset_out_of_tries),
        Over::Used => (texts.used_title, texts.reset_used),
        Over::Replaced => (words.replaced_title, words.replaced),
        Over::Revoked | Over::Declined | Over::AlreadyVerified => (texts.revoked_title, texts.reset_revoked),
        Over::AddressChanged => (words.changed_title, texts.reset_changed),
    }
}

/// Heading and sentence for a mail about a passkey.
pub(super) fn of_passkey(words: &'static Words, over: Over) -> (&'static str, &'static str) {
    let texts = words.over();
    match over {
        Over::Expired => (texts.expired_title, texts.passkey_expired),
        Over::OutOfTries => (words.out_of_tries_title, texts.passkey_out_of_tries),
        Over::Used => (texts.used_title, texts.passkey_used),
        Over::Replaced => (words.replaced_title, texts.passkey_replaced),
        Over::Revoked | Over::Declined | Over::AlreadyVerified => (texts.revoked_title, texts.passkey_revoked),
        Over::AddressChanged => (words.changed_title, texts.passkey_changed),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use vestibule_core::actor::Language;

    use super::*;
    use crate::words::words;

    #[test]
    fn every_end_of_a_mail_reads_differently() {
        for language in Language::ALL.iter().copied() {
            for said in [of_reset, of_passkey] {
                let all = Over::SAID.iter().filter_map(Over::of_refusal);
                let all = all.filter(|over| !matches!(over, Over::Declined | Over::AlreadyVerified));
                let told: BTreeSet<_> = all.map(|over| said(words(language), over)).collect();
                assert_eq!(told.len(), 6, "{language}");
            }
        }
    }

    #[test]
    fn what_is_over_has_a_word_and_what_is_not_has_none() {
        for refusal in Over::SAID {
            assert!(Over::of_refusal(&refusal).is_some_and(|over| Over::parse(refusal.word()) == Some(over)));
        }
        assert_eq!(Over::parse(Refusal::LinkUnknown.word()), None);
    }
}
