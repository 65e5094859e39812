//! The older service: what a person does with their own account.

use tonic::Code;
use vestibule_api::Api;
use vestibule_core::{
    actor::{Person, Principal},
    code::Purpose,
    code_request::CodeRequest,
};

use crate::{
    call::Call,
    email::parse_address,
    error::{Said, ZError},
    invite::redeem,
    model,
    proto::zitadel::{
        auth::v1::{
            GetMyEmailRequest, GetMyEmailResponse, GetMyUserRequest, GetMyUserResponse, HealthzRequest,
            HealthzResponse, ResendMyEmailVerificationRequest, ResendMyEmailVerificationResponse, SetMyEmailRequest,
            SetMyEmailResponse, VerifyMyEmailRequest, VerifyMyEmailResponse,
        },
        user::v1::{Machine, User, UserState, user::Type},
        v1::ObjectDetails,
    },
    refusals::Family,
};

const NOT_PERSONAL: Said = (Code::FailedPrecondition, "The User must be personal", "QUERY-pt7HY");
const NOBODY_TO_SET: Said = (Code::FailedPrecondition, "Email not found", "COMMAND-0Pe4r");

pub async fn healthz(api: Api, _: HealthzRequest) -> Result<HealthzResponse, ZError> {
    api.vestibule.ready().await.map_err(|error| ZError::failed(&error))?;
    Ok(HealthzResponse {})
}

pub async fn user(call: Call, _: GetMyUserRequest) -> Result<GetMyUserResponse, ZError> {
    let user = match &call.principal {
        Principal::Client(client) => User {
            id: client.id().to_owned(),
            details: Some(ObjectDetails {
                resource_owner: client.organization_id().to_owned(),
                ..ObjectDetails::default()
            }),
            state: UserState::Active.into(),
            user_name: client.name().to_owned(),
            login_names: vec![client.name().to_owned()],
            preferred_login_name: client.name().to_owned(),
            r#type: Some(Type::Machine(Machine {
                name: client.name().to_owned(),
                has_secret: true,
                ..Machine::default()
            })),
        },
        Principal::Person { person, .. } => {
            let record = call.api.vestibule.own_record(person).await;
            model::my_user(&record.map_err(|error| call.refused(&Family::READ, &error))?)
        }
    };
    Ok(GetMyUserResponse { user: Some(user), last_login: None })
}

pub async fn email(call: Call, _: GetMyEmailRequest) -> Result<GetMyEmailResponse, ZError> {
    let person = call.principal.person().ok_or(NOT_PERSONAL)?;
    let record = call.api.vestibule.own_record(person).await;
    let record = record.map_err(|error| call.refused(&Family::READ, &error))?;
    Ok(GetMyEmailResponse {
        details: Some(model::object_details(model::details(&record))),
        email: Some(model::my_email(&record)),
    })
}

pub async fn set_email(call: Call, request: SetMyEmailRequest) -> Result<SetMyEmailResponse, ZError> {
    let family = &Family::MY_EMAIL;
    let person = call.principal.person().ok_or(NOBODY_TO_SET)?;
    let address = parse_address(&request.email, &call, family)?;
    let changed = call.api.vestibule.change_own_address(person, &address, CodeRequest::default()).await;
    changed.map_err(|error| call.refused(family, &error))?;
    Ok(SetMyEmailResponse { details: Some(own_details(&call, person).await?) })
}

pub async fn verify_email(call: Call, request: VerifyMyEmailRequest) -> Result<VerifyMyEmailResponse, ZError> {
    let family = &Family::VERIFY_MY_EMAIL;
    let person = call.principal.person().ok_or_else(|| family.unknown_user())?;
    let details = redeem(&call, person.user_id(), Purpose::Email, &request.code, family).await?;
    Ok(VerifyMyEmailResponse { details: Some(model::object_details(details)) })
}

pub async fn resend(
    call: Call,
    _: ResendMyEmailVerificationRequest,
) -> Result<ResendMyEmailVerificationResponse, ZError> {
    let family = &Family::MY_EMAIL;
    let person = call.principal.person().ok_or_else(|| family.unknown_user())?;
    let sent = call.api.vestibule.send_own_code(person, CodeRequest::default(), call.ip.clone()).await;
    sent.map_err(|error| call.refused(family, &error))?;
    Ok(ResendMyEmailVerificationResponse { details: Some(own_details(&call, person).await?) })
}

async fn own_details(call: &Call, person: &Person) -> Result<ObjectDetails, ZError> {
    let details = call.details(person.user_id(), &Family::READ).await?;
    Ok(model::object_details(details))
}
