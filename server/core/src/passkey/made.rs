//! A passkey that a browser has just made: checked against its ceremony, and read.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_cbor_2::{Deserializer, Value};
use webauthn_rs::{
    Webauthn,
    prelude::{Credential, Passkey, PasskeyRegistration, RegisterPublicKeyCredential, Uuid},
};

use super::not_accepted;
use crate::{Refusal, Result, store::passkeys::NewPasskey, user::parse_name, user_agent::device};

/// Longest `User-Agent` that is kept, in characters.
const USER_AGENT: usize = 400;

/// Checks a browser's answer against the state of its ceremony and gives the passkey, of nobody yet.
pub(super) fn check(webauthn: &Webauthn, state: &str, credential: &str) -> Result<NewPasskey> {
    let state: PasskeyRegistration = serde_json::from_str(state)?;
    let answer: RegisterPublicKeyCredential = serde_json::from_str(credential).map_err(not_accepted)?;
    // A browser that says it made one that it cannot find again made one that nobody can sign in with here.
    if answer.extensions.cred_props.as_ref().is_some_and(|props| props.rk == Some(false)) {
        return Err(not_accepted("it cannot be discovered"));
    }
    let made = webauthn.finish_passkey_registration(&answer, &state).map_err(not_accepted)?;
    let (aaguid, public_key) = read(&answer.response.attestation_object).ok_or(Refusal::Passkey)?;
    stored(made, aaguid, &public_key)
}

fn stored(made: Passkey, aaguid: Uuid, public_key: &[u8]) -> Result<NewPasskey> {
    let text = serde_json::to_string(&made)?;
    let credential: Credential = made.into();
    Ok(NewPasskey {
        id: String::new(),
        user_id: String::new(),
        credential_id: URL_SAFE_NO_PAD.encode(&credential.cred_id),
        name: String::new(),
        public_key: URL_SAFE_NO_PAD.encode(public_key),
        aaguid: aaguid.to_string(),
        backup_eligible: credential.backup_eligible,
        backup_state: credential.backup_state,
        user_verified: credential.user_verified,
        user_agent: String::new(),
        credential: text,
        created_at: 0,
    })
}

/// The model of the authenticator and the public key as a COSE key, out of the attested credential data (§6.5.1), which
/// the library has checked and keeps to itself.
fn read(attestation_object: &[u8]) -> Option<(Uuid, Vec<u8>)> {
    /// Hash of the relying party's id, flags, counter.
    const HEAD: usize = 32 + 1 + 4;
    let Value::Map(object) = serde_cbor_2::from_slice(attestation_object).ok()? else { return None };
    let Value::Bytes(data) = object.get(&Value::Text("authData".to_owned()))? else { return None };
    let aaguid = Uuid::from_slice(data.get(HEAD..HEAD + 16)?).ok()?;
    let length = data.get(HEAD + 16..HEAD + 18)?;
    let key = data.get(HEAD + 18 + usize::from(u16::from_be_bytes(length.try_into().ok()?))..)?;
    // Extensions may follow the key.
    let mut reader = Deserializer::from_slice(key);
    serde::de::IgnoredAny::deserialize(&mut reader).ok()?;
    Some((aaguid, key.get(..reader.byte_offset())?.to_vec()))
}

/// The name that a person gave, or else what their device is.
pub(super) fn name(given: &str, user_agent: &str) -> Result<String, Refusal> {
    if given.trim().is_empty() { Ok(device(user_agent).unwrap_or("Passkey").to_owned()) } else { parse_name(given) }
}

/// What is kept of a `User-Agent`.
pub(super) fn user_agent(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_control()).take(USER_AGENT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passkey_without_a_name_is_called_after_its_device() {
        let pixel = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36";
        assert_eq!(name(" ", pixel).unwrap(), "Android");
        assert_eq!(name("", "Mozilla/5.0 (X11; Linux x86_64)").unwrap(), "Linux");
        assert_eq!(name("", "curl/8").unwrap(), "Passkey");
        assert_eq!(name(" My  phone ", pixel).unwrap(), "My phone");
        assert_eq!(name("a\u{7}b", pixel), Err(Refusal::Name));
    }

    #[test]
    fn what_is_no_attestation_is_not_read() {
        for bytes in [&[][..], &[0xa0], &[0xff], &[0xa1, 0x68, b'a', b'u', b't', b'h', b'D', b'a', b't', b'a', 0x41, 0]]
        {
            assert_eq!(read(bytes), None);
        }
    }
}
