//! A user as MonoCloud's clients read one: the union of what both generations of them know (spec B3).
//!
//! Arrays and objects are there even when empty, because typed clients dereference them; times are Unix seconds.

#![expect(clippy::struct_excessive_bools, clippy::struct_field_names, reason = "types and names are those on the wire")]

mod build;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

pub use build::word;

/// One whole user.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MonoCloudUser")]
pub struct User {
    #[serde(flatten)]
    pub common: Common,
    /// What clients keep with the user and may show.
    pub public_data: Map<String, Value>,
    /// What clients keep with the user and do not show.
    pub private_data: Map<String, Value>,
    /// Company accounts, as the older clients read them.
    pub idps: Vec<ExternalProvider>,
    pub external_providers: Vec<ExternalProvider>,
}

/// A user in a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MonoCloudUserSummary")]
pub struct UserSummary {
    #[serde(flatten)]
    pub common: Common,
    pub idps: Vec<ExternalProviderSummary>,
    pub external_providers: Vec<ExternalProviderSummary>,
}

/// What a user and its summary share.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MonoCloudUserCommon")]
pub struct Common {
    pub user_id: String,
    pub disabled: bool,
    /// OpenID Connect's profile claims.
    pub claims: Map<String, Value>,
    /// The primary one first.
    pub emails: Vec<Email>,
    /// The primary one first.
    pub phone_numbers: Vec<PhoneNumber>,
    /// `null` while the user is known by the address alone.
    pub username: Option<Username>,
    pub passkeys: Vec<Passkey>,
    pub connections: Vec<Connection>,
    /// Whether the next sign-in leads to choosing another password.
    pub force_password_reset: bool,
    pub has_password: bool,
    pub password_updated_at: Option<i64>,
    pub creation_time: i64,
    pub last_updated: i64,
    pub blocked: bool,
    pub block_until: Option<i64>,
    /// Wrong passwords are counted by name and network, not by user: always 0.
    pub failure_count: i64,
    pub sign_in_attempts_count: i64,
    pub sign_in_success_count: i64,
    pub last_sign_in_attempt: Option<i64>,
    pub last_sign_in_attempt_ip: Option<String>,
    pub last_sign_in_success: Option<i64>,
    pub last_sign_in_success_ip: Option<String>,
    pub last_activity: Option<i64>,
    /// Networks are not looked up on a map.
    pub last_known_city: Option<String>,
    pub last_known_country: Option<String>,
    pub last_known_region: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MonoCloudEmail")]
pub struct Email {
    /// A UUID: typed clients read nothing else.
    pub id: String,
    pub email: String,
    pub primary: bool,
    pub verified: bool,
    /// Who supplied it: `monocloud` stands for the server itself.
    pub source: Option<String>,
    /// Who saw it proven.
    pub verification_source: Option<String>,
    pub authenticators: Vec<&'static str>,
    pub idps: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MonoCloudPhoneNumber")]
pub struct PhoneNumber {
    pub id: String,
    /// E.164.
    pub phone: String,
    pub primary: bool,
    pub verified: bool,
    pub source: Option<String>,
    pub verification_source: Option<String>,
    pub authenticators: Vec<&'static str>,
    pub idps: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MonoCloudUsername")]
pub struct Username {
    pub id: String,
    pub username: String,
    pub source: Option<String>,
    pub authenticators: Vec<&'static str>,
    pub idps: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MonoCloudPasskey")]
pub struct Passkey {
    pub passkey_id: String,
    pub name: Option<String>,
    pub public_key: String,
    pub aa_guid: String,
    pub backup_state: bool,
    pub backup_eligibility: bool,
    pub user_present: bool,
    pub user_verified: bool,
    pub user_agent: String,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MonoCloudConnection")]
pub struct Connection {
    pub idp: String,
    pub connection_id: String,
}

/// A company account that the user is linked to.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MonoCloudExternalProvider")]
pub struct ExternalProvider {
    #[serde(flatten)]
    pub summary: ExternalProviderSummary,
    /// What the provider said of the person.
    pub claims: Map<String, Value>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "MonoCloudExternalProviderSummary")]
pub struct ExternalProviderSummary {
    pub authenticator: String,
    pub provider_user_id: String,
}

/// A browser that a user is signed in with.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MonoCloudUserSession")]
pub struct Session {
    pub session_id: String,
    /// The apps that the user signed in to from it.
    pub client_ids: Vec<String>,
    pub initiated_at: i64,
    pub expires_at: i64,
    pub last_updated: i64,
    pub last_metadata: SessionMetadata,
}

/// Where a session is used; no more is known of the place than the network address.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MonoCloudUserSessionMetadata")]
pub struct SessionMetadata {
    pub ip_address: Option<String>,
    pub user_agent: Option<String>,
    pub city: Option<String>,
    pub country: Option<String>,
    pub region: Option<String>,
    pub latitude: Option<String>,
    pub longitude: Option<String>,
}

/// The answer to *verify/link*: the link itself goes by mail alone.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MonoCloudVerifyEmailResponse")]
pub struct LinkSent {
    pub expires_at: i64,
    /// `false` where no mail server is set up; the mail then waits in the outbox.
    pub email_sent: bool,
}

/// The answer to *password/reset*.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MonoCloudResetPasswordResponse")]
pub struct ResetLink {
    pub link: String,
    pub expires_at: i64,
    pub email_sent: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MonoCloudPublicData")]
pub struct PublicData {
    pub public_data: Map<String, Value>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MonoCloudPrivateData")]
pub struct PrivateData {
    pub private_data: Map<String, Value>,
}

/// Whole seconds of unix milliseconds.
pub fn seconds(milliseconds: i64) -> i64 {
    milliseconds.div_euclid(1_000)
}
