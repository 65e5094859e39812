//! A user's telephone numbers. Nothing is sent to them: they are verified by word of who calls.

use axum::extract::State;
use vestibule_api::{Api, Operation, Routes};
use vestibule_core::{api_key::Scope, phone::PhoneNumber};

use crate::{
    body::Fields,
    caller::Caller,
    document::{JSON, Kind, body, changes},
    emails::undone,
    failure::Failure,
    id::Id,
    users::{Changed, settled, user_after},
};

pub fn routes() -> Routes {
    let phones = "/api/users/{user_id}/phones";
    let phone = format!("{phones}/{{identifier_id}}");
    let add = Operation::post(phones, "monoCloudAddPhone");
    let remove = Operation::delete(phone.clone(), "monoCloudRemovePhone");
    let primary = Operation::post(format!("{phone}/primary"), "monoCloudMakePhonePrimary");
    let verify = Operation::post(format!("{phone}/verify"), "monoCloudVerifyPhone");
    let unverify = Operation::post(format!("{phone}/unverify"), "monoCloudUnverifyPhone");
    Routes::new()
        .add(
            changes(add, Scope::Write, "Give a user another telephone number")
                .body_of(JSON, body(&ADD, &["phone_number"])),
            add_phone,
        )
        .add(changes(remove, Scope::Write, "Take a telephone number from a user"), remove_phone)
        .add(changes(primary, Scope::Write, "Make a telephone number the primary one"), make_primary)
        .add(changes(verify, Scope::Verify, "Mark a telephone number as verified"), verify_phone)
        .add(changes(unverify, Scope::Write, "Take the verification from a telephone number"), unverify_phone)
}

const ADD: [(&str, Kind); 3] =
    [("phone_number", Kind::Text), ("is_verified", Kind::Flag), ("skip_restriction_checks", Kind::Flag)];

async fn add_phone(State(api): State<Api>, caller: Caller, Id(user_id): Id<String>, mut fields: Fields) -> Changed {
    let number = fields.required("phone_number").unwrap_or_default();
    let is_verified = fields.flag("is_verified").unwrap_or_default();
    // There is no list of numbers that may not be used.
    fields.flag("skip_restriction_checks");
    fields.done()?;
    let number = PhoneNumber::parse(&number)?;
    api.vestibule.add_phone(caller.operator(), &user_id, &number, is_verified).await?;
    user_after(&api.vestibule, &caller, &user_id).await
}

/// The last number can go; a primary one among several has to hand over first, as with addresses.
async fn remove_phone(State(api): State<Api>, caller: Caller, Id((user_id, id)): Id<(String, String)>) -> Changed {
    caller.must(Scope::Write)?;
    let phones = api.vestibule.record_after(caller.operator(), &user_id).await?.phones;
    if phones.len() > 1 && phones.iter().any(|phone| phone.id == id && phone.primary) {
        let told = "The primary telephone number cannot be removed while there are others.";
        return Err(Failure::identity("PrimaryIdentifier", told));
    }
    api.vestibule.remove_phone(caller.operator(), &user_id, &id).await?;
    user_after(&api.vestibule, &caller, &user_id).await
}

async fn make_primary(State(api): State<Api>, caller: Caller, Id((user_id, id)): Id<(String, String)>) -> Changed {
    settled(api.vestibule.make_phone_primary(caller.operator(), &user_id, &id).await)?;
    user_after(&api.vestibule, &caller, &user_id).await
}

async fn verify_phone(State(api): State<Api>, caller: Caller, Id((user_id, id)): Id<(String, String)>) -> Changed {
    api.vestibule.mark_phone_verified(caller.operator(), &user_id, &id).await?;
    user_after(&api.vestibule, &caller, &user_id).await
}

async fn unverify_phone(State(api): State<Api>, caller: Caller, Id((user_id, id)): Id<(String, String)>) -> Changed {
    undone(api.vestibule.unverify_phone(caller.operator(), &user_id, &id).await)?;
    user_after(&api.vestibule, &caller, &user_id).await
}
