//! A user in brief.

use super::{UserRow, profile::Profile, record::Record};
use crate::{Error, Result, store::records::SummaryRow};

/// A user without most of what belongs to them: what the answer to a change says of them.
#[derive(Clone, Debug)]
pub struct Summary {
    pub user: UserRow,
    pub profile: Profile,
    /// The primary address, as it was entered.
    pub email: Option<String>,
    pub email_verified: bool,
}

impl From<&Record> for Summary {
    fn from(record: &Record) -> Self {
        let email = record.primary_email();
        Self {
            user: record.user.clone(),
            profile: record.profile.clone(),
            email: email.map(|email| email.address.clone()),
            email_verified: email.is_some_and(|email| email.verified_at.is_some()),
        }
    }
}

impl TryFrom<SummaryRow> for Summary {
    type Error = Error;

    fn try_from(row: SummaryRow) -> Result<Self> {
        Ok(Self {
            user: row.user,
            profile: serde_json::from_str(&row.profile)?,
            email: row.email,
            email_verified: row.email_verified_at.is_some(),
        })
    }
}
