//! The first way to sign in.

use leptos::prelude::*;
use vestibule_core::{Result, code::Purpose, organization::Method};

use super::{Card, company, new_password::NewPassword, notices, passkey, who};
use crate::{
    pages::{Page, page},
    parts::{Notice, NoticeKind},
    web::journey::Errand,
};

/// `/welcome`: the restricted session after an invite's code sets the first password here.
#[component]
pub fn Welcome() -> impl IntoView {
    page(|page| async move {
        if let Some(view) = who::offered(&page, Purpose::Invite, "/welcome").await? {
            return Ok(view);
        }
        let problem = page.problem();
        let redeemed = page.ask.setup().await.ok().filter(|redeemed| redeemed.purpose == Purpose::Invite);
        let Some(redeemed) = redeemed else { return Ok(over(page.words)) };
        let Some(challenge) = page.ask.vestibule().challenge(&redeemed.challenge_id).await? else {
            return Ok(over(page.words));
        };
        if challenge.has_method {
            return who::ready(&page, &challenge).await;
        }
        let words = page.words_of(challenge.language);
        let allowed = |method| challenge.policy.first_methods.contains(&method);
        let by_passkey = allowed(Method::Passkey) && page.ask.vestibule().offers_passkeys();
        let by_password = allowed(Method::Password);
        let companies = if allowed(Method::Provider) {
            page.ask.vestibule().providers_of(&redeemed.organization_id).await?
        } else {
            Vec::new()
        };
        let by_company = (!companies.is_empty()).then(|| {
            view! {
                <p class="muted">{words.company().first}</p>
                {company::offers(words, &companies, Errand::First)}
            }
        });
        let sentence = problem.sentence(words, page.now());
        let about_password = problem.is_about_password();
        let name =
            page.ask.vestibule().visitor(&redeemed.user_id).await?.map(|visitor| visitor.name).unwrap_or_default();
        // Said of the ways that are there: an organization may allow some that nothing is set up for.
        let text = match (by_passkey || by_company.is_some(), by_password) {
            (true, _) => words.passkey.choose,
            (false, true) => words.welcome_text,
            (false, false) => words.welcome_none,
        };
        let title = words.welcome_title.replace("{name}", &name);
        let password = by_password.then(|| {
            let field = NewPassword {
                label: words.password_label,
                min: challenge.policy.password_min,
                own: name.clone(),
                error: sentence.clone().filter(|_| about_password),
                autofocus: !by_passkey,
            };
            view! {
                <form class="stack" method="post" action="/do/set_password">
                    {field.field(words)}
                    <button class="button primary wide">{words.password_submit}</button>
                </form>
            }
        });
        Ok(view! {
            <Card words=words organization=challenge.organization.clone() title=title.clone()>
                    <ol class="steps" aria-label=words.step_2_of_2>
                        <li class="done"></li>
                        <li class="done"></li>
                    </ol>
                    <Notice kind=NoticeKind::Done>{words.welcome_verified}</Notice>
                    <div class="stack tight">
                        <h1>{title}</h1>
                        <p class="muted">{text}</p>
                    </div>
                    {notices(None, sentence.filter(|_| !about_password))}
                    {by_passkey.then(|| passkey::make(words, words.passkey.create, true))}
                    {by_company}
                    {password}
                </Card>
        }
        .into_any())
    })
}

fn over(words: &'static crate::words::Words) -> AnyView {
    view! {
        <Card words=words title=words.setup_over_title>
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
        let text = match page.query.get("by").as_deref() {
            Some("passkey") => words.passkey.done_text,
            Some("company") => words.company().done_text,
            _ => words.done_text,
        };
        let (onward, label) = onward(&page).await?;
        Ok(view! {
            <Card words=words title=words.done_title>
                    <div class="stack tight">
                        <h1>{words.done_title}</h1>
                        <p class="muted">{text}</p>
                    </div>
                    <a class="button primary wide" href=onward>{label}</a>
                </Card>
        }
        .into_any())
    })
}

/// Where who has just come in goes on, and in which words: to the app that sent them here, else to their account.
async fn onward(page: &Page) -> Result<(String, String)> {
    let home = || ("/me".to_owned(), page.words.done_link.to_owned());
    let Some(waiting) = page.ask.newest_waiting().await? else { return Ok(home()) };
    let app = page.ask.vestibule().app(&waiting.request.client_id).await?;
    Ok(app.map_or_else(home, |app| (waiting.path(), page.words.apps().go_on.replace("{app}", &app.name))))
}
