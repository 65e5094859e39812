//! The first way to sign in.

use leptos::prelude::*;

use super::Card;
use super::notices;
use crate::{
    pages::page,
    parts::{Field, Notice, NoticeKind},
    words::words,
};

/// `/welcome`: the restricted session after an invite's code sets the first password here.
#[component]
pub fn Welcome() -> impl IntoView {
    page(|page| async move {
        let problem = page.problem();
        let Ok(redeemed) = page.ask.setup().await else { return Ok(over(page.words)) };
        let Some(challenge) = page.ask.vestibule().challenge(&redeemed.challenge_id).await? else {
            return Ok(over(page.words));
        };
        let words = words(challenge.language);
        let min = challenge.policy.password_min.to_string();
        let sentence = problem.sentence(words, page.now());
        let about_password = problem.word.as_deref().is_some_and(|word| word.starts_with("password"));
        let name =
            page.ask.vestibule().visitor(&redeemed.user_id).await?.map(|visitor| visitor.name).unwrap_or_default();
        let title = words.welcome_title.replace("{name}", &name);
        Ok(view! {
            <Card words=words organization=challenge.organization.clone() title=title.clone()>
                    <ol class="steps" aria-label=words.step_2_of_2>
                        <li class="done"></li>
                        <li class="done"></li>
                    </ol>
                    <Notice kind=NoticeKind::Done>{words.welcome_verified}</Notice>
                    <div class="stack tight">
                        <h1>{title}</h1>
                        <p class="muted">{words.welcome_text}</p>
                    </div>
                    {notices(None, sentence.clone().filter(|_| !about_password))}
                    <form class="stack" method="post" action="/do/set_password">
                        <Field
                            id="password" name="password" kind="password" label=words.password_label
                            hint=words.password_hint.replace("{min}", &min) autocomplete="new-password"
                            nostrip:error=sentence.filter(|_| about_password) required=true autofocus=true
                        />
                        <button class="button primary wide">{words.password_submit}</button>
                    </form>
                </Card>
        }
        .into_any())
    })
}

fn over(words: &'static crate::words::Words) -> AnyView {
    view! {
        <Card words=words organization="Vestibule" title=words.setup_over_title>
                <div class="stack tight">
                    <h1>{words.setup_over_title}</h1>
                    <p class="muted">{words.setup_over}</p>
                </div>
                <a class="button primary wide" href="/">{words.code_title}</a>
                <a class="button quiet" href="/sign-in">{words.to_sign_in}</a>
            </Card>
    }
    .into_any()
}

/// `/welcome/done`
#[component]
pub fn Done() -> impl IntoView {
    page(|page| async move {
        let words = page.words;
        let organization =
            page.ask.visitor().await?.map_or_else(|| "Vestibule".to_owned(), |visitor| visitor.organization.name);
        Ok(view! {
            <Card words=words organization=organization title=words.done_title>
                    <div class="stack tight">
                        <h1>{words.done_title}</h1>
                        <p class="muted">{words.done_text}</p>
                    </div>
                    <a class="button primary wide" href="/me">{words.done_link}</a>
                </Card>
        }
        .into_any())
    })
}
