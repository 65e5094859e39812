//! The small pages: done, sign-in, one's own account, nothing here, not now.

use axum::http::StatusCode;
use leptos::prelude::*;

use super::Card;
use super::{company, notices, passkey};
use crate::{
    pages::{page, plain, reads},
    parts::{Field, StateBadge, StateKind},
    web::journey::Errand,
    words::words,
};

/// `/verified`
#[component]
pub fn Verified() -> impl IntoView {
    page(|page| async move {
        let words = page.words;
        let of = page.ask.met_address().await?;
        let which = of.map(|masked| view! { <p>{words.verified_which.replace("{masked}", &masked)}</p> });
        let onward = match page.ask.visitor().await? {
            Some(_) => view! { <a class="button wide" href="/me">{words.who().to_account}</a> },
            None => view! { <a class="button wide" href="/sign-in">{words.to_sign_in}</a> },
        };
        Ok(view! {
            <Card words=words title=words.verified_title>
                    <StateBadge kind=StateKind::Verified word=words.state_verified />
                    <div class="stack tight">
                        <h1>{words.verified_title}</h1>
                        {which}
                        <p class="muted">{words.verified_text}</p>
                    </div>
                    {onward}
                </Card>
        }
        .into_any())
    })
}

/// `/sign-in`
#[component]
pub fn SignIn() -> impl IntoView {
    page(|page| async move {
        let words = page.words;
        let done = page.done().and_then(|done| match done.as_str() {
            "signed-out" => Some(words.signed_out),
            "password" => Some(words.account().reset_done),
            _ => None,
        });
        let problem = page.problem().sentence(words, page.now());
        let companies = page.ask.vestibule().sign_in_providers().await?;
        let typed = page.typed("sign-in").await?.get("username");
        let name = if typed.is_some() { typed } else { page.ask.likely_name().await? };
        let has_name = name.is_some();
        let wanted = page.ask.wanted().is_some();
        Ok(view! {
            <Card words=words title=words.sign_in_title>
                    <h1>{words.sign_in_title}</h1>
                    {wanted.then(|| view! { <p class="muted">{words.who().sign_in_first}</p> })}
                    {notices(done, problem)}
                    {page.ask.vestibule().offers_passkeys().then(|| passkey::sign_in(words))}
                    {company::offers(words, &companies, Errand::SignIn)}
                    <form class="stack" method="post" action="/do/sign_in">
                        <Field id="username" name="username" label=words.sign_in_name autocomplete="username webauthn" nostrip:value=name required=true autofocus=!has_name />
                        <Field id="password" name="password" kind="password" label=words.password_label autocomplete="current-password" required=true autofocus=has_name />
                        <button class="button primary wide">{words.sign_in_submit}</button>
                    </form>
                    <a class="button quiet" href="/forgot">{words.account().forgot}</a>
                    <a class="button quiet" href="/">{words.have_code}</a>
                </Card>
        }
        .into_any())
    })
}

/// Anything that no route knows.
#[component]
pub fn NotFound() -> impl IntoView {
    let words = words(reads().language());
    plain(words, StatusCode::NOT_FOUND, words.not_found_title, words.not_found_text)
}

/// `/unavailable`: where an action leads that failed through no fault of who asked.
#[component]
pub fn Unavailable() -> impl IntoView {
    let words = words(reads().language());
    plain(words, StatusCode::SERVICE_UNAVAILABLE, words.unavailable_title, words.unavailable_text)
}
