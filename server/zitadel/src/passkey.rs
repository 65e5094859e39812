//! Passkeys of users.

use tonic::Code;

use crate::{
    call::Call,
    error::ZError,
    proto::zitadel::user::v2::{
        CreatePasskeyRegistrationLinkRequest, CreatePasskeyRegistrationLinkResponse, ListPasskeysRequest,
        ListPasskeysResponse, RegisterPasskeyRequest, RegisterPasskeyResponse, VerifyPasskeyRegistrationRequest,
        VerifyPasskeyRegistrationResponse,
    },
};

fn not_yet() -> ZError {
    ZError::raw(Code::Unimplemented, "Passkeys are not registered here yet")
}

pub async fn register(_: Call, _: RegisterPasskeyRequest) -> Result<RegisterPasskeyResponse, ZError> {
    Err(not_yet())
}

pub async fn verify_registration(
    _: Call,
    _: VerifyPasskeyRegistrationRequest,
) -> Result<VerifyPasskeyRegistrationResponse, ZError> {
    Err(not_yet())
}

pub async fn create_link(
    _: Call,
    _: CreatePasskeyRegistrationLinkRequest,
) -> Result<CreatePasskeyRegistrationLinkResponse, ZError> {
    Err(not_yet())
}

pub async fn list(_: Call, _: ListPasskeysRequest) -> Result<ListPasskeysResponse, ZError> {
    Err(not_yet())
}
