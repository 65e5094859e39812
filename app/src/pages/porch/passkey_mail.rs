//! What a mail about a passkey leads to: by its link or its code to the page where one is added.

use axum::http::StatusCode;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use vestibule_core::{
    Result,
    challenge::ChallengeView,
    code::{PASSKEY_LENGTH, Purpose},
};

use super::{
    Card, code_field, groups, notices,
    over::{Over, of_passkey},
    passkey::make,
    verify::offers_link,
    who,
};
use crate::{
    pages::{Page, page},
    parts::Field,
    words::Words,
};

/// `/passkey`: who has redeemed a mail's link or code adds the passkey here; who has the code enters it here.
#[component]
pub fn AddPasskey() -> impl IntoView {
    page(|page| async move {
        if let Some(view) = who::offered(&page, Purpose::Passkey, "/passkey").await? {
            return Ok(view);
        }
        let redeemed = page.ask.setup().await.ok().filter(|redeemed| redeemed.purpose == Purpose::Passkey);
        Ok(match redeemed {
            Some(redeemed) => {
                let challenge = page.ask.vestibule().challenge(&redeemed.challenge_id).await?;
                challenge.map_or_else(|| code_page(&page, None), |challenge| session_page(&page, &challenge))
            }
            None => code_page(&page, page.ask.asked().await?),
        })
    })
}

fn session_page(page: &Page, challenge: &ChallengeView) -> AnyView {
    let words = page.words_of(challenge.language);
    let text = words.passkey;
    let problem = page.problem().sentence(words, page.now());
    view! {
        <Card words=words organization=challenge.organization.clone() title=text.add>
                <div class="stack tight">
                    <h1>{text.add}</h1>
                    <p class="muted">{text.session_text}</p>
                </div>
                {notices(None, problem)}
                {make(words, text.add, true)}
                <a class="button quiet" href="/sign-in">{words.to_sign_in}</a>
            </Card>
    }
    .into_any()
}

fn code_page(page: &Page, asked: Option<String>) -> AnyView {
    let (words, problem) = (page.words, page.problem());
    let text = words.passkey;
    let over = problem.word.as_deref().and_then(Over::parse);
    let sentence = over.map(|over| of_passkey(words, over).1.to_owned());
    let sentence = sentence.or_else(|| problem.sentence(words, page.now()));
    let about_code = problem.is("wrong") || problem.is("unreadable");
    let about_email = problem.is("address");
    let notice = sentence.clone().filter(|_| !about_code && !about_email);
    let code_error = sentence.clone().filter(|_| about_code);
    let email_error = sentence.filter(|_| about_email);
    let has_address = asked.is_some() && !about_email;
    view! {
        <Card words=words title=text.add>
                <div class="stack tight">
                    <h1>{text.add}</h1>
                    <p class="muted">{text.code_intro}</p>
                </div>
                {notices(None, notice)}
                <form class="stack" method="post" action="/do/redeem_passkey_at">
                    <Field
                        id="email" name="email" kind="email" label=words.email_label autocomplete="email"
                        nostrip:value=asked nostrip:error=email_error maxlength=254 required=true autofocus=!has_address
                    />
                    {code_field(words, words.code_label, groups(PASSKEY_LENGTH), false, code_error, has_address)}
                    <button class="button primary wide">{text.link_submit}</button>
                </form>
                <a class="button quiet" href="/sign-in">{words.to_sign_in}</a>
            </Card>
    }
    .into_any()
}

/// `/passkey/:challenge`: a press where the browser carries the link, else the code. Looking changes nothing.
#[component]
pub fn PasskeyByLink() -> impl IntoView {
    page(|page| async move {
        let challenge = page.ask.vestibule().challenge(&page.param("challenge")).await?;
        let Some(challenge) = challenge.filter(|found| found.purpose == Purpose::Passkey) else {
            if let Some(response) = use_context::<ResponseOptions>() {
                response.set_status(StatusCode::NOT_FOUND);
            }
            return Ok(unknown(page.words));
        };
        let words = page.words_of(challenge.language);
        if let Some(over) = Over::of(&challenge) {
            return over_page(&page, words, &challenge, over).await;
        }
        let here = format!("/passkey/{}", challenge.id);
        Ok(match who::somebody_else(&page, &challenge, &here).await? {
            Some(view) => view,
            None => link_page(&page, words, challenge).await?,
        })
    })
}

async fn link_page(page: &Page, words: &'static Words, challenge: ChallengeView) -> Result<AnyView> {
    let (text, problem) = (words.passkey, page.problem());
    let has_link = offers_link(page, &challenge).await?;
    let sentence = problem.sentence(words, page.now());
    let about_code = problem.is("wrong") || problem.is("unreadable");
    let notice = sentence.clone().filter(|_| !about_code);
    let error = sentence.filter(|_| about_code);
    let code = groups(challenge.code_length);
    let field = (!has_link).then(|| code_field(words, words.code_label, code, false, error, true));
    Ok(view! {
        <Card words=words organization=challenge.organization.clone() title=text.add>
                <div class="stack tight">
                    <h1>{text.add}</h1>
                    <p class="muted">{text.link_text.replace("{masked}", &challenge.masked)}</p>
                </div>
                {notices(None, notice)}
                <form class="stack" method="post" action="/do/redeem_passkey">
                    <input type="hidden" name="challenge" value=challenge.id />
                    {field}
                    <button class="button primary wide">{text.link_submit}</button>
                </form>
            </Card>
    }
    .into_any())
}

/// What became of the link; the ways forward are another one and one's own account.
async fn over_page(page: &Page, words: &'static Words, challenge: &ChallengeView, over: Over) -> Result<AnyView> {
    let (title, text) = of_passkey(words, over);
    let onward = who::onward(page, words, challenge).await?;
    Ok(view! {
        <Card words=words organization=challenge.organization.clone() title=title>
                <div class="stack tight">
                    <h1>{title}</h1>
                    <p class="muted">{text}</p>
                </div>
                {onward}
                <a class="button quiet" href="/passkey">{words.account().have_reset_code}</a>
            </Card>
    }
    .into_any())
}

/// The link leads nowhere.
fn unknown(words: &'static Words) -> AnyView {
    let text = words.passkey;
    view! {
        <Card words=words title=text.link_over_title>
                <div class="stack tight">
                    <h1>{text.link_over_title}</h1>
                    <p class="muted">{text.link_over}</p>
                </div>
                <a class="button primary wide" href="/sign-in">{words.to_sign_in}</a>
            </Card>
    }
    .into_any()
}
