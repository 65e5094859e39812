//! The list of users.

use axum::{extract::State, response::Response};
use vestibule_api::{Api, Operation, Routes};
use vestibule_core::directory::{DirectoryQuery, Filter, SortBy, Start};

use crate::{caller::Caller, document::lists_users, failure::Failure, filter, model::UserSummary, paging::Asked};

pub fn routes() -> Routes {
    let list = lists_users(Operation::get("/api/users", "monoCloudListUsers"), "List users");
    Routes::new().add(list, users)
}

async fn users(State(api): State<Api>, caller: Caller, asked: Asked) -> Result<Response, Failure> {
    let page = asked.page()?;
    let (sort, descending) = sort(&asked)?;
    let query = DirectoryQuery {
        filter: filter(&asked)?,
        sort,
        descending,
        start: Start::Offset(page.offset()),
        limit: page.size,
    };
    let found = api.vestibule.directory(caller.operator(), &query).await?;
    let users: Vec<UserSummary> = found.users.into_iter().map(Into::into).collect();
    Ok(page.answer(&users, found.total))
}

/// The filter of a query; without one, everybody.
pub fn filter(asked: &Asked) -> Result<Filter, Failure> {
    let Some(text) = asked.get("filter") else { return Ok(Filter::Always) };
    filter::parse(text).map_err(|problem| Failure::bad_request(format!("The filter cannot be read. {}", problem.0)))
}

/// What a list is sorted by, and whether the greatest comes first; the oldest user does where nobody says.
pub fn sort(asked: &Asked) -> Result<(SortBy, bool), Failure> {
    let Some(text) = asked.get("sort") else { return Ok((SortBy::CreatedAt, false)) };
    let read = text.split_once(':').and_then(|(field, direction)| {
        let descending = match direction {
            "1" => false,
            "-1" => true,
            _ => return None,
        };
        Some((sort_by(field)?, descending))
    });
    read.ok_or_else(|| Failure::bad_request("sort must be field:1 or field:-1, of a field that users are sorted by."))
}

/// The fields of all generations.
fn sort_by(field: &str) -> Option<SortBy> {
    Some(match field {
        "given_name" => SortBy::GivenName,
        "middle_name" => SortBy::MiddleName,
        "family_name" => SortBy::FamilyName,
        "name" => SortBy::Name,
        // Of everybody 0, so that the order is that of old.
        "creation_time" | "failure_count" => SortBy::CreatedAt,
        "last_updated" => SortBy::ChangedAt,
        "last_sign_in_attempt" | "last_sign_in_success" | "last_activity" => SortBy::LastSignIn,
        "sign_in_attempts_count" | "sign_in_success_count" => SortBy::SignIns,
        "block_until" => SortBy::State,
        _ => return None,
    })
}
