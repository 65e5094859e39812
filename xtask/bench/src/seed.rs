//! Databases full of people, written straight into the tables: the verbs would take their time, and are not measured here.

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::json;
use sqlx::{AssertSqlSafe, PgPool, SqlitePool, sqlite::SqliteConnectOptions};
use vestibule_core::{
    code::{Code, CodeStyle},
    env::{Env, SystemEnv},
    secret::{SecretKey, Token},
};

/// The secret key of every measured server.
pub const KEY: &str = "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e";
/// Rows written in one statement.
const CHUNK: usize = 5_000;

/// A challenge that waits, with the code that meets it.
#[derive(Clone)]
pub struct Waiting {
    pub user: String,
    pub email: String,
    pub challenge: String,
    pub code: String,
    pub mac: String,
}

/// A database of either engine.
pub enum Database {
    Sqlite(PathBuf),
    Postgres { admin: String, name: String },
}

/// A pool of either engine.
pub enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Database {
    pub fn sqlite(folder: &Path, name: &str) -> Self {
        let database = Self::Sqlite(folder.join(format!("{name}.db")));
        database.remove_files();
        database
    }

    pub async fn postgres(admin: &str, name: &str) -> Result<Self> {
        let database = Self::Postgres { admin: admin.to_owned(), name: name.to_owned() };
        database.drop().await?;
        let pool = PgPool::connect(admin).await?;
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&pool).await?;
        Ok(database)
    }

    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite:{}", path.display()),
            Self::Postgres { admin, name } => {
                format!("{}/{name}", admin.rsplit_once('/').map_or(admin.as_str(), |(server, _)| server))
            }
        }
    }

    pub fn postgres_url(&self) -> Option<String> {
        matches!(self, Self::Postgres { .. }).then(|| self.url())
    }

    pub async fn pool(&self, connections: u32) -> Result<Pool> {
        Ok(match self {
            Self::Sqlite(path) => {
                let options = SqliteConnectOptions::new()
                    .filename(path)
                    .synchronous(sqlx::sqlite::SqliteSynchronous::Full)
                    .busy_timeout(std::time::Duration::from_mins(1));
                // One writer, as whoever writes this by hand would have it: more only wait for the lock.
                Pool::Sqlite(sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect_with(options).await?)
            }
            Self::Postgres { .. } => Pool::Postgres(
                sqlx::postgres::PgPoolOptions::new().max_connections(connections).connect(&self.url()).await?,
            ),
        })
    }

    pub async fn drop(&self) -> Result<()> {
        match self {
            Self::Sqlite(_) => self.remove_files(),
            Self::Postgres { admin, name } => {
                let pool = PgPool::connect(admin).await?;
                sqlx::query(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")))
                    .execute(&pool)
                    .await?;
            }
        }
        Ok(())
    }

    fn remove_files(&self) {
        if let Self::Sqlite(path) = self {
            for ending in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(format!("{}{ending}", path.display()));
            }
        }
    }
}

impl Pool {
    /// Runs a statement on a set; `{each}` in it becomes the engine's way to read the JSON array `$1`.
    async fn set(&self, sql: &str, rows: &serde_json::Value) -> Result<()> {
        let rows = rows.to_string();
        match self {
            Self::Sqlite(pool) => {
                sqlx::query(AssertSqlSafe(sql.replace("{each}", "json_each($1)"))).bind(rows).execute(pool).await?;
            }
            Self::Postgres(pool) => {
                let sql = sql.replace("{each}", "jsonb_array_elements(CAST($1 AS JSONB))");
                sqlx::query(AssertSqlSafe(sql)).bind(rows).execute(pool).await?;
            }
        }
        Ok(())
    }

    /// Does what the engine would otherwise do beside the first measurements.
    async fn settle(&self) -> Result<()> {
        match self {
            Self::Sqlite(pool) => {
                sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(pool).await?;
            }
            Self::Postgres(pool) => {
                sqlx::query("VACUUM ANALYZE").execute(pool).await?;
            }
        }
        Ok(())
    }

    async fn organization(&self) -> Result<String> {
        let sql = "SELECT id FROM organization LIMIT 1";
        let (id,): (String,) = match self {
            Self::Sqlite(pool) => sqlx::query_as(sql).fetch_one(pool).await?,
            Self::Postgres(pool) => sqlx::query_as(sql).fetch_one(pool).await?,
        };
        Ok(id)
    }
}

/// The number of the user in the middle of the list.
pub async fn middle_number(database: &Database) -> Result<i64> {
    let sql = "SELECT number FROM users ORDER BY number LIMIT 1 OFFSET (SELECT COUNT(*) / 2 FROM users)";
    let (number,): (i64,) = match database.pool(1).await? {
        Pool::Sqlite(pool) => sqlx::query_as(sql).fetch_one(&pool).await?,
        Pool::Postgres(pool) => sqlx::query_as(sql).fetch_one(&pool).await?,
    };
    Ok(number)
}

/// Fills the users list.
pub async fn users(database: &Database, count: usize) -> Result<()> {
    let (pool, env) = (database.pool(4).await?, SystemEnv::default());
    let organization = pool.organization().await?;
    for first in (0..count).step_by(CHUNK) {
        let people: Vec<_> =
            (first..count.min(first + CHUNK)).map(|place| person(&env, &organization, place)).collect();
        insert_people(&pool, &people.into()).await?;
    }
    pool.set(
        "INSERT INTO tally (organization_id, standing, slot, count) SELECT value->>'organization', 'unverified', 9, CAST(value->>'count' AS BIGINT) FROM {each} WHERE 1 = 1",
        &json!([{ "organization": organization, "count": count }]),
    )
    .await?;
    pool.settle().await
}

/// Fills a database with people who wait for one code each.
pub async fn challenges(database: &Database, count: usize) -> Result<Vec<Waiting>> {
    let (pool, env) = (database.pool(4).await?, SystemEnv::default());
    let key = SecretKey::parse(KEY).ok_or_else(|| anyhow::anyhow!("the key cannot be read"))?;
    let organization = pool.organization().await?;
    // Somebody wants to be told: whoever verifies writes a row for them as well.
    pool.set(
        "INSERT INTO webhook_endpoint (id, organization_id, url, created_at) SELECT 'hook', value->>'organization', 'https://hook.example', 0 FROM {each} WHERE 1 = 1 ON CONFLICT (id) DO NOTHING",
        &json!([{ "organization": organization }]),
    )
    .await?;
    let mut waiting = Vec::with_capacity(count);
    for first in (0..count).step_by(CHUNK) {
        let people: Vec<_> = (first..count.min(first + CHUNK))
            .map(|place| {
                let mut person = person(&env, &organization, place);
                let challenge = format!("challenge-{place}");
                let code = Code::draw(&env, CodeStyle::Letters, 8);
                let mac = code.mac(&key, &challenge);
                person["challenge"] = json!(challenge);
                person["mac"] = json!(mac);
                person["link"] = json!(Token::draw(&env).hash());
                waiting.push(Waiting {
                    user: format!("user-{place}"),
                    email: format!("email-{place}"),
                    challenge,
                    code: code.grouped(),
                    mac,
                });
                person
            })
            .collect();
        let people = people.into();
        insert_people(&pool, &people).await?;
        pool.set(
            "INSERT INTO challenge (id, organization_id, user_id, email_id, purpose, canonical, created_at, expires_at, tries_left)
             SELECT value->>'challenge', value->>'organization', value->>'user', value->>'email', 'email', value->>'address',
                    CAST(value->>'at' AS BIGINT), CAST(value->>'at' AS BIGINT) + 86400000, 5 FROM {each} WHERE 1 = 1",
            &people,
        )
        .await?;
        pool.set(
            "INSERT INTO generation (challenge_id, number, code_mac, link_hash, created_at)
             SELECT value->>'challenge', 1, value->>'mac', value->>'link', CAST(value->>'at' AS BIGINT) FROM {each} WHERE 1 = 1",
            &people,
        )
        .await?;
    }
    pool.settle().await?;
    Ok(waiting)
}

fn person(env: &SystemEnv, organization: &str, place: usize) -> serde_json::Value {
    let (name, address) = called(place);
    json!({
        "organization": organization,
        "user": format!("user-{place}"),
        "email": format!("email-{place}"),
        "number": env.number(),
        "name": name,
        "address": address,
        "search": format!("{}\n{address}", name.to_lowercase()),
        "at": env.now(),
    })
}

/// The name and the address of a person.
pub fn called(place: usize) -> (String, String) {
    let name = format!("{} {}", word(place % 400, 2), surname(place));
    let address = format!("{}{place}@example.com", name.replace(' ', ".").to_lowercase());
    (name, address)
}

/// The family name of a person: one of 64,000, so that a list of a million holds each about sixteen times.
pub fn surname(place: usize) -> String {
    // A step that is prime to the number of names visits all of them, and neighbours are not alike.
    word(place * 7_919 % 64_000, 3)
}

/// A name of so many of forty syllables.
fn word(mut number: usize, syllables: usize) -> String {
    const SYLLABLES: [&str; 40] = [
        "ka", "the", "ri", "ne", "lo", "mo", "ta", "shi", "bel", "gar", "dor", "vin", "sol", "mer", "ax", "qui", "zu",
        "fre", "hop", "tur", "dij", "kov", "ski", "wen", "yam", "oto", "ul", "bra", "cze", "nge", "pha", "ros", "sen",
        "ju", "ell", "cam", "dru", "fio", "gwy", "hal",
    ];
    let mut name = String::new();
    for _ in 0..syllables {
        name.push_str(SYLLABLES[number % 40]);
        number /= 40;
    }
    name[..1].to_uppercase() + &name[1..]
}

async fn insert_people(pool: &Pool, people: &serde_json::Value) -> Result<()> {
    pool.set(
        "INSERT INTO users (id, number, organization_id, username, username_key, name, language, state, standing, standing_was, last_step, sequence, search, created_at, changed_at)
         SELECT value->>'user', CAST(value->>'number' AS BIGINT), value->>'organization', value->>'address', value->>'address', value->>'name', 'en', 'active',
                'unverified', 'unverified', 'user-created', 0, value->>'search', CAST(value->>'at' AS BIGINT), CAST(value->>'at' AS BIGINT) FROM {each} WHERE 1 = 1",
        people,
    )
    .await?;
    pool.set(
        "INSERT INTO email (id, organization_id, user_id, address, canonical, is_primary, created_at)
         SELECT value->>'email', value->>'organization', value->>'user', value->>'address', value->>'address', TRUE, CAST(value->>'at' AS BIGINT) FROM {each} WHERE 1 = 1",
        people,
    )
    .await
}
