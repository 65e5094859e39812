//! Making and checking hashes: argon2id, off the async threads, with a bound on how many at once.

use std::{fmt, sync::Arc};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString},
};
use tokio::sync::Semaphore;

use super::weakness::{Weakness, weakness};
use crate::{Error, Refusal, Result, env::Env};

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
            if is_bcrypt(&hash) {
                return bcrypt::verify(password.as_bytes(), &hash).map_err(Error::internal);
            }
            let hash = PasswordHash::new(&hash).map_err(Error::internal)?;
            Ok(argon2.verify_password(password.as_bytes(), &hash).is_ok() && known)
        })
        .await
    }

    /// Why a password is among those that are tried first, if it is. It takes its turn with the hashes: whoever sends
    /// what is tedious to look at waits, and others go on.
    pub async fn weigh(&self, password: String, about: Vec<String>) -> Result<Option<Weakness>> {
        self.turn(move |_| Ok(weakness(&password, &about.iter().map(String::as_str).collect::<Vec<_>>()))).await
    }

    /// Whether a hash was made with weaker parameters than today's.
    pub fn is_outdated(hash: &str) -> bool {
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

/// Takes a hash that was made elsewhere: argon2id (PHC string) or bcrypt (`$2a$`, `$2b$`, `$2y$`), with parameters that
/// a sign-in can afford to check. It is replaced by one of ours when its owner signs in.
pub(crate) fn parse_hash(hash: &str) -> Result<String, Refusal> {
    if is_bcrypt(hash) {
        let parts: bcrypt::HashParts = hash.parse().map_err(|_| Refusal::Hash)?;
        return if (4..=14).contains(&parts.get_cost()) { Ok(hash.to_owned()) } else { Err(Refusal::Hash) };
    }
    let parsed = PasswordHash::new(hash).map_err(|_| Refusal::Hash)?;
    let params = Params::try_from(&parsed).map_err(|_| Refusal::Hash)?;
    let affordable = params.m_cost() <= 128 * 1_024 && params.t_cost() <= 10 && params.p_cost() <= 8;
    let complete = parsed.salt.is_some() && parsed.hash.is_some();
    if parsed.algorithm.as_str() == "argon2id" && affordable && complete {
        Ok(hash.to_owned())
    } else {
        Err(Refusal::Hash)
    }
}

fn is_bcrypt(hash: &str) -> bool {
    hash.starts_with("$2a$") || hash.starts_with("$2b$") || hash.starts_with("$2y$")
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

    #[tokio::test]
    async fn hashes_from_elsewhere_are_checked_and_are_due_for_replacement() {
        let hash = bcrypt::hash("correct horse battery", 4).unwrap();
        let hasher = Hasher::default();
        assert_eq!(parse_hash(&hash), Ok(hash.clone()));
        assert!(hasher.verify("correct horse battery".into(), Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify("correct horse".into(), Some(hash.clone())).await.unwrap());
        assert!(Hasher::is_outdated(&hash));
    }

    #[test]
    fn a_hash_that_nobody_could_check_is_refused() {
        for hash in [
            "",
            "secret",
            "$2b$31$aaaaaaaaaaaaaaaaaaaaaeaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$6H0pl6AmFgAsdIrRbfCwRrPMFtM3kMKVW1BVqvJG0mM",
            "$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$6H0pl6AmFgAsdIrRbfCwRrPMFtM3kMKVW1BVqvJG0mM",
            "$argon2id$v=19$m=19456,t=2,p=1",
        ] {
            assert_eq!(parse_hash(hash), Err(Refusal::Hash), "{hash}");
        }
    }
}
