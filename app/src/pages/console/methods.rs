//! By what a user signs in, on their page in the console.

use leptos::prelude::*;
use vestibule_core::{
    actor::{Admin, Role},
    passkey::PasskeyRow,
    user::{UserRow, UserState, record::Record},
};

use super::action;
use crate::{
    islands::ConfirmDialog,
    pages::{Page, moment},
};

/// The card: password, passkeys and company accounts, each since when; managers take passkeys away and send the mail by
/// which one is added.
pub(super) fn card(page: &Page, admin: &Admin, record: &Record, passkeys: Vec<PasskeyRow>) -> AnyView {
    let user = &record.user;
    let may = may(admin, user);
    let since = |word: &str, at: i64| format!("{word} {}", moment::on(at));
    let password = user.has_password.then(|| {
        let set = user.password_set_at.map(|at| since("set", at)).unwrap_or_default();
        line("Password".to_owned(), set, None)
    });
    let passkeys = passkeys.into_iter().map(|passkey| {
        let last_use = passkey.last_used_at.map_or_else(|| "never used".to_owned(), |at| since("used", at));
        let href = format!("/console/users/{}?ask=remove-passkey&passkey={}", user.id, passkey.id);
        let remove = may.then(|| {
            let label = format!("Remove… {}", passkey.name);
            view! { <a class="button small danger" href=href aria-label=label>"Remove…"</a> }.into_any()
        });
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
    let link = (may && user.state == UserState::Active && page.ask.vestibule().offers_passkeys()).then(|| {
        action(
            "/do/send_passkey_link",
            "button small",
            "Send a passkey link",
            &user.name,
            vec![("user", user.id.clone())],
        )
    });
    view! {
        <section class="card">
            <header><h2>"Sign-in methods"</h2></header>
            <div class="body stack">{lines}{link}</div>
        </section>
    }
    .into_any()
}

/// One's own are in one's own account.
fn may(admin: &Admin, user: &UserRow) -> bool {
    admin.is(Role::Manager) && admin.user_id() != user.id
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
pub(super) fn dialog(page: &Page, admin: &Admin, user: &UserRow, passkeys: &[PasskeyRow]) -> Option<AnyView> {
    page.query.get("ask").filter(|ask| ask == "remove-passkey" && may(admin, user))?;
    let wanted = page.query.get("passkey")?;
    let passkey = passkeys.iter().find(|passkey| passkey.id == wanted)?;
    let (user_id, back) = (user.id.clone(), format!("/console/users/{}", user.id));
    let title = format!("Remove the passkey “{}”?", passkey.name);
    Some(
        view! {
            <ConfirmDialog title_id="question" cancel_href=back.clone()>
                <form class="stack" method="post" action="/do/remove_passkey_of">
                    <h2 id="question">{title}</h2>
                    <p class="muted">"It signs nobody in any more. Somebody who has no other way needs a passkey link or a new password afterwards. They are told by mail; the history keeps your name."</p>
                    <input type="hidden" name="user" value=user_id />
                    <input type="hidden" name="passkey" value=wanted />
                    <div class="row"><a class="button push" href=back>"Cancel"</a><button class="button danger">"Remove"</button></div>
                </form>
            </ConfirmDialog>
        }
        .into_any(),
    )
}
