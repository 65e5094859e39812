//! Opening the store for a command.

use std::{
    fs, io,
    io::ErrorKind,
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use vestibule_core::{
    Vestibule,
    env::SystemEnv,
    secret::SecretKey,
    store::{AHEAD, Schema, Store},
};

use super::failure::Failure;
use crate::config::{Config, Database};

/// How long a Postgres that does not answer is waited for: it often starts at the same time as Vestibule.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_secs(1);

/// What to do about migrations that are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Migrations {
    Apply,
    Refuse,
}

/// The open store and the product on it.
#[derive(Debug)]
pub(super) struct Open {
    pub store: Store,
    pub vestibule: Vestibule,
}

impl Open {
    /// Opens, migrates, and obtains the key.
    pub async fn new(config: &Config, migrations: Migrations) -> Result<Self, Failure> {
        Self::with_key(config, migrations, |env| Ok(config.secret_key.obtain(env)?)).await
    }

    /// Opens what is there, for a command that promises to change nothing: it makes neither a database nor, where the key is
    /// missing, one that anybody would find later.
    pub async fn to_look(config: &Config) -> Result<Self, Failure> {
        let passing = |env: &SystemEnv| SecretKey::draw(env).0;
        Self::with_key(config, Migrations::Refuse, |env| {
            Ok(config.secret_key.existing()?.unwrap_or_else(|| passing(env)))
        })
        .await
    }

    async fn with_key(
        config: &Config,
        migrations: Migrations,
        key: impl FnOnce(&SystemEnv) -> Result<SecretKey, Failure>,
    ) -> Result<Self, Failure> {
        if migrations == Migrations::Refuse
            && let Some(file) = config.database.file()
            && !file.exists()
        {
            return Err(Failure::said(format!("there is no database at {}", file.display())));
        }
        let store = store(config).await?;
        let env = Arc::new(SystemEnv::default());
        let ready = async {
            match migrations {
                Migrations::Apply => store.migrate().await?,
                Migrations::Refuse => as_expected(store.schema().await?)?,
            }
            key(env.as_ref())
        };
        let key = match ready.await {
            Ok(key) => key,
            Err(failure) => {
                store.close().await;
                return Err(failure);
            }
        };
        let vestibule = Vestibule::new(store.clone(), env, key).with_relying_party(config.public_url.as_str());
        Ok(Self { store, vestibule })
    }

    /// Closes the store whatever the command's result is, and gives the result back.
    pub async fn close<T>(self, result: T) -> T {
        self.store.close().await;
        result
    }
}

/// Refuses what this release cannot work on.
fn as_expected(schema: Schema) -> Result<(), Failure> {
    match schema {
        Schema::Current => Ok(()),
        Schema::New | Schema::Behind => Err(Failure::said("the database needs migrating; run `vestibule migrate`")),
        Schema::Ahead => Err(Failure::said(AHEAD)),
    }
}

/// The store alone. SQLite opens or does not; a Postgres that does not answer is waited for.
pub(super) async fn store(config: &Config) -> Result<Store, Failure> {
    if let Some(file) = config.database.file() {
        match make_private(file) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                return Err(Failure::io(format!("make the database {}", file.display()), error));
            }
            _ => {}
        }
    }
    let url = config.database.url();
    let started = Instant::now();
    loop {
        match Store::open(url.reveal()).await {
            Ok(store) => return Ok(store),
            Err(error) if config.database.file().is_some() || !error.may_pass() || started.elapsed() > PATIENCE => {
                return Err(Failure::said(format!(
                    "the database {} cannot be opened: {error}",
                    shown(&config.database)
                )));
            }
            Err(error) => {
                tracing::warn!(%error, "the database does not answer; trying again");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Makes an empty file that only its owner can read; fails if it is there. SQLite fills an empty file, and gives what it
/// keeps beside a database the same rights.
pub(super) fn make_private(file: &Path) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).map(drop)
}

/// The database without its password.
pub(super) fn shown(database: &Database) -> String {
    match database {
        Database::Sqlite(path) => path.display().to_string(),
        Database::Postgres(_) => "on Postgres".to_owned(),
    }
}
