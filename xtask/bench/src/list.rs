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
    let folder = &arguments.folder;
    let (small, large) = (Database::sqlite(folder, "list_small"), Database::sqlite(folder, "list_large"));
    measure("SQLite", small, large, arguments).await?;
    if let Some(url) = &arguments.postgres {
        let small = Database::postgres(url, "bench_list_small").await?;
        measure("Postgres", small, Database::postgres(url, "bench_list_large").await?, arguments).await?;
    }
    Ok(())
}

/// Asks the small list and the large one in turns, so that whatever else the machine does meets both.
async fn measure(engine: &str, small: Database, large: Database, arguments: &Arguments) -> Result<()> {
    let mut small = List::open(small, SMALL, arguments).await?;
    let mut large = List::open(large, arguments.users, arguments).await?;
    for (page, query) in pages() {
        let (mut of_small, mut of_large) = (Vec::with_capacity(TIMES), Vec::with_capacity(TIMES));
        for _ in 0..TIMES {
            of_small.push(small.get(&query).await?);
            of_large.push(large.get(&query).await?);
        }
        let (small, large) = (median(of_small), median(of_large));
        println!("| {engine} | {page} | {small:.2} | {large:.2} | {:.2} |", large / small);
    }
    small.close().await?;
    large.close().await
}

/// What is asked for; `{middle}` stands for the number of the user in the middle, by which the list itself is keyed.
fn pages() -> Vec<(&'static str, String)> {
    let search = |text: &str| format!("?search={}", text.replace(' ', "+").replace('@', "%40"));
    let (name, address) = seed::called(777);
    let (first, surname) = (name.split(' ').next().unwrap_or_default(), seed::surname(777));
    vec![
        ("first page", String::new()),
        ("deep page", "?below={middle}".to_owned()),
        ("one tab", "?state=unverified".to_owned()),
        ("search, a family name", search(&surname)),
        ("search, one whose parts are in every line", search("777@example")),
        ("search, what everybody has", search("example.com")),
        ("search, what everybody has, deep", format!("{}&below={{middle}}", search("example.com"))),
        ("search, a first name", search(first)),
        ("search, a first name, in one tab", format!("{}&state=unverified", search(first))),
        ("search, first and family name", search(&name)),
        ("search, a whole address", search(&address)),
        ("search, an address that nobody has", search("nobody.at.all@example.com")),
        ("search, the middle of a name", search(&surname[2..6])),
        ("search, three signs", search(&surname[..3])),
        ("search, a domain with its @", search("@example.com")),
    ]
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// A server with so many users, and an administrator who is signed in there.
struct List {
    database: Database,
    server: Server,
    connection: Connection,
    cookie: String,
    middle: i64,
}

impl List {
    async fn open(database: Database, users: usize, arguments: &Arguments) -> Result<Self> {
        Server::start(&arguments.binary, &database).await?.stop().await?;
        seed::users(&database, users).await?;
        make_administrator(arguments, &database).await?;
        let server = Server::start(&arguments.binary, &database).await?;
        let mut connection = Connection::open(server.address).await?;
        let body = "username=bench%40example.org&password=tall+ships+and+stars";
        let sign_in = format!(
            "POST /do/sign_in HTTP/1.1\r\nhost: bench\r\naccept: text/html\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let head = connection.send_keeping_case(sign_in.as_bytes()).await?;
        let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).context("no session")?;
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let middle = seed::middle_number(&database).await?;
        Ok(Self { database, server, connection, cookie, middle })
    }

    /// Milliseconds until the page was there.
    async fn get(&mut self, query: &str) -> Result<f64> {
        let query = query.replace("{middle}", &self.middle.to_string());
        let request = format!(
            "GET /console/users{query} HTTP/1.1\r\nhost: bench\r\naccept: text/html\r\ncookie: {}\r\n\r\n",
            self.cookie
        );
        let begin = Instant::now();
        let head = self.connection.send(request.as_bytes()).await?;
        let time = begin.elapsed().as_secs_f64() * 1_000.0;
        ensure!(head.starts_with("http/1.1 200"), "the list did not come:\n{head}");
        Ok(time)
    }

    async fn close(self) -> Result<()> {
        self.server.stop().await?;
        self.database.drop().await
    }
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
