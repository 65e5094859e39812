//! What an action said of itself, at the head of the page that it led to.

use leptos::prelude::*;
use vestibule_core::actor::Language;

use crate::{
    pages::Page,
    parts::{Notice, NoticeKind},
    words::{Words, words},
};

/// What was just done, or why it was not.
pub(super) fn notices(page: &Page) -> impl IntoView + use<> {
    let done = page
        .done()
        .as_deref()
        .and_then(done_sentence)
        .map(|text| view! { <Notice kind=NoticeKind::Done>{text}</Notice> });
    let problem = page.problem();
    let english: &'static Words = words(Language::English);
    let sentence = match problem.word.as_deref() {
        Some("forbidden") => Some("Your role does not allow that.".to_owned()),
        Some("not-found") => Some("That is no longer there.".to_owned()),
        Some("stale") => {
            Some("Somebody was quicker: it is no longer in the state in which that is possible.".to_owned())
        }
        Some("unchanged") => Some("Nothing was changed: that is their role already.".to_owned()),
        Some("text") => Some("Something is missing, too long, or holds signs that cannot be there.".to_owned()),
        Some("name") => Some("Enter a name of up to 200 characters.".to_owned()),
        Some("issuer") => Some("Nothing was stored: the issuer is no https address.".to_owned()),
        Some("scopes") => Some("Nothing was made: choose at least one thing that it may do.".to_owned()),
        Some("passkey-needed") => {
            Some("Nothing was changed: you need a passkey yourself first. Add one in your account.".to_owned())
        }
        Some("passkeys-off") => Some(
            "Nothing was changed: browsers make no passkeys for a network address, only for a host name.".to_owned(),
        ),
        Some("policy") => Some("Nothing was changed: one of the settings is out of its bounds.".to_owned()),
        Some("address-taken") => Some("A user of this organization has that address already.".to_owned()),
        Some("has-method") => Some("This person can sign in already and needs no invite.".to_owned()),
        Some("primary-address") => {
            Some("The primary address cannot be removed. Make another one primary first.".to_owned())
        }
        Some("not-verified") => Some("Only a verified address can be that.".to_owned()),
        Some("yourself") => Some("You cannot disable yourself.".to_owned()),
        Some("disabled") => Some("This user is disabled. Enable them first.".to_owned()),
        Some("already-verified") => Some("This address is verified already.".to_owned()),
        Some("expired") => Some("This has expired. Send it again.".to_owned()),
        Some("revoked" | "declined" | "used" | "replaced" | "address-changed") => {
            Some("This is no longer open, so there is nothing to send or hand over.".to_owned())
        }
        _ => problem.sentence(english, page.now()),
    };
    let problem = sentence.map(|text| view! { <Notice kind=NoticeKind::Problem>{text}</Notice> });
    (done, problem)
}

fn done_sentence(word: &str) -> Option<&'static str> {
    Some(match word {
        "verified" => "The address is verified. Open codes for it have stopped working.",
        "unverified" => "The address is no longer verified.",
        "role" => "The role is changed. It holds from the next request on.",
        "confirmed" => "Thank you. Now do it again.",
        "disabled" => "The user is disabled. Their sessions have ended.",
        "enabled" => "The user is enabled.",
        "unlocked" => "The user is unlocked and can sign in again.",
        "address-added" => "The address is added. It is not verified yet.",
        "address-removed" => "The address is removed. Whatever was sent to it has stopped working.",
        "made-primary" => "The primary address is changed. The old address is told.",
        "code-sent" => "A code is on its way.",
        "passkey-removed" => "The passkey is removed. It signs nobody in any more, and its owner is told.",
        "passkey-link-sent" => "A mail is on its way by which the person adds a passkey. It works for an hour.",
        "reset-sent" => "A mail is on its way by which the person chooses a new password.",
        "app-changed" => "The app is changed.",
        "invited" => "The invite is on its way.",
        "revoked" => "The invite is taken back. Its link and code have stopped working.",
        "retried" => "The mail is tried again now.",
        "cancelled" => "The mail will not be sent.",
        "key-revoked" => "The key is revoked. Whoever shows it is refused.",
        "client-revoked" => "The client is revoked. Its secret and its access tokens have stopped working.",
        "client-renamed" => "The client is renamed.",
        "provider-added" => "The provider is added. Check it before people use it.",
        "provider-changed" => "The provider is changed.",
        "provider-enabled" => "People can sign in by this provider.",
        "provider-disabled" => "Nobody can sign in by this provider until you enable it again.",
        "provider-deleted" => "The provider is deleted, and nobody is linked to it any more.",
        "policy-changed" => "The settings are changed.",
        "test-queued" => "The test mail is on its way. Its line below says how it went.",
        _ => return None,
    })
}
