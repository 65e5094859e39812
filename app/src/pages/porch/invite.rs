//! The invite page: who invites, one press or a code, and a way to decline.

use leptos::prelude::*;
use vestibule_core::{Result, challenge::ChallengeView, code::Purpose};

use super::{
    Card, code_field, groups, notices,
    over::{Over, over_page},
    send_again,
    verify::{offers_link, unknown},
    who,
};
use crate::{
    pages::{Page, page},
    words::Words,
};

/// `/invite/:challenge`
#[component]
pub fn Invite() -> impl IntoView {
    page(|page| async move {
        let Some(challenge) = find(&page).await? else { return Ok(unknown(&page)) };
        let words = page.words_of(challenge.language);
        let over = Over::of(&challenge);
        if challenge.has_method && !matches!(over, Some(Over::Used | Over::Revoked | Over::Declined)) {
            return who::ready(&page, &challenge).await;
        }
        if let Some(over) = over {
            return over_page(&page, words, &challenge, over).await;
        }
        let here = format!("/invite/{}", challenge.id);
        Ok(match who::somebody_else(&page, &challenge, &here).await? {
            Some(view) => view,
            None => open_page(&page, words, challenge).await?,
        })
    })
}

/// `/invite/:challenge/decline`: asks before the invite ends.
#[component]
pub fn Decline() -> impl IntoView {
    page(|page| async move {
        let Some(challenge) = find(&page).await? else { return Ok(unknown(&page)) };
        let words = page.words_of(challenge.language);
        if let Some(over) = Over::of(&challenge) {
            return over_page(&page, words, &challenge, over).await;
        }
        Ok(view! {
            <Card words=words organization=challenge.organization.clone() title=words.decline_title>
                    <div class="stack tight">
                        <h1>{words.decline_title}</h1>
                        <p class="muted">{words.decline_text}</p>
                    </div>
                    <form method="post" action="/do/decline_invite">
                        <input type="hidden" name="challenge" value=challenge.id.clone() />
                        <button class="button danger wide">{words.decline_submit}</button>
                    </form>
                    <a class="button quiet" href=format!("/invite/{}", challenge.id)>{words.keep}</a>
                </Card>
        }
        .into_any())
    })
}

async fn find(page: &Page) -> Result<Option<ChallengeView>> {
    let challenge = page.ask.vestibule().challenge(&page.param("challenge")).await?;
    Ok(challenge.filter(|challenge| challenge.purpose == Purpose::Invite))
}

async fn open_page(page: &Page, words: &'static Words, challenge: ChallengeView) -> Result<AnyView> {
    let (problem, has_link) = (page.problem(), offers_link(page, &challenge).await?);
    let sentence = problem.sentence(words, page.now());
    let about_code = problem.is("wrong") || problem.is("unreadable");
    let done = page.done().map(|_| words.sent_again);
    let notice = sentence.clone().filter(|_| !about_code);
    let (inviter, own_words) = challenge.invite.clone().unwrap_or_default();
    let welcome = words.invite_title.replace("{inviter}", &inviter).replace("{organization}", &challenge.organization);
    let title = problem.heading(words).map_or(welcome, str::to_owned);
    let quote =
        (!own_words.is_empty()).then(|| view! { <blockquote class="own-words" dir="auto">{own_words}</blockquote> });
    let field = (!has_link).then(|| {
        code_field(
            words,
            words.invite_code_label,
            groups(challenge.code_length),
            false,
            sentence.filter(|_| about_code),
            true,
        )
    });
    let decline = has_link.then(|| {
        view! { <a class="button quiet" href=format!("/invite/{}/decline", challenge.id)>{words.invite_decline}</a> }
    });
    let no_mail = (!has_link && !page.ask.web.has_smtp).then(|| view! { <p class="muted">{words.sent_no_mail}</p> });
    let again = send_again(page, words, &challenge);
    Ok(view! {
        <Card words=words organization=challenge.organization.clone() title=title.clone()>
                <ol class="steps" aria-label=words.step_1_of_2>
                    <li class="done"></li>
                    <li></li>
                </ol>
                <div class="stack tight">
                    <h1>{title}</h1>
                    {quote}
                    <p class="muted">{words.invite_text.replace("{masked}", &challenge.masked)}</p>
                    {no_mail}
                </div>
                {notices(done, notice)}
                <form class="stack" method="post" action="/do/accept_invite">
                    <input type="hidden" name="challenge" value=challenge.id />
                    {field}
                    <button class="button primary wide">{words.invite_accept}</button>
                </form>
                {again}
                {decline}
            </Card>
    }
    .into_any())
}
