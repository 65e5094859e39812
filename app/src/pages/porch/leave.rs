//! Leaving for an app, to an address that the rules have matched with one of the app's own.

use axum::http::{HeaderValue, StatusCode, header};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use vestibule_core::authorization::{Departure, ResponseMode};

use super::Card;
use crate::{shell::let_forms_leave, words::Words};

/// How the person came to the page that they leave from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hop {
    /// By a link: the answer can be a redirect.
    Direct,
    /// By a form of ours, whose redirects our policy keeps on this site (CSP3 §6.4.2): a page leads on.
    AfterForm,
}

/// Redirects within this site or, where the rules have said so, out of it.
pub fn go(to: &str) -> AnyView {
    if let (Some(response), Ok(to)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(to)) {
        response.set_status(StatusCode::SEE_OTHER);
        response.insert_header(header::LOCATION, to);
    }
    ().into_any()
}

/// Has the browser go on from this page by itself. By a header: where a `<meta>` came late, the head was written without it.
pub fn go_on(to: &str) {
    if let (Some(response), Ok(refresh)) =
        (use_context::<ResponseOptions>(), HeaderValue::from_str(&format!("0; url={to}")))
    {
        response.insert_header(header::REFRESH, refresh);
    }
}

/// Leaves with the answer.
pub fn leave(words: &'static Words, departure: &Departure, hop: Hop) -> AnyView {
    match (departure.mode, hop) {
        (ResponseMode::FormPost, _) => by_form(words, departure),
        (ResponseMode::Query | ResponseMode::Fragment, Hop::Direct) => go(&departure.url()),
        (ResponseMode::Query | ResponseMode::Fragment, Hop::AfterForm) => by_page(words, departure),
    }
}

fn by_page(words: &'static Words, departure: &Departure) -> AnyView {
    let url = departure.url();
    go_on(&url);
    let apps = words.apps();
    let title = apps.leave_title.replace("{app}", &departure.app);
    view! {
        <Card words=words title=title.clone() passing=true>
                <div class="stack tight">
                    <h1>{title}</h1>
                    <p class="muted">{apps.leave_text}</p>
                </div>
                <a class="button primary wide" rel="noreferrer" href=url>{apps.leave_submit}</a>
            </Card>
    }
    .into_any()
}

/// The one form that a script sends off: its standard says so (OAuth 2.0 Form Post Response Mode §2). It leaves the site
/// and changes nothing here; without script a press does it.
fn by_form(words: &'static Words, departure: &Departure) -> AnyView {
    let_forms_leave();
    let apps = words.apps();
    let title = apps.leave_title.replace("{app}", &departure.app);
    let fields = departure.parameters.clone().into_iter();
    let fields = fields.map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect_view();
    let url = departure.url();
    view! {
        <Card words=words title=title.clone() passing=true>
                <div class="stack tight">
                    <h1>{title}</h1>
                    <p class="muted">{apps.leave_text}</p>
                </div>
                <form id="leave" class="stack" method="post" action=url>
                    {fields}
                    <button class="button primary wide">{apps.leave_submit}</button>
                </form>
                <script nonce=use_nonce() inner_html="document.getElementById('leave').submit()"></script>
            </Card>
    }
    .into_any()
}
