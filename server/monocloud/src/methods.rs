//! A user's other ways to sign in, and what they are signed in with.

use axum::extract::State;
use http::{Method, StatusCode};
use vestibule_api::{Api, Operation, Routes};
use vestibule_core::api_key::Scope;

use crate::{
    body::Fields,
    caller::Caller,
    document::{JSON, Kind, body, changes, described},
    failure::Failure,
    id::Id,
    model::word,
    users::Changed,
};

pub fn routes() -> Routes {
    let user = "/api/users/{user_id}";
    let passkey = Operation::delete(format!("{user}/passkeys/{{passkey_id}}"), "monoCloudRemovePasskey");
    let disconnect =
        Operation::post(format!("{user}/external_authenticator/disconnect"), "monoCloudDisconnectAuthenticator");
    let session = format!("{user}/sessions/{{session_id}}");
    Routes::new()
        .add(
            described(passkey, Scope::Write, "Take a passkey from a user").answers_empty(204, "The passkey is gone"),
            remove_passkey,
        )
        .add(
            changes(disconnect, Scope::Write, "Take a company account from a user")
                .body_of(JSON, body(&[("authenticator", Kind::Text)], &["authenticator"]))
                .refuses(501, "The person alone takes the link away"),
            disconnect_authenticator,
        )
        .add(untold(Method::GET, format!("{user}/sessions"), "monoCloudListSessions"), sessions)
        .add(untold(Method::GET, session.clone(), "monoCloudGetSession"), sessions)
        .add(untold(Method::DELETE, session, "monoCloudRevokeSession"), sessions)
}

fn untold(method: Method, path: String, id: &'static str) -> Operation {
    let scope = if method == Method::GET { Scope::Read } else { Scope::Write };
    described(Operation::new(method, path, id), scope, "Sessions are not told one by one")
        .refuses(501, "Sessions are not told one by one")
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
    fields.done()?;
    let linked = api.vestibule.record_after(caller.operator(), &user_id).await?.providers;
    if linked.iter().any(|provider| Some(word(provider)) == authenticator) {
        let told = "The person takes the link away in their account; disable the user to shut them out.";
        return Err(Failure::new(StatusCode::NOT_IMPLEMENTED).detailed(told));
    }
    Err(Failure::not_found())
}

/// All of a user's sessions can be ended at once; which there are is the person's own business.
async fn sessions(caller: Caller, method: Method) -> Failure {
    let scope = if method == Method::GET { Scope::Read } else { Scope::Write };
    let untold = || {
        let told =
            "Sessions are not told one by one; disable the user, or set a password with revoke_sessions, to end all.";
        Failure::new(StatusCode::NOT_IMPLEMENTED).detailed(told)
    };
    caller.must(scope).err().unwrap_or_else(untold)
}
