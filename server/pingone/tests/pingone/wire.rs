//! The wire's own habits: headers, media types, bodies, routes that are none.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use futures::stream;
use http::{Method, Request, StatusCode, header};
use serde_json::json;

use crate::{
    machine::{Answer, JSON, Machine, encoded, vendor},
    support::World,
};

both! {
    every_answer_carries_its_headers,
    what_lives_nowhere_is_answered_in_json,
    every_content_type_line_is_read,
    an_unknown_type_is_told_the_right_one,
    a_body_may_come_in_chunks,
    ids_may_be_percent_encoded,
    a_body_has_bounds,
    a_fault_of_ours_is_answered_in_json,
    a_browser_may_ask_first,
    strict_transport_is_for_https,
}

async fn every_answer_carries_its_headers(world: World) {
    let machine = Machine::new(&world).await;
    let uri = format!("/v1/environments/{}/users", machine.environment);
    let request = Request::get(uri)
        .header(header::AUTHORIZATION, format!("bearer {}", machine.token))
        .header(header::CONTENT_TYPE, JSON)
        .header("x-ping-external-transaction-id", "t-1")
        .header("x-ping-external-session-id", "s".repeat(100));
    let answer = machine.call(request.body(Body::empty()).unwrap()).await;
    let mut headers: Vec<String> =
        answer.headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
    headers.sort_unstable();
    snapshot!(headers.join("\n"), @r#"
    access-control-allow-origin: *
    access-control-expose-headers: Correlation-Id
    cache-control: no-cache, no-store, max-age=0, must-revalidate
    content-length: 158
    content-type: application/json
    correlation-id: 01977420-dc00-77cb-96ff-66cd60b5a6b3
    expires: 0
    pragma: no-cache
    ratelimit-policy: "client";q=600;w=2
    ratelimit: "client";r=599;t=1
    vary: Origin
    x-content-type-options: nosniff
    x-frame-options: DENY
    "#);
    assert_eq!(answer.status, 200);
}

/// That an answer is one of this dialect's errors, with one id in header and body.
#[track_caller]
fn is_dressed(answer: &Answer) {
    assert_eq!(answer.header("content-type"), JSON, "{}", answer.told());
    assert_eq!(answer.header("correlation-id"), answer.body()["id"].as_str().unwrap_or("-"), "{}", answer.told());
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
}

async fn what_lives_nowhere_is_answered_in_json(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    snapshot!(machine.get("nothing").await.told(), @r#"
    404 Not Found
    { "id": "01977420-dc00-7b13-ade4-a4f4557f17fe", "code": "NOT_FOUND", "message": "The request could not be completed. The requested resource was not found." }
    "#);
    for path in ["users/a/b/c", "users/", "users//", &format!("users/{id}/")] {
        let uri = format!("/v1/environments/{}/{path}", machine.environment);
        let answer = machine.call(Request::get(uri).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, 404, "{path}");
        is_dressed(&answer);
    }
    let wrong = machine.send(Method::DELETE, "users", &[], "").await;
    snapshot!(wrong.told(), @r#"
    405 Method Not Allowed
    allow: GET,HEAD,POST
    {
      "id": "01977420-dc00-7a0d-85f4-673ef5a1bf41",
      "code": "INVALID_REQUEST",
      "message": "The request could not be completed. The request was malformed or invalid.",
      "details": [
        { "code": "INVALID_VALUE", "target": "method", "message": "This path does not take this method." }
      ]
    }
    "#);
    is_dressed(&wrong);
    for path in ["/v1/environments", "/v1/environments/", "/v1/environments/x/y", "/x/flows/y", "/x/as/token"] {
        assert!(vestibule_pingone::claims(path), "{path}");
    }
    for path in ["/", "/v1", "/v2/users", "/api/users", "/verify/x", "/x/flows", "/x/as/y", "/v1/environmentsx"] {
        assert!(!vestibule_pingone::claims(path), "{path}");
    }
}

async fn every_content_type_line_is_read(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let path = format!("users/{id}");
    let (verify, sender) = (vendor("user.verify"), vendor("user.sendVerificationCode"));
    let joined = format!("{JSON}, {verify}");
    let dressed = format!("{};charset=UTF-8", verify.to_uppercase());
    for types in
        [&[JSON, &verify][..], &[&verify, JSON], &[&joined], &[&dressed], &[&verify, &verify], &["text/plain", &verify]]
    {
        let answer = machine.send(Method::POST, &path, types, "{}").await;
        assert!(answer.text.contains("REQUIRED_VALUE"), "{types:?} {}", answer.told());
    }
    // The vendor's client sends both lines, and no body.
    let sent = machine.send(Method::POST, &path, &[JSON, &sender], "").await;
    assert_eq!(sent.status, 200, "{}", sent.told());
    let body = json!({ "username": "ada", "email": "ada@poets.example" }).to_string();
    assert_eq!(machine.send(Method::POST, "users", &[JSON, JSON], body).await.status, 201);
}

async fn an_unknown_type_is_told_the_right_one(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let user = format!("users/{id}");
    let verification = format!("{user}/emailVerification");
    let email_verify = vendor("user.emailVerification.verify");
    let verify = vendor("user.verify");
    let unknown = vendor("user.levitate");
    snapshot!(machine.send(Method::POST, &user, &[&email_verify], "{}").await.told(), @r#"
    415 Unsupported Media Type
    {
      "id": "01977420-dc00-7b13-ade4-a4f4557f17fe",
      "code": "INVALID_REQUEST",
      "message": "The request could not be completed. The request was malformed or invalid.",
      "details": [
        {
          "code": "INVALID_VALUE",
          "target": "Content-Type",
          "message": "application/vnd.pingidentity.user.emailVerification.verify+json belongs to POST /v1/environments/{environment}/users/{user}/emailVerification. This path takes application/vnd.pingidentity.user.invite+json, application/vnd.pingidentity.user.sendVerificationCode+json, application/vnd.pingidentity.user.verify+json, application/vnd.pingidentity.account.lock+json, application/vnd.pingidentity.account.unlock+json."
        }
      ]
    }
    "#);
    let mut told = Vec::new();
    for (method, path, types) in [
        (Method::POST, user.as_str(), &[JSON][..]),
        (Method::POST, &user, &[]),
        (Method::POST, &user, &[JSON, &unknown]),
        (Method::POST, &verification, &[&verify]),
        (Method::POST, "users", &["application/xml"]),
        (Method::POST, "populations", &["text/plain"]),
        (Method::PUT, &user, &["text/plain"]),
        (Method::PATCH, &user, &[&verify]),
        (Method::PUT, &format!("{user}/password"), &[JSON]),
    ] {
        let answer = machine.send(method, path, types, "{}").await;
        is_dressed(&answer);
        told.push(answer.brief());
    }
    snapshot!(told.join("\n"), @r#"
    415 INVALID_REQUEST
      INVALID_VALUE Content-Type: application/json is not supported here. This path takes application/vnd.pingidentity.user.invite+json, application/vnd.pingidentity.user.sendVerificationCode+json, application/vnd.pingidentity.user.verify+json, application/vnd.pingidentity.account.lock+json, application/vnd.pingidentity.account.unlock+json.
    415 INVALID_REQUEST
      INVALID_VALUE Content-Type: The request has no Content-Type. This path takes application/vnd.pingidentity.user.invite+json, application/vnd.pingidentity.user.sendVerificationCode+json, application/vnd.pingidentity.user.verify+json, application/vnd.pingidentity.account.lock+json, application/vnd.pingidentity.account.unlock+json.
    415 INVALID_REQUEST
      INVALID_VALUE Content-Type: application/vnd.pingidentity.user.levitate+json is not supported here. This path takes application/vnd.pingidentity.user.invite+json, application/vnd.pingidentity.user.sendVerificationCode+json, application/vnd.pingidentity.user.verify+json, application/vnd.pingidentity.account.lock+json, application/vnd.pingidentity.account.unlock+json.
    415 INVALID_REQUEST
      INVALID_VALUE Content-Type: application/vnd.pingidentity.user.verify+json belongs to POST /v1/environments/{environment}/users/{user}. This path takes application/vnd.pingidentity.user.emailVerification.send+json, application/vnd.pingidentity.user.emailVerification.verify+json.
    415 INVALID_REQUEST
      INVALID_VALUE Content-Type: application/xml is not supported here. This path takes application/json, application/vnd.pingidentity.user.import+json, application/vnd.pingidentity.user.invite+json.
    415 INVALID_REQUEST
      INVALID_VALUE Content-Type: text/plain is not supported here. This path takes application/json.
    415 INVALID_REQUEST
      INVALID_VALUE Content-Type: text/plain is not supported here. This path takes application/json.
    415 INVALID_REQUEST
      INVALID_VALUE Content-Type: application/vnd.pingidentity.user.verify+json belongs to POST /v1/environments/{environment}/users/{user}. This path takes application/json.
    415 INVALID_REQUEST
      INVALID_VALUE Content-Type: application/json is not supported here. This path takes application/vnd.pingidentity.password.set+json, application/vnd.pingidentity.password.reset+json.
    "#);
}

async fn a_body_may_come_in_chunks(world: World) {
    let machine = Machine::new(&world).await;
    let parts = ["{\"userna", "me\":\"ada\",", "\"email\":\"ada@poets.exa", "mple\"}"];
    let chunks = parts.map(|part| Ok::<_, Infallible>(Bytes::from(part)));
    let body = Body::from_stream(stream::iter(chunks));
    assert_eq!(machine.send(Method::POST, "users", &[JSON], body).await.status, 201);
    let broken = stream::iter([Ok(Bytes::from("{\"username\"")), Err(std::io::Error::other("gone"))]);
    let answer = machine.send(Method::POST, "users", &[JSON], Body::from_stream(broken)).await;
    assert_eq!(answer.status, 400);
    is_dressed(&answer);
}

async fn ids_may_be_percent_encoded(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let encoded = encoded(&id);
    let environment = machine.environment.replace('-', "%2D");
    let encoding = Machine { environment, ..machine };
    assert_eq!(encoding.get(&format!("users/{encoded}")).await.id(), id);
    let long = "x".repeat(5_000);
    for odd in ["%00", "%ff", "%e2%82", "a%2Fb", "%20", &long, "..%2f..", "💥"] {
        let uri = format!("users/{}", odd.replace('💥', "%F0%9F%92%A5"));
        let answer = encoding.get(&uri).await;
        assert_eq!(answer.status, 404, "{odd}");
        is_dressed(&answer);
    }
}

async fn a_body_has_bounds(world: World) {
    let machine = Machine::new(&world).await;
    let large = machine.send(Method::POST, "users", &[JSON], "x".repeat(10 * 1024 * 1024)).await;
    snapshot!(large.told(), @r#"
    413 Payload Too Large
    {
      "id": "01977420-dc00-77cb-96ff-66cd60b5a6b3",
      "code": "INVALID_REQUEST",
      "message": "The request could not be completed. The request was malformed or invalid.",
      "details": [
        {
          "code": "SIZE_LIMIT_EXCEEDED",
          "target": "body",
          "message": "The body is larger than 1048576 bytes.",
          "innerError": { "maximumValue": 1048576 }
        }
      ]
    }
    "#);
    is_dressed(&large);
    let deep = machine.send(Method::POST, "users", &[JSON], "[".repeat(500_000)).await;
    assert_eq!(deep.status, 400);
    is_dressed(&deep);
    let wide = json!({ "username": "x".repeat(900_000), "email": "x@y.example" });
    assert_eq!(machine.json(Method::POST, "users", wide).await.brief().lines().count(), 2);
    let nul = machine.json(Method::POST, "users", json!({ "username": "x\0", "email": "x\0@y.example" })).await;
    assert_eq!(nul.status, 400);
}

async fn a_fault_of_ours_is_answered_in_json(world: World) {
    let machine = Machine::new(&world).await;
    world.db.exec("ALTER TABLE users RENAME TO nobody").await;
    let failed = machine.get("users").await;
    snapshot!(failed.told(), @r#"
    500 Internal Server Error
    { "id": "01977420-dc00-77cb-96ff-66cd60b5a6b3", "code": "UNEXPECTED_ERROR", "message": "The request could not be completed. An unexpected error occurred." }
    "#);
    is_dressed(&failed);
}

async fn a_browser_may_ask_first(world: World) {
    let machine = Machine::new(&world).await;
    let request = Request::options(format!("/v1/environments/{}/users", machine.environment))
        .header(header::ORIGIN, "https://app.example")
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST");
    let answer = machine.call(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert!(answer.header("access-control-allow-headers").contains("Authorization"));
    let plain = Request::options("/v1/environments/x/users").body(Body::empty()).unwrap();
    assert_eq!(machine.call(plain).await.status, StatusCode::METHOD_NOT_ALLOWED);
}

async fn strict_transport_is_for_https(world: World) {
    let machine = Machine::new(&world).await;
    assert_eq!(machine.get("users").await.header("strict-transport-security"), "");
    let api = vestibule_api::Api::new(world.vestibule.clone(), "https://vestibule.example");
    let secure = Machine { router: vestibule_pingone::router(api), ..machine };
    let answer = secure.get("users").await;
    assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
    assert!(answer.text.contains("https://vestibule.example/v1/"));
}
