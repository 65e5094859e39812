//! Whether somebody knows a password: asked again of a signed-in person, or on behalf of a client that signs people in
//! by itself. Guessing is limited as it is at sign-in.

use crate::{
    Refusal, Result, Vestibule,
    actor::{Operator, Person},
    api_key::Scope,
    limit,
    password::login_key,
    store::{accounts, emails, limits, users},
    user::{UserState, outranks},
};

/// What became of a password that was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordCheck {
    Right,
    /// So many more may be tried before it has to wait.
    Wrong {
        left: i64,
    },
    /// The user has no password. It took as long as to compare with one.
    Missing,
}

impl Vestibule {
    /// Tries a password for a user of the operator's. Refuses with `Disabled` where nobody could sign in with it, be it
    /// right or not, and with `Limited` after too many wrong ones. Nobody is signed in by it.
    pub async fn check_password(
        &self,
        by: impl Into<Operator>,
        user_id: &str,
        password: String,
    ) -> Result<PasswordCheck> {
        let by = by.into();
        by.must(Scope::Write)?;
        let hash = {
            let mut tx = self.store.read().await?;
            let user = users::by_id(&mut tx, &by.organization_id, user_id).await?.ok_or(Refusal::NotFound)?;
            outranks(&mut tx, &by, user_id).await?;
            if user.state == UserState::Disabled || user.locked_at.is_some() {
                return Err(Refusal::Disabled.into());
            }
            accounts::account_by_id(&mut tx, user_id).await?.ok_or(Refusal::NotFound)?.hash
        };
        let is_missing = hash.is_none();
        Ok(match self.guess(user_id, password, hash).await? {
            None => PasswordCheck::Right,
            Some(_) if is_missing => PasswordCheck::Missing,
            Some(left) => PasswordCheck::Wrong { left },
        })
    }

    /// Lets a user's passwords be tried again after too many wrong ones, here and at sign-in.
    pub async fn forget_guesses(&self, by: impl Into<Operator>, user_id: &str) -> Result<()> {
        let by = by.into();
        by.must(Scope::Write)?;
        let logins = {
            let mut tx = self.store.read().await?;
            let user = users::by_id(&mut tx, &by.organization_id, user_id).await?.ok_or(Refusal::NotFound)?;
            outranks(&mut tx, &by, user_id).await?;
            let emails = emails::of_user(&mut tx, user_id).await?;
            emails.into_iter().map(|email| email.canonical).chain([login_key(&user.username)])
        };
        let keys: Vec<String> = logins.map(|login| self.sign_in_key(&login)).chain([guess_key(user_id)]).collect();
        self.store
            .change(keys, |tx, keys| {
                Box::pin(async move {
                    for key in keys {
                        limits::forget_all(tx, key).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// Whether a signed-in person knows their password, asked again before something that matters.
    pub async fn confirm_password(&self, person: &Person, password: String) -> Result<()> {
        let account = accounts::account_by_id(&mut self.store.read().await?, &person.user_id).await?;
        let account = account.ok_or(Refusal::NotFound)?;
        self.check_again(&person.user_id, password, account.hash).await
    }

    /// Refuses with `SignInFailed` where it is not the password that the user has.
    pub(crate) async fn check_again(&self, user_id: &str, password: String, hash: Option<String>) -> Result<()> {
        match self.guess(user_id, password, hash).await? {
            None => Ok(()),
            Some(_) => Err(Refusal::SignInFailed.into()),
        }
    }

    /// Counts a guess, then compares: `None` where it is right, else how many more there may be.
    async fn guess(&self, user_id: &str, password: String, hash: Option<String>) -> Result<Option<i64>> {
        let key = guess_key(user_id);
        let left = self.count_sign_in(vec![(key.clone(), limit::SIGN_INS_PER_NAME_AND_IP)]).await?;
        if !self.hasher.verify(password, hash).await? {
            return Ok(Some(left));
        }
        self.store.change(key, |tx, key| Box::pin(async move { limits::forget(tx, key).await })).await?;
        Ok(None)
    }
}

/// Where guesses at the password of a user are counted, who is known by another way than a login name.
fn guess_key(user_id: &str) -> String {
    format!("sign-in:user:{user_id}")
}
