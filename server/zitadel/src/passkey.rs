//! Passkeys of users: registered in two calls around what a browser does, by a link, and listed.

use http::Uri;
use serde_json::json;
use tonic::Code;
use vestibule_core::{
    Error, Refusal,
    api_key::Scope,
    code::TypedCode,
    code_request::{CodeRequest, Issued},
    passkey::{Begun, Registrar},
};

use crate::{
    call::Call,
    error::{Said, ZError},
    invite::returned_code,
    model,
    proto::zitadel::user::v2::{
        AuthFactorState, CreatePasskeyRegistrationLinkRequest, CreatePasskeyRegistrationLinkResponse,
        ListPasskeysRequest, ListPasskeysResponse, Passkey, PasskeyAuthenticator, PasskeyRegistrationCode,
        RegisterPasskeyRequest, RegisterPasskeyResponse, VerifyPasskeyRegistrationRequest,
        VerifyPasskeyRegistrationResponse, create_passkey_registration_link_request::Medium,
    },
    read::seen,
    refusals::Family,
    structure::{read_struct, write_struct},
    subject::Right,
    template,
};

const OTHER_DOMAIN: Said = (Code::InvalidArgument, "Passkeys are made for another domain", "VESTIBULE-Domain");

/// With a code, the code is what counts; without one the caller must be the user, or may write them.
pub async fn register(call: Call, request: RegisterPasskeyRequest) -> Result<RegisterPasskeyResponse, ZError> {
    let authenticator = request.authenticator();
    let RegisterPasskeyRequest { user_id, code, domain, .. } = request;
    is_ours(&call, &domain)?;
    let family = if code.is_some() { &Family::PASSKEY_CODE } else { &Family::PASSKEY };
    let registrar = match code {
        Some(PasskeyRegistrationCode { id, code }) => Registrar::Code {
            by: call.principal.actor_on(&user_id),
            organization_id: call.principal.organization_id().to_owned(),
            challenge_id: id,
            code: TypedCode::parse(&code).ok_or_else(|| family.wrong_code())?,
        },
        None => match call.right(&user_id)? {
            Right::Operator(operator) => Registrar::Operator(operator),
            Right::Own(person) => Registrar::Person(person),
        },
    };
    let begun = call.api.vestibule.register_passkey(registrar, &user_id).await;
    let Begun { ceremony, mut options } = begun.map_err(|error| call.refused(family, &error))?;
    if let Some(attachment) = attachment(authenticator) {
        options["authenticatorSelection"]["authenticatorAttachment"] = attachment.into();
    }
    Ok(RegisterPasskeyResponse {
        details: Some(call.details(&user_id, family).await?),
        passkey_id: ceremony,
        public_key_credential_creation_options: Some(write_struct(json!({ "publicKey": options }))),
    })
}

/// A browser makes passkeys for the host that it is at, so one for another domain could never be.
fn is_ours(call: &Call, domain: &str) -> Result<(), ZError> {
    let public_url: Option<Uri> = call.api.public_url.parse().ok();
    match public_url.as_ref().and_then(Uri::host) {
        Some(host) if !domain.is_empty() && !domain.eq_ignore_ascii_case(host) => Err(OTHER_DOMAIN.into()),
        _ => Ok(()),
    }
}

/// Web Authentication Level 2 §5.4.5.
fn attachment(authenticator: PasskeyAuthenticator) -> Option<&'static str> {
    match authenticator {
        PasskeyAuthenticator::Unspecified => None,
        PasskeyAuthenticator::Platform => Some("platform"),
        PasskeyAuthenticator::CrossPlatform => Some("cross-platform"),
    }
}

pub async fn verify_registration(
    call: Call,
    request: VerifyPasskeyRegistrationRequest,
) -> Result<VerifyPasskeyRegistrationResponse, ZError> {
    let VerifyPasskeyRegistrationRequest { user_id, passkey_id, public_key_credential, passkey_name } = request;
    let (family, by) = (&Family::PASSKEY, call.principal.actor_on(&user_id));
    let credential = read_struct(public_key_credential.unwrap_or_default()).to_string();
    let organization_id = call.principal.organization_id();
    let verified = call.api.vestibule.verify_passkey_registration(
        by,
        organization_id,
        &user_id,
        &passkey_id,
        &credential,
        &passkey_name,
    );
    verified.await.map_err(|error| call.refused(family, &error))?;
    Ok(VerifyPasskeyRegistrationResponse { details: Some(call.details(&user_id, family).await?) })
}

pub async fn create_link(
    call: Call,
    request: CreatePasskeyRegistrationLinkRequest,
) -> Result<CreatePasskeyRegistrationLinkResponse, ZError> {
    let (user_id, family) = (request.user_id, &Family::PASSKEY);
    let wish = match request.medium {
        Some(Medium::SendLink(link)) => template::passkey_link(link.url_template.as_deref())?,
        Some(Medium::ReturnCode(_)) => template::returned(),
        None => CodeRequest::default(),
    };
    let operator = call.operator(Scope::Write)?;
    let issued = call.api.vestibule.request_passkey_link(operator, &user_id, wish).await;
    let issued = issued.map_err(|error| call.refused(family, &error))?;
    Ok(CreatePasskeyRegistrationLinkResponse {
        details: Some(call.details(&user_id, family).await?),
        code: returned(&issued),
    })
}

fn returned(issued: &Issued) -> Option<PasskeyRegistrationCode> {
    returned_code(Some(issued)).map(|code| PasskeyRegistrationCode { id: issued.challenge_id.clone(), code })
}

/// There is one domain, so which passkeys are asked for by it makes no difference.
pub async fn list(call: Call, request: ListPasskeysRequest) -> Result<ListPasskeysResponse, ZError> {
    let (passkeys, sequence) = match seen(&call, &request.user_id).await? {
        Ok(record) => (record.passkeys, record.user.sequence),
        // Of somebody who does not exist the list is empty.
        Err(Error::Refused(Refusal::NotFound)) => (Vec::new(), 0),
        Err(error) => return Err(call.refused(&Family::READ, &error)),
    };
    let total = i64::try_from(passkeys.len()).unwrap_or(i64::MAX);
    let ready = |id, name| Passkey { id, state: AuthFactorState::Ready.into(), name };
    Ok(ListPasskeysResponse {
        details: Some(model::list_details(total, sequence, call.api.vestibule.now())),
        result: passkeys.into_iter().map(|passkey| ready(passkey.id, passkey.name)).collect(),
    })
}
