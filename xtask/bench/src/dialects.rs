//! One verification by each dialect beside the same verb by the page, in one run: what the dialect itself costs.

use std::{io::Write, path::Path, process::Stdio};

use anyhow::{Context, Result, ensure};

use crate::{
    Arguments,
    load::{self, Connection},
    seed::{self, Database, KEY, Waiting},
    server::Server,
};

/// Faces take turns, so that whatever else the machine does meets all of them alike.
const ROUNDS: usize = 9;
const CONNECTIONS: usize = 16;
const A_ROUND: usize = 2_000;

/// Makes the bytes of a request for a person.
type Request = Box<dyn Fn(&Waiting) -> Vec<u8>>;

/// One way to verify: how a request looks, and what its answer must hold.
struct Face {
    name: &'static str,
    request: Request,
    expected: &'static str,
}

pub async fn compare(arguments: &Arguments) -> Result<()> {
    on("SQLite", &Database::sqlite(&arguments.folder, "dialects"), arguments).await?;
    if let Some(url) = &arguments.postgres {
        on("Postgres", &Database::postgres(url, "bench_dialects").await?, arguments).await?;
    }
    Ok(())
}

async fn on(engine: &str, database: &Database, arguments: &Arguments) -> Result<()> {
    println!(
        "\n## Verifications a second by each face, {engine}, {CONNECTIONS} connections, median of {ROUNDS} rounds\n"
    );
    Server::start(&arguments.binary, database).await?.stop().await?;
    let password = "a bench has no secrets\n";
    let admin = ["admin", "create", "--email", "bench@example.org", "--role", "owner", "--password-stdin"];
    command(&arguments.binary, database, &admin, password)?;
    let key = command(&arguments.binary, database, &["api-key", "create", "--name", "bench"], "")?;
    let organizations = command(&arguments.binary, database, &["org", "list", "--json"], "")?;
    let organizations: serde_json::Value = serde_json::from_str(&organizations)?;
    let organization = organizations[0]["id"].as_str().context("an organization")?.to_owned();

    let by_code = codes(&key, &organization);
    let waiting = seed::challenges(database, (by_code.len() + 2) * ROUNDS * A_ROUND).await?;
    let server = Server::start(&arguments.binary, database).await?;
    let cookie = sign_in(&server, password.trim()).await?;
    let by_word = words(&key, &cookie);

    let mut rest = waiting.as_slice();
    for faces in [by_code, by_word] {
        println!("| face | verifications/s | to the page |\n|---|---|---|");
        let mut rates = vec![Vec::new(); faces.len()];
        for _ in 0..ROUNDS {
            for (face, rates) in faces.iter().zip(&mut rates) {
                let (now, later) = rest.split_at(A_ROUND);
                rest = later;
                let requests = now.iter().map(|one| (face.request)(one)).collect();
                rates.push(load::each_once(server.address, CONNECTIONS, requests, face.expected).await?);
            }
        }
        // Beside the page of the same round: from one round to the next the machine may be busier or idler.
        let page = rates[0].clone();
        for (face, rates) in faces.iter().zip(rates) {
            let ratios = rates.iter().zip(&page).map(|(rate, page)| rate / page).collect();
            println!("| {} | {:.0} | {:.2} |", face.name, median(rates), median(ratios));
        }
        println!();
    }
    server.stop().await?;
    database.drop().await
}

/// Those who enter a code.
fn codes(key: &str, organization: &str) -> Vec<Face> {
    let bearer = format!("authorization: Bearer {key}\r\n");
    let json = |bearer: String, path: fn(&str, &str) -> String, organization: String, kind: &'static str| {
        move |one: &Waiting| {
            let body = format!(r#"{{"userId":"{}","verificationCode":"{}"}}"#, one.user, one.code);
            post(&path(&organization, &one.user), kind, &bearer, &body)
        }
    };
    let (b, o) = (|| bearer.clone(), || organization.to_owned());
    vec![
        Face {
            name: "page",
            request: Box::new(|one| {
                let body = format!("challenge={}&code={}", one.challenge, one.code);
                post("/do/verify", "application/x-www-form-urlencoded", "accept: text/html\r\n", &body)
            }),
            expected: "location: /verified\r\n",
        },
        Face {
            name: "Zitadel v2, REST",
            request: Box::new(json(b(), |_, user| format!("/v2/users/{user}/email/verify"), o(), "application/json")),
            expected: "http/1.1 200",
        },
        Face {
            name: "Zitadel v2, Connect",
            request: Box::new(json(
                b(),
                |_, _| "/zitadel.user.v2.UserService/VerifyEmail".to_owned(),
                o(),
                "application/json",
            )),
            expected: "http/1.1 200",
        },
        Face {
            name: "PingOne",
            request: Box::new(json(
                b(),
                |organization, user| format!("/v1/environments/{organization}/users/{user}"),
                o(),
                "application/vnd.pingidentity.user.verify+json",
            )),
            expected: "http/1.1 200",
        },
    ]
}

/// Those who say that an address is verified.
fn words(key: &str, cookie: &str) -> Vec<Face> {
    let (key, cookie) = (format!("x-api-key: {key}\r\n"), format!("accept: text/html\r\ncookie: {cookie}\r\n"));
    vec![
        Face {
            name: "console: mark verified",
            request: Box::new(move |one| {
                let body = format!("user={}&email={}&reason=bench", one.user, one.email);
                post("/do/mark_verified", "application/x-www-form-urlencoded", &cookie, &body)
            }),
            expected: "done=verified",
        },
        Face {
            name: "MonoCloud",
            request: Box::new(move |one| {
                let path = format!("/api/users/{}/emails/{}/verify", one.user, one.email);
                post(&path, "application/json", &key, "")
            }),
            expected: "http/1.1 200",
        },
    ]
}

fn post(path: &str, kind: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: bench\r\n{headers}content-type: {kind}\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

async fn sign_in(server: &Server, password: &str) -> Result<String> {
    let body = format!("username=bench@example.org&password={}", password.replace(' ', "+"));
    let request = post("/do/sign_in", "application/x-www-form-urlencoded", "accept: text/html\r\n", &body);
    let head = Connection::open(server.address).await?.send_keeping_case(&request).await?;
    let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: vestibule=")).context("a session")?;
    Ok(format!("vestibule={}", cookie.split(';').next().unwrap_or_default()))
}

/// Runs a command of the binary; gives what it printed.
fn command(binary: &Path, database: &Database, arguments: &[&str], input: &str) -> Result<String> {
    let mut child = std::process::Command::new(binary)
        .args(arguments)
        .env_clear()
        .env("DATABASE_URL", database.url())
        .env("VESTIBULE_SECRET_KEY", KEY)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    child.stdin.take().context("standard input")?.write_all(input.as_bytes())?;
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "{arguments:?} failed");
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}
