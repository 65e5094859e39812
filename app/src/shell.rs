//! The document around every page.

use axum::http::{HeaderValue, header};
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos::tachys::reactive_graph::OwnedView;
use leptos_axum::ResponseOptions;
use leptos_meta::{Html, MetaTags};

/// Wakes the islands of a page, and fetches nothing where there are none.
///
/// It stands in for `HydrationScripts`, which preloads the module by a link without the nonce (refused by our policy, with
/// an error in the console) and loads wasm on every page.
const WAKE: &str = include_str!("shell/wake.js");

/// The language that a page is written in, as the document states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tongue {
    /// A BCP 47 tag.
    pub lang: &'static str,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
}

impl Tongue {
    /// Writes itself into the document's `<html>`. A page states it once, or the second would be ignored.
    ///
    /// `Html` looks for the document only when it is written out, which for a page that had to wait may happen on another
    /// thread; so it takes along whose view it is.
    pub fn state(self) -> impl IntoView {
        OwnedView::new(view! { <Html {..} lang=self.lang dir=self.dir /> })
    }
}

/// The whole document, with `body` in it, under a content security policy that lets only it and its own assets run.
///
/// Title and language come from the page: `leptos_meta`'s `Title` works anywhere below, and so does [`Tongue::state`].
pub fn shell<B, F>(options: &LeptosOptions, body: F) -> impl IntoView + use<B, F>
where
    B: IntoView + 'static,
    F: FnOnce() -> B,
{
    let base = format!("/{}/{}", options.site_pkg_dir, options.output_name);
    let nonce = use_nonce();
    if let (Some(nonce), Some(response)) = (&nonce, use_context::<ResponseOptions>())
        && let Ok(policy) = HeaderValue::from_str(&content_security_policy(nonce, "'self'"))
    {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
    // Islands get their data as properties; resources of the page itself need not be written into it.
    if let Some(shared) = Owner::current_shared_context() {
        shared.set_is_hydrating(false);
    }

    view! {
        <!DOCTYPE html>
        <html>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=format!("{base}.css") />
                <MetaTags />
                <script type="module" nonce=nonce inner_html=WAKE.replace("{base}", &base)></script>
            </head>
            <body>{body()}</body>
        </html>
    }
}

/// A title as it may stand in the document: `leptos_meta` writes it there as it is, and names of people and apps come from
/// outside.
pub fn title_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// Lets the form of this page lead to another site: the one that carries an answer to an app.
pub fn let_forms_leave() {
    if let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>())
        && let Ok(policy) = HeaderValue::from_str(&content_security_policy(&nonce, "*"))
    {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// Everything is refused but what a page of ours holds: its one inline script and what that imports, wasm, our own styles,
/// our own pictures, forms to ourselves.
fn content_security_policy(nonce: &str, forms: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; \
         img-src 'self' data:; form-action {forms}; base-uri 'none'; frame-ancestors 'none'"
    )
}
