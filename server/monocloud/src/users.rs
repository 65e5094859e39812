//! Users themselves: making, reading, deleting, letting in and shutting out, and their user names.

use axum::{Json, extract::State};
use http::StatusCode;
use vestibule_api::{Api, Operation, Routes};
use vestibule_core::{
    Refusal, Vestibule,
    address::EmailAddress,
    api_key::Scope,
    phone::PhoneNumber,
    user::{change::Change, create::NewAccount, profile::Profile},
};

use crate::{
    body::Fields,
    caller::Caller,
    document::{JSON, Kind, body, changes, described},
    failure::Failure,
    id::Id,
    model::User,
    password, profile,
};

/// How a change of a user is answered.
pub type Changed = Result<Json<User>, Failure>;

pub fn routes() -> Routes {
    let user = "/api/users/{user_id}";
    let create = Operation::post("/api/users", "monoCloudCreateUser");
    let create = described(create, Scope::Write, "Make a user")
        .description(
            "A user needs a password, a verified email address or a verified telephone number, unless \
             skip_conformance_checks is set: then somebody else, or a link, has to let them in.",
        )
        .body_of(JSON, body(&CREATE, &[]))
        .answers::<User>(201, "The new user")
        .refuses(422, "The rules for users say no, or fields are not right");
    let read = described(Operation::get(user, "monoCloudGetUser"), Scope::Read, "Read a user")
        .answers::<User>(200, "The user");
    let delete = described(Operation::delete(user, "monoCloudDeleteUser"), Scope::Write, "Delete a user for good")
        .answers_empty(204, "The user is gone");
    let enable = Operation::post(format!("{user}/enable"), "monoCloudEnableUser");
    let disable = Operation::post(format!("{user}/disable"), "monoCloudDisableUser");
    let unblock = Operation::post(format!("{user}/unblock"), "monoCloudUnblockUser");
    let set_username = Operation::put(format!("{user}/username"), "monoCloudSetUsername");
    let remove_username = Operation::delete(format!("{user}/username"), "monoCloudRemoveUsername");
    Routes::new()
        .add(create, create_user)
        .add(read, read_user)
        .add(delete, delete_user)
        .add(changes(enable, Scope::Write, "Let a user in again"), enable_user)
        .add(
            changes(disable, Scope::Write, "Shut a user out; all sessions end")
                .body_of(JSON, body(&[("revoke_sessions", Kind::Flag)], &[])),
            disable_user,
        )
        .add(changes(unblock, Scope::Write, "Take a lock from a user"), unblock_user)
        .add(
            changes(set_username, Scope::Write, "Give a user a user name")
                .body_of(JSON, body(&[("username", Kind::Text)], &["username"])),
            put_username,
        )
        .add(changes(remove_username, Scope::Write, "Take the user name from a user"), delete_username)
}

const CREATE: [(&str, Kind); 18] = [
    ("username", Kind::Text),
    ("email", Kind::Text),
    ("email_verified", Kind::Flag),
    ("phone_number", Kind::Text),
    ("phone_number_verified", Kind::Flag),
    ("password", Kind::Text),
    ("password_hash", Kind::Text),
    ("password_hash_algorithm", Kind::Text),
    ("is_temporary_password", Kind::Flag),
    ("name", Kind::Text),
    ("given_name", Kind::Text),
    ("middle_name", Kind::Text),
    ("family_name", Kind::Text),
    ("nickname", Kind::Text),
    ("picture", Kind::Text),
    ("skip_password_policy_checks", Kind::Flag),
    ("skip_identifier_restriction_checks", Kind::Flag),
    ("skip_conformance_checks", Kind::Flag),
];

async fn create_user(
    State(api): State<Api>,
    caller: Caller,
    fields: Fields,
) -> Result<(StatusCode, Json<User>), Failure> {
    let account = new_account(fields)?;
    let made = match account.username {
        Some(_) => api.vestibule.create_account(caller.operator(), account).await.map_err(about_username)?,
        None => api.vestibule.create_account(caller.operator(), account).await?,
    };
    let Json(user) = user_after(&api.vestibule, &caller, &made.user_id).await?;
    Ok((StatusCode::CREATED, Json(user)))
}

/// Reads what a new user is to be.
fn new_account(mut fields: Fields) -> Result<NewAccount, Failure> {
    let username = fields.text("username");
    let (email, phone) = (fields.text("email"), fields.text("phone_number"));
    let address_verified = fields.flag("email_verified").unwrap_or_default();
    let phone_verified = fields.flag("phone_number_verified").unwrap_or_default();
    let password = password::read(&mut fields, &password::AT_CREATION);
    let name = fields.text("name");
    let name = profile::checked_name(&mut fields, name);
    let profile = Profile {
        given_name: fields.text("given_name"),
        middle_name: fields.text("middle_name"),
        family_name: fields.text("family_name"),
        nickname: fields.text("nickname"),
        picture: fields.text("picture"),
        ..Profile::default()
    };
    let nonconforming = fields.flag("skip_conformance_checks").unwrap_or_default();
    // There is no list of identifiers that may not be used.
    fields.flag("skip_identifier_restriction_checks");
    if !nonconforming {
        profile::check_urls(&mut fields, [("picture", profile.picture.as_deref())]);
    }
    fields.done()?;

    let address = email.map(|text| EmailAddress::parse(&text)).transpose().map_err(Refusal::Address)?;
    let phone = phone.map(|text| PhoneNumber::parse(&text)).transpose()?;
    if username.is_none() && address.is_none() && phone.is_none() {
        let missing = "A user needs a user name, an email address or a telephone number.";
        return Err(Failure::identity("IdentifierRequired", missing));
    }
    let comes_in = password.is_some() || (address.is_some() && address_verified) || (phone.is_some() && phone_verified);
    if !comes_in && !nonconforming {
        let missing = "A user needs a password, a verified email address or a verified telephone number.";
        return Err(Failure::identity("AuthenticatorRequired", missing));
    }
    Ok(NewAccount {
        username,
        name,
        profile,
        address,
        address_verified,
        phone,
        phone_verified,
        password,
        ..NewAccount::default()
    })
}

/// `Name` speaks of the user name where one was given: the other name has been looked at before.
fn about_username(error: vestibule_core::Error) -> Failure {
    match error.refusal() {
        Some(Refusal::Name) => {
            Failure::identity("InvalidUserName", "A user name has 1 to 200 characters, none of which controls.")
        }
        _ => error.into(),
    }
}

async fn read_user(State(api): State<Api>, caller: Caller, Id(id): Id<String>) -> Changed {
    Ok(Json(api.vestibule.record(caller.operator(), &id).await?.into()))
}

async fn delete_user(State(api): State<Api>, caller: Caller, Id(id): Id<String>) -> Result<StatusCode, Failure> {
    api.vestibule.delete_user(caller.operator(), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn enable_user(State(api): State<Api>, caller: Caller, Id(id): Id<String>) -> Changed {
    settled(api.vestibule.enable(caller.operator(), &id).await)?;
    user_after(&api.vestibule, &caller, &id).await
}

/// Sessions of a disabled user end whether or not `revoke_sessions` says so.
async fn disable_user(State(api): State<Api>, caller: Caller, Id(id): Id<String>, mut fields: Fields) -> Changed {
    fields.flag("revoke_sessions");
    fields.done()?;
    settled(api.vestibule.disable(caller.operator(), &id).await)?;
    user_after(&api.vestibule, &caller, &id).await
}

async fn unblock_user(State(api): State<Api>, caller: Caller, Id(id): Id<String>) -> Changed {
    settled(api.vestibule.unlock_user(caller.operator(), &id).await)?;
    user_after(&api.vestibule, &caller, &id).await
}

async fn put_username(State(api): State<Api>, caller: Caller, Id(id): Id<String>, mut fields: Fields) -> Changed {
    let username = fields.required("username");
    fields.done()?;
    let change = Change { username: Some(username), ..Change::default() };
    api.vestibule.change_user(caller.operator(), &id, change).await.map_err(about_username)?;
    user_after(&api.vestibule, &caller, &id).await
}

async fn delete_username(State(api): State<Api>, caller: Caller, Id(id): Id<String>) -> Changed {
    let change = Change { username: Some(None), ..Change::default() };
    settled(api.vestibule.change_user(caller.operator(), &id, change).await)?;
    user_after(&api.vestibule, &caller, &id).await
}

/// What is so already is as good as done: clients repeat what they did not see answered.
pub fn settled<T>(done: vestibule_core::Result<T>) -> Result<(), Failure> {
    match done {
        Ok(_) => Ok(()),
        Err(error) => match error.refusal() {
            Some(Refusal::Stale | Refusal::Unchanged) => Ok(()),
            _ => Err(error.into()),
        },
    }
}

/// The user as they are after a change.
pub async fn user_after(vestibule: &Vestibule, caller: &Caller, user_id: &str) -> Changed {
    Ok(Json(vestibule.record_after(caller.operator(), user_id).await?.into()))
}
