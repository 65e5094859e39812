//! Single sides of a user that have a path of their own.

use axum::{Json, body::Bytes, response::IntoResponse};
use serde_json::{Map, Value, json};
use vestibule_api::{Operation, Routes};
use vestibule_core::{
    Error, Refusal,
    api_key::Scope,
    user::{change::Change, profile::ProfileChange, record::Record},
};

use super::{action::as_wished, update::is_enabled};
use crate::{
    caller::Caller,
    document::{operation, refusals},
    fault::Detail,
    links::Hal,
    media,
    reader::{Plain, Reader, object},
    refusal::{Answer, Stop},
    user::VERIFY_STATUS,
};

macro_rules! path {
    ($facet:literal) => {
        concat!("/v1/environments/{environment_id}/users/{user_id}/", $facet)
    };
}

const ENABLED: &str = path!("enabled");
const POPULATION: &str = path!("population");
const MFA_ENABLED: &str = path!("mfaEnabled");

pub fn routes() -> Routes {
    let truth = json!({ "type": "boolean" });
    let text = json!({ "type": "string" });
    let read = |path, id: &'static str, summary, name: &str, schema: &Value| {
        refusals(operation(Operation::get(path, id), Scope::Read, summary), &[]).answers_of(
            200,
            "As it is.",
            media::JSON,
            schema_of(name, schema, true),
        )
    };
    let write = |path, id: &'static str, summary, name: &str, schema: &Value| {
        refusals(operation(Operation::put(path, id), Scope::Write, summary), &[400])
            .body_of(media::JSON, schema_of(name, schema, false))
            .answers_of(200, "As it is now.", media::JSON, schema_of(name, schema, true))
    };
    Routes::new()
        .add(read(ENABLED, "readUserEnabled", "Read whether a user is enabled", "enabled", &truth), enabled)
        .add(write(ENABLED, "updateUserEnabled", "Enable or disable a user", "enabled", &truth), put_enabled)
        .add(read(POPULATION, "readUserPopulation", "Read a user's population", "id", &text), population)
        .add(write(POPULATION, "updateUserPopulation", "Move a user to a population", "id", &text), put_population)
        .add(read(MFA_ENABLED, "readUserMfaEnabled", "Read whether a user has MFA", "mfaEnabled", &truth), mfa_enabled)
        .add(write(MFA_ENABLED, "updateUserMfaEnabled", "Say whether a user has MFA", "mfaEnabled", &truth), put_mfa)
        .add(
            read(
                path!("verifyStatus"),
                "readVerifyStatus",
                "Read the state of a user's documents",
                "verifyStatus",
                &text,
            ),
            verify_status,
        )
}

fn schema_of(name: &str, schema: &Value, linked: bool) -> Value {
    let mut properties = Map::from_iter([(name.to_owned(), schema.clone())]);
    if linked {
        properties.insert("_links".to_owned(), json!({ "type": "object" }));
    }
    json!({ "type": "object", "required": [name], "properties": properties })
}

async fn enabled(caller: Caller) -> Answer {
    let record = caller.vestibule.record(&caller.operator, &caller.id).await?;
    Ok(told(&caller, "enabled", "enabled", is_enabled(&record)))
}

async fn put_enabled(caller: Caller, Plain(body): Plain) -> Answer {
    let enabled = truth(&caller, &body, "enabled")?;
    set_enabled(&caller, &caller.record().await?, enabled).await?;
    Ok(told(&caller, "enabled", "enabled", enabled))
}

/// Enables or disables a user, unless they are so already.
pub(super) async fn set_enabled(caller: &Caller, record: &Record, enabled: bool) -> Answer<()> {
    if is_enabled(record) == enabled {
        return Ok(());
    }
    let done = if enabled {
        caller.vestibule.enable(&caller.operator, &caller.id).await
    } else {
        caller.vestibule.disable(&caller.operator, &caller.id).await
    };
    Ok(as_wished(done)?)
}

async fn population(caller: Caller) -> Answer {
    let record = caller.vestibule.record(&caller.operator, &caller.id).await?;
    let id = caller.population_id(&record.user).await?;
    Ok(told(&caller, "population", "id", id))
}

async fn put_population(caller: Caller, Plain(body): Plain) -> Answer {
    caller.must(Scope::Write)?;
    let body = object(&body)?;
    let mut reader = Reader::new(&body);
    let id = reader.required_text("id").unwrap_or_default().to_owned();
    reader.done()?;
    caller.record().await?;
    let change = Change { population_id: Some(id.clone()), ..Change::default() };
    caller.vestibule.change_user(&caller.operator, &caller.id, change).await.map_err(|error| match error {
        // The user is there, so it is the population that is not.
        Error::Refused(Refusal::NotFound) => Detail::invalid("id").into(),
        error => Stop::from(error),
    })?;
    Ok(told(&caller, "population", "id", id))
}

async fn mfa_enabled(caller: Caller) -> Answer {
    let record = caller.vestibule.record(&caller.operator, &caller.id).await?;
    Ok(told(&caller, "mfaEnabled", "mfaEnabled", record.profile.mfa_enabled.unwrap_or_default()))
}

async fn put_mfa(caller: Caller, Plain(body): Plain) -> Answer {
    let enabled = truth(&caller, &body, "mfaEnabled")?;
    let fields = Map::from_iter([("mfa_enabled".to_owned(), enabled.into())]);
    let change = Change { profile: Some(ProfileChange::Merge(fields)), ..Change::default() };
    caller.vestibule.change_user(&caller.operator, &caller.id, change).await?;
    Ok(told(&caller, "mfaEnabled", "mfaEnabled", enabled))
}

async fn verify_status(caller: Caller) -> Answer {
    caller.vestibule.record(&caller.operator, &caller.id).await?;
    Ok(told(&caller, "verifyStatus", "verifyStatus", VERIFY_STATUS))
}

/// The one attribute of a body that may only be written.
fn truth(caller: &Caller, body: &Bytes, name: &str) -> Answer<bool> {
    caller.must(Scope::Write)?;
    let body = object(body)?;
    let mut reader = Reader::new(&body);
    let truth = reader.required_truth(name).unwrap_or_default();
    reader.done()?;
    Ok(truth)
}

fn told(caller: &Caller, facet: &str, name: &str, value: impl Into<Value>) -> axum::response::Response {
    let links = Hal::to(&caller.links.of_user(&caller.id, facet)).with("user", &caller.links.user(&caller.id));
    Json(json!({ "_links": links, name: value.into() })).into_response()
}
