//! A user's address: replaced, sent codes, and verified.

use vestibule_core::{
    Refusal,
    actor::Operator,
    address::EmailAddress,
    api_key::Scope,
    code::Purpose,
    code_request::{CodeRequest, Issued},
    user::change::{AddressChange, AddressThen, Change},
};

use crate::{
    call::Call,
    error::ZError,
    invite::{redeem, returned_code},
    proto::zitadel::user::v2::{
        ResendEmailCodeRequest, ResendEmailCodeResponse, SendEmailCodeRequest, SendEmailCodeResponse,
        SendEmailVerificationCode, SetEmailRequest, SetEmailResponse, VerifyEmailRequest, VerifyEmailResponse,
        resend_email_code_request, send_email_code_request, set_email_request,
    },
    refusals::Family,
    subject::Right,
    template,
};

/// How an address is to be proven, whichever message says so.
#[derive(Clone, Debug)]
pub enum Proving {
    Send(SendEmailVerificationCode),
    Return,
    /// Or, where that may be said at all, not.
    Verified(bool),
}

impl Proving {
    /// What is to be sent or drawn; nothing where the caller settles it.
    pub fn request(&self) -> Result<Option<CodeRequest>, ZError> {
        match self {
            Self::Send(send) => template::by_mail(send.url_template.as_deref()).map(Some),
            Self::Return => Ok(Some(template::returned())),
            Self::Verified(_) => Ok(None),
        }
    }

    pub fn then(&self) -> Result<AddressThen, ZError> {
        Ok(match (self, self.request()?) {
            (_, Some(request)) => AddressThen::SendCode(request),
            (Self::Verified(true), None) => AddressThen::Verified,
            (_, None) => AddressThen::Nothing,
        })
    }

    /// Only who may write the user gets a code or settles the matter; the user alone never does.
    fn needs_permission(&self) -> bool {
        !matches!(self, Self::Send(_))
    }
}

pub fn parse_address(text: &str, call: &Call, family: &Family) -> Result<EmailAddress, ZError> {
    EmailAddress::parse(text).map_err(|problem| call.refused(family, &Refusal::Address(problem).into()))
}

pub async fn set(call: Call, request: SetEmailRequest) -> Result<SetEmailResponse, ZError> {
    use set_email_request::Verification;
    let (user_id, family) = (request.user_id, &Family::EMAIL);
    let proving = match request.verification {
        Some(Verification::SendCode(send)) => Proving::Send(send),
        Some(Verification::ReturnCode(_)) => Proving::Return,
        Some(Verification::IsVerified(is_verified)) => Proving::Verified(is_verified),
        None => Proving::Send(SendEmailVerificationCode::default()),
    };
    let record = call.subject(&user_id, family).await?;
    let right = if proving.needs_permission() { may_write(&call)? } else { call.right(&user_id)? };
    let address = parse_address(&request.email, &call, family)?;
    // Even where it is to be marked verified.
    if record.primary_email().is_some_and(|email| email.canonical == address.canonical()) {
        return Err(family.unchanged());
    }
    let vestibule = &call.api.vestibule;
    let issued = match right {
        Right::Operator(operator) => {
            let then = proving.then()?;
            let change = Change { address: Some(AddressChange { address, then }), ..Change::default() };
            vestibule.change_user(operator, &user_id, change).await
        }
        Right::Own(person) => {
            let request = proving.request()?.unwrap_or_default();
            vestibule.change_own_address(&person, &address, request).await.map(Some)
        }
    };
    let issued = issued.map_err(|error| call.refused(family, &error))?;
    Ok(SetEmailResponse {
        details: Some(call.details(&user_id, family).await?),
        verification_code: returned_code(issued.as_ref()),
    })
}

fn may_write(call: &Call) -> Result<Right, ZError> {
    call.operator(Scope::Write).map(Right::Operator)
}

pub async fn send_code(call: Call, request: SendEmailCodeRequest) -> Result<SendEmailCodeResponse, ZError> {
    use send_email_code_request::Verification;
    let proving = match request.verification {
        Some(Verification::SendCode(send)) => Proving::Send(send),
        Some(Verification::ReturnCode(_)) => Proving::Return,
        None => Proving::Send(SendEmailVerificationCode::default()),
    };
    let issued = issue(&call, &request.user_id, &proving, false).await?;
    Ok(SendEmailCodeResponse {
        details: Some(call.details(&request.user_id, &Family::EMAIL).await?),
        verification_code: returned_code(Some(&issued)),
    })
}

pub async fn resend_code(call: Call, request: ResendEmailCodeRequest) -> Result<ResendEmailCodeResponse, ZError> {
    use resend_email_code_request::Verification;
    let proving = match request.verification {
        Some(Verification::SendCode(send)) => Proving::Send(send),
        Some(Verification::ReturnCode(_)) => Proving::Return,
        None => Proving::Send(SendEmailVerificationCode::default()),
    };
    let issued = issue(&call, &request.user_id, &proving, true).await?;
    Ok(ResendEmailCodeResponse {
        details: Some(call.details(&request.user_id, &Family::EMAIL).await?),
        verification_code: returned_code(Some(&issued)),
    })
}

async fn issue(call: &Call, user_id: &str, proving: &Proving, only_again: bool) -> Result<Issued, ZError> {
    let family = &Family::EMAIL;
    call.subject(user_id, family).await?;
    let right = if proving.needs_permission() { may_write(call)? } else { call.right_to_send(user_id)? };
    let request = proving.request()?.unwrap_or_default();
    let issued = match right {
        Right::Operator(operator) => by_operator(call, operator, user_id, request, only_again).await,
        Right::Own(person) => call.api.vestibule.send_own_code(&person, request, call.ip.clone()).await,
    };
    issued.map_err(|error| call.refused(family, &error))
}

async fn by_operator(
    call: &Call,
    operator: Operator,
    user_id: &str,
    request: CodeRequest,
    only_again: bool,
) -> vestibule_core::Result<Issued> {
    let vestibule = &call.api.vestibule;
    if only_again {
        vestibule.resend_code(operator, user_id, request).await
    } else {
        vestibule.send_code(operator, user_id, None, request).await
    }
}

pub async fn verify(call: Call, request: VerifyEmailRequest) -> Result<VerifyEmailResponse, ZError> {
    let family = &Family::VERIFY_EMAIL;
    let details = redeem(&call, &request.user_id, Purpose::Email, &request.verification_code, family).await?;
    Ok(VerifyEmailResponse { details: Some(details) })
}
