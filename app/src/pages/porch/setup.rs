//! The first owner.

use leptos::prelude::*;
use vestibule_core::{actor::Language, organization::Policy, secret::Token};

use super::{Card, new_password::NewPassword};
use crate::{
    pages::page,
    parts::{Field, Notice, NoticeKind},
    web::Carried,
    words::words,
};

/// `/setup`: whoever opened the link that the process printed makes the first owner here.
#[component]
pub fn SetUp() -> impl IntoView {
    page(|page| async move {
        // Whoever sets it up reads the console, which speaks English.
        let words = words(Language::English);
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
            Some("name") => Some("Enter your name.".to_owned()),
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
        let password = NewPassword { label: "Password", min, error: about("password"), ..NewPassword::default() };
        Ok(view! {
            <Card words=words title="Set up Vestibule">
                    <div class="stack tight">
                        <h1>"Set up Vestibule"</h1>
                        <p class="muted">"You become its first owner. This link works once."</p>
                    </div>
                    <form class="stack" method="post" action="/do/set_up_owner">
                        <Field id="name" name="name" label="Your name" autocomplete="name" nostrip:value=name nostrip:error=name_error maxlength=200 required=true autofocus=true />
                        <Field id="email" name="email" kind="email" label="Email address" autocomplete="email" nostrip:value=email nostrip:error=email_error maxlength=254 required=true />
                        {password.field(words)}
                        <button class="button primary wide">"Create the owner"</button>
                    </form>
                </Card>
        }
        .into_any())
    })
}

fn closed(words: &'static crate::words::Words) -> AnyView {
    view! {
        <Card words=words title="This link no longer works">
                <div class="stack tight">
                    <h1>"This link no longer works"</h1>
                    <p class="muted">
                        "A set-up link works once and for one hour. While there is no owner, Vestibule prints a new one each time it starts."
                    </p>
                </div>
                <Notice kind=NoticeKind::Info>"Is there an owner already? Then sign in."</Notice>
                <a class="button primary wide" href="/sign-in">"Sign in"</a>
            </Card>
    }
    .into_any()
}
