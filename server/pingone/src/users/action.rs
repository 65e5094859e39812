//! What a media type does to a user: send the account's code, verify it, lock and unlock.

use axum::body::Bytes;
use vestibule_api::{Operation, Routes};
use vestibule_core::{
    Error, Refusal,
    api_key::Scope,
    code::{Purpose, TypedCode},
    redeem::{Aim, UserCode},
    user::summary::Summary,
};

use super::{USER, account_code};
use crate::{
    caller::Caller,
    document::{code_schema, operation, refusals},
    fault::Detail,
    media,
    reader::{Reader, object},
    refusal::{Answer, SENDING, by},
    user::User,
};

pub fn routes() -> Routes {
    let action = |id: &'static str, scope, summary| {
        refusals(operation(Operation::post(USER, id), scope, summary), &[400, 415]).answers::<User>(200, "The user.")
    };
    Routes::new()
        .add(
            action("verifyUser", Scope::Verify, "Verify a user's account by its code")
                .description(
                    "`lifecycle.status` becomes `ACCOUNT_OK`. `emailVerified` becomes true if the address is still the \
                     one that the code was sent to. Wrong, expired, used and replaced codes are answered alike.",
                )
                .body_of(media::USER_VERIFY, code_schema("verificationCode")),
            verify,
        )
        .add(
            action("sendVerificationCode", Scope::Verify, "Mail a user the code of their account")
                .description(
                    "`lifecycle.status` becomes `VERIFICATION_REQUIRED`, and codes sent before stop working. The body is \
                     not read.",
                )
                .bodyless(media::USER_SEND_CODE),
            send_code,
        )
        .add(
            action("lockAccount", Scope::Write, "Lock a user's account").bodyless(media::ACCOUNT_LOCK),
            lock,
        )
        .add(
            action("unlockAccount", Scope::Write, "Unlock a user's account").bodyless(media::ACCOUNT_UNLOCK),
            unlock,
        )
}

async fn verify(caller: Caller, body: Bytes) -> Answer {
    let user = redeem(&caller, &body, Aim::Account).await?;
    caller.answer_with(user).await
}

/// Redeems the `verificationCode` of a body; gives the user as it left them.
///
/// The network address is not given to the rules: all people behind one backend come from it, and its limit would
/// answer wrong codes with 429, which the vendor's client sends again and again. Each code has its own few tries.
pub(super) async fn redeem(caller: &Caller, body: &Bytes, aim: Aim) -> Answer<Summary> {
    caller.must(Scope::Verify)?;
    let body = object(body)?;
    let mut reader = Reader::new(&body);
    let text = reader.required_text("verificationCode").unwrap_or_default();
    reader.done()?;
    let Some(code) = TypedCode::parse(text) else {
        caller.record().await?;
        return Err(Detail::invalid("verificationCode").into());
    };
    let (organization_id, user_id) = (caller.environment.clone(), caller.id.clone());
    let code = UserCode { organization_id, user_id, purpose: Purpose::Email, code, aim };
    Ok(caller.vestibule.redeem_of(code, caller.operator.actor(), None).await?)
}

async fn send_code(caller: Caller, body: Bytes) -> Answer {
    caller.must(Scope::Verify)?;
    caller.mailbox().await?;
    // A known mistake: the code comes back with the media type that sends one. The vendor sends another, and so do we.
    if object(&body).is_ok_and(|body| body.contains_key("verificationCode")) {
        tracing::warn!("a code came with the media type that sends one");
    }
    caller.vestibule.send_code(&caller.operator, &caller.id, None, account_code()).await.map_err(by(SENDING))?;
    caller.answer().await
}

async fn lock(caller: Caller) -> Answer {
    as_wished(caller.vestibule.lock_user(&caller.operator, &caller.id).await)?;
    caller.answer().await
}

async fn unlock(caller: Caller) -> Answer {
    as_wished(caller.vestibule.unlock_user(&caller.operator, &caller.id).await)?;
    caller.answer().await
}

/// A user who is already as wished is as wished.
pub(super) fn as_wished(done: Result<(), Error>) -> Result<(), Error> {
    match done {
        Err(Error::Refused(Refusal::Stale | Refusal::Unchanged)) => Ok(()),
        done => done,
    }
}

impl Caller {
    /// Refuses a user of the path whom no mail can reach.
    pub(super) async fn mailbox(&self) -> Answer<()> {
        match self.record().await?.primary_email() {
            Some(_) => Ok(()),
            None => Err(Detail::invalid("email").into()),
        }
    }
}
