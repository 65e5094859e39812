//! A user's email addresses.

use axum::{Json, extract::State};
use vestibule_api::{Api, ClientIp, Operation, Routes};
use vestibule_core::{Refusal, address::EmailAddress, api_key::Scope, code_request::CodeRequest, env::SECOND};

use crate::{
    body::Fields,
    caller::Caller,
    document::{JSON, Kind, body, changes, described},
    failure::Failure,
    id::Id,
    model::{LinkSent, seconds},
    users::{Changed, settled, user_after},
};

pub fn routes() -> Routes {
    let emails = "/api/users/{user_id}/emails";
    let email = format!("{emails}/{{identifier_id}}");
    let add = Operation::post(emails, "monoCloudAddEmail");
    let remove = Operation::delete(email.clone(), "monoCloudRemoveEmail");
    let primary = Operation::post(format!("{email}/primary"), "monoCloudMakeEmailPrimary");
    let verify = Operation::post(format!("{email}/verify"), "monoCloudVerifyEmail");
    let unverify = Operation::post(format!("{email}/unverify"), "monoCloudUnverifyEmail");
    let link = Operation::post(format!("{email}/verify/link"), "monoCloudSendVerificationLink");
    Routes::new()
        .add(
            changes(add, Scope::Write, "Give a user another email address").body_of(JSON, body(&ADD, &["email"])),
            add_email,
        )
        .add(changes(remove, Scope::Write, "Take an email address from a user"), remove_email)
        .add(changes(primary, Scope::Write, "Make a verified email address the primary one"), make_primary)
        .add(changes(verify, Scope::Verify, "Mark an email address as verified"), verify_email)
        .add(changes(unverify, Scope::Write, "Take the verification from an email address"), unverify_email)
        .add(
            described(link, Scope::Verify, "Mail a link and a code by which the person verifies the address")
                .body_of(JSON, body(&[("expiry", Kind::Integer)], &[]))
                .answers::<LinkSent>(200, "The mail is on its way")
                .refuses(422, "The user gets no mail, or the expiry is out of bounds")
                .refuses(429, "The last mail to this address was sent a moment ago"),
            send_link,
        )
}

const ADD: [(&str, Kind); 3] =
    [("email", Kind::Text), ("is_verified", Kind::Flag), ("skip_restriction_checks", Kind::Flag)];

async fn add_email(
    State(api): State<Api>,
    caller: Caller,
    Id(user_id): Id<String>,
    ClientIp(ip): ClientIp,
    mut fields: Fields,
) -> Changed {
    let email = fields.required("email").unwrap_or_default();
    let is_verified = fields.flag("is_verified").unwrap_or_default();
    // There is no list of addresses that may not be used.
    fields.flag("skip_restriction_checks");
    fields.done()?;
    let address = EmailAddress::parse(&email).map_err(Refusal::Address)?;
    if is_verified {
        caller.must(Scope::Verify)?;
    }
    let email_id = api.vestibule.add_address(caller.operator(), &user_id, &address).await?;
    if is_verified {
        api.vestibule.mark_verified(caller.operator(), &user_id, &email_id, caller.reason, ip).await?;
    }
    user_after(&api.vestibule, &caller, &user_id).await
}

async fn remove_email(State(api): State<Api>, caller: Caller, Id((user_id, id)): Id<(String, String)>) -> Changed {
    api.vestibule.remove_address(caller.operator(), &user_id, &id).await?;
    user_after(&api.vestibule, &caller, &user_id).await
}

async fn make_primary(State(api): State<Api>, caller: Caller, Id((user_id, id)): Id<(String, String)>) -> Changed {
    settled(api.vestibule.make_primary(caller.operator(), &user_id, &id).await)?;
    user_after(&api.vestibule, &caller, &user_id).await
}

/// The seed: one that is verified already stays as it is, and is answered alike.
async fn verify_email(
    State(api): State<Api>,
    caller: Caller,
    Id((user_id, id)): Id<(String, String)>,
    ClientIp(ip): ClientIp,
) -> Changed {
    api.vestibule.mark_verified(caller.operator(), &user_id, &id, caller.reason, ip).await?;
    user_after(&api.vestibule, &caller, &user_id).await
}

async fn unverify_email(State(api): State<Api>, caller: Caller, Id((user_id, id)): Id<(String, String)>) -> Changed {
    undone(api.vestibule.unverify(caller.operator(), &user_id, &id, caller.reason).await)?;
    user_after(&api.vestibule, &caller, &user_id).await
}

async fn send_link(
    State(api): State<Api>,
    caller: Caller,
    Id((user_id, id)): Id<(String, String)>,
    mut fields: Fields,
) -> Result<Json<LinkSent>, Failure> {
    let lifetime = expiry(&mut fields);
    fields.done()?;
    let request = CodeRequest { lifetime, ..CodeRequest::default() };
    let issued = api.vestibule.send_code(caller.operator(), &user_id, Some(&id), request).await?;
    Ok(Json(LinkSent { expires_at: seconds(issued.expires_at), email_sent: api.has_smtp }))
}

/// How long a link is to work, in milliseconds; `None` for as long as the organization's policy says.
pub fn expiry(fields: &mut Fields) -> Option<i64> {
    /// One minute to 90 days, in seconds.
    const BOUNDS: std::ops::RangeInclusive<i64> = 60..=90 * 24 * 60 * 60;
    match fields.integer("expiry")? {
        seconds if BOUNDS.contains(&seconds) => Some(seconds * SECOND),
        _ => {
            let (least, most) = (BOUNDS.start(), BOUNDS.end());
            fields.refuse("expiry", format!("It must be {least} to {most} seconds."))
        }
    }
}

/// What was not verified is as good as unverified.
pub fn undone(done: vestibule_core::Result<()>) -> Result<(), Failure> {
    match done {
        Ok(()) => Ok(()),
        Err(error) => match error.refusal() {
            Some(Refusal::NotVerified) => Ok(()),
            _ => Err(error.into()),
        },
    }
}
