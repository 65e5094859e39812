//! A mail server for tests: on loopback, scripted, and it remembers every line that it was sent.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    time::{Instant, sleep},
};

/// What the server does with the next message. After the last script it accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    Accept,
    /// 451 after the recipient.
    Later,
    /// 550 after the recipient.
    Never,
    /// Hangs up in the middle of the message.
    Drop,
}

/// One message as it came.
#[derive(Clone, Debug)]
pub struct Caught {
    pub from: String,
    pub to: Vec<String>,
    /// Header and body lines, dots unstuffed.
    pub lines: Vec<String>,
}

/// The server's log and plan; it ends with the test's runtime.
#[derive(Clone, Debug)]
pub struct Catcher {
    pub url: String,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    plan: VecDeque<Script>,
    caught: Vec<Caught>,
    tries: usize,
}

impl Catcher {
    pub async fn start(plan: impl IntoIterator<Item = Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("smtp://{}", listener.local_addr().expect("a local address"));
        let state = Arc::new(Mutex::new(State { plan: plan.into_iter().collect(), ..State::default() }));
        let catcher = Self { url, state };
        let server = catcher.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A client that hangs up is part of the game.
                tokio::spawn(server.clone().converse(stream));
            }
        });
        catcher
    }

    pub fn caught(&self) -> Vec<Caught> {
        self.with(|state| state.caught.clone())
    }

    /// How many messages were begun, whatever became of them.
    pub fn tries(&self) -> usize {
        self.with(|state| state.tries)
    }

    /// Waits until something holds, at the most ten seconds.
    pub async fn until(&self, holds: impl Fn(&Self) -> bool) {
        let patience = Instant::now() + Duration::from_secs(10);
        while !holds(self) {
            assert!(Instant::now() < patience, "waited in vain: {:?}", self.state);
            sleep(Duration::from_millis(10)).await;
        }
    }

    fn with<T>(&self, read: impl FnOnce(&mut State) -> T) -> T {
        read(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn next_script(&self) -> Script {
        self.with(|state| {
            state.tries += 1;
            state.plan.pop_front().unwrap_or(Script::Accept)
        })
    }

    async fn converse(self, stream: TcpStream) -> std::io::Result<()> {
        let (input, mut output) = stream.into_split();
        let mut input = BufReader::new(input).lines();
        let mut message = Caught { from: String::new(), to: Vec::new(), lines: Vec::new() };
        let mut script = Script::Accept;
        output.write_all(b"220 catcher ESMTP\r\n").await?;
        while let Some(line) = input.next_line().await? {
            let verb = line.to_ascii_uppercase();
            let answer = match verb.split([' ', ':']).next().unwrap_or_default() {
                "EHLO" => "250-catcher\r\n250-8BITMIME\r\n250 SMTPUTF8",
                "MAIL" => {
                    script = self.next_script();
                    message = Caught { from: line, to: Vec::new(), lines: Vec::new() };
                    "250 2.1.0 ok"
                }
                "RCPT" if script == Script::Later => "451 4.7.1 come back later",
                "RCPT" if script == Script::Never => "550 5.1.1 no such mailbox",
                "RCPT" => {
                    message.to.push(line);
                    "250 2.1.5 ok"
                }
                "DATA" => {
                    output.write_all(b"354 go ahead\r\n").await?;
                    while let Some(line) = input.next_line().await? {
                        match line.as_str() {
                            "." => break,
                            _ if script == Script::Drop && message.lines.len() == 3 => return Ok(()),
                            line => message.lines.push(line.strip_prefix('.').unwrap_or(line).to_owned()),
                        }
                    }
                    self.with(|state| state.caught.push(message.clone()));
                    "250 2.0.0 accepted"
                }
                "NOOP" | "RSET" => "250 2.0.0 ok",
                "QUIT" => "221 2.0.0 bye",
                _ => "502 5.5.1 not here",
            };
            output.write_all(format!("{answer}\r\n").as_bytes()).await?;
            if answer.starts_with("221") {
                break;
            }
        }
        Ok(())
    }
}
