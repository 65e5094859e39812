//! The same key, the same answer: decided once, kept for a day, and readable only to who has the key.

use futures::future::join_all;
use vestibule_core::{
    actor::Principal,
    env::{DAY, MINUTE},
    idempotency::{Begun, IdempotencyKey, KEPT, LEASE, Run},
};

use crate::{roles::new_key, support::World};

both! {
    the_answer_is_given_again_for_a_day,
    another_request_under_the_key_is_told_apart,
    sixteen_at_once_run_once,
    clients_do_not_meet,
    what_came_to_nothing_may_be_tried_again,
    a_run_that_was_cut_off_ends,
    nothing_of_it_is_readable_at_rest,
}

const REQUEST: [&[u8]; 3] = [b"POST", b"/users", b"{}"];

async fn the_answer_is_given_again_for_a_day(world: World) {
    let client = client(&world).await;
    let run = first(begin(&world, &client, "a").await);
    world.vestibule.keep_answer(run, b"created").await.unwrap();
    assert_eq!(begin(&world, &client, "a").await, Begun::Again(b"created".to_vec()));
    world.env.pass(KEPT - 1);
    assert_eq!(begin(&world, &client, "a").await, Begun::Again(b"created".to_vec()));
    world.env.pass(1);
    first(begin(&world, &client, "a").await);
}

async fn another_request_under_the_key_is_told_apart(world: World) {
    let client = client(&world).await;
    let run = first(begin(&world, &client, "a").await);
    let other = |parts: &'static [&'static [u8]]| {
        let (vestibule, client) = (world.vestibule.clone(), client.clone());
        async move { vestibule.begin_run(&client, &key("a"), parts).await.unwrap() }
    };
    assert_eq!(other(&[b"POST", b"/users", b"{ }"]).await, Begun::Reused);
    assert_eq!(other(&[b"POST", b"/user", b"s{}"]).await, Begun::Reused, "parts do not run into each other");
    world.vestibule.keep_answer(run, b"created").await.unwrap();
    assert_eq!(other(&[b"PUT", b"/users", b"{}"]).await, Begun::Reused);
    world.env.pass(KEPT);
    first(other(&[b"PUT", b"/users", b"{}"]).await);
}

async fn sixteen_at_once_run_once(world: World) {
    let client = client(&world).await;
    let instances = [world.vestibule.clone(), world.second().await];
    for round in 0..8 {
        let tasks = (0..16).map(|at| {
            let (vestibule, client) = (instances[at % 2].clone(), client.clone());
            tokio::spawn(async move { vestibule.begin_run(&client, &key(&format!("a{round}")), &REQUEST).await })
        });
        let begun: Vec<Begun> = join_all(tasks).await.into_iter().map(|task| task.unwrap().unwrap()).collect();
        let count = |wanted: fn(&Begun) -> bool| begun.iter().filter(|begun| wanted(begun)).count();
        assert_eq!(count(|begun| matches!(begun, Begun::First(_))), 1, "{begun:?}");
        assert_eq!(count(|begun| matches!(begun, Begun::Busy)), 15, "{begun:?}");
    }
}

async fn clients_do_not_meet(world: World) {
    let (one, other) = (client(&world).await, client(&world).await);
    first(begin(&world, &one, "a").await);
    first(begin(&world, &other, "a").await);
    first(begin(&world, &one, "b").await);
}

async fn what_came_to_nothing_may_be_tried_again(world: World) {
    let client = client(&world).await;
    let run = first(begin(&world, &client, "a").await);
    world.vestibule.forget_run(run.clone()).await.unwrap();
    let again = first(begin(&world, &client, "a").await);
    world.vestibule.keep_answer(run, b"late").await.unwrap();
    assert_eq!(begin(&world, &client, "a").await, Begun::Busy, "who was forgotten keeps nothing");
    world.vestibule.keep_answer(again.clone(), b"done").await.unwrap();
    world.vestibule.forget_run(again).await.unwrap();
    assert_eq!(begin(&world, &client, "a").await, Begun::Again(b"done".to_vec()), "an answer is not forgotten");
}

async fn a_run_that_was_cut_off_ends(world: World) {
    let client = client(&world).await;
    let cut_off = first(begin(&world, &client, "a").await);
    world.env.pass(LEASE - 1);
    assert_eq!(begin(&world, &client, "a").await, Begun::Busy);
    world.env.pass(1);
    let second = first(begin(&world, &client, "a").await);
    world.vestibule.keep_answer(cut_off, b"first").await.unwrap();
    world.vestibule.keep_answer(second, b"second").await.unwrap();
    assert_eq!(begin(&world, &client, "a").await, Begun::Again(b"second".to_vec()));
    world.env.pass(DAY - MINUTE);
    assert_eq!(world.db.count("idempotency").await, 1);
    world.env.pass(DAY);
    world.vestibule.sweep().await.unwrap();
    assert_eq!(world.db.count("idempotency").await, 0);
}

async fn nothing_of_it_is_readable_at_rest(world: World) {
    let client = client(&world).await;
    let answer = b"the code is K7RM2QXW";
    let run = first(begin(&world, &client, "order-4711").await);
    world.vestibule.keep_answer(run, answer).await.unwrap();
    let dump = world.db.dump().await;
    for secret in ["K7RM2QXW", "order-4711", "/users", "dGhlIGNvZGUgaXMgSzdSTTJRWFc"] {
        assert!(!dump.contains(secret), "{secret}");
    }
    // An answer that was moved from another row is not taken for this one's.
    let other = first(begin(&world, &client, "other").await);
    world.vestibule.keep_answer(other, b"other").await.unwrap();
    world.db.exec("UPDATE idempotency SET answer = (SELECT MIN(answer) FROM idempotency)").await;
    let again = async |name| world.vestibule.begin_run(&client, &key(name), &REQUEST).await;
    let moved = [again("other").await, again("order-4711").await];
    assert_eq!(moved.iter().filter(|moved| moved.is_err()).count(), 1, "{moved:?}");
}

async fn client(world: &World) -> Principal {
    let owner = vestibule_core::api_key::Keeper::operator(&world.organization);
    let made = world.vestibule.create_api_key(owner, new_key()).await.unwrap();
    world.vestibule.principal(&made.secret).await.unwrap()
}

async fn begin(world: &World, client: &Principal, name: &str) -> Begun {
    world.vestibule.begin_run(client, &key(name), &REQUEST).await.unwrap()
}

fn key(text: &str) -> IdempotencyKey {
    IdempotencyKey::parse(text).unwrap()
}

#[track_caller]
fn first(begun: Begun) -> Run {
    match begun {
        Begun::First(run) => run,
        begun => panic!("{begun:?}"),
    }
}

#[test]
fn a_key_is_visible_ascii_and_short() {
    for text in ["a", "8e03978e-40d5-43e8-bc93-6894a57f9324", &"x".repeat(255)] {
        assert!(IdempotencyKey::parse(text).is_some(), "{text}");
    }
    for text in ["", " ", "a b", "é", "a\n", &"x".repeat(256)] {
        assert!(IdempotencyKey::parse(text).is_none(), "{text:?}");
    }
}
