//! Models from the core's records.

use serde_json::{Map, Value};
use vestibule_core::{
    prove::ProofKind,
    session::UserSession,
    user::{
        UserRow, UserState,
        record::{EmailRecord, PasskeyRecord, PhoneRecord, ProviderRecord, Record},
    },
};

use super::{
    Common, Connection, Email, ExternalProvider, ExternalProviderSummary, Passkey, PhoneNumber, Session,
    SessionMetadata, User, UserSummary, Username, seconds,
};
use crate::profile::CLAIMS;

/// What MonoCloud's clients call the server itself, beside providers elsewhere.
const OURSELVES: &str = "monocloud";
/// The end of the year 9999, the last second that .NET's clients can read: a lock has no end of its own.
const FOREVER: i64 = 253_402_300_799;

impl From<Record> for User {
    fn from(record: Record) -> Self {
        let full =
            |provider: &ProviderRecord| ExternalProvider { summary: provider.into(), claims: provider.claims.clone() };
        Self {
            idps: record.providers.iter().map(full).collect(),
            external_providers: record.providers.iter().map(full).collect(),
            public_data: record.public_data.clone(),
            private_data: record.private_data.clone(),
            common: record.into(),
        }
    }
}

impl From<Record> for UserSummary {
    fn from(record: Record) -> Self {
        let providers: Vec<ExternalProviderSummary> = record.providers.iter().map(Into::into).collect();
        Self { idps: providers.clone(), external_providers: providers, common: record.into() }
    }
}

impl From<Record> for Common {
    fn from(record: Record) -> Self {
        let claims = claims(&record);
        let emails = record.emails.iter().map(|email| build_email(&record, email)).collect();
        let user = record.user;
        let by_password = || user.has_password.then_some("password").into_iter().collect();
        Self {
            claims,
            emails,
            phone_numbers: record.phones.into_iter().map(|phone| build_phone(&user, phone)).collect(),
            username: user.username_id.map(|id| Username {
                id,
                username: user.username,
                source: Some(OURSELVES.to_owned()),
                authenticators: by_password(),
                idps: vec![OURSELVES.to_owned()],
            }),
            passkeys: record.passkeys.into_iter().map(Into::into).collect(),
            connections: record
                .providers
                .iter()
                .map(|provider| Connection { idp: word(provider), connection_id: provider.provider_id.clone() })
                .collect(),
            user_id: user.id,
            disabled: user.state == UserState::Disabled,
            force_password_reset: user.must_change_password,
            has_password: user.has_password,
            password_updated_at: user.password_set_at.map(seconds),
            creation_time: seconds(user.created_at),
            last_updated: seconds(user.changed_at),
            blocked: user.locked_at.is_some(),
            block_until: user.locked_at.map(|_| FOREVER),
            failure_count: 0,
            sign_in_attempts_count: user.sign_ins,
            sign_in_success_count: user.sign_ins,
            last_sign_in_attempt: user.last_sign_in_at.map(seconds),
            last_sign_in_attempt_ip: user.last_sign_in_ip.clone(),
            last_sign_in_success: user.last_sign_in_at.map(seconds),
            last_sign_in_success_ip: user.last_sign_in_ip,
            last_activity: user.last_sign_in_at.map(seconds),
            last_known_city: None,
            last_known_country: None,
            last_known_region: None,
        }
    }
}

/// The name that people are shown, and of the profile what this dialect can write.
fn claims(record: &Record) -> Map<String, Value> {
    let mut claims = record.profile.map();
    claims.retain(|name, _| CLAIMS.contains(&name.as_str()));
    claims.insert("name".to_owned(), record.user.name.clone().into());
    claims
}

fn build_email(record: &Record, email: &EmailRecord) -> Email {
    let linked: Vec<&ProviderRecord> =
        record.providers.iter().filter(|provider| speaks_of(provider, &email.canonical)).collect();
    let prover = match email.proof {
        Some(ProofKind::Idp) => linked.first().map(|provider| word(provider)),
        _ => None,
    };
    let by_password = record.user.has_password.then_some("password");
    let by_mail = email.verified_at.map(|_| "email");
    Email {
        id: email.id.clone(),
        email: email.address.clone(),
        primary: email.primary,
        verified: email.verified_at.is_some(),
        source: Some(OURSELVES.to_owned()),
        verification_source: email.verified_at.map(|_| prover.unwrap_or_else(|| OURSELVES.to_owned())),
        authenticators: by_password.into_iter().chain(by_mail).collect(),
        idps: [OURSELVES.to_owned()].into_iter().chain(linked.into_iter().map(word)).collect(),
    }
}

/// Whether a provider said that the person has this address.
fn speaks_of(provider: &ProviderRecord, canonical: &str) -> bool {
    let said = provider.claims.get("email").and_then(Value::as_str);
    said.and_then(|said| vestibule_core::address::EmailAddress::parse(said).ok())
        .is_some_and(|said| said.canonical() == canonical)
}

/// A provider as one of the words that clients know: `google`, `microsoft`.
pub fn word(provider: &ProviderRecord) -> String {
    let name = provider.provider_name.to_lowercase();
    name.split(|sign: char| !sign.is_alphanumeric()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_")
}

fn build_phone(user: &UserRow, phone: PhoneRecord) -> PhoneNumber {
    // People sign in by a number only where it is their user name.
    let by_password = (user.has_password && user.username == phone.number).then_some("password");
    PhoneNumber {
        id: phone.id,
        phone: phone.number,
        primary: phone.primary,
        verified: phone.verified_at.is_some(),
        source: Some(OURSELVES.to_owned()),
        verification_source: phone.verified_at.map(|_| OURSELVES.to_owned()),
        authenticators: by_password.into_iter().collect(),
        idps: vec![OURSELVES.to_owned()],
    }
}

impl From<PasskeyRecord> for Passkey {
    fn from(passkey: PasskeyRecord) -> Self {
        Self {
            passkey_id: passkey.credential_id,
            name: Some(passkey.name).filter(|name| !name.is_empty()),
            public_key: passkey.public_key,
            aa_guid: passkey.aaguid,
            backup_state: passkey.backup_state,
            backup_eligibility: passkey.backup_eligible,
            // None is registered without it (WebAuthn §7.1).
            user_present: true,
            user_verified: passkey.user_verified,
            user_agent: passkey.user_agent,
        }
    }
}

impl From<&ProviderRecord> for ExternalProviderSummary {
    fn from(provider: &ProviderRecord) -> Self {
        Self { authenticator: word(provider), provider_user_id: provider.subject.clone() }
    }
}

impl From<UserSession> for Session {
    fn from(session: UserSession) -> Self {
        let device = session.device;
        Self {
            session_id: session.id,
            client_ids: session.client_ids,
            initiated_at: seconds(device.at),
            expires_at: seconds(session.expires_at),
            last_updated: seconds(device.at),
            last_metadata: SessionMetadata {
                ip_address: device.ip,
                user_agent: Some(device.agent).filter(|agent| !agent.is_empty()),
                city: None,
                country: None,
                region: None,
                latitude: None,
                longitude: None,
            },
        }
    }
}
