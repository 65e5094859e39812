//! Create a user, plainly or by import.

use axum::body::Bytes;
use serde_json::{Value, json};
use vestibule_api::{Operation, Routes};
use vestibule_core::{
    Error, Refusal,
    address::EmailAddress,
    api_key::Scope,
    password::NewPassword,
    user::{
        create::{NewAccount, Then},
        profile::Profile,
    },
};

use super::{USERS, account_code};
use crate::{
    attribute::check_username,
    caller::Caller,
    document::{operation, refusals},
    fault::Detail,
    media,
    profile::{self, Unnamed},
    reader::{Reader, object},
    refusal::{Answer, Stop},
    user::User,
};

pub fn routes() -> Routes {
    let create = |id: &'static str, summary| {
        let created = "The user; `Location` leads to it.";
        refusals(operation(Operation::post(USERS, id), Scope::Write, summary), &[400, 415])
            .answers::<User>(201, created)
    };
    let more = json!({ "population": population(), "mfaEnabled": { "type": "boolean" } });
    Routes::new()
        .add(
            create("createUser", "Create a user")
                .description("The account needs no code; `emailVerified` is false.")
                .body_of(media::JSON, profile::schema(&["username", "email"], more)),
            plain,
        )
        .add(
            create("importUser", "Create a user with a password, a lifecycle and a verified address")
                .description(
                    "Where `lifecycle.status` is `VERIFICATION_REQUIRED` a code is mailed, unless it is suppressed. \
                     `emailVerified` needs the scope `verify` as well.",
                )
                .body_of(media::USER_IMPORT, profile::schema(&["username", "email"], import_schema())),
            import,
        )
}

async fn plain(caller: Caller, body: Bytes) -> Answer {
    caller.must(Scope::Write)?;
    let body = object(&body)?;
    let mut reader = Reader::new(&body);
    let new = account(&mut reader);
    reader.done()?;
    make(&caller, new).await
}

async fn import(caller: Caller, body: Bytes) -> Answer {
    caller.must(Scope::Write)?;
    let body = object(&body)?;
    let mut reader = Reader::new(&body);
    let plain = account(&mut reader);
    let required =
        reader.word("lifecycle.status", &["ACCOUNT_OK", "VERIFICATION_REQUIRED"]) == Some("VERIFICATION_REQUIRED");
    let suppressed = reader.truth("lifecycle.suppressVerificationCode").unwrap_or_default();
    let new = NewAccount {
        address_verified: reader.truth("emailVerified").unwrap_or_default(),
        password: password(&mut reader),
        verification_required: required,
        then: if required && !suppressed { Then::SendCode(account_code()) } else { Then::Nothing },
        ..plain
    };
    reader.done()?;
    make(&caller, new).await
}

pub(super) async fn make(caller: &Caller, new: NewAccount) -> Answer {
    let created = caller.vestibule.create_account(&caller.operator, new).await.map_err(|error| match error {
        // The only thing that a new user names and that may be missing.
        Error::Refused(Refusal::NotFound) => Detail::invalid("population.id").into(),
        error => Stop::from(error),
    })?;
    caller.answer_created(&created.user_id).await
}

/// What every way of making a user reads.
pub(super) fn account(reader: &mut Reader<'_>) -> NewAccount {
    let username = reader.required_text("username");
    if let Some(detail) = username.and_then(check_username) {
        reader.note(detail);
    }
    NewAccount { username: username.map(str::to_owned), ..unnamed_account(reader) }
}

/// The same without a user name.
pub(super) fn unnamed_account(reader: &mut Reader<'_>) -> NewAccount {
    let address = email(reader);
    let fields = profile::read(reader, &Profile::default(), Unnamed::Stays);
    let mfa_enabled = reader.truth("mfaEnabled").filter(|enabled| *enabled);
    let population_id = reader.text("population.id").map(str::to_owned);
    // What could not be read has been noted, and the body is refused for it.
    let profile: Profile = serde_json::from_value(Value::Object(fields)).unwrap_or_default();
    NewAccount {
        language: profile::language(reader),
        profile: Profile { mfa_enabled, ..profile },
        address,
        population_id,
        ..NewAccount::default()
    }
}

pub(super) fn email(reader: &mut Reader<'_>) -> Option<EmailAddress> {
    let text = reader.required_text("email")?;
    EmailAddress::parse(text).map_err(|_| reader.note(Detail::invalid("email"))).ok()
}

/// `password.value`: clear, or a hash in a form that can be told from a clear one.
fn password(reader: &mut Reader<'_>) -> Option<NewPassword> {
    let must_change = reader.truth("password.forceChange").unwrap_or_default();
    let value = reader.text("password.value")?;
    if value.is_empty() {
        reader.note(Detail::empty("password.value"));
        return None;
    }
    Some(new_password(value, must_change, true))
}

/// A password as the vendor writes it: `{SCHEME}hash` or the bare hash of a known kind, else in the clear. A scheme that
/// is not known here is for the core to refuse: to take it for a clear password would open an account with the hash.
pub(super) fn new_password(value: &str, must_change: bool, check: bool) -> NewPassword {
    let scheme = value.strip_prefix('{').and_then(|rest| rest.split_once('}'));
    let is_scheme = |name: &str| {
        !name.is_empty() && name.bytes().all(|sign| sign.is_ascii_uppercase() || sign.is_ascii_digit() || sign == b'-')
    };
    if let Some((_, hash)) = scheme.filter(|(name, _)| is_scheme(name)) {
        return NewPassword::Hash { hash: hash.to_owned(), must_change };
    }
    if ["$argon2", "$2a$", "$2b$", "$2y$"].iter().any(|start| value.starts_with(start)) {
        return NewPassword::Hash { hash: value.to_owned(), must_change };
    }
    NewPassword::Clear { password: value.to_owned(), must_change, check }
}

pub(super) fn population() -> Value {
    json!({ "type": "object", "properties": { "id": { "type": "string" } } })
}

fn import_schema() -> Value {
    json!({
        "population": population(),
        "mfaEnabled": { "type": "boolean" },
        "emailVerified": { "type": "boolean" },
        "password": {
            "type": "object",
            "properties": { "value": { "type": "string" }, "forceChange": { "type": "boolean" } },
        },
        "lifecycle": {
            "type": "object",
            "properties": {
                "status": { "enum": ["ACCOUNT_OK", "VERIFICATION_REQUIRED"] },
                "suppressVerificationCode": { "type": "boolean" },
            },
        },
    })
}
