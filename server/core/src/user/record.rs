//! One whole user with all that belongs to them, as machines read it.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use crate::{
    Refusal, Result, Vestibule,
    actor::{Operator, Principal},
    api_key::Scope,
    is_id,
    store::{Tx, records, records::RecordRow, users},
    user::{UserRow, profile::Profile},
};

pub use crate::store::records::{EmailRecord, PasskeyRecord, PhoneRecord};

/// One whole user.
#[derive(Clone, Debug)]
pub struct Record {
    pub user: UserRow,
    pub profile: Profile,
    pub public_data: Map<String, Value>,
    pub private_data: Map<String, Value>,
    pub metadata: Map<String, Value>,
    /// The primary one first.
    pub emails: Vec<EmailRecord>,
    /// The primary one first.
    pub phones: Vec<PhoneRecord>,
    pub passkeys: Vec<PasskeyRecord>,
    pub providers: Vec<ProviderRecord>,
}

/// A company account that a user is linked to.
#[derive(Clone, Debug)]
pub struct ProviderRecord {
    pub provider_id: String,
    pub provider_name: String,
    /// Who the person is there.
    pub subject: String,
    /// What the provider said of the person.
    pub claims: Map<String, Value>,
    pub created_at: i64,
}

impl Record {
    pub fn primary_email(&self) -> Option<&EmailRecord> {
        self.emails.iter().find(|email| email.primary)
    }

    /// Whether the person has a way to sign in.
    pub fn has_method(&self) -> bool {
        self.user.has_password || !self.passkeys.is_empty() || !self.providers.is_empty()
    }
}

impl Vestibule {
    /// One user of the operator's organization.
    pub async fn record(&self, by: impl Into<Operator>, user_id: &str) -> Result<Record> {
        let by = by.into();
        by.must(Scope::Read)?;
        self.record_after(by, user_id).await
    }

    /// The user that a change is answered with; who may change may see what came of it.
    pub async fn record_after(&self, by: impl Into<Operator>, user_id: &str) -> Result<Record> {
        self.record_of(by.into().organization_id, user_id).await
    }

    /// The row alone of a user of the caller's organization, for an answer that says where their history stands.
    pub async fn row_after(&self, by: &Principal, user_id: &str) -> Result<UserRow> {
        if !is_id(user_id) {
            return Err(Refusal::NotFound.into());
        }
        let row = users::by_id(&mut self.store.read().await?, by.organization_id(), user_id).await?;
        Ok(row.ok_or(Refusal::NotFound)?)
    }

    /// The person's own record.
    pub async fn own_record(&self, person: &crate::actor::Person) -> Result<Record> {
        self.record_of(person.organization_id.clone(), &person.user_id).await
    }

    async fn record_of(&self, organization_id: String, user_id: &str) -> Result<Record> {
        // One unreadable id must not spoil the batch that it would share with others; nor may one unreadable row.
        if !is_id(user_id) {
            return Err(Refusal::NotFound.into());
        }
        read(self.batches.record.call((organization_id, user_id.to_owned())).await?)
    }
}

/// Who is asked for: the ids of an organization and of a user.
pub(crate) type Asked = (String, String);

/// The rows of these users, in their order.
pub(crate) async fn rows(tx: &mut Tx, asked: &[Asked]) -> Result<Vec<Result<RecordRow, Refusal>>> {
    let mut organizations: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (organization_id, user_id) in asked {
        organizations.entry(organization_id).or_default().push(user_id);
    }
    let mut found = HashMap::new();
    for (organization_id, mut ids) in organizations {
        ids.sort_unstable();
        ids.dedup();
        let rows = records::by_ids(tx, organization_id, &ids).await?;
        found.extend(rows.into_iter().map(|row| ((organization_id.to_owned(), row.user.id.clone()), row)));
    }
    Ok(asked.iter().map(|asked| found.get(asked).cloned().ok_or(Refusal::NotFound)).collect())
}

pub(crate) async fn by_ids(tx: &mut Tx, organization_id: &str, ids: &[&str]) -> Result<Vec<Record>> {
    records::by_ids(tx, organization_id, ids).await?.into_iter().map(read).collect()
}

fn read(row: RecordRow) -> Result<Record> {
    let providers: Vec<records::ProviderRecord> = serde_json::from_str(&row.providers)?;
    Ok(Record {
        user: row.user,
        profile: serde_json::from_str(&row.profile)?,
        public_data: serde_json::from_str(&row.public_data)?,
        private_data: serde_json::from_str(&row.private_data)?,
        metadata: serde_json::from_str(&row.metadata)?,
        emails: serde_json::from_str(&row.emails)?,
        phones: serde_json::from_str(&row.phones)?,
        passkeys: serde_json::from_str(&row.passkeys)?,
        providers: providers
            .into_iter()
            .map(|link| {
                Ok(ProviderRecord {
                    provider_id: link.provider_id,
                    provider_name: link.provider_name,
                    subject: link.subject,
                    claims: serde_json::from_str(&link.claims)?,
                    created_at: link.created_at,
                })
            })
            .collect::<Result<_>>()?,
    })
}
