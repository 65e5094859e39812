//! Invites: made, sent again, and redeemed.

use tonic::Code;
use vestibule_core::{
    code::{Purpose, TypedCode},
    code_request::Issued,
    redeem::{Aim, UserCode},
};

use crate::{
    call::{Call, NOT_PERMITTED},
    error::{Said, ZError},
    proto::zitadel::{
        object::v2::Details,
        user::v2::{
            CreateInviteCodeRequest, CreateInviteCodeResponse, ResendInviteCodeRequest, ResendInviteCodeResponse,
            VerifyInviteCodeRequest, VerifyInviteCodeResponse, create_invite_code_request::Verification,
        },
    },
    refusals::Family,
    subject::Right,
    template,
};

const NO_ID: Said = (Code::InvalidArgument, "User ID missing", "COMMAND-4jio3");
const INITIALIZED: Said = (Code::FailedPrecondition, "User is already initialized", "COMMAND-EF34g");

pub async fn verify(call: Call, request: VerifyInviteCodeRequest) -> Result<VerifyInviteCodeResponse, ZError> {
    let family = &Family::VERIFY_INVITE;
    let details = redeem(&call, &request.user_id, Purpose::Invite, &request.verification_code, family).await?;
    Ok(VerifyInviteCodeResponse { details: Some(details) })
}

/// Tries a code of a user; anybody with a token may.
pub async fn redeem(
    call: &Call,
    user_id: &str,
    purpose: Purpose,
    code: &str,
    family: &Family,
) -> Result<Details, ZError> {
    let code = TypedCode::parse(code).ok_or_else(|| family.wrong_code())?;
    let by = call.principal.actor_on(user_id);
    let (organization_id, user_id) = (call.principal.organization_id().to_owned(), user_id.to_owned());
    let code = UserCode { organization_id, user_id, purpose, code, aim: Aim::Address };
    // A machine speaks for many: what stands at its network address is nobody who types, and must not be limited as one.
    let ip = call.principal.person().and(call.ip.clone());
    let redeemed = call.api.vestibule.redeem_of(code, by, ip).await;
    redeemed.map(|summary| call.details_of(&summary.user)).map_err(|error| call.refused(family, &error))
}

pub async fn create(call: Call, request: CreateInviteCodeRequest) -> Result<CreateInviteCodeResponse, ZError> {
    let (user_id, family) = (request.user_id, &Family::INVITE);
    if user_id.trim().is_empty() {
        return Err(NO_ID.into());
    }
    let wish = match request.verification {
        Some(Verification::ReturnCode(_)) => template::returned(),
        Some(Verification::SendCode(send)) => {
            let mut wish = template::by_mail(send.url_template.as_deref())?;
            wish.application = send.application_name;
            wish
        }
        None => template::by_mail(None)?,
    };
    let operator = match call.right(&user_id)? {
        Right::Operator(operator) => operator,
        Right::Own(_) => return Err(own_invite(&call, &user_id).await),
    };
    let issued = call.api.vestibule.invite_user(operator, &user_id, wish).await;
    let issued = issued.map_err(|error| call.refused(family, &error))?;
    Ok(CreateInviteCodeResponse {
        details: Some(call.details(&user_id, family).await?),
        invite_code: returned_code(Some(&issued)),
    })
}

/// Who has a token of their own has a way in, and needs no invite; where that was taken away, others must invite.
async fn own_invite(call: &Call, user_id: &str) -> ZError {
    match call.subject(user_id, &Family::INVITE).await {
        Ok(record) if record.has_method() => INITIALIZED.into(),
        Ok(_) => NOT_PERMITTED.into(),
        Err(error) => error,
    }
}

/// The code that was to be returned.
pub fn returned_code(issued: Option<&Issued>) -> Option<String> {
    issued.and_then(|issued| issued.drawn.as_ref()).map(|drawn| drawn.code.plain().to_owned())
}

pub async fn resend(call: Call, request: ResendInviteCodeRequest) -> Result<ResendInviteCodeResponse, ZError> {
    let (user_id, family) = (request.user_id, &Family::INVITE);
    if user_id.trim().is_empty() {
        return Err(NO_ID.into());
    }
    let operator = match call.right_to_send(&user_id)? {
        Right::Operator(operator) => operator,
        Right::Own(_) => return Err(own_invite(&call, &user_id).await),
    };
    let sent = call.api.vestibule.resend_invite_of(operator, &user_id).await;
    sent.map_err(|error| call.refused(family, &error))?;
    Ok(ResendInviteCodeResponse { details: Some(call.details(&user_id, family).await?) })
}
