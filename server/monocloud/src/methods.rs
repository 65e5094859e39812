//! A user's other ways to sign in: passkeys and company accounts.

use std::collections::BTreeSet;

use axum::extract::State;
use http::StatusCode;
use vestibule_api::{Api, Operation, Routes};
use vestibule_core::{api_key::Scope, user::record::ProviderRecord};

use crate::{
    body::Fields,
    caller::Caller,
    document::{JSON, Kind, body, changes, described},
    failure::Failure,
    id::Id,
    model::word,
    users::{Changed, user_after},
};

pub fn routes() -> Routes {
    let user = "/api/users/{user_id}";
    let passkey = Operation::delete(format!("{user}/passkeys/{{passkey_id}}"), "monoCloudRemovePasskey");
    let disconnect =
        Operation::post(format!("{user}/external_authenticator/disconnect"), "monoCloudDisconnectAuthenticator");
    Routes::new()
        .add(
            described(passkey, Scope::Write, "Take a passkey from a user").answers_empty(204, "The passkey is gone"),
            remove_passkey,
        )
        .add(
            changes(disconnect, Scope::Write, "Take a company account from a user")
                .description(
                    "By the name and id that `external_providers` has for it; without `provider_user_id`, all accounts \
                     of that name. The last way to sign in goes like any other; sessions stay.",
                )
                .body_of(
                    JSON,
                    body(&[("authenticator", Kind::Text), ("provider_user_id", Kind::Text)], &["authenticator"]),
                ),
            disconnect_authenticator,
        )
}

/// By the passkey's own id, which the browser gave it.
async fn remove_passkey(
    State(api): State<Api>,
    caller: Caller,
    Id((user_id, passkey_id)): Id<(String, String)>,
) -> Result<StatusCode, Failure> {
    caller.must(Scope::Write)?;
    let passkeys = api.vestibule.record_after(caller.operator(), &user_id).await?.passkeys;
    let passkey = passkeys.into_iter().find(|passkey| passkey.credential_id == passkey_id);
    let passkey = passkey.ok_or_else(Failure::not_found)?;
    api.vestibule.remove_passkey_of(caller.operator(), &user_id, &passkey.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// By the word that the user's answer has for the provider.
async fn disconnect_authenticator(
    State(api): State<Api>,
    caller: Caller,
    Id(user_id): Id<String>,
    mut fields: Fields,
) -> Changed {
    caller.must(Scope::Write)?;
    let authenticator = fields.required("authenticator");
    let subject = fields.text("provider_user_id");
    fields.done()?;
    let is_meant = |link: &ProviderRecord| {
        Some(word(link)) == authenticator && subject.as_ref().is_none_or(|subject| *subject == link.subject)
    };
    let linked = api.vestibule.record_after(caller.operator(), &user_id).await?.providers;
    let providers: BTreeSet<String> = linked.into_iter().filter(is_meant).map(|link| link.provider_id).collect();
    if providers.is_empty() {
        return Err(Failure::not_found());
    }
    // More than one only where two providers share a name.
    for provider in providers {
        api.vestibule.unlink_provider_of(caller.operator(), &user_id, &provider, subject.as_deref()).await?;
    }
    user_after(&api.vestibule, &caller, &user_id).await
}
