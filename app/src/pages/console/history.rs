//! A user's history as a time line.

use leptos::prelude::*;
use vestibule_core::{
    actor::{Actor, Role},
    event::{Event, EventKind},
};

use super::time_ago;
use crate::pages::moment;

/// The events of a user, newest first, each with how long ago it was and when exactly.
pub fn timeline(events: Vec<Event>, user_id: &str, now: i64) -> AnyView {
    let lines = events.into_iter().map(|event| {
        let (title, at) = (title(&event), event.at);
        let detail = detail(&event, user_id);
        // The exact time too, for who cannot point at the other.
        let detail = if detail.is_empty() { moment::on(at) } else { format!("{detail} · {}", moment::on(at)) };
        view! {
            <li>
                <span><b class="name">{title}</b><small class="sub">{detail}</small></span>
                {time_ago(at, now)}
            </li>
        }
    });
    view! { <ol class="timeline">{lines.collect_view()}</ol> }.into_any()
}

fn title(event: &Event) -> &'static str {
    match event.kind {
        EventKind::UserCreated => "User created",
        EventKind::UserDisabled => "User disabled",
        EventKind::UserEnabled => "User enabled",
        EventKind::EmailAdded => "Address added",
        EventKind::EmailRemoved => "Address removed",
        EventKind::EmailMadePrimary => "Address made primary",
        EventKind::EmailVerified => match event.data.proof.as_deref() {
            Some("code") => "Verified by code",
            Some("link") => "Verified by link",
            Some("invite") => "Verified by invite",
            Some("admin") => "Marked verified",
            Some("api") => "Verified through the API",
            Some("idp") => "Verified by a provider",
            Some("import") => "Verified by import",
            _ => "Verified",
        },
        EventKind::EmailUnverified => "Un-verified",
        EventKind::CodeRequested => "Mail requested",
        EventKind::CodeRefused => "Wrong code entered",
        EventKind::SecretShown => "Link and code handed over",
        EventKind::Invited => "Invited",
        EventKind::InviteOpened => "Invite opened",
        EventKind::InviteAccepted => "Invite accepted, no method yet",
        EventKind::InviteReady => "Ready to sign in",
        EventKind::InviteRevoked => "Invite revoked",
        EventKind::InviteDeclined => "Invite declined",
        EventKind::MailSent => "Mail delivered to the other server",
        EventKind::MailDeferred => "Mail deferred",
        EventKind::MailFailed => "Mail failed",
        EventKind::EmailChanged => "Address changed",
        EventKind::PhoneAdded => "Telephone number added",
        EventKind::PhoneRemoved => "Telephone number removed",
        EventKind::PhoneMadePrimary => "Telephone number made primary",
        EventKind::PhoneVerified => "Telephone number marked verified",
        EventKind::PhoneUnverified => "Telephone number un-verified",
        EventKind::UserChanged => "Details changed",
        EventKind::UserLocked => "Locked",
        EventKind::UserUnlocked => "Unlocked",
        EventKind::UserDeleted => "User deleted",
        EventKind::SessionsEnded => "Signed out everywhere",
        EventKind::SessionEnded => "Signed out of one browser",
        EventKind::PasswordSet => "Password set",
        EventKind::PasswordChanged => "Password changed",
        EventKind::PasswordRemoved => "Password removed",
        EventKind::PasswordChangeRequired => "New password at next sign-in: changed",
        EventKind::PasskeyAdded => "Passkey added",
        EventKind::PasskeyRemoved => "Passkey removed",
        EventKind::ProviderLinked => "Company account linked",
        EventKind::ProviderUnlinked => "Company account unlinked",
        EventKind::ProviderAdded => "Provider added",
        EventKind::ProviderChanged => "Provider changed",
        EventKind::ProviderRemoved => "Provider deleted",
        EventKind::RoleGranted => match event.data.reason.as_deref().map(str::parse) {
            Some(Ok(Role::Owner)) => "Role changed to owner",
            Some(Ok(Role::Manager)) => "Role changed to manager",
            Some(Ok(Role::Support)) => "Role changed to support",
            Some(Ok(Role::Viewer)) => "Role changed to viewer",
            Some(Err(_)) | None => "Role taken away",
        },
        EventKind::SignedIn => "Signed in",
        EventKind::ApiKeyCreated => "API key made",
        EventKind::ApiKeyRevoked => "API key revoked",
        EventKind::ClientCreated => "OAuth client made",
        EventKind::ClientRenamed => "OAuth client renamed",
        EventKind::ClientRevoked => "OAuth client revoked",
        EventKind::ClientChanged => "App changed",
        EventKind::PolicyChanged => "Settings changed",
        EventKind::AppAllowed => "Let an app sign them in",
        EventKind::AppWithdrawn => "Took an app's access back",
    }
}

/// Who, for which address, why, from where: whatever the event knows.
fn detail(event: &Event, user_id: &str) -> String {
    let data = &event.data;
    let actor = match &event.actor {
        Actor::Admin { name, .. } => Some(format!("by {name}")),
        Actor::Client { name, .. } => Some(format!("through API key “{name}”")),
        Actor::Person { id } if id == user_id => Some("by the person".to_owned()),
        Actor::Person { .. } => Some("by another person".to_owned()),
        Actor::System => None,
    };
    let parts = [
        data.address.clone(),
        data.phone.clone(),
        actor,
        // The title says it of a role.
        data.reason.as_ref().filter(|_| event.kind != EventKind::RoleGranted).map(|reason| format!("“{reason}”")),
        data.answer.clone(),
        data.ip.as_ref().map(|ip| format!("from {ip}")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
