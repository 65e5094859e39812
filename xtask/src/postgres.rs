//! A Postgres that lives as long as the tests.

use std::ffi::OsStr;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::{env, fs};

use anyhow::{Context, Result};

use crate::command::{fresh_folder, run_quietly, which};
use crate::machine::{apt_install, is_root};

/// A server on which databases may be created: one that was named to us, or a throw-away cluster that ends with this value.
pub struct Postgres {
    url: String,
    /// Ends with this value.
    _cluster: Option<Cluster>,
}

struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    /// Waits until its input ends, be it with this value or with this process, however that ends; then ends the cluster.
    keeper: Child,
}

impl Postgres {
    /// Uses the server in `VESTIBULE_TEST_POSTGRES`, else starts one that listens on loopback only.
    ///
    /// Durability is switched off: nothing in it outlives the tests, and what depends on it is tested with SQLite.
    pub fn start() -> Result<Self> {
        if let Some(url) = env::var("VESTIBULE_TEST_POSTGRES").ok().filter(|url| !url.is_empty()) {
            return Ok(Self { url, _cluster: None });
        }
        Self::throw_away(&env::temp_dir(), "-c fsync=off -c synchronous_commit=off -c full_page_writes=off")
    }

    /// Starts one whose commits are on the disk when they are answered: where things are kept over a restart, which is not
    /// in memory. The target folder may be one that Postgres' own user cannot reach.
    pub fn start_durable() -> Result<Self> {
        Self::throw_away(Path::new("/var/tmp"), "-c shared_buffers=512MB -c max_wal_size=4GB")
    }

    fn throw_away(within: &Path, settings: &str) -> Result<Self> {
        if programs().is_none() {
            apt_install(&["postgresql"])?;
        }
        let programs = programs().context("Postgres is missing after its installation")?;
        let cluster = Cluster::reserve(programs, within)?;
        let port = free_port()?;
        cluster.start(port, settings)?;
        Ok(Self { url: format!("postgres://postgres@127.0.0.1:{port}/postgres"), _cluster: Some(cluster) })
    }

    /// Where it is, with a user who may create databases.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Cluster {
    /// Makes an empty folder. Whatever comes of filling it, the keeper takes it away.
    fn reserve(programs: PathBuf, within: &Path) -> Result<Self> {
        let folder = fresh_folder(within, "postgres")?;
        let mut stop = program(&programs, "pg_ctl");
        // This fails only where the start had failed before; then there is nothing to end.
        stop.args(["stop", "--mode=immediate", "--silent", "-D"]).arg(data(&folder));
        let keeper = Command::new("sh")
            // An interrupt at the terminal reaches all that were started from it.
            .args(["-c", r#"trap '' INT TERM HUP; folder="$1"; shift; read -r _; "$@"; rm -rf -- "$folder""#, "keeper"])
            .arg(&folder)
            .arg(stop.get_program())
            .args(stop.get_args())
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start sh")?;
        Ok(Self { programs, folder, keeper })
    }

    fn start(&self, port: u16, settings: &str) -> Result<()> {
        if is_root() {
            // Postgres refuses root, and its own user must own what it keeps.
            run_quietly(Command::new("chown").arg("postgres").arg(&self.folder))?;
        }
        let data = data(&self.folder);
        let folder = self.folder.display();
        run_quietly(
            program(&self.programs, "initdb")
                .args(["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "-D"])
                .arg(&data),
        )?;
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c max_connections=400 {settings}"
        );
        run_quietly(
            program(&self.programs, "pg_ctl")
                .args(["start", "--wait", "--silent", "--log"])
                .arg(self.folder.join("log"))
                .arg("-o")
                .arg(options)
                .arg("-D")
                .arg(&data),
        )?;
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

fn program(programs: &Path, name: &str) -> Command {
    let path = programs.join(name);
    let mut command = if is_root() {
        let mut runuser = Command::new("runuser");
        runuser.args(["-u", "postgres", "--"]).arg(path);
        runuser
    } else {
        Command::new(path)
    };
    // The postgres user may not be able to read where we stand.
    command.current_dir("/");
    command
}

fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

/// The folder with `initdb` and `pg_ctl`. Debian keeps them out of the path, a folder for each version.
pub fn programs() -> Option<PathBuf> {
    let complete = |folder: &Path| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file();
    if let Some(folder) = which("pg_ctl").as_deref().and_then(Path::parent).filter(|folder| complete(folder)) {
        return Some(folder.to_owned());
    }
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|version| complete(&version.join("bin")))
        .collect();
    versions
        .sort_by_key(|version| version.file_name().and_then(OsStr::to_str).and_then(|name| name.parse::<u32>().ok()));
    Some(versions.pop()?.join("bin"))
}

/// One that nobody listens on at this moment; the gap until Postgres takes it is small enough for tests.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
