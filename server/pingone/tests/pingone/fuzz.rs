//! Bounded and seeded: whatever comes, an answer of this dialect goes back, and none of them is a fault of ours.

use std::time::{Duration, Instant};

use axum::body::Body;
use http::{HeaderValue, Method, Request, header};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use vestibule_api::Api;

use crate::{
    machine::{JSON, Machine, encoded, vendor},
    support::World,
};

both! {
    filters_of_any_shape_are_answered,
    media_types_and_bodies_of_any_shape_are_answered,
}

const ROUNDS: usize = 400;

/// A machine that no limit on its pace holds back.
async fn fast(world: &World) -> Machine {
    let api = Api::new(world.vestibule.clone(), "http://vestibule.example").with_rate(0);
    Machine { router: vestibule_pingone::router(api), ..Machine::new(world).await }
}

async fn filters_of_any_shape_are_answered(world: World) {
    let machine = fast(&world).await;
    machine.waiting("grace@navy.example").await;
    let parts = [
        "email",
        "name.given",
        "population.id",
        "enabled",
        "memberOfGroups[id",
        "]",
        "(",
        ")",
        "not",
        "AND",
        "or",
        "eq",
        "sw",
        "ew",
        "co",
        "gt",
        "true",
        "\"grace@navy.example\"",
        "\"\\u0000\"",
        "\"%_\\\\\"",
        "\"",
        "\\",
        " ",
        "é",
        "\0",
        "💥",
        "'",
        "[",
        "\"\u{202e}\"",
    ];
    let mut chance = StdRng::seed_from_u64(7);
    for _ in 0..ROUNDS {
        let filter: Vec<&str> = (0..chance.random_range(0..24)).map(|_| *parts.choose(&mut chance).unwrap()).collect();
        let filter = filter.join(if chance.random() { " " } else { "" });
        let encoded = encoded(&filter);
        let begin = Instant::now();
        let answer = machine.get(&format!("users?filter={encoded}")).await;
        assert!([200, 400].contains(&answer.status.as_u16()), "{filter:?} {}", answer.told());
        assert!(begin.elapsed() < Duration::from_secs(5), "{filter:?}");
    }
}

async fn media_types_and_bodies_of_any_shape_are_answered(world: World) {
    let machine = fast(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let user = format!("users/{id}");
    let paths = [
        "users",
        &user,
        &format!("{user}/emailVerification"),
        &format!("{user}/password"),
        &format!("{user}/enabled"),
        "populations",
    ];
    let names = [
        "user.import",
        "user.invite",
        "user.sendVerificationCode",
        "user.verify",
        "account.lock",
        "account.unlock",
        "user.emailVerification.send",
        "user.emailVerification.verify",
        "password.set",
        "password.reset",
        "password.recover",
    ];
    let odd: [&[u8]; 8] =
        [b"", b";", b",", b"application/", b"\xff\xfe", b"a/b;c=\",\"", b"application/vnd.pingidentity.", b"*/*"];
    let bodies = [
        "",
        "{",
        "{}",
        "[]",
        "null",
        "\"x\"",
        "{\"verificationCode\":\"BCDF-GHJK\"}",
        "{\"verificationCode\":{}}",
        "{\"username\":[],\"email\":{}}",
        "{\"username\":\"x\",\"email\":\"x@y.example\",\"name\":[]}",
        "{\"a\":1,\"a\":2}",
        "{\"enabled\":null}",
        "{\"name\":\"\\u0000\"}",
        "{\"value\":\"\\ud800\"}",
        "{\"invite\":{\"expirationMinutes\":1e999}}",
        "{\"notificationType\":\"user\"}",
        "{\"password\":{\"value\":\"$argon2id$\"}}",
        "\u{feff}{}",
    ];
    let methods = [Method::POST, Method::PUT, Method::PATCH, Method::GET, Method::DELETE];
    let mut chance = StdRng::seed_from_u64(8);
    for _ in 0..ROUNDS {
        let method = methods.choose(&mut chance).unwrap();
        let path = paths.choose(&mut chance).unwrap();
        if *method == Method::DELETE && **path == user {
            continue;
        }
        let uri = format!("/v1/environments/{}/{path}", machine.environment);
        let mut request = Request::builder().method(method).uri(uri);
        request = request.header(header::AUTHORIZATION, format!("Bearer {}", machine.token));
        let mut lines = Vec::new();
        for _ in 0..chance.random_range(0..3) {
            let line = match chance.random_range(0..3) {
                0 => JSON.as_bytes().to_vec(),
                1 => vendor(names.choose(&mut chance).unwrap()).into_bytes(),
                _ => odd.choose(&mut chance).unwrap().to_vec(),
            };
            request = request.header(header::CONTENT_TYPE, HeaderValue::from_bytes(&line).unwrap());
            lines.push(String::from_utf8_lossy(&line).into_owned());
        }
        let body = *bodies.choose(&mut chance).unwrap();
        let answer = machine.call(request.body(Body::from(body)).unwrap()).await;
        assert!(answer.status.as_u16() < 500, "{method} {path} {lines:?} {body} {}", answer.told());
        if answer.status.is_client_error() {
            assert_eq!(
                answer.header("correlation-id"),
                answer.body()["id"].as_str().unwrap_or("-"),
                "{}",
                answer.told()
            );
        }
        world.env.pass(500);
    }
}
