//! A user's password: its state, and setting, changing and recovering it.

use axum::{Json, body::Bytes, response::IntoResponse};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use vestibule_api::{Operation, Routes};
use vestibule_core::{
    Error, Refusal,
    api_key::Scope,
    code::TypedCode,
    code_request::CodeRequest,
    password::{NewPassword, PasswordCheck},
    user::record::Record,
};

use super::{action::as_wished, create::new_password};
use crate::{
    caller::Caller,
    document::{operation, refusals},
    fault::{Detail, Fault},
    links::{Hal, Id},
    media,
    reader::{Reader, object},
    refusal::{Answer, PASSWORD, PASSWORD_VALUE, by},
    time::iso,
};

const PATH: &str = "/v1/environments/{environment_id}/users/{user_id}/password";

pub fn routes() -> Routes {
    let write = |operation_of: Operation, summary| {
        refusals(operation(operation_of, Scope::Write, summary), &[400, 415]).answers::<Password>(200, "Its state.")
    };
    let body = |required: &[&str], names: &[&str]| -> Value {
        let properties: serde_json::Map<String, Value> =
            names.iter().map(|name| ((*name).to_owned(), json!({ "type": "string" }))).collect();
        json!({ "type": "object", "required": required, "properties": properties })
    };
    Routes::new()
        .add(
            refusals(operation(Operation::get(PATH, "readPassword"), Scope::Read, "Read the state of a password"), &[])
                .answers::<Password>(200, "Its state."),
            read,
        )
        .add(
            write(Operation::put(PATH, "setPassword"), "Set a user's password")
                .description("`value` in the clear or as a hash; `forceChange` and `bypassPolicy` are true or false.")
                .body_of(media::PASSWORD_SET, body(&["value"], &["value"])),
            set,
        )
        .add(
            write(Operation::put(PATH, "resetPassword"), "Change a user's password")
                .description("With `currentPassword` for somebody who knows it, without for an administrator.")
                .body_of(media::PASSWORD_RESET, body(&["newPassword"], &["newPassword", "currentPassword"])),
            reset,
        )
        .add(
            write(Operation::post(PATH, "checkPassword"), "Check whether a password is a user's")
                .description(
                    "Nobody is signed in by it. A wrong one is answered with `failuresRemaining`; after too many, all \
                     are refused for a while.",
                )
                .body_of(media::PASSWORD_CHECK, body(&["password"], &["password"])),
            check,
        )
        .add(
            write(Operation::post(PATH, "sendPasswordRecoveryCode"), "Mail a user a code for a new password")
                .bodyless(media::PASSWORD_SEND_CODE),
            send_code,
        )
        .add(
            write(Operation::post(PATH, "recoverPassword"), "Set a password by its recovery code").body_of(
                media::PASSWORD_RECOVER,
                body(&["recoveryCode", "newPassword"], &["recoveryCode", "newPassword"]),
            ),
            recover,
        )
        .add(
            write(Operation::post(PATH, "forcePasswordChange"), "Have a user choose another password next time")
                .bodyless(media::PASSWORD_FORCE_CHANGE),
            force_change,
        )
        .add(
            write(Operation::post(PATH, "unlockPassword"), "Unlock a user's password")
                .description("Wrong passwords tried before no longer count, here and at sign-in.")
                .bodyless(media::PASSWORD_UNLOCK),
            unlock,
        )
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PingOnePassword")]
struct Password {
    #[serde(rename = "_links")]
    links: Hal,
    environment: Id,
    user: Id,
    /// `OK`, `NO_PASSWORD` or `MUST_CHANGE_PASSWORD`.
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_changed_at: Option<String>,
}

async fn read(caller: Caller) -> Answer {
    let record = caller.vestibule.record(&caller.operator, &caller.id).await?;
    Ok(Json(told(&caller, &record)).into_response())
}

async fn set(caller: Caller, body: Bytes) -> Answer {
    caller.must(Scope::Write)?;
    let body = object(&body)?;
    let mut reader = Reader::new(&body);
    let value = reader.required_text("value").unwrap_or_default();
    let must_change = reader.truth("forceChange").unwrap_or_default();
    let check = !reader.truth("bypassPolicy").unwrap_or_default();
    reader.done()?;
    let new = new_password(value, must_change, check);
    let done = caller.vestibule.set_password(&caller.operator, &caller.id, new, true).await;
    done.map_err(by(PASSWORD_VALUE))?;
    state(&caller).await
}

async fn reset(caller: Caller, body: Bytes) -> Answer {
    caller.must(Scope::Write)?;
    let body = object(&body)?;
    let mut reader = Reader::new(&body);
    let new = reader.required_text("newPassword").unwrap_or_default();
    let current = reader.text("currentPassword").map(str::to_owned);
    let must_change = reader.truth("forceChange").unwrap_or_default();
    reader.done()?;
    let new = NewPassword::Clear { password: new.to_owned(), must_change, check: true };
    let (vestibule, operator) = (&caller.vestibule, &caller.operator);
    let done = match current {
        Some(current) => vestibule.change_password(operator, &caller.id, current, new, true).await,
        None => vestibule.set_password(operator, &caller.id, new, true).await,
    };
    done.map_err(by(PASSWORD))?;
    state(&caller).await
}

/// Too many wrong ones are no 429: the vendor's client would send the same password again and again.
async fn check(caller: Caller, body: Bytes) -> Answer {
    caller.must(Scope::Write)?;
    let body = object(&body)?;
    let mut reader = Reader::new(&body);
    let password = reader.required_text("password").unwrap_or_default().to_owned();
    reader.done()?;
    match caller.vestibule.check_password(&caller.operator, &caller.id, password).await {
        Ok(PasswordCheck::Right) => state(&caller).await,
        Ok(PasswordCheck::Wrong { left }) => {
            let detail = Detail::new("INVALID_VALUE", "password", "The password did not match.");
            Err(detail.with("failuresRemaining", left).into())
        }
        Ok(PasswordCheck::Missing) => Err(no_password().into()),
        Err(Error::Refused(Refusal::Limited { until })) => {
            let seconds = (until - caller.vestibule.now()).max(0).unsigned_abs().div_ceil(1_000);
            let message = "The password is locked after too many wrong ones.";
            let detail = Detail::new("ACCOUNT_NOT_USABLE", "password", message).with("failuresRemaining", 0);
            Err(Fault::request_failed(detail.with("secondsUntilUnlock", seconds)).into())
        }
        Err(error) => Err(error.into()),
    }
}

async fn send_code(caller: Caller) -> Answer {
    caller.must(Scope::Write)?;
    caller.mailbox().await?;
    caller.vestibule.request_password_reset(&caller.operator, &caller.id, CodeRequest::default()).await?;
    state(&caller).await
}

async fn recover(caller: Caller, body: Bytes) -> Answer {
    caller.must(Scope::Write)?;
    let body = object(&body)?;
    let mut reader = Reader::new(&body);
    let code = reader.required_text("recoveryCode").unwrap_or_default();
    let new = reader.required_text("newPassword").unwrap_or_default();
    reader.done()?;
    let Some(code) = TypedCode::parse(code) else {
        caller.record().await?;
        return Err(Detail::invalid(PASSWORD.code).into());
    };
    let new = NewPassword::Clear { password: new.to_owned(), must_change: false, check: true };
    let actor = caller.operator.actor();
    let done = caller.vestibule.reset_password_of(actor, &caller.environment, &caller.id, code, new).await;
    done.map_err(by(PASSWORD))?;
    state(&caller).await
}

async fn force_change(caller: Caller) -> Answer {
    caller.must(Scope::Write)?;
    if !caller.record().await?.user.has_password {
        return Err(no_password().into());
    }
    as_wished(caller.vestibule.force_password_change(&caller.operator, &caller.id, true).await)?;
    state(&caller).await
}

async fn unlock(caller: Caller) -> Answer {
    caller.vestibule.forget_guesses(&caller.operator, &caller.id).await?;
    state(&caller).await
}

fn no_password() -> Detail {
    Detail::new("NO_PASSWORD", "password", "The user has no password.")
}

async fn state(caller: &Caller) -> Answer {
    Ok(Json(told(caller, &caller.record().await?)).into_response())
}

fn told(caller: &Caller, record: &Record) -> Password {
    let own = caller.links.of_user(&caller.id, "password");
    let mut links =
        Hal::to(&own).with("environment", &caller.links.environment()).with("user", &caller.links.user(&caller.id));
    for rel in ["password.check", "password.reset", "password.set", "password.recover"] {
        links.add(rel, &own);
    }
    Password {
        links,
        environment: caller.environment.as_str().into(),
        user: caller.id.as_str().into(),
        status: match (record.user.has_password, record.user.must_change_password) {
            (false, _) => "NO_PASSWORD",
            (true, true) => "MUST_CHANGE_PASSWORD",
            (true, false) => "OK",
        },
        last_changed_at: record.user.password_set_at.map(iso),
    }
}
