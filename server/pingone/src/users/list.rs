//! List users.

use axum::{Json, extract::RawQuery, response::IntoResponse};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use schemars::JsonSchema;
use serde::Serialize;
use vestibule_api::{Operation, Routes};
use vestibule_core::{
    Error, Refusal,
    api_key::Scope,
    directory::{DirectoryQuery, Filter, SortBy, Start},
    user::record::Record,
};

use super::USERS;
use crate::{
    caller::Caller,
    document::{operation, refusals},
    fault::{Detail, Fault},
    filter,
    links::{Hal, escaped},
    populations::Population,
    query::Query,
    refusal::{Answer, Stop},
    user::{Embedded, User},
};

/// Most users that may be asked for, and that are given at once; clients follow `next`.
const MOST_ASKED: i64 = 1_000;
const MOST_GIVEN: i64 = 200;

pub fn routes() -> Routes {
    Routes::new().add(
        refusals(operation(Operation::get(USERS, "listUsers"), Scope::Read, "List users"), &[400])
            .description(
                "A page holds at the most 200 users; `_links.next` leads to the next one and is absent on the last.",
            )
            .query::<String>("filter", "SCIM: `email eq \"grace@example.com\" or name.given sw \"G\"`.")
            .query::<i64>("limit", "1 to 1,000.")
            .query::<String>("cursor", "From `_links.next`.")
            .query::<String>("expand", "`population` puts each user's population into `_embedded`.")
            .answers::<List>(200, "A page of users, in the order in which they were made."),
        list,
    )
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PingOneUserList")]
struct List {
    #[serde(rename = "_links")]
    links: Hal,
    #[serde(rename = "_embedded")]
    embedded: Users,
    /// How many there are on all pages together.
    count: i64,
    /// How many are on this page.
    size: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PingOneUsers")]
struct Users {
    users: Vec<User>,
}

async fn list(caller: Caller, RawQuery(query): RawQuery) -> Answer {
    caller.must(Scope::Read)?;
    let query = Query::parse(query.as_deref().unwrap_or_default());
    let asked = DirectoryQuery {
        filter: query.get("filter").map_or(Ok(Filter::Always), filter::parse)?,
        sort: SortBy::CreatedAt,
        descending: false,
        start: Start::After(query.get("cursor").map_or(Ok(0), read_cursor)?),
        limit: query.get("limit").map_or(Ok(MOST_GIVEN), read_limit)?,
    };
    let page = caller.vestibule.directory(&caller.operator, &asked).await.map_err(|error| match error {
        Error::Refused(Refusal::Text) => filter::too_large().into(),
        error => Stop::from(error),
    })?;
    let populations = if expands(&query) { caller.vestibule.populations(&caller.operator).await? } else { Vec::new() };
    let default = caller.vestibule.default_population(&caller.environment).await?;
    let told = |record: &Record| {
        let mut user = User::new(record.into(), &caller.links, &default);
        let id = record.user.population_id.as_deref().unwrap_or(&default);
        let population = populations.iter().find(|population| population.id == id);
        user.embedded = population.map(|one| Embedded { population: Population::new(one.clone(), &caller.links) });
        user
    };
    let users: Vec<User> = page.users.iter().map(told).collect();
    let mut links = Hal::to(&address(&caller, &query, query.get("cursor")));
    if let Some(next) = page.next {
        links.add("next", &address(&caller, &query, Some(&write_cursor(next))));
    }
    Ok(Json(List { links, count: page.total, size: users.len(), embedded: Users { users } }).into_response())
}

/// Whether `expand` asks for populations; a client in Python asks for them in the plural.
pub(super) fn expands(query: &Query) -> bool {
    query.lists("expand", "population") || query.lists("expand", "populations")
}

fn read_limit(text: &str) -> Result<i64, Fault> {
    let limit = text.parse::<i64>().ok().filter(|limit| (1..=MOST_ASKED).contains(limit));
    limit.map(|limit| limit.min(MOST_GIVEN)).ok_or_else(|| {
        let detail = Detail::new("OUT_OF_RANGE", "limit", format!("The limit must be from 1 to {MOST_ASKED}."));
        Fault::invalid_request(vec![detail.with("rangeMinimumValue", 1).with("rangeMaximumValue", MOST_ASKED)])
    })
}

/// Where a page begins, as a text that nobody is meant to read.
fn write_cursor(number: i64) -> String {
    URL_SAFE_NO_PAD.encode(number.to_be_bytes())
}

fn read_cursor(text: &str) -> Result<i64, Fault> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| <[u8; 8]>::try_from(bytes).ok());
    let number = bytes.map(i64::from_be_bytes);
    number.ok_or_else(|| Fault::invalid_request(vec![Detail::new("INVALID_PARAMETER", "cursor", "Unknown cursor.")]))
}

/// The same list from another place.
fn address(caller: &Caller, query: &Query, cursor: Option<&str>) -> String {
    let parameters = ["filter", "limit", "expand"].map(|name| (name, query.get(name)));
    let parts: Vec<String> = parameters
        .into_iter()
        .chain([("cursor", cursor)])
        .filter_map(|(name, value)| Some(format!("{name}={}", escaped(value?))))
        .collect();
    let joint = if parts.is_empty() { "" } else { "?" };
    format!("{}{joint}{}", caller.links.users(), parts.join("&"))
}
