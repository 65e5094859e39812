//! `/console/invites`

use leptos::prelude::*;
use vestibule_core::{
    actor::{Admin, Role},
    invite::{InviteFilter, InviteRow, InviteState},
};

use super::{action, console_page, invite_link, older, time_ago};
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
        let before = page.query.get("before").and_then(|text| text.parse().ok());
        let now = page.now();
        let invites = page.ask.vestibule().invites(&admin, filter, before, PAGE).await?;
        let last = (i64::try_from(invites.len()).unwrap_or(0) == PAGE)
            .then(|| invites.last().map(|invite| invite.number))
            .flatten();
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
                        <tbody>{invites.into_iter().map(|invite| row(&admin, invite, now)).collect_view()}</tbody>
                    </table>
                </div>
            }
            .into_any()
        };
        let content = view! {
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

fn row(admin: &Admin, invite: InviteRow, now: i64) -> AnyView {
    let open = invite.state.is_open();
    let values = || vec![("invite", invite.id.clone())];
    let may_send = open && admin.is(Role::Support);
    let may_revoke = open && admin.is(Role::Manager);
    view! {
        <tr>
            <td><a class="name" href=format!("/console/users/{}", invite.user_id)>{invite.name.clone()}</a><span class="sub">{invite.address.clone()}</span></td>
            <td>{invite_badge(invite.state, invite.expires_at <= now)}</td>
            <td class="muted">{invite.inviter.clone()}</td>
            <td class="muted num">{time_ago(invite.changed_at, now)}</td>
            <td class="muted num">{moment::on(invite.expires_at)}</td>
            <td class="end"><span class="row actions">
                {may_send.then(|| action("/do/resend_invite", "button small", "Send again", &invite.address, values()))}
                {may_revoke.then(|| action("/do/revoke_invite", "button small danger", "Revoke", &invite.address, values()))}
            </span></td>
        </tr>
    }.into_any()
}
