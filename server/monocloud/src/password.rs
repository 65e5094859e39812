//! A user's password: set, taken away, changed, and links by which the person chooses another one.

use axum::{Json, extract::State};
use http::StatusCode;
use vestibule_api::{Api, Operation, Routes};
use vestibule_core::{
    Refusal,
    api_key::Scope,
    code_request::{CodeRequest, Issued, Way},
    password::NewPassword,
};

use crate::{
    body::Fields,
    caller::Caller,
    document::{JSON, Kind, body, changes, described},
    emails::expiry,
    failure::Failure,
    id::Id,
    model::{ResetLink, seconds},
    users::{Changed, settled, user_after},
};

pub fn routes() -> Routes {
    let password = "/api/users/{user_id}/password";
    let set = Operation::put(password, "monoCloudSetPassword");
    let remove = Operation::delete(password, "monoCloudRemovePassword");
    let change = Operation::put(format!("{password}/change"), "monoCloudChangePassword");
    let force = Operation::post(format!("{password}/force_reset"), "monoCloudForcePasswordReset");
    let excuse = Operation::delete(format!("{password}/force_reset"), "monoCloudRemoveForcedPasswordReset");
    let reset = Operation::post(format!("{password}/reset"), "monoCloudResetPassword");
    Routes::new()
        .add(changes(set, Scope::Write, "Set a password").body_of(JSON, body(&SET, &[])), set_password)
        .add(
            described(remove, Scope::Write, "Take the password from a user").answers_empty(204, "There is none now"),
            remove_password,
        )
        .add(
            changes(change, Scope::Write, "Change a password, knowing the old one")
                .body_of(JSON, body(&CHANGE, &["old_password"])),
            change_password,
        )
        .add(changes(force, Scope::Write, "Have the next sign-in lead to another password"), force_reset)
        .add(changes(excuse, Scope::Write, "Let the password be as it is"), excuse_from_reset)
        .add(
            described(reset, Scope::Write, "Make a link by which the person chooses another password")
                .description(
                    "Without send_email the link itself opens the page. With it the link leads to the page where the \
                     mailed code is typed, because what was mailed is known to the person alone.",
                )
                .body_of(JSON, body(&[("send_email", Kind::Flag), ("expiry", Kind::Integer)], &[]))
                .answers::<ResetLink>(200, "The link")
                .refuses(422, "The user is disabled, or the expiry is out of bounds")
                .refuses(429, "The last mail to this address was sent a moment ago"),
            reset_password,
        )
}

const SET: [(&str, Kind); 6] = [
    ("password", Kind::Text),
    ("password_hash", Kind::Text),
    ("password_hash_algorithm", Kind::Text),
    ("is_temporary_password", Kind::Flag),
    ("skip_password_policy_checks", Kind::Flag),
    ("revoke_sessions", Kind::Flag),
];

const CHANGE: [(&str, Kind); 5] = [
    ("old_password", Kind::Text),
    ("new_password", Kind::Text),
    ("new_password_hash", Kind::Text),
    ("new_password_hash_algorithm", Kind::Text),
    ("revoke_sessions", Kind::Flag),
];

/// Where a body holds a new password.
#[derive(Debug)]
pub struct Place {
    clear: &'static str,
    hash: &'static str,
    algorithm: &'static str,
    /// Whether it is one for the first sign-in only where nobody says.
    temporary: bool,
}

/// In the body that makes a user, or sets a password for one.
pub const AT_CREATION: Place =
    Place { clear: "password", hash: "password_hash", algorithm: "password_hash_algorithm", temporary: true };

/// In the body of a change by somebody who knows the old one.
const AT_CHANGE: Place = Place {
    clear: "new_password",
    hash: "new_password_hash",
    algorithm: "new_password_hash_algorithm",
    temporary: false,
};

/// Reads a new password in clear or hashed; of hashes this dialect knows bcrypt.
pub fn read(fields: &mut Fields, place: &Place) -> Option<NewPassword> {
    let must_change = fields.flag("is_temporary_password").unwrap_or(place.temporary);
    let check = !fields.flag("skip_password_policy_checks").unwrap_or_default();
    let (clear, hash) = (fields.text(place.clear), fields.text(place.hash));
    if let Some(algorithm) = fields.text(place.algorithm)
        && !matches!(algorithm.as_str(), "bcrypt" | "b_crypt")
    {
        return fields.refuse(place.algorithm, "It must be bcrypt.");
    }
    match (clear, hash) {
        (Some(_), Some(_)) => fields.refuse(place.hash, "Only one of password and hash can be given."),
        (Some(password), None) => Some(NewPassword::Clear { password, must_change, check }),
        (None, Some(hash)) if hash.starts_with("$2") => Some(NewPassword::Hash { hash, must_change }),
        (None, Some(_)) => fields.refuse(place.hash, "It is not a bcrypt hash."),
        (None, None) => None,
    }
}

/// The same, where there has to be one.
fn read_required(mut fields: Fields, place: &Place) -> Result<NewPassword, Failure> {
    let password = read(&mut fields, place);
    fields.done()?;
    password.ok_or_else(|| Failure::field(place.clear, "It is required."))
}

async fn set_password(State(api): State<Api>, caller: Caller, Id(id): Id<String>, mut fields: Fields) -> Changed {
    let ends_sessions = fields.flag("revoke_sessions").unwrap_or_default();
    let password = read_required(fields, &AT_CREATION)?;
    api.vestibule.set_password(caller.operator(), &id, password, ends_sessions).await?;
    user_after(&api.vestibule, &caller, &id).await
}

async fn remove_password(State(api): State<Api>, caller: Caller, Id(id): Id<String>) -> Result<StatusCode, Failure> {
    settled(api.vestibule.remove_password(caller.operator(), &id).await)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn change_password(State(api): State<Api>, caller: Caller, Id(id): Id<String>, mut fields: Fields) -> Changed {
    let old = fields.required("old_password").unwrap_or_default();
    let ends_sessions = fields.flag("revoke_sessions").unwrap_or_default();
    let password = read_required(fields, &AT_CHANGE)?;
    let changed = api.vestibule.change_password(caller.operator(), &id, old, password, ends_sessions).await;
    changed.map_err(|error| match error.refusal() {
        // Not 429: the key may go on with everything else, and waiting is not what the guesser needs.
        Some(Refusal::Limited { .. }) => {
            Failure::identity("TooManyAttempts", "The old password was wrong too often; try again later.")
        }
        Some(Refusal::Hash) => Failure::field(AT_CHANGE.hash, "It is not a bcrypt hash."),
        _ => error.into(),
    })?;
    user_after(&api.vestibule, &caller, &id).await
}

async fn force_reset(State(api): State<Api>, caller: Caller, Id(id): Id<String>) -> Changed {
    settled(api.vestibule.force_password_change(caller.operator(), &id, true).await)?;
    let user = user_after(&api.vestibule, &caller, &id).await?;
    if !user.common.has_password {
        return Err(Failure::identity("UserHasNoPassword", "The user has no password that could be changed."));
    }
    Ok(user)
}

async fn excuse_from_reset(State(api): State<Api>, caller: Caller, Id(id): Id<String>) -> Changed {
    settled(api.vestibule.force_password_change(caller.operator(), &id, false).await)?;
    user_after(&api.vestibule, &caller, &id).await
}

async fn reset_password(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<String>,
    mut fields: Fields,
) -> Result<Json<ResetLink>, Failure> {
    let by_mail = fields.flag("send_email").unwrap_or_default();
    let lifetime = expiry(&mut fields);
    fields.done()?;
    let way = if by_mail { Way::Mail } else { Way::Return };
    let request = CodeRequest { way, lifetime, ..CodeRequest::default() };
    let issued = match api.vestibule.request_password_reset(caller.operator(), &id, request).await {
        Ok(issued) => issued,
        Err(error) if error.refusal() == Some(&Refusal::NotFound) => {
            // Either of two is missing, and the second is no reason to doubt the first.
            api.vestibule.record_after(caller.operator(), &id).await?;
            return Err(Failure::identity("EmailRequired", "The user has no email address to prove it by."));
        }
        Err(error) => return Err(error.into()),
    };
    Ok(Json(ResetLink {
        link: reset_link(&api, &issued),
        expires_at: seconds(issued.expires_at),
        email_sent: by_mail && api.has_smtp,
    }))
}

/// With the secret where it was drawn for the caller; else to the page where the mailed code is typed.
fn reset_link(api: &Api, issued: &Issued) -> String {
    let handle = issued.drawn.as_ref().map_or(issued.challenge_id.as_str(), |drawn| drawn.token.reveal());
    format!("{}/reset/{handle}", api.public_url)
}
