//! Where a test's database is.

use std::{
    env,
    path::PathBuf,
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use sqlx::{AssertSqlSafe, Connection, PgConnection};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A database of its own; [`Place::remove`] takes it away.
pub enum Place {
    Folder { path: PathBuf, url: String },
    Database { server: String, name: String, url: String },
}

static MADE: AtomicU32 = AtomicU32::new(0);

impl Place {
    pub async fn make(engine: Engine) -> Self {
        let name = format!("vestibule_test_{}_{}", process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        match engine {
            Engine::Sqlite => {
                let path = env::temp_dir().join(name);
                let url = format!("sqlite:{}", path.join("vestibule.db").display());
                Self::Folder { path, url }
            }
            Engine::Postgres => {
                let server = env::var("VESTIBULE_TEST_POSTGRES").unwrap_or_default();
                assert!(
                    !server.is_empty(),
                    "VESTIBULE_TEST_POSTGRES names no server to test on: run `cargo xtask test`, which starts one"
                );
                on(&server, &format!("CREATE DATABASE {name}")).await;
                let url = database_url(&server, &name);
                Self::Database { server, name, url }
            }
        }
    }

    pub fn url(&self) -> &str {
        match self {
            Self::Folder { url, .. } | Self::Database { url, .. } => url,
        }
    }

    pub async fn remove(self) {
        match self {
            Self::Folder { path, .. } => std::fs::remove_dir_all(path).unwrap(),
            Self::Database { server, name, .. } => on(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await,
        }
    }
}

async fn on(server: &str, sql: &str) {
    let mut conn = PgConnection::connect(server).await.expect("the server that VESTIBULE_TEST_POSTGRES names answers");
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

/// The server's URL with another database in it.
fn database_url(server: &str, name: &str) -> String {
    let (place, query) = server.split_once('?').map_or((server, None), |(place, query)| (place, Some(query)));
    let (scheme, rest) = place.split_once("://").expect("a URL");
    let host = rest.split('/').next().unwrap_or_default();
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{scheme}://{host}/{name}{query}")
}
