//! The users of an organization as machines look for them: by filter, sorted, a page at a time.

use crate::{
    Refusal, Result, Vestibule,
    actor::Operator,
    api_key::Scope,
    store::directory,
    user::record::{self, Record},
};

/// Which users.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Box<Filter>),
    /// A text of the user; with `fold` upper and lower case are the same.
    Text {
        field: Field,
        test: Test,
        value: String,
        fold: bool,
    },
    /// One of these ids.
    Id(Vec<String>),
    /// One of these addresses, compared as addresses are.
    Email(Vec<String>),
    State(AccountState),
    Enabled(bool),
    /// Whether the primary address is verified.
    Verified(bool),
    Population(String),
    /// The text stands in name, user name, an address, a number or the id.
    Any(String),
    /// Something is kept under a key that is like this; with `fold` the case of its ASCII letters does not count.
    MetadataKey {
        test: Test,
        key: String,
        fold: bool,
    },
    /// Something that is kept, under whichever key, is this text; without `is`, is something else.
    MetadataValue {
        value: String,
        is: bool,
    },
    Always,
    Never,
}

/// A text of a user that can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Id,
    Username,
    /// The name that people are shown.
    Name,
    GivenName,
    FamilyName,
    MiddleName,
    Nickname,
    /// The primary address.
    Email,
    /// The primary number.
    Phone,
    /// A field of the profile by its name there; `address.locality` for a part of the address.
    Profile(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    Equals,
    StartsWith,
    EndsWith,
    Contains,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountState {
    Active,
    /// Disabled.
    Inactive,
    /// Not disabled, but locked.
    Locked,
}

/// What a list is sorted by; users that are alike in it come in the order of their making.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortBy {
    Id,
    Username,
    GivenName,
    FamilyName,
    MiddleName,
    Nickname,
    Name,
    Email,
    State,
    #[default]
    CreatedAt,
    ChangedAt,
    LastSignIn,
    SignIns,
}

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// After so many.
    Offset(i64),
    /// After the user of this number, in the order of their making.
    After(i64),
}

/// A question for users.
#[derive(Clone, Debug)]
pub struct DirectoryQuery {
    pub filter: Filter,
    pub sort: SortBy,
    pub descending: bool,
    pub start: Start,
    /// Most users on the page; 0 to 1,000.
    pub limit: i64,
}

/// A page of users.
#[derive(Clone, Debug)]
pub struct DirectoryPage {
    pub users: Vec<Record>,
    /// How many match, on all pages together.
    pub total: i64,
    /// Where the next page begins, for [`Start::After`]; `None` on the last one.
    pub next: Option<i64>,
}

/// Deepest nesting of a filter, and most tests in one.
pub const DEEPEST: usize = 24;
pub const MOST_TESTS: usize = 200;

impl Filter {
    fn size(&self, depth: usize) -> Option<usize> {
        if depth > DEEPEST {
            return None;
        }
        match self {
            Self::And(parts) | Self::Or(parts) => {
                parts.iter().try_fold(1, |sum, part| Some(sum + part.size(depth + 1)?))
            }
            Self::Not(part) => Some(1 + part.size(depth + 1)?),
            _ => Some(1),
        }
    }
}

impl Vestibule {
    /// Users of the operator's organization that a filter lets through. Refuses a filter that is too deep or too large.
    pub async fn directory(&self, by: impl Into<Operator>, query: &DirectoryQuery) -> Result<DirectoryPage> {
        let by = by.into();
        by.must(Scope::Read)?;
        if query.filter.size(0).is_none_or(|size| size > MOST_TESTS) {
            return Err(Refusal::Text.into());
        }
        let limit = query.limit.clamp(0, 1_000);
        let mut tx = self.store.read().await?;
        let total = directory::count(&mut tx, &by.organization_id, &query.filter).await?;
        let mut found = directory::page(&mut tx, &by.organization_id, query, limit + 1).await?;
        let more = i64::try_from(found.len()).unwrap_or(i64::MAX) > limit;
        found.truncate(usize::try_from(limit).unwrap_or_default());
        let next = found.last().map(|(_, number)| *number).filter(|_| more);
        let ids: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
        let users = record::by_ids(&mut tx, &by.organization_id, &ids).await?;
        Ok(DirectoryPage { users, total, next })
    }
}
