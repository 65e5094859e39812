//! Read one user, and delete one.

use axum::{
    Json,
    extract::RawQuery,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use vestibule_api::{Operation, Routes};
use vestibule_core::api_key::Scope;

use super::{USER, list::expands};
use crate::{
    caller::Caller,
    document::{operation, refusals},
    populations::Population,
    query::Query,
    refusal::Answer,
    user::{Embedded, User},
};

pub fn routes() -> Routes {
    Routes::new()
        .add(
            refusals(operation(Operation::get(USER, "readUser"), Scope::Read, "Read a user"), &[])
                .query::<String>(
                    "include",
                    "`memberOfGroupIDs`, `memberOfGroupNames` or both; there are no groups here.",
                )
                .query::<String>("expand", "`population` puts the user's population into `_embedded`.")
                .answers::<User>(200, "The user."),
            read,
        )
        .add(
            refusals(operation(Operation::delete(USER, "deleteUser"), Scope::Write, "Delete a user"), &[])
                .answers_empty(204, "The user is gone."),
            delete,
        )
}

async fn read(caller: Caller, RawQuery(query): RawQuery) -> Answer {
    let query = Query::parse(query.as_deref().unwrap_or_default());
    let record = caller.vestibule.record(&caller.operator, &caller.id).await?;
    let mut user = caller.told(&record).await?;
    user.group_ids = query.lists("include", "memberOfGroupIDs").then(Vec::new);
    user.group_names = query.lists("include", "memberOfGroupNames").then(Vec::new);
    if expands(&query) {
        let population =
            caller.vestibule.population(&caller.operator, &caller.population_id(&record.user).await?).await?;
        user.embedded = Some(Embedded { population: Population::new(population, &caller.links) });
    }
    Ok(Json(user).into_response())
}

async fn delete(caller: Caller) -> Answer<Response> {
    caller.vestibule.delete_user(&caller.operator, &caller.id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
