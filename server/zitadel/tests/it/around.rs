//! What stands around the operations: routes and methods there are not, media types, sizes, other origins, probes.

use std::time::Duration;

use axum::body::Body;
use http::{Method, Request, header};
use serde_json::{Value, json};
use tokio::time::timeout;
use vestibule_api::Stop;

use crate::{
    support::World,
    wire::{Heard, Wire, frame, frames, value},
};

both!(
    unknown_routes_and_methods_have_the_gateways_shape,
    connect_says_them_in_its_own_way,
    a_body_that_is_not_json_is_told_where,
    no_body_is_an_empty_one,
    what_is_too_large_is_told_so_everywhere,
    pages_of_any_origin_may_call,
    probes_are_answered,
    a_watch_ends_when_the_process_is_to_end,
    the_same_key_gives_the_same_answer,
);

async fn bare(wire: &Wire, method: Method, path: &str, headers: &[(&str, &str)]) -> Heard {
    let mut request = Request::builder().method(method).uri(path);
    for (name, text) in headers {
        request = request.header(*name, value(text));
    }
    wire.send(request.body(Body::empty()).unwrap()).await
}

async fn unknown_routes_and_methods_have_the_gateways_shape(world: World) {
    let wire = Wire::new(world).await;
    for path in
        ["/v2", "/v2/nothing", "/v2/users/1/nothing", "/auth/v1/users/you", "/debug/nothing", "/v2/users/1/lock/"]
    {
        let heard = bare(&wire, Method::GET, path, &[]).await;
        assert_eq!(heard.line(), r#"404 {"code":5,"message":"Not Found"}"#, "{path}");
        assert_eq!(heard.header("content-type"), "application/json");
    }
    for (method, path) in
        [(Method::GET, "/v2/users"), (Method::PUT, "/v2/users/1/email"), (Method::POST, "/auth/v1/users/me")]
    {
        let heard = bare(&wire, method, path, &[]).await;
        assert_eq!(heard.line(), r#"405 {"code":12,"message":"Method Not Allowed"}"#, "{path}");
        assert!(!heard.header("allow").is_empty());
    }
}

async fn connect_says_them_in_its_own_way(world: World) {
    let wire = Wire::new(world).await;
    let known = "/zitadel.user.v2.UserService/VerifyEmail";
    let heard = bare(&wire, Method::GET, known, &[]).await;
    assert_eq!((heard.line().as_str(), heard.header("allow")), ("405 ", "POST"));
    let heard =
        wire.raw(&wire.key, Method::POST, "/zitadel.user.v2.UserService/Nothing", "application/json", "{}").await;
    assert_eq!(heard.line(), "404 404 page not found\n");
    for media_type in ["text/plain", "application/connect+json", "application/x-www-form-urlencoded", ""] {
        let heard = wire.raw(&wire.key, Method::POST, known, media_type, "{}").await;
        assert_eq!(heard.line(), "415 ", "{media_type}");
        assert!(heard.header("accept-post").contains("application/proto"));
    }
    // The older service has no Connect.
    let heard =
        wire.raw(&wire.key, Method::POST, "/zitadel.auth.v1.AuthService/GetMyUser", "application/json", "{}").await;
    assert_eq!(heard.line(), "415 ");
    // To gRPC a method that there is not is one that is not implemented.
    for path in ["/zitadel.user.v2.UserService/Nothing", "/zitadel.session.v2.SessionService/GetSession"] {
        for media_type in ["application/grpc", "application/grpc-web+proto"] {
            let heard = wire.framed(&wire.key, path, media_type, b"").await;
            assert_eq!((heard.status.as_u16(), heard.header("grpc-status")), (200, "12"), "{path}");
            assert_eq!(heard.header("content-type"), media_type);
        }
    }
}

async fn a_body_that_is_not_json_is_told_where(world: World) {
    let mut wire = Wire::new(world).await;
    for body in ["{", "[]", "nonsense", "\"text\"", "{\"userId\":}", "{} {}", "{\"verificationCode\":{}}"] {
        let heard = wire.raw(&wire.key, Method::POST, "/v2/users/1/email/verify", "application/json", body).await;
        wire.told += &format!("{body}\n{}\n", heard.line());
        assert_eq!(heard.status, 400);
        assert!(heard.json()["message"].as_str().unwrap().starts_with("proto:"));
        let heard = wire
            .raw(&wire.key, Method::POST, "/zitadel.user.v2.UserService/VerifyEmail", "application/json", body)
            .await;
        assert_eq!(heard.json()["code"], "invalid_argument");
    }
    snapshot!(wire.told, @r#"
    {
    400 {"code":3,"message":"proto: syntax error (line 1:1): EOF while parsing an object"}
    []
    400 {"code":3,"message":"proto: (line 1:0): invalid type: sequence, expected a map"}
    nonsense
    400 {"code":3,"message":"proto: syntax error (line 1:2): expected ident"}
    "text"
    400 {"code":3,"message":"proto: (line 1:6): invalid type: string \"text\", expected a map"}
    {"userId":}
    400 {"code":3,"message":"proto: syntax error (line 1:11): expected value"}
    {} {}
    400 {"code":3,"message":"proto: syntax error (line 1:4): trailing characters"}
    {"verificationCode":{}}
    400 {"code":3,"message":"proto: (line 1:20): invalid type: map, expected a string"}
    "#);
}

async fn no_body_is_an_empty_one(world: World) {
    let wire = Wire::new(world).await;
    let id = wire.user("u1").await;
    let heard = wire.rest(&wire.key, Method::POST, &format!("/v2/users/{id}/deactivate"), &Value::Null).await;
    assert_eq!(heard.status, 200);
    let heard = wire.rest(&wire.key, Method::POST, "/v2/users/1/email/verify", &Value::Null).await;
    snapshot!(heard.line(), @r#"400 {"code":3,"message":"invalid VerifyEmailRequest.VerificationCode: value length must be between 1 and 20 runes, inclusive"}"#);
    // Where there is none, what is sent is not read.
    let path = format!("/v2/users/{id}/invite_code/resend");
    let heard = wire.raw(&wire.key, Method::POST, &path, "application/json", "{nonsense").await;
    snapshot!(heard.line(), @r#"400 {"code":9,"message":"User is inactive (VESTIBULE-Inactive)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"VESTIBULE-Inactive","message":"User is inactive"}]}"#);
}

async fn what_is_too_large_is_told_so_everywhere(world: World) {
    let wire = Wire::new(world).await;
    let large = "x".repeat(10 * 1024 * 1024);
    let body = json!({"verificationCode": large}).to_string();
    let heard = wire.raw(&wire.key, Method::POST, "/v2/users/1/email/verify", "application/json", body.clone()).await;
    snapshot!(heard.line(), @r#"413 {"code":8,"message":"The body is larger than 1048576 bytes."}"#);
    let heard =
        wire.raw(&wire.key, Method::POST, "/zitadel.user.v2.UserService/VerifyEmail", "application/json", body).await;
    snapshot!(heard.line(), @r#"413 {"code":"resource_exhausted","message":"The body is larger than 1048576 bytes."}"#);
    let heard =
        wire.framed(&wire.key, "/zitadel.user.v2.UserService/VerifyEmail", "application/grpc", large.as_bytes()).await;
    assert_eq!(heard.header("grpc-status"), "11");
    // A few bytes that would unpack to many.
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut packer, large.as_bytes()).unwrap();
    let request = Request::builder()
        .method(Method::POST)
        .uri("/zitadel.user.v2.UserService/VerifyEmail")
        .header(header::AUTHORIZATION, format!("Bearer {}", wire.key))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::CONTENT_ENCODING, "gzip");
    let heard = wire.send(request.body(Body::from(packer.finish().unwrap())).unwrap()).await;
    assert_eq!((heard.status.as_u16(), heard.json()["code"].as_str().unwrap()), (413, "resource_exhausted"));
}

async fn pages_of_any_origin_may_call(world: World) {
    let wire = Wire::new(world).await;
    let asked = [
        ("origin", "https://app.example"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization,content-type,x-zitadel-orgid"),
    ];
    for path in ["/v2/users", "/zitadel.user.v2.UserService/ListUsers", "/auth/v1/users/me"] {
        let heard = bare(&wire, Method::OPTIONS, path, &asked).await;
        assert_eq!(heard.status, 200);
        assert_eq!(heard.header("access-control-allow-origin"), "https://app.example");
        assert_eq!(heard.header("access-control-allow-credentials"), "true");
        for name in ["origin", "x-zitadel-orgid", "x-grpc-web", "connect-timeout-ms", "grpc-timeout", "x-user-agent"] {
            assert!(heard.header("access-control-allow-headers").contains(name), "{name}");
        }
    }
    let heard = bare(&wire, Method::GET, "/v2/users/1", &[("origin", "https://app.example")]).await;
    assert_eq!(heard.status, 401);
    for name in ["location", "grpc-status", "grpc-message", "grpc-status-details-bin"] {
        assert!(heard.header("access-control-expose-headers").contains(name), "{name}");
    }
}

async fn probes_are_answered(world: World) {
    let wire = Wire::new(world).await;
    assert_eq!(bare(&wire, Method::GET, "/debug/healthz", &[]).await.line(), "200 ok");
    assert_eq!(bare(&wire, Method::GET, "/debug/ready", &[]).await.line(), "200 ok");
    assert_eq!(bare(&wire, Method::GET, "/auth/v1/healthz", &[]).await.line(), "200 {}");
    let heard = wire.framed("", "/zitadel.auth.v1.AuthService/Healthz", "application/grpc", b"").await;
    assert_eq!(heard.header("grpc-status"), "0");
    for (service, status) in
        [("", "0"), ("zitadel.user.v2.UserService", "0"), ("zitadel.auth.v1.AuthService", "0"), ("nothing", "5")]
    {
        let asked = [&[10, u8::try_from(service.len()).unwrap()], service.as_bytes()].concat();
        let heard = wire.framed("", "/grpc.health.v1.Health/Check", "application/grpc", &asked).await;
        assert_eq!(heard.header("grpc-status"), status, "{service}");
        if status == "0" {
            // SERVING
            assert_eq!(frames(&heard.body), [(0, vec![8, 1])]);
        }
    }
}

async fn a_watch_ends_when_the_process_is_to_end(world: World) {
    let wire = Wire::new(world).await;
    // One that is known, and one that may yet appear.
    for (asked, status) in [(vec![], 1), (vec![10, 1, b'x'], 3)] {
        let (tell, stop) = Stop::channel();
        let mut request = Request::post("/grpc.health.v1.Health/Watch")
            .version(http::Version::HTTP_2)
            .header(header::CONTENT_TYPE, "application/grpc")
            .body(Body::from(frame(&asked)))
            .unwrap();
        request.extensions_mut().insert(stop);
        let watching = wire.send(request);
        tokio::pin!(watching);
        timeout(Duration::from_millis(300), &mut watching).await.unwrap_err();
        tell.send(true).unwrap();
        let heard = timeout(Duration::from_secs(5), watching).await.expect("the end of the answer");
        assert_eq!((heard.header("grpc-status"), frames(&heard.body)), ("0", vec![(0, vec![8, status])]));
    }
}

async fn the_same_key_gives_the_same_answer(world: World) {
    let wire = Wire::new(world).await;
    let id = wire.user("u1").await;
    let send = |path: String| {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", wire.key))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", "once");
        wire.send(request.body(Body::from("{}")).unwrap())
    };
    let first = send(format!("/v2/users/{id}/invite_code")).await;
    let again = send(format!("/v2/users/{id}/invite_code")).await;
    assert_eq!((first.status.as_u16(), &again.body), (200, &first.body));
    assert_eq!(wire.world.deliver().await.len(), 1);
    let other = send(format!("/v2/users/{id}/email/send")).await;
    snapshot!(other.line(), @r#"422 {"code":9,"message":"The Idempotency-Key was used for a different request."}"#);
}
