//! Invite somebody, and invite them again.

use axum::body::Bytes;
use serde_json::{Value, json};
use vestibule_api::{Operation, Routes};
use vestibule_core::{
    api_key::Scope,
    code_request::CodeRequest,
    env::{DAY, MINUTE},
    link_template::LinkTemplate,
    user::create::{NewAccount, Then},
};

use super::{USER, USERS, create};
use crate::{
    caller::Caller,
    document::{operation, refusals},
    fault::Detail,
    media, profile,
    reader::{Reader, object, object_or_empty},
    refusal::Answer,
    user::User,
};

/// How many minutes an invite lives if nobody says, and at the most.
const MINUTES: i64 = 60;
const MOST_MINUTES: i64 = 90 * DAY / MINUTE;

pub fn routes() -> Routes {
    let operation = |path, id: &'static str, summary| {
        let invited = "The user; `Location` leads to it.";
        refusals(operation(Operation::post(path, id), Scope::Write, summary), &[400, 415]).answers::<User>(201, invited)
    };
    let more = json!({ "population": create::population(), "invite": invite_schema(&["isAdmin"]) });
    Routes::new()
        .add(
            operation(USERS, "inviteUser", "Create a user and mail them an invite")
                .description("The address becomes the user name.")
                .body_of(media::USER_INVITE, profile::schema(&["email", "name", "invite"], more)),
            invite,
        )
        .add(
            operation(USER, "reinviteUser", "Invite a user again")
                .description("The invites sent before stop working. The body may be empty.")
                .body_of(
                    media::USER_INVITE,
                    json!({ "type": "object", "properties": { "invite": invite_schema(&[]) } }),
                ),
            invite_again,
        )
}

async fn invite(caller: Caller, body: Bytes) -> Answer {
    caller.must(Scope::Write)?;
    let body = object(&body)?;
    let mut reader = Reader::new(&body);
    let plain = create::unnamed_account(&mut reader);
    for name in ["name.given", "name.family"] {
        if reader.get(name).is_none() {
            reader.note(Detail::required(name));
        }
    }
    if reader.required_truth("invite.isAdmin") == Some(false) {
        reader.note(Detail::invalid("invite.isAdmin").with("allowedValues", [true].as_slice()));
    }
    let request = request(&mut reader);
    reader.done()?;
    let username = plain.address.as_ref().map(|address| address.typed().to_owned());
    create::make(&caller, NewAccount { username, then: Then::Invite(request), ..plain }).await
}

async fn invite_again(caller: Caller, body: Bytes) -> Answer {
    caller.must(Scope::Write)?;
    let body = object_or_empty(&body)?;
    let mut reader = Reader::new(&body);
    let request = request(&mut reader);
    reader.done()?;
    caller.mailbox().await?;
    caller.vestibule.invite_user(&caller.operator, &caller.id, request).await?;
    caller.answer_created(&caller.id).await
}

/// `invite`: how long it lives, and the page that takes it.
fn request(reader: &mut Reader<'_>) -> CodeRequest {
    let minutes = reader.whole_number("invite.expirationMinutes", 1, MOST_MINUTES).unwrap_or(MINUTES);
    let template = reader.text("invite.acceptUrl").and_then(|url| {
        LinkTemplate::accept_url(url).map_err(|_| reader.note(Detail::invalid("invite.acceptUrl"))).ok()
    });
    CodeRequest { lifetime: Some(minutes * MINUTE), template, ..CodeRequest::default() }
}

fn invite_schema(required: &[&str]) -> Value {
    json!({
        "type": "object",
        "required": required,
        "properties": {
            "isAdmin": { "const": true },
            "expirationMinutes": {
                "description": "A number, or a string of one.",
                "type": ["integer", "string", "null"],
                "default": MINUTES,
            },
            "acceptUrl": {
                "description": "A page of your own; it gets `flowId` and `inviteCode` in its query.",
                "type": ["string", "null"],
            },
        },
    })
}
