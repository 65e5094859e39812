//! Setting, changing and taking away passwords: by clients, and by a person with a reset code.

use super::{
    hasher::parse_hash,
    rules::check_length,
    stored::{Compared, Stored, fact, take_away},
};
use crate::{
    Error, Refusal, Result, Vestibule,
    actor::{Actor, Operator, Person},
    api_key::Scope,
    code::{Purpose, TypedCode},
    event::{EventKind, record},
    passkey::must_keep_one,
    redeem::{Aim, Redeemed, Secret, Try, UserCode, redeem_all},
    store::{accounts, authorizations, sessions, users},
    user::outranks,
};

/// A password to be stored.
#[derive(Clone)]
pub enum NewPassword {
    Clear {
        password: String,
        /// Signing in with it leads to choosing another one.
        must_change: bool,
        /// Whether the organization's policy has a say.
        check: bool,
    },
    /// A hash that was made elsewhere: argon2id or bcrypt.
    Hash { hash: String, must_change: bool },
}

impl std::fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewPassword(…)")
    }
}

impl NewPassword {
    pub(crate) fn must_change(&self) -> bool {
        match self {
            Self::Clear { must_change, .. } | Self::Hash { must_change, .. } => *must_change,
        }
    }
}

impl Vestibule {
    /// What is stored of a new password, if the policy lets it through. `about` are words that must not be all of it.
    pub(crate) async fn hash_new(
        &self,
        organization_id: &str,
        password: &NewPassword,
        about: &[&str],
    ) -> Result<String> {
        match password {
            NewPassword::Hash { hash, .. } => Ok(parse_hash(hash)?),
            NewPassword::Clear { password, check, .. } => {
                let policy = self.organization(organization_id).await?.policy;
                if *check {
                    self.check_new(password, &policy, about).await?;
                } else if let Err(refusal) = check_length(password, &policy)
                    // What no policy can waive: a text that could not be hashed in bounded time, and none at all.
                    && (refusal == Refusal::PasswordTooLong || password.is_empty())
                {
                    return Err(refusal.into());
                }
                self.hasher.hash(self.env.as_ref(), password.clone()).await
            }
        }
    }

    /// Sets a user's password for a client. The first one ends an open invite, as it does for the person.
    pub async fn set_password(
        &self,
        by: impl Into<Operator>,
        user_id: &str,
        password: NewPassword,
        ends_sessions: bool,
    ) -> Result<()> {
        let by = by.into();
        by.must(Scope::Write)?;
        self.store_new(by, user_id, password, None, ends_sessions).await
    }

    /// Changes a password for somebody who knows the old one. A wrong one is refused with `SignInFailed`, and counts as
    /// a failed sign-in.
    pub async fn change_password(
        &self,
        by: impl Into<Operator>,
        user_id: &str,
        old: String,
        password: NewPassword,
        ends_sessions: bool,
    ) -> Result<()> {
        let by = by.into();
        by.must(Scope::Write)?;
        let account = {
            let mut tx = self.store.read().await?;
            users::by_id(&mut tx, &by.organization_id, user_id).await?.ok_or(Refusal::NotFound)?;
            // Before the old one is compared: the answer would tell whether it is right.
            outranks(&mut tx, &by, user_id).await?;
            accounts::account_by_id(&mut tx, user_id).await?.ok_or(Refusal::NotFound)?
        };
        self.check_again(user_id, old, account.hash.clone()).await?;
        self.store_new(by, user_id, password, Some(Compared(account.hash)), ends_sessions).await
    }

    /// Stores a password that its owner chose, instead of the one whose hash was compared.
    pub(crate) async fn store_own(&self, person: &Person, old: Compared, password: NewPassword) -> Result<()> {
        let user = {
            let mut tx = self.store.read().await?;
            users::by_id(&mut tx, &person.organization_id, &person.user_id).await?.ok_or(Refusal::NotFound)?
        };
        let hash = self.hash_new(&person.organization_id, &password, &[&user.name, &user.username]).await?;
        self.store
            .change((self.env.clone(), person.clone(), old, hash), |tx, (env, person, old, hash)| {
                Box::pin(async move {
                    old.is_still(tx, &person.user_id).await?;
                    let new = Stored {
                        organization_id: &person.organization_id,
                        user_id: &person.user_id,
                        hash,
                        must_change: false,
                    };
                    new.store(tx, env.as_ref(), person.actor(), true).await
                })
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }

    async fn store_new(
        &self,
        by: Operator,
        user_id: &str,
        password: NewPassword,
        compared: Option<Compared>,
        ends_sessions: bool,
    ) -> Result<()> {
        let user = {
            let mut tx = self.store.read().await?;
            users::by_id(&mut tx, &by.organization_id, user_id).await?.ok_or(Refusal::NotFound)?
        };
        let hash = self.hash_new(&by.organization_id, &password, &[&user.name, &user.username]).await?;
        let context = (self.env.clone(), by, user.id, hash, password.must_change(), compared);
        self.store
            .change(context, move |tx, (env, by, user_id, hash, must_change, compared)| {
                Box::pin(async move {
                    // A role that is being given to them is seen.
                    users::lock(tx, [user_id.as_str()]).await?;
                    outranks(tx, by, user_id).await?;
                    if let Some(compared) = compared {
                        compared.is_still(tx, user_id).await?;
                    }
                    let new = Stored { organization_id: &by.organization_id, user_id, hash, must_change: *must_change };
                    new.store(tx, env.as_ref(), by.actor(), ends_sessions).await
                })
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }

    /// Takes a user's password away. Refuses with `Unchanged` where there is none.
    pub async fn remove_password(&self, by: impl Into<Operator>, user_id: &str) -> Result<()> {
        let by = by.into();
        by.must(Scope::Write)?;
        self.store
            .change((self.env.clone(), by, user_id.to_owned()), |tx, (env, by, user_id)| {
                Box::pin(async move {
                    let user = users::by_id(tx, &by.organization_id, user_id).await?.ok_or(Refusal::NotFound)?;
                    outranks(tx, by, user_id).await?;
                    take_away(tx, env.as_ref(), &user, by.actor()).await
                })
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }

    /// Takes the person's own password away; every session ends, and the face begins a new one for the browser that asks.
    /// Their last way to sign in stays: `LastMethod`. `Unchanged` where there is none.
    pub async fn remove_own_password(&self, person: &Person) -> Result<()> {
        self.store
            .change((self.env.clone(), person.clone()), |tx, (env, person)| {
                Box::pin(async move {
                    must_keep_one(tx, env.as_ref(), &person.user_id).await?;
                    let user = users::by_id(tx, &person.organization_id, &person.user_id).await?;
                    take_away(tx, env.as_ref(), &user.ok_or(Refusal::NotFound)?, person.actor()).await?;
                    sessions::delete_of_user(tx, &person.user_id).await?;
                    authorizations::revoke_of_user(tx, &person.user_id, env.now()).await
                })
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }

    /// Whether a user must choose another password with the next sign-in. Refuses with `Unchanged` where nothing is to
    /// change, or there is no password.
    pub async fn force_password_change(&self, by: impl Into<Operator>, user_id: &str, must: bool) -> Result<()> {
        let by = by.into();
        by.must(Scope::Write)?;
        self.store
            .change((self.env.clone(), by, user_id.to_owned()), move |tx, (env, by, user_id)| {
                Box::pin(async move {
                    users::by_id(tx, &by.organization_id, user_id).await?.ok_or(Refusal::NotFound)?;
                    outranks(tx, by, user_id).await?;
                    if !accounts::set_must_change(tx, user_id, must).await? {
                        return Err(Refusal::Unchanged.into());
                    }
                    record(tx, env.as_ref(), &[fact(user_id, EventKind::PasswordChangeRequired, by.actor())]).await
                })
            })
            .await
    }

    /// Sets a password by the reset code that was sent to, or drawn for, a user; `by` shows it.
    pub async fn reset_password_of(
        &self,
        by: Actor,
        organization_id: &str,
        user_id: &str,
        code: TypedCode,
        password: NewPassword,
    ) -> Result<()> {
        let secret = Secret::CodeOf(UserCode {
            organization_id: organization_id.to_owned(),
            user_id: user_id.to_owned(),
            purpose: Purpose::Reset,
            code,
            aim: Aim::AddressOnly,
        });
        let user = {
            let mut tx = self.store.read().await?;
            users::by_id(&mut tx, organization_id, user_id).await?.ok_or(Refusal::NotFound)?
        };
        let hash = self.hash_new(organization_id, &password, &[&user.name, &user.username]).await?;
        self.reset(Try { secret, by: Some(by), ip: None }, hash, password.must_change()).await.map(drop)
    }

    /// Meets a reset challenge and stores the password in one transaction; a wrong code counts all the same.
    pub(crate) async fn reset(&self, attempt: Try, hash: String, must_change: bool) -> Result<Redeemed> {
        let context = (self.env.clone(), self.key.clone(), attempt, hash);
        let answer = self
            .store
            .change(context, move |tx, (env, key, attempt, hash)| {
                Box::pin(async move {
                    let answer = redeem_all(tx, env.as_ref(), key, std::slice::from_ref(attempt)).await?.pop();
                    let redeemed = match answer.ok_or(Refusal::LinkUnknown)? {
                        Ok(redeemed) => redeemed,
                        // Not an error of the transaction: the try that was counted must stay counted.
                        Err(refusal) => return Ok(Err(refusal)),
                    };
                    let new = Stored {
                        organization_id: &redeemed.organization_id,
                        user_id: &redeemed.user_id,
                        hash,
                        must_change,
                    };
                    new.store(tx, env.as_ref(), attempt.actor(&redeemed.user_id), true).await?;
                    Ok(Ok(redeemed))
                })
            })
            .await?;
        self.wake_outbox();
        let answer = answer.map_err(Error::from);
        self.counts.checked(Some(Purpose::Reset), answer.as_ref().map(|redeemed| redeemed.purpose));
        answer
    }
}
