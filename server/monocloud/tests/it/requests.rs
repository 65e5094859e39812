//! Requests as clients and attackers write them.

use axum::body::Body;
use http::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::{
    client::{Client, id_in, path_of},
    support::World,
};

both! {
    json_may_be_announced_and_not_sent,
    bodies_are_judged_before_anything_is_done,
    what_nothing_lives_at_is_told_in_the_same_shape,
    a_problem_is_told_whole,
    pages_of_other_origins_may_ask,
    ids_are_decoded,
    the_document_names_every_route,
}

/// The vendor's client writes `Content-Type: application/json` with everything.
async fn json_may_be_announced_and_not_sent(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let (path, email) = (path_of(&user), id_in(&user, "emails", 0));
    client.get(&path).await.ok(200);
    for press in ["enable", "disable", "enable", "unblock", "password/force_reset"] {
        client.press(&format!("{path}/{press}")).await.ok(200);
    }
    for verb in ["verify", "primary", "unverify", "verify/link"] {
        client.press(&format!("{path}/emails/{email}/{verb}")).await.ok(200);
    }
    let mut bare = client.request(Method::POST, &format!("{path}/disable"), " \r\n");
    bare.headers_mut().remove(header::CONTENT_TYPE);
    client.send(bare).await.ok(200);
    // Where no body is read, none is judged.
    let odd = client.request(Method::POST, &format!("{path}/emails/{email}/verify"), "{not json");
    client.send(odd).await.ok(200);
    assert_eq!(client.delete(&path).await.status, StatusCode::NO_CONTENT);
}

async fn bodies_are_judged_before_anything_is_done(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let emails = format!("{}/emails", path_of(&user));
    let mut told = Vec::new();
    for body in [
        "{",
        "[]",
        "\"a@example.com\"",
        "{\"email\":\"a@example.com\"} x",
        "\u{0}",
        &"[".repeat(10_000),
        "{\"email\":\"\\ud800\"}",
    ] {
        told.push(client.send(client.request(Method::POST, &emails, body.to_owned())).await.problem());
    }
    told.push(client.send(client.request(Method::POST, &emails, vec![b'{', 0xff, b'}'])).await.problem());
    let mut form = client.request(Method::POST, &emails, "email=a@example.com");
    form.headers_mut().insert(header::CONTENT_TYPE, "application/x-www-form-urlencoded".parse().unwrap());
    told.push(client.send(form).await.problem());
    told.push(client.send(client.request(Method::POST, &emails, vec![b' '; 10 * 1024 * 1024])).await.problem());
    told.dedup();
    snapshot!(told.join("\n"), @r#"
    {"type":"https://httpstatuses.io/400","title":"Bad Request","status":400,"detail":"The body is not JSON."}
    {"type":"https://httpstatuses.io/400","title":"Bad Request","status":400,"detail":"The body must be a JSON object."}
    {"type":"https://httpstatuses.io/400","title":"Bad Request","status":400,"detail":"The body is not JSON."}
    {"type":"https://httpstatuses.io/415","title":"Unsupported Media Type","status":415,"detail":"The body must be application/json."}
    {"type":"https://httpstatuses.io/413","title":"Payload Too Large","status":413,"detail":"The body is larger than 1048576 bytes."}
    "#);
    assert_eq!(client.get(&path_of(&user)).await.ok(200), user);
    let mut other = client.request(Method::POST, &emails, r#"{"email":"a@example.com"}"#);
    other.headers_mut().insert(header::CONTENT_TYPE, "Application/JSON; charset=utf-8".parse().unwrap());
    client.send(other).await.ok(200);
}

async fn what_nothing_lives_at_is_told_in_the_same_shape(world: World) {
    let client = Client::new(&world).await;
    let mut told = Vec::new();
    for (method, path) in [
        (Method::GET, "/api"),
        (Method::GET, "/api/"),
        (Method::GET, "/api/users/"),
        (Method::GET, "/api/clients"),
        (Method::GET, "/api/users/u/emails/e/nothing"),
        (Method::PUT, "/api/users"),
        (Method::GET, "/api/users/u/emails/e/verify"),
    ] {
        let answer = client.ask(method.clone(), path, None).await;
        let allow = answer.headers.get(header::ALLOW).map(|allow| allow.to_str().unwrap().to_owned());
        told.push(format!("{method} {path} {} {}", allow.unwrap_or_default(), answer.problem()));
    }
    snapshot!(told.join("\n"), @r#"
    GET /api  {"type":"https://httpstatuses.io/404","title":"Not Found","status":404,"detail":"Nothing lives at this path."}
    GET /api/  {"type":"https://httpstatuses.io/404","title":"Not Found","status":404,"detail":"Nothing lives at this path."}
    GET /api/users/  {"type":"https://httpstatuses.io/404","title":"Not Found","status":404,"detail":"Nothing lives at this path."}
    GET /api/clients  {"type":"https://httpstatuses.io/404","title":"Not Found","status":404,"detail":"Nothing lives at this path."}
    GET /api/users/u/emails/e/nothing  {"type":"https://httpstatuses.io/404","title":"Not Found","status":404,"detail":"Nothing lives at this path."}
    PUT /api/users GET,HEAD,POST {"type":"https://httpstatuses.io/405","title":"Method Not Allowed","status":405,"detail":"This path does not take this method."}
    GET /api/users/u/emails/e/verify POST {"type":"https://httpstatuses.io/405","title":"Method Not Allowed","status":405,"detail":"This path does not take this method."}
    "#);
}

/// Whole, with the trace that the caller is in.
async fn a_problem_is_told_whole(world: World) {
    let client = Client::new(&world).await;
    let mut request = client.request(Method::GET, "/api/users/nobody", "");
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    request.headers_mut().insert("traceparent", trace.parse().unwrap());
    let answer = client.send(request).await;
    answer.problem();
    let problem: Value = serde_json::from_str(&answer.body).unwrap();
    snapshot!(serde_json::to_string_pretty(&problem).unwrap(), @r#"
    {
      "type": "https://httpstatuses.io/404",
      "title": "Not Found",
      "status": 404,
      "traceId": "00-4bf92f3577b34da6a3ce929d0e0e4736-96ff66cd60b5a6b3-01"
    }
    "#);
    let mut headers: Vec<String> =
        answer.headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
    headers.sort();
    snapshot!(headers.join("\n"), @r#"
    access-control-allow-origin: *
    access-control-expose-headers: X-Pagination, Retry-After
    cache-control: no-store
    content-length: 139
    content-type: application/problem+json
    x-content-type-options: nosniff
    "#);
    let mut forged = client.request(Method::GET, "/api/users/nobody", "");
    forged.headers_mut().insert("traceparent", "00-<script>-x-01".parse().unwrap());
    client.send(forged).await.problem();
}

async fn pages_of_other_origins_may_ask(world: World) {
    let client = Client::new(&world).await;
    let mut request = client.request(Method::OPTIONS, "/api/users", Body::empty());
    request.headers_mut().remove("x-api-key");
    request.headers_mut().insert(header::ACCESS_CONTROL_REQUEST_METHOD, "POST".parse().unwrap());
    let answer = client.send(request).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(answer.headers["access-control-allow-origin"], "*");
    assert!(answer.headers["access-control-allow-headers"].to_str().unwrap().contains("X-API-KEY"));
}

/// Ids come percent-encoded, and can be anything.
async fn ids_are_decoded(world: World) {
    let client = Client::new(&world).await;
    let owner = world.owner().await;
    let account = vestibule_core::user::create::NewAccount {
        id: Some("a/b c".to_owned()),
        username: Some("odd".to_owned()),
        ..Default::default()
    };
    world.vestibule.create_account(&owner, account).await.unwrap();
    assert_eq!(client.get("/api/users/a%2Fb%20c").await.ok(200)["user_id"], "a/b c");
    client.post("/api/users/a%2Fb%20c/emails", json!({"email": "odd@example.com", "is_verified": true})).await.ok(200);
    for odd in ["%00", "%FF", "..", "%2e%2e", "a%2Fb", "\u{fc}", "%F0%9F%92%A9"] {
        let path: String = odd
            .bytes()
            .map(|byte| if byte.is_ascii() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
            .collect();
        let answer = client.get(&format!("/api/users/{path}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{odd}");
        answer.problem();
    }
}

/// Every operation is documented once, and nothing else is served.
async fn the_document_names_every_route(world: World) {
    let client = Client::new(&world).await;
    let operations = vestibule_monocloud::operations();
    let mut ids: Vec<&str> = operations.iter().map(|operation| operation.id.as_ref()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), operations.len());
    for operation in &operations {
        assert!(vestibule_monocloud::claims(&operation.path) && operation.scope.is_some(), "{}", operation.id);
        let path: String = operation
            .path
            .split('/')
            .map(|part| if part.starts_with('{') { "x" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        let mut request = client.request(operation.method.clone(), &path, "");
        request.headers_mut().remove("x-api-key");
        assert_eq!(client.send(request).await.status, StatusCode::UNAUTHORIZED, "{} {path}", operation.method);
    }
    assert!(!vestibule_monocloud::claims("/apis") && vestibule_monocloud::claims("/api"));
}
