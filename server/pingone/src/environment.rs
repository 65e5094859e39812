//! The environment itself: the organization.

use axum::{Json, response::IntoResponse};
use schemars::JsonSchema;
use serde::Serialize;
use vestibule_api::{Operation, Routes};
use vestibule_core::api_key::Scope;

use crate::{
    caller::Caller,
    document::{operation, refusals},
    links::Hal,
    refusal::Answer,
    time::iso,
};

pub fn routes() -> Routes {
    const PATH: &str = "/v1/environments/{environment_id}";
    Routes::new().add(
        refusals(operation(Operation::get(PATH, "readEnvironment"), Scope::Read, "Read the environment"), &[])
            .answers::<Environment>(200, "The environment."),
        read,
    )
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PingOneEnvironment")]
struct Environment {
    #[serde(rename = "_links")]
    links: Hal,
    id: String,
    name: String,
    #[serde(rename = "type")]
    type_: &'static str,
    created_at: String,
}

async fn read(caller: Caller) -> Answer {
    caller.must(Scope::Read)?;
    let organization = caller.vestibule.organization(&caller.environment).await?;
    let links = Hal::to(&caller.links.environment())
        .with("users", &caller.links.users())
        .with("populations", &caller.links.populations());
    let created_at = iso(organization.created_at);
    let environment =
        Environment { links, id: organization.id, name: organization.name, type_: "PRODUCTION", created_at };
    Ok(Json(environment).into_response())
}
