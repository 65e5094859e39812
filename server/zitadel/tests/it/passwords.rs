//! Passwords reset and set.

use http::Method;
use serde_json::{Value, json};

use crate::{
    support::{World, secret_word},
    wire::Wire,
};

both!(by_the_person_who_knows_the_old_one, by_a_reset_code, by_the_old_one, by_permission, a_link_by_mail,);

fn new(text: &str) -> Value {
    json!({"password": text})
}

async fn by_a_reset_code(world: World) {
    let mut wire = Wire::new(world).await;
    wire.user_with_password("u1").await;
    let heard = wire.tell(Method::POST, "/v2/users/u1/password_reset", json!({"returnCode": {}})).await;
    let code = heard.json()["verificationCode"].clone();
    let path = "/v2/users/u1/password";
    wire.tell(Method::POST, path, json!({"newPassword": new("short"), "verificationCode": code})).await;
    wire.tell(
        Method::POST,
        path,
        json!({"newPassword": new("calm seas make no sailors"), "verificationCode": "BBBBBBBB"}),
    )
    .await;
    wire.tell(Method::POST, path, json!({"newPassword": new("calm seas make no sailors"), "verificationCode": code}))
        .await;
    wire.tell(Method::POST, path, json!({"newPassword": new("calm seas make no sailors"), "verificationCode": code}))
        .await;
    let login = wire.world.vestibule.sign_in("u1@navy.example", "calm seas make no sailors".to_owned(), None).await;
    assert_eq!(login.unwrap().user_id, "u1");
    // Of two in one millisecond neither is the newer one.
    wire.world.env.pass(1);
    let code =
        wire.post("/v2/users/u1/password_reset", json!({"returnCode": {}})).await.json()["verificationCode"].clone();
    wire.world.env.pass(30 * 24 * 3_600_000);
    wire.tell(Method::POST, path, json!({"newPassword": new("calm seas make no sailors"), "verificationCode": code}))
        .await;
    snapshot!(wire.told, @r#"
    POST /v2/users/u1/password_reset {"returnCode":{}}
    200 {"details":{"sequence":"3","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"},"verificationCode":"WZBDBXWJ"}

    POST /v2/users/u1/password {"newPassword":{"password":"short"},"verificationCode":"WZBDBXWJ"}
    400 {"code":3,"message":"Password is too short (DOMAIN-HuJf6)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-HuJf6","message":"Password is too short"}]}

    POST /v2/users/u1/password {"newPassword":{"password":"calm seas make no sailors"},"verificationCode":"BBBBBBBB"}
    400 {"code":3,"message":"Code is invalid (CODE-woT0xc)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"CODE-woT0xc","message":"Code is invalid"}]}

    POST /v2/users/u1/password {"newPassword":{"password":"calm seas make no sailors"},"verificationCode":"WZBDBXWJ"}
    200 {"details":{"sequence":"5","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}

    POST /v2/users/u1/password {"newPassword":{"password":"calm seas make no sailors"},"verificationCode":"WZBDBXWJ"}
    400 {"code":9,"message":"Code not found (COMMAND-2M9fs)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-2M9fs","message":"Code not found"}]}

    POST /v2/users/u1/password {"newPassword":{"password":"calm seas make no sailors"},"verificationCode":"ZJNVNNSX"}
    400 {"code":9,"message":"Code is expired (CODE-QvUQ4P)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"CODE-QvUQ4P","message":"Code is expired"}]}
    "#);
}

async fn by_the_old_one(world: World) {
    let mut wire = Wire::new(world).await;
    wire.user_with_password("u1").await;
    let path = "/v2/users/u1/password";
    wire.tell(Method::POST, path, json!({"newPassword": new("calm seas make no sailors"), "currentPassword": "guess"}))
        .await;
    wire.tell(
        Method::POST,
        path,
        json!({"newPassword": new("calm seas make no sailors"), "currentPassword": secret_word()}),
    )
    .await;
    snapshot!(wire.told, @r#"
    POST /v2/users/u1/password {"newPassword":{"password":"calm seas make no sailors"},"currentPassword":"guess"}
    400 {"code":3,"message":"Password is invalid (COMMAND-3M0fs)","details":[{"@type":"type.googleapis.com/zitadel.v1.CredentialsCheckError","id":"COMMAND-3M0fs","message":"Password is invalid"}]}

    POST /v2/users/u1/password {"newPassword":{"password":"calm seas make no sailors"},"currentPassword":"tall ships sail at dawn"}
    200 {"details":{"sequence":"3","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}
    "#);
}

async fn by_permission(world: World) {
    let mut wire = Wire::new(world).await;
    wire.user("u1").await;
    let path = "/v2/users/u1/password";
    wire.tell(Method::POST, path, json!({})).await;
    wire.tell(Method::POST, path, json!({"newPassword": new("short")})).await;
    let body = json!({"newPassword": {"password": secret_word(), "changeRequired": true}});
    wire.tell(Method::POST, path, body.clone()).await;
    let seen = wire.get("/v2/users/u1").await.json();
    assert_eq!(seen["user"]["human"]["passwordChangeRequired"], true);
    wire.tell(Method::POST, "/v2/users/nobody/password", body).await;
    snapshot!(wire.told, @r#"
    POST /v2/users/u1/password {}
    400 {"code":3,"message":"Password is empty (COMMAND-3M0fs)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-3M0fs","message":"Password is empty"}]}

    POST /v2/users/u1/password {"newPassword":{"password":"short"}}
    400 {"code":3,"message":"Password is too short (DOMAIN-HuJf6)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-HuJf6","message":"Password is too short"}]}

    POST /v2/users/u1/password {"newPassword":{"password":"tall ships sail at dawn","changeRequired":true}}
    200 {"details":{"sequence":"2","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}

    POST /v2/users/nobody/password {"newPassword":{"password":"tall ships sail at dawn","changeRequired":true}}
    400 {"code":9,"message":"Password not found (COMMAND-G8dh3)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-G8dh3","message":"Password not found"}]}
    "#);
}

async fn a_link_by_mail(world: World) {
    let mut wire = Wire::new(world).await;
    wire.user_with_password("u1").await;
    let link =
        json!({"notificationType": "NOTIFICATION_TYPE_Email", "urlTemplate": "https://app.example/p?c={{.Code}}"});
    wire.tell(Method::POST, "/v2/users/u1/password_reset", json!({"sendLink": link})).await;
    let sent = wire.world.deliver().await.pop().unwrap().secret.unwrap();
    assert_eq!(sent.link, Some(format!("https://app.example/p?c={}", sent.code.plain())));
    wire.tell(Method::POST, "/v2/users/nobody/password_reset", json!({})).await;
    snapshot!(wire.told, @r#"
    POST /v2/users/u1/password_reset {"sendLink":{"notificationType":"NOTIFICATION_TYPE_Email","urlTemplate":"https://app.example/p?c={{.Code}}"}}
    200 {"details":{"sequence":"3","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}

    POST /v2/users/nobody/password_reset {}
    404 {"code":5,"message":"User could not be found (COMMAND-SAF4f)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-SAF4f","message":"User could not be found"}]}
    "#);
}

async fn by_the_person_who_knows_the_old_one(world: World) {
    let mut wire = Wire::new(world).await;
    let token = wire.token_of(&wire.user_with_password("u1").await).await;
    let path = "/v2/users/u1/password";
    let body = json!({"newPassword": new("calm seas make no sailors")});
    // Being oneself is not enough.
    wire.tell_as(&token, Method::POST, path, body.clone()).await;
    for current in ["guess", &secret_word()] {
        let mut body = body.clone();
        body["currentPassword"] = current.into();
        wire.tell_as(&token, Method::POST, path, body).await;
    }
    let login = wire.world.vestibule.sign_in("u1@navy.example", "calm seas make no sailors".to_owned(), None).await;
    assert_eq!(login.unwrap().user_id, "u1");
    snapshot!(wire.told, @r#"
    POST /v2/users/u1/password {"newPassword":{"password":"calm seas make no sailors"}}
    404 {"code":5,"message":"membership not found (AUTHZ-cdgFk)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"AUTHZ-cdgFk","message":"membership not found"}]}

    POST /v2/users/u1/password {"newPassword":{"password":"calm seas make no sailors"},"currentPassword":"guess"}
    400 {"code":3,"message":"Password is invalid (COMMAND-3M0fs)","details":[{"@type":"type.googleapis.com/zitadel.v1.CredentialsCheckError","id":"COMMAND-3M0fs","message":"Password is invalid"}]}

    POST /v2/users/u1/password {"newPassword":{"password":"calm seas make no sailors"},"currentPassword":"tall ships sail at dawn"}
    200 {"details":{"sequence":"3","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}
    "#);
}
