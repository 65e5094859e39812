//! Who calls.

use axum::extract::FromRequestParts;
use http::request::Parts;
use vestibule_api::{Api, Credential, Unknown};
use vestibule_core::{actor::Operator, api_key::Scope};

use crate::failure::Failure;

/// Somebody who may act on the users of an organization.
#[derive(Clone, Debug)]
pub struct Caller {
    operator: Operator,
    /// Why an address was marked: a client's request is its reason, an administrator must give one.
    pub reason: &'static str,
}

impl Caller {
    pub fn operator(&self) -> &Operator {
        &self.operator
    }

    /// Refuses early what would be refused half-way.
    pub fn must(&self, scope: Scope) -> Result<(), Failure> {
        if self.operator.may(scope) { Ok(()) } else { Err(vestibule_core::Refusal::Forbidden.into()) }
    }
}

impl FromRequestParts<Api> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Failure> {
        let principal = api.principal(&parts.headers, Credential::ApiKey).await.map_err(|unknown| match unknown {
            Unknown::Missing | Unknown::NotBearer => Failure::unauthorized("The header X-API-KEY is missing."),
            Unknown::Invalid => Failure::unauthorized("The API key is not valid."),
            Unknown::Failed(error) => error.into(),
        })?;
        let operator = principal.operator().ok_or_else(|| Failure::forbidden("This needs an API key."))?;
        let reason = if principal.person().is_some() { "Asked through the API" } else { "" };
        Ok(Self { operator, reason })
    }
}
