//! What is stored of a passkey that was shown.

use webauthn_rs::prelude::{AuthenticationResult, Passkey};

use crate::{
    Result,
    store::{
        Tx,
        passkeys::{self, Holder},
    },
};

/// A passkey that was used rightly, and what is stored of it from now on.
pub(super) struct Used {
    pub holder: Holder,
    after: String,
    backup_state: bool,
}

impl Used {
    /// `passkey` is the holder's, as it was read for the check that had this outcome.
    pub fn new(holder: Holder, mut passkey: Passkey, outcome: &AuthenticationResult) -> Result<Self> {
        let changed = passkey.update_credential(outcome) == Some(true);
        let after = if changed { serde_json::to_string(&passkey)? } else { holder.credential.clone() };
        Ok(Self { holder, after, backup_state: outcome.backup_state() })
    }

    /// `false` where the passkey is gone, or was used by somebody else meanwhile.
    pub async fn store(&self, tx: &mut Tx, now: i64) -> Result<bool> {
        let Self { holder, after, backup_state } = self;
        passkeys::used(tx, &holder.passkey_id, &holder.credential, after, *backup_state, now).await
    }
}
