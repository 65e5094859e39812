//! Bodies that nobody means well with: refused in the dialect's own shape, never a fault, never a wait.

use http::Method;
use prost::Message;
use rand::{Rng, RngCore, SeedableRng, rngs::StdRng};
use serde_json::{Map, Value, json};
use vestibule_zitadel::proto::zitadel::user::v2::{CreateUserRequest, ListUsersRequest, SearchQuery, search_query};

use crate::{support::World, wire::Wire};

both!(bytes_that_are_no_message, nothing_stands_in_a_text, what_is_too_deep, json_at_random, bytes_at_random);

const SERVICE: &str = "/zitadel.user.v2.UserService";

async fn bytes_that_are_no_message(world: World) {
    let wire = Wire::new(world).await;
    for body in [&b"\xff\xff\xff"[..], b"\x0a\x7f", b"\x0a\x02\xff\xfe", b"\x08\x01\x0a", b"\x07"] {
        let path = format!("{SERVICE}/VerifyInviteCode");
        let heard = wire.raw(&wire.key, Method::POST, &path, "application/proto", body).await;
        assert_eq!(
            heard.line(),
            r#"400 {"code":"invalid_argument","message":"proto: cannot parse invalid wire-format data"}"#
        );
        for media_type in ["application/grpc", "application/grpc-web"] {
            let heard = wire.framed(&wire.key, &path, media_type, body).await;
            assert!(heard.header("grpc-status") == "3" || heard.text().contains("grpc-status:3"), "{heard:?}");
        }
    }
    // A frame that says more than it holds, and one of an unknown packing.
    for body in [&[0, 0, 0, 0, 9, 1][..], &[1, 0, 0, 0, 1, 1], &[7, 0, 0, 0, 0], &[0, 0], &[]] {
        let path = format!("{SERVICE}/VerifyInviteCode");
        let heard = wire.raw(&wire.key, Method::POST, &path, "application/grpc", body.to_vec()).await;
        assert_ne!(heard.header("grpc-status"), "0", "{body:?}");
        assert_eq!(heard.status, 200);
    }
}

async fn nothing_stands_in_a_text(world: World) {
    let mut wire = Wire::new(world).await;
    wire.user("u1").await;
    for (method, path, body) in [
        (Method::GET, "/v2/users/a%00b", Value::Null),
        (Method::DELETE, "/v2/users/a%00b", Value::Null),
        (Method::POST, "/v2/users/a%00b/invite_code", json!({})),
        (Method::POST, "/v2/users/a%00b/invite_code/verify", json!({"verificationCode": "BBBBBBBBBBBBBBB"})),
        (Method::POST, "/v2/users/u1/invite_code/verify", json!({"verificationCode": "BBBB\0BBB"})),
        (Method::POST, "/v2/users/u1/email", json!({"email": "a\0@navy.example"})),
        (Method::PATCH, "/v2/users/u1", json!({"username": "a\0b"})),
        (Method::PATCH, "/v2/users/u1", json!({"human": {"profile": {"givenName": "a\0b"}}})),
        (Method::PATCH, "/v2/users/u1", json!({"human": {"profile": {"displayName": "a\0b"}}})),
        (Method::PATCH, "/v2/users/u1", json!({"metadata": [{"key": "a\0b", "value": "AAA="}]})),
        (Method::POST, "/v2/users", json!({"queries": [{"userNameQuery": {"userName": "a\0b"}}]})),
        (Method::POST, "/v2/users", json!({"queries": [{"inUserIdsQuery": {"userIds": ["a\0b"]}}]})),
        (Method::POST, "/v2/users", json!({"queries": [{"inUserEmailsQuery": {"userEmails": ["a\0b"]}}]})),
        (Method::POST, "/v2/users", json!({"queries": [{"metadataKeyFilter": {"key": "a\0b"}}]})),
        (Method::POST, "/v2/users/u1/password", json!({"newPassword": {"password": "a\0b but long enough"}})),
        (Method::POST, "/v2/users/u1/invite_code", json!({"sendCode": {"applicationName": "a\0b"}})),
    ] {
        let heard = wire.rest(&wire.key, method.clone(), path, &body).await;
        assert!(heard.status.as_u16() < 500, "{path} {body} {}", heard.line());
        wire.told += &format!("{method} {path} {body} {}\n", heard.status.as_u16());
    }
    snapshot!(wire.told, @r#"
    GET /v2/users/a%00b null 404
    DELETE /v2/users/a%00b null 404
    POST /v2/users/a%00b/invite_code {} 400
    POST /v2/users/a%00b/invite_code/verify {"verificationCode":"BBBBBBBBBBBBBBB"} 400
    POST /v2/users/u1/invite_code/verify {"verificationCode":"BBBB\u0000BBB"} 400
    POST /v2/users/u1/email {"email":"a\u0000@navy.example"} 400
    PATCH /v2/users/u1 {"username":"a\u0000b"} 400
    PATCH /v2/users/u1 {"human":{"profile":{"givenName":"a\u0000b"}}} 400
    PATCH /v2/users/u1 {"human":{"profile":{"displayName":"a\u0000b"}}} 400
    PATCH /v2/users/u1 {"metadata":[{"key":"a\u0000b","value":"AAA="}]} 400
    POST /v2/users {"queries":[{"userNameQuery":{"userName":"a\u0000b"}}]} 200
    POST /v2/users {"queries":[{"inUserIdsQuery":{"userIds":["a\u0000b"]}}]} 200
    POST /v2/users {"queries":[{"inUserEmailsQuery":{"userEmails":["a\u0000b"]}}]} 200
    POST /v2/users {"queries":[{"metadataKeyFilter":{"key":"a\u0000b"}}]} 200
    POST /v2/users/u1/password {"newPassword":{"password":"a\u0000b but long enough"}} 200
    POST /v2/users/u1/invite_code {"sendCode":{"applicationName":"a\u0000b"}} 400
    "#);
}

async fn what_is_too_deep(world: World) {
    let wire = Wire::new(world).await;
    let deep = format!("{}{}", "{\"query\":".repeat(50_000), "}".repeat(50_000));
    let queries = format!("{{\"queries\":[{{{}", "\"andQuery\":{\"queries\":[{".repeat(20_000));
    for body in [deep, queries, "[".repeat(200_000), format!("{{\"unknown\":{}", "[".repeat(200_000))] {
        let heard = wire.raw(&wire.key, Method::POST, "/v2/users", "application/json", body).await;
        assert_eq!((heard.status.as_u16(), heard.json()["code"].as_i64()), (400, Some(3)));
    }
    let mut query = SearchQuery::default();
    for _ in 0..100 {
        let inner = vestibule_zitadel::proto::zitadel::user::v2::AndQuery { queries: vec![query] };
        query = SearchQuery { query: Some(search_query::Query::AndQuery(inner)) };
    }
    let message = ListUsersRequest { queries: vec![query], ..ListUsersRequest::default() }.encode_to_vec();
    let heard = wire.raw(&wire.key, Method::POST, &format!("{SERVICE}/ListUsers"), "application/proto", message).await;
    assert_eq!((heard.status.as_u16(), heard.json()["code"].as_str()), (400, Some("invalid_argument")));
}

/// A value of names and shapes that the messages have, put together without sense.
fn nonsense(chance: &mut StdRng, depth: usize) -> Value {
    const NAMES: &[&str] = &[
        "userId",
        "user_id",
        "email",
        "isVerified",
        "sendCode",
        "returnCode",
        "urlTemplate",
        "verificationCode",
        "profile",
        "givenName",
        "familyName",
        "human",
        "machine",
        "organizationId",
        "metadata",
        "key",
        "value",
        "queries",
        "query",
        "andQuery",
        "orQuery",
        "notQuery",
        "userNameQuery",
        "userName",
        "method",
        "stateQuery",
        "state",
        "limit",
        "offset",
        "asc",
        "sortingColumn",
        "newPassword",
        "password",
        "phone",
        "code",
        "domain",
        "gender",
        "inUserIdsQuery",
        "userIds",
    ];
    const TEXTS: &[&str] = &[
        "",
        "a",
        "u1",
        "a@navy.example",
        "@",
        "\0",
        "🦀",
        "{{.Code}}",
        "eA==",
        "-1",
        "1e400",
        "GENDER_MALE",
        "%00",
        "18446744073709551616",
    ];
    match chance.random_range(0..if depth == 0 { 6 } else { 10 }) {
        0 => Value::Null,
        1 => chance.random_bool(0.5).into(),
        2 => chance.random_range(-5..2_000).into(),
        3 => chance.random::<f64>().into(),
        4 | 5 => TEXTS[chance.random_range(0..TEXTS.len())].into(),
        6 => (0..chance.random_range(0..4)).map(|_| nonsense(chance, depth - 1)).collect(),
        _ => {
            let fields = (0..chance.random_range(0..6))
                .map(|_| (NAMES[chance.random_range(0..NAMES.len())].to_owned(), nonsense(chance, depth - 1)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
    }
}

async fn json_at_random(world: World) {
    let wire = Wire::new(world).await;
    wire.user("u1").await;
    let mut chance = StdRng::seed_from_u64(3);
    let calls = [
        (Method::POST, "/v2/users"),
        (Method::POST, "/v2/users/human"),
        (Method::POST, "/v2/users/new"),
        (Method::PATCH, "/v2/users/u1"),
        (Method::POST, "/v2/users/u1/email"),
        (Method::POST, "/v2/users/u1/email/verify"),
        (Method::POST, "/v2/users/u1/invite_code"),
        (Method::POST, "/v2/users/u1/password_reset"),
    ];
    for _ in 0..600 {
        let (method, path) = &calls[chance.random_range(0..calls.len())];
        let mut body = nonsense(&mut chance, 5).to_string();
        if chance.random_bool(0.2) {
            let cut = (0..=chance.random_range(0..=body.len())).rev().find(|cut| body.is_char_boundary(*cut));
            body.truncate(cut.unwrap_or_default());
        }
        let heard = wire.raw(&wire.key, method.clone(), path, "application/json", body.clone()).await;
        assert!(heard.status.as_u16() < 500 || heard.status == 501, "{method} {path} {body} {}", heard.line());
        assert!(heard.json().is_object());
    }
}

async fn bytes_at_random(world: World) {
    let wire = Wire::new(world).await;
    wire.user("u1").await;
    let mut chance = StdRng::seed_from_u64(5);
    let whole = CreateUserRequest {
        organization_id: "o".to_owned(),
        username: Some("u".to_owned()),
        ..CreateUserRequest::default()
    };
    let methods =
        ["ListUsers", "CreateUser", "AddHumanUser", "UpdateUser", "SetEmail", "VerifyInviteCode", "RegisterPasskey"];
    for _ in 0..600 {
        let mut body =
            if chance.random_bool(0.5) { whole.encode_to_vec() } else { vec![0; chance.random_range(0..60)] };
        if body.first().is_none_or(|first| *first == 0) {
            chance.fill_bytes(&mut body);
        }
        for _ in 0..chance.random_range(0..4) {
            if let Some(place) = (!body.is_empty()).then(|| chance.random_range(0..body.len())) {
                body[place] = chance.random();
            }
        }
        let path = format!("{SERVICE}/{}", methods[chance.random_range(0..methods.len())]);
        let heard = wire.raw(&wire.key, Method::POST, &path, "application/proto", body.clone()).await;
        assert!(heard.status.as_u16() < 500 || heard.status == 501, "{path} {body:?} {}", heard.line());
    }
}
