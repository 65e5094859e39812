//! `/oauth/v2/authorize`: an app has sent a person here, to learn who they are.
//!
//! What they must do first (sign in, agree) happens on pages of ours, and the request waits in their session meanwhile.

use axum::http::{Method, StatusCode, request::Parts};
use leptos::prelude::*;
use vestibule_core::{
    Error,
    authorization::{App, AppScope, Parameters, RequestProblem, Step},
};

use super::{
    Card,
    leave::{Hop, go, leave},
};
use crate::{
    pages::{Page, page, plain, to_sign_in},
    web::waiting::Waiting,
    words::AppWords,
};

/// The request itself, as the app sent it.
#[component]
pub fn Authorize() -> impl IntoView {
    page(|page| async move {
        let (method, query) = asked();
        // Who only looks is not signed in to anything.
        if method != Method::GET {
            return Ok(().into_any());
        }
        let (vestibule, issuer) = (page.ask.vestibule(), &page.ask.web.public_url);
        let words = page.words.apps();
        let request = match vestibule.authorization_request(&Parameters::parse(&query), issuer).await? {
            Ok(request) => request,
            Err(RequestProblem::UnknownClient) => {
                return Ok(plain(page.words, StatusCode::BAD_REQUEST, words.unknown_title, words.unknown_text));
            }
            Err(RequestProblem::RedirectAddress) => {
                return Ok(plain(page.words, StatusCode::BAD_REQUEST, words.place_title, words.place_text));
            }
            Err(RequestProblem::Told(departure)) => return Ok(leave(page.words, &departure, Hop::Direct)),
        };
        let who = page.ask.authenticated().await?;
        match vestibule.authorize(&request, who.as_ref(), None, None, issuer).await? {
            Step::Leave(departure) => Ok(leave(page.words, &departure, Hop::Direct)),
            Step::SignIn => {
                page.ask.wait(request).await?;
                Ok(to_sign_in(&page.ask).await)
            }
            Step::Ask(_) | Step::Stranger(_) => Ok(go(&page.ask.wait(request).await?.path())),
        }
    })
}

/// `/oauth/v2/authorize/{request}`: the same once the person has done what they had to.
#[component]
pub fn AuthorizeOn() -> impl IntoView {
    page(|page| async move {
        if asked().0 != Method::GET {
            return Ok(().into_any());
        }
        let words = page.words.apps();
        let Some(waiting) = page.ask.waiting(&page.param("request")).await? else {
            return Ok(plain(page.words, StatusCode::GONE, words.over_title, words.over_text));
        };
        let (vestibule, issuer) = (page.ask.vestibule(), &page.ask.web.public_url);
        let who = page.ask.authenticated().await?;
        let Waiting { request, since, answer, .. } = &waiting;
        match vestibule.authorize(request, who.as_ref(), Some(*since), *answer, issuer).await? {
            Step::Leave(departure) => {
                page.ask.drop_waiting(&waiting.id).await?;
                // A form led here, and where forms may lead to is none of the app's.
                Ok(leave(page.words, &departure, Hop::AfterForm))
            }
            Step::SignIn => Ok(to_sign_in(&page.ask).await),
            Step::Ask(app) => ask(page, app, waiting).await,
            Step::Stranger(app) => stranger(page, app).await,
        }
    })
}

/// How and with what the page was asked for.
pub(in crate::pages) fn asked() -> (Method, String) {
    let parts = use_context::<Parts>();
    parts.map(|parts| (parts.method, parts.uri.query().unwrap_or_default().to_owned())).unwrap_or_default()
}

async fn ask(page: Page, app: App, waiting: Waiting) -> Result<AnyView, Error> {
    let words = page.words.apps();
    let name = name(&page).await?;
    let intro = words.ask_intro.replace("{name}", &name).replace("{app}", &app.name);
    let scopes = waiting.request.scopes.as_slice().iter().map(|scope| says(words, *scope));
    let scopes = scopes.map(|text| view! { <li>{text}</li> }).collect_view();
    let goes_to = words.goes_to.replace("{host}", host(&waiting.request.redirect_uri));
    let title = words.ask_title.replace("{app}", &app.name);
    Ok(view! {
        <Card words=page.words organization=app.organization_name title=title.clone()>
                <h1>{title}</h1>
                <div class="stack tight">
                    <p>{intro}</p>
                    <ul>{scopes}</ul>
                    <p class="muted">{goes_to}</p>
                </div>
                <form class="stack" method="post" action="/do/consent">
                    <input type="hidden" name="request" value=waiting.id />
                    <button class="button primary wide" name="answer" value="allow">{words.allow}</button>
                    <button class="button wide" name="answer" value="deny">{words.deny}</button>
                </form>
                <a class="button quiet" href="/sign-in">{words.other_account}</a>
            </Card>
    }
    .into_any())
}

async fn stranger(page: Page, app: App) -> Result<AnyView, Error> {
    let words = page.words.apps();
    let title = words.stranger_title.replace("{app}", &app.name);
    let text = words.stranger_text.replace("{name}", &name(&page).await?);
    let text = text.replace("{organization}", &app.organization_name);
    Ok(view! {
        <Card words=page.words organization=app.organization_name title=title.clone()>
                <div class="stack tight">
                    <h1>{title}</h1>
                    <p class="muted">{text}</p>
                </div>
                <a class="button primary wide" href="/sign-in">{words.other_account}</a>
            </Card>
    }
    .into_any())
}

async fn name(page: &Page) -> Result<String, Error> {
    Ok(page.ask.visitor().await?.map(|visitor| visitor.name).unwrap_or_default())
}

/// What a scope lets an app know or do.
pub(super) fn says(words: &'static AppWords, scope: AppScope) -> &'static str {
    match scope {
        AppScope::Openid => words.openid,
        AppScope::Profile => words.profile,
        AppScope::Email => words.email,
        AppScope::Phone => words.phone,
        AppScope::Address => words.address,
        AppScope::OfflineAccess => words.offline_access,
        AppScope::Read => words.read,
        AppScope::Write => words.write,
        AppScope::Verify => words.verify,
    }
}

/// The host of a web address; the scheme of an app on the device.
fn host(address: &str) -> &str {
    match address.split_once("://") {
        Some((_, rest)) => rest.split(['/', '?']).next().unwrap_or(rest),
        None => address.split(':').next().unwrap_or(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_told_where_they_will_be() {
        assert_eq!(host("https://shop.example/callback?x"), "shop.example");
        assert_eq!(host("http://127.0.0.1:4000/callback"), "127.0.0.1:4000");
        assert_eq!(host("com.example.shop:/callback"), "com.example.shop");
    }
}
