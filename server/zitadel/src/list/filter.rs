//! What a query asks for, as the core's filter.

use tonic::Code;
use vestibule_core::directory::{AccountState, Field, Filter, Test};

use crate::{
    error::{Said, ZError},
    person,
    proto::zitadel::{
        filter::v2::{ByteFilterMethod, TextFilterMethod},
        metadata::v2::{MetadataKeyFilter, MetadataValueFilter},
        object::v2::TextQueryMethod,
        user::v2::{SearchQuery, Type, UserState, search_query::Query},
    },
};

/// How deep queries may stand in each other.
const DEEPEST: usize = 20;
const TOO_DEEP: Said = (Code::InvalidArgument, "Too many query nesting levels (Max 20)", "USER-zsQ97");
const INVALID: Said = (Code::InvalidArgument, "List.Query.Invalid", "GRPC-vR9nC");

/// Reads a query that stands at a depth; the outermost at 0.
pub fn read(query: SearchQuery, depth: usize, organization_id: &str) -> Result<Filter, ZError> {
    if depth > DEEPEST {
        return Err(TOO_DEEP.into());
    }
    let all = |queries: Vec<SearchQuery>| -> Result<Vec<Filter>, ZError> {
        queries.into_iter().map(|query| read(query, depth + 1, organization_id)).collect()
    };
    Ok(match query.query.ok_or(INVALID)? {
        Query::UserNameQuery(query) => text(Field::Username, query.method(), query.user_name),
        // A user has one login name.
        Query::LoginNameQuery(query) => text(Field::Username, query.method(), query.login_name),
        Query::FirstNameQuery(query) => text(Field::GivenName, query.method(), query.first_name),
        Query::LastNameQuery(query) => text(Field::FamilyName, query.method(), query.last_name),
        Query::NickNameQuery(query) => text(Field::Nickname, query.method(), query.nick_name),
        Query::DisplayNameQuery(query) => text(Field::Name, query.method(), query.display_name),
        Query::EmailQuery(query) => text(Field::Email, query.method(), query.email_address),
        Query::PhoneQuery(query) => text(Field::Phone, query.method(), query.number),
        Query::StateQuery(query) => state(query.state()),
        Query::TypeQuery(query) => whether(query.r#type() == Type::Human),
        Query::InUserIdsQuery(query) => Filter::Id(query.user_ids),
        Query::InUserEmailsQuery(query) => Filter::Email(query.user_emails),
        Query::OrganizationIdQuery(query) => whether(query.organization_id == organization_id),
        Query::OrQuery(query) => Filter::Or(all(query.queries)?),
        Query::AndQuery(query) => Filter::And(all(query.queries)?),
        Query::NotQuery(query) => {
            let inner = *query.query.ok_or(INVALID)?;
            Filter::Not(Box::new(read(inner, depth + 1, organization_id)?))
        }
        Query::MetadataKeyFilter(filter) => metadata_key(filter),
        Query::MetadataValueFilter(filter) => metadata_value(filter),
    })
}

fn whether(truth: bool) -> Filter {
    if truth { Filter::Always } else { Filter::Never }
}

fn state(state: UserState) -> Filter {
    match state {
        UserState::Active => Filter::State(AccountState::Active),
        UserState::Inactive => Filter::State(AccountState::Inactive),
        UserState::Locked => Filter::State(AccountState::Locked),
        // Nobody is in these.
        UserState::Unspecified | UserState::Deleted | UserState::Initial => Filter::Never,
    }
}

fn text(field: Field, method: TextQueryMethod, value: String) -> Filter {
    let (test, fold) = match method {
        TextQueryMethod::Equals => (Test::Equals, false),
        TextQueryMethod::EqualsIgnoreCase => (Test::Equals, true),
        TextQueryMethod::StartsWith => (Test::StartsWith, false),
        TextQueryMethod::StartsWithIgnoreCase => (Test::StartsWith, true),
        TextQueryMethod::Contains => (Test::Contains, false),
        TextQueryMethod::ContainsIgnoreCase => (Test::Contains, true),
        TextQueryMethod::EndsWith => (Test::EndsWith, false),
        TextQueryMethod::EndsWithIgnoreCase => (Test::EndsWith, true),
    };
    Filter::Text { field, test, value, fold }
}

fn metadata_key(filter: MetadataKeyFilter) -> Filter {
    let (test, fold) = match filter.method() {
        TextFilterMethod::Equals => (Test::Equals, false),
        TextFilterMethod::EqualsIgnoreCase => (Test::Equals, true),
        TextFilterMethod::StartsWith => (Test::StartsWith, false),
        TextFilterMethod::StartsWithIgnoreCase => (Test::StartsWith, true),
        TextFilterMethod::Contains => (Test::Contains, false),
        TextFilterMethod::ContainsIgnoreCase => (Test::Contains, true),
        TextFilterMethod::EndsWith => (Test::EndsWith, false),
        TextFilterMethod::EndsWithIgnoreCase => (Test::EndsWith, true),
    };
    Filter::MetadataKey { test, key: filter.key, fold }
}

fn metadata_value(filter: MetadataValueFilter) -> Filter {
    let is = filter.method() == ByteFilterMethod::Equals;
    Filter::MetadataValue { value: person::metadata_value(filter.value), is }
}
