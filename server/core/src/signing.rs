//! What ID tokens are signed with, and the signing (RFC 7515, RFC 7517, RS256).
//!
//! Keys follow one another. The next one is published a day before it signs, so that every app has seen it, and one that
//! no longer signs stays until the last token that it signed is over. All of it is decided by the rows in the database, so
//! instances agree; the private parts are sealed with a key that is not there.

mod id_token;
mod key;

use jsonwebtoken::jwk::Jwk;

use crate::{
    Error, Result, Vestibule,
    authorization::ACCESS_LIFETIME,
    env::{DAY, HOUR},
    store::{Tx, signing_keys, signing_keys::KeyRow},
};

pub use self::id_token::{Hint, IdToken};

/// How long a key signs before the next one does, in milliseconds.
pub const SIGNS: i64 = 90 * DAY;
/// How long a key is published before it signs, in milliseconds.
pub const AHEAD: i64 = DAY;
/// How long after its last signature a key stays published, in milliseconds: as long as a token works, and clocks differ.
const STAYS: i64 = ACCESS_LIFETIME + HOUR;

/// Held while this process makes a key, so that it makes one at a time.
#[derive(Debug, Default)]
pub(crate) struct Forge(tokio::sync::Mutex<()>);

/// The key that signs now, opened.
pub(crate) struct Signer {
    id: String,
    key: jsonwebtoken::EncodingKey,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Vestibule {
    /// The public keys (RFC 7517 §5): those that sign, will sign soon or signed lately.
    pub async fn public_keys(&self) -> Result<Vec<Jwk>> {
        self.published().await?.iter().map(|row| Ok(serde_json::from_str(&row.public)?)).collect()
    }

    /// The key that signs now. The first one ever is made here.
    pub(crate) async fn signer(&self) -> Result<Signer> {
        let rows = self.published().await?;
        let now = self.env.now();
        let row = rows.into_iter().rev().find(|row| row.signs_from <= now);
        let row = row.ok_or_else(|| Error::internal("no key signs yet: the clock was set back"))?;
        let key = key::open(&self.key, &row.id, &row.sealed)?;
        Ok(Signer { id: row.id, key })
    }

    /// Keys of which tokens may be about, oldest first; at least one.
    async fn published(&self) -> Result<Vec<KeyRow>> {
        let rows = signing_keys::all(&mut self.store.read().await?).await?;
        let rows = if rows.is_empty() { self.make_key(0).await? } else { rows };
        let first = first_published(&rows, self.env.now());
        Ok(rows.into_iter().filter(|row| row.number >= first).collect())
    }

    /// Makes the next key in time. A run of it may take a second of one core.
    pub(crate) async fn rotate_keys(&self) -> Result<()> {
        let rows = signing_keys::all(&mut self.store.read().await?).await?;
        // Where nobody has ever signed in to an app, there is nothing to follow.
        let Some(newest) = rows.last() else { return Ok(()) };
        if newest.signs_from + SIGNS - AHEAD <= self.env.now() {
            self.make_key(newest.number).await?;
        }
        Ok(())
    }

    /// Makes the key that follows a number, unless another did, and gives them all.
    async fn make_key(&self, after: i64) -> Result<Vec<KeyRow>> {
        let _held = self.forge.0.lock().await;
        let rows = signing_keys::all(&mut self.store.read().await?).await?;
        if rows.last().is_some_and(|newest| newest.number > after) {
            return Ok(rows);
        }
        let id = self.env.id();
        let (public, sealed) = key::make(self.env.clone(), self.key.clone(), id.clone()).await?;
        let now = self.env.now();
        let signs_from = if after == 0 { now } else { now + AHEAD };
        let row = KeyRow { number: after + 1, id, public, sealed, created_at: now, signs_from };
        self.store
            .change(row, |tx, row| {
                Box::pin(async move {
                    signing_keys::insert(tx, row).await?;
                    signing_keys::all(tx).await
                })
            })
            .await
    }
}

/// Deletes keys that no token needs any more.
pub(crate) async fn sweep(tx: &mut Tx, now: i64) -> Result<u64> {
    let first = first_published(&signing_keys::all(tx).await?, now);
    signing_keys::delete_before(tx, first).await
}

/// The number of the oldest key that is still published: one is, until the next has signed for a while.
fn first_published(rows: &[KeyRow], now: i64) -> i64 {
    rows.iter().rev().find(|row| row.signs_from + STAYS <= now).map_or(0, |row| row.number)
}
