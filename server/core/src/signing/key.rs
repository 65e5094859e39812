//! Making a key, and keeping its private part from whoever reads the database.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use jsonwebtoken::{
    Algorithm, EncodingKey,
    jwk::{Jwk, PublicKeyUse},
};
use rsa::{
    RsaPrivateKey,
    pkcs1::EncodeRsaPrivateKey,
    rand_core::{CryptoRng, Error as ChanceError, RngCore},
};

use crate::{Error, Result, env::Env, secret::SecretKey};

/// Bits of the modulus (RFC 7518 §3.3: 2048 or more).
const BITS: usize = 2_048;
/// Bytes of the cipher's nonce.
const NONCE: usize = 24;

/// Draws a key pair off the async threads; gives the public part as a JWK and the private one sealed.
pub async fn make(env: Arc<dyn Env>, secret: Arc<SecretKey>, id: String) -> Result<(String, String)> {
    let made = tokio::task::spawn_blocking(move || {
        let pair = RsaPrivateKey::new(&mut Chance(env.as_ref()), BITS).map_err(Error::internal)?;
        let private = pair.to_pkcs1_der().map_err(Error::internal)?;
        let mut public = Jwk::from_encoding_key(&EncodingKey::from_rsa_der(private.as_bytes()), Algorithm::RS256)
            .map_err(Error::internal)?;
        public.common.key_id = Some(id.clone());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        let mut nonce = [0; NONCE];
        env.fill(&mut nonce);
        Ok((serde_json::to_string(&public)?, seal(&secret, &id, nonce, private.as_bytes())?))
    });
    made.await.map_err(Error::internal)?
}

fn seal(secret: &SecretKey, id: &str, nonce: [u8; NONCE], private: &[u8]) -> Result<String> {
    let payload = Payload { msg: private, aad: id.as_bytes() };
    let sealed = cipher(secret).encrypt(&XNonce::from(nonce), payload);
    let sealed = sealed.map_err(|_| Error::internal("a signing key could not be sealed"))?;
    Ok(STANDARD_NO_PAD.encode([&nonce[..], &sealed].concat()))
}

/// Opens what [`make`] sealed.
pub fn open(secret: &SecretKey, id: &str, sealed: &str) -> Result<EncodingKey> {
    let unreadable =
        || Error::internal("a signing key could not be opened: VESTIBULE_SECRET_KEY is another one than it was");
    let sealed = STANDARD_NO_PAD.decode(sealed).map_err(|_| unreadable())?;
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or_else(unreadable)?;
    let payload = Payload { msg: sealed, aad: id.as_bytes() };
    let private = cipher(secret).decrypt(&XNonce::from(*nonce), payload).map_err(|_| unreadable())?;
    Ok(EncodingKey::from_rsa_der(&private))
}

fn cipher(secret: &SecretKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&secret.derive("signing key cipher").into())
}

/// The injected chance, as the library wants it.
struct Chance<'a>(&'a dyn Env);

impl RngCore for Chance<'_> {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), ChanceError> {
        self.0.fill(bytes);
        Ok(())
    }
}

/// [`Env::fill`] promises as much.
impl CryptoRng for Chance<'_> {}
