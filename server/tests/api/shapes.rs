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
    what_is_no_form_is_told_in_oauths_words,
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
const CASES: [Case; 4] = [
    Case { unknown: "/api/nothing", known: "/api/users", content_type: "application/problem+json", holds: "status" },
    Case {
        unknown: "/v1/environments/x/nothing",
        known: "/v1/environments/x/users",
        content_type: "application/json",
        holds: "code",
    },
    Case { unknown: "/v2/nothing", known: "/v2/users", content_type: "application/json", holds: "message" },
    Case {
        unknown: "/oauth/v2/nothing",
        known: "/oauth/v2/token",
        content_type: "application/json",
        holds: "error_description",
    },
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

/// RFC 6749 §5.2, at the endpoints and at the pages that apps may ask for by a form.
async fn what_is_no_form_is_told_in_oauths_words(world: World) {
    let router = router(&world);
    let form = "application/x-www-form-urlencoded";
    let (long, pages) = ("x".repeat(20_000), ["/oauth/v2/authorize", "/oidc/v1/end_session"]);
    let mut cases: Vec<(Method, &str, &str, &[u8], u16)> = vec![
        (Method::POST, "/oauth/v2/token", "application/json", b"{}", 400),
        (Method::POST, "/oauth/v2/token", form, b"grant_type=\xff", 400),
        (Method::POST, "/oauth/v2/revoke", "text/plain", b"", 400),
        (Method::DELETE, "/oidc/v1/userinfo", form, b"", 405),
        (Method::GET, "/oidc", form, b"", 404),
    ];
    for page in pages {
        cases.push((Method::POST, page, "application/json", b"{}", 400));
        cases.push((Method::POST, page, form, b"", 400));
        cases.push((Method::POST, page, form, b"scope=\xff", 400));
        cases.push((Method::POST, page, form, b"scope=a\r\nb", 400));
        cases.push((Method::POST, page, form, long.as_bytes(), 413));
        cases.push((Method::PUT, page, form, b"scope=openid", 405));
    }
    for (method, path, media_type, body, status) in cases {
        let request = Request::builder().method(&method).uri(path).header("content-type", media_type);
        let answer = send(&router, request.body(Body::from(body.to_vec())).unwrap()).await;
        assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (status, "no-store"), "{path} {answer:?}");
        assert_eq!(answer.json()["error"], "invalid_request", "{method} {path} {answer:?}");
        assert!(answer.json()["error_description"].is_string(), "{method} {path} {answer:?}");
        if status == 405 {
            assert!(!answer.header("allow").is_empty(), "{method} {path} {answer:?}");
        }
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
