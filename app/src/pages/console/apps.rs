//! Apps that people sign in to, on `/console/keys`: the form that makes one.

use leptos::prelude::*;
use leptos_router::params::ParamsMap;

use super::hand_over::shown_once;
use crate::parts::{Field, FieldFrame, described_by};

/// The form. After a refusal it is open and holds what was typed.
pub fn app_form(query: &ParamsMap) -> AnyView {
    let refused = query.get("for").as_deref() == Some("app");
    let typed = |name: &str| query.get(name).filter(|_| refused).unwrap_or_default();
    let problem = typed("problem");
    let name_error = (problem == "name").then(|| "Enter a name of up to 200 characters.".to_owned());
    let address_error = (problem == "text").then(|| {
        "Each address begins with https://, or with http:// on the device itself, or, for a public app, with a scheme that \
         is a domain name backwards. None has a fragment. There is at least one to come back to, and up to 20."
            .to_owned()
    });
    let addresses = |name: &'static str,
                     label: &'static str,
                     hint: &'static str,
                     error: Option<String>,
                     required: bool| {
        let described = described_by(name, true, error.is_some());
        let (invalid, value) = (error.is_some().then_some("true"), typed(name));
        view! {
            <FieldFrame id=name label=label hint=hint nostrip:error=error>
                <textarea class="mono" id=name name=name rows="3" required=required aria-describedby=described aria-invalid=invalid>{value}</textarea>
            </FieldFrame>
        }
    };
    let tick = |name: &'static str, text: &'static str| {
        let checked = typed(name) == "true";
        view! { <label class="check"><input type="checkbox" name=name value="true" checked=checked /><span>{text}</span></label> }
    };
    view! {
        <section class="card">
            <header><h2>"Apps"</h2><small class="muted">"People sign in to an app with their account here (OpenID Connect). It is listed among the clients."</small></header>
            <details class="body" open=refused>
                <summary class="button">"Make an app"</summary>
                <form class="stack width-30" method="post" action="/do/create_app">
                    <Field id="app-name" name="name" label="Name" value=typed("name") hint="What people know it by." nostrip:error=name_error maxlength=200 required=true />
                    {addresses("redirect_uris", "Addresses to come back to", "One a line. People are sent to these and to no others.", address_error, true)}
                    {addresses("post_logout_uris", "Addresses after signing out", "One a line, if any.", None, false)}
                    <fieldset class="field">
                        <legend>"It"</legend>
                        {tick("public", "Runs on people’s own devices and cannot keep a secret")}
                        {tick("first_party", "Is our own: people are not asked whether they agree")}
                    </fieldset>
                    <div class="row"><button class="button primary push">"Make an app"</button></div>
                </form>
            </details>
        </section>
    }
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
