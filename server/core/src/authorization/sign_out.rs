//! An app asks that a person be signed out here too (OpenID Connect RP-Initiated Logout 1.0 §2).

use super::{Departure, Parameters, ResponseMode};
use crate::{Result, Vestibule};

/// What is known of such a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignOut {
    /// The name of the app that asks, as far as it said.
    pub app: Option<String>,
    /// Where the person goes afterwards: an address that is certainly the app's.
    pub back: Option<Departure>,
    /// Whom the app means; `None` where it did not say.
    pub user_id: Option<String>,
}

impl Vestibule {
    /// Reads the request of an app. What in it is not right leads nowhere; the person can sign out all the same.
    pub async fn sign_out_request(&self, parameters: &Parameters, issuer: &str) -> Result<SignOut> {
        let hint = match parameters.get("id_token_hint") {
            Some(token) => self.read_hint(token, issuer).await?,
            None => None,
        };
        let named = match (parameters.get("client_id"), &hint) {
            // Two apps in one request are none.
            (Some(id), Some(hint)) if id != hint.aud => None,
            (Some(id), _) => Some(id),
            (None, Some(hint)) => Some(hint.aud.as_str()),
            (None, None) => None,
        };
        let app = match named {
            Some(id) => self.app(id).await?,
            None => None,
        };
        let address = parameters.get("post_logout_redirect_uri").filter(|_| parameters.doubled().is_none());
        let back =
            app.as_ref().zip(address).filter(|(app, address)| app.post_logout_uris.iter().any(|own| own == address));
        let back = back.map(|(app, address)| Departure {
            to: address.to_owned(),
            mode: ResponseMode::Query,
            parameters: parameters.get("state").map(|state| ("state", state.to_owned())).into_iter().collect(),
            app: app.name.clone(),
        });
        Ok(SignOut { app: app.map(|app| app.name), back, user_id: hint.map(|hint| hint.sub) })
    }
}
