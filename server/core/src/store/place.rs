//! What the URL of a database says, for whoever has to know it before the database is opened.

use std::path::Path;

use sqlx::postgres::PgConnectOptions;

/// The file that `sqlite:PATH` or `sqlite://PATH` names.
pub fn sqlite_file(url: &str) -> Option<&Path> {
    let path = url.strip_prefix("sqlite:")?;
    Some(Path::new(path.strip_prefix("//").unwrap_or(path)))
}

/// Whether it is a URL that Postgres can be reached by, as far as reading it tells.
pub fn is_postgres(url: &str) -> bool {
    (url.starts_with("postgres://") || url.starts_with("postgresql://")) && url.parse::<PgConnectOptions>().is_ok()
}
