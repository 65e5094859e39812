//! `/console/users/:user`: everything about a person, and what can be done.

use leptos::prelude::*;
use vestibule_core::{
    Result,
    actor::{Actor, Admin, Language, Role},
    prove::ProofKind,
    user::{EmailView, HISTORY, InviteRow, UserRow, UserState, UserView},
};

use super::{action, console_page, history::timeline, message_badge, methods, role, standing_badge};
use crate::{
    islands::ConfirmDialog,
    pages::{Page, console::invites::invite_badge, moment},
    parts::{Field, Section, StateBadge, StateKind},
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
        let dialog =
            dialog(&page, &admin, &user, &emails).await?.or_else(|| methods::dialog(&page, &admin, &user, &passkeys));
        let methods = methods::card(&page, &admin, &record, passkeys);
        let older = (i64::try_from(history.len()).unwrap_or(0) >= HISTORY)
            .then(|| history.last().map(|event| event.sequence))
            .flatten()
            .map(|last| view! { <a class="button small" href=format!("/console/users/{}?before={last}", user.id)>"Older"</a> });
        let add = if admin.is(Role::Manager) { Some(add_address(&page, &user).await?) } else { None };
        let title = user.name.clone();
        let addresses = emails.into_iter().map(|email| address_row(&admin, &user, email, now)).collect_view();
        let content = view! {
            {dialog}
            <header>
                <div><small><a href="/console/users">"Users"</a>" / "{user.name.clone()}</small><h1>{user.name.clone()}</h1></div>
                {standing_badge(user.standing)}
                <span class="push"></span>
                {head_actions(&admin, &user)}
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
                    {invite.map(|invite| invite_card(&admin, &user, invite, now))}
                    {methods}
                    {role::card(&admin, &user, role, page.query.get("role"))}
                    {details(&user)}
                </div>
            </div>
        };
        Ok((title, content.into_any()))
    })
}

fn head_actions(admin: &Admin, user: &UserRow) -> Option<AnyView> {
    let values = vec![("user", user.id.clone())];
    (admin.is(Role::Manager) && admin.user_id() != user.id).then(|| match user.state {
        UserState::Active => action("/do/disable", "button danger", "Disable", &user.name, values).into_any(),
        UserState::Disabled => action("/do/enable", "button", "Enable", &user.name, values).into_any(),
    })
}

fn address_row(admin: &Admin, user: &UserRow, view: EmailView, now: i64) -> AnyView {
    let page = format!("/console/users/{}", user.id);
    let values = || vec![("user", user.id.clone()), ("email", view.email.id.clone())];
    let email = &view.email;
    let verified = email.verified_at.is_some();
    let ask = |what: &str, word: &'static str, class: &'static str| {
        let href = format!("{page}?ask={what}&email={}", email.id);
        view! { <a class=class href=href aria-label=format!("{word} {}", email.address)>{word}</a> }
    };
    let active = user.state == UserState::Active;
    let (support, manager) = (admin.is(Role::Support), admin.is(Role::Manager));
    let (kind, word) = if verified { (StateKind::Verified, "Verified") } else { (StateKind::Pending, "Not verified") };
    let is_open = view.challenge.as_ref().is_some_and(|open| open.ended.is_none() && open.expires_at > now);
    let hand_over = view.challenge.as_ref().filter(|_| is_open && !verified && support && active).map(|open| {
        let values = vec![("challenge", open.id.clone()), ("back", user.id.clone())];
        action("/do/hand_over", "button small", "Show link and code", &email.address, values)
    });
    view! {
        <tr>
            <td><b class="name">{email.address.clone()}</b>{email.is_primary.then(|| view! { " "<small>"primary"</small> })}<span class="sub">{sub(&view, now)}</span></td>
            <td><StateBadge kind=kind word=word /></td>
            <td class="end"><span class="row actions">
                {(!verified && support && active).then(|| action("/do/send_code", "button small", "Send a code", &email.address, values()))}
                {hand_over}
                {(!verified && support).then(|| ask("verify", "Mark verified…", "button small"))}
                {(verified && manager).then(|| ask("unverify", "Un-verify…", "button small"))}
                {(verified && manager && !email.is_primary).then(|| action("/do/make_primary", "button small", "Make primary", &email.address, values()))}
                {(manager && !email.is_primary).then(|| ask("remove", "Remove…", "button small danger"))}
            </span></td>
        </tr>
    }.into_any()
}

/// How the address became verified, or how far its code has come.
fn sub(view: &EmailView, now: i64) -> AnyView {
    let email = &view.email;
    if let (Some(at), Some(proof)) = (email.verified_at, email.proof) {
        let who = match &view.proof_actor {
            Some(Actor::Admin { name, .. }) => format!(" ({name})"),
            Some(Actor::Client { name, .. }) => format!(" (API key “{name}”)"),
            _ => String::new(),
        };
        let reason = email.proof_reason.as_ref().map(|reason| format!(": “{reason}”")).unwrap_or_default();
        return format!("Verified {}{who} on {}{reason}", proof_words(proof), moment::on(at)).into_any();
    }
    let Some(challenge) = &view.challenge else { return "No code asked for yet".into_any() };
    let sent = moment::ago(view.message.as_ref().map_or(challenge.created_at, |message| message.created_at), now);
    let state = view.message.as_ref().map(|message| message_badge(message.state));
    let life = if challenge.ended.is_some() {
        "ended".to_owned()
    } else if challenge.expires_at <= now {
        "expired".to_owned()
    } else {
        format!("expires {}", moment::within(challenge.expires_at, now))
    };
    view! { {format!("Code asked for {sent}; tries left: {}; {life} ", challenge.tries_left)}{state} }.into_any()
}

fn proof_words(proof: ProofKind) -> &'static str {
    match proof {
        ProofKind::Code => "by code",
        ProofKind::Link => "by link",
        ProofKind::Invite => "by invite",
        ProofKind::Admin => "by an administrator",
        ProofKind::Api => "through the API",
        ProofKind::Idp => "by a provider",
        ProofKind::Import => "by import",
    }
}

async fn add_address(page: &Page, user: &UserRow) -> Result<AnyView> {
    let typed = page.typed(&user.id).await?.get("email");
    Ok(view! {
        <form class="body row fill" method="post" action="/do/add_address">
            <input type="hidden" name="user" value=user.id.clone() />
            <Field id="new-address" name="email" kind="email" label="Add an address" nostrip:value=typed maxlength=254 required=true />
            <button class="button">"Add address"</button>
        </form>
    }
    .into_any())
}

fn invite_card(admin: &Admin, user: &UserRow, invite: InviteRow, now: i64) -> AnyView {
    let open = invite.state.is_open();
    let values = || vec![("invite", invite.id.clone())];
    let may = open && user.state == UserState::Active;
    let hand_over = vec![("challenge", invite.challenge_id.clone()), ("back", user.id.clone())];
    let own_words =
        (!invite.words.is_empty()).then(|| view! { <blockquote class="own-words">{invite.words.clone()}</blockquote> });
    view! {
        <section class="card">
            <header><h2>"Invite"</h2><span class="push">{invite_badge(invite.state, invite.expires_at <= now)}</span></header>
            <div class="body stack">
                <p class="muted">{format!("From {} on {}; ends {}.", invite.inviter, moment::on(invite.created_at), moment::on(invite.expires_at))}</p>
                {own_words}
                <div class="row">
                    {(may && admin.is(Role::Support)).then(|| action("/do/resend_invite", "button small", "Send again", &user.name, values()))}
                    {(may && invite.expires_at > now && admin.is(Role::Support)).then(|| action("/do/hand_over", "button small", "Show link and code", &user.name, hand_over))}
                    {(open && admin.is(Role::Manager)).then(|| action("/do/revoke_invite", "button small danger", "Revoke", &user.name, values()))}
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

/// The question that the query asks for: mark verified, un-verify or remove an address. There is none where the answer
/// would be refused, and none any more once it was, but for its reason.
async fn dialog(page: &Page, admin: &Admin, user: &UserRow, emails: &[EmailView]) -> Result<Option<AnyView>> {
    let (asked, wanted, problem) = (page.query.get("ask"), page.query.get("email"), page.problem());
    let found = emails.iter().find(|view| Some(&view.email.id) == wanted.as_ref());
    let (Some(asked), Some(view)) = (asked, found.filter(|_| problem.word.is_none() || problem.is("text"))) else {
        return Ok(None);
    };
    let (email, user_id, verified) = (&view.email, user.id.clone(), view.email.verified_at.is_some());
    let address = email.address.clone();
    let (path, title, text, submit, asks_reason) = match asked.as_str() {
        "verify" if !verified && admin.is(Role::Support) => (
            "/do/mark_verified",
            format!("Mark {address} as verified?"),
            "The address becomes trusted for sign-in and messages without a code. Open codes for it stop working. Your name and reason are kept in the history.",
            "Mark verified",
            true,
        ),
        "unverify" if verified && admin.is(Role::Manager) => (
            "/do/unverify",
            format!("Take verified back from {address}?"),
            "The address has to be proven again. The history keeps how it was verified before, your name and your reason.",
            "Un-verify",
            true,
        ),
        "remove" if !email.is_primary && admin.is(Role::Manager) => (
            "/do/remove_address",
            format!("Remove {address}?"),
            "Whatever was sent to it stops working. The history stays.",
            "Remove",
            false,
        ),
        _ => return Ok(None),
    };
    let back = format!("/console/users/{user_id}");
    let typed = page.typed(&email.id).await?.get("reason");
    let error = problem.is("text").then(|| "Give a reason, of 500 characters at the most.".to_owned());
    let reason = asks_reason.then(|| {
        view! { <Field id="reason" name="reason" label="Reason" nostrip:value=typed nostrip:error=error maxlength=500 required=true autofocus=true /> }
    });
    let wanted = email.id.clone();
    Ok(Some(
        view! {
            <ConfirmDialog title_id="question" cancel_href=back.clone()>
                <form class="stack" method="post" action=path>
                    <h2 id="question">{title}</h2>
                    <p class="muted">{text}</p>
                    <input type="hidden" name="user" value=user_id />
                    <input type="hidden" name="email" value=wanted />
                    {reason}
                    <div class="row"><a class="button push" href=back>"Cancel"</a><button class="button primary">{submit}</button></div>
                </form>
            </ConfirmDialog>
        }
        .into_any(),
    ))
}
