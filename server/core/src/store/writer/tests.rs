//! What a group's faults and long readers do to its callers.

use sqlx::{ConnectOptions, sqlite::SqliteJournalMode};

use super::*;
use crate::{Refusal, store::exec};

/// A database of its own with a writer, whose commits fail where `orphan` names a missing parent.
struct Place {
    folder: PathBuf,
    options: SqliteConnectOptions,
    writer: Writer,
}

impl Place {
    async fn make(name: &str, busy_timeout: Duration) -> Self {
        let folder = std::env::temp_dir().join(format!("vestibule_writer_{}_{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("vestibule.db");
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .foreign_keys(true)
            .busy_timeout(busy_timeout)
            .pragma("wal_autocheckpoint", "0");
        let writer = Writer::start(options.clone(), &path).await.unwrap();
        let tables = "CREATE TABLE parent (id INTEGER PRIMARY KEY);
             CREATE TABLE orphan (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
             CREATE TABLE large (bytes BLOB)";
        sqlx::raw_sql(tables).execute(&writer.pool).await.unwrap();
        Self { folder, options, writer }
    }

    async fn connect(&self, begin: &'static str) -> sqlx::SqliteConnection {
        let mut other = self.options.connect().await.unwrap();
        sqlx::raw_sql(begin).execute(&mut other).await.unwrap();
        other
    }

    async fn write(&self, sql: &'static str) -> Result<()> {
        self.writer.run(move |tx| Box::pin(async move { Ok(exec!(tx, sql).map(drop)?) })).await
    }

    fn wal(&self) -> u64 {
        std::fs::metadata(self.folder.join("vestibule.db-wal")).unwrap().len()
    }

    async fn remove(self) {
        self.writer.close().await;
        std::fs::remove_dir_all(self.folder).unwrap();
    }
}

#[track_caller]
fn assert_fault<T: fmt::Debug>(answer: Result<T>) {
    assert!(matches!(answer, Err(Error::Store(_))), "{answer:?}");
}

#[tokio::test]
async fn who_could_not_begin_is_told_why() {
    let place = Place::make("begin", Duration::from_millis(50)).await;
    let other = place.connect("BEGIN IMMEDIATE").await;
    let answer = place.write("INSERT INTO parent VALUES (1)").await;
    assert!(matches!(&answer, Err(Error::Store(error)) if error.to_string().contains("locked")), "{answer:?}");
    drop(other);
    place.write("INSERT INTO parent VALUES (1)").await.unwrap();
    place.remove().await;
}

#[tokio::test]
async fn a_refusal_that_rests_on_what_was_undone_is_given_to_nobody() {
    let place = Place::make("refusal", Duration::from_secs(1)).await;
    // The second joins the group of the first, whose commit fails.
    let refused = place.writer.run(|_| Box::pin(async { Err::<(), _>(Refusal::AddressTaken.into()) }));
    let (broken, refused) = tokio::join!(place.write("INSERT INTO orphan VALUES (77)"), refused);
    assert_fault(broken);
    assert_fault(refused);
    let alone = place.writer.run(|_| Box::pin(async { Err::<(), _>(Refusal::AddressTaken.into()) })).await;
    assert_eq!(alone.unwrap_err().refusal(), Some(&Refusal::AddressTaken));
    place.remove().await;
}

#[tokio::test]
async fn nobody_waits_for_a_long_reader() {
    let place = Place::make("reader", Duration::from_secs(20)).await;
    let reader = place.connect("BEGIN; SELECT * FROM large").await;
    let begin = Instant::now();
    place.write("INSERT INTO large VALUES (zeroblob(70000000))").await.unwrap();
    tokio::time::sleep(2 * CHECKPOINT_PAUSE).await;
    for _ in 0..3 {
        place.write("INSERT INTO parent VALUES (NULL)").await.unwrap();
    }
    assert!(place.wal() > LARGE_WAL, "the reader needs it still");
    let second = Writer::start(place.options.clone(), &place.folder.join("vestibule.db")).await.unwrap();
    second.close().await;
    assert!(begin.elapsed() < Duration::from_secs(10), "somebody waited for the reader");
    drop(reader);
    for _ in 0..40 {
        tokio::time::sleep(CHECKPOINT_PAUSE).await;
        place.write("INSERT INTO parent VALUES (NULL)").await.unwrap();
        if place.wal() < LARGE_WAL {
            break;
        }
    }
    assert!(place.wal() < LARGE_WAL, "the WAL is emptied when the reader has gone");
    place.remove().await;
}
