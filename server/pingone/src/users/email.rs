//! The verification of an address, apart from the account's.

use axum::{Json, body::Bytes, response::IntoResponse};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use vestibule_api::{Operation, Routes};
use vestibule_core::{api_key::Scope, code_request::CodeRequest, redeem::Aim};

use super::{EMAIL_CODE, action};
use crate::{
    caller::Caller,
    document::{code_schema, operation, refusals},
    fault::Detail,
    links::{Hal, Id},
    media,
    reader::{Reader, object},
    refusal::{Answer, SENDING, by},
};

const PATH: &str = "/v1/environments/{environment_id}/users/{user_id}/emailVerification";

pub fn routes() -> Routes {
    let action = |id: &'static str, summary| {
        refusals(operation(Operation::post(PATH, id), Scope::Verify, summary), &[400, 415])
            .answers::<EmailVerification>(200, "The verification.")
    };
    let send = json!({
        "type": "object",
        "required": ["notificationType"],
        "properties": { "notificationType": { "enum": NOTIFICATIONS } },
    });
    Routes::new()
        .add(
            action("sendEmailVerificationCode", "Mail a user a code for their address")
                .description("It works for 24 hours; codes sent before stop working.")
                .body_of(media::EMAIL_SEND, send),
            send_code,
        )
        .add(
            action("verifyEmail", "Verify a user's address by its code")
                .description("`emailVerified` becomes true; `lifecycle` stays.")
                .body_of(media::EMAIL_VERIFY, code_schema("verificationCode")),
            verify,
        )
}

/// Whom the notice is for.
const NOTIFICATIONS: &[&str] = &["admin", "user"];

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PingOneEmailVerification")]
struct EmailVerification {
    #[serde(rename = "_links")]
    links: Hal,
    environment: Id,
    user: Id,
    #[serde(skip_serializing_if = "Option::is_none")]
    notification_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_verified: Option<bool>,
}

impl EmailVerification {
    fn of(caller: &Caller) -> Self {
        Self {
            links: Hal::to(&caller.links.of_user(&caller.id, "emailVerification"))
                .with("environment", &caller.links.environment())
                .with("user", &caller.links.user(&caller.id)),
            environment: caller.environment.as_str().into(),
            user: caller.id.as_str().into(),
            notification_type: None,
            email_verified: None,
        }
    }
}

async fn send_code(caller: Caller, body: Bytes) -> Answer {
    caller.must(Scope::Verify)?;
    let body = object(&body)?;
    let mut reader = Reader::new(&body);
    if reader.get("notificationType").is_none() {
        reader.note(Detail::required("notificationType"));
    }
    let notification_type = reader.word("notificationType", NOTIFICATIONS);
    reader.done()?;
    caller.mailbox().await?;
    let request = CodeRequest { lifetime: Some(EMAIL_CODE), ..CodeRequest::default() };
    let sent = caller.vestibule.send_code(&caller.operator, &caller.id, None, request).await;
    sent.map_err(by(SENDING))?;
    Ok(Json(EmailVerification { notification_type, ..EmailVerification::of(&caller) }).into_response())
}

async fn verify(caller: Caller, body: Bytes) -> Answer {
    let user = action::redeem(&caller, &body, Aim::AddressOnly).await?;
    Ok(Json(EmailVerification { email_verified: Some(user.email_verified), ..EmailVerification::of(&caller) })
        .into_response())
}
