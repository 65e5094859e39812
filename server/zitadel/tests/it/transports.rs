//! The same call by every transport.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{Method, Request, header};
use prost::Message;
use serde_json::json;
use vestibule_zitadel::proto::zitadel::{
    auth::v1::{GetMyUserRequest, GetMyUserResponse},
    user::v2::{GetUserByIdRequest, GetUserByIdResponse, ListUsersRequest, ListUsersResponse},
};

use crate::{
    support::World,
    wire::{Wire, frame, frames},
};

both!(
    every_transport_gives_the_same_user,
    web_comes_as_text_too,
    grpc_in_json_is_answered_in_json,
    connect_packs_and_unpacks,
    deadlines_are_read,
    reflection_tells_the_services,
    the_older_service_is_there_by_grpc,
);

const PATH: &str = "/zitadel.user.v2.UserService/GetUserByID";

fn asked(id: &str) -> GetUserByIdRequest {
    GetUserByIdRequest { user_id: id.to_owned() }
}

async fn every_transport_gives_the_same_user(world: World) {
    let wire = Wire::new(world).await;
    let id = wire.user("u1").await;
    let by_grpc = wire.grpc::<_, GetUserByIdResponse>(&wire.key, PATH, asked(&id)).await.unwrap().into_inner();
    let message = asked(&id).encode_to_vec();
    for media_type in
        ["application/grpc", "application/grpc+proto", "application/grpc-web", "application/grpc-web+proto"]
    {
        let heard = wire.framed(&wire.key, PATH, media_type, &message).await;
        let (flag, answer) = frames(&heard.body).remove(0);
        assert_eq!(
            (flag, GetUserByIdResponse::decode(answer.as_slice()).unwrap()),
            (0, by_grpc.clone()),
            "{media_type}"
        );
    }
    let heard = wire.raw(&wire.key, Method::POST, PATH, "application/proto", message).await;
    assert_eq!(heard.header("content-type"), "application/proto");
    assert_eq!(GetUserByIdResponse::decode(heard.body.as_slice()).unwrap(), by_grpc);
    let by_rest = wire.get(&format!("/v2/users/{id}")).await;
    let by_connect = wire.connect(&wire.key, "GetUserByID", &json!({"userId": id})).await;
    assert_eq!(by_connect.line(), by_rest.line());
    let user = by_grpc.user.unwrap();
    assert_eq!((user.user_id.as_str(), user.username.as_str()), ("u1", "u1@navy.example"));
    assert_eq!(by_rest.json()["user"]["username"], "u1@navy.example");
}

async fn web_comes_as_text_too(world: World) {
    let wire = Wire::new(world).await;
    let id = wire.user("u1").await;
    for media_type in ["application/grpc-web-text", "application/grpc-web-text+proto"] {
        let request = Request::builder()
            .method(Method::POST)
            .uri(PATH)
            .header(header::CONTENT_TYPE, media_type)
            .header(header::ACCEPT, media_type)
            .header(header::AUTHORIZATION, format!("Bearer {}", wire.key));
        let body = STANDARD.encode(frame(&asked(&id).encode_to_vec()));
        let heard = wire.send(request.body(body.into()).unwrap()).await;
        // Each chunk is padded by itself.
        let text = heard.text();
        let end = text.find('=').map_or(text.len(), |end| end.next_multiple_of(4));
        let first = STANDARD.decode(&text[..end]).unwrap();
        let length = u32::from_be_bytes([first[1], first[2], first[3], first[4]]) as usize;
        let user = GetUserByIdResponse::decode(&first[5..5 + length]).unwrap().user.unwrap();
        assert_eq!(user.user_id, "u1");
    }
}

async fn grpc_in_json_is_answered_in_json(world: World) {
    let wire = Wire::new(world).await;
    let id = wire.user("u1").await;
    let heard =
        wire.framed(&wire.key, PATH, "application/grpc+json", json!({"user_id": id}).to_string().as_bytes()).await;
    assert_eq!((heard.header("grpc-status"), heard.header("content-type")), ("0", "application/grpc+json"));
    let (_, answer) = frames(&heard.body).remove(0);
    assert_eq!(answer, wire.get("/v2/users/u1").await.body);
}

async fn connect_packs_and_unpacks(world: World) {
    let wire = Wire::new(world).await;
    for place in 0..5 {
        wire.user(&format!("u{place}")).await;
    }
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut gzip, b"{\"query\":{\"limit\":5}}").unwrap();
    let packed = gzip.finish().unwrap();
    let request = |encoding: &str, version: &str| {
        Request::builder()
            .method(Method::POST)
            .uri("/zitadel.user.v2.UserService/ListUsers")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::CONTENT_ENCODING, encoding)
            .header(header::ACCEPT_ENCODING, "br, gzip")
            .header("connect-protocol-version", version)
            .header(header::AUTHORIZATION, format!("Bearer {}", wire.key))
            .body(packed.clone().into())
            .unwrap()
    };
    let heard = wire.send(request("gzip", "1")).await;
    assert_eq!(heard.header("content-encoding"), "gzip");
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(heard.body.as_slice()), &mut text).unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap()["result"].as_array().unwrap().len(), 5);
    snapshot!(wire.send(request("br", "1")).await.line(), @r#"501 {"code":"unimplemented","message":"unknown compression \"br\": supported encodings are gzip"}"#);
    snapshot!(wire.send(request("gzip", "2")).await.line(), @r#"400 {"code":"invalid_argument","message":"connect-protocol-version must be \"1\": got \"2\""}"#);
    snapshot!(wire.send(request("identity", "1")).await.line(), @r#"400 {"code":"invalid_argument","message":"proto: syntax error (line 1:1): expected value"}"#);
}

async fn deadlines_are_read(world: World) {
    let wire = Wire::new(world).await;
    let request = |timeout: &str| {
        Request::builder()
            .method(Method::POST)
            .uri("/zitadel.user.v2.UserService/ListUsers")
            .header(header::CONTENT_TYPE, "application/json")
            .header("connect-timeout-ms", timeout)
            .header(header::AUTHORIZATION, format!("Bearer {}", wire.key))
            .body("{}".into())
            .unwrap()
    };
    assert_eq!(wire.send(request("60000")).await.status, 200);
    assert_eq!(
        wire.send(request("0")).await.line(),
        r#"504 {"code":"deadline_exceeded","message":"context deadline exceeded"}"#
    );
    assert_eq!(wire.send(request("soon")).await.json()["code"], "invalid_argument");
    let request = |timeout: &str| {
        Request::builder()
            .method(Method::POST)
            .uri("/zitadel.user.v2.UserService/ListUsers")
            .header(header::CONTENT_TYPE, "application/grpc")
            .header("grpc-timeout", timeout)
            .header(header::AUTHORIZATION, format!("Bearer {}", wire.key))
            .body(frame(b"").into())
            .unwrap()
    };
    for (timeout, status) in [("60S", "0"), ("1H", "0"), ("0n", "4"), ("5", "13"), ("999999999S", "13"), ("1é", "13")]
    {
        assert_eq!(wire.send(request(timeout)).await.header("grpc-status"), status, "{timeout}");
    }
}

async fn reflection_tells_the_services(world: World) {
    let wire = Wire::new(world).await;
    // list_services = "" is field 7 in both versions.
    for version in ["v1", "v1alpha"] {
        let path = format!("/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo");
        let heard = wire.framed("", &path, "application/grpc", &[58, 0]).await;
        let text = heard.text();
        for service in ["zitadel.user.v2.UserService", "zitadel.auth.v1.AuthService", "grpc.health.v1.Health"] {
            assert!(text.contains(service), "{service}");
        }
        // file_containing_symbol is field 4.
        let symbol = "zitadel.user.v2.UserService.VerifyInviteCode";
        let asked = [&[34, u8::try_from(symbol.len()).unwrap()], symbol.as_bytes()].concat();
        let heard = wire.framed("", &path, "application/grpc", &asked).await;
        assert!(heard.text().contains("VerifyInviteCodeRequest"));
    }
}

async fn the_older_service_is_there_by_grpc(world: World) {
    let wire = Wire::new(world).await;
    let token = wire.token_of(&wire.user("u1").await).await;
    let path = "/zitadel.auth.v1.AuthService/GetMyUser";
    let answer = wire.grpc::<_, GetMyUserResponse>(&token, path, GetMyUserRequest {}).await.unwrap().into_inner();
    assert_eq!(answer.user.unwrap().user_name, "u1@navy.example");
    let heard = wire.framed(&token, path, "application/grpc-web", b"").await;
    assert_eq!(frames(&heard.body)[0].0, 0);
    let path = "/zitadel.user.v2.UserService/ListUsers";
    let answer = wire.grpc::<_, ListUsersResponse>(&wire.key, path, ListUsersRequest::default()).await.unwrap();
    assert_eq!(answer.into_inner().details.unwrap().total_result, 2);
}
