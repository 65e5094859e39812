//! One user, and the ways in that they have.

use vestibule_core::{Error, Refusal, api_key::Scope, user::record::Record};

use crate::{
    call::Call,
    error::ZError,
    model,
    proto::zitadel::user::v2::{
        AuthenticationMethodType, GetUserByIdRequest, GetUserByIdResponse, ListAuthenticationMethodTypesRequest,
        ListAuthenticationMethodTypesResponse,
    },
    refusals::Family,
};

pub async fn get(call: Call, request: GetUserByIdRequest) -> Result<GetUserByIdResponse, ZError> {
    let record = seen(&call, &request.user_id).await?.map_err(|error| call.refused(&Family::READ, &error))?;
    Ok(GetUserByIdResponse { details: Some(model::details(&record)), user: Some(model::user(&record)) })
}

/// The user, if the caller may see them.
pub async fn seen(call: &Call, user_id: &str) -> Result<Result<Record, Error>, ZError> {
    let vestibule = &call.api.vestibule;
    match (call.operator(Scope::Read), call.principal.person()) {
        (Ok(operator), _) => Ok(vestibule.record(operator, user_id).await),
        (Err(_), Some(person)) if person.user_id() == user_id => Ok(vestibule.own_record(person).await),
        (Err(error), _) => Err(error),
    }
}

pub async fn methods(
    call: Call,
    request: ListAuthenticationMethodTypesRequest,
) -> Result<ListAuthenticationMethodTypesResponse, ZError> {
    let record = match seen(&call, &request.user_id).await? {
        Ok(record) => Some(record),
        // Of somebody who does not exist the list is empty.
        Err(Error::Refused(Refusal::NotFound)) => None,
        Err(error) => return Err(call.refused(&Family::READ, &error)),
    };
    let types: Vec<i32> = record.iter().flat_map(types).map(Into::into).collect();
    let total = i64::try_from(types.len()).unwrap_or(i64::MAX);
    let sequence = record.map_or(0, |record| record.user.sequence);
    Ok(ListAuthenticationMethodTypesResponse {
        details: Some(model::list_details(total, sequence, call.api.vestibule.now())),
        auth_method_types: types,
    })
}

/// Stored factors first, then the password, then company accounts.
fn types(record: &Record) -> Vec<AuthenticationMethodType> {
    let passkey = (!record.passkeys.is_empty()).then_some(AuthenticationMethodType::Passkey);
    let password = record.user.has_password.then_some(AuthenticationMethodType::Password);
    let provider = (!record.providers.is_empty()).then_some(AuthenticationMethodType::Idp);
    passkey.into_iter().chain(password).chain(provider).collect()
}
