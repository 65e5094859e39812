//! What owners do with apps that people sign in to.

use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use vestibule_core::authorization::NewApp;

use super::{Outcome, act};
use crate::web::{Ask, Carried};

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
    let back = back(&name, &redirect_uris, &post_logout_uris, public, first_party);
    act(&back.clone(), async move {
        let ask = Ask::current().await?;
        let admin = match ask.fresh_admin(&back).await? {
            Ok(admin) => admin,
            Err(confirm) => return Ok(confirm),
        };
        let lines = |text: &str| text.lines().map(str::to_owned).collect();
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

/// The page with what stood in the form, where it was refused; nothing of it is secret.
fn back(name: &str, redirect_uris: &str, post_logout_uris: &str, public: bool, first_party: bool) -> String {
    let kept = |text: &str| {
        let text: String = text.chars().take(1_000).collect();
        utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string()
    };
    let (name, back, out) = (kept(name), kept(redirect_uris), kept(post_logout_uris));
    format!(
        "{PAGE}?for=app&name={name}&redirect_uris={back}&post_logout_uris={out}&public={public}&first_party={first_party}"
    )
}
