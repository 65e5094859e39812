//! What happened to one's own account, in a few words each.

use leptos::prelude::*;
use vestibule_core::{
    actor::Actor,
    event::{Event, EventKind},
};

use crate::{pages::moment, words::AccountWords};

pub(super) fn history(events: Vec<Event>, account: &'static AccountWords) -> AnyView {
    let lines = events.into_iter().map(|event| {
        let by = match event.actor {
            Actor::Admin { .. } => Some(account.by_administrator),
            Actor::Client { .. } => Some(account.by_client),
            Actor::Person { .. } | Actor::System => None,
        };
        let about: Vec<String> =
            [by.map(str::to_owned), event.data.address.clone(), event.data.ip.clone()].into_iter().flatten().collect();
        view! {
            <li>
                <span>
                    <b class="name">{word(event.kind, account)}</b>
                    {(!about.is_empty()).then(|| view! { <small class="sub">{about.join(" · ")}</small> })}
                </span>
                <small class="muted" dir="ltr">{moment::minute(event.at)}</small>
            </li>
        }
    });
    view! {
        <details>
            <summary>{account.history}</summary>
            <ol class="timeline">{lines.collect_view()}</ol>
        </details>
    }
    .into_any()
}

fn word(kind: EventKind, account: &AccountWords) -> &'static str {
    match kind {
        EventKind::UserCreated => account.created,
        EventKind::CodeRequested => account.code_sent,
        EventKind::SecretShown => account.secret_shown,
        EventKind::CodeRefused => account.code_refused,
        EventKind::EmailVerified => account.verified,
        EventKind::EmailUnverified => account.unverified,
        EventKind::EmailAdded | EventKind::EmailRemoved | EventKind::EmailMadePrimary | EventKind::EmailChanged => {
            account.addresses_changed
        }
        EventKind::Invited => account.invited,
        EventKind::InviteOpened => account.invite_opened,
        EventKind::InviteAccepted => account.invite_accepted,
        EventKind::InviteReady => account.invite_ready,
        EventKind::InviteRevoked => account.invite_revoked,
        EventKind::InviteDeclined => account.invite_declined,
        EventKind::SignedIn => account.signed_in,
        EventKind::SessionsEnded | EventKind::SessionEnded => account.done_signed_out,
        EventKind::PasswordSet
        | EventKind::PasswordChanged
        | EventKind::PasswordRemoved
        | EventKind::PasswordChangeRequired => account.password_changed,
        EventKind::PasskeyAdded | EventKind::PasskeyRemoved => account.passkeys_changed,
        EventKind::ProviderLinked | EventKind::ProviderUnlinked => account.companies_changed,
        EventKind::AppAllowed | EventKind::AppWithdrawn => account.apps_changed,
        EventKind::MailSent | EventKind::MailDeferred | EventKind::MailFailed => account.mail_sent,
        EventKind::UserDisabled | EventKind::UserEnabled | EventKind::UserLocked | EventKind::UserUnlocked => {
            account.locked
        }
        _ => account.changed,
    }
}
