//! The apps that a person has let in, and taking that back.

use leptos::prelude::*;
use vestibule_core::{Result, actor::Person, authorization::Consent};

use crate::{
    pages::{Page, moment, porch::consent::says},
    words::AppWords,
};

/// Nothing where no app was let in.
pub(super) async fn apps(page: &Page, person: &Person) -> Result<AnyView> {
    let consents = page.ask.vestibule().own_consents(person).await?;
    if consents.is_empty() {
        return Ok(().into_any());
    }
    let words = page.words.apps();
    let lines = consents.into_iter().map(|consent| line(words, consent)).collect_view();
    Ok(view! {
        <section class="stack tight" aria-labelledby="apps">
            <h2 id="apps">{words.let_in}</h2>
            <ul class="plain stack">{lines}</ul>
        </section>
    }
    .into_any())
}

fn line(words: &'static AppWords, consent: Consent) -> AnyView {
    let scopes = consent.scopes.as_slice().iter().map(|scope| view! { <li>{says(words, *scope)}</li> }).collect_view();
    let name = format!("{}: {}", words.withdraw, consent.app);
    view! {
        <li class="stack tight">
            <span class="name">{consent.app}</span>
            <ul>{scopes}</ul>
            <span class="row">
                <small class="muted">{words.let_in_since.replace("{date}", &moment::day(consent.since))}</small>
                <form class="push" method="post" action="/do/withdraw_app">
                    <input type="hidden" name="app" value=consent.client_id />
                    <button class="button small" aria-label=name>{words.withdraw}</button>
                </form>
            </span>
        </li>
    }
    .into_any()
}
