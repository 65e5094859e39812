//! The first owner.

use leptos::prelude::*;
use vestibule_core::{organization::Policy, secret::Token};

use super::{Card, new_password::NewPassword};
use crate::{
    pages::page,
    parts::{Field, Notice, NoticeKind},
    web::Carried,
    words::Words,
};

/// `/setup`: whoever opened the link that the process printed makes the first owner here.
#[component]
pub fn SetUp() -> impl IntoView {
    page(|page| async move {
        let (words, texts) = (page.words, page.words.setup());
        let problem = page.problem();
        let link = Carried::Setup.get(&page.ask.headers).as_deref().and_then(Token::parse);
        let is_open = match &link {
            Some(link) => page.ask.vestibule().setup_link_is_open(link).await?,
            None => false,
        };
        if !is_open {
            return Ok(closed(words));
        }
        let sentence = match problem.word.as_deref() {
            Some("name") => Some(texts.name_missing.to_owned()),
            _ => problem.sentence(words, page.now()),
        };
        let about = |what: &str| {
            let is = problem.word.as_deref().is_some_and(|word| word.starts_with(what));
            sentence.clone().filter(|_| is)
        };
        let typed = page.typed("setup").await?;
        let (name, email) = (typed.get("name"), typed.get("email"));
        let (name_error, email_error) = (about("name"), about("address"));
        let min = Policy::default().password_min;
        let password =
            NewPassword { label: words.password_label, min, error: about("password"), ..NewPassword::default() };
        Ok(view! {
            <Card words=words title=texts.title>
                    <div class="stack tight">
                        <h1>{texts.title}</h1>
                        <p class="muted">{texts.intro}</p>
                    </div>
                    <form class="stack" method="post" action="/do/set_up_owner">
                        <Field id="name" name="name" label=texts.name autocomplete="name" nostrip:value=name nostrip:error=name_error maxlength=200 required=true autofocus=true />
                        <Field id="email" name="email" kind="email" label=words.email_label autocomplete="email" nostrip:value=email nostrip:error=email_error maxlength=254 required=true />
                        {password.field(words)}
                        <button class="button primary wide">{texts.submit}</button>
                    </form>
                </Card>
        }
        .into_any())
    })
}

fn closed(words: &'static Words) -> AnyView {
    let texts = words.setup();
    view! {
        <Card words=words title=texts.closed_title>
                <div class="stack tight">
                    <h1>{texts.closed_title}</h1>
                    <p class="muted">{texts.closed_text}</p>
                </div>
                <Notice kind=NoticeKind::Info>{texts.closed_hint}</Notice>
                <a class="button primary wide" href="/sign-in">{words.to_sign_in}</a>
            </Card>
    }
    .into_any()
}
