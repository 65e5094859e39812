//! `/console/hand-over`: a link and a code for the administrator to pass on, shown once.

use leptos::prelude::*;

use super::console_page;
use crate::{islands::CopyButton, parts::Section, web::Carried};

/// The secrets come in a cookie of this browser and leave with this answer; the server has only what they are checked by.
#[component]
pub fn HandOver() -> impl IntoView {
    console_page(Section::Invites, |page, _admin, _overview| async move {
        let carried = Carried::HandOver.get(&page.ask.headers);
        page.ask.carry(Carried::HandOver, None);
        let parts: Option<(String, String, String)> = carried.as_deref().and_then(|carried| {
            let mut parts = carried.splitn(3, '.').map(str::to_owned);
            Some((parts.next()?, parts.next()?, parts.next()?))
        });
        let content = match parts {
            Some((kind, token, code)) if matches!(kind.as_str(), "invite" | "verify" | "reset" | "passkey") => {
                let link = format!("{}/{kind}/{token}", page.ask.web.public_url);
                view! {
                    <div class="card form stack">
                        <p class="muted">"Pass these on to the person, over a channel that you trust. They are shown this once; whoever has them can use them."</p>
                        {shown_once("link", "Link", link)}
                        {shown_once("code", "Code", code)}
                    </div>
                }
                .into_any()
            }
            _ => view! { <div class="card form muted">"There is nothing to show. A link and its code are shown once; ask for new ones on the user's page."</div> }.into_any(),
        };
        let content = view! {
            <header><h1>"Link and code"</h1><span class="push"></span><a class="button" href="/console/users">"Done"</a></header>
            {content}
        };
        Ok(("Link and code".to_owned(), content.into_any()))
    })
}

/// A secret to be read and copied.
pub(super) fn shown_once(id: &'static str, label: &'static str, text: String) -> AnyView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <div class="row fill">
                <input id=id class="mono" readonly value=text.clone() />
                <CopyButton text=text label="Copy" copied="Copied" />
            </div>
        </div>
    }
    .into_any()
}
