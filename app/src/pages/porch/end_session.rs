//! `/oidc/v1/end_session`: an app has signed a person out, and asks for the same here.

use axum::http::Method;
use leptos::prelude::*;
use vestibule_core::authorization::Parameters;

use super::{
    Card,
    consent::asked,
    leave::{Hop, go, leave},
};
use crate::pages::page;

/// The question. Being asked signs nobody out.
#[component]
pub fn EndSession() -> impl IntoView {
    page(|page| async move {
        let (method, query) = asked();
        if method != Method::GET {
            return Ok(().into_any());
        }
        let words = page.words.apps();
        let request =
            page.ask.vestibule().sign_out_request(&Parameters::parse(&query), &page.ask.web.public_url).await?;
        let Some(visitor) = page.ask.visitor().await? else {
            return Ok(match &request.back {
                Some(departure) => leave(page.words, departure, Hop::Direct),
                None => go("/sign-in?done=signed-out"),
            });
        };
        let who = words.out_text.replace("{name}", &visitor.name);
        let why = request.app.map(|app| words.out_asked.replace("{app}", &app));
        Ok(view! {
            <Card words=page.words organization=visitor.organization.name title=words.out_title>
                    <div class="stack tight">
                        <h1>{words.out_title}</h1>
                        {why.map(|why| view! { <p>{why}</p> })}
                        <p class="muted">{who}</p>
                    </div>
                    <form class="stack" method="post" action="/do/end_session">
                        <input type="hidden" name="query" value=query />
                        <button class="button primary wide">{words.out_submit}</button>
                    </form>
                    <a class="button wide" href="/me">{words.out_stay}</a>
                </Card>
        }
        .into_any())
    })
}

/// `/oidc/v1/end_session/done`: back to the app, if it gave an address of its own.
#[component]
pub fn SessionEnded() -> impl IntoView {
    page(|page| async move {
        let parameters = Parameters::parse(&asked().1);
        let request = page.ask.vestibule().sign_out_request(&parameters, &page.ask.web.public_url).await?;
        Ok(match &request.back {
            Some(departure) => leave(page.words, departure, Hop::AfterForm),
            None => go("/sign-in?done=signed-out"),
        })
    })
}
