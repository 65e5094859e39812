//! One chain of migrations, inside the binary; a file that only one engine can read says so in its name.

use sqlx::{
    SqlSafeStr,
    migrate::{Migration, MigrationType, Migrator},
};

const INIT: &str = include_str!("../../../../migrations/0001_init.sql");

pub fn sqlite() -> Migrator {
    chain(&[(1, "init", INIT), (2, "search", include_str!("../../../../migrations/0002_search.sqlite.sql"))])
}

pub fn postgres() -> Migrator {
    chain(&[(1, "init", INIT), (2, "search", include_str!("../../../../migrations/0002_search.postgres.sql"))])
}

/// The number of the newest migration that this release knows.
pub fn newest() -> i64 {
    sqlite().iter().map(|migration| migration.version).max().unwrap_or(0)
}

fn chain(files: &[(i64, &'static str, &'static str)]) -> Migrator {
    let migrations = files.iter().map(|(version, name, sql)| {
        Migration::new(*version, (*name).into(), MigrationType::Simple, (*sql).into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.collect())
}
