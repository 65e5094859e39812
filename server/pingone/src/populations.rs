//! Populations.

use axum::{Json, body::Bytes, response::IntoResponse};
use http::{StatusCode, header};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};
use vestibule_api::{Operation, Routes, operation::Schema};
use vestibule_core::{
    api_key::Scope,
    population::{self, NewPopulation},
};

use crate::{
    caller::Caller,
    document::{operation, refusals},
    fault::Detail,
    links::{Hal, Id, Links},
    media,
    reader::{Plain, Reader, object},
    refusal::Answer,
    time::iso,
};

/// What clients may keep with a population, as it is.
const KEPT: &[&str] = &["alternativeIdentifiers", "passwordPolicy", "preferredLanguage", "theme"];

pub fn routes() -> Routes {
    const ALL: &str = "/v1/environments/{environment_id}/populations";
    const ONE: &str = "/v1/environments/{environment_id}/populations/{population_id}";
    let sends = |operation: Operation| operation.body_of(media::JSON, schema());
    Routes::new()
        .add(
            refusals(operation(Operation::get(ALL, "listPopulations"), Scope::Read, "List populations"), &[])
                .answers::<List>(200, "All populations."),
            list,
        )
        .add(
            sends(refusals(
                operation(Operation::post(ALL, "createPopulation"), Scope::Write, "Create a population"),
                &[400],
            ))
            .answers::<Population>(201, "The population; `Location` leads to it."),
            create,
        )
        .add(
            refusals(operation(Operation::get(ONE, "readPopulation"), Scope::Read, "Read a population"), &[])
                .answers::<Population>(200, "The population."),
            read,
        )
        .add(
            sends(refusals(
                operation(Operation::put(ONE, "updatePopulation"), Scope::Write, "Replace a population"),
                &[400],
            ))
            .answers::<Population>(200, "The population."),
            replace,
        )
        .add(
            refusals(
                operation(Operation::delete(ONE, "deletePopulation"), Scope::Write, "Delete a population"),
                &[400],
            )
            .description("A population that users are in stays, and so does the last one.")
            .answers_empty(204, "It is gone."),
            delete,
        )
}

/// A population.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PingOnePopulation")]
pub struct Population {
    #[serde(rename = "_links")]
    links: Hal,
    id: String,
    environment: Id,
    name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    description: String,
    user_count: i64,
    default: bool,
    created_at: String,
    updated_at: String,
    #[serde(flatten)]
    kept: Map<String, Value>,
}

impl Population {
    pub fn new(population: population::Population, links: &Links) -> Self {
        let own = links.population(&population.id);
        let mut kept = population.data;
        kept.retain(|name, _| KEPT.contains(&name.as_str()));
        Self {
            links: Hal::to(&own).with("environment", &links.environment()),
            id: population.id,
            environment: population.organization_id.as_str().into(),
            name: population.name,
            description: population.description,
            user_count: population.users,
            default: population.is_default,
            created_at: iso(population.created_at),
            updated_at: iso(population.changed_at),
            kept,
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PingOnePopulationList")]
struct List {
    #[serde(rename = "_links")]
    links: Hal,
    #[serde(rename = "_embedded")]
    embedded: Populations,
    count: usize,
    size: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PingOnePopulations")]
struct Populations {
    populations: Vec<Population>,
}

async fn list(caller: Caller) -> Answer {
    let populations = caller.vestibule.populations(&caller.operator).await?;
    let count = populations.len();
    let links = Hal::to(&caller.links.populations());
    let populations = populations.into_iter().map(|population| Population::new(population, &caller.links)).collect();
    Ok(Json(List { links, embedded: Populations { populations }, count, size: count }).into_response())
}

async fn create(caller: Caller, Plain(body): Plain) -> Answer {
    caller.must(Scope::Write)?;
    let new = caller.vestibule.create_population(&caller.operator, parse(&body)?).await?;
    let location = [(header::LOCATION, caller.links.population(&new.id))];
    Ok((StatusCode::CREATED, location, Json(Population::new(new, &caller.links))).into_response())
}

async fn read(caller: Caller) -> Answer {
    let population = caller.vestibule.population(&caller.operator, &caller.id).await?;
    Ok(Json(Population::new(population, &caller.links)).into_response())
}

async fn replace(caller: Caller, Plain(body): Plain) -> Answer {
    caller.must(Scope::Write)?;
    let changed = caller.vestibule.change_population(&caller.operator, &caller.id, parse(&body)?).await?;
    Ok(Json(Population::new(changed, &caller.links)).into_response())
}

async fn delete(caller: Caller) -> Answer {
    caller.vestibule.delete_population(&caller.operator, &caller.id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn parse(body: &Bytes) -> Answer<NewPopulation> {
    let body = object(body)?;
    let mut reader = Reader::new(&body);
    let name = reader.required_text("name").unwrap_or_default().to_owned();
    let description = reader.text("description").unwrap_or_default().to_owned();
    let is_default = reader.truth("default").unwrap_or_default();
    let data: Map<String, Value> =
        KEPT.iter().filter_map(|kept| Some(((*kept).to_owned(), reader.get(kept)?.clone()))).collect();
    // The vendor names no bound; what is kept with a population shall not become a store of its own.
    for (kept, value) in &data {
        if value.to_string().len() > 4_096 {
            reader.note(Detail::new("SIZE_LIMIT_EXCEEDED", kept, "The attribute is too large."));
        }
    }
    reader.done()?;
    Ok(NewPopulation { name, description, is_default, data })
}

fn schema() -> Schema {
    json!({
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": { "type": "string", "minLength": 1, "maxLength": 200 },
            "description": { "type": ["string", "null"], "maxLength": 1000 },
            "default": { "type": ["boolean", "null"] },
            "preferredLanguage": { "type": ["string", "null"] },
            "passwordPolicy": { "type": ["object", "null"] },
            "theme": { "type": ["object", "null"] },
            "alternativeIdentifiers": { "type": ["array", "null"] },
        },
    })
    .into()
}
