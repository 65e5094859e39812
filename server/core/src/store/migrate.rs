//! One chain of migrations, inside the binary; a file that only one engine can read says so in its name.

use sqlx::{
    SqlSafeStr,
    migrate::{Migration, MigrationType, Migrator},
};

use super::{Tx, all, maybe};
use crate::Result;

/// What an operator is told of [`Schema::Ahead`], whoever meets it.
pub const AHEAD: &str =
    "this database was migrated by a newer release of Vestibule; go on with that release or a later one";

/// How far along the chain a database is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// Nothing was ever applied.
    New,
    Behind,
    Current,
    /// It has migrations that this release does not know.
    Ahead,
}

/// The text of a migration: one for both engines, or SQLite's and Postgres'.
enum Text {
    Both(&'static str),
    Each { sqlite: &'static str, postgres: &'static str },
}

macro_rules! both {
    ($name:literal) => {
        Text::Both(include_str!(concat!("../../../../migrations/", $name, ".sql")))
    };
}

macro_rules! each {
    ($name:literal) => {
        Text::Each {
            sqlite: include_str!(concat!("../../../../migrations/", $name, ".sqlite.sql")),
            postgres: include_str!(concat!("../../../../migrations/", $name, ".postgres.sql")),
        }
    };
}

const CHAIN: &[(i64, &str, Text)] = &[
    (1, "init", both!("0001_init")),
    (2, "search", each!("0002_search")),
    (3, "places", each!("0003_places")),
    (4, "directory", both!("0004_directory")),
    (5, "purposes", each!("0005_purposes")),
    (6, "idempotency", both!("0006_idempotency")),
    (7, "clients", both!("0007_clients")),
    (8, "ceremonies", both!("0008_ceremonies")),
    (9, "oauth", both!("0009_oauth")),
    (10, "federation", both!("0010_federation")),
    (13, "second factor", both!("0013_second_factor")),
    (14, "shelves", each!("0014_shelves")),
];

pub fn sqlite() -> Migrator {
    chain(|text| match text {
        Text::Both(sql) | Text::Each { sqlite: sql, .. } => sql,
    })
}

pub fn postgres() -> Migrator {
    chain(|text| match text {
        Text::Both(sql) | Text::Each { postgres: sql, .. } => sql,
    })
}

pub async fn schema(tx: &mut Tx) -> Result<Schema> {
    // The table itself is made by the first migration. Asking for it first tells a missing one from every other trouble.
    let table: Option<(i64,)> = maybe!(
        tx,
        (
            "SELECT CAST(1 AS BIGINT) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'",
            "SELECT CAST(1 AS BIGINT) WHERE to_regclass('_sqlx_migrations') IS NOT NULL"
        )
    )?;
    if table.is_none() {
        return Ok(Schema::New);
    }
    let applied: Vec<(i64,)> = all!(tx, "SELECT version FROM _sqlx_migrations WHERE success")?;
    let known = |version: i64| CHAIN.iter().any(|(known, ..)| *known == version);
    Ok(match applied.len() {
        _ if applied.iter().any(|(version,)| !known(*version)) => Schema::Ahead,
        0 => Schema::New,
        count if count < CHAIN.len() => Schema::Behind,
        _ => Schema::Current,
    })
}

fn chain(text: impl Fn(&'static Text) -> &'static str) -> Migrator {
    let migration = |(version, name, sql): &'static (i64, &'static str, Text)| {
        Migration::new(*version, (*name).into(), MigrationType::Simple, text(sql).into_sql_str(), false)
    };
    Migrator::with_migrations(CHAIN.iter().map(migration).collect())
}
