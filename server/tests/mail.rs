//! The delivery worker against a real mail server on loopback and a SQLite database in a temporary folder.

#[path = "support/smtp.rs"]
mod smtp;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use smtp::{Catcher, Script};
use sqlx::{Connection, SqliteConnection};
use tokio::{sync::oneshot, task::JoinHandle};
use vestibule_core::{
    Vestibule,
    actor::Role,
    address::EmailAddress,
    env::{Env, HOUR, SystemEnv},
    secret::SecretKey,
    store::Store,
};
use vestibule_server::{
    config::SmtpUrl,
    mail::{Mailer, Sender, Stage, Worker, probe},
};

/// The real world with a clock that a test can put forward.
#[derive(Debug, Default)]
struct Clock {
    real: SystemEnv,
    ahead: AtomicI64,
}

impl Env for Clock {
    fn now(&self) -> i64 {
        self.real.now() + self.ahead.load(Ordering::Relaxed)
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.real.fill(bytes);
    }

    fn last_number(&self) -> &AtomicI64 {
        self.real.last_number()
    }
}

/// A database, a mail server and workers between them.
struct House {
    folder: PathBuf,
    store: Store,
    vestibule: Vestibule,
    clock: Arc<Clock>,
    organization: String,
    catcher: Catcher,
    workers: Vec<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl House {
    async fn open(plan: &[Script]) -> Self {
        let clock = Arc::new(Clock::default());
        let folder = std::env::temp_dir().join(format!("vestibule-mail-{}", clock.id()));
        let store = Store::open(&format!("sqlite:{}", folder.join("v.db").display())).await.expect("a database");
        store.migrate().await.expect("its tables");
        let (key, _) = SecretKey::draw(clock.as_ref());
        let vestibule = Vestibule::new(store.clone(), clock.clone(), key);
        let organization =
            vestibule.first_organization("Acme\r\nBcc: eve@evil.example").await.expect("an organization").id;
        let catcher = Catcher::start(plan.iter().copied()).await;
        Self { folder, store, vestibule, clock, organization, catcher, workers: Vec::new() }
    }

    fn start_worker(&mut self) {
        let smtp: SmtpUrl = self.catcher.url.parse().expect("the catcher's URL");
        let sender = Sender {
            from: "Vestibule <no-reply@acme.example>".parse().expect("a sender"),
            public_url: "https://acme.example".parse().expect("a URL"),
        };
        let worker = Worker::new(self.vestibule.clone(), Mailer::new(&smtp).expect("a mailer"), sender);
        let (stop, stopped) = oneshot::channel();
        let stopped = async move { drop(stopped.await) };
        self.workers.push((stop, tokio::spawn(worker.run(stopped))));
    }

    async fn queue(&self, address: &str) {
        let address = EmailAddress::parse(address).expect("an address");
        self.vestibule.queue_test_mail(&self.organization, &address).await.expect("a queued mail");
    }

    /// Changes what is stored, as a fault would; gives how many rows it found.
    async fn change(&self, sql: &'static str) -> u64 {
        let mut conn = SqliteConnection::connect(&format!("sqlite:{}", self.folder.join("v.db").display()))
            .await
            .expect("a connection");
        let done = sqlx::query(sql).execute(&mut conn).await.expect("a change");
        conn.close().await.expect("its end");
        done.rows_affected()
    }

    /// Waits for so many tries to be settled, then lets the longest back-off pass.
    async fn after_a_while(&self, tries: usize) {
        self.catcher.until(|catcher| catcher.tries() == tries).await;
        // The catcher answers before the worker has written the answer down.
        tokio::time::sleep(Duration::from_millis(300)).await;
        self.clock.ahead.fetch_add(6 * HOUR, Ordering::Relaxed);
    }

    async fn close(self) {
        for (stop, worker) in self.workers {
            let _ = stop.send(());
            worker.await.expect("a worker that ends by itself");
        }
        self.store.close().await;
        std::fs::remove_dir_all(self.folder).expect("the folder goes");
    }
}

#[tokio::test]
async fn each_mail_arrives_once_with_two_workers() {
    let mut house = House::open(&[]).await;
    house.start_worker();
    house.start_worker();
    for count in 0..20 {
        house.queue(&format!("person{count}@example.com")).await;
    }
    house.catcher.until(|catcher| catcher.caught().len() >= 20).await;
    house.after_a_while(20).await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let mut recipients: Vec<_> = house.catcher.caught().into_iter().flat_map(|mail| mail.to).collect();
    recipients.sort();
    recipients.dedup();
    assert_eq!((house.catcher.caught().len(), recipients.len()), (20, 20));
    house.close().await;
}

#[tokio::test]
async fn later_and_a_broken_connection_are_tried_again_and_never_is_not() {
    let mut house = House::open(&[Script::Later, Script::Drop, Script::Accept, Script::Never]).await;
    house.start_worker();
    house.queue("grace@example.com").await;
    house.after_a_while(1).await;
    house.after_a_while(2).await;
    house.catcher.until(|catcher| catcher.caught().len() == 1).await;
    assert_eq!(house.catcher.caught()[0].to, ["RCPT TO:<grace@example.com>"]);

    house.queue("nobody@example.com").await;
    house.after_a_while(4).await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!((house.catcher.tries(), house.catcher.caught().len()), (4, 1));
    house.close().await;
}

#[tokio::test]
async fn what_cannot_be_written_now_is_tried_again() {
    let mut house = House::open(&[]).await;
    house.queue("grace@example.com").await;
    house.change("UPDATE message SET data = 'no JSON'").await;
    house.start_worker();
    while house.change("UPDATE message SET data = '{}' WHERE attempts = 1").await == 0 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    house.clock.ahead.fetch_add(HOUR, Ordering::Relaxed);
    house.catcher.until(|catcher| catcher.caught().len() == 1).await;
    house.close().await;
}

#[tokio::test]
async fn a_code_goes_out_whole_and_no_name_starts_a_header() {
    let mut house = House::open(&[]).await;
    let address = EmailAddress::parse("ada@example.com").expect("an address");
    let password = "four turtles swim north".to_owned();
    house.vestibule.create_administrator(&address, "Ada", Role::Owner, password).await.expect("an administrator");
    house.vestibule.request_code(&address, None).await.expect("a code on its way");
    house.start_worker();
    house.catcher.until(|catcher| catcher.caught().len() == 1).await;

    let mail = house.catcher.caught().remove(0);
    assert!(mail.from.starts_with("MAIL FROM:<no-reply@acme.example>"));
    assert_eq!(mail.to, ["RCPT TO:<ada@example.com>"]);
    let head: Vec<&String> = mail.lines.iter().take_while(|line| !line.is_empty()).collect();
    assert!(head.iter().any(|line| *line == "Auto-Submitted: auto-generated"));
    assert!(head.iter().any(|line| line.starts_with("Subject: Your code for Acme Bcc: eve@evil.example")), "{head:?}");
    assert!(!head.iter().any(|line| line.to_lowercase().starts_with("bcc")), "{head:?}");
    assert!(mail.lines.concat().contains("https://acme.example/verify/"));
    house.close().await;
}

#[tokio::test]
async fn stopping_ends_the_worker_at_once_when_nothing_is_under_way() {
    let mut house = House::open(&[]).await;
    house.start_worker();
    tokio::time::timeout(Duration::from_secs(2), house.close()).await.expect("no waiting");
}

#[tokio::test]
async fn a_probe_names_the_step_that_fails() {
    let catcher = Catcher::start([]).await;
    probe(&catcher.url.parse().expect("a URL")).await.expect("a server that answers");
    assert_eq!(catcher.tries(), 0);

    let stage = async |url: &str| probe(&url.parse().expect("a URL")).await.expect_err("trouble").stage;
    assert_eq!(stage("smtp://mail.invalid").await, Stage::Resolve);
    assert_eq!(stage("smtp://127.0.0.1:1").await, Stage::Connect);
    assert_eq!(stage(&catcher.url.replace("smtp:", "smtps:")).await, Stage::Tls);
    assert_eq!(stage(&format!("{}?tls=required", catcher.url)).await, Stage::Tls);
    assert_eq!(stage(&catcher.url.replace("smtp://", "smtp://ada:lovelace@")).await, Stage::Authenticate);
}
