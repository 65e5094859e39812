//! A forgotten password: asking for the mail, and choosing another one.

use leptos::prelude::*;
use vestibule_core::{code::Purpose, secret::Token};

use super::{Card, code_field, groups, new_password::NewPassword, notices, who};
use crate::{
    pages::{Page, page},
    parts::Field,
    web::Carried,
};

/// `/forgot`
#[component]
pub fn Forgot() -> impl IntoView {
    page(|page| async move {
        let (words, account) = (page.words, page.words.account());
        let done = page.done().filter(|done| done == "sent").map(|_| account.forgot_done);
        let problem = page.problem().sentence(words, page.now());
        Ok(view! {
            <Card words=words organization="Vestibule" title=account.forgot_title>
                    <div class="stack tight">
                        <h1>{account.forgot_title}</h1>
                        <p class="muted">{account.forgot_intro}</p>
                    </div>
                    {notices(done, problem)}
                    <form class="stack" method="post" action="/do/forgot_password">
                        <Field id="email" name="email" kind="email" label=words.email_label autocomplete="username" maxlength=254 required=true autofocus=true />
                        <button class="button primary wide">{account.forgot_submit}</button>
                    </form>
                    <a class="button quiet" href="/reset">{account.have_reset_code}</a>
                </Card>
        }
        .into_any())
    })
}

/// `/reset`: with a code that is typed.
#[component]
pub fn Reset() -> impl IntoView {
    page(|page| async move { Ok(by_code(&page)) })
}

fn by_code(page: &Page) -> AnyView {
    let (words, account) = (page.words, page.words.account());
    let problem = page.problem().sentence(words, page.now());
    let new = NewPassword { label: account.new_password, min: 12, ..NewPassword::default() };
    view! {
            <Card words=words organization="Vestibule" title=account.reset_title>
                    <div class="stack tight">
                        <h1>{account.reset_title}</h1>
                        <p class="muted">{account.reset_intro}</p>
                    </div>
                    {notices(None, problem)}
                    <form class="stack" method="post" action="/do/reset_password">
                        <Field id="email" name="email" kind="email" label=words.email_label autocomplete="username" maxlength=254 required=true />
                        {code_field(words, words.code_label, groups(8), false, None, false)}
                        {new.field(words)}
                        <button class="button primary wide">{account.reset_submit}</button>
                    </form>
                    <a class="button quiet" href="/forgot">{account.forgot}</a>
                </Card>
    }
    .into_any()
}

/// `/reset/CHALLENGE`: with the link that the browser carries, else with the code. Looking changes nothing.
#[component]
pub fn ResetByLink() -> impl IntoView {
    page(|page| async move {
        let (words, account) = (page.words, page.words.account());
        let challenge = page.ask.vestibule().challenge(&page.param("challenge")).await?;
        let link = Carried::Link.get(&page.ask.headers).as_deref().and_then(Token::parse);
        let holds = match &link {
            Some(link) => page.ask.vestibule().challenge_of_link(link).await?,
            None => None,
        };
        let Some(challenge) = challenge.filter(|challenge| challenge.purpose == Purpose::Reset) else {
            return Ok(over(&page, words.link_unknown));
        };
        if holds.as_ref() != Some(&challenge.id) {
            return Ok(by_code(&page));
        }
        let problem = page.problem().sentence(words, page.now());
        if challenge.over.is_some() {
            let text = if page.now() >= challenge.expires_at { words.invite_expired } else { words.used };
            return Ok(over(&page, text));
        }
        let here = format!("/reset/{}", challenge.id);
        if let Some(view) = who::somebody_else(&page, &challenge, &here).await? {
            return Ok(view);
        }
        let min = challenge.policy.password_min;
        let new = NewPassword { label: account.new_password, min, autofocus: true, ..NewPassword::default() };
        Ok(view! {
            <Card words=words organization=challenge.organization title=account.reset_title>
                    <div class="stack tight">
                        <h1>{account.reset_title}</h1>
                        <p class="muted">{account.reset_for.replace("{masked}", &challenge.masked)}</p>
                    </div>
                    {notices(None, problem)}
                    <form class="stack" method="post" action="/do/reset_password_by_link">
                        <input type="hidden" name="challenge" value=challenge.id />
                        {new.field(words)}
                        <button class="button primary wide">{account.reset_submit}</button>
                    </form>
                </Card>
        }
        .into_any())
    })
}

/// The link cannot be used; the way forward is another mail.
fn over(page: &Page, text: &'static str) -> AnyView {
    let (words, account) = (page.words, page.words.account());
    view! {
        <Card words=words organization="Vestibule" title=account.reset_title>
            <div class="stack tight">
                <h1>{account.reset_title}</h1>
                <p class="muted">{text}</p>
            </div>
            <a class="button primary wide" href="/forgot">{account.forgot_submit}</a>
        </Card>
    }
    .into_any()
}
