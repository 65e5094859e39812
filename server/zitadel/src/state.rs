//! Shut out and let in again, locked and unlocked, and removed.

use vestibule_core::api_key::Scope;

use crate::{
    call::Call,
    error::ZError,
    model,
    proto::zitadel::{
        object::v2::Details,
        user::v2::{
            DeactivateUserRequest, DeactivateUserResponse, DeleteUserRequest, DeleteUserResponse, LockUserRequest,
            LockUserResponse, ReactivateUserRequest, ReactivateUserResponse, UnlockUserRequest, UnlockUserResponse,
        },
    },
    refusals::Family,
};

pub async fn delete(call: Call, request: DeleteUserRequest) -> Result<DeleteUserResponse, ZError> {
    let family = &Family::DELETE;
    let record = call.subject(&request.user_id, family).await?;
    let operator = call.operator(Scope::Write)?;
    let deleted = call.api.vestibule.delete_user(operator, &request.user_id).await;
    deleted.map_err(|error| call.refused(family, &error))?;
    // The last event of the history is the removal itself.
    let details = Details {
        sequence: model::count(record.user.sequence + 1),
        change_date: Some(model::timestamp(call.api.vestibule.now())),
        ..model::changed(&record.user)
    };
    Ok(DeleteUserResponse { details: Some(details) })
}

/// One step of a user's state, between the checks that all have and the answer that all have.
macro_rules! step {
    ($name:ident, $verb:ident, $family:ident, $request:ident, $response:ident) => {
        pub async fn $name(call: Call, request: $request) -> Result<$response, ZError> {
            let family = &Family::$family;
            call.subject(&request.user_id, family).await?;
            let operator = call.operator(Scope::Write)?;
            let done = call.api.vestibule.$verb(operator, &request.user_id).await;
            done.map_err(|error| call.refused(family, &error))?;
            Ok($response { details: Some(call.details(&request.user_id, family).await?) })
        }
    };
}

step!(deactivate, disable, DEACTIVATE, DeactivateUserRequest, DeactivateUserResponse);
step!(reactivate, enable, REACTIVATE, ReactivateUserRequest, ReactivateUserResponse);
step!(lock, lock_user, LOCK, LockUserRequest, LockUserResponse);
step!(unlock, unlock_user, UNLOCK, UnlockUserRequest, UnlockUserResponse);
