//! What owners do with the providers of company accounts.

use leptos::prelude::*;
use vestibule_core::provider::{NewProvider, ProviderChange};

use super::{Outcome, act, act_lately, act_lately_with, segment};
use crate::web::Ask;

const PAGE: &str = "/console/providers";

/// Adds a provider. What was typed is kept over a refusal and a confirmation, except for the secret: of that only whether
/// there was one, so that the form asks for it again.
#[server(prefix = "/do", endpoint = "create_provider")]
pub async fn create_provider(
    name: String,
    issuer: String,
    client_id: String,
    client_secret: String,
    scopes: String,
) -> Result<Outcome, ServerFnError> {
    let new = NewProvider { name, issuer, client_id, client_secret, scopes };
    let typed = [
        ("name", new.name.as_str()),
        ("issuer", &new.issuer),
        ("client_id", &new.client_id),
        ("secret", had(&new.client_secret)),
        ("scopes", &new.scopes),
    ];
    let entered = new.clone();
    act_lately_with(&format!("{PAGE}?for=new&typed=kept"), "new-provider", &typed, |ask, admin| async move {
        let id = ask.vestibule().create_provider(&admin, entered).await?;
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
    let change = ProviderChange { name, client_id, client_secret, scopes };
    let typed = [
        ("name", change.name.as_str()),
        ("client_id", &change.client_id),
        ("secret", had(&change.client_secret)),
        ("scopes", &change.scopes),
    ];
    let back = format!("{PAGE}?ask=change&provider={}&typed=kept", segment(&provider));
    let (id, entered) = (provider.clone(), change.clone());
    act_lately_with(&back, &provider, &typed, |ask, admin| async move {
        ask.vestibule().change_provider(&admin, &id, entered).await?;
        Ok(format!("{PAGE}?done=provider-changed"))
    })
    .await
}

/// What is kept of a secret that was typed: that it was.
fn had(secret: &str) -> &'static str {
    if secret.trim().is_empty() { "" } else { "typed" }
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
