//! Users changed, in the newer way and the older: what is given changes, what is not stays.

use tonic::Code;
use vestibule_core::{
    actor::Operator,
    api_key::Scope,
    code_request::Issued,
    user::{
        change::{AddressChange, Change},
        profile::ProfileChange,
        record::Record,
    },
};

use crate::{
    call::Call,
    email::{Proving, parse_address},
    error::ZError,
    invite::returned_code,
    password::set_in_update,
    person::{self, ProfileWords},
    proto::zitadel::user::v2::{
        SetHumanEmail, SetHumanPhone, SetPassword, UpdateHumanUserRequest, UpdateHumanUserResponse, UpdateUserRequest,
        UpdateUserResponse,
        update_user_request::{Human, UserType},
    },
    refusals::Family,
};

const FAMILY: &Family = &Family::UPDATE;

/// What is to change, whichever message says it.
#[derive(Debug, Default)]
struct Wishes {
    username: Option<String>,
    profile: Option<ProfileWords>,
    email: Option<SetHumanEmail>,
    phone: Option<SetHumanPhone>,
    password: Option<SetPassword>,
    metadata: Vec<(String, Vec<u8>)>,
}

pub async fn update_user(call: Call, request: UpdateUserRequest) -> Result<UpdateUserResponse, ZError> {
    let human = match request.user_type {
        Some(UserType::Machine(_)) => {
            return Err(ZError::raw(Code::Unimplemented, "Users are people here; machines have keys and clients"));
        }
        Some(UserType::Human(human)) => human,
        None => Human::default(),
    };
    let wishes = Wishes {
        username: request.username,
        profile: human.profile.map(|profile| ProfileWords {
            gender: profile.gender.map(|_| profile.gender()),
            given_name: profile.given_name,
            family_name: profile.family_name,
            nick_name: profile.nick_name,
            display_name: profile.display_name,
            preferred_language: profile.preferred_language,
        }),
        email: human.email,
        phone: human.phone,
        password: human.password,
        metadata: request.metadata.into_iter().map(|entry| (entry.key, entry.value)).collect(),
    };
    let issued = update(&call, &request.user_id, wishes).await?;
    Ok(UpdateUserResponse {
        change_date: call.details(&request.user_id, FAMILY).await?.change_date,
        email_code: returned_code(issued.as_ref()),
        phone_code: None,
    })
}

pub async fn update_human(call: Call, request: UpdateHumanUserRequest) -> Result<UpdateHumanUserResponse, ZError> {
    let wishes = Wishes {
        username: request.username,
        profile: request.profile.map(Into::into),
        email: request.email,
        phone: request.phone,
        password: request.password,
        metadata: Vec::new(),
    };
    let issued = update(&call, &request.user_id, wishes).await?;
    Ok(UpdateHumanUserResponse {
        details: Some(call.details(&request.user_id, FAMILY).await?),
        email_code: returned_code(issued.as_ref()),
        phone_code: None,
    })
}

async fn update(call: &Call, user_id: &str, wishes: Wishes) -> Result<Option<Issued>, ZError> {
    let record = call.subject(user_id, FAMILY).await?;
    let operator = call.operator(Scope::Write)?;
    let profile = wishes.profile.unwrap_or_default();
    profile.check()?;
    let address = wishes.email.map(|email| address(call, &record, &email)).transpose()?.flatten();
    let phone = wishes.phone.filter(|phone| !phone.phone.is_empty() || !record.phones.is_empty());
    let merge = profile.merge();
    let change = Change {
        username: person::username(wishes.username)?.map(Some),
        name: profile.name(),
        language: profile.language(),
        profile: (!merge.is_empty()).then_some(ProfileChange::Merge(merge)),
        metadata: (!wishes.metadata.is_empty()).then(|| person::metadata(wishes.metadata)),
        address,
        ..Change::default()
    };
    let issued = call.api.vestibule.change_user(operator.clone(), user_id, change).await;
    let issued = issued.map_err(|error| call.refused(FAMILY, &error))?;
    if let Some(phone) = phone {
        set_phone(call, operator, &record, &phone).await?;
    }
    if let Some(password) = wishes.password {
        set_in_update(call, user_id, password).await?;
    }
    Ok(issued)
}

/// The address there is already changes nothing, unless it is to be verified.
fn address(call: &Call, record: &Record, email: &SetHumanEmail) -> Result<Option<AddressChange>, ZError> {
    let address = parse_address(&email.email, call, FAMILY)?;
    let proving = person::proving(email);
    let then = proving.then()?;
    let is_same = record.primary_email().is_some_and(|email| email.canonical == address.canonical());
    let changes = !is_same || matches!(proving, Proving::Verified(true));
    Ok(changes.then_some(AddressChange { address, then }))
}

/// One number a user: another one takes its place, an empty one takes it away.
async fn set_phone(call: &Call, operator: Operator, record: &Record, phone: &SetHumanPhone) -> Result<(), ZError> {
    let (vestibule, user_id) = (&call.api.vestibule, record.user.id.as_str());
    let refused = |error| call.refused(FAMILY, &error);
    let old = record.phones.first();
    if phone.phone.is_empty() {
        let Some(old) = old else { return Ok(()) };
        return vestibule.remove_phone(operator, user_id, &old.id).await.map_err(refused);
    }
    let (number, is_verified) = person::phone(phone, call, FAMILY)?;
    match old {
        Some(old) if old.number == number.as_str() => {
            if is_verified {
                vestibule.mark_phone_verified(operator, user_id, &old.id).await.map_err(refused)?;
            }
        }
        old => {
            let id = vestibule.add_phone(operator.clone(), user_id, &number, is_verified).await.map_err(refused)?;
            vestibule.make_phone_primary(operator.clone(), user_id, &id).await.map_err(refused)?;
            if let Some(old) = old {
                vestibule.remove_phone(operator, user_id, &old.id).await.map_err(refused)?;
            }
        }
    }
    Ok(())
}
