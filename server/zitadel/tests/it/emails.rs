//! Addresses: replaced, sent codes, verified.

use http::Method;
use serde_json::json;

use crate::{support::World, wire::Wire};

both!(
    an_address_is_set_and_verified,
    what_is_set_as_verified_needs_no_code,
    a_new_address_voids_the_old_code,
    codes_are_sent_and_sent_again,
    a_verified_address_may_be_asked_for_again,
    wrong_expired_spent_and_none_are_one_answer,
    the_older_service_takes_the_same_code,
    refusals,
    a_wish_in_a_wrapping_is_passed_over,
);

async fn an_address_is_set_and_verified(world: World) {
    let mut wire = Wire::new(world).await;
    wire.user("u1").await;
    let body = json!({"email": "grace@navy.example", "returnCode": {}});
    let code = wire.tell(Method::POST, "/v2/users/u1/email", body).await.json()["verificationCode"].clone();
    wire.tell(Method::POST, "/v2/users/u1/email/verify", json!({"verificationCode": code})).await;
    let seen = wire.get("/v2/users/u1").await.json();
    assert_eq!(seen["user"]["human"]["email"], json!({"email": "grace@navy.example", "isVerified": true}));
    // The old address is told; nothing else is mailed.
    let letters = wire.world.deliver().await;
    assert!(letters.iter().all(|letter| letter.secret.is_none()));
    snapshot!(wire.told, @r#"
    POST /v2/users/u1/email {"email":"grace@navy.example","returnCode":{}}
    200 {"details":{"sequence":"3","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"},"verificationCode":"JBTNFRKS"}

    POST /v2/users/u1/email/verify {"verificationCode":"JBTNFRKS"}
    200 {"details":{"sequence":"4","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}
    "#);
}

async fn what_is_set_as_verified_needs_no_code(world: World) {
    let mut wire = Wire::new(world).await;
    wire.user("u1").await;
    wire.tell(Method::POST, "/v2/users/u1/email", json!({"email": "grace@navy.example", "isVerified": true})).await;
    let seen = wire.get("/v2/users/u1").await.json();
    assert_eq!(seen["user"]["human"]["email"]["isVerified"], true);
    assert!(wire.world.deliver().await.iter().all(|letter| letter.secret.is_none()));
    wire.tell(Method::POST, "/v2/users/u1/email", json!({"email": "g@navy.example", "isVerified": false})).await;
    snapshot!(wire.told, @r#"
    POST /v2/users/u1/email {"email":"grace@navy.example","isVerified":true}
    200 {"details":{"sequence":"3","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}

    POST /v2/users/u1/email {"email":"g@navy.example","isVerified":false}
    400 {"code":3,"message":"invalid SetEmailRequest.IsVerified: value must equal true"}
    "#);
}

async fn a_new_address_voids_the_old_code(world: World) {
    let wire = Wire::new(world).await;
    wire.user("u1").await;
    let old = wire.email_code("u1").await;
    wire.world.env.pass(1);
    let heard = wire.post("/v2/users/u1/email", json!({"email": "grace@navy.example"})).await;
    assert_eq!(heard.status, 200);
    let heard = wire.post("/v2/users/u1/email/verify", json!({"verificationCode": old})).await;
    assert_eq!(heard.json()["details"][0]["id"], "COMMAND-eis9R");
    let sent = wire.world.deliver().await.into_iter().find_map(|letter| letter.secret).unwrap();
    let heard = wire.post("/v2/users/u1/email/verify", json!({"verificationCode": sent.code.plain()})).await;
    assert_eq!(heard.status, 200);
}

async fn codes_are_sent_and_sent_again(world: World) {
    let mut wire = Wire::new(world).await;
    wire.user("u1").await;
    // Nothing is pending yet.
    wire.tell(Method::POST, "/v2/users/u1/email/resend", json!({"returnCode": {}})).await;
    wire.tell(Method::POST, "/v2/users/u1/email/send", json!({"returnCode": {}})).await;
    wire.tell(Method::POST, "/v2/users/u1/email/resend", json!({"returnCode": {}})).await;
    // Long expired is pending all the same.
    wire.world.env.pass(30 * 24 * 3_600_000);
    let template = "https://app.example/v?c={{.Code}}";
    wire.tell(Method::POST, "/v2/users/u1/email/resend", json!({"sendCode": {"urlTemplate": template}})).await;
    let sent = wire.world.deliver().await.pop().unwrap().secret.unwrap();
    assert_eq!(sent.link, Some(format!("https://app.example/v?c={}", sent.code.plain())));
    wire.tell(Method::POST, "/v2/users/u1/email/send", json!({})).await;
    snapshot!(wire.told, @r#"
    POST /v2/users/u1/email/resend {"returnCode":{}}
    400 {"code":9,"message":"Code is empty (EMAIL-5w5ilin4yt)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"EMAIL-5w5ilin4yt","message":"Code is empty"}]}

    POST /v2/users/u1/email/send {"returnCode":{}}
    200 {"details":{"sequence":"2","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"},"verificationCode":"PHZPBXQP"}

    POST /v2/users/u1/email/resend {"returnCode":{}}
    200 {"details":{"sequence":"3","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"},"verificationCode":"WCGRRQVB"}

    POST /v2/users/u1/email/resend {"sendCode":{"urlTemplate":"https://app.example/v?c={{.Code}}"}}
    200 {"details":{"sequence":"4","changeDate":"2025-07-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}

    POST /v2/users/u1/email/send {}
    429 {"code":8,"message":"Too many requests; try again later"}
    "#);
}

async fn a_verified_address_may_be_asked_for_again(world: World) {
    let mut wire = Wire::new(world).await;
    wire.user("u1").await;
    let code = wire.email_code("u1").await;
    wire.post("/v2/users/u1/email/verify", json!({"verificationCode": code})).await;
    wire.tell(Method::POST, "/v2/users/u1/email/send", json!({})).await;
    snapshot!(wire.told, @r#"
    POST /v2/users/u1/email/send {}
    200 {"details":{"sequence":"4","changeDate":"2025-06-15T15:06:40.001Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}
    "#);
}

async fn wrong_expired_spent_and_none_are_one_answer(world: World) {
    let wire = Wire::new(world).await;
    let verify = async |id: &str, code: &str| {
        wire.post(&format!("/v2/users/{id}/email/verify"), json!({"verificationCode": code})).await.line()
    };
    wire.user("u1").await;
    let none = verify("u1", "BBBBBBBB").await;
    snapshot!(none, @r#"400 {"code":3,"message":"Code is invalid (COMMAND-eis9R)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-eis9R","message":"Code is invalid"}]}"#);
    let code = wire.email_code("u1").await;
    assert_eq!(verify("u1", "what is this").await, none);
    assert_eq!(verify("u1", "BBBBBBBB").await, none);
    wire.world.env.pass(30 * 24 * 3_600_000);
    assert_eq!(verify("u1", &code).await, none);
    let code = wire.email_code("u1").await;
    assert!(verify("u1", &code).await.starts_with("200 "));
    // Already verified.
    assert_eq!(verify("u1", &code).await, none);
    wire.user("u2").await;
    let code = wire.email_code("u2").await;
    for _ in 0..12 {
        assert_eq!(verify("u2", "BBBBBBBB").await, none);
    }
    assert_eq!(verify("u2", &code).await, none);
}

async fn the_older_service_takes_the_same_code(world: World) {
    let wire = Wire::new(world).await;
    let token = wire.token_of(&wire.user("u1").await).await;
    let code = wire.email_code("u1").await;
    let heard = wire.rest(&token, Method::POST, "/auth/v1/users/me/email/_verify", &json!({"code": code})).await;
    assert_eq!(heard.status, 200);
    let steps = wire.world.steps(&wire.owner, "u1").await;
    snapshot!(steps.join(" "), @r#"user-created secret-shown email-verified"#);
}

async fn refusals(world: World) {
    let mut wire = Wire::new(world).await;
    wire.user("u1").await;
    wire.user("u2").await;
    for (path, body) in [
        ("nobody/email", json!({"email": "grace@navy.example"})),
        ("nobody/email/send", json!({})),
        ("nobody/email/resend", json!({})),
        ("nobody/email/verify", json!({"verificationCode": "BBBBBBBB"})),
        ("u1/email", json!({"email": "U1@Navy.example"})),
        ("u1/email", json!({"email": "u1@navy.example", "isVerified": true})),
        ("u1/email", json!({"email": "u2@navy.example"})),
        ("u1/email", json!({"email": "grace@navy"})),
        ("u1/email", json!({"email": "no address"})),
    ] {
        wire.tell(Method::POST, &format!("/v2/users/{path}"), body).await;
    }
    snapshot!(wire.told, @r#"
    POST /v2/users/nobody/email {"email":"grace@navy.example"}
    404 {"code":5,"message":"Email not found (COMMAND-ieJ2e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-ieJ2e","message":"Email not found"}]}

    POST /v2/users/nobody/email/send {}
    404 {"code":5,"message":"Email not found (COMMAND-ieJ2e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-ieJ2e","message":"Email not found"}]}

    POST /v2/users/nobody/email/resend {}
    404 {"code":5,"message":"Email not found (COMMAND-ieJ2e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-ieJ2e","message":"Email not found"}]}

    POST /v2/users/nobody/email/verify {"verificationCode":"BBBBBBBB"}
    404 {"code":5,"message":"Email not found (COMMAND-ieJ2e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-ieJ2e","message":"Email not found"}]}

    POST /v2/users/u1/email {"email":"U1@Navy.example"}
    400 {"code":9,"message":"Email not changed (COMMAND-Uch5e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-Uch5e","message":"Email not changed"}]}

    POST /v2/users/u1/email {"email":"u1@navy.example","isVerified":true}
    400 {"code":9,"message":"Email not changed (COMMAND-Uch5e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-Uch5e","message":"Email not changed"}]}

    POST /v2/users/u1/email {"email":"u2@navy.example"}
    409 {"code":6,"message":"User already exists (V3-DKcYh)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"V3-DKcYh","message":"User already exists"}]}

    POST /v2/users/u1/email {"email":"grace@navy"}
    400 {"code":3,"message":"Email is invalid (EMAIL-599BI)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"EMAIL-599BI","message":"Email is invalid"}]}

    POST /v2/users/u1/email {"email":"no address"}
    400 {"code":3,"message":"invalid SetEmailRequest.Email: value must be a valid email address | caused by: mail: missing '@' or angle-addr"}
    "#);
}

/// The members of a choice stand beside the other fields; in an object of their own nobody looks for them.
async fn a_wish_in_a_wrapping_is_passed_over(world: World) {
    let wire = Wire::new(world).await;
    wire.user("u1").await;
    let heard = wire.post("/v2/users/u1/email/send", json!({"verification": {"returnCode": {}}})).await;
    assert_eq!((heard.status.as_u16(), heard.json().get("verificationCode")), (200, None));
    assert_eq!(wire.world.deliver().await.len(), 1);
}
