//! Passwords: set, changed, checked at sign-in.

mod change;
mod check;
mod choose;
mod hasher;
mod rules;
mod stored;
mod weakness;

use std::time::{Duration, Instant};

use crate::{
    Refusal, Result, Vestibule,
    actor::Actor,
    env::Env,
    event::{EventData, EventKind, Fact, record},
    invite, limit,
    organization::Method,
    outbox::{MessageData, MessageKind},
    redeem::Redeemed,
    store::{accounts, emails, limits, messages, passkeys, users},
    user::addresses::notice,
};

pub use change::NewPassword;
pub use check::PasswordCheck;
pub use choose::Shown;
pub use hasher::LONGEST;
pub(crate) use hasher::{Hasher, parse_hash};
pub(crate) use stored::{Compared, revoke_ways_in};
pub use weakness::{Weakness, weakness};

/// How long one hash takes on this machine; for the operator, who wants it short of a second and not free.
pub async fn time_a_hash(env: &dyn Env) -> Result<Duration> {
    let begin = Instant::now();
    Hasher::default().hash(env, "a password of usual length".to_owned()).await?;
    Ok(begin.elapsed())
}

/// Who signed in, or set up their first method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    pub user_id: String,
    pub is_administrator: bool,
    /// The password that they signed in with, where they must choose another one before anything else.
    pub must_change: Option<Shown>,
}

impl Vestibule {
    /// Stores the first password of a person who has redeemed an invite, and spends the invite in the same transaction.
    pub async fn set_first_password(&self, redeemed: &Redeemed, password: String) -> Result<SignedIn> {
        let organization = self.organization(&redeemed.organization_id).await?;
        if !organization.policy.first_methods.contains(&Method::Password) {
            return Err(Refusal::MethodNotAllowed.into());
        }
        let about = {
            let mut tx = self.store.read().await?;
            let user =
                users::by_id(&mut tx, &redeemed.organization_id, &redeemed.user_id).await?.ok_or(Refusal::NotFound)?;
            [user.name, user.username, organization.name.clone()]
        };
        self.check_new(&password, &organization.policy, &about.each_ref().map(String::as_str)).await?;
        let hash = self.hasher.hash(self.env.as_ref(), password).await?;
        let (env, redeemed) = (self.env.clone(), redeemed.clone());
        let signed_in = self
            .store
            .write(move |tx| {
                let (env, redeemed, hash) = (env.clone(), redeemed.clone(), hash.clone());
                Box::pin(async move {
                    let user = users::by_id(tx, &redeemed.organization_id, &redeemed.user_id)
                        .await?
                        .ok_or(Refusal::NotFound)?;
                    if user.state == crate::user::UserState::Disabled {
                        return Err(Refusal::Disabled.into());
                    }
                    // A password is refused by its own row; here are the other ways.
                    if passkeys::methods(tx, &user.id).await? > 0 {
                        return Err(Refusal::HasMethod.into());
                    }
                    if !accounts::insert_password(tx, &user.id, &hash, env.now()).await? {
                        return Err(Refusal::HasMethod.into());
                    }
                    if !invite::spend(tx, env.as_ref(), &redeemed).await? {
                        return Err(Refusal::SetupOver.into());
                    }
                    if let Some(primary) = emails::primary_of(tx, &user.id).await? {
                        let data = MessageData { name: user.name.clone(), ..MessageData::default() };
                        messages::insert(
                            tx,
                            &[notice(env.as_ref(), &user, MessageKind::PasswordSet, primary.address, &data)?],
                        )
                        .await?;
                    }
                    let fact = |kind| Fact {
                        user_id: user.id.clone(),
                        kind,
                        actor: Actor::Person { id: user.id.clone() },
                        data: EventData::default(),
                    };
                    record(tx, env.as_ref(), &[fact(EventKind::PasswordSet), fact(EventKind::InviteReady)]).await?;
                    let account = accounts::account_by_id(tx, &user.id).await?.ok_or(Refusal::NotFound)?;
                    Ok(SignedIn { user_id: user.id, is_administrator: account.role.is_some(), must_change: None })
                })
            })
            .await?;
        self.wake_outbox();
        Ok(signed_in)
    }

    /// Signs in with a user name or address and a password. Unknown, wrong and disabled answer alike, in the same time.
    pub async fn sign_in(&self, login: &str, password: String, ip: Option<String>) -> Result<SignedIn> {
        let key = login_key(login);
        let (name_key, ip_key) = (self.sign_in_key(&key), limit::sign_in_ip_key(ip.as_deref()));
        let both_key = format!("{name_key}:{}", ip.as_deref().unwrap_or("-"));
        // Counted before the comparison, or a thousand at once would all be compared.
        self.count_sign_in(vec![
            (both_key.clone(), limit::SIGN_INS_PER_NAME_AND_IP),
            (name_key.clone(), limit::SIGN_INS_PER_NAME),
            (ip_key.clone(), limit::SIGN_INS_PER_IP),
        ])
        .await?;
        let keys = [both_key, name_key, ip_key];
        let account = accounts::account_by_login(&mut self.store.read().await?, &key).await?;
        let stored = account.as_ref().and_then(|account| account.hash.clone());
        let right = self.hasher.verify(password.clone(), stored.clone()).await?;
        let Some(account) = account.filter(|account| right && !account.disabled && !account.locked) else {
            return Err(Refusal::SignInFailed.into());
        };
        let rehashed = match stored.clone().filter(|hash| Hasher::is_outdated(hash)) {
            Some(old) => Some((old, self.hasher.hash(self.env.as_ref(), password).await?)),
            None => None,
        };
        let kept = rehashed.as_ref().map(|(_, new)| new).or(stored.as_ref());
        let shown = kept.map(|hash| Shown::of(&self.key, hash));
        let env = self.env.clone();
        self.store
            .write(move |tx| {
                let (env, user_id, rehashed, ip) = (env.clone(), account.user_id.clone(), rehashed.clone(), ip.clone());
                let ([both_key, name_key, ip_key], stored, shown) = (keys.clone(), stored.clone(), shown.clone());
                Box::pin(async move {
                    // Hashing takes its time: meanwhile the password may have been changed, or its owner shut out.
                    users::lock(tx, [user_id.as_str()]).await?;
                    let now = accounts::account_by_id(tx, &user_id).await?;
                    let still = now.filter(|now| now.hash == stored && !now.disabled && !now.locked);
                    let still = still.ok_or(Refusal::SignInFailed)?;
                    let must_change = shown.filter(|_| still.must_change == Some(true));
                    if let Some((old, new)) = rehashed {
                        accounts::rehash_password(tx, &user_id, &old, &new).await?;
                    }
                    limits::forget(tx, &both_key).await?;
                    limits::give_back(tx, &name_key).await?;
                    limits::give_back(tx, &ip_key).await?;
                    let data = EventData { ip, ..EventData::default() };
                    let fact = Fact {
                        user_id: user_id.clone(),
                        kind: EventKind::SignedIn,
                        actor: Actor::Person { id: user_id.clone() },
                        data,
                    };
                    users::signed_in(tx, &user_id, env.now(), fact.data.ip.as_deref()).await?;
                    record(tx, env.as_ref(), &[fact]).await?;
                    Ok(SignedIn { user_id, is_administrator: still.role.is_some(), must_change })
                })
            })
            .await
    }

    /// Where failed sign-ins with one login name are counted.
    fn sign_in_key(&self, login_key: &str) -> String {
        format!("sign-in:{}", self.key.mac(&["login", login_key]))
    }

    /// Counts a sign-in as failed until it has succeeded, in each bucket with the most that it may hold; gives how many more
    /// the first may hold, and refuses where one would hold too many.
    async fn count_sign_in(&self, limits: Vec<(String, i64)>) -> Result<i64> {
        self.store
            .change((self.env.clone(), limits), |tx, (env, limits)| {
                Box::pin(async move {
                    let mut left = None;
                    for (key, most) in limits {
                        let rest = limit::take_of(tx, env.as_ref(), key.clone(), *most, limit::WRONG_WINDOW).await?;
                        left.get_or_insert(rest);
                    }
                    Ok(left.unwrap_or_default())
                })
            })
            .await
    }
}

/// A login name as it is compared: a user name, or an address.
fn login_key(login: &str) -> String {
    crate::address::EmailAddress::parse(login)
        .map_or_else(|_| crate::user::fold(login.trim()), |address| address.canonical().to_owned())
        .replace('\0', "\u{fffd}")
}
