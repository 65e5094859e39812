//! Apps that people sign in to, on `/console/keys`: the form that makes one.

use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use vestibule_core::{api_key::Scope, authorization::AppSettings};

use super::hand_over::shown_once;
use crate::{
    islands::ConfirmDialog,
    parts::{Field, FieldFrame, described_by},
    web::Typed,
};

/// What an app's addresses must be like.
const ADDRESSES: &str = "Each address begins with https://, or with http:// on the device itself, or, for a public app, with a scheme that \
    is a domain name backwards. None has a fragment. There is at least one to come back to, and up to 20.";
const NAME: &str = "Enter a name of up to 200 characters.";

/// The form. After a refusal it is open and holds what was typed.
pub fn app_form(query: &ParamsMap, typed: &Typed) -> AnyView {
    let refused = query.get("for").as_deref() == Some("app");
    let typed = |name: &str| typed.get(name).filter(|_| refused).unwrap_or_default();
    let problem = query.get("problem").filter(|_| refused).unwrap_or_default();
    let name_error = (problem == "name").then(|| NAME.to_owned());
    let address_error = (problem == "text").then(|| ADDRESSES.to_owned());
    let ticked = |name: &'static str, text: &'static str| tick(name, text, typed(name) == "true");
    view! {
        <section class="card">
            <header><h2>"Apps"</h2><small class="muted">"People sign in to an app with their account here (OpenID Connect). It is listed among the clients."</small></header>
            <details class="body" open=refused>
                <summary class="button">"Make an app"</summary>
                <form class="stack width-30" method="post" action="/do/create_app">
                    <Field id="app-name" name="name" label="Name" value=typed("name") hint="What people know it by." nostrip:error=name_error maxlength=200 required=true />
                    {back_to("", typed("redirect_uris"), address_error)}
                    {out_to("", typed("post_logout_uris"))}
                    <fieldset class="field">
                        <legend>"It"</legend>
                        {ticked("public", "Runs on people’s own devices and cannot keep a secret")}
                        {ticked("first_party", OWN)}
                    </fieldset>
                    <div class="row"><button class="button primary push">"Make an app"</button></div>
                </form>
            </details>
        </section>
    }
    .into_any()
}

const OWN: &str = "Is our own: people are not asked whether they agree";

/// The app that the query asks to change.
pub fn edited<'a>(query: &ParamsMap, apps: &'a [AppSettings]) -> Option<&'a AppSettings> {
    query.get("ask").filter(|ask| ask == "edit")?;
    let id = query.get("client")?;
    apps.iter().find(|app| app.id == id)
}

/// The form that changes an app. After a refusal it holds what was typed, else what is stored. Refused for anything but
/// what stands in its fields, it is not shown again.
pub fn edit_app(query: &ParamsMap, app: &AppSettings, typed: &Typed) -> Option<AnyView> {
    let app = app.clone();
    let typed = |name: &str, stored: String| typed.get(name).unwrap_or(stored);
    let problem = query.get("problem").unwrap_or_default();
    if !matches!(problem.as_str(), "" | "name" | "text") {
        return None;
    }
    let name_error = (problem == "name").then(|| NAME.to_owned());
    let address_error = (problem == "text").then(|| ADDRESSES.to_owned());
    let title = format!("Edit {}", app.name);
    let name = typed("name", app.name);
    let redirects = typed("redirect_uris", app.redirect_uris.join("\n"));
    let outs = typed("post_logout_uris", app.post_logout_uris.join("\n"));
    let own = typed("first_party", app.first_party.to_string()) == "true";
    let stored: Vec<&str> = app.scopes.iter().map(|scope| scope.as_str()).collect();
    let ticked = typed("scopes", stored.join("."));
    let scope_line = |scope: &Scope| {
        let text = match scope {
            Scope::Read => "To look at users, as far as their role goes",
            Scope::Write => "To change their own account, and users as far as their role goes",
            Scope::Verify => "To send and check codes, as far as their role goes",
        };
        tick(scope.as_str(), text, ticked.split('.').any(|word| word == scope.as_str()))
    };
    let scopes: Vec<AnyView> = Scope::ALL.iter().map(scope_line).collect();
    Some(
        view! {
            <ConfirmDialog title_id="question" cancel_href="/console/keys">
                <form class="stack" method="post" action="/do/change_app">
                    <h2 id="question">{title}</h2>
                    <input type="hidden" name="client" value=app.id />
                    <Field id="edit-name" name="name" label="Name" value=name nostrip:error=name_error maxlength=200 required=true autofocus=problem != "text" />
                    {back_to("edit-", redirects, address_error)}
                    {out_to("edit-", outs)}
                    <fieldset class="field">
                        <legend>"It may ask people"</legend>
                        {scopes}
                    </fieldset>
                    <fieldset class="field">
                        <legend>"It"</legend>
                        {tick("first_party", OWN, own)}
                    </fieldset>
                    <p class="muted">"Where it may do less than before, or people are asked from now on, what it holds of them stops working and they sign in to it again."</p>
                    <div class="row"><a class="button push" href="/console/keys">"Cancel"</a><button class="button primary">"Change the app"</button></div>
                </form>
            </ConfirmDialog>
        }
        .into_any(),
    )
}

/// The addresses that people come back to.
fn back_to(form: &'static str, value: String, error: Option<String>) -> AnyView {
    let hint = "One a line. People are sent to these and to no others.";
    addresses(form, "redirect_uris", "Addresses to come back to", hint, value, error)
}

/// The addresses that people are led to after signing out.
fn out_to(form: &'static str, value: String) -> AnyView {
    addresses(form, "post_logout_uris", "Addresses after signing out", "One a line, if any.", value, None)
}

fn addresses(
    form: &'static str,
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    value: String,
    error: Option<String>,
) -> AnyView {
    let id = format!("{form}{name}");
    let described = described_by(&id, true, error.is_some());
    let (invalid, required) = (error.is_some().then_some("true"), name == "redirect_uris");
    view! {
        <FieldFrame id=id.clone() label=label hint=hint nostrip:error=error>
            <textarea class="mono" id=id name=name rows="3" required=required autofocus=invalid.is_some() aria-describedby=described aria-invalid=invalid>{value}</textarea>
        </FieldFrame>
    }
    .into_any()
}

fn tick(name: &'static str, text: &'static str, checked: bool) -> AnyView {
    view! { <label class="check"><input type="checkbox" name=name value="true" checked=checked /><span>{text}</span></label> }
        .into_any()
}

/// An app that was just made; a public one has no secret.
pub fn app_made(id: String, secret: String) -> AnyView {
    let text = if secret.is_empty() {
        "The app names itself by this id, and has no secret to keep."
    } else {
        "Copy the secret now: it is shown this once. Keep it where only the app’s server finds it."
    };
    let secret = (!secret.is_empty()).then(|| shown_once("made-secret", "Client secret", secret));
    view! {
        <section class="card form stack" aria-labelledby="made">
            <h2 id="made">"Your new app"</h2>
            <p class="muted">{text}</p>
            {shown_once("made-id", "Client id", id)}
            {secret}
        </section>
    }
    .into_any()
}
