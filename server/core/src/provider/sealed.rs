//! Client secrets, which lie encrypted in the database: their own provider's alone can be read with them.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};

use crate::{Error, Result, Vestibule, secret::SecretKey};

/// Bytes of the cipher's nonce.
const NONCE: usize = 24;

impl Vestibule {
    pub(super) fn sealed_secret(&self, id: &str, secret: Option<String>) -> Result<Option<String>> {
        let Some(secret) = secret else { return Ok(None) };
        let mut nonce = [0; NONCE];
        self.env.fill(&mut nonce);
        let payload = Payload { msg: secret.as_bytes(), aad: id.as_bytes() };
        let sealed = cipher(&self.key).encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| Error::internal("a client secret could not be encrypted"))?;
        Ok(Some(STANDARD_NO_PAD.encode([&nonce[..], &sealed].concat())))
    }
}

fn cipher(key: &SecretKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&key.derive("client secrets of company accounts").into())
}

pub(super) fn open(key: &SecretKey, id: &str, sealed: &str) -> Result<String> {
    let unreadable = || Error::internal("a client secret could not be read; was the secret key changed?");
    let sealed = STANDARD_NO_PAD.decode(sealed).map_err(|_| unreadable())?;
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or_else(unreadable)?;
    let payload = Payload { msg: sealed, aad: id.as_bytes() };
    let opened = cipher(key).decrypt(&XNonce::from(*nonce), payload).map_err(|_| unreadable())?;
    String::from_utf8(opened).map_err(|_| unreadable())
}
