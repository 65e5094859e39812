//! The password among one's own ways to sign in.

use leptos::prelude::*;
use vestibule_core::user::record::Record;

use super::told::{Place, Told};
use crate::{
    pages::porch::new_password::NewPassword,
    parts::Field,
    words::{AccountWords, Words},
};

pub(super) fn password(
    record: &Record,
    min: i32,
    problem: &Told,
    words: &'static Words,
    account: &'static AccountWords,
) -> AnyView {
    let has = record.user.has_password;
    let own = format!("{} {}", record.user.name, record.user.username);
    let (old_error, error) = (problem.of(Place::OldPassword), problem.of(Place::NewPassword));
    // Who was refused finds the form as they left it.
    let (old_refused, refused) = (old_error.is_some(), error.is_some());
    let new = NewPassword { label: account.new_password, min, own, error, autofocus: refused };
    let old = has.then(|| {
        view! {
            <Field
                id="old" name="old" kind="password" label=account.old_password autocomplete="current-password"
                nostrip:error=old_error required=true autofocus=old_refused
            />
        }
    });
    // The last way to sign in stays.
    let remove = (has && record.passkeys.len() + record.providers.len() > 0).then(|| {
        view! {
            <details>
                <summary>{account.remove_password}</summary>
                <form class="stack" method="post" action="/do/remove_own_password">
                    <p class="muted">{account.remove_password_text}</p>
                    <button class="button danger">{account.remove_password}</button>
                </form>
            </details>
        }
    });
    let summary = if has { account.change_password } else { account.set_password };
    let state = if has { account.has_password } else { account.no_password };
    view! {
        <section class="stack tight" aria-labelledby="methods">
            <h2 id="methods">{account.methods}</h2>
            <p>{state}</p>
            <details open=old_refused || refused>
                <summary>{summary}</summary>
                <form class="stack" method="post" action="/do/set_own_password">
                    <input class="hidden" name="username" autocomplete="username" value=record.user.username.clone() readonly=true hidden=true />
                    {old}
                    {new.field(words)}
                    <button class="button primary">{summary}</button>
                </form>
            </details>
            {remove}
        </section>
    }
    .into_any()
}
