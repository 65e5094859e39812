//! A session lasts for as long as it is used, and half a day more.

use vestibule_core::env::{HOUR, MINUTE};

use crate::{browser::Browser, support::World};

both! {
    who_only_looks_all_day_stays_signed_in,
    a_look_is_stored_only_when_half_the_life_is_over,
    who_is_away_for_half_a_day_is_signed_out,
    a_session_that_ended_meanwhile_is_not_prolonged,
    a_look_writes_nothing_but_the_end,
    a_late_answer_takes_no_cookie_away,
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

/// What another tab has written meanwhile stays: here a space that no writing of ours would leave.
async fn a_look_writes_nothing_but_the_end(world: World) {
    world.owner().await;
    let mut browser = Browser::signed_in(&world, OLGA).await;
    world.db.exec("UPDATE session SET data = data || ' '").await;
    let (before, end) = (world.db.texts("SELECT data FROM session").await, ends(&world).await);
    world.env.pass(7 * HOUR);
    browser.get("/console").await;
    assert_ne!(ends(&world).await, end);
    assert_eq!(world.db.texts("SELECT data FROM session").await, before);
}

/// A session can be gone by the end of a request that began with it, or go on under another id: its cookie is not this
/// answer's to set or to remove.
async fn a_late_answer_takes_no_cookie_away(world: World) {
    world.owner().await;
    let mut browser = Browser::signed_in(&world, OLGA).await;
    world.env.pass(7 * HOUR);
    let id = world.db.texts("SELECT id FROM session").await.remove(0);
    let answer = browser.post("/do/end_own_session", &[("session", &id)]).await;
    assert_eq!(answer.location(), "/me?done=signed-out");
    assert!(ends(&world).await.is_empty());
    assert!(!answer.headers.contains_key(http::header::SET_COOKIE), "{:?}", answer.headers);
}
