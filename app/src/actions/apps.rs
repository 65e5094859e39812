//! What owners do with apps that people sign in to.

use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use vestibule_core::{
    api_key::Scope,
    authorization::{AppChange, NewApp},
};

use super::{Outcome, act_lately, segment};
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
    let back = back("app", &name, &redirect_uris, &post_logout_uris, public, first_party);
    act_lately(&back, &back, |ask, admin| async move {
        let new = NewApp {
            name,
            redirect_uris: lines(&redirect_uris),
            post_logout_uris: lines(&post_logout_uris),
            public,
            first_party,
            scopes: Vec::new(),
        };
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
    let words: Vec<&str> = scopes.iter().map(|scope: &Scope| scope.as_str()).collect();
    let typed = back("edit", &name, &redirect_uris, &post_logout_uris, false, first_party);
    let back = format!("{typed}&scopes={}&ask=edit&client={}", words.join("."), segment(&client));
    act_lately(&back, &back, |ask, admin| async move {
        let (redirect_uris, post_logout_uris) = (lines(&redirect_uris), lines(&post_logout_uris));
        let change = AppChange { name, redirect_uris, post_logout_uris, first_party, scopes };
        ask.vestibule().change_app(&admin, &client, change).await?;
        Ok(format!("{PAGE}?done=app-changed"))
    })
    .await
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// The page with what stood in the form, where it was refused; nothing of it is secret.
fn back(
    form: &'static str,
    name: &str,
    redirect_uris: &str,
    post_logout_uris: &str,
    public: bool,
    first_party: bool,
) -> String {
    let kept = |text: &str| {
        let text: String = text.chars().take(1_000).collect();
        utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string()
    };
    let (name, back, out) = (kept(name), kept(redirect_uris), kept(post_logout_uris));
    format!(
        "{PAGE}?for={form}&name={name}&redirect_uris={back}&post_logout_uris={out}&public={public}&first_party={first_party}"
    )
}
