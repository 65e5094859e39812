//! The list of who may see nobody but themselves: themselves, where the filter lets them through.

use vestibule_core::{
    directory::{AccountState, DirectoryPage, DirectoryQuery, Field, Filter, Start, Test},
    user::{UserState, record::Record},
};

pub fn page(record: Record, query: &DirectoryQuery) -> DirectoryPage {
    let is_found = matches(&query.filter, &record);
    let is_first = matches!(query.start, Start::Offset(0)) && query.limit > 0;
    let users = if is_found && is_first { vec![record] } else { Vec::new() };
    DirectoryPage { users, total: is_found.into(), next: None }
}

fn matches(filter: &Filter, record: &Record) -> bool {
    let user = &record.user;
    match filter {
        Filter::And(parts) => parts.iter().all(|part| matches(part, record)),
        Filter::Or(parts) => parts.iter().any(|part| matches(part, record)),
        Filter::Not(part) => !matches(part, record),
        Filter::Text { field, test, value, fold } => {
            text(*field, record).is_some_and(|text| compares(&text, *test, value, *fold))
        }
        Filter::Id(ids) => ids.contains(&user.id),
        Filter::Email(addresses) => record
            .emails
            .iter()
            .any(|email| addresses.iter().any(|address| address.eq_ignore_ascii_case(&email.canonical))),
        Filter::State(state) => {
            *state
                == match (user.state, user.locked_at) {
                    (UserState::Disabled, _) => AccountState::Inactive,
                    (UserState::Active, Some(_)) => AccountState::Locked,
                    (UserState::Active, None) => AccountState::Active,
                }
        }
        Filter::MetadataKey { test, key, fold } => {
            let folded = |text: &str| if *fold { text.to_ascii_lowercase() } else { text.to_owned() };
            let key = folded(key);
            record.metadata.keys().any(|kept| compares(&folded(kept), *test, &key, false))
        }
        Filter::MetadataValue { value, is } => {
            record.metadata.values().any(|kept| (kept.as_str() == Some(value.as_str())) == *is)
        }
        Filter::Always => true,
        // Nothing here asks for the others.
        Filter::Enabled(_) | Filter::Verified(_) | Filter::Population(_) | Filter::Any(_) | Filter::Never => false,
    }
}

fn text(field: Field, record: &Record) -> Option<String> {
    let (user, profile) = (&record.user, &record.profile);
    match field {
        Field::Id => Some(user.id.clone()),
        Field::Username => Some(user.username.clone()),
        Field::Name => Some(user.name.clone()),
        Field::GivenName => Some(profile.given_name_or(&user.name)),
        Field::FamilyName => Some(profile.family_name_or(&user.name)),
        Field::MiddleName => profile.middle_name.clone(),
        Field::Nickname => profile.nickname.clone(),
        Field::Email => record.primary_email().map(|email| email.address.clone()),
        Field::Phone => record.phones.first().map(|phone| phone.number.clone()),
        Field::Profile(_) => None,
    }
}

fn compares(text: &str, how: Test, value: &str, fold: bool) -> bool {
    let folded = |text: &str| if fold { text.to_lowercase() } else { text.to_owned() };
    let (text, value) = (folded(text), folded(value));
    match how {
        Test::Equals => text == value,
        Test::StartsWith => text.starts_with(&value),
        Test::EndsWith => text.ends_with(&value),
        Test::Contains => text.contains(&value),
    }
}
