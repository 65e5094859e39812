//! What each dialect answers when a handler panics, and when a request takes too long: through the router that the
//! process serves, in the dialect's own shape, and without a word of what happened inside.

use std::{
    fmt::Write,
    sync::{Arc, atomic::AtomicI64},
};

use axum::{
    Router,
    body::{Body, Bytes},
};
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use serde_json::json;
use tower::ServiceExt;
use vestibule_core::{
    Vestibule,
    api_key::{Keeper, NewKey, Scope},
    env::Env,
    secret::SecretKey,
    store::Store,
    user::create::NewAccount,
};

use crate::{
    client::{key, router_of},
    support::{self, Engine, World, env::FixedEnv, secret_word},
};

both! {
    a_panic_is_told_in_each_dialects_shape,
}

/// Chance that breaks in the hands of who draws a secret: ids can be had, passwords and tokens cannot.
#[derive(Debug)]
struct Broken(Arc<FixedEnv>);

impl Env for Broken {
    fn now(&self) -> i64 {
        self.0.now()
    }

    fn fill(&self, bytes: &mut [u8]) {
        assert!(bytes.len() < 16, "the secret of the house");
        self.0.fill(bytes);
    }

    fn last_number(&self) -> &AtomicI64 {
        self.0.last_number()
    }
}

/// One request of a dialect; its body is another matter.
struct Case {
    name: &'static str,
    method: &'static str,
    path: String,
    content_type: &'static str,
    body: Vec<u8>,
}

/// Requests that draw a secret.
async fn cases(world: &World) -> Vec<Case> {
    let keeper = Keeper::operator(&world.organization);
    let new = NewKey { name: "Payroll".to_owned(), scopes: Scope::ALL.to_vec(), lifetime: None };
    let client = world.vestibule.create_client(keeper.clone(), new).await.unwrap();
    let owner = world.owner().await;
    let account = NewAccount { username: Some("grace".to_owned()), ..NewAccount::default() };
    let user = world.vestibule.create_account(&owner, account).await.unwrap().user_id;
    let (organization, password) = (&world.organization, secret_word());
    let form =
        format!("grant_type=client_credentials&client_id={}&client_secret={}", client.id, client.secret.reveal());
    let zitadel = json!({ "userId": user, "newPassword": { "password": password } }).to_string();
    let service = "/zitadel.user.v2.UserService/SetPassword".to_owned();
    let case = |name, method, path: String, content_type, body: String| {
        let body = body.into_bytes();
        Case { name, method, path, content_type, body }
    };
    // The same in protobuf, in a frame.
    let message = [field(1, user.as_bytes()), field(2, &field(1, password.as_bytes()))].concat();
    let framed = |name, content_type| {
        let length = u32::try_from(message.len()).unwrap();
        let body = [&[0][..], &length.to_be_bytes(), &message].concat();
        Case { name, method: "POST", path: service.clone(), content_type, body }
    };
    let set = "application/vnd.pingidentity.password.set+json";
    let form_type = "application/x-www-form-urlencoded";
    vec![
        case(
            "MonoCloud",
            "PUT",
            format!("/api/users/{user}/password"),
            "application/json",
            json!({ "password": password }).to_string(),
        ),
        case(
            "PingOne",
            "PUT",
            format!("/v1/environments/{organization}/users/{user}/password"),
            set,
            json!({ "value": password }).to_string(),
        ),
        case("PingOne's tokens", "POST", format!("/{organization}/as/token"), form_type, form.clone()),
        case("OAuth", "POST", "/oauth/v2/token".to_owned(), form_type, form),
        case("Zitadel, REST", "POST", format!("/v2/users/{user}/password"), "application/json", zitadel.clone()),
        case("Zitadel, Connect", "POST", service.clone(), "application/json", zitadel.clone()),
        framed("Zitadel, gRPC", "application/grpc"),
        framed("Zitadel, gRPC-Web", "application/grpc-web"),
    ]
}

/// A field of a protobuf message that is a text or a message, and short.
fn field(number: u8, content: &[u8]) -> Vec<u8> {
    [&[number << 3 | 2, u8::try_from(content.len()).unwrap()][..], content].concat()
}

/// The answer of the router to a case with this body; what is new with every answer is left out.
async fn told(router: &Router, key: &str, case: &Case, body: Body) -> String {
    let request = Request::builder().method(case.method).uri(&case.path).header("content-type", case.content_type);
    // The token endpoints have their clients' secrets in the form.
    let with_key = !case.path.contains("token");
    let request = if with_key { request.header("authorization", format!("Bearer {key}")) } else { request };
    let response = router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap();
    let trailers = body.trailers().cloned().unwrap_or_default();
    let mut body = String::from_utf8_lossy(&body.to_bytes()).into_owned();
    let json: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
    let correlation = parts.headers.get("correlation-id").map(|id| id.to_str().unwrap());
    for id in [json["traceId"].as_str(), correlation].into_iter().flatten() {
        body = body.replace(id, "…");
    }
    let body = if body.is_empty() { "nothing" } else { &body };
    format!("{}: {}{}\n  {body}\n", case.name, parts.status, said(&parts.headers) + &said(&trailers))
}

fn said(headers: &HeaderMap) -> String {
    ["content-type", "grpc-status", "grpc-message", "cache-control"].iter().fold(String::new(), |mut said, name| {
        if let Some(value) = headers.get(*name) {
            write!(said, ", {name}: {}", value.to_str().unwrap()).unwrap();
        }
        said
    })
}

async fn a_panic_is_told_in_each_dialects_shape(world: World) {
    let (cases, key) = (cases(&world).await, key(&world).await);
    let store = Store::open(&world.url).await.unwrap();
    let secret = SecretKey::parse(&"5a".repeat(32)).unwrap();
    let broken = Vestibule::new(store.clone(), Arc::new(Broken(world.env.clone())), secret);
    let (router, sound) = (router_of(&broken), router_of(&world.vestibule));
    let mut all = String::new();
    for case in &cases {
        all += &told(&router, key.reveal(), case, case.body.clone().into()).await;
    }
    assert!(!all.contains("secret of the house"), "{all}");
    insta::allow_duplicates! { insta::assert_snapshot!(all, @r#"
    MonoCloud: 500 Internal Server Error, content-type: application/problem+json, cache-control: no-store
      {"type":"https://httpstatuses.io/500","title":"Internal Server Error","status":500,"detail":"An internal error occurred.","traceId":"…"}
    PingOne: 500 Internal Server Error, content-type: application/json, cache-control: no-cache, no-store, max-age=0, must-revalidate
      {"id":"…","code":"UNEXPECTED_ERROR","message":"The request could not be completed. An unexpected error occurred."}
    PingOne's tokens: 500 Internal Server Error, content-type: application/json, cache-control: no-cache, no-store, max-age=0, must-revalidate
      {"error":"server_error","error_description":"Request denied: An internal error occurred. (Correlation ID: …)"}
    OAuth: 500 Internal Server Error, content-type: application/json, cache-control: no-store
      {"error":"server_error","error_description":"An internal error occurred."}
    Zitadel, REST: 500 Internal Server Error, content-type: application/json
      {"code":13,"message":"An internal error occurred."}
    Zitadel, Connect: 500 Internal Server Error, content-type: application/json
      {"code":"internal","message":"An internal error occurred."}
    Zitadel, gRPC: 200 OK, content-type: application/grpc, grpc-status: 13, grpc-message: An%20internal%20error%20occurred.
      nothing
    Zitadel, gRPC-Web: 200 OK, content-type: application/grpc-web+proto, grpc-status: 13, grpc-message: An%20internal%20error%20occurred.
      nothing
    "#) }
    // It was the panic that was told: with sound chance, all of these work.
    for case in &cases {
        let told = told(&sound, key.reveal(), case, case.body.clone().into()).await;
        assert!(told.starts_with(&format!("{}: 200 OK", case.name)) && !told.contains("grpc-status: 1"), "{told}");
    }
    store.close().await;
}

/// Only on a runtime of one thread can the clock be moved; which database there is does not matter.
#[tokio::test]
async fn what_takes_too_long_is_told_in_each_dialects_shape() {
    support::run(Engine::Sqlite, async |world: World| {
        let (cases, key, router) = (cases(&world).await, key(&world).await, router_of(&world.vestibule));
        let mut all = String::new();
        for case in &cases {
            // A body that begins and never ends.
            let begun = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from(case.body[..4].to_vec()))]);
            let body = Body::from_stream(futures::StreamExt::chain(begun, futures::stream::pending()));
            tokio::time::pause();
            all += &told(&router, key.reveal(), case, body).await;
            tokio::time::resume();
        }
        insta::assert_snapshot!(all, @r#"
    MonoCloud: 504 Gateway Timeout, content-type: application/problem+json, cache-control: no-store
      {"type":"https://httpstatuses.io/504","title":"Gateway Timeout","status":504,"detail":"The request took too long.","traceId":"…"}
    PingOne: 504 Gateway Timeout, content-type: application/json, cache-control: no-cache, no-store, max-age=0, must-revalidate
      {"id":"…","code":"UNEXPECTED_ERROR","message":"The request could not be completed. An unexpected error occurred."}
    PingOne's tokens: 504 Gateway Timeout, content-type: application/json, cache-control: no-cache, no-store, max-age=0, must-revalidate
      {"error":"temporarily_unavailable","error_description":"Request denied: The request took too long. (Correlation ID: …)"}
    OAuth: 504 Gateway Timeout, content-type: application/json, cache-control: no-store
      {"error":"temporarily_unavailable","error_description":"The request took too long."}
    Zitadel, REST: 504 Gateway Timeout, content-type: application/json
      {"code":4,"message":"The request took too long."}
    Zitadel, Connect: 504 Gateway Timeout, content-type: application/json
      {"code":"deadline_exceeded","message":"The request took too long."}
    Zitadel, gRPC: 200 OK, content-type: application/grpc, grpc-status: 4, grpc-message: The%20request%20took%20too%20long.
      nothing
    Zitadel, gRPC-Web: 200 OK, content-type: application/grpc-web+proto, grpc-status: 4, grpc-message: The%20request%20took%20too%20long.
      nothing
    "#);
    })
    .await;
}
