//! `/console/users/:user`: everything about a person, and what can be done.

use leptos::prelude::*;
use vestibule_core::{
    actor::{Admin, Language, Role},
    user::{HISTORY, InviteRow, UserRow, UserState, UserView},
};

use super::{
    action, addresses, asks, console_page,
    history::timeline,
    invites::{invite_badge, revoke_question},
    methods,
    question::Question,
    role, standing_badge,
};
use crate::{
    pages::{Page, moment},
    parts::{Section, StateBadge, StateKind},
};

#[component]
pub fn User() -> impl IntoView {
    console_page(Section::Users, |page, admin, _overview| async move {
        let before = page.query.get("before").and_then(|text| text.parse().ok());
        let UserView { user, emails, invite, role, history } =
            page.ask.vestibule().user(&admin, &page.param("user"), before).await?;
        let record = page.ask.vestibule().record(&admin, &user.id).await?;
        let now = page.now();
        let passkeys = page.ask.vestibule().passkeys(&admin, &user.id).await?;
        let may = May::of(&admin, &user, role);
        let dialog = addresses::question(&page, may, &user, &emails)
            .await?
            .or_else(|| methods::question(&page, may, &user, &passkeys))
            .or_else(|| question(&page, may, &user, invite.as_ref()));
        let methods = methods::card(&page, may, &record, passkeys);
        let older = (i64::try_from(history.len()).unwrap_or(0) >= HISTORY)
            .then(|| history.last().map(|event| event.sequence))
            .flatten()
            .map(|last| view! { <a class="button small" href=format!("/console/users/{}?before={last}", user.id)>"Older"</a> });
        let add = if may.change { Some(addresses::add(&page, &user).await?) } else { None };
        let title = user.name.clone();
        let addresses = emails.into_iter().map(|email| addresses::line(may, &user, email, now)).collect_view();
        let has_smtp = page.ask.web.has_smtp;
        let content = view! {
            {dialog}
            <header>
                <div><small><a href="/console/users">"Users"</a>" / "{user.name.clone()}</small><h1>{user.name.clone()}</h1></div>
                {standing_badge(user.standing)}
                {user.locked_at.map(|_| view! { <StateBadge kind=StateKind::Disabled word="Locked" /> })}
                <span class="push"></span>
                {head_actions(may, &user)}
            </header>
            <div class="two">
                <div class="stack">
                    <section class="card">
                        <header><h2>"Email addresses"</h2></header>
                        <div class="scroll" role="region" aria-label="Email addresses" tabindex="0"><table class="cards"><tbody>{addresses}</tbody></table></div>
                        {add}
                    </section>
                    <section class="card">
                        <header><h2>"History"</h2></header>
                        <div class="body stack">{timeline(history, &user.id, now)}{older}</div>
                    </section>
                </div>
                <div class="stack">
                    {invite.map(|invite| invite_card(may, has_smtp, &user, invite, now))}
                    {methods}
                    {role::card(&admin, &user, role, page.query.get("role"))}
                    {details(&user)}
                </div>
            </div>
        };
        Ok((title, content.into_any()))
    })
}

/// What the administrator may do to a user; what would always be refused is not offered.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub(super) struct May {
    /// Send again, mark verified.
    pub send: bool,
    /// Take an invite back.
    pub manage: bool,
    /// Change them, or be handed what opens their account: not where their role is the stronger one.
    pub change: bool,
    /// What nobody does to themselves here.
    pub shut_out: bool,
}

impl May {
    fn of(admin: &Admin, user: &UserRow, role: Option<Role>) -> Self {
        let manage = admin.is(Role::Manager);
        let change = manage && role.is_none_or(|role| admin.is(role));
        Self { send: admin.is(Role::Support), manage, change, shut_out: change && admin.user_id() != user.id }
    }
}

fn head_actions(may: May, user: &UserRow) -> Option<AnyView> {
    let values = || vec![("user", user.id.clone())];
    let unlock = user.locked_at.map(|_| action("/do/unlock", "button", "Unlock", &user.name, values()));
    let switch = match user.state {
        UserState::Active => {
            asks(format!("/console/users/{}?ask=disable", user.id), "button danger", "Disable…", &user.name)
        }
        UserState::Disabled => action("/do/enable", "button", "Enable", &user.name, values()),
    };
    may.shut_out.then(|| view! { {unlock}{switch} }.into_any())
}

fn invite_card(may: May, has_smtp: bool, user: &UserRow, invite: InviteRow, now: i64) -> AnyView {
    let open = invite.state.is_open();
    let page = format!("/console/users/{}", user.id);
    let live = open && user.state == UserState::Active;
    // Without a mail server what is sent again is handed over.
    let may_send = live && if has_smtp { may.send } else { may.change };
    let again = vec![("invite", invite.id.clone()), ("user", user.id.clone()), ("back", page.clone())];
    let hand_over = vec![("challenge", invite.challenge_id.clone()), ("back", page.clone())];
    let own_words = (!invite.words.is_empty())
        .then(|| view! { <blockquote class="own-words" dir="auto">{invite.words.clone()}</blockquote> });
    view! {
        <section class="card">
            <header><h2>"Invite"</h2><span class="push">{invite_badge(invite.state, invite.expires_at <= now)}</span></header>
            <div class="body stack">
                <p class="muted">{format!("From {} on {}; ends {}.", invite.inviter, moment::on(invite.created_at), moment::on(invite.expires_at))}</p>
                {own_words}
                <div class="row">
                    {may_send.then(|| action("/do/resend_invite", "button small", "Send again", &user.name, again))}
                    {(live && invite.expires_at > now && may.change).then(|| action("/do/hand_over", "button small", "Show link and code", &user.name, hand_over))}
                    {(open && may.manage).then(|| asks(format!("{page}?ask=revoke"), "button small danger", "Revoke…", &user.name))}
                </div>
            </div>
        </section>
    }.into_any()
}

fn details(user: &UserRow) -> AnyView {
    let language = match user.language {
        Language::English => "English",
        Language::German => "German",
        Language::French => "French",
        Language::Spanish => "Spanish",
        Language::Japanese => "Japanese",
        Language::Arabic => "Arabic",
    };
    let line = |name: &'static str, value: String, class: &'static str| {
        view! { <dt class="muted">{name}</dt><dd class=class>{value}</dd> }
    };
    view! {
        <section class="card">
            <header><h2>"Details"</h2></header>
            <dl class="body facts">
                {line("User ID", user.id.clone(), "end mono")}
                {line("Username", user.username.clone(), "end")}
                {line("Language", language.to_owned(), "end")}
                {line("Created", moment::on(user.created_at), "end")}
                {line("Sequence", user.sequence.to_string(), "end num")}
            </dl>
        </section>
    }
    .into_any()
}

/// The question before somebody is shut out, or their invite taken back.
fn question(page: &Page, may: May, user: &UserRow, invite: Option<&InviteRow>) -> Option<AnyView> {
    let back = format!("/console/users/{}", user.id);
    let question = match page.query.get("ask").filter(|_| page.problem().word.is_none())?.as_str() {
        "disable" if may.shut_out && user.state == UserState::Active => Question {
            title: format!("Disable {}?", user.name),
            text: "They are signed out everywhere and cannot sign in, nothing is sent to them, and links and codes do not work for them, until somebody enables them again.",
            path: "/do/disable",
            values: vec![("user", user.id.clone())],
            submit: "Disable",
            class: "button danger",
            back,
        },
        "revoke" if may.manage => revoke_question(invite.filter(|invite| invite.state.is_open())?, back),
        _ => return None,
    };
    Some(question.view(None))
}
