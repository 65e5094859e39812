//! Users made, in the newer way and the older.

use tonic::Code;
use vestibule_core::{
    actor::Operator,
    api_key::Scope,
    code_request::Issued,
    user::{
        create::{NewAccount, Then},
        record::Record,
    },
};

use crate::{
    call::{Call, NOT_PERMITTED},
    email::{Proving, parse_address},
    error::ZError,
    invite::returned_code,
    model,
    password::{clear, hashed},
    person::{self, ProfileWords},
    proto::zitadel::user::v2::{
        AddHumanUserRequest, AddHumanUserResponse, CreateUserRequest, CreateUserResponse, SetHumanEmail, SetHumanPhone,
        add_human_user_request, create_user_request,
    },
    refusals::Family,
};

const FAMILY: &Family = &Family::CREATE;

pub async fn create_user(call: Call, request: CreateUserRequest) -> Result<CreateUserResponse, ZError> {
    use create_user_request::{UserType, human::PasswordType};
    let operator = call.operator(Scope::Write)?;
    if request.organization_id != call.principal.organization_id() {
        return Err(NOT_PERMITTED.into());
    }
    let human = match request.user_type {
        Some(UserType::Human(human)) => human,
        Some(UserType::Machine(_)) | None => {
            return Err(ZError::raw(Code::Unimplemented, "Users are people here; machines have keys and clients"));
        }
    };
    person::refuse_other_factors(&human.idp_links, human.totp_secret.as_deref())?;
    let metadata = human.metadata.into_iter().chain(request.metadata).map(|entry| (entry.key, entry.value));
    let new = NewAccount {
        id: request.user_id,
        password: human.password_type.map(|password| match password {
            PasswordType::Password(password) => clear(password),
            PasswordType::HashedPassword(password) => hashed(password),
        }),
        metadata: person::metadata(metadata),
        ..known(&call, request.username, human.profile.unwrap_or_default().into(), human.email, human.phone)?
    };
    let (record, issued) = create(&call, operator, new).await?;
    Ok(CreateUserResponse {
        creation_date: Some(model::timestamp(record.user.created_at)),
        id: record.user.id,
        email_code: returned_code(issued.as_ref()),
        phone_code: None,
    })
}

pub async fn add_human(call: Call, request: AddHumanUserRequest) -> Result<AddHumanUserResponse, ZError> {
    use add_human_user_request::PasswordType;
    let operator = call.operator(Scope::Write)?;
    person::refuse_other_factors(&request.idp_links, request.totp_secret.as_deref())?;
    let new = NewAccount {
        id: request.user_id,
        password: request.password_type.map(|password| match password {
            PasswordType::Password(password) => clear(password),
            PasswordType::HashedPassword(password) => hashed(password),
        }),
        metadata: person::metadata(request.metadata.into_iter().map(|entry| (entry.key, entry.value))),
        ..known(&call, request.username, request.profile.unwrap_or_default().into(), request.email, request.phone)?
    };
    let (record, issued) = create(&call, operator, new).await?;
    Ok(AddHumanUserResponse {
        details: Some(model::changed(&record.user)),
        user_id: record.user.id,
        email_code: returned_code(issued.as_ref()),
        phone_code: None,
    })
}

/// What both ways say alike.
fn known(
    call: &Call,
    username: Option<String>,
    profile: ProfileWords,
    email: Option<SetHumanEmail>,
    phone: Option<SetHumanPhone>,
) -> Result<NewAccount, ZError> {
    let username = person::username(username)?;
    profile.check()?;
    let email = email.unwrap_or_default();
    let address = parse_address(&email.email, call, FAMILY)?;
    let proving = person::proving(&email);
    // Nothing is sent where it is said that there is nothing to prove, or nothing to be proven now.
    let then = proving.request()?.map_or(Then::Nothing, Then::SendCode);
    let phone = phone.filter(|phone| !phone.phone.is_empty());
    let phone = phone.map(|phone| person::phone(&phone, call, FAMILY)).transpose()?;
    Ok(NewAccount {
        username,
        name: profile.name(),
        language: profile.language(),
        profile: profile.profile(),
        address: Some(address),
        address_verified: matches!(proving, Proving::Verified(true)),
        phone_verified: phone.as_ref().is_some_and(|(_, is_verified)| *is_verified),
        phone: phone.map(|(number, _)| number),
        then,
        ..NewAccount::default()
    })
}

async fn create(call: &Call, operator: Operator, new: NewAccount) -> Result<(Record, Option<Issued>), ZError> {
    let vestibule = &call.api.vestibule;
    let created = vestibule.create_account(operator.clone(), new).await;
    let created = created.map_err(|error| call.refused(FAMILY, &error))?;
    let record = vestibule.record_after(operator, &created.user_id).await;
    Ok((record.map_err(|error| call.refused(FAMILY, &error))?, created.issued))
}
