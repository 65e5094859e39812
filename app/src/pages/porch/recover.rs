//! A forgotten password: asking for the mail, and choosing another one.

use leptos::prelude::*;
use vestibule_core::{
    Refusal,
    code::{CodeStyle, Purpose},
    organization::Policy,
};

use super::{Card, code_field, groups, new_password::NewPassword, notices, who};
use crate::{
    pages::{Page, page},
    parts::Field,
};

/// `/forgot`
#[component]
pub fn Forgot() -> impl IntoView {
    page(|page| async move {
        let (words, account) = (page.words, page.words.account());
        let done = page.done().filter(|done| done == "sent").map(|_| account.forgot_done);
        let problem = page.problem().sentence(words, page.now());
        let has_smtp = page.ask.web.has_smtp;
        let intro = if has_smtp { account.forgot_intro } else { words.sent_no_mail };
        let typed = page.typed("forgot").await?.get("email");
        let form = has_smtp.then(|| {
            view! {
                <form class="stack" method="post" action="/do/forgot_password">
                    <Field id="email" name="email" kind="email" label=words.email_label autocomplete="username" nostrip:value=typed maxlength=254 required=true autofocus=true />
                    <button class="button primary wide">{account.forgot_submit}</button>
                </form>
            }
        });
        Ok(view! {
            <Card words=words title=account.forgot_title>
                    <div class="stack tight">
                        <h1>{account.forgot_title}</h1>
                        <p class="muted">{intro}</p>
                    </div>
                    {notices(done, problem)}
                    {form}
                    <a class="button quiet" href="/reset">{account.have_reset_code}</a>
                </Card>
        }
        .into_any())
    })
}

/// `/reset`: with a code that is typed.
#[component]
pub fn Reset() -> impl IntoView {
    page(|page| async move {
        // Whose it is shows only with the code; until then the rules are those for strangers.
        let first = page.ask.vestibule().organizations().await?.into_iter().next();
        Ok(by_code(&page, &first.map(|first| first.policy).unwrap_or_default()))
    })
}

fn by_code(page: &Page, policy: &Policy) -> AnyView {
    let (words, account) = (page.words, page.words.account());
    let problem = page.problem().sentence(words, page.now());
    let code = code_field(
        words,
        words.code_label,
        groups(policy.code_length),
        policy.code_style == CodeStyle::Digits,
        None,
        false,
    );
    let new = NewPassword { label: account.new_password, min: policy.password_min, ..NewPassword::default() };
    view! {
            <Card words=words title=account.reset_title>
                    <div class="stack tight">
                        <h1>{account.reset_title}</h1>
                        <p class="muted">{account.reset_intro}</p>
                    </div>
                    {notices(None, problem)}
                    <form class="stack" method="post" action="/do/reset_password">
                        <Field id="email" name="email" kind="email" label=words.email_label autocomplete="username" maxlength=254 required=true />
                        {code}
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
        let Some(challenge) = challenge.filter(|challenge| challenge.purpose == Purpose::Reset) else {
            return Ok(over(&page, words.link_unknown_title, words.link_unknown));
        };
        if page.ask.carried().await?.is_none_or(|(_, of)| of != challenge.id) {
            return Ok(by_code(&page, &challenge.policy));
        }
        let problem = page.problem().sentence(words, page.now());
        match &challenge.over {
            Some(Refusal::Expired) => return Ok(over(&page, account.reset_over_title, account.reset_expired)),
            Some(_) => return Ok(over(&page, account.reset_over_title, account.reset_over)),
            None => {}
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

/// The link cannot be used; the ways forward are another mail, and a code.
fn over(page: &Page, title: &'static str, text: &'static str) -> AnyView {
    let (words, account) = (page.words, page.words.account());
    view! {
        <Card words=words title=title>
            <div class="stack tight">
                <h1>{title}</h1>
                <p class="muted">{text}</p>
            </div>
            <a class="button primary wide" href="/forgot">{account.forgot}</a>
            <a class="button quiet" href="/reset">{account.have_reset_code}</a>
        </Card>
    }
    .into_any()
}
