//! The macros by which one text runs, type-checked, on either engine.

/// A query's text, as each engine wants it.
pub trait Text {
    fn sqlite(self) -> &'static str;
    fn postgres(self) -> &'static str;
}

impl Text for &'static str {
    fn sqlite(self) -> &'static str {
        self
    }

    fn postgres(self) -> &'static str {
        self
    }
}

/// Two texts: SQLite's and Postgres'.
impl Text for (&'static str, &'static str) {
    fn sqlite(self) -> &'static str {
        self.0
    }

    fn postgres(self) -> &'static str {
        self.1
    }
}

/// A text that works on a set: `$1` is a JSON array of objects, and `input` the table of the named columns of it.
macro_rules! set {
    ($($column:ident $kind:ident),+ ; $($sql:literal)+) => {(
        concat!("WITH input AS (SELECT ", $("CAST(value->>'", stringify!($column), "' AS ", stringify!($kind), ") AS ", stringify!($column), ", ",)+
            "1 AS one FROM json_each($1)) ", $($sql),+),
        concat!("WITH input AS (SELECT ", $("CAST(value->>'", stringify!($column), "' AS ", stringify!($kind), ") AS ", stringify!($column), ", ",)+
            "1 AS one FROM jsonb_array_elements(CAST($1 AS JSONB))) ", $($sql),+),
    )};
}

macro_rules! run {
    ($tx:expr, $make:expr, $method:ident, $sql:expr $(, $arg:expr)*) => {{
        use $crate::store::query::Text;
        let text = $sql;
        match $tx.conn() {
            $crate::store::tx::Conn::Sqlite(conn) => $make(text.sqlite())$(.bind($arg))*.$method(conn).await,
            $crate::store::tx::Conn::Postgres(conn) => $make(text.postgres())$(.bind($arg))*.$method(conn).await,
        }
    }};
}

/// Every row.
macro_rules! all {
    ($tx:expr, $sql:expr $(, $arg:expr)* $(,)?) => { $crate::store::query::run!($tx, sqlx::query_as, fetch_all, $sql $(, $arg)*) };
}

/// The one row.
macro_rules! one {
    ($tx:expr, $sql:expr $(, $arg:expr)* $(,)?) => { $crate::store::query::run!($tx, sqlx::query_as, fetch_one, $sql $(, $arg)*) };
}

/// The row, if there is one.
macro_rules! maybe {
    ($tx:expr, $sql:expr $(, $arg:expr)* $(,)?) => { $crate::store::query::run!($tx, sqlx::query_as, fetch_optional, $sql $(, $arg)*) };
}

/// How many rows it changed.
macro_rules! exec {
    ($tx:expr, $sql:expr $(, $arg:expr)* $(,)?) => {{
        use $crate::store::query::Text;
        let text = $sql;
        match $tx.conn() {
            $crate::store::tx::Conn::Sqlite(conn) => sqlx::query(text.sqlite())$(.bind($arg))*.execute(conn).await.map(|done| done.rows_affected()),
            $crate::store::tx::Conn::Postgres(conn) => sqlx::query(text.postgres())$(.bind($arg))*.execute(conn).await.map(|done| done.rows_affected()),
        }
    }};
}

pub(crate) use {all, exec, maybe, one, run, set};
