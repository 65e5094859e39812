//! Who calls, and about which environment.

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;
use vestibule_api::{Api, Credential, Unknown};
use vestibule_core::{Vestibule, actor::Operator, api_key::Scope};

use crate::{
    fault::Fault,
    links::Links,
    refusal::{Answer, Stop, USER, told},
};

/// A caller who may act in the environment of the path.
#[derive(Clone, Debug)]
pub struct Caller {
    pub vestibule: Vestibule,
    pub operator: Operator,
    pub environment: String,
    pub links: Links,
    /// The id after the environment's in the path; empty where there is none.
    pub id: String,
}

impl Caller {
    /// Refuses a caller who lacks a scope. Asked first, so that who may not act learns nothing from what comes after.
    pub fn must(&self, scope: Scope) -> Answer<()> {
        if self.operator.may(scope) { Ok(()) } else { Err(Fault::forbidden("").into()) }
    }
}

impl FromRequestParts<Api> for Caller {
    type Rejection = Stop;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Stop> {
        let principal = api.principal(&parts.headers, Credential::Bearer).await.map_err(|unknown| match unknown {
            Unknown::Missing | Unknown::NotBearer | Unknown::Invalid => Fault::invalid_token(),
            Unknown::Failed(error) => told(error, USER),
        })?;
        // A path that is not UTF-8 names nothing.
        let path = Path::<Vec<(String, String)>>::from_request_parts(parts, api).await;
        let mut ids = path.map_err(|_| Fault::not_found())?.0.into_iter().map(|(_, id)| id);
        let environment = ids.next().unwrap_or_default();
        if environment != principal.organization_id() {
            return Err(Fault::not_found().into());
        }
        let operator = principal.operator().ok_or_else(|| Fault::forbidden(""))?;
        Ok(Self {
            vestibule: api.vestibule.clone(),
            operator,
            links: Links::new(&api.public_url, &environment),
            environment,
            id: ids.next().unwrap_or_default(),
        })
    }
}
