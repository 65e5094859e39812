//! The console: what administrators see.

mod apps;
pub mod deliveries;
pub mod hand_over;
pub mod history;
pub mod invite_form;
pub mod invites;
pub mod keys;
mod methods;
pub mod overview;
mod provider_entry;
pub mod providers;
mod role;
pub mod settings;
pub mod user;
pub mod users;

use std::future::Future;

use axum::http::StatusCode;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;
use vestibule_core::{
    Result,
    actor::{Admin, Role},
    event::Standing,
    outbox::MessageState,
    overview::Overview,
};

use super::{Page, moment, page};
use crate::{
    parts::{ConsoleFrame, Counts, Notice, NoticeKind, Person, Section, StateBadge, StateKind},
    words::{Words, words},
};

/// A page of the console: its frame with the counts, its heading for the browser's tab, its content.
///
/// The overview is read once, for the frame and for whatever page shows of it.
fn console_page<F>(section: Section, make: impl FnOnce(Page, Admin, Overview) -> F + Send + 'static) -> AnyView
where
    F: Future<Output = Result<(String, AnyView)>> + Send + 'static,
{
    page(move |page| async move {
        let admin = page.ask.admin().await?;
        let overview = page.ask.vestibule().overview(&admin).await?;
        let person = Person {
            name: admin.name().to_owned(),
            role: role_word(admin.role()).to_owned(),
            is_owner: admin.is(Role::Owner),
        };
        let counts = counts(&overview);
        let no_mail = (!page.ask.web.has_smtp).then(|| {
            view! {
                <Notice kind=NoticeKind::Info>
                    "No SMTP server is set, so no mail goes out. Hand links and codes over yourself: Vestibule shows each of them once."
                </Notice>
            }
        });
        let notices = notices(&page);
        let (title, content) = make(page, admin, overview).await?;
        let tongue = words(vestibule_core::actor::Language::English).tongue;
        Ok(view! {
            {tongue.state()}
            <Title text=crate::shell::title_text(&format!("{title} · Vestibule")) />
            <ConsoleFrame section=section person=person counts=counts>
                {no_mail}
                {notices}
                {content}
            </ConsoleFrame>
        }
        .into_any())
    })
}

/// A page for owners. Others are told so, with the status.
fn owner_page<F>(section: Section, make: impl FnOnce(Page, Admin) -> F + Send + 'static) -> AnyView
where
    F: Future<Output = Result<(String, AnyView)>> + Send + 'static,
{
    console_page(section, |page, admin, _overview| async move {
        if admin.is(Role::Owner) { make(page, admin).await } else { Ok(beyond_role("For owners")) }
    })
}

/// In place of a page that is beyond somebody's role.
fn beyond_role(title: &'static str) -> (String, AnyView) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(StatusCode::FORBIDDEN);
    }
    let content = view! {
        <header><h1>{title}</h1></header>
        <div class="card form muted">"Your role does not allow that. Ask an owner of your organization."</div>
    };
    (title.to_owned(), content.into_any())
}

fn counts(overview: &Overview) -> Counts {
    let shown = |count: i64| (count > 0).then(|| moment::count(count));
    let undelivered =
        [MessageState::Waiting, MessageState::Deferred, MessageState::Failed].map(|state| overview.messages(state));
    Counts {
        users: shown(overview.users()),
        invites: shown(overview.open_invites),
        deliveries: shown(undelivered.iter().sum()),
    }
}

/// What was just done, or why it was not.
fn notices(page: &Page) -> impl IntoView + use<> {
    let done = page
        .done()
        .as_deref()
        .and_then(done_sentence)
        .map(|text| view! { <Notice kind=NoticeKind::Done>{text}</Notice> });
    let problem = page.problem();
    let english: &'static Words = words(vestibule_core::actor::Language::English);
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
        "address-added" => "The address is added. It is not verified yet.",
        "address-removed" => "The address is removed. Whatever was sent to it has stopped working.",
        "made-primary" => "The primary address is changed. The old address is told.",
        "code-sent" => "A code is on its way.",
        "passkey-removed" => "The passkey is removed. It signs nobody in any more, and its owner is told.",
        "passkey-link-sent" => "A mail is on its way by which the person adds a passkey. It works for an hour.",
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

fn role_word(role: Role) -> &'static str {
    match role {
        Role::Owner => "Owner",
        Role::Manager => "Manager",
        Role::Support => "Support",
        Role::Viewer => "Viewer",
    }
}

fn standing_badge(standing: Standing) -> AnyView {
    let (kind, word) = match standing {
        Standing::Verified => (StateKind::Verified, "Verified"),
        Standing::Unverified => (StateKind::Pending, "Not verified"),
        Standing::Invited => (StateKind::Invited, "Invited"),
        Standing::Disabled => (StateKind::Disabled, "Disabled"),
    };
    view! { <StateBadge kind=kind word=word /> }.into_any()
}

fn message_badge(state: MessageState) -> AnyView {
    let (kind, word) = match state {
        MessageState::Waiting => (StateKind::Invited, "Waiting"),
        MessageState::Deferred => (StateKind::Pending, "Deferred"),
        MessageState::Sent => (StateKind::Verified, "Sent"),
        MessageState::Failed => (StateKind::Expired, "Failed"),
        MessageState::Cancelled => (StateKind::Disabled, "Cancelled"),
    };
    view! { <StateBadge kind=kind word=word /> }.into_any()
}

/// A button that is a form of its own: an action, what it is done to, and the hidden values that it needs.
fn action(
    path: &'static str,
    class: &'static str,
    word: &'static str,
    to: &str,
    values: Vec<(&'static str, String)>,
) -> AnyView {
    let name = format!("{word} {to}");
    let values = values.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
    view! {
        <form class="inline" method="post" action=path>
            {values.collect_view()}
            <button class=class aria-label=name>{word}</button>
        </form>
    }
    .into_any()
}

/// The way to the invite form, for who may invite.
fn invite_link(admin: &Admin) -> Option<AnyView> {
    let link = || view! { <a class="button primary" href="/console/invites/new">"Invite a person"</a> }.into_any();
    admin.is(Role::Manager).then(link)
}

/// A time as how long ago it was, with the exact one behind it.
fn time_ago(ms: i64, now: i64) -> AnyView {
    view! { <time datetime=moment::iso(ms) title=moment::on(ms)>{moment::ago(ms, now)}</time> }.into_any()
}

/// "Next" under a list that is paged by the number of its last line.
fn older(path: &str, query: &str, last: Option<i64>) -> impl IntoView + use<> {
    last.map(|last| {
        let joint = if query.is_empty() { String::new() } else { format!("{query}&") };
        view! {
            <nav class="row" aria-label="Pages">
                <a class="button small push" href=format!("{path}?{joint}before={last}")>"Older"</a>
            </nav>
        }
    })
}
