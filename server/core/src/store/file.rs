//! A SQLite file before it is opened as a store.

use std::{path::Path, time::Duration};

use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
use tokio::time::sleep;

use crate::Result;

/// Whether a database became one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folded {
    /// Nobody has it open, and nothing that belongs to it is beside it.
    Whole,
    /// Another connection has it open: it must be left in its place.
    InUse,
    /// SQLite cannot read it.
    Damaged,
}

/// How often, and how long apart, somebody who has the file open is given time to close it.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_millis(100);

/// Makes one file of a database and of what SQLite keeps beside it.
pub async fn fold(file: &Path) -> Result<Folded> {
    let mut tried = 1;
    loop {
        match leave_wal(file).await {
            Ok(()) => return Ok(Folded::Whole),
            Err(error) => match primary_code(&error) {
                Some(SQLITE_BUSY) if tried == TRIES => return Ok(Folded::InUse),
                // SQLite asks for this lock once, whatever `busy_timeout` says.
                Some(SQLITE_BUSY) => sleep(PAUSE).await,
                Some(SQLITE_CORRUPT | SQLITE_NOTADB) => return Ok(Folded::Damaged),
                _ => return Err(error.into()),
            },
        }
        tried += 1;
    }
}

/// Leaving WAL takes the whole file, which no other connection lets go of, however idle it is.
async fn leave_wal(file: &Path) -> Result<(), sqlx::Error> {
    let mut conn = SqliteConnectOptions::new().filename(file).busy_timeout(PAUSE).connect().await?;
    let left = sqlx::query("PRAGMA journal_mode = DELETE").execute(&mut conn).await;
    conn.close().await?;
    left.map(drop)
}

const SQLITE_BUSY: u32 = 5;
const SQLITE_CORRUPT: u32 = 11;
const SQLITE_NOTADB: u32 = 26;

/// SQLite's result code without what stands above it in the extended one.
fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?;
    code.parse::<u32>().ok().map(|code| code & 0xff)
}
