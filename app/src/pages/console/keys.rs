//! `/console/keys`: API keys and OAuth clients.

use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use vestibule_core::api_key::{Key, KeyState, Scope};

use super::{
    apps::{app_form, app_made, edit_app, edited},
    hand_over::shown_once,
    owner_page, time_ago,
};
use crate::{
    islands::ConfirmDialog,
    pages::moment,
    parts::{Field, FieldFrame, Section, StateBadge, StateKind},
    web::Carried,
};

/// What is made here: where they differ, in words.
#[derive(Clone, Copy)]
struct Kind {
    /// In queries and fields.
    word: &'static str,
    heading: &'static str,
    about: &'static str,
    none: &'static str,
    create: &'static str,
    create_path: &'static str,
    revoke_path: &'static str,
    revoked: &'static str,
}

const KEYS: Kind = Kind {
    word: "key",
    heading: "API keys",
    about: "A program shows its key with every request, as X-API-KEY or as a bearer token.",
    none: "No API keys yet.",
    create: "Make an API key",
    create_path: "/do/create_api_key",
    revoke_path: "/do/revoke_api_key",
    revoked: "Whatever uses it is refused at once. This cannot be taken back; make a new key instead.",
};

const CLIENTS: Kind = Kind {
    word: "client",
    heading: "OAuth clients",
    about: "A program changes its id and secret for an access token that works for an hour.",
    none: "No OAuth clients yet.",
    create: "Make an OAuth client",
    create_path: "/do/create_client",
    revoke_path: "/do/revoke_client",
    revoked: "Its secret and its access tokens stop working at once. This cannot be taken back; make a new client instead.",
};

#[component]
pub fn Keys() -> impl IntoView {
    owner_page(Section::Keys, |page, admin| async move {
        let vestibule = page.ask.vestibule();
        let (keys, clients) = (vestibule.api_keys(&admin).await?, vestibule.clients(&admin).await?);
        let carried = Carried::Key.get(&page.ask.headers);
        if carried.is_some() {
            page.ask.carry(Carried::Key, None);
        }
        let apps = vestibule.apps(&admin).await?;
        let edited = match edited(&page.query, &apps) {
            Some(app) => edit_app(&page.query, app, &page.typed(&app.id).await?),
            None => None,
        };
        let dialog = dialog(&page.query, &keys, &clients).or(edited);
        let app_form = app_form(&page.query, &page.typed("new-app").await?);
        let apps: Vec<String> = apps.into_iter().map(|app| app.id).collect();
        let now = page.now();
        let content = view! {
            {dialog}
            <header><h1>"Keys"</h1><a class="push" href="/docs">"API documentation"</a></header>
            {carried.as_deref().and_then(made)}
            {section(KEYS, keys, &[], &page.query, now)}
            {section(CLIENTS, clients, &apps, &page.query, now)}
            {app_form}
        };
        Ok(("Keys".to_owned(), content.into_any()))
    })
}

/// What was just made. The secret comes in a cookie of this browser and leaves with this answer.
fn made(carried: &str) -> Option<AnyView> {
    let mut parts = carried.splitn(3, '.').map(str::to_owned);
    let (kind, id, secret) = (parts.next()?, parts.next()?, parts.next()?);
    let (heading, id, label) = match kind.as_str() {
        "key" => ("Your new API key", None, "API key"),
        "client" => ("Your new OAuth client", Some(shown_once("made-id", "Client id", id)), "Client secret"),
        "app" => return Some(app_made(id, secret)),
        _ => return None,
    };
    let shown = view! {
        <section class="card form stack" aria-labelledby="made">
            <h2 id="made">{heading}</h2>
            <p class="muted">"Copy it now: it is shown this once. Whoever has it can use it, so keep it where only the program finds it."</p>
            {id}
            {shown_once("made-secret", label, secret)}
        </section>
    };
    Some(shown.into_any())
}

/// `apps` are the ids of those that people sign in to.
fn section(kind: Kind, keys: Vec<Key>, apps: &[String], query: &ParamsMap, now: i64) -> AnyView {
    let table = if keys.is_empty() {
        view! { <div class="body muted">{kind.none}</div> }.into_any()
    } else {
        view! {
            <div class="scroll" role="region" aria-label=kind.heading tabindex="0">
                <table class="cards">
                    <thead><tr><th scope="col">"Name"</th><th scope="col">"May"</th><th scope="col">"Made"</th><th scope="col">"Last used"</th><th scope="col">"Expires"</th><th scope="col">"State"</th><th scope="col"><span class="visually-hidden">"Actions"</span></th></tr></thead>
                    <tbody>{keys.into_iter().map(|key| row(kind, apps.contains(&key.id), key, now)).collect_view()}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="card">
            <header><h2>{kind.heading}</h2><small class="muted">{kind.about}</small></header>
            {table}
            {form(kind, query)}
        </section>
    }
    .into_any()
}

fn row(kind: Kind, is_app: bool, key: Key, now: i64) -> AnyView {
    let (badge, word) = match key.state(now) {
        KeyState::Live => (StateKind::Verified, "Works"),
        KeyState::Expired => (StateKind::Expired, "Expired"),
        KeyState::Revoked => (StateKind::Disabled, "Revoked"),
    };
    // On a phone the head of the table is not seen, so each cell says what it is.
    let made = format!("made {}", moment::ago(key.created_at, now));
    let by = key.created_by.as_ref().map_or_else(|| "on the command line".to_owned(), |name| format!("by {name}"));
    let used = key.last_used_at.map_or_else(|| "never used".to_owned(), |at| format!("used {}", moment::ago(at, now)));
    let ends = match (key.revoked_at, key.expires_at) {
        (Some(at), _) => view! { "revoked "{time_ago(at, now)} }.into_any(),
        (None, Some(at)) if at <= now => view! { "ended "{time_ago(at, now)} }.into_any(),
        (None, Some(at)) => format!("ends {}", moment::on(at)).into_any(),
        (None, None) => "never ends".into_any(),
    };
    let scopes = key.scopes.as_slice().iter().map(|scope| short(*scope)).collect::<Vec<_>>().join(", ");
    let ask = |what: &str, word: &'static str, class: &'static str| {
        let href = format!("/console/keys?ask={what}&{}={}", kind.word, key.id);
        view! { <a class=class href=href aria-label=format!("{word} {}", key.name)>{word}</a> }
    };
    let live = key.revoked_at.is_none();
    let is_client = kind.word == CLIENTS.word;
    view! {
        <tr>
            <td><b class="name">{key.name.clone()}</b>{is_client.then(|| view! { <span class="sub mono">{key.id.clone()}</span> })}</td>
            <td>{scopes}</td>
            <td class="muted"><span title=moment::on(key.created_at)>{made}</span><span class="sub">{by}</span></td>
            <td class="muted num">{used}</td>
            <td class="muted num">{ends}</td>
            <td><StateBadge kind=badge word=word /></td>
            <td class="end"><span class="row actions">
                {(live && is_app).then(|| ask("edit", "Edit…", "button small"))}
                {(live && is_client && !is_app).then(|| ask("rename", "Rename…", "button small"))}
                {live.then(|| ask("revoke", "Revoke…", "button small danger"))}
            </span></td>
        </tr>
    }
    .into_any()
}

fn short(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "read",
        Scope::Write => "write",
        Scope::Verify => "verify",
    }
}

/// What a scope allows, in full.
fn long(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "Read: look at users, addresses, invites and histories",
        Scope::Write => "Write: make, change and delete users, invite them, set passwords",
        Scope::Verify => "Verify: send codes, check them, mark addresses verified",
    }
}

/// The form that makes one. After a refusal it is open and holds what was typed.
fn form(kind: Kind, query: &ParamsMap) -> AnyView {
    let refused = query.get("for").as_deref() == Some(kind.word);
    let typed = |name: &str| query.get(name).filter(|_| refused).unwrap_or_default();
    let problem = typed("problem");
    let name_error = (problem == "name").then(|| "Enter a name of up to 200 characters.".to_owned());
    let scopes_error = (problem == "scopes").then_some("Choose at least one.");
    let ticked = typed("scopes");
    let scopes = Scope::ALL.iter().map(|scope| {
        let checked = ticked.split('.').any(|word| word == scope.as_str());
        view! { <label class="check"><input type="checkbox" name=scope.as_str() value="true" checked=checked /><span>{long(*scope)}</span></label> }
    });
    let days: i64 = typed("days").parse().unwrap_or(365);
    let lifetimes = [(30, "After 30 days"), (90, "After 90 days"), (365, "After one year"), (0, "Never")];
    let lifetimes =
        lifetimes.map(|(count, word)| view! { <option value=count.to_string() selected=count == days>{word}</option> });
    let id = move |part: &str| format!("{}-{part}", kind.word);
    let scopes_id = id("scopes-error");
    let described = scopes_error.map(|_| scopes_id.clone());
    view! {
        <details class="body" open=refused>
            <summary class="button">{kind.create}</summary>
            <form class="stack width-30" method="post" action=kind.create_path>
                <Field id=id("name") name="name" label="Name" value=typed("name") hint="What it is for." nostrip:error=name_error maxlength=200 required=true />
                <fieldset class="field" aria-describedby=described>
                    <legend>"It may"</legend>
                    {scopes.collect_view()}
                    {scopes_error.map(|error| view! { <span class="error" id=scopes_id>{error}</span> })}
                </fieldset>
                <FieldFrame id=id("days") label="Expires">
                    <select id=id("days") name="days">{lifetimes}</select>
                </FieldFrame>
                <div class="row"><button class="button primary push">{kind.create}</button></div>
            </form>
        </details>
    }
    .into_any()
}

/// The question before a key is revoked or a client renamed.
fn dialog(query: &ParamsMap, keys: &[Key], clients: &[Key]) -> Option<AnyView> {
    let asked = query.get("ask")?;
    let named = |kind: Kind, keys: &[Key]| {
        let id = query.get(kind.word)?;
        let key = keys.iter().find(|key| key.id == id && key.revoked_at.is_none())?;
        Some((kind, key.clone()))
    };
    let (kind, key) = named(KEYS, keys).or_else(|| named(CLIENTS, clients))?;
    let (path, title, inside, class, submit) = match (asked.as_str(), kind.word) {
        ("revoke", _) => {
            let text = view! { <p class="muted">{kind.revoked}</p> }.into_any();
            (kind.revoke_path, format!("Revoke {}?", key.name), text, "button danger", "Revoke")
        }
        ("rename", "client") => {
            let name = key.name.clone();
            let field = view! { <Field id="new-name" name="name" label="Name" value=name maxlength=200 required=true autofocus=true /> };
            ("/do/rename_client", format!("Rename {}", key.name), field.into_any(), "button primary", "Rename")
        }
        _ => return None,
    };
    Some(
        view! {
            <ConfirmDialog title_id="question" cancel_href="/console/keys">
                <form class="stack" method="post" action=path>
                    <h2 id="question">{title}</h2>
                    {inside}
                    <input type="hidden" name=kind.word value=key.id />
                    <div class="row"><a class="button push" href="/console/keys">"Cancel"</a><button class=class>{submit}</button></div>
                </form>
            </ConfirmDialog>
        }
        .into_any(),
    )
}
