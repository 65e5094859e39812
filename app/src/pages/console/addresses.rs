//! The email addresses of a user, on their page.

use leptos::prelude::*;
use vestibule_core::{
    Result,
    actor::Actor,
    prove::ProofKind,
    user::{EmailView, UserRow, UserState},
};

use super::{action, asks, message_badge, question::Question, user::May};
use crate::{
    pages::{Page, moment},
    parts::{Field, StateBadge, StateKind},
};

/// The line of an address: how it stands, and what can be done.
pub(super) fn line(may: May, user: &UserRow, view: EmailView, now: i64) -> AnyView {
    let page = format!("/console/users/{}", user.id);
    let values = || vec![("user", user.id.clone()), ("email", view.email.id.clone())];
    let email = &view.email;
    let verified = email.verified_at.is_some();
    let ask = |what: &str, word: &'static str, class: &'static str| {
        asks(format!("{page}?ask={what}&email={}", email.id), class, word, &email.address)
    };
    let active = user.state == UserState::Active;
    let (kind, word) = if verified { (StateKind::Verified, "Verified") } else { (StateKind::Pending, "Not verified") };
    let is_open = view.challenge.as_ref().is_some_and(|open| open.ended.is_none() && open.expires_at > now);
    let hand_over = view.challenge.as_ref().filter(|_| is_open && !verified && may.send && active).map(|open| {
        let values = vec![("challenge", open.id.clone()), ("back", format!("/console/users/{}", user.id))];
        action("/do/hand_over", "button small", "Show link and code", &email.address, values)
    });
    view! {
        <tr>
            <td><b class="name">{email.address.clone()}</b>{email.is_primary.then(|| view! { " "<small>"primary"</small> })}<span class="sub">{sub(&view, now)}</span></td>
            <td><StateBadge kind=kind word=word /></td>
            <td class="end"><span class="row actions">
                {(!verified && may.send && active).then(|| action("/do/send_code", "button small", "Send a code", &email.address, values()))}
                {hand_over}
                {(!verified && may.send).then(|| ask("verify", "Mark verified…", "button small"))}
                {(verified && may.change).then(|| ask("unverify", "Un-verify…", "button small"))}
                {(verified && may.change && !email.is_primary).then(|| action("/do/make_primary", "button small", "Make primary", &email.address, values()))}
                {(may.change && !email.is_primary).then(|| ask("remove", "Remove…", "button small danger"))}
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

/// The form that adds one.
pub(super) async fn add(page: &Page, user: &UserRow) -> Result<AnyView> {
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

/// The question that the query asks for: mark verified, un-verify or remove an address. There is none where the answer
/// would be refused, and none any more once it was, but for its reason.
pub(super) async fn question(page: &Page, may: May, user: &UserRow, emails: &[EmailView]) -> Result<Option<AnyView>> {
    let (asked, wanted, problem) = (page.query.get("ask"), page.query.get("email"), page.problem());
    let found = emails.iter().find(|view| Some(&view.email.id) == wanted.as_ref());
    let (Some(asked), Some(view)) = (asked, found.filter(|_| problem.word.is_none() || problem.is("text"))) else {
        return Ok(None);
    };
    let (email, verified) = (&view.email, view.email.verified_at.is_some());
    let address = &email.address;
    let (path, title, text, submit, class, asks_reason) = match asked.as_str() {
        "verify" if !verified && may.send => (
            "/do/mark_verified",
            format!("Mark {address} as verified?"),
            "The address becomes trusted for sign-in and messages without a code. Open codes for it stop working. Your name and reason are kept in the history.",
            "Mark verified",
            "button primary",
            true,
        ),
        "unverify" if verified && may.change => (
            "/do/unverify",
            format!("Take verified back from {address}?"),
            "The address has to be proven again. The history keeps how it was verified before, your name and your reason.",
            "Un-verify",
            "button primary",
            true,
        ),
        "remove" if !email.is_primary && may.change => (
            "/do/remove_address",
            format!("Remove {address}?"),
            "Whatever was sent to it stops working. The history stays.",
            "Remove",
            "button danger",
            false,
        ),
        _ => return Ok(None),
    };
    let typed = page.typed(&email.id).await?.get("reason");
    let error = problem.is("text").then(|| "Give a reason, of 500 characters at the most.".to_owned());
    let reason = asks_reason.then(|| {
        view! { <Field id="reason" name="reason" label="Reason" nostrip:value=typed nostrip:error=error maxlength=500 required=true autofocus=true /> }
            .into_any()
    });
    let values = vec![("user", user.id.clone()), ("email", email.id.clone())];
    let back = format!("/console/users/{}", user.id);
    Ok(Some(Question { title, text, path, values, submit, class, back }.view(reason)))
}
