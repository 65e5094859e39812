//! The same key, the same answer: a client that does not know whether its request arrived sends it again.
//!
//! What is stored tells nothing: the client's key only as a MAC, the request too, and the answer, which may hold a code,
//! under a cipher whose key follows from the client's key and from one that is not in the database.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use sha2::{Digest, Sha256};

use crate::{
    Error, Result, Vestibule,
    actor::Principal,
    env::{DAY, MINUTE},
    secret::hex,
    store::idempotency::{self, NewRun},
};

/// How long an answer is given again, in milliseconds.
pub const KEPT: i64 = DAY;
/// How long, in milliseconds, a request counts as under way that never ended: whoever ran it was killed. It must be
/// longer than a request may take.
pub const LEASE: i64 = 2 * MINUTE;
/// Bytes of the cipher's nonce.
const NONCE: usize = 24;

/// A client's name for one request: 1 to 255 visible ASCII characters, chosen by the client without repetition.
#[derive(Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    pub fn parse(text: &str) -> Option<Self> {
        let legal = (1..=255).contains(&text.len()) && text.bytes().all(|sign| sign.is_ascii_graphic());
        legal.then(|| Self(text.to_owned()))
    }
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdempotencyKey(…)")
    }
}

/// How a request with a key goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is the first: run it, then [`Vestibule::keep_answer`] or [`Vestibule::forget_run`].
    First(Run),
    /// It was answered before, with this.
    Again(Vec<u8>),
    /// The first is still under way.
    Busy,
    /// The key was used for another request.
    Reused,
}

/// The right to store the answer to one request.
#[derive(Clone, PartialEq, Eq)]
pub struct Run {
    id: String,
    lease: String,
    key: [u8; 32],
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Vestibule {
    /// Decides, once among all who ask at the same time, who runs a request. Its parts are whatever makes it the same:
    /// method, path, body.
    pub async fn begin_run(&self, by: &Principal, key: &IdempotencyKey, request: &[&[u8]]) -> Result<Begun> {
        let caller = [by.organization_id(), caller(by), &key.0];
        let mac = |what| self.key.mac(&[what, caller[0], caller[1], caller[2]]);
        let (id, now) = (mac("idempotency id"), self.env.now());
        let run = Run { id: id.clone(), lease: self.env.id(), key: bytes(&mac("idempotency cipher"))? };
        let new = NewRun {
            id,
            request: self.key.mac(&["idempotency request", &digest(request)]),
            lease: run.lease.clone(),
            leased_until: now + LEASE,
            expires_at: now + KEPT,
        };
        let request = new.request.clone();
        let kept = self
            .store
            .write(move |tx| {
                let new = new.clone();
                Box::pin(async move {
                    let first = idempotency::begin(tx, &new, now).await?;
                    if first { Ok(None) } else { idempotency::kept(tx, &new.id).await.map(Some) }
                })
            })
            .await?;
        match kept {
            None => Ok(Begun::First(run)),
            Some(Some(kept)) if kept.request != request => Ok(Begun::Reused),
            Some(Some(kept)) if kept.answer.is_some() => run.open(&kept.answer.unwrap_or_default()).map(Begun::Again),
            // Under way, or forgotten in this moment: to ask again is right in both cases.
            Some(_) => Ok(Begun::Busy),
        }
    }

    /// Stores the answer to a run.
    pub async fn keep_answer(&self, run: Run, answer: &[u8]) -> Result<()> {
        let mut nonce = [0; NONCE];
        self.env.fill(&mut nonce);
        let answer = run.seal(nonce, answer)?;
        self.store
            .write(move |tx| {
                let (run, answer) = (run.clone(), answer.clone());
                Box::pin(async move { idempotency::keep(tx, &run.id, &run.lease, &answer).await })
            })
            .await
    }

    /// Forgets a run that came to nothing, so that the request may be tried again.
    pub async fn forget_run(&self, run: Run) -> Result<()> {
        self.store
            .write(move |tx| {
                let run = run.clone();
                Box::pin(async move { idempotency::forget(tx, &run.id, &run.lease).await })
            })
            .await
    }
}

impl Run {
    fn seal(&self, nonce: [u8; NONCE], answer: &[u8]) -> Result<String> {
        let payload = Payload { msg: answer, aad: self.id.as_bytes() };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| Error::internal("an answer could not be encrypted"))?;
        Ok(STANDARD_NO_PAD.encode([&nonce[..], &sealed].concat()))
    }

    fn open(&self, sealed: &str) -> Result<Vec<u8>> {
        let unreadable = || Error::internal("a kept answer could not be read");
        let sealed = STANDARD_NO_PAD.decode(sealed).map_err(|_| unreadable())?;
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or_else(unreadable)?;
        let payload = Payload { msg: sealed, aad: self.id.as_bytes() };
        self.cipher().decrypt(&XNonce::from(*nonce), payload).map_err(|_| unreadable())
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.key.into())
    }
}

/// Whose keys these are: those of two callers never meet.
fn caller(principal: &Principal) -> &str {
    match principal {
        Principal::Client(client) => client.id(),
        Principal::Person { person, .. } => person.user_id(),
    }
}

/// SHA-256 over the parts, each led by its length, as hexadecimal digits.
fn digest(parts: &[&[u8]]) -> String {
    let digest = parts
        .iter()
        .fold(Sha256::new(), |digest, part| digest.chain_update((part.len() as u64).to_be_bytes()).chain_update(part));
    hex(&digest.finalize())
}

/// The bytes behind the hexadecimal digits of a MAC.
fn bytes(mac: &str) -> Result<[u8; 32]> {
    let mut bytes = [0; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        let digits = mac.get(2 * at..2 * at + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        *byte = digits.ok_or_else(|| Error::internal("a MAC has another length"))?;
    }
    Ok(bytes)
}
