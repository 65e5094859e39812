//! Replace a user's attributes, or some of them.

use serde_json::{Map, Value, json};
use vestibule_api::{Operation, Routes};
use vestibule_core::{
    address::EmailAddress,
    api_key::Scope,
    user::{
        UserState,
        change::{AddressChange, AddressThen, Change},
        profile::ProfileChange,
        record::Record,
    },
};

use super::USER;
use crate::{
    attribute::check_username,
    caller::Caller,
    document::{operation, refusals},
    fault::{Detail, Fault},
    media,
    profile::{self, Unnamed},
    reader::{Plain, Reader, object},
    refusal::Answer,
    user::User,
};

pub fn routes() -> Routes {
    let update = |operation_of: Operation, summary, required: &[&str]| {
        refusals(operation(operation_of, Scope::Write, summary), &[400])
            .body_of(media::JSON, profile::schema(required, json!({})))
            .answers::<User>(200, "The whole user.")
    };
    Routes::new()
        .add(
            update(Operation::put(USER, "replaceUser"), "Replace a user's attributes", &["username", "email"])
                .description("Attributes that are left out are removed; what cannot be written is ignored."),
            replace,
        )
        .add(
            update(Operation::patch(USER, "updateUser"), "Change some of a user's attributes", &[]).description(
                "`null` removes an attribute. `enabled` and `account.canAuthenticate` enable and disable the user; what \
                 else cannot be written is refused where it would change.",
            ),
            patch,
        )
}

async fn replace(caller: Caller, Plain(body): Plain) -> Answer {
    caller.must(Scope::Write)?;
    let body = object(&body)?;
    let record = caller.record().await?;
    let mut reader = Reader::new(&body);
    for name in ["username", "email"] {
        reader.required_text(name);
    }
    let change = change(&mut reader, &record, Unnamed::Goes);
    reader.done()?;
    caller.vestibule.change_user(&caller.operator, &caller.id, change).await?;
    caller.answer().await
}

async fn patch(caller: Caller, Plain(body): Plain) -> Answer {
    caller.must(Scope::Write)?;
    let body = object(&body)?;
    let record = caller.record().await?;
    refuse_unwritable(&caller, &record, &body).await?;
    let mut reader = Reader::new(&body);
    for name in ["username", "email"] {
        if reader.given(name).is_some() {
            reader.required_text(name);
        }
    }
    let change = change(&mut reader, &record, Unnamed::Stays);
    // Read-only by the vendor's word, and yet its own command line changes them so. Silence would have an
    // administrator believe that somebody is shut out who is not.
    let account = reader.truth("account.canAuthenticate");
    let enabled = reader.truth("enabled").or(account);
    reader.done()?;
    caller.vestibule.change_user(&caller.operator, &caller.id, change).await?;
    if let Some(enabled) = enabled {
        super::facets::set_enabled(&caller, &record, enabled).await?;
    }
    caller.answer().await
}

/// What both ways change.
fn change(reader: &mut Reader<'_>, record: &Record, unnamed: Unnamed) -> Change {
    let mut change = Change::default();
    if let Some(username) = non_empty(reader, "username")
        && username != record.user.username
    {
        if let Some(detail) = check_username(username) {
            reader.note(detail);
        }
        change.username = Some(Some(username.to_owned()));
    }
    if let Some(text) = non_empty(reader, "email") {
        let current = record.primary_email().map(|email| email.canonical.as_str());
        match EmailAddress::parse(text) {
            Err(_) => reader.note(Detail::invalid("email")),
            Ok(address) if Some(address.canonical()) == current => {}
            Ok(address) => change.address = Some(AddressChange { address, then: AddressThen::Nothing }),
        }
    }
    let fields = profile::read(reader, &record.profile, unnamed);
    if ["given_name", "middle_name", "family_name", "formatted"].iter().any(|part| fields.contains_key(*part)) {
        change.name = shown_name(record, &fields);
    }
    change.language = profile::language(reader);
    change.profile = Some(ProfileChange::Merge(fields));
    change
}

/// A text that is there and not empty; that it must be so has been said before.
fn non_empty<'b>(reader: &Reader<'b>, name: &str) -> Option<&'b str> {
    reader.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// The name that people are shown, after its parts changed; it stays where no part is left.
fn shown_name(record: &Record, fields: &Map<String, Value>) -> Option<String> {
    let mut all = record.profile.map();
    all.extend(fields.clone());
    let profile: vestibule_core::user::profile::Profile = serde_json::from_value(Value::Object(all)).ok()?;
    profile.full_name().filter(|name| name.chars().count() <= 200)
}

/// 403 for attributes that this operation cannot write, where they would change. A whole user that was read and is sent
/// back is no offence.
async fn refuse_unwritable(caller: &Caller, record: &Record, body: &Map<String, Value>) -> Answer<()> {
    let told = serde_json::to_value(caller.told(record).await?).unwrap_or_default();
    let unwritable = ["emailVerified", "lifecycle", "mfaEnabled", "password", "verifyStatus"];
    let changed = unwritable.into_iter().find(|name| body.get(*name).is_some_and(|value| *value != told[*name]));
    match changed {
        Some(name) => Err(Fault::forbidden(name).into()),
        None => Ok(()),
    }
}

/// Whether the user may come in.
pub(super) fn is_enabled(record: &Record) -> bool {
    record.user.state == UserState::Active
}
