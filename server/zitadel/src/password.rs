//! Passwords: reset, and set by who knows the old one, has a reset code, or may.

use tonic::Code;
use vestibule_core::{Refusal, api_key::Scope, code::TypedCode, password::NewPassword};

use crate::{
    call::Call,
    error::{Said, ZError},
    invite::returned_code,
    proto::zitadel::user::v2::{
        HashedPassword, Password, PasswordResetRequest, PasswordResetResponse, SetPasswordRequest, SetPasswordResponse,
        password_reset_request::Medium, set_password, set_password_request,
    },
    refusals::Family,
    template,
};

const EMPTY: Said = (Code::InvalidArgument, "Password is empty", "COMMAND-3M0fs");

pub async fn request_reset(call: Call, request: PasswordResetRequest) -> Result<PasswordResetResponse, ZError> {
    let (user_id, family) = (request.user_id, &Family::REQUEST_RESET);
    let wish = match request.medium {
        // Every kind of notification goes by mail.
        Some(Medium::SendLink(link)) => template::by_mail(link.url_template.as_deref())?,
        Some(Medium::ReturnCode(_)) => template::returned(),
        None => template::by_mail(None)?,
    };
    call.subject(&user_id, family).await?;
    let operator = call.operator(Scope::Write)?;
    let issued = call.api.vestibule.request_password_reset(operator, &user_id, wish).await;
    let issued = issued.map_err(|error| call.refused(family, &error))?;
    Ok(PasswordResetResponse {
        details: Some(call.details(&user_id, family).await?),
        verification_code: returned_code(Some(&issued)),
    })
}

/// What lets a caller set a password.
#[derive(Clone, Debug)]
pub enum Proof {
    Current(String),
    Code(String),
    Permission,
}

pub async fn set(call: Call, request: SetPasswordRequest) -> Result<SetPasswordResponse, ZError> {
    use set_password_request::Verification;
    let password = request.new_password.ok_or(EMPTY)?;
    let proof = match request.verification {
        Some(Verification::CurrentPassword(current)) => Proof::Current(current),
        Some(Verification::VerificationCode(code)) => Proof::Code(code),
        None => Proof::Permission,
    };
    set_by(&call, &request.user_id, clear(password), proof).await?;
    Ok(SetPasswordResponse { details: Some(call.details(&request.user_id, &Family::PASSWORD).await?) })
}

/// Sets a password as an update of a user asks for it.
pub async fn set_in_update(
    call: &Call,
    user_id: &str,
    request: crate::proto::zitadel::user::v2::SetPassword,
) -> Result<(), ZError> {
    let password = match request.password_type.ok_or(EMPTY)? {
        set_password::PasswordType::Password(password) => clear(password),
        set_password::PasswordType::HashedPassword(hashed) => self::hashed(hashed),
    };
    let proof = match request.verification {
        Some(set_password::Verification::CurrentPassword(current)) => Proof::Current(current),
        Some(set_password::Verification::VerificationCode(code)) => Proof::Code(code),
        None => Proof::Permission,
    };
    set_by(call, user_id, password, proof).await
}

pub fn clear(password: Password) -> NewPassword {
    NewPassword::Clear { password: password.password, must_change: password.change_required, check: true }
}

pub fn hashed(password: HashedPassword) -> NewPassword {
    NewPassword::Hash { hash: password.hash, must_change: password.change_required }
}

async fn set_by(call: &Call, user_id: &str, password: NewPassword, proof: Proof) -> Result<(), ZError> {
    let vestibule = &call.api.vestibule;
    let (set, family) = match proof {
        Proof::Current(current) => {
            let person = call.principal.person().filter(|person| person.user_id() == user_id);
            let set = match (call.operator(Scope::Write), person, password) {
                (Ok(operator), _, password) => {
                    vestibule.change_password(operator, user_id, current, password, false).await
                }
                (Err(_), Some(person), NewPassword::Clear { password, .. }) => {
                    vestibule.set_own_password(person, current, password).await
                }
                (Err(error), _, _) => return Err(error),
            };
            (set, &Family::PASSWORD)
        }
        Proof::Code(code) => {
            let set = match TypedCode::parse(&code) {
                Some(code) => {
                    let (by, organization_id) = (call.principal.actor_on(user_id), call.principal.organization_id());
                    vestibule.reset_password_of(by, organization_id, user_id, code, password).await
                }
                None => Err(Refusal::Unreadable.into()),
            };
            (set, &Family::RESET)
        }
        Proof::Permission => {
            let operator = call.operator(Scope::Write)?;
            (vestibule.set_password(operator, user_id, password, false).await, &Family::PASSWORD)
        }
    };
    set.map_err(|error| call.refused(family, &error))
}
