//! A challenge whose handle is known: after a link, or from a page of an administrator.

use axum::http::StatusCode;
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use vestibule_core::{
    Result,
    challenge::ChallengeView,
    code::{CodeStyle, Purpose},
};

use super::{
    Card, code_field, groups, notices,
    over::{Over, over_page},
    send_again, who,
};
use crate::{
    pages::{Assets, Page, page},
    words::Words,
};

/// `/verify/:challenge`: only the code is asked, or only a press where the browser carries the link.
#[component]
pub fn Verify() -> impl IntoView {
    page(|page| async move {
        let challenge = page
            .ask
            .vestibule()
            .challenge(&page.param("challenge"))
            .await?
            .filter(|found| found.purpose == Purpose::Email);
        let Some(challenge) = challenge else { return Ok(unknown(&page)) };
        let words = page.words_of(challenge.language);
        if let Some(over) = Over::of(&challenge) {
            return over_page(&page, words, &challenge, over).await;
        }
        let here = format!("/verify/{}", challenge.id);
        Ok(match who::somebody_else(&page, &challenge, &here).await? {
            Some(view) => view,
            None => open_page(&page, words, challenge).await?,
        })
    })
}

/// A link or handle that leads to nothing: it says so, and where to enter the code.
pub(super) fn unknown(page: &Page) -> AnyView {
    let words = page.words;
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(StatusCode::NOT_FOUND);
    }
    view! {
        <Card words=words title=words.link_unknown_title>
                <div class="stack tight">
                    <h1>{words.link_unknown_title}</h1>
                    <p class="muted">{words.link_unknown}</p>
                </div>
                <a class="button primary wide" href="/">{words.code_title}</a>
            </Card>
    }
    .into_any()
}

/// Whether a press is enough: the browser carries this challenge's link, and nobody has just been told that it is not.
pub(super) async fn offers_link(page: &Page, challenge: &ChallengeView) -> Result<bool> {
    if page.problem().word.is_some() || page.done().is_some() {
        return Ok(false);
    }
    Ok(page.ask.carried().await?.is_some_and(|(_, of)| of == challenge.id))
}

async fn open_page(page: &Page, words: &'static Words, challenge: ChallengeView) -> Result<AnyView> {
    let (problem, has_link) = (page.problem(), offers_link(page, &challenge).await?);
    let sentence = problem.sentence(words, page.now());
    let about_code = problem.is("wrong") || problem.is("unreadable");
    let done = page.done().map(|_| words.sent_again);
    let notice = sentence.clone().filter(|_| !about_code);
    let title = if has_link { words.link_title } else { problem.heading(words).unwrap_or(words.code_title) };
    let intro = if has_link {
        words.link_intro.replace("{masked}", &challenge.masked)
    } else if page.ask.web.has_smtp {
        words
            .sent_to
            .replace("{count}", &challenge.code_length.to_string())
            .replace("{masked}", &challenge.masked)
            .replace("{lifetime}", &words.duration(challenge.policy.code_lifetime))
    } else {
        words.sent_no_mail.to_owned()
    };
    let numeric = challenge.code_style == CodeStyle::Digits;
    let field = (!has_link).then(|| {
        code_field(
            words,
            words.code_label,
            groups(challenge.code_length),
            numeric,
            sentence.filter(|_| about_code),
            true,
        )
    });
    let submit = if has_link { words.link_submit } else { words.code_submit };
    let (waits, again) = (waits(&challenge.id), send_again(page, words, &challenge));
    Ok(view! {
        <Card words=words organization=challenge.organization.clone() title=title>
                <div class="stack tight">
                    <h1>{title}</h1>
                    <p class="muted">{intro}</p>
                </div>
                {notices(done, notice)}
                <form class="stack" method="post" action="/do/verify">
                    <input type="hidden" name="challenge" value=challenge.id />
                    {field}
                    <button class="button primary wide">{submit}</button>
                </form>
                {waits}
                {again}
            </Card>
    }
    .into_any())
}

/// Has the page go on by itself when the wait is over elsewhere; without script it is reloaded by hand.
fn waits(challenge: &str) -> AnyView {
    let Some(Assets(folder)) = use_context::<Assets>() else { return ().into_any() };
    view! {
        <script type="module" nonce=use_nonce() data-wait=format!("/wait/{challenge}") src=format!("/{folder}/wait.js")></script>
    }
    .into_any()
}
