//! `/console/providers`: where people of the organization have company accounts.

use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use vestibule_core::provider::{Provider, SCOPES};

use super::{owner_page, provider_entry::Entry};
use crate::{
    islands::{ConfirmDialog, CopyButton},
    pages::moment,
    parts::{Field, FieldFrame, Notice, NoticeKind, Section, StateBadge, StateKind},
    web::Typed,
};

const PAGE: &str = "/console/providers";

#[component]
pub fn Providers() -> impl IntoView {
    owner_page(Section::Providers, |page, admin| async move {
        let providers = page.ask.vestibule().providers(&admin).await?;
        let redirect = page.ask.web.company_callback();
        let (query, now) = (&page.query, page.now());
        let dialog = match query.get("provider").and_then(|id| providers.iter().find(|provider| provider.id == id)) {
            Some(provider) => dialog(query, provider, page.typed(&provider.id).await?),
            None => None,
        };
        let new = form(query, redirect, page.typed("new-provider").await?);
        let content = view! {
            {dialog}
            <header><h1>"Company accounts"</h1></header>
            {checked(query, &providers)}
            <section class="card">
                <header>
                    <h2>"Providers"</h2>
                    <small class="muted">"People sign in with the account that they have at an OpenID provider. An invited person can do so when the provider says that the invited address is theirs and verified."</small>
                </header>
                {table(&providers, now)}
                {new}
            </section>
        };
        Ok(("Company accounts".to_owned(), content.into_any()))
    })
}

/// What the check of a provider came to.
fn checked(query: &ParamsMap, providers: &[Provider]) -> Option<AnyView> {
    let id = query.get("checked")?;
    let provider = providers.iter().find(|provider| provider.id == id)?;
    let (kind, text) = match query.get("found")?.as_str() {
        "sound" => (
            NoticeKind::Done,
            "It answers as it should. Whether client id and secret are right shows when somebody signs in.",
        ),
        "unreachable" => (
            NoticeKind::Problem,
            "It cannot be reached, or took longer than five seconds. Is the issuer right, and may this server go there?",
        ),
        "insecure" => (NoticeKind::Problem, "It names an address without https."),
        "status" => (
            NoticeKind::Problem,
            "Nothing is found at the issuer's address followed by /.well-known/openid-configuration.",
        ),
        "other-issuer" => (
            NoticeKind::Problem,
            "It calls itself by another issuer. Delete it and add it with the issuer exactly as it spells it, a slash at the end included.",
        ),
        "incomplete" => (NoticeKind::Problem, "It leaves out an address that is needed."),
        _ => (NoticeKind::Problem, "What it answers is no description of an OpenID provider."),
    };
    Some(view! { <Notice kind=kind>{format!("{}: {text}", provider.name)}</Notice> }.into_any())
}

fn table(providers: &[Provider], now: i64) -> AnyView {
    if providers.is_empty() {
        return view! { <div class="body muted">"No providers yet."</div> }.into_any();
    }
    view! {
        <div class="scroll" role="region" aria-label="Providers" tabindex="0">
            <table class="cards">
                <thead><tr><th scope="col">"Name"</th><th scope="col">"Client"</th><th scope="col">"Linked"</th><th scope="col">"Added"</th><th scope="col">"State"</th><th scope="col"><span class="visually-hidden">"Actions"</span></th></tr></thead>
                <tbody>{providers.iter().map(|provider| row(provider, now)).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(provider: &Provider, now: i64) -> AnyView {
    let (badge, word) =
        if provider.enabled { (StateKind::Verified, "Enabled") } else { (StateKind::Disabled, "Disabled") };
    let secret = if provider.has_secret { "with a secret" } else { "without a secret" };
    let linked = match provider.links {
        1 => "1 person".to_owned(),
        links => format!("{} people", moment::count(links)),
    };
    let ask = |what: &str, word: &'static str, class: &'static str| {
        let href = format!("{PAGE}?ask={what}&provider={}", provider.id);
        view! { <a class=class href=href aria-label=format!("{word} {}", provider.name)>{word}</a> }
    };
    let toggle = if provider.enabled { "Disable" } else { "Enable" };
    view! {
        <tr>
            <td><b class="name">{provider.name.clone()}</b><span class="sub mono">{provider.issuer.clone()}</span></td>
            <td><span class="mono">{provider.client_id.clone()}</span><span class="sub">{secret}</span></td>
            <td class="muted num">{linked}</td>
            <td class="muted"><span title=moment::on(provider.created_at)>{format!("added {}", moment::ago(provider.created_at, now))}</span></td>
            <td><StateBadge kind=badge word=word /></td>
            <td class="end"><span class="row actions">
                <form method="post" action="/do/check_provider">
                    <input type="hidden" name="provider" value=provider.id.clone() />
                    <button class="button small" aria-label=format!("Check {}", provider.name)>"Check"</button>
                </form>
                <form method="post" action="/do/enable_provider">
                    <input type="hidden" name="provider" value=provider.id.clone() />
                    <input type="hidden" name="enabled" value=(!provider.enabled).to_string() />
                    <button class="button small" aria-label=format!("{toggle} {}", provider.name)>{toggle}</button>
                </form>
                {ask("change", "Change…", "button small")}
                {ask("delete", "Delete…", "button small danger")}
            </span></td>
        </tr>
    }
    .into_any()
}

/// The form that adds one. After a refusal it is open and holds what was typed, except for the secret.
fn form(query: &ParamsMap, redirect: String, typed: Typed) -> AnyView {
    let refused = query.get("for").as_deref() == Some("new");
    let entry = Entry::of(query, refused.then_some(typed));
    // Before anybody has opened the form the page begins at its head.
    let first = |field| refused && entry.is_first(field);
    view! {
        <details class="body" open=refused>
            <summary class="button">"Add a provider"</summary>
            <form class="stack width-30" method="post" action="/do/create_provider">
                <FieldFrame id="redirect" label="Redirect address" hint="Enter this at the provider, where you register Vestibule as an application of kind Web.">
                    <div class="row fill">
                        <input class="mono" id="redirect" value=redirect.clone() readonly=true aria-describedby="redirect-hint" />
                        <CopyButton text=redirect label="Copy" copied="Copied" />
                    </div>
                </FieldFrame>
                <Field id="provider-name" name="name" label="Name" value=entry.typed("name", "") hint="As people know it: Contoso, Google, Okta." nostrip:error=entry.name_error() maxlength=200 required=true autofocus=first("name") />
                <Field id="provider-issuer" name="issuer" label="Issuer" kind="url" value=entry.typed("issuer", "") placeholder="https://login.example.com" nostrip:error=entry.issuer_error() maxlength=500 required=true autofocus=first("issuer") mono=true />
                <Field id="provider-client" name="client_id" label="Client id" value=entry.typed("client_id", "") nostrip:error=entry.client_error() maxlength=1000 autocomplete="off" required=true autofocus=first("client_id") mono=true />
                {entry.secret("provider-secret", "Client secret", "It is encrypted and never shown again. Blank for a client without one.")}
                <Field id="provider-scopes" name="scopes" label="Scopes" value=Some(entry.typed("scopes", "")).filter(|text| !text.is_empty()).unwrap_or_else(|| SCOPES.to_owned()) nostrip:error=entry.scopes_error() maxlength=500 autofocus=first("scopes") mono=true />
                <div class="row"><button class="button primary push">"Add a provider"</button></div>
            </form>
        </details>
    }
    .into_any()
}

/// The question before a provider is deleted, and the form that changes one. Refused for anything but what stands in its
/// fields, it is not asked again.
fn dialog(query: &ParamsMap, provider: &Provider, typed: Typed) -> Option<AnyView> {
    let provider = provider.clone();
    let entry = Entry::of(query, Some(typed));
    if !entry.problem.is_empty() && !entry.is_about_a_field() {
        return None;
    }
    let (path, title, inside, class, submit) = match query.get("ask")?.as_str() {
        "delete" => {
            let text = match provider.links {
                0 => "Nobody is linked to it.".to_owned(),
                1 => "One person is linked to it and can then sign in only another way. If they have none, invite them again.".to_owned(),
                links => format!(
                    "{} people are linked to it and can then sign in only another way. Who has none must be invited again.",
                    moment::count(links)
                ),
            };
            let text = view! { <p class="muted">{text}</p> }.into_any();
            ("/do/delete_provider", format!("Delete {}?", provider.name), text, "button danger", "Delete")
        }
        "change" => {
            let fields = view! {
                <Field id="new-name" name="name" label="Name" value=entry.typed("name", &provider.name) nostrip:error=entry.name_error() maxlength=200 required=true autofocus=entry.is_first("name") />
                <Field id="new-client" name="client_id" label="Client id" value=entry.typed("client_id", &provider.client_id) nostrip:error=entry.client_error() maxlength=1000 required=true autofocus=entry.is_first("client_id") mono=true />
                {entry.secret("new-secret", "New client secret", "Blank: the stored one stays.")}
                <Field id="new-scopes" name="scopes" label="Scopes" value=entry.typed("scopes", &provider.scopes) nostrip:error=entry.scopes_error() maxlength=500 autofocus=entry.is_first("scopes") mono=true />
            };
            ("/do/change_provider", format!("Change {}", provider.name), fields.into_any(), "button primary", "Change")
        }
        _ => return None,
    };
    Some(
        view! {
            <ConfirmDialog title_id="question" cancel_href=PAGE>
                <form class="stack" method="post" action=path>
                    <h2 id="question">{title}</h2>
                    {inside}
                    <input type="hidden" name="provider" value=provider.id />
                    <div class="row"><a class="button push" href=PAGE>"Cancel"</a><button class=class>{submit}</button></div>
                </form>
            </ConfirmDialog>
        }
        .into_any(),
    )
}
