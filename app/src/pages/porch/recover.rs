//! A forgotten password: asking for the mail, and choosing another one.

use leptos::prelude::*;
use vestibule_core::{
    Result,
    challenge::ChallengeView,
    code::{CodeStyle, Purpose},
    organization::Policy,
};

use super::{
    Card, code_field, groups,
    new_password::NewPassword,
    notices,
    over::{Over, of_reset},
    who,
};
use crate::{
    pages::{Page, page},
    parts::Field,
    words::Words,
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
        // Whoever has asked for the mail need not say again for which address.
        let to_code = if done.is_some() { "/reset?typed=kept" } else { "/reset" };
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
                    <a class="button quiet" href=to_code>{account.have_reset_code}</a>
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
        by_code(&page, page.words, &first.map(|first| first.policy).unwrap_or_default()).await
    })
}

async fn by_code(page: &Page, words: &'static Words, policy: &Policy) -> Result<AnyView> {
    let (account, problem) = (words.account(), page.problem());
    // Of what is over only the sentence: a typed code is no link, and the page goes on asking for one.
    let over = problem.word.as_deref().and_then(Over::parse);
    let sentence = over.map(|over| of_reset(words, over).1.to_owned());
    let sentence = sentence.or_else(|| problem.sentence(words, page.now()));
    let typed = page.typed("forgot").await?.get("email");
    let (about_email, about_password) = (problem.is("address"), problem.is_about_password());
    let about_code = problem.is("wrong") || problem.is("unreadable");
    let error = |about: bool| sentence.clone().filter(|_| about);
    let email_error = error(about_email);
    let notice = sentence.clone().filter(|_| !about_email && !about_code && !about_password);
    let has_address = typed.is_some() && !about_email;
    let code = code_field(
        words,
        words.code_label,
        groups(policy.code_length),
        policy.code_style == CodeStyle::Digits,
        error(about_code),
        has_address,
    );
    let (label, min, password_error) = (account.new_password, policy.password_min, error(about_password));
    let new = NewPassword { label, min, error: password_error, ..NewPassword::default() };
    Ok(view! {
            <Card words=words title=account.reset_title>
                    <div class="stack tight">
                        <h1>{account.reset_title}</h1>
                        <p class="muted">{account.reset_intro}</p>
                    </div>
                    {notices(None, notice)}
                    <form class="stack" method="post" action="/do/reset_password">
                        <Field
                            id="email" name="email" kind="email" label=words.email_label autocomplete="username"
                            nostrip:value=typed nostrip:error=email_error maxlength=254 required=true autofocus=!has_address
                        />
                        {code}
                        {new.field(words)}
                        <button class="button primary wide">{account.reset_submit}</button>
                    </form>
                    <a class="button quiet" href="/forgot">{account.forgot}</a>
                </Card>
    }
    .into_any())
}

/// `/reset/CHALLENGE`: with the link that the browser carries, else with the code. Looking changes nothing.
#[component]
pub fn ResetByLink() -> impl IntoView {
    page(|page| async move {
        let challenge = page.ask.vestibule().challenge(&page.param("challenge")).await?;
        let Some(challenge) = challenge.filter(|challenge| challenge.purpose == Purpose::Reset) else {
            let words = page.words;
            return Ok(no_link(words, words.link_unknown_title, words.link_unknown, None));
        };
        let words = page.words_of(challenge.language);
        if page.ask.carried().await?.is_none_or(|(_, of)| of != challenge.id) {
            return by_code(&page, words, &challenge.policy).await;
        }
        if let Some(over) = Over::of(&challenge) {
            return over_page(&page, words, &challenge, over).await;
        }
        let here = format!("/reset/{}", challenge.id);
        match who::somebody_else(&page, &challenge, &here).await? {
            Some(view) => Ok(view),
            None => Ok(by_link(&page, words, challenge)),
        }
    })
}

fn by_link(page: &Page, words: &'static Words, challenge: ChallengeView) -> AnyView {
    let (account, problem) = (words.account(), page.problem());
    let sentence = problem.sentence(words, page.now());
    let about_password = problem.is_about_password();
    let (min, error) = (challenge.policy.password_min, sentence.clone().filter(|_| about_password));
    let new = NewPassword { label: account.new_password, min, error, autofocus: true, ..NewPassword::default() };
    view! {
        <Card words=words organization=challenge.organization title=account.reset_title>
                <div class="stack tight">
                    <h1>{account.reset_title}</h1>
                    <p class="muted">{account.reset_for.replace("{masked}", &challenge.masked)}</p>
                </div>
                {notices(None, sentence.filter(|_| !about_password))}
                <form class="stack" method="post" action="/do/reset_password_by_link">
                    <input type="hidden" name="challenge" value=challenge.id />
                    {new.field(words)}
                    <button class="button primary wide">{account.reset_submit}</button>
                </form>
            </Card>
    }
    .into_any()
}

/// What became of the link. Whose password was just changed by it is most likely here to sign in.
async fn over_page(page: &Page, words: &'static Words, challenge: &ChallengeView, over: Over) -> Result<AnyView> {
    let (title, text) = of_reset(words, over);
    let onward = match over {
        Over::Used => Some(who::onward(page, words, challenge).await?),
        _ => None,
    };
    Ok(no_link(words, title, text, onward))
}

/// The link cannot be used; the ways forward are another mail, and a code.
fn no_link(words: &'static Words, title: &'static str, text: &'static str, onward: Option<AnyView>) -> AnyView {
    let account = words.account();
    let forgot = if onward.is_some() { "button quiet" } else { "button primary wide" };
    view! {
        <Card words=words title=title>
            <div class="stack tight">
                <h1>{title}</h1>
                <p class="muted">{text}</p>
            </div>
            {onward}
            <a class=forgot href="/forgot">{account.forgot}</a>
            <a class="button quiet" href="/reset">{account.have_reset_code}</a>
        </Card>
    }
    .into_any()
}
