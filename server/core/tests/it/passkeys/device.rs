//! A person's device: somebody else's client and authenticator, which read the options as a browser does.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use passkey::{
    authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod},
    client::{Client, DefaultClientData, WebauthnError},
    crypto::rust_crypto::RustCryptoBackend,
    types::{
        Passkey,
        ctap2::{Aaguid, Ctap2Error},
        webauthn::{CredentialCreationOptions, CredentialRequestOptions},
    },
};
use serde_json::{Value, json};
use vestibule_core::passkey::Begun;
use webauthn_rs::prelude::Url;

use crate::support::ORIGIN;

/// Holds one passkey at the most.
#[derive(Clone, Debug)]
pub struct Device {
    pub kept: Option<Passkey>,
    /// Where the person believes to be.
    pub origin: &'static str,
    /// Whether it looks who is there, if it need not.
    pub verifies: bool,
}

impl Default for Device {
    fn default() -> Self {
        Self { kept: None, origin: ORIGIN, verifies: true }
    }
}

/// Somebody who is there, and is asked for a finger only by a device that verifies.
struct Owner {
    verified: bool,
}

#[async_trait::async_trait]
impl UserValidationMethod for Owner {
    type PasskeyItem = Passkey;

    async fn check_user<'a>(
        &self,
        hint: UiHint<'a, Passkey>,
        presence: bool,
        _: bool,
    ) -> Result<UserCheck, Ctap2Error> {
        match hint {
            UiHint::InformExcludedCredentialFound(_) => Err(Ctap2Error::CredentialExcluded),
            _ => Ok(UserCheck { presence, verification: self.verified }),
        }
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }
}

impl Device {
    fn authenticator(&self) -> Authenticator<Option<Passkey>, Owner, RustCryptoBackend> {
        let owner = Owner { verified: self.verifies };
        let mut authenticator = Authenticator::new(Aaguid::from([7; 16]), self.kept.clone(), owner, RustCryptoBackend);
        authenticator.set_make_credentials_with_signature_counter(true);
        authenticator
    }

    fn origin(&self) -> Url {
        Url::parse(self.origin).unwrap()
    }

    /// Makes a passkey; gives the `RegistrationResponseJSON`.
    pub async fn make(&mut self, begun: &Begun) -> Result<String, WebauthnError> {
        let mut options = begun.options.clone();
        if !self.verifies {
            options["authenticatorSelection"]["userVerification"] = "discouraged".into();
        }
        let request = CredentialCreationOptions { public_key: serde_json::from_value(options).unwrap() };
        let mut client = Client::new(self.authenticator());
        let made = client.register(&self.origin(), request, DefaultClientData).await?;
        self.kept.clone_from(client.authenticator().store());
        Ok(answer(
            &made.id,
            json!({
                "clientDataJSON": base64url(&made.response.client_data_json),
                "attestationObject": base64url(&made.response.attestation_object),
                "transports": ["internal", "from-the-future"],
            }),
            json!({ "credProps": { "rk": true } }),
        ))
    }

    /// Signs with the passkey that it holds; gives the `AuthenticationResponseJSON`.
    pub async fn sign(&mut self, begun: &Begun) -> Result<String, WebauthnError> {
        let mut options = begun.options.clone();
        if !self.verifies {
            options["userVerification"] = "discouraged".into();
        }
        let request = CredentialRequestOptions { public_key: serde_json::from_value(options).unwrap() };
        let mut client = Client::new(self.authenticator());
        let signed = client.authenticate(&self.origin(), request, DefaultClientData).await?;
        self.kept.clone_from(client.authenticator().store());
        Ok(answer(
            &signed.id,
            json!({
                "clientDataJSON": base64url(&signed.response.client_data_json),
                "authenticatorData": base64url(&signed.response.authenticator_data),
                "signature": base64url(&signed.response.signature),
                "userHandle": signed.response.user_handle.as_ref().map(|handle| base64url(handle)),
            }),
            json!({}),
        ))
    }

    /// Another device with the same passkey and its counter, as a thief would have it.
    pub fn copy(&self) -> Self {
        self.clone()
    }
}

/// As `toJSON` of the browser's credential writes it (Web Authentication Level 3 §5.1).
fn answer(id: &str, response: Value, results: Value) -> String {
    json!({
        "id": id, "rawId": id, "type": "public-key", "authenticatorAttachment": "platform",
        "response": response, "clientExtensionResults": results,
    })
    .to_string()
}

fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
