//! Measures the release binary over HTTP, beside the same statements by hand and beside no database at all, in one run.
//!
//! It prints tables and judges nothing: the figures are for people, and the ratios are what carries over to another machine.
#![allow(clippy::print_stdout, reason = "the tables are the point of this program")]

mod dialects;
mod hand;
mod list;
mod load;
mod pgbench;
mod seed;
mod server;

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;

use crate::{seed::Database, server::Server};

#[derive(Parser)]
struct Arguments {
    /// The release binary.
    #[arg(long)]
    binary: PathBuf,
    /// A Postgres server, with durable commits, on which databases may be created; without it only SQLite is measured.
    #[arg(long)]
    postgres: Option<String>,
    /// The folder of Postgres' programs, for pgbench.
    #[arg(long)]
    programs: Option<PathBuf>,
    /// How many users the large list has.
    #[arg(long, default_value_t = 1_000_000)]
    users: usize,
    /// Where the databases are made and deleted.
    #[arg(long)]
    folder: PathBuf,
    /// Measure only verifications.
    #[arg(long, conflicts_with = "only_list")]
    only_verify: bool,
    /// Measure only the users list.
    #[arg(long)]
    only_list: bool,
    /// Measure only the dialects beside the page.
    #[arg(long, conflicts_with_all = ["only_list", "only_verify"])]
    only_dialects: bool,
}

/// Connections and how many verifications they share.
const LEVELS: [(usize, usize); 3] = [(1, 3_000), (16, 30_000), (64, 60_000)];

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if arguments.only_dialects {
        return dialects::compare(&arguments).await;
    }
    if !arguments.only_list {
        verify_all(&arguments).await?;
        dialects::compare(&arguments).await?;
    }
    if !arguments.only_verify {
        list::compare(&arguments).await?;
    }
    Ok(())
}

async fn verify_all(arguments: &Arguments) -> Result<()> {
    verify("SQLite", &Database::sqlite(&arguments.folder, "verify"), arguments).await?;
    if let Some(url) = &arguments.postgres {
        verify("Postgres", &Database::postgres(url, "bench_verify").await?, arguments).await?;
    }
    Ok(())
}

async fn verify(engine: &str, database: &Database, arguments: &Arguments) -> Result<()> {
    println!("\n## Verifications a second, {engine}, full durability\n");
    let prepared = Server::start(&arguments.binary, database).await?;
    prepared.stop().await?;
    let total: usize = LEVELS.iter().map(|(_, count)| count).sum();
    let hand_count = 8_000;
    let challenges = seed::challenges(database, total + 2 * hand_count).await?;
    let (mut rest, by_hand) = challenges.split_at(total);

    let server = Server::start(&arguments.binary, database).await?;
    println!("start to first 200: {} ms", server.start_ms);
    let memory_before = server.resident_mb()?;
    println!("| connections | verifications/s | without the database/s | share |\n|---|---|---|---|");
    for (connections, count) in LEVELS {
        let (now, later) = rest.split_at(count);
        rest = later;
        let verified = load::verify(server.address, connections, now).await?;
        let without = load::unreadable(server.address, connections).await?;
        println!("| {connections} | {verified:.0} | {without:.0} | {:.0} % |", 100.0 * verified / without);
        if connections == 16 {
            println!("| | resident: {memory_before:.1} MB at the start, {:.1} MB now | | |", server.resident_mb()?);
        }
    }
    server.stop().await?;

    let (one, many) = by_hand.split_at(hand_count);
    println!("\nThe same statements by hand, one commit each, no HTTP:\n\n| tasks | verifications/s |\n|---|---|");
    println!("| 1 | {:.0} |", hand::run(database, 1, &one[..one.len() / 4]).await?);
    println!("| 64 | {:.0} |", hand::run(database, 64, many).await?);
    if let (Some(_), Some(programs)) = (&database.postgres_url(), &arguments.programs) {
        pgbench::run(programs, database, total + 2 * hand_count)?;
    }
    database.drop().await
}
