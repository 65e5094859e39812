//! The process itself: how it hears that it is to end.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    io::{BufRead, BufReader, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, ChildStderr, Command, ExitStatus, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use vestibule_core::env::{Env, SystemEnv};

/// `vestibule serve` in a folder of its own; it ends with this value.
struct Process {
    child: Child,
    said: BufReader<ChildStderr>,
    folder: PathBuf,
    port: u16,
}

impl Process {
    fn start(database: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("vestibule-process-{}", SystemEnv::default().id()));
        std::fs::create_dir(&folder).unwrap();
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let mut child = Command::new(env!("CARGO_BIN_EXE_vestibule"))
            .arg("serve")
            .current_dir(&folder)
            .env("DATABASE_URL", database)
            .env("VESTIBULE_LISTEN", format!("127.0.0.1:{port}"))
            .env("VESTIBULE_SECRET_KEY", "5a".repeat(32))
            .env_remove("VESTIBULE_TEST_POSTGRES")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stderr.take().unwrap());
        Self { child, said, folder, port }
    }

    /// Reads on in the log until a line holds the words.
    fn until(&mut self, words: &str) {
        let mut line = String::new();
        while !line.contains(words) {
            line.clear();
            assert_ne!(self.said.read_line(&mut line).unwrap(), 0, "the log ends without {words:?}");
        }
    }

    fn terminate(&self) {
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
    }

    /// How it ended, if it does so in time.
    fn end(&mut self, within: Duration) -> Option<ExitStatus> {
        let begun = Instant::now();
        while begun.elapsed() < within {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some(status);
            }
            sleep(Duration::from_millis(20));
        }
        None
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[test]
fn a_process_that_waits_for_its_database_ends_when_it_is_asked_to() {
    // Nobody listens there; the database is waited for half a minute.
    let mut process = Process::start("postgres://nobody@127.0.0.1:1/nothing");
    process.until("the database does not answer");
    process.terminate();
    assert_eq!(process.end(Duration::from_secs(5)).expect("no waiting").code(), Some(0));
}

#[test]
fn the_first_signal_lets_a_request_end_and_the_second_does_not() {
    let mut process = Process::start("sqlite:vestibule.db");
    process.until("serving");
    let mut request = TcpStream::connect((Ipv4Addr::LOCALHOST, process.port)).unwrap();
    request.write_all(b"POST /do/verify HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\ncode=").unwrap();
    sleep(Duration::from_millis(500));
    process.terminate();
    assert!(process.end(Duration::from_secs(1)).is_none(), "a request is under way");
    process.terminate();
    assert_eq!(process.end(Duration::from_secs(5)).expect("at once").code(), Some(128 + 15));
}

#[test]
fn a_process_of_which_nobody_wants_anything_ends_at_once() {
    let mut process = Process::start("sqlite:vestibule.db");
    process.until("serving");
    let _idle = TcpStream::connect((Ipv4Addr::LOCALHOST, process.port)).unwrap();
    process.terminate();
    assert_eq!(process.end(Duration::from_secs(5)).expect("no waiting").code(), Some(0));
}
