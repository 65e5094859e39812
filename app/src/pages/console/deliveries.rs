//! `/console/deliveries`

use std::collections::BTreeSet;

use leptos::prelude::*;
use vestibule_core::{
    Result,
    actor::{Admin, Role},
    outbox::{Message, MessageKind, MessageState},
};

use super::{action, console_page, message_badge, older, time_ago};
use crate::{
    pages::{Page, moment},
    parts::{Field, Section},
    web::encoded,
};

/// Mails on a page.
const PAGE: i64 = 50;

#[component]
pub fn Deliveries() -> impl IntoView {
    console_page(Section::Deliveries, |page, admin, overview| async move {
        let state: Option<MessageState> = page.query.get("state").and_then(|word| word.parse().ok());
        let search = page.query.get("search").map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let before: Option<i64> = page.query.get("before").and_then(|text| text.parse().ok());
        let now = page.now();
        let messages = page.ask.vestibule().messages(&admin, state, search.as_deref(), before, PAGE).await?;
        let last = (i64::try_from(messages.len()).unwrap_or(0) == PAGE)
            .then(|| messages.last().map(|message| message.number))
            .flatten();
        let kept = [
            state.map(|state| format!("state={state}")),
            search.as_deref().map(|search| format!("search={}", encoded(search))),
        ];
        let kept = kept.into_iter().flatten().collect::<Vec<_>>().join("&");
        // This page of this list, to come back to.
        let here =
            [Some(kept.clone()).filter(|kept| !kept.is_empty()), before.map(|before| format!("before={before}"))];
        let here = here.into_iter().flatten().collect::<Vec<_>>().join("&");
        let here = format!("/console/deliveries?{here}").trim_end_matches('?').to_owned();
        let hidden_state = state.map(|state| view! { <input type="hidden" name="state" value=state.to_string() /> });
        let has_smtp = page.ask.web.has_smtp;
        let stronger = stronger(&page, &admin, &messages).await?;
        let tab = |tab: Option<MessageState>, word: &'static str| {
            let href =
                tab.map_or_else(|| "/console/deliveries".to_owned(), |tab| format!("/console/deliveries?state={tab}"));
            // Mails that have come to their end are too many to be counted at every look.
            let count = tab
                .filter(|tab| !matches!(tab, MessageState::Sent | MessageState::Cancelled))
                .map(|tab| format!(" {}", moment::count(overview.messages(tab))));
            view! { <a href=href aria-current=(tab == state).then_some("page")>{word}{count}</a> }
        };
        let table = if messages.is_empty() {
            view! { <div class="body muted">"No mails here."</div> }.into_any()
        } else {
            view! {
                <div class="scroll" role="region" aria-label="Deliveries" tabindex="0">
                    <table class="cards">
                        <thead><tr><th scope="col">"To"</th><th scope="col">"Mail"</th><th scope="col">"State"</th><th scope="col">"Last answer"</th><th scope="col">"Tries"</th><th scope="col"><span class="visually-hidden">"Actions"</span></th></tr></thead>
                        <tbody>{messages.into_iter().map(|message| row(&admin, has_smtp, &stronger, message, &here, now)).collect_view()}</tbody>
                    </table>
                </div>
            }
            .into_any()
        };
        let test = (page.ask.web.has_smtp && admin.is(Role::Support)).then(|| {
            view! {
                <details class="push">
                    <summary class="button">"Send a test mail"</summary>
                    <form class="stack" method="post" action="/do/send_test_mail">
                        <Field id="test-address" name="email" kind="email" label="To" maxlength=254 required=true />
                        <button class="button primary">"Send"</button>
                    </form>
                </details>
            }
        });
        let content = view! {
            <header><h1>"Deliveries"</h1>{test}</header>
            <div class="row">
                <nav class="tabs" aria-label="Filter">
                    {tab(None, "All")}
                    {tab(Some(MessageState::Waiting), "Waiting")}
                    {tab(Some(MessageState::Deferred), "Deferred")}
                    {tab(Some(MessageState::Failed), "Failed")}
                    {tab(Some(MessageState::Sent), "Sent")}
                    {tab(Some(MessageState::Cancelled), "Cancelled")}
                </nav>
                <form class="push search-form" role="search" method="get" action="/console/deliveries">
                    {hidden_state}
                    <input class="search" type="search" name="search" value=search placeholder="Address or message id" aria-label="Address or message id" maxlength="254" />
                    <button class="button">"Search"</button>
                </form>
            </div>
            <div class="card">{table}</div>
            {older("/console/deliveries", &kept, last)}
        };
        Ok(("Deliveries".to_owned(), content.into_any()))
    })
}

/// The receivers whose role is a stronger one than this manager's: what opens their accounts is not theirs to have.
async fn stronger(page: &Page, admin: &Admin, messages: &[Message]) -> Result<BTreeSet<String>> {
    let mut receivers: BTreeSet<String> = messages.iter().filter_map(|message| message.user_id.clone()).collect();
    // Nobody is stronger than an owner, and who is less than a manager has none of it anyway.
    if admin.role() != Role::Manager {
        receivers.clear();
    }
    let mut stronger = BTreeSet::new();
    for receiver in receivers {
        let role = page.ask.vestibule().visitor(&receiver).await?.and_then(|visitor| visitor.admin);
        if role.is_some_and(|other| !admin.is(other.role())) {
            stronger.insert(receiver);
        }
    }
    Ok(stronger)
}

fn row(admin: &Admin, has_smtp: bool, stronger: &BTreeSet<String>, message: Message, here: &str, now: i64) -> AnyView {
    let values = || vec![("message", message.id.clone()), ("back", here.to_owned())];
    let support = admin.is(Role::Support);
    let unsent = matches!(message.state, MessageState::Waiting | MessageState::Deferred);
    let retry = match message.state {
        MessageState::Deferred => Some("Try now"),
        MessageState::Failed => Some("Try again"),
        MessageState::Waiting | MessageState::Sent | MessageState::Cancelled => None,
    };
    // A mail that is still to go out would not, once its link is handed over; where none goes out, that is the only way.
    let may_hand_over = match message.state {
        MessageState::Failed | MessageState::Sent => true,
        MessageState::Waiting | MessageState::Deferred => !has_smtp,
        MessageState::Cancelled => false,
    };
    // What opens an account is for managers, and not if the account's role is stronger; a code only proves an address.
    let outranks = message.user_id.as_ref().is_none_or(|user| !stronger.contains(user));
    let opens_account = message.kind != MessageKind::Code;
    let may_hand_over = may_hand_over && if opens_account { admin.is(Role::Manager) && outranks } else { support };
    let hand_over = message.challenge_id.clone().filter(|_| may_hand_over).map(|challenge| {
        action(
            "/do/hand_over",
            "button small",
            "Copy link",
            &message.recipient,
            vec![("challenge", challenge), ("back", here.to_owned())],
        )
    });
    let to = match &message.user_id {
        Some(user) => {
            view! { <a class="name" href=format!("/console/users/{user}")>{message.recipient.clone()}</a> }.into_any()
        }
        None => message.recipient.clone().into_any(),
    };
    let answer = message.answer.clone().unwrap_or_else(|| "not tried yet".to_owned());
    let next = (message.state == MessageState::Deferred)
        .then(|| format!(", next try {}", moment::within(message.due_at, now)));
    view! {
        <tr>
            <td>{to}<span class="sub">{time_ago(message.created_at, now)}</span></td>
            <td>{kind_word(message.kind)}</td>
            <td>{message_badge(message.state)}</td>
            <td class="muted">{answer}{next}</td>
            <td class="num">{if message.attempts == 1 { "1 try".to_owned() } else { format!("{} tries", message.attempts) }}</td>
            <td class="end"><span class="row actions">
                {retry.filter(|_| support).map(|word| action("/do/retry_message", "button small", word, &message.recipient, values()))}
                {hand_over}
                {(unsent && support).then(|| action("/do/cancel_message", "button small", "Cancel", &message.recipient, values()))}
            </span></td>
        </tr>
    }
    .into_any()
}

fn kind_word(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Invite => "Invite",
        MessageKind::Code => "Code",
        MessageKind::Reset => "Password reset",
        MessageKind::PasskeyLink => "Passkey link",
        MessageKind::AddressAdded => "Notice: address added",
        MessageKind::PasswordChanged => "Notice: password changed",
        MessageKind::PasswordRemoved => "Notice: password removed",
        MessageKind::PasskeyAdded => "Notice: passkey added",
        MessageKind::PasskeyRemoved => "Notice: passkey removed",
        MessageKind::CompanyLinked => "Notice: company account linked",
        MessageKind::CompanyUnlinked => "Notice: company account unlinked",
        MessageKind::PasswordSet => "Notice: password set",
        MessageKind::PrimaryChanged => "Notice: primary changed",
        MessageKind::Test => "Test",
    }
}
