//! One error in every transport's encoding.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use http::Method;
use prost::Message;
use serde_json::json;
use vestibule_core::api_key::Scope;
use vestibule_zitadel::proto::{
    google::rpc,
    zitadel::{
        user::v2::{
            GetUserByIdRequest, GetUserByIdResponse, SetPasswordRequest, SetPasswordResponse, VerifyEmailRequest,
            VerifyEmailResponse, VerifyInviteCodeRequest, VerifyInviteCodeResponse,
        },
        v1::{CredentialsCheckError, ErrorDetail},
    },
};

use crate::{
    support::World,
    wire::{Heard, Wire, frames},
};

both!(
    every_transport_says_the_same,
    gateway_shape,
    connect_shape,
    a_wrong_password_has_details_of_its_own,
    web_puts_it_into_trailers
);

/// Code, message and id of a call by gRPC.
async fn grpc<Q: Message + 'static, A: Message + Default + 'static>(
    wire: &Wire,
    token: &str,
    method: &str,
    message: Q,
) -> (i32, String, String) {
    let path = format!("/zitadel.user.v2.UserService/{method}");
    let status = wire.grpc::<Q, A>(token, &path, message).await.err().unwrap();
    let details = rpc::Status::decode(status.details()).unwrap();
    if !status.details().is_empty() {
        assert_eq!((details.code, details.message.as_str()), (status.code() as i32, status.message()));
    }
    let id = details.details.first().map(|any| {
        assert_eq!(any.type_url, "type.googleapis.com/zitadel.v1.ErrorDetail");
        ErrorDetail::decode(any.value.as_slice()).unwrap().id
    });
    (status.code() as i32, status.message().to_owned(), id.unwrap_or_default())
}

fn rest(heard: &Heard) -> (i32, String, String) {
    let body = heard.json();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    (i32::try_from(body["code"].as_i64().unwrap()).unwrap(), text(&body["message"]), text(&body["details"][0]["id"]))
}

fn connect(heard: &Heard) -> (i32, String, String) {
    let body = heard.json();
    let code = match body["code"].as_str().unwrap() {
        "invalid_argument" => 3,
        "not_found" => 5,
        "permission_denied" => 7,
        "failed_precondition" => 9,
        "unauthenticated" => 16,
        code => panic!("{code}"),
    };
    let detail = &body["details"][0];
    let id = detail["value"].as_str().map(|value| {
        assert_eq!(detail["type"], "zitadel.v1.ErrorDetail");
        let detail = ErrorDetail::decode(STANDARD_NO_PAD.decode(value).unwrap().as_slice()).unwrap();
        assert_eq!(format!("{} ({})", detail.message, detail.id), body["message"].as_str().unwrap());
        detail.id
    });
    (code, body["message"].as_str().unwrap().to_owned(), id.unwrap_or_default())
}

async fn every_transport_says_the_same(world: World) {
    let wire = Wire::new(world).await;
    wire.user("u1").await;
    let reader = wire.key_for(&[Scope::Verify]).await;
    let mut told = String::new();
    for (token, user_id, code) in [
        ("", "u1", "BBBBBBBBBBBBBBB"),
        ("nonsense", "u1", "BBBBBBBBBBBBBBB"),
        (&wire.key, "nobody", "BBBBBBBBBBBBBBB"),
        (&wire.key, "u1", "BBBBBBBBBBBBBBB"),
        (&wire.key, "u1", "no code at all"),
        (&wire.key, "u1", ""),
    ] {
        for method in ["VerifyInviteCode", "VerifyEmail"] {
            let body = json!({"userId": user_id, "verificationCode": code});
            let by_connect = connect(&wire.connect(token, method, &body).await);
            let path =
                format!("/v2/users/{user_id}/{}/verify", if method == "VerifyEmail" { "email" } else { "invite_code" });
            let by_rest = rest(&wire.rest(token, Method::POST, &path, &body).await);
            let (user_id, verification_code) = (user_id.to_owned(), code.to_owned());
            let by_grpc = if method == "VerifyEmail" {
                grpc::<_, VerifyEmailResponse>(&wire, token, method, VerifyEmailRequest { user_id, verification_code })
                    .await
            } else {
                grpc::<_, VerifyInviteCodeResponse>(
                    &wire,
                    token,
                    method,
                    VerifyInviteCodeRequest { user_id, verification_code },
                )
                .await
            };
            assert_eq!(by_connect, by_rest);
            assert_eq!(by_grpc, by_rest);
            told += &format!("{method} {by_rest:?}\n");
        }
    }
    let request = GetUserByIdRequest { user_id: "u1".to_owned() };
    told += &format!("{:?}\n", grpc::<_, GetUserByIdResponse>(&wire, &reader, "GetUserByID", request).await);
    snapshot!(told, @r#"
    VerifyInviteCode (16, "auth header missing", "")
    VerifyEmail (16, "auth header missing", "")
    VerifyInviteCode (16, "Errors.Token.Invalid (AUTH-7fs1e)", "AUTH-7fs1e")
    VerifyEmail (16, "Errors.Token.Invalid (AUTH-7fs1e)", "AUTH-7fs1e")
    VerifyInviteCode (9, "User could not be found (COMMAND-F5g2h)", "COMMAND-F5g2h")
    VerifyEmail (5, "Email not found (COMMAND-ieJ2e)", "COMMAND-ieJ2e")
    VerifyInviteCode (3, "Code is invalid (COMMAND-Wgn4q)", "COMMAND-Wgn4q")
    VerifyEmail (3, "Code is invalid (COMMAND-eis9R)", "COMMAND-eis9R")
    VerifyInviteCode (3, "Code is invalid (COMMAND-Wgn4q)", "COMMAND-Wgn4q")
    VerifyEmail (3, "Code is invalid (COMMAND-eis9R)", "COMMAND-eis9R")
    VerifyInviteCode (3, "invalid VerifyInviteCodeRequest.VerificationCode: value length must be between 1 and 20 runes, inclusive", "")
    VerifyEmail (3, "invalid VerifyEmailRequest.VerificationCode: value length must be between 1 and 20 runes, inclusive", "")
    (7, "No matching permissions found (AUTH-AWfge)", "AUTH-AWfge")
    "#);
}

async fn gateway_shape(world: World) {
    let wire = Wire::new(world).await;
    let heard = wire.post("/v2/users/nobody/invite_code/verify", json!({"verificationCode": "BBBBBBBBBBBBBBB"})).await;
    assert_eq!(heard.header("content-type"), "application/json");
    snapshot!(heard.line(), @r#"400 {"code":9,"message":"User could not be found (COMMAND-F5g2h)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-F5g2h","message":"User could not be found"}]}"#);
}

async fn connect_shape(world: World) {
    let wire = Wire::new(world).await;
    wire.user("u1").await;
    let body = json!({"userId": "u1", "verificationCode": "BBBBBBBBBBBBBBB"});
    let heard = wire.connect(&wire.key, "VerifyInviteCode", &body).await;
    assert_eq!(heard.header("content-type"), "application/json");
    snapshot!(heard.line(), @r#"400 {"code":"invalid_argument","message":"Code is invalid (COMMAND-Wgn4q)","details":[{"type":"zitadel.v1.ErrorDetail","value":"Cg1DT01NQU5ELVdnbjRxEg9Db2RlIGlzIGludmFsaWQ","debug":{"id":"COMMAND-Wgn4q","message":"Code is invalid"}}]}"#);
    // In JSON even where the call was binary.
    let request = VerifyInviteCodeRequest { user_id: "u1".to_owned(), verification_code: "BBBBBBBBBBBBBBB".to_owned() };
    let path = "/zitadel.user.v2.UserService/VerifyInviteCode";
    let binary = wire.raw(&wire.key, Method::POST, path, "application/proto", request.encode_to_vec()).await;
    assert_eq!(binary.header("content-type"), "application/json");
    assert_eq!(binary.line(), heard.line());
}

async fn a_wrong_password_has_details_of_its_own(world: World) {
    let wire = Wire::new(world).await;
    let id = wire.user_with_password("u1").await;
    let body = json!({"newPassword": {"password": "calm seas make no sailors"}, "currentPassword": "guess"});
    let heard = wire.post(&format!("/v2/users/{id}/password"), body).await;
    snapshot!(heard.line(), @r#"400 {"code":3,"message":"Password is invalid (COMMAND-3M0fs)","details":[{"@type":"type.googleapis.com/zitadel.v1.CredentialsCheckError","id":"COMMAND-3M0fs","message":"Password is invalid"}]}"#);
    let request = SetPasswordRequest {
        user_id: id,
        new_password: Some(vestibule_zitadel::proto::zitadel::user::v2::Password {
            password: "calm seas make no sailors".to_owned(),
            change_required: false,
        }),
        verification: Some(
            vestibule_zitadel::proto::zitadel::user::v2::set_password_request::Verification::CurrentPassword(
                "guess".to_owned(),
            ),
        ),
    };
    let path = "/zitadel.user.v2.UserService/SetPassword";
    let status = wire.grpc::<_, SetPasswordResponse>(&wire.key, path, request).await.unwrap_err();
    let details = rpc::Status::decode(status.details()).unwrap().details;
    assert_eq!(details[0].type_url, "type.googleapis.com/zitadel.v1.CredentialsCheckError");
    assert_eq!(CredentialsCheckError::decode(details[0].value.as_slice()).unwrap().id, "COMMAND-3M0fs");
}

async fn web_puts_it_into_trailers(world: World) {
    let wire = Wire::new(world).await;
    let request =
        VerifyInviteCodeRequest { user_id: "nobody".to_owned(), verification_code: "BBBBBBBBBBBBBBB".to_owned() };
    let path = "/zitadel.user.v2.UserService/VerifyInviteCode";
    let heard = wire.framed(&wire.key, path, "application/grpc-web+proto", &request.encode_to_vec()).await;
    let in_headers = heard.header("grpc-message").to_owned();
    let in_trailers = frames(&heard.body).pop().map(|(flag, text)| (flag, String::from_utf8(text).unwrap()));
    snapshot!(format!("{:#?}", (heard.status, in_headers, in_trailers)), @r#"
    (
        200,
        "User%20could%20not%20be%20found%20(COMMAND-F5g2h)",
        None,
    )
    "#);
}
