//! Passwords: argon2id, off the async threads, with a bound on how many hash at once.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString},
};
use tokio::sync::Semaphore;

use crate::{
    Error, Refusal, Result, Vestibule,
    actor::Actor,
    env::Env,
    event::{EventData, EventKind, Fact, record},
    invite, limit,
    organization::{Method, Policy},
    outbox::{MessageData, MessageKind},
    redeem::Redeemed,
    store::{accounts, emails, limits, messages, users},
    user::addresses::notice,
};

/// Longest password in bytes; more would only serve to keep the hasher busy.
pub const LONGEST: usize = 1_024;
/// OWASP's second recommended set: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1_024;
const PASSES: u32 = 2;
/// How many hashes are made at once: memory stays under this many times 19 MiB however many people sign in.
const AT_ONCE: usize = 2;

/// Makes and checks hashes within its bounds.
#[derive(Clone)]
pub(crate) struct Hasher {
    argon2: Argon2<'static>,
    turns: Arc<Semaphore>,
}

impl Default for Hasher {
    fn default() -> Self {
        #[expect(clippy::expect_used, reason = "the constants are within argon2's bounds; a test says so")]
        let params = Params::new(MEMORY_KIB, PASSES, 1, None).expect("legal parameters");
        Self {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hasher").finish_non_exhaustive()
    }
}

impl Hasher {
    pub async fn hash(&self, env: &dyn Env, password: String) -> Result<String> {
        let mut salt = [0; 16];
        env.fill(&mut salt);
        let salt = SaltString::encode_b64(&salt).map_err(Error::internal)?;
        self.turn(move |argon2| {
            let hash = argon2.hash_password(password.as_bytes(), &salt).map_err(Error::internal)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether the password is the one behind the hash. Without a hash it takes as long and is never right.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        // A hash of a random password, with our parameters.
        const NOBODYS: &str =
            "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$6H0pl6AmFgAsdIrRbfCwRrPMFtM3kMKVW1BVqvJG0mM";
        if password.len() > LONGEST {
            return Ok(false);
        }
        self.turn(move |argon2| {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| NOBODYS.to_owned());
            let hash = PasswordHash::new(&hash).map_err(Error::internal)?;
            Ok(argon2.verify_password(password.as_bytes(), &hash).is_ok() && known)
        })
        .await
    }

    /// Whether a hash was made with weaker parameters than today's.
    fn is_outdated(hash: &str) -> bool {
        let params = PasswordHash::new(hash).ok().and_then(|hash| Params::try_from(&hash).ok());
        params.is_none_or(|params| params.m_cost() < MEMORY_KIB || params.t_cost() < PASSES)
    }

    async fn turn<T: Send + 'static>(&self, work: impl FnOnce(&Argon2<'_>) -> Result<T> + Send + 'static) -> Result<T> {
        let turn = self.turns.clone().acquire_owned().await.map_err(Error::internal)?;
        let argon2 = self.argon2.clone();
        tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work(&argon2)
        })
        .await
        .map_err(Error::internal)?
    }
}

/// Passwords that everybody tries first; a longer list can replace it without changing anything else.
const COMMON: &str = include_str!("common-passwords.txt");

/// Checks a new password against the policy: length in characters, no rules of composition.
pub fn check_new(password: &str, policy: &Policy, about: &[&str]) -> Result<(), Refusal> {
    if password.len() > LONGEST {
        return Err(Refusal::PasswordTooLong);
    }
    let min = usize::try_from(policy.password_min).unwrap_or_default();
    if password.chars().count() < min {
        return Err(Refusal::PasswordTooShort { min: policy.password_min });
    }
    let folded = crate::user::fold(password);
    let bare: String = folded.chars().filter(|sign| sign.is_alphanumeric()).collect();
    let letters = bare.trim_matches(|sign: char| sign.is_numeric());
    let same = |word: &str| word == folded || word == bare || (!letters.is_empty() && word == letters);
    // "Grace Hopper" is behind "GraceHopper1" as well.
    let tells = |word: &str| {
        let word = crate::user::fold(word);
        same(&word) || same(&word.chars().filter(|sign| sign.is_alphanumeric()).collect::<String>())
    };
    let is_one_sign = folded.chars().all(|sign| folded.starts_with(sign));
    if is_one_sign || COMMON.lines().any(same) || about.iter().any(|word| tells(word)) {
        return Err(Refusal::PasswordCommon);
    }
    Ok(())
}

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
        check_new(&password, &organization.policy, &about.each_ref().map(String::as_str))?;
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
                    if !accounts::insert_password(tx, &user.id, &hash, env.now()).await? {
                        return Err(Refusal::HasMethod.into());
                    }
                    if !invite::spend(tx, env.as_ref(), &redeemed).await? {
                        return Err(Refusal::SetupOver.into());
                    }
                    if let Some(primary) =
                        emails::of_user(tx, &user.id).await?.into_iter().find(|email| email.is_primary)
                    {
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
                    Ok(SignedIn { user_id: user.id, is_administrator: account.role.is_some() })
                })
            })
            .await?;
        self.wake_outbox();
        Ok(signed_in)
    }

    /// Signs in with a user name or address and a password. Unknown, wrong and disabled answer alike, in the same time.
    pub async fn sign_in(&self, login: &str, password: String, ip: Option<String>) -> Result<SignedIn> {
        let key = crate::address::EmailAddress::parse(login)
            .map_or_else(|_| crate::user::fold(login.trim()), |address| address.canonical().to_owned())
            .replace('\0', "\u{fffd}");
        let keys = [
            format!("sign-in:{}", self.key.mac(&["login", &key])),
            format!("sign-in:ip:{}", ip.as_deref().unwrap_or("-")),
        ];
        // Counted before the comparison, or a thousand at once would all be compared.
        self.count_sign_in(keys.clone()).await?;
        let account = accounts::account_by_login(&mut self.store.read().await?, &key).await?;
        let stored = account.as_ref().and_then(|account| account.hash.clone());
        let right = self.hasher.verify(password.clone(), stored.clone()).await?;
        let Some(account) = account.filter(|account| right && !account.disabled) else {
            return Err(Refusal::SignInFailed.into());
        };
        let rehashed = match stored.filter(|hash| Hasher::is_outdated(hash)) {
            Some(old) => Some((old, self.hasher.hash(self.env.as_ref(), password).await?)),
            None => None,
        };
        let env = self.env.clone();
        self.store
            .write(move |tx| {
                let (env, user_id, rehashed, ip) = (env.clone(), account.user_id.clone(), rehashed.clone(), ip.clone());
                let ([name_key, ip_key], is_administrator) = (keys.clone(), account.role.is_some());
                Box::pin(async move {
                    if let Some((old, new)) = rehashed {
                        accounts::rehash_password(tx, &user_id, &old, &new).await?;
                    }
                    limits::forget(tx, &name_key).await?;
                    limits::give_back(tx, &ip_key).await?;
                    let data = EventData { ip, ..EventData::default() };
                    let fact = Fact {
                        user_id: user_id.clone(),
                        kind: EventKind::SignedIn,
                        actor: Actor::Person { id: user_id.clone() },
                        data,
                    };
                    record(tx, env.as_ref(), &[fact]).await?;
                    Ok(SignedIn { user_id, is_administrator })
                })
            })
            .await
    }

    /// Counts a sign-in as failed until it has succeeded; refuses where that is too many.
    async fn count_sign_in(&self, keys: [String; 2]) -> Result<()> {
        let env = self.env.clone();
        self.store
            .write(move |tx| {
                let (env, [name, ip]) = (env.clone(), keys.clone());
                Box::pin(async move {
                    limit::take(tx, env.as_ref(), name, limit::SIGN_INS_PER_NAME, limit::WRONG_WINDOW).await?;
                    limit::take(tx, env.as_ref(), ip, limit::SIGN_INS_PER_IP, limit::WRONG_WINDOW).await
                })
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::SystemEnv;

    #[tokio::test]
    async fn a_hash_is_argon2id_and_fits_its_password_only() {
        let (hasher, env) = (Hasher::default(), SystemEnv::default());
        let hash = hasher.hash(&env, "correct horse battery".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hasher.verify("correct horse battery".into(), Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify("correct horse batterY".into(), Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify("anything".into(), None).await.unwrap());
        assert!(!Hasher::is_outdated(&hash));
        assert!(Hasher::is_outdated(&hash.replace("m=19456", "m=4096")));
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        let policy = Policy { password_min: 8, ..Policy::default() };
        for password in ["password123", "Password1!", "12345678", "aaaaaaaaaaaa", "qwertyuiop", "GraceHopper1"] {
            assert_eq!(check_new(password, &policy, &["gracehopper"]), Err(Refusal::PasswordCommon), "{password}");
        }
        assert_eq!(check_new("tall ships sail", &policy, &[]), Ok(()));
        assert_eq!(check_new("ünïcödé", &policy, &[]), Err(Refusal::PasswordTooShort { min: 8 }));
        assert_eq!(check_new(&"long ".repeat(300), &policy, &[]), Err(Refusal::PasswordTooLong));
    }
}
