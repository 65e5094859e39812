//! The way of every call, whatever brought it: who calls, then what is asked, then whether it keeps the limits, then the
//! handler. So a missing token is told before anything that is wrong with the body.

use http::HeaderMap;
use prost_reflect::DynamicMessage;
use tonic::Code;
use vestibule_api::{Api, Credential, Unknown};
use vestibule_core::{
    actor::{Operator, Principal},
    api_key::Scope,
};

use crate::{
    error::{Said, ZError},
    methods::{Access, Method, Run},
    validate::validate,
};

pub const NO_MEMBER: Said = (Code::NotFound, "membership not found", "AUTHZ-cdgFk");
/// Checked where a method states its permission.
const NOT_PERMITTED_TO_CALL: Said = (Code::PermissionDenied, "No matching permissions found", "AUTH-5mWD2");
/// Checked inside a method.
pub const NOT_PERMITTED: Said = (Code::PermissionDenied, "No matching permissions found", "AUTH-AWfge");
pub const NO_ORGANIZATION: Said = (Code::PermissionDenied, "Organisation doesn't exist", "AUTH-Bs7Ds");

/// Who calls, and with what.
#[derive(Clone, Debug)]
pub struct Call {
    pub api: Api,
    pub principal: Principal,
    /// The client's network address, for histories.
    pub ip: Option<String>,
}

impl Call {
    /// What the caller may do with the organization's users, if that includes this.
    pub fn operator(&self, scope: Scope) -> Result<Operator, ZError> {
        let operator = self.principal.operator().ok_or(NO_MEMBER)?;
        if operator.may(scope) { Ok(operator) } else { Err(NOT_PERMITTED.into()) }
    }
}

/// Who calls a method that wants a token, before anything of the body is looked at.
pub async fn admit(api: &Api, method: &Method, headers: &HeaderMap) -> Result<Option<Principal>, ZError> {
    if method.access == Access::Open {
        return Ok(None);
    }
    let principal = api.principal(headers, Credential::Bearer).await.map_err(|unknown| match unknown {
        Unknown::Missing => ZError::raw(Code::Unauthenticated, "auth header missing"),
        Unknown::NotBearer => (Code::Unauthenticated, "invalid auth header", "AUTH-toLo1").into(),
        Unknown::Invalid => (Code::Unauthenticated, "Errors.Token.Invalid", "AUTH-7fs1e").into(),
        Unknown::Failed(error) => ZError::failed(&error),
    })?;
    // An app that may only know who a person is has no business here, be it to read.
    if principal.person().is_some_and(|person| !person.may_call()) {
        return Err(NOT_PERMITTED_TO_CALL.into());
    }
    match headers.get("x-zitadel-orgid") {
        Some(id) if !id.is_empty() && id.as_bytes() != principal.organization_id().as_bytes() => {
            Err(NO_ORGANIZATION.into())
        }
        _ => Ok(Some(principal)),
    }
}

/// Does what a message asks; gives the encoded answer.
pub async fn perform(
    api: Api,
    method: &'static Method,
    principal: Option<Principal>,
    ip: Option<String>,
    message: DynamicMessage,
) -> Result<Vec<u8>, ZError> {
    if method.access == Access::Write {
        may_write(principal.as_ref(), &message)?;
    }
    validate(&message)?;
    match (&method.run, principal) {
        (Run::Open(run), _) => run(api, message).await,
        (Run::Token(run), Some(principal)) => run(Call { api, principal, ip }, message).await,
        (Run::Token(_), None) => Err(ZError::raw(Code::Unauthenticated, "auth header missing")),
    }
}

/// The permission that stands at the method itself. The organization is the one that the message names, else the
/// caller's.
fn may_write(principal: Option<&Principal>, message: &DynamicMessage) -> Result<(), ZError> {
    let Some(principal) = principal else { return Ok(()) };
    let named = message.get_field_by_name("organization");
    let named = named.as_deref().and_then(|organization| organization.as_message());
    let text = |field| named.and_then(|named| named.get_field_by_name(field)?.as_str().map(str::to_owned));
    let id = text("org_id").filter(|id| !id.is_empty());
    // Organizations have no domains here, so none has this one.
    let by_domain = text("org_domain").is_some_and(|domain| !domain.is_empty());
    if by_domain || id.is_some_and(|id| id != principal.organization_id()) {
        return Err(NO_ORGANIZATION.into());
    }
    let operator = principal.operator().ok_or(NO_MEMBER)?;
    if operator.may(Scope::Write) { Ok(()) } else { Err(NOT_PERMITTED_TO_CALL.into()) }
}
