//! Users with what belongs to them, each set of them in one statement.

use serde::{Deserialize, Deserializer};

use super::{
    Tx, all,
    users::{UserRow, user_columns},
};
use crate::{Result, prove::ProofKind};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RecordRow {
    #[sqlx(flatten)]
    pub user: UserRow,
    pub profile: String,
    pub public_data: String,
    pub private_data: String,
    pub metadata: String,
    pub emails: String,
    pub phones: String,
    pub passkeys: String,
    pub providers: String,
}

/// A user, the profile as it is stored, and the primary address.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SummaryRow {
    #[sqlx(flatten)]
    pub user: UserRow,
    pub profile: String,
    pub email: Option<String>,
    pub email_verified_at: Option<i64>,
}

/// An address of a user.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct EmailRecord {
    pub id: String,
    pub address: String,
    pub canonical: String,
    #[serde(deserialize_with = "truth")]
    pub primary: bool,
    pub verified_at: Option<i64>,
    pub proof: Option<ProofKind>,
    pub created_at: i64,
}

/// A telephone number of a user.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PhoneRecord {
    pub id: String,
    /// E.164.
    pub number: String,
    #[serde(deserialize_with = "truth")]
    pub primary: bool,
    pub verified_at: Option<i64>,
    pub created_at: i64,
}

/// A passkey of a user.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PasskeyRecord {
    pub id: String,
    pub name: String,
    /// base64url.
    pub credential_id: String,
    /// COSE key, base64url.
    pub public_key: String,
    pub aaguid: String,
    #[serde(deserialize_with = "truth")]
    pub backup_eligible: bool,
    #[serde(deserialize_with = "truth")]
    pub backup_state: bool,
    #[serde(deserialize_with = "truth")]
    pub user_verified: bool,
    pub user_agent: String,
    pub created_at: i64,
}

/// A company account that a user is linked to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ProviderRecord {
    pub provider_id: String,
    pub provider_name: String,
    pub subject: String,
    /// What the provider said of the person, as JSON.
    pub claims: String,
    pub created_at: i64,
}

/// SQLite has numbers where Postgres has truth values.
fn truth<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Truth(bool),
        Number(i64),
    }
    Ok(match Either::deserialize(deserializer)? {
        Either::Truth(truth) => truth,
        Either::Number(number) => number != 0,
    })
}

/// The organization is compared in a way that no index serves: SQLite, which does not know how long the list is, would walk
/// all users of an organization instead of looking up the few.
macro_rules! record {
    ($object:literal, $array:literal, $input:literal) => {
        concat!(
            "WITH input AS (", $input, ") SELECT ", user_columns!(), ", users.profile, users.public_data, users.private_data, users.metadata,
             CAST(COALESCE((SELECT ", $array, "(", $object, "('id', id, 'address', address, 'canonical', canonical, 'primary', is_primary,
                'verified_at', verified_at, 'proof', proof, 'created_at', created_at) ORDER BY is_primary DESC, created_at, id)
                FROM email WHERE email.user_id = users.id), '[]') AS TEXT) AS emails,
             CAST(COALESCE((SELECT ", $array, "(", $object, "('id', id, 'number', number, 'primary', is_primary,
                'verified_at', verified_at, 'created_at', created_at) ORDER BY is_primary DESC, created_at, id)
                FROM phone WHERE phone.user_id = users.id), '[]') AS TEXT) AS phones,
             CAST(COALESCE((SELECT ", $array, "(", $object, "('id', id, 'name', name, 'credential_id', credential_id, 'public_key', public_key, 'aaguid', aaguid,
                'backup_eligible', backup_eligible, 'backup_state', backup_state, 'user_verified', user_verified, 'user_agent', user_agent, 'created_at', created_at) ORDER BY created_at, id)
                FROM passkey WHERE passkey.user_id = users.id), '[]') AS TEXT) AS passkeys,
             CAST(COALESCE((SELECT ", $array, "(", $object, "('provider_id', provider.id, 'provider_name', provider.name, 'subject', provider_link.subject,
                'claims', provider_link.claims, 'created_at', provider_link.created_at) ORDER BY provider_link.created_at, provider.id, provider_link.subject)
                FROM provider_link JOIN provider ON provider.id = provider_link.provider_id WHERE provider_link.user_id = users.id), '[]') AS TEXT) AS providers
             FROM input JOIN users ON users.id = input.id AND users.organization_id || '' = $2 LEFT JOIN password ON password.user_id = users.id
             ORDER BY input.place"
        )
    };
}

/// The users of these ids in an organization, in the order of the ids; those that do not exist are left out.
pub async fn by_ids(tx: &mut Tx, organization_id: &str, ids: &[&str]) -> Result<Vec<RecordRow>> {
    Ok(all!(
        tx,
        (
            record!("json_object", "json_group_array", "SELECT value AS id, key AS place FROM json_each($1)"),
            record!(
                "json_build_object",
                "json_agg",
                "SELECT value AS id, place FROM jsonb_array_elements_text(CAST($1 AS JSONB)) WITH ORDINALITY AS listed (value, place)"
            ),
        ),
        serde_json::to_string(ids)?,
        organization_id
    )?)
}

macro_rules! summary {
    ($ids:literal) => {
        concat!(
            "WITH input AS (",
            $ids,
            ") SELECT ",
            user_columns!(),
            ", users.profile, email.address AS email, email.verified_at AS email_verified_at
             FROM input JOIN users ON users.id = input.id LEFT JOIN password ON password.user_id = users.id
             LEFT JOIN email ON email.user_id = users.id AND email.is_primary"
        )
    };
}

/// The users of these ids in brief, in no order; those that do not exist are left out.
pub async fn summaries(tx: &mut Tx, ids: &[&str]) -> Result<Vec<SummaryRow>> {
    Ok(all!(
        tx,
        (
            summary!("SELECT value AS id FROM json_each($1)"),
            summary!("SELECT jsonb_array_elements_text(CAST($1 AS JSONB)) AS id"),
        ),
        serde_json::to_string(ids)?
    )?)
}
