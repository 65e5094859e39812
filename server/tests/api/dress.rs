//! A dialect of the test's own, with handlers that panic, wait and count.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Extension, Router,
    body::Body,
    response::{IntoResponse, Response},
};
use http::{Method, Request, StatusCode};
use tokio::sync::Semaphore;
use vestibule_api::{Api, Asked, Credential, Dialect, Operation, Problem, Routes, dress};
use vestibule_core::secret::Token;

use crate::{
    client::{Answer, PUBLIC_URL, asked, key, send},
    support::{self, Engine, World},
};

both! {
    a_panic_is_told_in_the_dialects_shape,
    one_request_too_many_is_told,
    media_types_choose_the_operation,
    the_same_key_gives_the_same_answer,
    sixteen_at_once_have_one_effect,
    failures_and_strangers_keep_nothing,
    a_run_outlives_its_client,
    trailers_come_again,
}

struct Toy;

impl Dialect for Toy {
    fn credential(&self) -> Credential {
        Credential::Bearer
    }

    fn answer(&self, problem: &Problem, asked: &Asked) -> Response {
        (problem.status(), format!("toy {} {problem:?}", asked.method)).into_response()
    }
}

/// How often the counting handler ran, and what it waits for.
#[derive(Clone)]
struct Counted {
    runs: Arc<AtomicUsize>,
    gate: Arc<Semaphore>,
}

fn toy(world: &World, rate: u32) -> (Router, Counted) {
    let counted = Counted { runs: Arc::default(), gate: Arc::new(Semaphore::new(0)) };
    let routes = Routes::new()
        .add(Operation::get("/panic", "panic"), async || -> () { panic!("the secret of the house") })
        .add(Operation::post("/panic", "panicToo"), async || -> () { panic!("the secret of the house") })
        .add(Operation::get("/slow", "slow"), std::future::pending::<()>)
        .add(Operation::get("/quick", "quick"), async || "quick")
        .add(Operation::post("/kinds", "plain").bodyless("application/json"), async || "plain")
        .add(Operation::post("/kinds", "verify").bodyless("application/vnd.toy.verify+json"), async || "verify")
        .add(Operation::post("/kinds", "send").bodyless("application/vnd.toy.send+json"), async || "send")
        .add(Operation::post("/count", "count"), count)
        .add(Operation::post("/status/{status}", "status"), status)
        .add(Operation::post("/gated", "gated"), gated)
        .add(Operation::post("/trailers", "trailers"), trailers);
    let api = Api::new(world.vestibule.clone(), PUBLIC_URL).with_rate(rate);
    (dress(routes.into_parts().0, api, Toy).layer(Extension(counted.clone())), counted)
}

async fn count(Extension(counted): Extension<Counted>, body: String) -> Response {
    let run = counted.runs.fetch_add(1, Ordering::SeqCst) + 1;
    (StatusCode::CREATED, [("location", format!("/{run}")), ("x-two", "1".to_owned())], format!("{run} {body}"))
        .into_response()
}

async fn status(
    axum::extract::Path(status): axum::extract::Path<u16>,
    Extension(counted): Extension<Counted>,
) -> (StatusCode, String) {
    let run = counted.runs.fetch_add(1, Ordering::SeqCst) + 1;
    (StatusCode::from_u16(status).unwrap(), run.to_string())
}

async fn gated(Extension(counted): Extension<Counted>) -> String {
    counted.gate.acquire().await.unwrap().forget();
    (counted.runs.fetch_add(1, Ordering::SeqCst) + 1).to_string()
}

async fn trailers() -> Response {
    use http_body_util::BodyExt;
    let trailers = http::HeaderMap::from_iter([(http::HeaderName::from_static("grpc-status"), "5".parse().unwrap())]);
    let body = http_body_util::Full::new(axum::body::Bytes::from_static(b"message"));
    Response::new(Body::new(body.with_trailers(std::future::ready(Some(Ok(trailers))))))
}

async fn a_panic_is_told_in_the_dialects_shape(world: World) {
    let (router, _) = toy(&world, 0);
    let key = key(&world).await;
    let answer = send(&router, asked(Method::GET, "/panic", &key, &[], "")).await;
    assert_eq!((answer.status, &*answer.body), (StatusCode::INTERNAL_SERVER_ERROR, "toy GET Panicked"));
    for _ in 0..2 {
        let answer = send(&router, asked(Method::POST, "/panic", &key, &[("idempotency-key", "a")], "")).await;
        assert_eq!(answer.body, "toy POST Panicked", "a panic is not kept");
    }
    assert_eq!(world.db.count("idempotency").await, 0);
}

/// Only on a runtime of one thread can the clock be moved; which database there is does not matter.
#[tokio::test]
async fn what_takes_too_long_is_told() {
    support::run(Engine::Sqlite, async |world: World| {
        let (router, _) = toy(&world, 0);
        let key = key(&world).await;
        tokio::time::pause();
        let answer = send(&router, asked(Method::GET, "/slow", &key, &[], "")).await;
        tokio::time::resume();
        assert_eq!((answer.status, &*answer.body), (StatusCode::GATEWAY_TIMEOUT, "toy GET Timeout"));
    })
    .await;
}

async fn one_request_too_many_is_told(world: World) {
    let (router, _) = toy(&world, 1);
    let (one, other) = (key(&world).await, key(&world).await);
    let ask = async |key: &Token| send(&router, asked(Method::GET, "/quick", key, &[], "")).await;
    assert_eq!(ask(&one).await.header("ratelimit"), r#""client";r=1;t=1"#);
    assert_eq!(ask(&one).await.header("ratelimit"), r#""client";r=0;t=2"#);
    let refused = ask(&one).await;
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "1"));
    assert_eq!(refused.header("ratelimit-policy"), r#""client";q=2;w=2"#);
    assert_eq!(refused.body, "toy GET Limited { retry_after: 1 }");
    assert_eq!(ask(&other).await.status, StatusCode::OK);
    world.env.pass(1_000);
    assert_eq!(ask(&one).await.status, StatusCode::OK);
}

async fn media_types_choose_the_operation(world: World) {
    let (router, _) = toy(&world, 0);
    let ask = async |lines: &[&str]| {
        let request = lines.iter().fold(Request::post("/kinds"), |request, line| request.header("content-type", *line));
        send(&router, request.body(Body::empty()).unwrap()).await.body
    };
    assert_eq!(ask(&["application/json"]).await, "plain");
    assert_eq!(ask(&["Application/JSON; charset=utf-8"]).await, "plain");
    assert_eq!(ask(&["application/json", "application/vnd.toy.verify+json"]).await, "verify");
    assert_eq!(ask(&["application/json, application/vnd.toy.send+json;charset=UTF-8"]).await, "send");
    assert_eq!(ask(&["application/vnd.toy.send"]).await, "send");
    for unknown in [&["text/plain"][..], &[], &["application/json", "application/vnd.toy.other+json"]] {
        assert_eq!(ask(unknown).await, "toy POST WrongMediaType");
    }
}

async fn the_same_key_gives_the_same_answer(world: World) {
    let (router, _) = toy(&world, 0);
    let (one, other) = (key(&world).await, key(&world).await);
    let ask = async |key: &Token, name: &str, path: &str, body: &str| {
        send(&router, asked(Method::POST, path, key, &[("idempotency-key", name)], body)).await
    };
    let first = ask(&one, "a", "/count", "x").await;
    assert_eq!((first.status, &*first.body, first.header("location")), (StatusCode::CREATED, "1 x", "/1"));
    let again = ask(&one, "\"a\"", "/count", "x").await;
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(plain(again), plain(first), "in quotes or not, it is the same key");
    assert_eq!(ask(&one, "a", "/count", "y").await.body, "toy POST IdempotencyReused");
    assert_eq!(ask(&one, "a", "/count?x", "x").await.body, "toy POST IdempotencyReused");
    assert_eq!(ask(&one, "a", "/status/200", "x").await.body, "toy POST IdempotencyReused");
    assert_eq!(ask(&one, "b", "/count", "x").await.body, "2 x");
    assert_eq!(ask(&other, "a", "/count", "x").await.body, "3 x");
    assert_eq!(ask(&one, "not one", "/count", "x").await.body, "toy POST IdempotencyKey");
    world.env.pass(24 * 3_600_000);
    assert_eq!(ask(&one, "a", "/count", "x").await.body, "4 x");
}

async fn sixteen_at_once_have_one_effect(world: World) {
    let (router, counted) = toy(&world, 0);
    let key = key(&world).await;
    counted.gate.add_permits(1);
    let tasks = (0..16).map(|_| {
        let (router, request) = (router.clone(), asked(Method::POST, "/gated", &key, &[("idempotency-key", "a")], ""));
        tokio::spawn(async move { send(&router, request).await })
    });
    let answers: Vec<Answer> = futures::future::join_all(tasks).await.into_iter().map(|task| task.unwrap()).collect();
    assert_eq!(counted.runs.load(Ordering::SeqCst), 1);
    let right = |answer: &Answer| match answer.status {
        StatusCode::OK => answer.body == "1",
        status => status == StatusCode::CONFLICT && answer.body == "toy POST IdempotencyBusy",
    };
    assert!(answers.iter().all(right), "{answers:?}");
    assert!(answers.iter().any(|answer| answer.status == StatusCode::OK));
}

async fn failures_and_strangers_keep_nothing(world: World) {
    let (router, _) = toy(&world, 0);
    let key = key(&world).await;
    let headers = [("idempotency-key", "a")];
    let mut run = 0;
    for status in [500, 503, 401, 403, 429] {
        for _ in 0..2 {
            run += 1;
            let answer = send(&router, asked(Method::POST, &format!("/status/{status}"), &key, &headers, "")).await;
            assert_eq!((answer.status.as_u16(), answer.body), (status, run.to_string()));
        }
    }
    run += 1;
    for _ in 0..2 {
        let answer = send(&router, asked(Method::POST, "/status/400", &key, &headers, "")).await;
        assert_eq!(answer.body, run.to_string(), "a refusal of what was asked is kept");
    }
    let stranger = Token::draw(world.env.as_ref());
    for _ in 0..2 {
        run += 1;
        let answer = send(&router, asked(Method::POST, "/status/200", &stranger, &headers, "")).await;
        assert_eq!(answer.body, run.to_string());
    }
    assert_eq!(world.db.count("idempotency").await, 1);
    world.db.break_inserts("idempotency").await;
    let answer = send(&router, asked(Method::POST, "/status/200", &key, &[("idempotency-key", "b")], "")).await;
    assert_eq!(answer.body, "toy POST Unavailable", "nothing is done that could not be known again");
}

async fn a_run_outlives_its_client(world: World) {
    let (router, counted) = toy(&world, 0);
    let key = key(&world).await;
    let ask = || asked(Method::POST, "/gated", &key, &[("idempotency-key", "a")], "");
    let leaver = tokio::spawn({
        let (router, request) = (router.clone(), ask());
        async move { send(&router, request).await }
    });
    until_there_is_one(&world, "idempotency").await;
    leaver.abort();
    assert!(leaver.await.unwrap_err().is_cancelled());
    assert_eq!(send(&router, ask()).await.body, "toy POST IdempotencyBusy");
    counted.gate.add_permits(1);
    until_there_is_one(&world, "idempotency WHERE answer IS NOT NULL").await;
    let again = send(&router, ask()).await;
    assert_eq!((&*again.body, counted.runs.load(Ordering::SeqCst)), ("1", 1));
}

async fn trailers_come_again(world: World) {
    use http_body_util::BodyExt;
    use tower::ServiceExt;
    let (router, _) = toy(&world, 0);
    let key = key(&world).await;
    for replayed in [false, true] {
        let request = asked(Method::POST, "/trailers", &key, &[("idempotency-key", "a")], "");
        let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
        assert_eq!(parts.headers.contains_key("idempotent-replayed"), replayed);
        let body = body.collect().await.unwrap();
        assert_eq!(body.trailers().unwrap()["grpc-status"], "5");
        assert_eq!(body.to_bytes(), "message");
    }
}

async fn until_there_is_one(world: &World, table: &str) {
    for _ in 0..1_000 {
        if world.db.count(table).await > 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("no {table}");
}

/// An answer without what tells that it is given again.
fn plain(mut answer: Answer) -> Answer {
    answer.headers.remove("idempotent-replayed");
    answer.headers.remove("content-length");
    answer
}
