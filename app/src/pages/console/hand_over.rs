//! `/console/hand-over`: a link and a code for the administrator to pass on, shown once.

use leptos::prelude::*;
use vestibule_core::{Result, actor::Admin};

use super::console_page;
use crate::{
    islands::CopyButton,
    pages::Page,
    parts::Section,
    web::{Carried, Handed},
};

/// The secrets come in a cookie of this browser and leave with this answer; the server has only what they are checked by.
/// They are shown on the page of their own challenge: what another tab is about to show stays there.
#[component]
pub fn HandOver() -> impl IntoView {
    console_page(Section::Invites, |page, admin, _overview| async move {
        let challenge = page.query.get("challenge").unwrap_or_default();
        let receiver = Receiver::of(&page, &admin, &challenge).await?;
        let handed = Carried::HandOver.get(&page.ask.headers).as_deref().and_then(Handed::parse);
        let handed = handed.filter(|handed| handed.challenge == challenge);
        if handed.is_some() {
            page.ask.carry(Carried::HandOver, None);
        }
        let done = receiver.as_ref().map_or_else(|| "/console/users".to_owned(), Receiver::page);
        let content = match (handed, receiver) {
            (Some(handed), Some(receiver)) => view! {
                <div class="card form stack">
                    <p>"For "<a class="name" href=done.clone() dir="auto">{receiver.name}</a>", "<span class="name">{receiver.address}</span></p>
                    <p class="muted">"Pass these on to the person, over a channel that you trust. They are shown this once; whoever has them can use them."</p>
                    {shown_once("link", "Link", handed.link(&page.ask.web.public_url))}
                    {shown_once("code", "Code", handed.code)}
                </div>
            }
            .into_any(),
            _ => view! { <div class="card form muted">"There is nothing to show. A link and its code are shown once; ask for new ones on the user's page."</div> }.into_any(),
        };
        let content = view! {
            <header><h1>"Link and code"</h1><span class="push"></span><a class="button" href=done>"Done"</a></header>
            {content}
        };
        Ok(("Link and code".to_owned(), content.into_any()))
    })
}

/// Whom a challenge is for.
struct Receiver {
    user_id: String,
    name: String,
    address: String,
}

impl Receiver {
    async fn of(page: &Page, admin: &Admin, challenge: &str) -> Result<Option<Self>> {
        let vestibule = page.ask.vestibule();
        let view = vestibule.challenge(challenge).await?;
        let Some(view) = view.filter(|view| view.organization_id == admin.organization_id()) else { return Ok(None) };
        let name = vestibule.record(admin, &view.user_id).await?.user.name;
        let address = vestibule.address_of(challenge).await?.unwrap_or_default();
        Ok(Some(Self { user_id: view.user_id, name, address }))
    }

    fn page(&self) -> String {
        format!("/console/users/{}", self.user_id)
    }
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
