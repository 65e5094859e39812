//! `/confirm`: somebody shows again who they are; `/sign-in/passkey`: an administrator shows a passkey as well.

use leptos::prelude::*;
use vestibule_core::{Result, actor::Person, provider::Offer, session::Visitor, user::record::Record};

use super::{Card, company, notices, passkey};
use crate::{
    actions::confirm::local,
    pages::{Page, page, to_sign_in},
    parts::Field,
    web::journey::Errand,
};

#[component]
pub fn Confirm() -> impl IntoView {
    page(|page| async move {
        let (words, texts) = (page.words, page.words.proof());
        let back = local(&page.query.get("back").unwrap_or_default());
        let Some(visitor) = page.ask.visitor().await? else {
            return Ok(to_sign_in(&page.ask).await);
        };
        let person = visitor.person();
        let record = page.ask.vestibule().own_record(&person).await?;
        let companies = linked(&page, &person, &record).await?;
        let by_passkey = !record.passkeys.is_empty() && page.ask.vestibule().offers_passkeys();
        let again = (!record.user.has_password && !by_passkey && companies.is_empty())
            .then(|| view! { <a class="button wide" href="/sign-in">{texts.again}</a> });
        Ok(view! {
            <Card words=words organization=visitor.organization.name title=texts.title>
                <div class="stack tight">
                    <h1>{texts.title}</h1>
                    <p class="muted">{texts.text}</p>
                </div>
                {notices(None, problem(&page))}
                {by_passkey.then(|| passkey::prove(words, texts.by_passkey, &back))}
                {company::offers_with(words, &companies, Errand::Confirm, &back)}
                {record.user.has_password.then(|| by_password(&page, &record, &back))}
                {again}
                <a class="button quiet" href=back.clone()>{texts.back}</a>
            </Card>
        }
        .into_any())
    })
}

/// The providers that the person is linked to, once each.
async fn linked(page: &Page, person: &Person, record: &Record) -> Result<Vec<Offer>> {
    let mut offers = page.ask.vestibule().providers_of(person.organization_id()).await?;
    offers.retain(|offer| record.providers.iter().any(|linked| linked.provider_id == offer.id));
    Ok(offers)
}

fn by_password(page: &Page, record: &Record, back: &str) -> AnyView {
    let words = page.words;
    view! {
        <form class="stack" method="post" action="/do/confirm">
            <input type="hidden" name="back" value=back.to_owned() />
            <input name="username" autocomplete="username" value=record.user.username.clone() readonly=true hidden=true />
            <Field id="password" name="password" kind="password" label=words.password_label autocomplete="current-password" required=true autofocus=true />
            <button class="button primary wide">{words.proof().submit}</button>
        </form>
    }
    .into_any()
}

/// Why somebody was not recognized.
fn problem(page: &Page) -> Option<String> {
    let (problem, words) = (page.problem(), page.words);
    match problem.word.as_deref() {
        Some("sign-in") => Some(words.account().wrong_password.to_owned()),
        Some("passkey") => Some(words.proof().not_yours.to_owned()),
        _ => problem.sentence(words, page.now()),
    }
}

/// An administrator who has shown all but the passkey that their organization wants shows one here, or makes their first.
#[component]
pub fn Halfway() -> impl IntoView {
    page(|page| async move {
        match page.ask.halfway().await? {
            Some(visitor) => halfway(&page, visitor).await,
            None => Ok(to_sign_in(&page.ask).await),
        }
    })
}

async fn halfway(page: &Page, visitor: Visitor) -> Result<AnyView> {
    let (words, texts) = (page.words, page.words.proof());
    let has_one = !page.ask.vestibule().own_passkeys(&visitor.person()).await?.is_empty();
    let (title, text) =
        if has_one { (texts.second_title, texts.second_text) } else { (texts.enrol_title, texts.enrol_text) };
    let part = match (page.ask.vestibule().offers_passkeys(), has_one) {
        (false, _) => view! { <p class="notice">{words.passkey.off}</p> }.into_any(),
        (true, true) => passkey::prove(words, texts.second_submit, ""),
        (true, false) => passkey::make(words, words.passkey.create, true),
    };
    let problem = problem(page);
    let text = text.replace("{organization}", &visitor.organization.name);
    Ok(view! {
        <Card words=words organization=visitor.organization.name title=title>
            <div class="stack tight">
                <h1>{title}</h1>
                <p class="muted">{text}</p>
            </div>
            {notices(None, problem)}
            {part}
            <form method="post" action="/do/sign_out">
                <button class="button quiet wide">{words.sign_out}</button>
            </form>
        </Card>
    }
    .into_any())
}
