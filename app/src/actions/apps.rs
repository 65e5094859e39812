//! What owners do with apps that people sign in to.

use leptos::prelude::*;
use vestibule_core::{
    api_key::Scope,
    authorization::{AppChange, NewApp},
};

use super::{Outcome, act_lately_with, segment};
use crate::web::Carried;

const PAGE: &str = "/console/keys";

/// Makes an app, whose id and secret the next page shows once. Addresses stand one a line.
#[server(prefix = "/do", endpoint = "create_app")]
pub async fn create_app(
    name: String,
    #[server(default)] redirect_uris: String,
    #[server(default)] post_logout_uris: String,
    #[server(default)] public: bool,
    #[server(default)] first_party: bool,
) -> Result<Outcome, ServerFnError> {
    let typed = [
        ("name", name.as_str()),
        ("redirect_uris", &redirect_uris),
        ("post_logout_uris", &post_logout_uris),
        ("public", word(public)),
        ("first_party", word(first_party)),
    ];
    let new = NewApp {
        name: name.clone(),
        redirect_uris: lines(&redirect_uris),
        post_logout_uris: lines(&post_logout_uris),
        public,
        first_party,
        scopes: Vec::new(),
    };
    act_lately_with(&format!("{PAGE}?for=app&typed=kept"), "new-app", &typed, |ask, admin| async move {
        let made = ask.vestibule().create_app(&admin, new).await?;
        // The secret travels in a cookie of the owner's own browser: the server keeps only its hash.
        let secret = made.secret.as_ref().map_or("", |secret| secret.reveal());
        ask.carry(Carried::Key, Some(&format!("app.{}.{secret}", made.id)));
        Ok(PAGE.to_owned())
    })
    .await
}

/// Changes an app; what it holds of people ends where it may do less from now on.
#[server(prefix = "/do", endpoint = "change_app")]
#[allow(clippy::too_many_arguments, clippy::fn_params_excessive_bools, reason = "each is a field of the form")]
pub async fn change_app(
    client: String,
    name: String,
    #[server(default)] redirect_uris: String,
    #[server(default)] post_logout_uris: String,
    #[server(default)] first_party: bool,
    #[server(default)] read: bool,
    #[server(default)] write: bool,
    #[server(default)] verify: bool,
) -> Result<Outcome, ServerFnError> {
    let scopes = super::keys::scopes(read, write, verify);
    let ticked = scopes.iter().map(|scope: &Scope| scope.as_str()).collect::<Vec<_>>().join(".");
    let typed = [
        ("name", name.as_str()),
        ("redirect_uris", &redirect_uris),
        ("post_logout_uris", &post_logout_uris),
        ("first_party", word(first_party)),
        ("scopes", &ticked),
    ];
    let change = AppChange {
        name: name.clone(),
        redirect_uris: lines(&redirect_uris),
        post_logout_uris: lines(&post_logout_uris),
        first_party,
        scopes,
    };
    let (back, id) = (format!("{PAGE}?ask=edit&client={}&typed=kept", segment(&client)), client.clone());
    act_lately_with(&back, &client, &typed, |ask, admin| async move {
        ask.vestibule().change_app(&admin, &id, change).await?;
        Ok(format!("{PAGE}?done=app-changed"))
    })
    .await
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// A box of a form as it is kept.
fn word(ticked: bool) -> &'static str {
    if ticked { "true" } else { "false" }
}
