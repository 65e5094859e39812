//! What owners do with the providers of company accounts.

use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use vestibule_core::provider::{NewProvider, ProviderChange};

use super::{Outcome, act, act_lately, segment};
use crate::web::Ask;

const PAGE: &str = "/console/providers";

/// Adds a provider. What was typed goes back in the page's address where it was refused, except for the secret.
#[server(prefix = "/do", endpoint = "create_provider")]
pub async fn create_provider(
    name: String,
    issuer: String,
    client_id: String,
    client_secret: String,
    scopes: String,
) -> Result<Outcome, ServerFnError> {
    let back = back("new", &[("name", &name), ("issuer", &issuer), ("client_id", &client_id), ("scopes", &scopes)]);
    act_lately(&back, &back, |ask, admin| async move {
        let new = NewProvider { name, issuer, client_id, client_secret, scopes };
        let id = ask.vestibule().create_provider(&admin, new).await?;
        Ok(format!("{PAGE}?done=provider-added&provider={id}"))
    })
    .await
}

/// Changes a provider; a blank secret leaves the stored one.
#[server(prefix = "/do", endpoint = "change_provider")]
pub async fn change_provider(
    provider: String,
    name: String,
    client_id: String,
    client_secret: String,
    scopes: String,
) -> Result<Outcome, ServerFnError> {
    let typed = [("name", name.as_str()), ("client_id", &client_id), ("scopes", &scopes)];
    let back = format!("{}&ask=change&provider={}", back("change", &typed), segment(&provider));
    act_lately(&back, &back, |ask, admin| async move {
        let change = ProviderChange { name, client_id, client_secret, scopes };
        ask.vestibule().change_provider(&admin, &provider, change).await?;
        Ok(format!("{PAGE}?done=provider-changed"))
    })
    .await
}

/// Offers a provider to people, or no longer.
#[server(prefix = "/do", endpoint = "enable_provider")]
pub async fn enable_provider(provider: String, enabled: bool) -> Result<Outcome, ServerFnError> {
    act_lately(PAGE, PAGE, |ask, admin| async move {
        ask.vestibule().enable_provider(&admin, &provider, enabled).await?;
        Ok(format!("{PAGE}?done={}", if enabled { "provider-enabled" } else { "provider-disabled" }))
    })
    .await
}

#[server(prefix = "/do", endpoint = "delete_provider")]
pub async fn delete_provider(provider: String) -> Result<Outcome, ServerFnError> {
    let again = format!("{PAGE}?ask=delete&provider={}", segment(&provider));
    act_lately(PAGE, &again, |ask, admin| async move {
        ask.vestibule().delete_provider(&admin, &provider).await?;
        Ok(format!("{PAGE}?done=provider-deleted"))
    })
    .await
}

/// Asks a provider for what it says of itself; the page says what is wrong with it.
#[server(prefix = "/do", endpoint = "check_provider")]
pub async fn check_provider(provider: String) -> Result<Outcome, ServerFnError> {
    act(PAGE, async move {
        let ask = Ask::current().await?;
        let registration = ask.vestibule().registration_to_check(&ask.admin().await?, &provider).await?;
        let found = match ask.web.federation.check(&registration).await {
            Ok(()) => "sound",
            Err(trouble) => {
                tracing::info!(%trouble, issuer = registration.issuer, "an owner's provider is not sound");
                trouble.word()
            }
        };
        Ok::<_, vestibule_core::Error>(format!("{PAGE}?checked={}&found={found}", segment(&provider)))
    })
    .await
}

fn back(what: &str, typed: &[(&str, &str)]) -> String {
    typed.iter().fold(format!("{PAGE}?for={what}"), |query, (name, value)| {
        let value: String = value.chars().take(500).collect();
        format!("{query}&{name}={}", utf8_percent_encode(&value, NON_ALPHANUMERIC))
    })
}
