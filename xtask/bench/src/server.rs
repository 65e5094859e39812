//! The binary under measurement.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    process::{Child, Command},
};

use crate::seed::{Database, KEY};

pub struct Server {
    pub address: SocketAddr,
    pub start_ms: u128,
    child: Child,
}

impl Server {
    /// Starts it and waits for the first 200.
    pub async fn start(binary: &Path, database: &Database) -> Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let begin = Instant::now();
        let child = Command::new(binary)
            .arg("serve")
            .env_clear()
            .env("VESTIBULE_LISTEN", address.to_string())
            .env("DATABASE_URL", database.url())
            .env("VESTIBULE_SECRET_KEY", KEY)
            .env("VESTIBULE_LOG", "error")
            .env("VESTIBULE_API_RATE", "0")
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", binary.display()))?;
        while begin.elapsed() < Duration::from_mins(1) {
            if is_up(address).await.unwrap_or(false) {
                return Ok(Self { address, start_ms: begin.elapsed().as_millis(), child });
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        bail!("the server did not answer within a minute")
    }

    /// Resident memory in megabytes.
    pub fn resident_mb(&self) -> Result<f64> {
        let id = self.child.id().context("the server has ended")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("no VmRSS")?;
        let kilobytes: f64 = line.split_whitespace().nth(1).context("no figure")?.parse()?;
        Ok(kilobytes / 1_024.0)
    }

    pub async fn stop(mut self) -> Result<()> {
        self.child.kill().await?;
        Ok(())
    }
}

async fn is_up(address: SocketAddr) -> Result<bool> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n").await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(answer.starts_with(b"HTTP/1.1 200"))
}
