//! By what a user signs in, on their page in the console.

use leptos::prelude::*;
use vestibule_core::{
    passkey::PasskeyRow,
    user::{UserRow, UserState, record::Record},
};

use super::{action, asks, question::Question, user::May};
use crate::pages::{Page, moment};

/// The card: password, passkeys and company accounts, each since when; managers take passkeys away and send the mails by
/// which one is added or a new password chosen.
pub(super) fn card(page: &Page, may: May, record: &Record, passkeys: Vec<PasskeyRow>) -> AnyView {
    let user = &record.user;
    let since = |word: &str, at: i64| format!("{word} {}", moment::on(at));
    let password = user.has_password.then(|| {
        let set = user.password_set_at.map(|at| since("set", at)).unwrap_or_default();
        line("Password".to_owned(), set, None)
    });
    let passkeys = passkeys.into_iter().map(|passkey| {
        let last_use = passkey.last_used_at.map_or_else(|| "never used".to_owned(), |at| since("used", at));
        let href = format!("/console/users/{}?ask=remove-passkey&passkey={}", user.id, passkey.id);
        let remove = may.shut_out.then(|| asks(href, "button small danger", "Remove…", &passkey.name));
        line(
            format!("Passkey: {}", passkey.name),
            format!("{}, {last_use}", since("added", passkey.created_at)),
            remove,
        )
    });
    let companies = record.providers.iter().map(|linked| {
        let address = linked.claims.get("email").and_then(|address| address.as_str());
        let about = [address.map(str::to_owned), Some(since("linked", linked.created_at))];
        let about = about.into_iter().flatten().collect::<Vec<_>>().join(", ");
        line(format!("Company account: {}", linked.provider_name), about, None)
    });
    let lines: Vec<AnyView> = password.into_iter().chain(passkeys).chain(companies).collect();
    let lines = if record.has_method() {
        view! { <ul class="plain stack">{lines}</ul> }.into_any()
    } else {
        view! { <p class="muted">"None yet."</p> }.into_any()
    };
    // One's own are in one's own account.
    let sends = may.shut_out && user.state == UserState::Active;
    let send = |path, word| action(path, "button small", word, &user.name, vec![("user", user.id.clone())]);
    let reset = (sends && user.has_password).then(|| send("/do/send_password_reset", "Send a password reset"));
    let link =
        (sends && page.ask.vestibule().offers_passkeys()).then(|| send("/do/send_passkey_link", "Send a passkey link"));
    let ways = (reset.is_some() || link.is_some()).then(|| view! { <div class="row">{reset}{link}</div> });
    view! {
        <section class="card">
            <header><h2>"Sign-in methods"</h2></header>
            <div class="body stack">{lines}{ways}</div>
        </section>
    }
    .into_any()
}

fn line(name: String, about: String, end: Option<AnyView>) -> AnyView {
    view! {
        <li class="row">
            <span><b class="name">{name}</b><small class="sub">{about}</small></span>
            {end.map(|end| view! { <span class="push">{end}</span> })}
        </li>
    }
    .into_any()
}

/// The question before a passkey is taken away.
pub(super) fn question(page: &Page, may: May, user: &UserRow, passkeys: &[PasskeyRow]) -> Option<AnyView> {
    page.query.get("ask").filter(|ask| ask == "remove-passkey" && may.shut_out)?;
    let wanted = page.query.get("passkey")?;
    let passkey = passkeys.iter().find(|passkey| passkey.id == wanted)?;
    let question = Question {
        title: format!("Remove the passkey “{}”?", passkey.name),
        text: "It signs nobody in any more. Somebody who has no other way needs a passkey link or a new password afterwards. They are told by mail; the history keeps your name.",
        path: "/do/remove_passkey_of",
        values: vec![("user", user.id.clone()), ("passkey", wanted)],
        submit: "Remove",
        class: "button danger",
        back: format!("/console/users/{}", user.id),
    };
    Some(question.view(None))
}
