//! `/sign-in/password`: who signed in with a password that must not last chooses another one.

use leptos::prelude::*;
use vestibule_core::{Result, session::Visitor};

use super::{Card, leave::go, new_password::NewPassword, notices};
use crate::pages::{Page, page, to_sign_in};

#[component]
pub fn Choose() -> impl IntoView {
    page(|page| async move {
        match page.ask.choosing().await? {
            Some((visitor, _)) => choose(&page, visitor).await,
            None => past(&page).await,
        }
    })
}

async fn choose(page: &Page, visitor: Visitor) -> Result<AnyView> {
    let (words, account, problem) = (page.words, page.words.account(), page.problem());
    let record = page.ask.vestibule().own_record(&visitor.person()).await?;
    let sentence = match problem.word.as_deref() {
        Some("unchanged") => Some(words.proof().choose_same.to_owned()),
        _ => problem.sentence(words, page.now()),
    };
    let about_password = problem.is("unchanged") || problem.is_about_password();
    let new = NewPassword {
        label: account.new_password,
        min: visitor.organization.policy.password_min,
        own: format!("{} {}", record.user.name, record.user.username),
        error: sentence.clone().filter(|_| about_password),
        autofocus: true,
    };
    Ok(view! {
        <Card words=words organization=visitor.organization.name title=account.reset_title>
            <div class="stack tight">
                <h1>{account.reset_title}</h1>
                <p class="muted">{words.proof().choose_text}</p>
            </div>
            {notices(None, sentence.filter(|_| !about_password))}
            <form class="stack" method="post" action="/do/choose_password">
                <input name="username" autocomplete="username" value=record.user.username readonly=true hidden=true />
                {new.field(words)}
                <button class="button primary wide">{account.reset_submit}</button>
            </form>
            <form method="post" action="/do/sign_out">
                <button class="button quiet wide">{words.sign_out}</button>
            </form>
        </Card>
    }
    .into_any())
}

/// Where who has nothing to choose any more goes on: who is in, to their account, told if they tried; whose time is over,
/// or whose password has been changed meanwhile, to sign in once more.
async fn past(page: &Page) -> Result<AnyView> {
    let tried = page.problem().word.is_some();
    Ok(match (page.ask.visitor().await?, page.ask.next_step().await?, page.ask.shown_password().await?) {
        (Some(_), ..) => go(if tried { "/me?problem=forbidden" } else { "/me" }),
        (None, None, Some(_)) => go("/sign-in?problem=choosing-over"),
        (None, ..) => to_sign_in(&page.ask).await,
    })
}
