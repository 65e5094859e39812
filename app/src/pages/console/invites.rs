//! `/console/invites`

use leptos::prelude::*;
use vestibule_core::{
    actor::{Admin, Role},
    invite::{InviteFilter, InviteRow, InviteState},
};

use super::{action, asks, console_page, invite_link, older, question::Question, time_ago};
use crate::{
    pages::moment,
    parts::{Section, StateBadge, StateKind},
};

/// Invites on a page.
const PAGE: i64 = 50;

#[component]
pub fn Invites() -> impl IntoView {
    console_page(Section::Invites, |page, admin, _overview| async move {
        let filter: InviteFilter =
            page.query.get("state").and_then(|word| word.parse().ok()).unwrap_or(InviteFilter::All);
        let before: Option<i64> = page.query.get("before").and_then(|text| text.parse().ok());
        let now = page.now();
        let invites = page.ask.vestibule().invites(&admin, filter, before, PAGE).await?;
        let last = (i64::try_from(invites.len()).unwrap_or(0) == PAGE)
            .then(|| invites.last().map(|invite| invite.number))
            .flatten();
        // This page of this list, to come back to.
        let here = match before {
            Some(before) => format!("/console/invites?state={filter}&before={before}"),
            None => format!("/console/invites?state={filter}"),
        };
        let has_smtp = page.ask.web.has_smtp;
        let asked = page.query.get("ask").filter(|ask| ask == "revoke" && admin.is(Role::Manager));
        let asked = asked.and_then(|_| page.query.get("invite")).filter(|_| page.problem().word.is_none());
        let question = invites
            .iter()
            .find(|invite| Some(&invite.id) == asked.as_ref() && invite.state.is_open())
            .map(|invite| revoke_question(invite, here.clone()).view(None));
        let tab = |tab: InviteFilter| {
            view! { <a href=format!("/console/invites?state={tab}") aria-current=(tab == filter).then_some("page")>{filter_word(tab)}</a> }
        };
        let table = if invites.is_empty() {
            view! { <div class="body muted">"No invites here."</div> }.into_any()
        } else {
            view! {
                <div class="scroll" role="region" aria-label="Invites" tabindex="0">
                    <table class="cards">
                        <thead><tr><th scope="col">"Person"</th><th scope="col">"State"</th><th scope="col">"From"</th><th scope="col">"Changed"</th><th scope="col">"Ends"</th><th scope="col"><span class="visually-hidden">"Actions"</span></th></tr></thead>
                        <tbody>{invites.into_iter().map(|invite| row(&admin, has_smtp, invite, &here, now)).collect_view()}</tbody>
                    </table>
                </div>
            }
            .into_any()
        };
        let content = view! {
            {question}
            <header><h1>"Invites"</h1><span class="push"></span>{invite_link(&admin)}</header>
            <nav class="tabs" aria-label="Filter">{InviteFilter::ALL.iter().copied().map(tab).collect_view()}</nav>
            <div class="card">{table}</div>
            {older("/console/invites", &format!("state={filter}"), last)}
        };
        Ok(("Invites".to_owned(), content.into_any()))
    })
}

fn filter_word(filter: InviteFilter) -> &'static str {
    match filter {
        InviteFilter::All => "All",
        InviteFilter::Open => "Open",
        InviteFilter::Accepted => "Accepted",
        InviteFilter::Ready => "Ready",
        InviteFilter::Expired => "Expired",
        InviteFilter::Bounced => "Bounced",
        InviteFilter::Ended => "Revoked or declined",
    }
}

/// The state of an invite; an open one past its end is *expired*.
pub fn invite_badge(state: InviteState, is_past: bool) -> AnyView {
    let (kind, word) = match state {
        state if is_past && state.is_open() => (StateKind::Expired, "Expired"),
        InviteState::Pending => (StateKind::Invited, "Pending"),
        InviteState::Sent => (StateKind::Invited, "Sent"),
        InviteState::Opened => (StateKind::Invited, "Opened"),
        InviteState::Accepted => (StateKind::Pending, "Accepted, no method yet"),
        InviteState::Ready => (StateKind::Verified, "Ready"),
        InviteState::Revoked => (StateKind::Disabled, "Revoked"),
        InviteState::Bounced => (StateKind::Expired, "Bounced"),
        InviteState::Declined => (StateKind::Disabled, "Declined"),
    };
    view! { <StateBadge kind=kind word=word /> }.into_any()
}

/// The question before an invite is taken back.
pub(super) fn revoke_question(invite: &InviteRow, back: String) -> Question {
    Question {
        title: format!("Take the invite of {} back?", invite.name),
        text: "Its link and code stop working. The person can be invited again.",
        path: "/do/revoke_invite",
        values: vec![("invite", invite.id.clone()), ("back", back.clone())],
        submit: "Revoke",
        class: "button danger",
        back,
    }
}

fn row(admin: &Admin, has_smtp: bool, invite: InviteRow, here: &str, now: i64) -> AnyView {
    let open = invite.state.is_open();
    let again = vec![("invite", invite.id.clone()), ("user", invite.user_id.clone()), ("back", here.to_owned())];
    // Without a mail server what is sent again is handed over, which is for managers.
    let may_send = open && admin.is(if has_smtp { Role::Support } else { Role::Manager });
    let may_revoke = open && admin.is(Role::Manager);
    view! {
        <tr>
            <td><a class="name" href=format!("/console/users/{}", invite.user_id)>{invite.name.clone()}</a><span class="sub">{invite.address.clone()}</span></td>
            <td>{invite_badge(invite.state, invite.expires_at <= now)}</td>
            <td class="muted">{invite.inviter.clone()}</td>
            <td class="muted num">{time_ago(invite.changed_at, now)}</td>
            <td class="muted num">{moment::on(invite.expires_at)}</td>
            <td class="end"><span class="row actions">
                {may_send.then(|| action("/do/resend_invite", "button small", "Send again", &invite.address, again))}
                {may_revoke.then(|| asks(format!("{here}&ask=revoke&invite={}", invite.id), "button small danger", "Revoke…", &invite.address))}
            </span></td>
        </tr>
    }.into_any()
}
