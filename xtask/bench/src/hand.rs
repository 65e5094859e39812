//! The same statements as a verification has, as one would write them by hand: one after the other, a commit each.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use anyhow::Result;

use crate::{
    load::per_second,
    seed::{Database, Pool, Waiting},
};

/// What a verification reads and writes, in order. `$1` is the challenge, `$2` the time.
pub const STATEMENTS: [&str; 9] = [
    "UPDATE challenge SET tries_left = tries_left - 1 WHERE id = $1 AND tries_left >= 1 AND $2 > 0",
    "UPDATE generation SET created_at = created_at WHERE challenge_id = $1 AND $2 < 0",
    "UPDATE challenge SET redeemed_at = $2, tries_left = tries_left + 1, ended_at = $2, ended = 'used' WHERE id = $1 AND ended_at IS NULL AND expires_at > $2",
    "UPDATE email SET verified_at = $2, proof = 'code', proof_actor = '{}' WHERE id = (SELECT email_id FROM challenge WHERE id = $1) AND verified_at IS NULL",
    "UPDATE challenge SET ended = 'verified', ended_at = $2 WHERE email_id = (SELECT email_id FROM challenge WHERE id = $1) AND purpose = 'email' AND ended_at IS NULL",
    "UPDATE message SET state = 'cancelled', changed_at = $2 WHERE challenge_id = $1 AND state IN ('waiting', 'deferred')",
    "UPDATE users SET sequence = sequence + 1, last_step = 'email-verified', changed_at = $2, standing_was = standing, standing = 'verified' WHERE id = (SELECT user_id FROM challenge WHERE id = $1)",
    "INSERT INTO event (user_id, sequence, number, organization_id, at, kind, actor, data) SELECT id, sequence, number, organization_id, $2, 'email-verified', '{}', '{}' FROM users WHERE id = (SELECT user_id FROM challenge WHERE id = $1)",
    "INSERT INTO webhook (endpoint_id, user_id, sequence, created_at) SELECT w.id, u.id, u.sequence, $2 FROM users u JOIN webhook_endpoint w ON w.organization_id = u.organization_id WHERE u.id = (SELECT user_id FROM challenge WHERE id = $1)",
];

/// Verifies each challenge by hand with so many tasks; gives verifications a second.
pub async fn run(database: &Database, tasks: u32, waiting: &[Waiting]) -> Result<f64> {
    let pool = Arc::new(database.pool(tasks.min(16)).await?);
    let (next, waiting) = (Arc::new(AtomicUsize::new(0)), Arc::new(waiting.to_vec()));
    let begin = Instant::now();
    let running = (0..tasks).map(|_| {
        let (pool, next, waiting) = (pool.clone(), next.clone(), waiting.clone());
        tokio::spawn(async move {
            while let Some(one) = waiting.get(next.fetch_add(1, Ordering::Relaxed)) {
                match &*pool {
                    Pool::Sqlite(pool) => {
                        let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
                        let found: Vec<(String,)> =
                            sqlx::query_as("SELECT code_mac FROM generation WHERE challenge_id = $1")
                                .bind(&one.challenge)
                                .fetch_all(&mut *tx)
                                .await?;
                        anyhow::ensure!(found.iter().any(|(mac,)| *mac == one.mac), "not the code");
                        for statement in STATEMENTS {
                            sqlx::query(statement)
                                .bind(&one.challenge)
                                .bind(1_800_000_000_000_i64)
                                .execute(&mut *tx)
                                .await?;
                        }
                        tx.commit().await?;
                    }
                    Pool::Postgres(pool) => {
                        let mut tx = pool.begin().await?;
                        let found: Vec<(String,)> =
                            sqlx::query_as("SELECT code_mac FROM generation WHERE challenge_id = $1")
                                .bind(&one.challenge)
                                .fetch_all(&mut *tx)
                                .await?;
                        anyhow::ensure!(found.iter().any(|(mac,)| *mac == one.mac), "not the code");
                        for statement in STATEMENTS {
                            sqlx::query(statement)
                                .bind(&one.challenge)
                                .bind(1_800_000_000_000_i64)
                                .execute(&mut *tx)
                                .await?;
                        }
                        tx.commit().await?;
                    }
                }
            }
            anyhow::Ok(())
        })
    });
    for task in running.collect::<Vec<_>>() {
        task.await??;
    }
    Ok(per_second(waiting.len(), begin.elapsed()))
}
