//! `/console/invites/new`

use leptos::prelude::*;
use vestibule_core::{
    actor::{Language, Role},
    env::DAY,
    invite::WORDS,
};

use super::{beyond_role, console_page};
use crate::{
    actions::Unit,
    parts::{Field, FieldFrame, Section, described_by},
    web::Draft,
    words::words,
};

/// One person: name, address, language, own words, expiry.
#[component]
pub fn InviteForm() -> impl IntoView {
    console_page(Section::Invites, |page, admin, _overview| async move {
        if !admin.is(Role::Manager) {
            return Ok(beyond_role("Invite a person"));
        }
        let problem = page.problem();
        let draft = if page.is_back() { page.ask.draft().await?.unwrap_or_default() } else { Draft::default() };
        let policy = page.ask.vestibule().organization(admin.organization_id()).await?.policy;
        let english = words(Language::English);
        let email_error = problem.sentence(english, page.now()).filter(|_| problem.is("address"));
        let name_error = problem.is("name").then(|| "Enter a name of up to 200 characters.".to_owned());
        let chosen: Language = draft.language.parse().unwrap_or(Language::English);
        let languages = Language::ALL.iter().map(move |language| {
            view! { <option value=language.to_string() selected=*language == chosen>{language_word(*language)}</option> }
        });
        let offered = [1, 3, 7, 14, 30, 90];
        let set = offered.into_iter().find(|days| days * DAY == policy.invite_lifetime);
        let chosen_days = draft.days.or(set);
        // What the settings say, where it is none of those; nothing is sent then, and the settings count.
        let as_set = set.is_none().then(|| {
            let (count, unit) = Unit::split(policy.invite_lifetime);
            let word = format!("After {count} {}", unit.word());
            view! { <option value="" selected=chosen_days.is_none()>{word}</option> }
        });
        let lifetimes = offered.map(|days| {
            let word = if days == 1 { "After one day".to_owned() } else { format!("After {days} days") };
            view! { <option value=days.to_string() selected=Some(days) == chosen_days>{word}</option> }
        });
        let words_error =
            problem.is("text").then(|| format!("Write up to {WORDS} characters, without signs that cannot be seen."));
        let (hint, invalid) =
            (described_by("words", true, words_error.is_some()), words_error.is_some().then_some("true"));
        let content = view! {
            <header><div><small><a href="/console/invites">"Invites"</a>" / Invite a person"</small><h1>"Invite a person"</h1></div></header>
            <form class="card form stack" method="post" action="/do/invite">
                <Field id="name" name="name" label="Name" value=draft.name nostrip:error=name_error maxlength=200 required=true autofocus=true />
                <Field id="email" name="email" kind="email" label="Email address" value=draft.email nostrip:error=email_error maxlength=254 required=true />
                <FieldFrame id="language" label="Language of the mail and the pages">
                    <select id="language" name="language">{languages.collect_view()}</select>
                </FieldFrame>
                <FieldFrame id="words" label="Your own words" hint="Optional. Quoted in the mail and on the invite's page." nostrip:error=words_error>
                    <textarea id="words" name="words" rows="4" maxlength=WORDS.to_string() aria-describedby=hint aria-invalid=invalid>{draft.words}</textarea>
                </FieldFrame>
                <FieldFrame id="days" label="Expires">
                    <select id="days" name="days">{as_set}{lifetimes}</select>
                </FieldFrame>
                <div class="row"><a class="button push" href="/console/invites">"Cancel"</a><button class="button primary">"Send the invite"</button></div>
            </form>
        };
        Ok(("Invite a person".to_owned(), content.into_any()))
    })
}

fn language_word(language: Language) -> &'static str {
    match language {
        Language::English => "English",
        Language::German => "Deutsch",
        Language::French => "Français",
        Language::Spanish => "Español",
        Language::Japanese => "日本語",
        Language::Arabic => "العربية",
    }
}
