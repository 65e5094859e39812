//! The small pages: done, sign-in, one's own account, nothing here, not now.

use axum::http::StatusCode;
use leptos::prelude::*;
use vestibule_core::actor::Language;

use super::Card;
use super::notices;
use crate::{
    pages::{page, plain, to_sign_in},
    parts::{Field, StateBadge, StateKind},
    words::words,
};

/// `/verified`
#[component]
pub fn Verified() -> impl IntoView {
    page(|page| async move {
        let words = page.words;
        Ok(view! {
            <Card words=words organization="Vestibule" title=words.verified_title>
                    <StateBadge kind=StateKind::Verified word=words.state_verified />
                    <div class="stack tight">
                        <h1>{words.verified_title}</h1>
                        <p class="muted">{words.verified_text}</p>
                    </div>
                    <a class="button wide" href="/sign-in">{words.to_sign_in}</a>
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
        let done = page.done().filter(|done| done == "signed-out").map(|_| words.signed_out);
        let problem = page.problem().sentence(words, page.now());
        Ok(view! {
            <Card words=words organization="Vestibule" title=words.sign_in_title>
                    <h1>{words.sign_in_title}</h1>
                    {notices(done, problem)}
                    <form class="stack" method="post" action="/do/sign_in">
                        <Field id="username" name="username" label=words.sign_in_name autocomplete="username" required=true autofocus=true />
                        <Field id="password" name="password" kind="password" label=words.password_label autocomplete="current-password" required=true />
                        <button class="button primary wide">{words.sign_in_submit}</button>
                    </form>
                    <a class="button quiet" href="/">{words.have_code}</a>
                </Card>
        }
        .into_any())
    })
}

/// `/me`: what a signed-in person sees of themselves.
#[component]
pub fn Me() -> impl IntoView {
    page(|page| async move {
        let words = page.words;
        let Some(visitor) = page.ask.visitor().await? else {
            return Ok(to_sign_in());
        };
        let addresses = page.ask.vestibule().own_addresses(&visitor).await?;
        let addresses = addresses.into_iter().map(|email| {
            let (kind, word) = match email.verified_at {
                Some(_) => (StateKind::Verified, words.state_verified),
                None => (StateKind::Pending, words.state_unverified),
            };
            view! {
                <li class="row">
                    <span>{email.address}</span>
                    <span class="push"><StateBadge kind=kind word=word /></span>
                </li>
            }
        });
        Ok(view! {
            <Card words=words organization=visitor.organization.name.clone() title=words.me_title>
                    <h1>{visitor.name}</h1>
                    <h2>{words.me_addresses}</h2>
                    <ul class="plain stack tight">{addresses.collect_view()}</ul>
                    <form method="post" action="/do/sign_out">
                        <button class="button wide">{words.sign_out}</button>
                    </form>
                </Card>
        }
        .into_any())
    })
}

/// Anything that no route knows.
#[component]
pub fn NotFound() -> impl IntoView {
    let words = words(use_context().unwrap_or(Language::English));
    plain(words, StatusCode::NOT_FOUND, words.not_found_title, words.not_found_text)
}

/// `/unavailable`: where an action leads that failed through no fault of who asked.
#[component]
pub fn Unavailable() -> impl IntoView {
    let words = words(use_context().unwrap_or(Language::English));
    plain(words, StatusCode::SERVICE_UNAVAILABLE, words.unavailable_title, words.unavailable_text)
}
