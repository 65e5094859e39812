//! Load over kept-alive HTTP/1.1 connections, bounded in count and time.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::seed::Waiting;

/// How long the route without a database is pressed.
const WITHOUT: Duration = Duration::from_secs(3);

/// Redeems each code once; gives verifications a second. Fails where one was refused.
pub async fn verify(address: SocketAddr, connections: usize, waiting: &[Waiting]) -> Result<f64> {
    let requests = waiting.iter().map(|one| form(&one.challenge, &one.code)).collect();
    each_once(address, connections, requests, "location: /verified\r\n").await
}

/// Sends each request once; gives requests a second. Fails where an answer's head does not hold what it must.
pub async fn each_once(
    address: SocketAddr,
    connections: usize,
    requests: Vec<Vec<u8>>,
    expected: &'static str,
) -> Result<f64> {
    let (count, requests) = (requests.len(), Arc::new(requests));
    let next = Arc::new(AtomicUsize::new(0));
    let begin = Instant::now();
    let tasks = (0..connections).map(|_| {
        let (requests, next) = (requests.clone(), next.clone());
        tokio::spawn(async move {
            let mut connection = Connection::open(address).await?;
            while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                let head = connection.send(request).await?;
                ensure!(head.contains(expected), "a verification was refused:\n{head}");
            }
            anyhow::Ok(())
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await??;
    }
    Ok(per_second(count, begin.elapsed()))
}

/// Presses the same route with what cannot be a code, which costs everything but the database.
pub async fn unreadable(address: SocketAddr, connections: usize) -> Result<f64> {
    let begin = Instant::now();
    let tasks = (0..connections).map(|_| {
        tokio::spawn(async move {
            let (mut connection, request) = (Connection::open(address).await?, form("none", "x"));
            let mut count = 0;
            while begin.elapsed() < WITHOUT {
                connection.send(&request).await?;
                count += 1;
            }
            anyhow::Ok(count)
        })
    });
    let mut total = 0;
    for task in tasks.collect::<Vec<_>>() {
        total += task.await??;
    }
    Ok(per_second(total, begin.elapsed()))
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn per_second(count: usize, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

fn form(challenge: &str, code: &str) -> Vec<u8> {
    let body = format!("challenge={challenge}&code={code}");
    format!(
        "POST /do/verify HTTP/1.1\r\nhost: bench\r\naccept: text/html\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// One kept-alive connection.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1_024) })
    }

    /// Sends a request, reads the whole answer, gives its head in small letters.
    pub async fn send(&mut self, request: &[u8]) -> Result<String> {
        Ok(self.send_keeping_case(request).await?.to_lowercase())
    }

    /// The same with the head as it came; header names are in small letters anyway.
    pub async fn send_keeping_case(&mut self, request: &[u8]) -> Result<String> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head_end = loop {
            if let Some(at) = find(&self.buffer, b"\r\n\r\n") {
                break at + 4;
            }
            self.more().await?;
        };
        let head = String::from_utf8_lossy(&self.buffer[..head_end]).into_owned();
        if let Some(length) = head.lines().find_map(|line| line.strip_prefix("content-length: ")) {
            let length: usize = length.trim().parse().context("a content length")?;
            while self.buffer.len() < head_end + length {
                self.more().await?;
            }
        } else if head.contains("transfer-encoding: chunked") {
            while !self.buffer.ends_with(b"0\r\n\r\n") {
                self.more().await?;
            }
        }
        Ok(head)
    }

    async fn more(&mut self) -> Result<()> {
        let read = self.stream.read_buf(&mut self.buffer).await?;
        ensure!(read > 0, "the server closed the connection");
        Ok(())
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}
