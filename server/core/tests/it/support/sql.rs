//! A look into the database past the store, as an operator, an attacker or a fault would have it.

use sqlx::{
    AssertSqlSafe, PgPool, Row, SqlitePool,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions},
};

/// The test's own connections.
#[derive(Clone, Debug)]
pub enum Db {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// An open transaction of the test's own, which the verbs meet.
pub enum Held {
    Sqlite(sqlx::Transaction<'static, sqlx::Sqlite>),
    Postgres(sqlx::Transaction<'static, sqlx::Postgres>),
}

impl Db {
    pub async fn open(url: &str) -> Self {
        let wait = std::time::Duration::from_secs(10);
        match url.strip_prefix("sqlite:") {
            Some(path) => {
                let options =
                    SqliteConnectOptions::new().filename(path).journal_mode(SqliteJournalMode::Wal).busy_timeout(wait);
                Self::Sqlite(SqlitePoolOptions::new().max_connections(2).connect_with(options).await.unwrap())
            }
            None => Self::Postgres(PgPoolOptions::new().max_connections(2).connect(url).await.unwrap()),
        }
    }

    pub async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }

    /// Runs statements; gives how many rows they changed.
    pub async fn exec(&self, sql: &str) -> u64 {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(pool) => sqlx::raw_sql(sql).execute(pool).await.unwrap().rows_affected(),
            Self::Postgres(pool) => sqlx::raw_sql(sql).execute(pool).await.unwrap().rows_affected(),
        }
    }

    /// The one number that a query gives.
    pub async fn number(&self, sql: &str) -> i64 {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(pool) => sqlx::query_scalar(sql).fetch_one(pool).await.unwrap(),
            Self::Postgres(pool) => sqlx::query_scalar(sql).fetch_one(pool).await.unwrap(),
        }
    }

    /// The one column of text that a query gives.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(pool) => sqlx::query_scalar(sql).fetch_all(pool).await.unwrap(),
            Self::Postgres(pool) => sqlx::query_scalar(sql).fetch_all(pool).await.unwrap(),
        }
    }

    /// How many rows a table has.
    pub async fn count(&self, table: &str) -> i64 {
        self.number(&format!("SELECT COUNT(*) FROM {table}")).await
    }

    /// Every column of every row of every table, as text; in no order that means anything, so in a fixed one.
    pub async fn dump(&self) -> String {
        let mut dump = String::new();
        match self {
            Self::Sqlite(pool) => {
                let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND NOT name GLOB 'user_search*'";
                for table in self.texts(tables).await {
                    let sql = AssertSqlSafe(format!("SELECT * FROM {table}"));
                    for row in sqlx::query(sql).fetch_all(pool).await.unwrap() {
                        for at in 0..row.len() {
                            dump.push_str(row.try_get_unchecked::<Option<&str>, _>(at).ok().flatten().unwrap_or(""));
                            dump.push('\n');
                        }
                    }
                }
            }
            Self::Postgres(_) => {
                let tables = "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = 'public'";
                for table in self.texts(tables).await {
                    let rows = self.texts(&format!("SELECT CAST(row AS TEXT) FROM {table} AS row")).await;
                    dump.push_str(&rows.join("\n"));
                    dump.push('\n');
                }
            }
        }
        let mut lines: Vec<&str> = dump.lines().collect();
        lines.sort_unstable();
        lines.join("\n")
    }

    /// Makes every insert into a table fail from now on.
    pub async fn break_inserts(&self, table: &str) {
        let fault = match self {
            Self::Sqlite(_) => "SELECT RAISE(ABORT, 'broken by the test')",
            Self::Postgres(_) => "RAISE EXCEPTION ''broken by the test''",
        };
        self.before("INSERT", table, fault).await;
    }

    /// Lets everything through until the commit, which fails if the table got a row.
    pub async fn break_commits(&self, table: &str) {
        self.exec("CREATE TABLE parent (id INTEGER PRIMARY KEY)").await;
        self.exec("CREATE TABLE orphan (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)").await;
        self.before("INSERT", table, "INSERT INTO orphan VALUES (1)").await;
    }

    /// Counts the rows of a table that are inserted or, say, get an `UPDATE OF tries_left`. See [`Self::attempts_lost`].
    pub async fn count_attempts(&self, table: &str, at: &str) {
        match self {
            Self::Sqlite(_) => {
                self.exec("CREATE TABLE attempt (id INTEGER PRIMARY KEY)").await;
                self.before(at, table, "INSERT INTO attempt VALUES (NULL)").await;
            }
            // Who has one row waits before taking the next, so that two who take them in opposite orders are sure to meet.
            Self::Postgres(_) => {
                self.exec("CREATE TABLE attempt (id BIGSERIAL PRIMARY KEY)").await;
                self.before(at, table, "INSERT INTO attempt DEFAULT VALUES; PERFORM pg_sleep(0.005)").await;
            }
        }
    }

    /// How many of the counted rows were undone, because their transaction had to begin again: their numbers are missing.
    pub async fn attempts_lost(&self) -> i64 {
        assert!(self.count("attempt").await > 0, "nothing was counted");
        self.number("SELECT CAST(MAX(id) - COUNT(*) AS BIGINT) FROM attempt").await
    }

    /// Has a statement run before each row of a table that is written in such a way.
    async fn before(&self, at: &str, table: &str, statement: &str) {
        let sql = match self {
            Self::Sqlite(_) => format!("CREATE TRIGGER watch BEFORE {at} ON {table} BEGIN {statement}; END"),
            Self::Postgres(_) => format!(
                "CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN {statement}; RETURN NEW; END';
                 CREATE TRIGGER watch BEFORE {at} ON {table} FOR EACH ROW EXECUTE FUNCTION watch()"
            ),
        };
        self.exec(&sql).await;
    }

    /// Takes the fault away.
    pub async fn mend(&self, table: &str) {
        match self {
            Self::Sqlite(_) => self.exec("DROP TRIGGER watch").await,
            Self::Postgres(_) => self.exec(&format!("DROP TRIGGER watch ON {table}")).await,
        };
    }

    /// Begins a transaction that holds what it writes against everybody else.
    pub async fn hold(&self) -> Held {
        match self {
            Self::Sqlite(pool) => Held::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await.unwrap()),
            Self::Postgres(pool) => Held::Postgres(pool.begin().await.unwrap()),
        }
    }
}

impl Held {
    pub async fn exec(&mut self, sql: &str) {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(tx) => drop(sqlx::raw_sql(sql).execute(&mut **tx).await.unwrap()),
            Self::Postgres(tx) => drop(sqlx::raw_sql(sql).execute(&mut **tx).await.unwrap()),
        }
    }

    /// Locks a table on Postgres; on SQLite the transaction holds the whole database anyway.
    pub async fn lock(&mut self, table: &str) {
        if let Self::Postgres(_) = self {
            self.exec(&format!("LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")).await;
        }
    }

    pub async fn commit(self) {
        match self {
            Self::Sqlite(tx) => tx.commit().await.unwrap(),
            Self::Postgres(tx) => tx.commit().await.unwrap(),
        }
    }
}
