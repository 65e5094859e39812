//! Opening a database: several processes that find a new one at once, and one that cannot be opened.

use futures::future::join_all;
use vestibule_core::store::{Schema, Store};

use crate::support::place::{Engine, Place};

async fn race(engine: Engine) {
    let place = Place::make(engine).await;
    let racers = (0..6).map(|_| {
        let url = place.url().to_owned();
        tokio::spawn(async move {
            let store = Store::open(&url).await?;
            let migrated = store.migrate().await;
            let schema = store.schema().await;
            store.close().await;
            migrated.and(schema)
        })
    });
    for raced in join_all(racers).await {
        assert_eq!(raced.unwrap().unwrap(), Schema::Current);
    }
    place.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn processes_that_start_at_once_all_find_a_migrated_sqlite() {
    race(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn processes_that_start_at_once_all_find_a_migrated_postgres() {
    race(Engine::Postgres).await;
}

#[tokio::test]
async fn only_what_waiting_can_mend_is_worth_waiting_for() {
    let place = Place::make(Engine::Postgres).await;
    let server = place.url().to_owned();
    place.remove().await;
    assert!(!Store::open(&server).await.unwrap_err().may_pass(), "the server answers, and has no such database");
    assert!(Store::open("postgres://database.invalid/vestibule").await.unwrap_err().may_pass());
}
