//! What a user's links lead to beside the user: devices, linked accounts, and what there is none of here.

use axum::{Json, response::IntoResponse};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use vestibule_api::{Operation, Routes};
use vestibule_core::{api_key::Scope, user::record::Record};

use crate::{
    caller::Caller,
    document::{operation, refusals},
    links::Hal,
    refusal::Answer,
    time::iso,
};

macro_rules! path {
    ($what:literal) => {
        concat!("/v1/environments/{environment_id}/users/{user_id}/", $what)
    };
}

pub fn routes() -> Routes {
    let read = |path, id: &'static str, summary| {
        refusals(operation(Operation::get(path, id), Scope::Read, summary), &[]).answers::<List>(200, "All of them.")
    };
    Routes::new()
        .add(read(path!("devices"), "listDevices", "List a user's passkeys"), devices)
        .add(read(path!("linkedAccounts"), "listLinkedAccounts", "List a user's company accounts"), linked_accounts)
        .add(read(path!("memberOfGroups"), "listGroups", "List a user's groups, of which there are none here"), groups)
        .add(read(path!("roleAssignments"), "listRoles", "List a user's roles, of which there are none here"), roles)
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PingOneCollection")]
struct List {
    #[serde(rename = "_links")]
    links: Hal,
    #[serde(rename = "_embedded")]
    embedded: Value,
    count: usize,
    size: usize,
}

async fn devices(caller: Caller) -> Answer {
    list(&caller, "devices", "devices", |record| {
        let device = |passkey: &vestibule_core::user::record::PasskeyRecord| {
            json!({
                "id": passkey.credential_id,
                "type": "FIDO2",
                "status": "ACTIVE",
                "nickname": passkey.name,
                "createdAt": iso(passkey.created_at),
            })
        };
        record.passkeys.iter().map(device).collect()
    })
    .await
}

async fn linked_accounts(caller: Caller) -> Answer {
    list(&caller, "linkedAccounts", "linkedAccounts", |record| {
        let account = |link: &vestibule_core::user::record::ProviderRecord| {
            json!({
                "identityProvider": { "id": link.provider_id, "name": link.provider_name },
                "externalId": link.subject,
                "createdAt": iso(link.created_at),
            })
        };
        record.providers.iter().map(account).collect()
    })
    .await
}

async fn groups(caller: Caller) -> Answer {
    list(&caller, "memberOfGroups", "groupMemberships", |_| Vec::new()).await
}

async fn roles(caller: Caller) -> Answer {
    list(&caller, "roleAssignments", "roleAssignments", |_| Vec::new()).await
}

async fn list(caller: &Caller, path: &str, name: &str, read: impl Fn(&Record) -> Vec<Value>) -> Answer {
    let record = caller.vestibule.record(&caller.operator, &caller.id).await?;
    let all = read(&record);
    let links = Hal::to(&caller.links.of_user(&caller.id, path)).with("user", &caller.links.user(&caller.id));
    let count = all.len();
    Ok(Json(List { links, embedded: json!({ name: all }), count, size: count }).into_response())
}
