//! What is known of a user: OpenID Connect's claims, and what clients keep.

use axum::{Json, extract::State};
use serde_json::{Map, Value};
use vestibule_api::{Api, Operation, Routes};
use vestibule_core::{
    Refusal,
    api_key::Scope,
    user::{change::Change, parse_name, profile::ProfileChange, record::Record},
};

use crate::{
    body::Fields,
    caller::Caller,
    document::{JSON, Kind, body, changes, described},
    failure::Failure,
    id::Id,
    model::{PrivateData, PublicData},
    users::{Changed, user_after},
};

/// The claims beside `name` that this dialect reads and writes; all but the last are texts.
pub const CLAIMS: [&str; 13] = [
    "given_name",
    "middle_name",
    "family_name",
    "nickname",
    "picture",
    "preferred_username",
    "profile",
    "birthdate",
    "website",
    "gender",
    "zoneinfo",
    "locale",
    "address",
];

const ADDRESS: [&str; 6] = ["formatted", "street_address", "locality", "region", "postal_code", "country"];

pub fn routes() -> Routes {
    let user = "/api/users/{user_id}";
    let claims = Operation::patch(format!("{user}/claims"), "monoCloudUpdateClaims");
    let read_public = Operation::get(format!("{user}/public_data"), "monoCloudGetPublicData");
    let write_public = Operation::patch(format!("{user}/public_data"), "monoCloudUpdatePublicData");
    let read_private = Operation::get(format!("{user}/private_data"), "monoCloudGetPrivateData");
    let write_private = Operation::patch(format!("{user}/private_data"), "monoCloudUpdatePrivateData");
    let told = "What clients keep with the user";
    let refused = "Not an object, or more than 64 KiB";
    Routes::new()
        .add(
            changes(claims, Scope::Write, "Change claims; null removes one").body_of(JSON, claims_schema()),
            patch_claims,
        )
        .add(described(read_public, Scope::Read, "Read the public data").answers::<PublicData>(200, told), public_data)
        .add(
            described(write_public, Scope::Write, "Change public data by key; null removes one")
                .body_of(JSON, body(&[("public_data", Kind::Object)], &[]))
                .answers::<PublicData>(200, told)
                .refuses(422, refused),
            patch_public_data,
        )
        .add(
            described(read_private, Scope::Read, "Read the private data").answers::<PrivateData>(200, told),
            private_data,
        )
        .add(
            described(write_private, Scope::Write, "Change private data by key; null removes one")
                .body_of(JSON, body(&[("private_data", Kind::Object)], &[]))
                .answers::<PrivateData>(200, told)
                .refuses(422, refused),
            patch_private_data,
        )
}

fn claims_schema() -> Value {
    let texts = CLAIMS.into_iter().filter(|name| *name != "address").map(|name| (name, Kind::Text));
    let fields: Vec<(&str, Kind)> = [("name", Kind::Text), ("skip_conformance_checks", Kind::Flag)]
        .into_iter()
        .chain(texts)
        .chain([("address", Kind::Object)])
        .collect();
    let mut schema = body(&fields, &[]);
    schema["properties"]["address"]["properties"] =
        body(&ADDRESS.map(|name| (name, Kind::Text)), &[])["properties"].take();
    schema
}

async fn patch_claims(State(api): State<Api>, caller: Caller, Id(id): Id<String>, mut fields: Fields) -> Changed {
    caller.must(Scope::Write)?;
    let strict = !fields.flag("skip_conformance_checks").unwrap_or_default();
    let name = fields.raw("name");
    let claims = read_claims(&mut fields);
    if strict {
        let url = |name: &'static str| (name, claims.get(name).and_then(Value::as_str));
        check_urls(&mut fields, ["picture", "profile", "website"].map(url));
    }
    let name = match name {
        None => None,
        Some(Value::Null) => Some(name_without(&api.vestibule.record_after(caller.operator(), &id).await?, &claims)),
        Some(Value::String(name)) => checked_name(&mut fields, Some(name)),
        Some(_) => fields.refuse("name", "It must be a string."),
    };
    fields.done()?;
    let change = Change { name, profile: Some(ProfileChange::Merge(claims)), ..Change::default() };
    api.vestibule.change_user(caller.operator(), &id, change).await?;
    user_after(&api.vestibule, &caller, &id).await
}

/// The claims of a body, `null` for those to be removed.
fn read_claims(fields: &mut Fields) -> Map<String, Value> {
    let mut claims = Map::new();
    for name in CLAIMS {
        let value = match (name, fields.raw(name)) {
            (_, None) => continue,
            (_, Some(Value::Null)) => Some(Value::Null),
            ("address", Some(Value::Object(address))) => postal(fields, address),
            ("address", Some(_)) => fields.refuse(name, "It must be an object."),
            (_, Some(text @ Value::String(_))) => Some(text),
            (_, Some(_)) => fields.refuse(name, "It must be a string."),
        };
        claims.extend(value.map(|value| (name.to_owned(), value)));
    }
    claims
}

/// The parts of a postal address that there are; others are ignored.
fn postal(fields: &mut Fields, mut address: Map<String, Value>) -> Option<Value> {
    address.retain(|part, value| ADDRESS.contains(&part.as_str()) && !value.is_null());
    for (part, value) in &address {
        if !value.is_string() {
            return fields.refuse(&format!("address.{part}"), "It must be a string.");
        }
    }
    Some(if address.is_empty() { Value::Null } else { address.into() })
}

/// Says which of these are no addresses of the web.
pub fn check_urls<'u>(fields: &mut Fields, urls: impl IntoIterator<Item = (&'static str, Option<&'u str>)>) {
    for (name, url) in urls {
        let is_web = |url: &str| {
            let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
            host.is_some_and(|host| !host.is_empty() && !host.starts_with('/') && !url.contains(char::is_whitespace))
        };
        if url.is_some_and(|url| !is_web(url)) {
            fields.refuse::<()>(name, "It must be an address of the web.");
        }
    }
}

/// The name that people are shown, if it can be one.
pub fn checked_name(fields: &mut Fields, name: Option<String>) -> Option<String> {
    match parse_name(&name?) {
        Ok(name) => Some(name),
        Err(_) => fields.refuse("name", "1 to 200 characters, none of which controls."),
    }
}

/// What people are shown once nobody says it any more: the parts of the name, else the user name.
fn name_without(record: &Record, claims: &Map<String, Value>) -> String {
    let known = record.profile.map();
    let part = |name: &str| claims.get(name).or_else(|| known.get(name)).and_then(Value::as_str);
    let parts: Vec<&str> = ["given_name", "middle_name", "family_name"].into_iter().filter_map(part).collect();
    if parts.is_empty() { record.user.username.clone() } else { parts.join(" ") }
}

async fn public_data(State(api): State<Api>, caller: Caller, Id(id): Id<String>) -> Result<Json<PublicData>, Failure> {
    let record = api.vestibule.record(caller.operator(), &id).await?;
    Ok(Json(PublicData { public_data: record.public_data }))
}

async fn private_data(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<String>,
) -> Result<Json<PrivateData>, Failure> {
    let record = api.vestibule.record(caller.operator(), &id).await?;
    Ok(Json(PrivateData { private_data: record.private_data }))
}

async fn patch_public_data(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<String>,
    mut fields: Fields,
) -> Result<Json<PublicData>, Failure> {
    let public_data = fields.object("public_data");
    fields.done()?;
    let record = keep(&api, &caller, &id, Change { public_data, ..Change::default() }, "public_data").await?;
    Ok(Json(PublicData { public_data: record.public_data }))
}

async fn patch_private_data(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<String>,
    mut fields: Fields,
) -> Result<Json<PrivateData>, Failure> {
    let private_data = fields.object("private_data");
    fields.done()?;
    let record = keep(&api, &caller, &id, Change { private_data, ..Change::default() }, "private_data").await?;
    Ok(Json(PrivateData { private_data: record.private_data }))
}

async fn keep(api: &Api, caller: &Caller, id: &str, change: Change, field: &'static str) -> Result<Record, Failure> {
    api.vestibule.change_user(caller.operator(), id, change).await.map_err(|error| match error.refusal() {
        Some(Refusal::Text) => Failure::field(field, "Together it would be more than 64 KiB."),
        _ => error.into(),
    })?;
    Ok(api.vestibule.record_after(caller.operator(), id).await?)
}
