//! A database that goes away and comes back.

use std::{net::SocketAddr, time::Duration};

use http::StatusCode;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    time::{sleep, timeout},
};

use crate::{
    browser::{Answer, Browser},
    support::{self, Engine, World},
};

/// The way to a server of databases, which can be cut and mended.
struct Way {
    address: SocketAddr,
    open: watch::Sender<bool>,
}

impl Way {
    async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (open, opened) = watch::channel(true);
        tokio::spawn(async move {
            loop {
                let (mut near, _) = listener.accept().await.unwrap();
                let (server, mut opened) = (server.clone(), opened.clone());
                if !*opened.borrow() {
                    continue;
                }
                tokio::spawn(async move {
                    let mut far = TcpStream::connect(server).await.unwrap();
                    tokio::select! {
                        _ = copy_bidirectional(&mut near, &mut far) => {}
                        _ = opened.wait_for(|open| !open) => {}
                    }
                });
            }
        });
        Self { address, open }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_database_that_is_away_is_told_and_comes_back() {
    support::run(Engine::Postgres, is_told_and_comes_back).await;
}

async fn is_told_and_comes_back(mut world: World) {
    let owner = world.owner().await;
    let (invited, _) = world.invite_mailed(&owner, "grace@example.com").await;
    let (before, after) = world.url.split_once('@').expect("a user in the URL");
    let (server, name) = after.split_once('/').expect("a name in the URL");
    let way = Way::to(server.to_owned()).await;
    world.url = format!("{before}@{}/{name}", way.address);
    world.vestibule = world.second().await;
    let mut browser = Browser::signed_in(&world, "olga@acme.example").await;
    let mut stranger = browser.other();
    let page = format!("/invite/{}", invited.challenge_id);
    let form = [("email", "grace@example.com"), ("code", "BBBB-BBBB")];

    for _ in 0..2 {
        comes_back(&mut browser, "/readyz").await.shows("ready");
        comes_back(&mut stranger, &page).await.shows("Accept the invite");
        comes_back(&mut browser, "/console").await.shows("Overview");

        way.open.send_replace(false);
        let ready = browser.get("/readyz").await;
        assert_eq!(
            (ready.status, ready.body.as_str()),
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        );
        assert_eq!(browser.get("/healthz").await.status, StatusCode::OK, "the process lives");
        for (who, page) in [(&mut stranger, page.as_str()), (&mut browser, "/console")] {
            let away = who.get(page).await;
            assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE, "{page}");
            away.shows("Something on our side is not answering.").shows("</html>");
        }
        let refused = stranger.post("/do/verify_address", &form).await;
        assert!(
            refused.status == StatusCode::SERVICE_UNAVAILABLE || refused.location() == "/unavailable",
            "{refused:?}"
        );

        way.open.send_replace(true);
    }
    comes_back(&mut browser, "/readyz").await;
    comes_back(&mut browser, "/console").await.shows("Overview");
}

/// Asks until there is an answer: a connection that was used within the last second is not tested before it is used again.
async fn comes_back(browser: &mut Browser, path: &str) -> Answer {
    for _ in 0..50 {
        let answer = browser.get(path).await;
        if answer.status == StatusCode::OK {
            return answer;
        }
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        sleep(Duration::from_millis(100)).await;
    }
    panic!("{path} does not come back");
}

/// Who only reads may be served while nobody can write.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_writer_that_cannot_write_is_not_ready() {
    support::run(Engine::Sqlite, async |world: World| {
        let held = world.db.hold().await;
        timeout(Duration::from_millis(300), world.vestibule.ready()).await.unwrap_err();
        held.commit().await;
        timeout(Duration::from_secs(10), world.vestibule.ready()).await.unwrap().unwrap();
    })
    .await;
}
