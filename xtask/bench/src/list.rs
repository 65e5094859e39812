//! The users list, small and large.

use std::{process::Stdio, time::Instant};

use anyhow::{Context, Result, ensure};
use tokio::{io::AsyncWriteExt, process::Command};

use crate::{
    Arguments,
    load::Connection,
    seed::{self, Database},
    server::Server,
};

/// How often each page is asked for; the median counts.
const TIMES: usize = 101;
const SMALL: usize = 1_000;

pub async fn compare(arguments: &Arguments) -> Result<()> {
    println!("\n## Users list, median milliseconds of a whole page over HTTP\n");
    println!("| engine | page | {SMALL} users | {} users | ratio |\n|---|---|---|---|---|", arguments.users);
    let small = measure(&Database::sqlite(&arguments.folder, "list_small"), SMALL, arguments).await?;
    let large = measure(&Database::sqlite(&arguments.folder, "list_large"), arguments.users, arguments).await?;
    print("SQLite", &small, &large);
    if let Some(url) = &arguments.postgres {
        let small = measure(&Database::postgres(url, "bench_list_small").await?, SMALL, arguments).await?;
        let large = measure(&Database::postgres(url, "bench_list_large").await?, arguments.users, arguments).await?;
        print("Postgres", &small, &large);
    }
    Ok(())
}

fn print(engine: &str, small: &[(&str, f64)], large: &[(&str, f64)]) {
    for ((page, small), (_, large)) in small.iter().zip(large) {
        println!("| {engine} | {page} | {small:.2} | {large:.2} | {:.2} |", large / small);
    }
}

async fn measure(database: &Database, users: usize, arguments: &Arguments) -> Result<Vec<(&'static str, f64)>> {
    Server::start(&arguments.binary, database).await?.stop().await?;
    seed::users(database, users).await?;
    make_administrator(arguments, database).await?;
    let server = Server::start(&arguments.binary, database).await?;
    let mut connection = Connection::open(server.address).await?;
    let body = "username=bench%40example.org&password=tall+ships+and+stars";
    let sign_in = format!(
        "POST /do/sign_in HTTP/1.1\r\nhost: bench\r\naccept: text/html\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let head = connection.send_keeping_case(sign_in.as_bytes()).await?;
    let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).context("no session")?;
    let cookie = cookie.split(';').next().unwrap_or_default().to_owned();

    // The page after the middle one, by the number that the list itself is keyed by.
    let middle = seed::middle_number(database).await?;
    let search = |text: &str| format!("?search={}", text.replace(' ', "+").replace('@', "%40"));
    let (name, address) = seed::called(777);
    let (first, surname) = (name.split(' ').next().unwrap_or_default(), seed::surname(777));
    let mut medians = Vec::new();
    for (page, query) in [
        ("first page", String::new()),
        ("deep page", format!("?below={middle}")),
        ("one tab", "?state=unverified".to_owned()),
        ("search, a family name", search(&surname)),
        ("search, one whose parts are in every line", search("777@example")),
        ("search, what everybody has", search("example.com")),
        ("search, a first name", search(first)),
        ("search, first and family name", search(&name)),
        ("search, a whole address", search(&address)),
        ("search, an address that nobody has", search("nobody.at.all@example.com")),
        ("search, the middle of a name", search(&surname[2..6])),
        ("search, three signs", search(&surname[..3])),
        ("search, a domain with its @", search("@example.com")),
        ("search, what everybody has, deep", format!("{}&below={middle}", search("example.com"))),
        ("search, a first name, in one tab", format!("{}&state=unverified", search(first))),
    ] {
        let request = format!(
            "GET /console/users{query} HTTP/1.1\r\nhost: bench\r\naccept: text/html\r\ncookie: {cookie}\r\n\r\n"
        );
        let mut times = Vec::with_capacity(TIMES);
        for _ in 0..TIMES {
            let begin = Instant::now();
            let head = connection.send(request.as_bytes()).await?;
            times.push(begin.elapsed().as_secs_f64() * 1_000.0);
            ensure!(head.starts_with("http/1.1 200"), "the list did not come:\n{head}");
        }
        times.sort_by(f64::total_cmp);
        medians.push((page, times[TIMES / 2]));
    }
    server.stop().await?;
    database.drop().await?;
    Ok(medians)
}

async fn make_administrator(arguments: &Arguments, database: &Database) -> Result<()> {
    let mut child = Command::new(&arguments.binary)
        .args(["admin", "create", "--email", "bench@example.org", "--role", "owner", "--password-stdin"])
        .env_clear()
        .env("DATABASE_URL", database.url())
        .env("VESTIBULE_SECRET_KEY", seed::KEY)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(b"tall ships and stars\n").await?;
    }
    ensure!(child.wait().await?.success(), "the administrator could not be made");
    Ok(())
}
