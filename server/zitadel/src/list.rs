//! Users looked for: by queries, sorted, a page at a time.

mod filter;
mod own;

use tonic::Code;
use vestibule_core::{
    api_key::Scope,
    directory::{DirectoryQuery, Filter, SortBy, Start},
};

use crate::{
    call::Call,
    error::{Said, ZError},
    model,
    proto::zitadel::user::v2::{ListUsersRequest, ListUsersResponse, UserFieldName},
    refusals::Family,
};

const TOO_MANY: Said = (Code::InvalidArgument, "Limit exceeded", "QUERY-4M0fs");
/// Most users on a page, and how many where nothing is said.
const MOST: u32 = 1_000;
const USUAL: u32 = 100;

pub async fn list(call: Call, request: ListUsersRequest) -> Result<ListUsersResponse, ZError> {
    let column = request.sorting_column();
    let page = request.query.unwrap_or_default();
    if page.limit > MOST {
        return Err(TOO_MANY.into());
    }
    let limit = if page.limit == 0 { USUAL } else { page.limit };
    let queries = request.queries.into_iter().map(|query| filter::read(query, 0, call.principal.organization_id()));
    let query = DirectoryQuery {
        filter: Filter::And(queries.collect::<Result<_, _>>()?),
        sort: sort(column),
        descending: !page.asc,
        start: Start::Offset(i64::try_from(page.offset).unwrap_or(i64::MAX)),
        limit: limit.into(),
    };
    let vestibule = &call.api.vestibule;
    let found = match (call.operator(Scope::Read), call.principal.person()) {
        (Ok(operator), _) => vestibule.directory(operator, &query).await,
        // Who may see nobody sees themselves.
        (Err(_), Some(person)) => vestibule.own_record(person).await.map(|record| own::page(record, &query)),
        (Err(error), None) => return Err(error),
    };
    let found = found.map_err(|error| call.refused(&Family::READ, &error))?;
    let sequence = found.users.iter().map(|record| record.user.sequence).max().unwrap_or_default();
    Ok(ListUsersResponse {
        details: Some(model::list_details(found.total, sequence, vestibule.now())),
        sorting_column: column.into(),
        result: found.users.iter().map(model::user).collect(),
    })
}

fn sort(column: UserFieldName) -> SortBy {
    match column {
        // There is one type, so it says nothing of the order.
        UserFieldName::Unspecified | UserFieldName::Type => SortBy::Id,
        UserFieldName::UserName => SortBy::Username,
        UserFieldName::FirstName => SortBy::GivenName,
        UserFieldName::LastName => SortBy::FamilyName,
        UserFieldName::NickName => SortBy::Nickname,
        UserFieldName::DisplayName => SortBy::Name,
        UserFieldName::Email => SortBy::Email,
        UserFieldName::State => SortBy::State,
        UserFieldName::CreationDate => SortBy::CreatedAt,
    }
}
