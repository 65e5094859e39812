//! The console: what administrators see.

mod addresses;
mod apps;
pub mod deliveries;
pub mod hand_over;
pub mod history;
pub mod invite_form;
pub mod invites;
pub mod keys;
mod methods;
mod notices;
pub mod overview;
mod provider_entry;
pub mod providers;
mod question;
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
    words::words,
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
        let notices = notices::notices(&page);
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

/// The way to a question on the same page, whose answer is the action.
fn asks(href: String, class: &'static str, word: &'static str, to: &str) -> AnyView {
    let name = format!("{word} {to}");
    view! { <a class=class href=href aria-label=name>{word}</a> }.into_any()
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
