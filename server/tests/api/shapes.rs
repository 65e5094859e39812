//! Each dialect's own shape for what is wrong before or beside its operations; never another's, never HTML.

use axum::{Router, body::Body};
use http::{Method, Request, StatusCode};

use crate::{
    client::{Answer, asked, key, router, send},
    support::World,
};

both! {
    unknown_routes_and_methods,
    bodies_that_are_too_large,
    a_key_that_is_reused,
    paths_beside_the_dialects_are_the_sites,
}

/// A path that each dialect claims without serving it, one that takes POST but not PUT, and what its errors hold.
struct Case {
    unknown: &'static str,
    known: &'static str,
    content_type: &'static str,
    holds: &'static str,
}

const ENVIRONMENT: &str = "/v1/environments/2b2f43a8-0d8b-4d43-8f5a-6d7a9f1f7b10";
const CASES: [Case; 3] = [
    Case { unknown: "/api/nothing", known: "/api/users", content_type: "application/problem+json", holds: "status" },
    Case {
        unknown: "/v1/environments/x/nothing",
        known: "/v1/environments/x/users",
        content_type: "application/json",
        holds: "code",
    },
    Case { unknown: "/v2/nothing", known: "/v2/users", content_type: "application/json", holds: "message" },
];

async fn unknown_routes_and_methods(world: World) {
    let (router, key) = (router(&world), key(&world).await);
    for case in CASES {
        let unknown = send(&router, asked(Method::GET, case.unknown, &key, &[], "")).await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND, "{unknown:?}");
        check(&case, &unknown);
        let method = send(&router, asked(Method::PUT, case.known, &key, &[], "{}")).await;
        assert_eq!(method.status, StatusCode::METHOD_NOT_ALLOWED, "{method:?}");
        assert!(method.header("allow").contains("POST"), "{method:?}");
        check(&case, &method);
    }
}

async fn bodies_that_are_too_large(world: World) {
    let (router, key) = (router(&world), key(&world).await);
    let large = "x".repeat(vestibule_api::BODY + 1);
    for case in CASES {
        let answer = send(&router, asked(Method::POST, case.known, &key, &[], &large)).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{answer:?}");
        check(&case, &answer);
    }
}

async fn a_key_that_is_reused(world: World) {
    let (router, key) = (router(&world), key(&world).await);
    for case in CASES {
        let name = case.known.replace('/', "-");
        let ask = async |body| {
            send(&router, asked(Method::POST, case.known, &key, &[("idempotency-key", &name)], body)).await
        };
        let first = ask("[").await;
        assert!(first.status.is_client_error(), "{first:?}");
        assert_eq!(ask("[").await.body, first.body);
        let reused = ask("]").await;
        assert_eq!(reused.status, StatusCode::UNPROCESSABLE_ENTITY, "{reused:?}");
        check(&case, &reused);
    }
}

async fn paths_beside_the_dialects_are_the_sites(world: World) {
    let router = router(&world);
    for path in ["/apiary", "/v1", "/v1/environment", "/v2alpha", "/auth", "/nothing"] {
        let answer = get(&router, path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.header("content-type").starts_with("text/html"), "{path}");
    }
    let answer = get(&router, &format!("{ENVIRONMENT}/users")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.headers.get("set-cookie").is_none(), "no session is a credential of a dialect");
}

#[track_caller]
fn check(case: &Case, answer: &Answer) {
    assert!(answer.header("content-type").starts_with(case.content_type), "{answer:?}");
    assert!(answer.json().get(case.holds).is_some(), "{answer:?}");
}

async fn get(router: &Router, path: &str) -> Answer {
    send(router, Request::get(path).body(Body::empty()).unwrap()).await
}
