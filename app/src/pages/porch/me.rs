//! `/me`: one's own account.

mod apps;
mod history;
mod password;
mod told;

use leptos::prelude::*;
use vestibule_core::{
    account::OwnSession,
    actor::Language,
    user::record::{EmailRecord, Record},
    user_agent,
};

use self::{
    apps::apps,
    history::history,
    password::password,
    told::{Place, Told},
};
use super::{Card, company, notices, passkey};
use crate::{
    pages::{Page, moment, page, to_sign_in},
    parts::{Field, StateBadge, StateKind},
    words::{AccountWords, Words},
};

/// What a signed-in person sees and changes of themselves.
#[component]
pub fn Me() -> impl IntoView {
    page(|page| async move {
        let (words, account) = (page.words, page.words.account());
        let Some(visitor) = page.ask.visitor().await? else {
            return Ok(to_sign_in(&page.ask).await);
        };
        let (vestibule, person) = (page.ask.vestibule(), visitor.person());
        let record = vestibule.own_record(&person).await?;
        let sessions = vestibule.own_sessions(&person, page.ask.session_id().as_deref()).await?;
        let events = vestibule.own_history(&person, None).await?;
        let passkeys = passkey::own(&page, &person).await?;
        let rule = passkey::rule(&page, &visitor, &record).await?;
        let companies = company::own(&page, &person, &record).await?;
        let apps = apps(&page, &person).await?;
        let typed = page.typed("me").await?.get("email");
        let problem = Told::read(&page, record.user.has_password);
        let console =
            visitor.admin.is_some().then(|| view! { <a class="button" href="/console">{account.console}</a> });
        Ok(view! {
            <Card words=words organization=visitor.organization.name.clone() title=words.me_title>
                <h1>{visitor.name}</h1>
                {notices(done(&page, account), problem.at_head())}
                {addresses(&page, &record, typed, problem.of(Place::NewAddress), account)}
                {passkeys}
                {rule}
                {companies}
                {password(&record, visitor.organization.policy.password_min, &problem, words, account)}
                {browsers(sessions, account)}
                {apps}
                {language(record.user.language, account)}
                {history(events, account)}
                {console}
                <form method="post" action="/do/sign_out">
                    <button class="button wide">{words.sign_out}</button>
                </form>
            </Card>
        }
        .into_any())
    })
}

fn done(page: &Page, account: &AccountWords) -> Option<&'static str> {
    Some(match page.done()?.as_str() {
        "passkey-added" => page.words.passkey.done_added,
        "passkey-renamed" => page.words.passkey.done_renamed,
        "passkey-removed" => page.words.passkey.done_removed,
        "company-linked" => page.words.company().done_linked,
        "company-unlinked" => page.words.company().done_unlinked,
        "confirmed" => page.words.proof().done,
        "app-withdrawn" => page.words.apps().done_withdrawn,
        "saved" => account.done_saved,
        "removed" => account.done_removed,
        "primary" => account.done_primary,
        "password" => account.done_password,
        "password-removed" => account.done_password_removed,
        "signed-out" => account.done_signed_out,
        _ => return None,
    })
}

fn addresses(
    page: &Page,
    record: &Record,
    typed: Option<String>,
    error: Option<String>,
    account: &'static AccountWords,
) -> AnyView {
    let (words, has_smtp) = (page.words, page.ask.web.has_smtp);
    // Who was refused begins at the field: it stands far down a long page.
    let refused = error.is_some();
    let lines = record.emails.iter().map(|email| address(email, has_smtp, words, account)).collect_view();
    view! {
        <section class="stack tight" aria-labelledby="addresses">
            <h2 id="addresses">{words.me_addresses}</h2>
            <ul class="plain stack">{lines}</ul>
            <form class="stack tight" method="post" action="/do/add_own_address">
                <Field
                    id="new-address" name="email" kind="email" label=account.add_title
                    nostrip:value=typed nostrip:error=error maxlength=254 required=true autofocus=refused
                />
                <button class="button">{account.add_submit}</button>
            </form>
        </section>
    }
    .into_any()
}

/// An address with its state and what can be done with it.
fn address(email: &EmailRecord, has_smtp: bool, words: &'static Words, account: &'static AccountWords) -> AnyView {
    let (kind, word) = match email.verified_at {
        Some(_) => (StateKind::Verified, words.state_verified),
        None => (StateKind::Pending, words.state_unverified),
    };
    let action = |path: &'static str, word: &'static str| {
        let name = format!("{word}: {}", email.address);
        view! {
            <form method="post" action=path>
                <input type="hidden" name="email" value=email.id.clone() />
                <button class="button small" aria-label=name>{word}</button>
            </form>
        }
    };
    let verified = email.verified_at.is_some();
    view! {
        <li class="stack tight">
            <span class="row">
                <span class="address">{email.address.clone()}</span>
                {email.primary.then(|| view! { <small class="muted">{account.primary}</small> })}
                <span class="push"><StateBadge kind=kind word=word /></span>
            </span>
            <span class="row">
                {(!verified && has_smtp).then(|| action("/do/send_own_code", account.send_code))}
                {(verified && !email.primary).then(|| action("/do/make_own_primary", account.make_primary))}
                {(!email.primary).then(|| action("/do/remove_own_address", account.remove))}
            </span>
        </li>
    }
    .into_any()
}

fn browsers(sessions: Vec<OwnSession>, account: &'static AccountWords) -> AnyView {
    let several = sessions.len() > 1;
    let lines = sessions.into_iter().map(|session| {
        let agent = user_agent::name(&session.device.agent).unwrap_or_else(|| match session.device.agent {
            agent if agent.is_empty() => account.unknown_browser.to_owned(),
            agent => agent,
        });
        let when = (session.device.at > 0).then(|| moment::minute(session.device.at));
        let about: Vec<String> = [session.device.ip, when].into_iter().flatten().collect();
        let end = (!session.is_this).then(|| {
            view! {
                <form method="post" action="/do/end_own_session">
                    <input type="hidden" name="session" value=session.id />
                    <button class="button small" aria-label=format!("{}: {agent}", account.end_session)>{account.end_session}</button>
                </form>
            }
        });
        view! {
            <li class="stack tight">
                <span class="address">{agent.clone()}</span>
                <span class="row">
                    <small class="muted" dir="ltr">{about.join(" · ")}</small>
                    {session.is_this.then(|| view! { <small>{account.this_browser}</small> })}
                    <span class="push">{end}</span>
                </span>
            </li>
        }
    });
    let all = several.then(|| {
        view! {
            <form method="post" action="/do/end_other_sessions">
                <button class="button">{account.end_others}</button>
            </form>
        }
    });
    view! {
        <section class="stack tight" aria-labelledby="sessions">
            <h2 id="sessions">{account.sessions}</h2>
            <ul class="plain stack">{lines.collect_view()}</ul>
            {all}
        </section>
    }
    .into_any()
}

fn language(present: Language, account: &'static AccountWords) -> AnyView {
    let options = Language::ALL.iter().map(|language| {
        let name = crate::words::words(*language).language_name;
        view! { <option value=language.as_str() lang=language.as_str() selected=*language == present>{name}</option> }
    });
    view! {
        <form class="stack tight" method="post" action="/do/set_own_language">
            <div class="field">
                <label for="language">{account.language}</label>
                <select id="language" name="language">{options.collect_view()}</select>
            </div>
            <button class="button">{account.save}</button>
        </form>
    }
    .into_any()
}
