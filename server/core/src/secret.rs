//! Secrets: what is drawn, and how little of it is kept.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use crate::env::Env;

/// The key that is not in the database; codes are stored as HMAC-SHA-256 under it.
pub struct SecretKey([u8; 32]);

impl SecretKey {
    /// Reads 64 hexadecimal digits, or the base64 (with or without padding) of 32 bytes.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let hex = || {
            (text.len() == 64).then_some(())?;
            let mut key = [0; 32];
            for (at, byte) in key.iter_mut().enumerate() {
                *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
            }
            Some(key)
        };
        let base64 = || {
            let text = text.trim_end_matches('=').replace('+', "-").replace('/', "_");
            URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
        };
        hex().or_else(base64).map(Self)
    }

    /// Draws a new key and gives it with the text that [`SecretKey::parse`] reads.
    pub fn draw(env: &dyn Env) -> (Self, String) {
        let mut key = [0; 32];
        env.fill(&mut key);
        (Self(key), hex(&key))
    }

    /// HMAC-SHA-256 (RFC 2104) over the parts, each led by its length, as hexadecimal digits.
    pub fn mac(&self, parts: &[&str]) -> String {
        hex(&self.mac_bytes(parts))
    }

    /// A key for one purpose, from which no other follows.
    pub(crate) fn derive(&self, purpose: &str) -> [u8; 32] {
        self.mac_bytes(&["derived key", purpose])
    }

    fn mac_bytes(&self, parts: &[&str]) -> [u8; 32] {
        // HMAC pads a shorter key with zeros to the block's length (RFC 2104 §2), so this is the same key.
        let mut block = [0; 64];
        block[..self.0.len()].copy_from_slice(&self.0);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

/// 256 random bits, shown once as 43 signs of base64url, kept as SHA-256.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// How many signs a token has.
    pub const LENGTH: usize = 43;

    pub fn draw(env: &dyn Env) -> Self {
        let mut bytes = [0; 32];
        env.fill(&mut bytes);
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Takes what could be a token: 43 signs of the base64url alphabet.
    pub fn parse(text: &str) -> Option<Self> {
        let legal = |sign: u8| sign.is_ascii_alphanumeric() || sign == b'-' || sign == b'_';
        (text.len() == Self::LENGTH && text.bytes().all(legal)).then(|| Self(text.to_owned()))
    }

    /// The secret itself, for the one mail or page that shows it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored and looked up.
    pub fn hash(&self) -> String {
        hex(&Sha256::digest(self.0.as_bytes()))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::SystemEnv;

    #[test]
    fn a_key_survives_its_text() {
        let (key, text) = SecretKey::draw(&SystemEnv::default());
        let again = SecretKey::parse(&format!(" {text}\n")).unwrap();
        assert_eq!(key.mac(&["a", "b"]), again.mac(&["a", "b"]));
        assert!(SecretKey::parse("short").is_none());
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        let (key, _) = SecretKey::draw(&SystemEnv::default());
        assert_ne!(key.mac(&["ab", "c"]), key.mac(&["a", "bc"]));
    }

    #[test]
    fn debug_shows_nothing() {
        let token = Token::draw(&SystemEnv::default());
        assert_eq!(format!("{token:?}"), "Token(…)");
        assert_eq!(Token::parse(token.reveal()), Some(token));
    }
}
