//! All SQL, and nothing else. One text per query for both engines; where they must differ, the difference is here.

pub mod accounts;
pub mod apps;
pub mod authorizations;
pub mod challenges;
pub mod directory;
pub mod emails;
pub mod events;
pub mod figures;
mod file;
pub mod idempotency;
pub mod invites;
pub mod keys;
pub mod limits;
pub mod lists;
pub mod messages;
mod migrate;
pub mod passkeys;
pub mod phones;
mod place;
pub mod populations;
pub mod providers;
mod query;
pub mod records;
pub mod sessions;
pub mod signing_keys;
pub mod tokens;
mod tx;
pub mod users;
mod writer;

use std::{path::Path, time::Duration};

use futures::future::BoxFuture;
use sqlx::{
    Connection, PgPool, SqlitePool,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

pub use file::{Folded, fold};
pub use migrate::{AHEAD, Schema};
pub use place::{is_postgres, sqlite_file};
pub(crate) use query::{all, exec, maybe, one, set};
pub use tx::Tx;

use crate::{Error, Result, store::writer::Writer};

/// Where everything is kept: SQLite behind one writer that shares commits, or Postgres.
#[derive(Clone, Debug)]
pub struct Store {
    engine: Engine,
}

#[derive(Clone, Debug)]
enum Engine {
    Sqlite { readers: SqlitePool, writer: Writer },
    Postgres { pool: PgPool },
}

/// How many SQLite connections read at once, and how many Postgres connections an instance holds at the most.
const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 16;
/// How long a Postgres connection may have been idle and still be taken for alive.
const UNTESTED: Duration = Duration::from_secs(1);
/// How often a transaction that lost a race for a row is tried again (SQLSTATE 40001, 40P01).
const RETRIES: u32 = 12;

impl Store {
    /// Opens `sqlite:PATH` (made if missing) or `postgres://…`. Call [`Store::migrate`] before anything else.
    pub async fn open(url: &str) -> Result<Self> {
        let engine = if let Some(path) = sqlite_file(url) {
            if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                std::fs::create_dir_all(folder).map_err(Error::internal)?;
            }
            let options = SqliteConnectOptions::new()
                .filename(path)
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(10))
                // A batch's rows come back in one go, without the two threads waiting for each other.
                .row_buffer_size(1_024)
                .pragma("wal_autocheckpoint", "0")
                .pragma("cache_size", "-4000");
            // What it writes is spread over the whole file: a larger cache holds no more of the next batch.
            let writer = Writer::start(options.clone().pragma("cache_size", "-2000"), path).await?;
            let readers = SqlitePoolOptions::new()
                .max_connections(SQLITE_READERS)
                .test_before_acquire(false)
                .connect_with(options)
                .await?;
            Engine::Sqlite { readers, writer }
        } else {
            let pool = PgPoolOptions::new()
                .max_connections(POSTGRES_CONNECTIONS)
                .acquire_timeout(Duration::from_secs(5))
                // One that was just used is there still; asking it would double the way of every short reading.
                .test_before_acquire(false)
                .before_acquire(|connection, meta| {
                    Box::pin(async move {
                        if meta.idle_for > UNTESTED {
                            connection.ping().await?;
                        }
                        Ok(true)
                    })
                })
                .connect(url)
                .await?;
            Engine::Postgres { pool }
        };
        Ok(Self { engine })
    }

    /// How many batches of a hot verb may be under way at once: SQLite has one writer anyway. On Postgres one works while the
    /// other waits for its commit; more of them are smaller, and cost more.
    pub(crate) fn batch_workers(&self) -> usize {
        match &self.engine {
            Engine::Sqlite { .. } => 1,
            Engine::Postgres { .. } => 2,
        }
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self.engine, Engine::Sqlite { .. })
    }

    /// Applies what is missing of the migration chain; refuses a database that a newer release has migrated.
    pub async fn migrate(&self) -> Result<()> {
        match &self.engine {
            Engine::Sqlite { writer, .. } => writer.migrate().await,
            Engine::Postgres { pool } => Ok(migrate::postgres().run(pool).await?),
        }
    }

    /// How far the database is migrated.
    pub async fn schema(&self) -> Result<Schema> {
        migrate::schema(&mut self.read().await?).await
    }

    /// A connection to read from. What it sees is committed.
    pub async fn read(&self) -> Result<Tx> {
        Ok(match &self.engine {
            Engine::Sqlite { readers, .. } => Tx::Sqlite(readers.acquire().await?),
            Engine::Postgres { pool } => Tx::PostgresReader(pool.acquire().await?),
        })
    }

    /// Runs one verb in one write transaction and answers after its commit.
    ///
    /// The verb may run more than once, when a race for a row was lost; an error undoes all of it.
    pub async fn write<T, F>(&self, verb: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + Sync + 'static,
    {
        match &self.engine {
            Engine::Sqlite { writer, .. } => writer.run(verb).await,
            Engine::Postgres { pool } => {
                let mut tried = 0;
                loop {
                    let error = match postgres_once(pool, &verb).await {
                        Ok(out) => return Ok(out),
                        Err(error) => error,
                    };
                    if tried == RETRIES || !lost_race(&error) {
                        return Err(error);
                    }
                    tried += 1;
                    let jitter = rand::random_range(0..4_u64 << tried.min(6));
                    tokio::time::sleep(Duration::from_millis(jitter)).await;
                }
            }
        }
    }

    /// Like [`Store::write`], for a verb that works on a context which it borrows.
    pub async fn change<C, T, F>(&self, context: C, verb: F) -> Result<T>
    where
        C: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx, &'t C) -> BoxFuture<'t, Result<T>> + Send + Sync + 'static,
    {
        let both = std::sync::Arc::new((context, verb));
        self.write(move |tx| {
            let both = both.clone();
            Box::pin(async move { (both.1)(tx, &both.0).await })
        })
        .await
    }

    /// Writes a consistent copy of a SQLite database to a new file; Postgres has `pg_dump` for that.
    pub async fn backup(&self, file: &Path) -> Result<()> {
        match &self.engine {
            Engine::Sqlite { readers, .. } => {
                let file = file.to_str().ok_or_else(|| Error::internal("the file's name is not UTF-8"))?;
                sqlx::query("VACUUM INTO $1").bind(file.to_owned()).execute(readers).await?;
                Ok(())
            }
            Engine::Postgres { .. } => Err(Error::internal("a Postgres database is backed up with pg_dump")),
        }
    }

    /// What is wrong inside a SQLite database, a line each; nothing where it is sound.
    pub async fn check(&self) -> Result<Vec<String>> {
        match &self.engine {
            Engine::Sqlite { readers, .. } => {
                let lines: Vec<(String,)> = sqlx::query_as("PRAGMA integrity_check").fetch_all(readers).await?;
                Ok(lines.into_iter().map(|(line,)| line).filter(|line| line != "ok").collect())
            }
            Engine::Postgres { .. } => Ok(Vec::new()),
        }
    }

    /// Finishes what is under way and closes every connection.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Engine::Postgres { pool } => pool.close().await,
        }
    }
}

async fn postgres_once<T, F>(pool: &PgPool, verb: &F) -> Result<T>
where
    F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T>>,
{
    let mut tx = Tx::Postgres(pool.begin().await?);
    let out = verb(&mut tx).await?;
    tx.commit().await?;
    Ok(out)
}

fn lost_race(error: &Error) -> bool {
    let Error::Store(error) = error else { return false };
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    matches!(code.as_deref(), Some("40001" | "40P01"))
}

/// Whether a write failed because another row has the same unique value.
pub(crate) fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

pub async fn ping(tx: &mut Tx) -> Result<()> {
    let _: (i64,) = one!(tx, "SELECT CAST(1 AS BIGINT)")?;
    Ok(())
}
