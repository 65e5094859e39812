//! One connection of either engine.

use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction, pool::PoolConnection};

use crate::Result;

/// A connection that a query runs on; which engine it is only the query macros ask.
#[derive(Debug)]
pub enum Tx {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(Transaction<'static, Postgres>),
    PostgresReader(PoolConnection<Postgres>),
}

pub(super) enum Conn<'t> {
    Sqlite(&'t mut SqliteConnection),
    Postgres(&'t mut PgConnection),
}

impl Tx {
    pub(super) fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(conn) => Conn::Sqlite(conn),
            Self::Postgres(conn) => Conn::Postgres(conn),
            Self::PostgresReader(conn) => Conn::Postgres(conn),
        }
    }

    pub(super) async fn commit(self) -> Result<()> {
        if let Self::Postgres(transaction) = self {
            transaction.commit().await?;
        }
        Ok(())
    }
}
