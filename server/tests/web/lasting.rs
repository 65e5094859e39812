//! A session lasts for as long as it is used, and half a day more.

use vestibule_core::env::{HOUR, MINUTE};

use crate::{browser::Browser, support::World};

both! {
    who_only_looks_all_day_stays_signed_in,
    a_look_is_stored_only_when_half_the_life_is_over,
    who_is_away_for_half_a_day_is_signed_out,
    a_session_that_ended_meanwhile_is_not_prolonged,
}

const OLGA: &str = "olga@acme.example";

async fn ends(world: &World) -> Vec<String> {
    world.db.texts("SELECT CAST(expires_at AS TEXT) FROM session").await
}

async fn who_only_looks_all_day_stays_signed_in(world: World) {
    world.owner().await;
    let mut browser = Browser::signed_in(&world, OLGA).await;
    for _ in 0..5 {
        world.env.pass(7 * HOUR);
        let page = browser.get("/console").await;
        assert_eq!(page.status, 200);
        let cookie = page.headers[http::header::SET_COOKIE].to_str().unwrap();
        assert!(cookie.starts_with("vestibule=") && cookie.contains("Max-Age=43200"), "{cookie}");
    }
}

async fn a_look_is_stored_only_when_half_the_life_is_over(world: World) {
    world.owner().await;
    let mut browser = Browser::signed_in(&world, OLGA).await;
    let before = world.db.dump().await;
    world.env.pass(6 * HOUR - MINUTE);
    assert!(!browser.get("/console").await.headers.contains_key(http::header::SET_COOKIE));
    assert_eq!(world.db.dump().await, before);
    let end = ends(&world).await;
    world.env.pass(2 * MINUTE);
    browser.get("/console").await;
    assert_ne!(ends(&world).await, end);
    let stored = world.db.texts("SELECT data FROM session").await;
    assert!(!stored[0].contains("\"end\""), "{stored:?}");
}

async fn who_is_away_for_half_a_day_is_signed_out(world: World) {
    world.owner().await;
    let mut browser = Browser::signed_in(&world, OLGA).await;
    world.env.pass(12 * HOUR);
    assert_eq!(browser.get("/console").await.location(), "/sign-in");
}

async fn a_session_that_ended_meanwhile_is_not_prolonged(world: World) {
    world.owner().await;
    let mut browser = Browser::signed_in(&world, OLGA).await;
    world.env.pass(7 * HOUR);
    world.db.exec("DELETE FROM session").await;
    assert_eq!(browser.get("/console").await.location(), "/sign-in");
    assert!(ends(&world).await.is_empty());
    browser.sign_in(OLGA).await;
    world.env.pass(7 * HOUR);
    browser.post("/do/sign_out", &[]).await;
    assert!(ends(&world).await.is_empty());
}
