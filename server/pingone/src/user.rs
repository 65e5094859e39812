//! A user as this dialect tells it.

use schemars::JsonSchema;
use serde::Serialize;
use vestibule_core::user::{UserState, profile::PostalAddress, summary::Summary};

use crate::{
    attribute::is_of_name,
    links::{Hal, Id, Links},
    populations::Population,
    time::iso,
};

/// A user. What is not known is left out.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PingOneUser")]
pub struct User {
    #[serde(rename = "_links")]
    links: Hal,
    #[serde(rename = "_embedded", skip_serializing_if = "Option::is_none")]
    pub embedded: Option<Embedded>,
    id: String,
    environment: Id,
    account: Account,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<Address>,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    email_verified: bool,
    enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    identity_provider: Type,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_sign_on: Option<SignOn>,
    lifecycle: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<String>,
    /// Only where `include` asks for it.
    #[serde(rename = "memberOfGroupIDs", skip_serializing_if = "Option::is_none")]
    pub group_ids: Option<Vec<String>>,
    /// Only where `include` asks for it.
    #[serde(rename = "memberOfGroupNames", skip_serializing_if = "Option::is_none")]
    pub group_names: Option<Vec<String>>,
    mfa_enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    mobile_phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nickname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    photo: Option<Photo>,
    population: Id,
    #[serde(skip_serializing_if = "Option::is_none")]
    preferred_language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    primary_phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timezone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    type_: Option<String>,
    updated_at: String,
    username: String,
    /// About identity documents, not about addresses.
    verify_status: &'static str,
}

/// Whether the person may sign in.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PingOneAccount")]
struct Account {
    can_authenticate: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    locked_at: Option<String>,
    status: &'static str,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PingOneAddress")]
#[expect(clippy::struct_field_names, reason = "the names are the wire's")]
struct Address {
    #[serde(skip_serializing_if = "Option::is_none")]
    country_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locality: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    postal_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    street_address: Option<String>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PingOneName")]
struct Name {
    #[serde(skip_serializing_if = "Option::is_none")]
    family: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    formatted: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    honorific_prefix: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    honorific_suffix: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    middle: Option<String>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "PingOnePhoto")]
struct Photo {
    href: String,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "PingOneType")]
struct Type {
    #[serde(rename = "type")]
    type_: &'static str,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "PingOneStatus")]
struct Status {
    status: &'static str,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PingOneSignOn")]
struct SignOn {
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remote_ip: Option<String>,
}

/// What `expand` asks for.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "PingOneEmbedded")]
pub struct Embedded {
    pub population: Population,
}

/// Vestibule looks at no documents, so nobody's have been.
pub const VERIFY_STATUS: &str = "NOT_INITIATED";

impl User {
    /// A user who is in the population that the row names, or else in the environment's default one.
    pub fn new(summary: Summary, links: &Links, default_population: &str) -> Self {
        let name = name(&summary);
        let Summary { user, profile, email, email_verified } = summary;
        let population = user.population_id.as_deref().unwrap_or(default_population);
        let enabled = user.state == UserState::Active;
        Self {
            links: links.all_of_user(&user.id, population),
            embedded: None,
            id: user.id.clone(),
            environment: user.organization_id.as_str().into(),
            account: Account {
                can_authenticate: enabled && user.locked_at.is_none(),
                locked_at: user.locked_at.map(iso),
                status: if user.locked_at.is_some() { "LOCKED" } else { "OK" },
            },
            name,
            account_id: profile.account_id,
            address: profile.address.and_then(address),
            created_at: iso(user.created_at),
            email,
            email_verified,
            enabled,
            external_id: profile.external_id,
            identity_provider: Type { type_: "PING_ONE" },
            last_sign_on: user.last_sign_in_at.map(|at| SignOn { at: iso(at), remote_ip: user.last_sign_in_ip }),
            lifecycle: Status {
                status: if user.verification_required { "VERIFICATION_REQUIRED" } else { "ACCOUNT_OK" },
            },
            locale: profile.locale,
            group_ids: None,
            group_names: None,
            mfa_enabled: profile.mfa_enabled.unwrap_or_default(),
            mobile_phone: profile.mobile_phone,
            nickname: profile.nickname,
            photo: profile.picture.map(|href| Photo { href }),
            population: population.into(),
            preferred_language: profile.preferred_language,
            primary_phone: profile.primary_phone,
            timezone: profile.zoneinfo,
            title: profile.title,
            type_: profile.type_,
            updated_at: iso(user.changed_at),
            username: user.username,
            verify_status: VERIFY_STATUS,
        }
    }
}

fn address(address: PostalAddress) -> Option<Address> {
    let PostalAddress { street_address, locality, region, postal_code, country, formatted: _ } = address;
    let any = [&street_address, &locality, &region, &postal_code, &country].into_iter().any(Option::is_some);
    any.then_some(Address { street_address, locality, region, postal_code, country_code: country })
}

/// The parts of the name. Of somebody of whom only the name that people are shown is known, that, where a client could
/// send it back.
fn name(summary: &Summary) -> Option<Name> {
    let (profile, shown) = (summary.profile.clone(), &summary.user.name);
    let sent_back = *shown != summary.user.username && shown.chars().all(is_of_name);
    let derived = (profile.full_name().is_none() && sent_back).then(|| shown.clone());
    let name = Name {
        family: profile.family_name,
        formatted: profile.formatted.or(derived),
        given: profile.given_name,
        honorific_prefix: profile.honorific_prefix,
        honorific_suffix: profile.honorific_suffix,
        middle: profile.middle_name,
    };
    let parts =
        [&name.family, &name.formatted, &name.given, &name.honorific_prefix, &name.honorific_suffix, &name.middle];
    let any = parts.into_iter().any(Option::is_some);
    any.then_some(name)
}
