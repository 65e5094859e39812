//! SQLite's one writer: group commit.
//!
//! Verbs queue up while the last commit is under way; the writer runs all that wait, each in a savepoint, and commits
//! them together. Nobody is answered before the commit, so an answer always means "on the disk".

use std::{
    fmt,
    panic::AssertUnwindSafe,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use futures::{FutureExt, future::BoxFuture};
use sqlx::{
    AssertSqlSafe, Sqlite, SqliteConnection, SqlitePool,
    pool::PoolConnection,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use tokio::sync::{mpsc, oneshot};

use super::{migrate, tx::Tx};
use crate::{Error, Result};

/// How many verbs share one commit at the most, and how many wait before callers do.
const GROUP: usize = 256;
const QUEUE: usize = 4_096;
/// A WAL of this many bytes is written back by the writer itself, for want of a pause.
const LARGE_WAL: u64 = 64 << 20;
/// From this many bytes on the checkpointer does not wait for a pause.
const MIDDLING_WAL: u64 = 16 << 20;
/// How often the checkpointer looks whether something was written.
const CHECKPOINT_PAUSE: Duration = Duration::from_millis(250);
/// How long a command that ends waits for readers of the database, which its writers wait for meanwhile.
const CLOSING_PATIENCE: Duration = Duration::from_millis(100);

#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<Box<dyn Queued>>,
    pool: SqlitePool,
}

/// A verb in the queue, with the way to answer who asked for it.
trait Queued: Send {
    /// Runs the verb; `false` asks to undo it.
    fn run<'t>(&'t mut self, tx: &'t mut Tx) -> BoxFuture<'t, bool>;
    fn answer(self: Box<Self>, commit: Option<Error>);
}

struct Waiting<T, F> {
    verb: F,
    out: Result<T>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T, F> Queued for Waiting<T, F>
where
    T: Send,
    F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send,
{
    fn run<'t>(&'t mut self, tx: &'t mut Tx) -> BoxFuture<'t, bool> {
        Box::pin(async move {
            let run = AssertUnwindSafe((self.verb)(tx)).catch_unwind().await;
            self.out = run.unwrap_or_else(|_| Err(Error::internal("the verb panicked")));
            self.out.is_ok()
        })
    }

    fn answer(self: Box<Self>, commit: Option<Error>) {
        // Without the commit nothing holds, a refusal neither: what it rests on may have been undone with the rest.
        let out = commit.map_or(self.out, Err);
        // Who asked may have gone; the commit stands all the same.
        let _ = self.reply.send(out);
    }
}

impl Writer {
    pub async fn start(options: SqliteConnectOptions, path: &Path) -> Result<Self> {
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .test_before_acquire(false)
            .connect_with(options.clone())
            .await?;
        let (queue, jobs) = mpsc::channel(QUEUE);
        let wal = PathBuf::from(format!("{}-wal", path.display()));
        tokio::spawn(write_loop(pool.clone(), jobs, wal.clone()));
        tokio::spawn(checkpoint_loop(options, queue.downgrade(), wal));
        Ok(Self { queue, pool })
    }

    /// The whole chain in one transaction that holds the write lock from its start: of processes that start at once one
    /// migrates, and the others wait and find it done.
    pub async fn migrate(&self) -> Result<()> {
        let mut tx = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        // What `run` does with a connection that is held already; `run` itself makes a future that is not `Send`.
        migrate::sqlite().run_direct(None, &mut *tx, false).await?;
        Ok(tx.commit().await?)
    }

    pub async fn run<T, F>(&self, verb: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let waiting = Waiting { verb, out: Err(Error::internal("the verb did not run")), reply };
        let gone = || Error::internal("the writer is gone");
        self.queue.send(Box::new(waiting)).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    /// Writes the WAL back and closes, so that the database is one file again, unless somebody else reads in it.
    pub async fn close(&self) {
        if let Ok(mut conn) = self.pool.acquire().await {
            let _ = empty_wal(&mut conn, CLOSING_PATIENCE).await;
        }
        self.pool.close().await;
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

async fn write_loop(pool: SqlitePool, mut jobs: mpsc::Receiver<Box<dyn Queued>>, wal: PathBuf) {
    let mut emptied = Instant::now();
    while let Some(first) = jobs.recv().await {
        // Taken anew for each group, so that migrations and a reconnect after a fault find the one connection free.
        let mut tx = match pool.acquire().await {
            Ok(conn) => Tx::Sqlite(conn),
            Err(error) => {
                first.answer(Some(error.into()));
                continue;
            }
        };
        let mut done: Vec<Box<dyn Queued>> = Vec::new();
        let commit = write_group(&mut tx, first, &mut jobs, &mut done).await;
        let failed = commit.err().map(Error::from);
        for job in done {
            job.answer(failed.clone());
        }
        let Tx::Sqlite(mut conn) = tx else { continue };
        if failed.is_some() {
            // Whatever state it is in, it is not to be trusted with the next group.
            let _ = conn.close().await;
        } else if emptied.elapsed() > CHECKPOINT_PAUSE
            && std::fs::metadata(&wal).is_ok_and(|file| file.len() > LARGE_WAL)
        {
            // While somebody reads in it, a backup say, it cannot be emptied; asked now and then, that costs nothing.
            if empty_wal(&mut conn, Duration::ZERO).await.is_err() {
                let _ = conn.close().await;
            }
            emptied = Instant::now();
        }
    }
}

/// Writes the whole WAL back and empties it, unless others are in the way for longer than one can wait.
async fn empty_wal(conn: &mut SqliteConnection, patience: Duration) -> Result<(), sqlx::Error> {
    let wait = |millis| AssertSqlSafe(format!("PRAGMA busy_timeout = {millis}"));
    let usual: i64 = sqlx::query_scalar("PRAGMA busy_timeout").fetch_one(&mut *conn).await?;
    sqlx::query(wait(i64::try_from(patience.as_millis()).unwrap_or(usual))).execute(&mut *conn).await?;
    let emptied = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut *conn).await;
    sqlx::query(wait(usual)).execute(&mut *conn).await?;
    emptied.map(drop)
}

async fn write_group(
    tx: &mut Tx,
    mut first: Box<dyn Queued>,
    jobs: &mut mpsc::Receiver<Box<dyn Queued>>,
    done: &mut Vec<Box<dyn Queued>>,
) -> Result<(), sqlx::Error> {
    let begun = statement(tx, "BEGIN IMMEDIATE").await;
    // The first needs no savepoint: undoing it undoes the transaction, in which nothing else has happened yet.
    let keep = begun.is_ok() && first.run(tx).await;
    done.push(first);
    begun?;
    if !keep {
        return statement(tx, "ROLLBACK").await;
    }
    while done.len() < GROUP
        && let Ok(mut job) = jobs.try_recv()
    {
        let result = one_of_many(tx, job.as_mut()).await;
        done.push(job);
        result?;
    }
    statement(tx, "COMMIT").await
}

async fn one_of_many(tx: &mut Tx, job: &mut dyn Queued) -> Result<(), sqlx::Error> {
    statement(tx, "SAVEPOINT verb").await?;
    if !job.run(tx).await {
        statement(tx, "ROLLBACK TO verb").await?;
    }
    statement(tx, "RELEASE verb").await
}

async fn statement(tx: &mut Tx, sql: &'static str) -> Result<(), sqlx::Error> {
    let Tx::Sqlite(conn) = tx else { return Ok(()) };
    let conn: &mut PoolConnection<Sqlite> = conn;
    sqlx::query(sql).execute(&mut **conn).await.map(drop)
}

/// Writes the WAL back beside the writer, so that no request waits for it.
async fn checkpoint_loop(options: SqliteConnectOptions, alive: mpsc::WeakSender<Box<dyn Queued>>, wal: PathBuf) {
    use sqlx::{ConnectOptions, Connection};
    let Ok(mut conn) = options.connect().await else { return };
    let (mut seen, mut settled) = (None, None);
    loop {
        tokio::time::sleep(CHECKPOINT_PAUSE).await;
        if alive.upgrade().is_none() {
            break;
        }
        let Ok(file) = std::fs::metadata(&wal) else { continue };
        let written = file.modified().ok();
        // When the writer pauses, or has written so much that waiting for a pause would cost more.
        let idle = written == std::mem::replace(&mut seen, written);
        if written != settled && (idle || file.len() > MIDDLING_WAL) {
            settled = written;
            if let Err(error) = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&mut conn).await {
                tracing::warn!(%error, "the WAL could not be written back");
            }
        }
    }
    let _ = conn.close().await;
}

#[cfg(test)]
mod tests;
