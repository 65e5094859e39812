//! Choosing another password before anything else, for who signed in with one that must not last.

use serde::{Deserialize, Serialize};

use super::{NewPassword, stored::Stored};
use crate::{
    Refusal, Result, Vestibule,
    actor::Person,
    limit,
    secret::SecretKey,
    store::{accounts, accounts::Account, limits, users},
};

/// The password that somebody signed in with who must choose another one first. It knows that password again and tells
/// nothing of it: who showed one may replace that one, and none that was set since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Shown(String);

impl Shown {
    pub(super) fn of(key: &SecretKey, hash: &str) -> Self {
        Self(key.mac(&["shown", hash]))
    }

    /// Whether the password is still the account's, and still to be replaced by who may come in.
    fn is_due(&self, key: &SecretKey, account: &Account) -> bool {
        let is_same = account.hash.as_deref().is_some_and(|hash| Self::of(key, hash) == *self);
        is_same && account.must_change == Some(true) && !account.disabled && !account.locked
    }
}

impl Vestibule {
    /// Whether a person has yet to choose another password than the one that they showed, and may.
    pub async fn must_choose(&self, user_id: &str, shown: &Shown) -> Result<bool> {
        let account = accounts::account_by_id(&mut self.store.read().await?, user_id).await?;
        Ok(account.is_some_and(|account| shown.is_due(&self.key, &account)))
    }

    /// Stores the password that a person chose in the place of the one that they showed. Every session ends; the face
    /// begins a new one for the browser that asks. Refuses with `Unchanged` where it is the same one again, and with
    /// `Forbidden` where there is nothing to choose any more.
    pub async fn choose_password(&self, person: &Person, shown: &Shown, password: String) -> Result<()> {
        let limit_key = format!("choose-password:{}", person.user_id);
        let account = {
            let (most, window) = (limit::SIGN_INS_PER_NAME_AND_IP, limit::WRONG_WINDOW);
            self.store
                .change((self.env.clone(), limit_key.clone()), move |tx, (env, key)| {
                    Box::pin(async move { limit::take(tx, env.as_ref(), key.clone(), most, window).await })
                })
                .await?;
            accounts::account_by_id(&mut self.store.read().await?, &person.user_id).await?
        };
        let account = account.filter(|account| shown.is_due(&self.key, account)).ok_or(Refusal::Forbidden)?;
        if self.hasher.verify(password.clone(), account.hash).await? {
            return Err(Refusal::Unchanged.into());
        }
        let user = {
            let mut tx = self.store.read().await?;
            users::by_id(&mut tx, &person.organization_id, &person.user_id).await?.ok_or(Refusal::NotFound)?
        };
        let new = NewPassword::Clear { password, must_change: false, check: true };
        let hash = self.hash_new(&person.organization_id, &new, &[&user.name, &user.username]).await?;
        let context = (self.env.clone(), self.key.clone(), person.clone(), shown.clone(), hash, limit_key);
        self.store
            .change(context, |tx, (env, key, person, shown, hash, limit_key)| {
                Box::pin(async move {
                    // Hashing takes its time: meanwhile another one may have been set, or its owner shut out.
                    users::lock(tx, [person.user_id.as_str()]).await?;
                    let now = accounts::account_by_id(tx, &person.user_id).await?;
                    now.filter(|now| shown.is_due(key, now)).ok_or(Refusal::Forbidden)?;
                    let new = Stored {
                        organization_id: &person.organization_id,
                        user_id: &person.user_id,
                        hash,
                        must_change: false,
                    };
                    new.store(tx, env.as_ref(), person.actor(), true).await?;
                    limits::forget(tx, limit_key).await
                })
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }
}
