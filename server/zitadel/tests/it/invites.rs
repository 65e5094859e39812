//! Invites of users there are: returned, mailed, sent again, redeemed.

use http::Method;
use serde_json::{Value, json};

use crate::{support::World, wire::Wire};

both!(
    a_returned_code_is_answered_once_and_never_mailed,
    a_mailed_code_is_not_in_the_answer,
    what_is_left_out_is_taken_over_from_the_last_one,
    only_the_newest_code_counts,
    wrong_expired_spent_and_none_are_one_answer,
    who_has_a_way_in_is_not_invited,
    sending_too_soon_is_told_with_when,
    refusals,
);

async fn a_returned_code_is_answered_once_and_never_mailed(world: World) {
    let mut wire = Wire::new(world).await;
    wire.user("u1").await;
    let heard = wire.tell(Method::POST, "/v2/users/u1/invite_code", json!({"returnCode": {}})).await;
    assert!(wire.world.deliver().await.is_empty());
    // Nothing mailed is pending, so there is nothing to send again.
    wire.tell(Method::POST, "/v2/users/u1/invite_code/resend", json!({})).await;
    let body = json!({"verificationCode": heard.json()["inviteCode"]});
    wire.tell(Method::POST, "/v2/users/u1/invite_code/verify", body.clone()).await;
    wire.tell(Method::POST, "/v2/users/u1/invite_code/verify", body).await;
    snapshot!(wire.told, @r#"
    POST /v2/users/u1/invite_code {"returnCode":{}}
    200 {"details":{"sequence":"2","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"},"inviteCode":"SKDQDJPLWZBDBXW"}

    POST /v2/users/u1/invite_code/resend {}
    400 {"code":9,"message":"Code not found (COMMAND-Wr3gq)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-Wr3gq","message":"Code not found"}]}

    POST /v2/users/u1/invite_code/verify {"verificationCode":"SKDQDJPLWZBDBXW"}
    200 {"details":{"sequence":"4","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}

    POST /v2/users/u1/invite_code/verify {"verificationCode":"SKDQDJPLWZBDBXW"}
    400 {"code":3,"message":"Code is invalid (COMMAND-Wgn4q)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-Wgn4q","message":"Code is invalid"}]}
    "#);
}

async fn a_mailed_code_is_not_in_the_answer(world: World) {
    let mut wire = Wire::new(world).await;
    wire.user("u1").await;
    wire.tell(Method::POST, "/v2/users/u1/invite_code", json!({"sendCode": {}})).await;
    let first = wire.world.deliver().await.pop().unwrap().secret.unwrap();
    wire.world.env.pass(3_600_000);
    wire.tell(Method::POST, "/v2/users/u1/invite_code/resend", json!({})).await;
    let second = wire.world.deliver().await.pop().unwrap().secret.unwrap();
    wire.tell(Method::POST, "/v2/users/u1/invite_code/verify", json!({"verificationCode": first.code.plain()})).await;
    // As people type it.
    wire.tell(
        Method::POST,
        "/v2/users/u1/invite_code/verify",
        json!({"verificationCode": second.code.grouped().to_lowercase()}),
    )
    .await;
    snapshot!(wire.told, @r#"
    POST /v2/users/u1/invite_code {"sendCode":{}}
    200 {"details":{"sequence":"2","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}

    POST /v2/users/u1/invite_code/resend {}
    200 {"details":{"sequence":"4","changeDate":"2025-06-15T16:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}

    POST /v2/users/u1/invite_code/verify {"verificationCode":"HFDCRPFQBNWBFHG"}
    400 {"code":3,"message":"Code is invalid (COMMAND-Wgn4q)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-Wgn4q","message":"Code is invalid"}]}

    POST /v2/users/u1/invite_code/verify {"verificationCode":"zkrbj-ztklx-jdghr"}
    200 {"details":{"sequence":"7","changeDate":"2025-06-15T16:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}
    "#);
}

async fn what_is_left_out_is_taken_over_from_the_last_one(world: World) {
    let wire = Wire::new(world).await;
    wire.user("u1").await;
    let template = "https://app.example/join?u={{.UserID}}&c={{.Code}}&o={{.OrgID}}";
    let send = json!({"sendCode": {"urlTemplate": template, "applicationName": "Portal"}});
    assert_eq!(wire.post("/v2/users/u1/invite_code", send).await.status, 200);
    let first = wire.world.deliver().await.pop().unwrap().secret.unwrap();
    let (organization, code) = (&wire.world.organization, first.code.plain());
    assert_eq!(first.link, Some(format!("https://app.example/join?u=u1&c={code}&o={organization}")));
    assert_eq!(first.application.as_deref(), Some("Portal"));
    wire.world.env.pass(3_600_000);
    assert_eq!(wire.post("/v2/users/u1/invite_code", json!({})).await.status, 200);
    let second = wire.world.deliver().await.pop().unwrap().secret.unwrap();
    assert_eq!(second.link, Some(format!("https://app.example/join?u=u1&c={}&o={organization}", second.code.plain())));
    assert_eq!(second.application.as_deref(), Some("Portal"));
}

async fn only_the_newest_code_counts(world: World) {
    let mut wire = Wire::new(world).await;
    wire.user("u1").await;
    let (first, second) = (wire.invite_code("u1").await, wire.invite_code("u1").await);
    wire.tell(Method::POST, "/v2/users/u1/invite_code/verify", json!({"verificationCode": first})).await;
    wire.tell(Method::POST, "/v2/users/u1/invite_code/verify", json!({"verificationCode": second})).await;
    snapshot!(wire.told, @r#"
    POST /v2/users/u1/invite_code/verify {"verificationCode":"SKDQDJPLWZBDBXW"}
    400 {"code":3,"message":"Code is invalid (COMMAND-Wgn4q)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-Wgn4q","message":"Code is invalid"}]}

    POST /v2/users/u1/invite_code/verify {"verificationCode":"ZHFCRBPLVXTJNVV"}
    200 {"details":{"sequence":"7","changeDate":"2025-06-15T15:06:40.002Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}
    "#);
}

async fn wrong_expired_spent_and_none_are_one_answer(world: World) {
    let wire = Wire::new(world).await;
    let verify = async |id: &str, code: &str| {
        wire.post(&format!("/v2/users/{id}/invite_code/verify"), json!({"verificationCode": code})).await.line()
    };
    wire.user("none").await;
    let none = verify("none", "BBBBBBBBBBBBBBB").await;
    snapshot!(none, @r#"400 {"code":3,"message":"Code is invalid (COMMAND-Wgn4q)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-Wgn4q","message":"Code is invalid"}]}"#);
    assert_eq!(verify("none", "zzz").await, none);
    // An invite's code by another purpose.
    assert_eq!(verify("none", &wire.email_code("none").await).await, none);

    wire.user("wrong").await;
    assert_eq!(wire.post("/v2/users/wrong/invite_code", json!({})).await.status, 200);
    let drawn = wire.world.deliver().await.pop().unwrap().secret.unwrap();
    for _ in 0..12 {
        assert_eq!(verify("wrong", "BBBBBBBBBBBBBBC").await, none);
    }
    // All tries are spent: the right one is as wrong as they were. The user is not harmed.
    assert_eq!(verify("wrong", drawn.code.plain()).await, none);
    let again = wire.invite_code("wrong").await;
    assert!(verify("wrong", &again).await.starts_with("200 "));

    wire.user("late").await;
    let code = wire.invite_code("late").await;
    wire.world.env.pass(91 * 24 * 3_600_000);
    assert_eq!(verify("late", &code).await, none);

    wire.user("proven").await;
    let code = wire.invite_code("proven").await;
    let by_mail = wire.email_code("proven").await;
    let heard = wire.post("/v2/users/proven/email/verify", json!({"verificationCode": by_mail})).await;
    assert_eq!(heard.status, 200, "{}", heard.line());
    let seen = verify("proven", &code).await;
    assert!(seen == none || seen.starts_with("200 "), "{seen}");
}

async fn who_has_a_way_in_is_not_invited(world: World) {
    let mut wire = Wire::new(world).await;
    let id = wire.user_with_password("u1").await;
    wire.tell(Method::POST, "/v2/users/u1/invite_code", json!({})).await;
    wire.tell(Method::POST, "/v2/users/u1/invite_code/resend", Value::Null).await;
    let token = wire.token_of(&id).await;
    wire.tell_as(&token, Method::POST, "/v2/users/u1/invite_code", json!({"returnCode": {}})).await;
    snapshot!(wire.told, @r#"
    POST /v2/users/u1/invite_code {}
    400 {"code":9,"message":"User is already initialized (COMMAND-EF34g)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-EF34g","message":"User is already initialized"}]}

    POST /v2/users/u1/invite_code/resend
    400 {"code":9,"message":"Code not found (COMMAND-Wr3gq)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-Wr3gq","message":"Code not found"}]}

    POST /v2/users/u1/invite_code {"returnCode":{}}
    400 {"code":9,"message":"User is already initialized (COMMAND-EF34g)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-EF34g","message":"User is already initialized"}]}
    "#);
}

async fn sending_too_soon_is_told_with_when(world: World) {
    let wire = Wire::new(world).await;
    wire.user("u1").await;
    assert_eq!(wire.post("/v2/users/u1/invite_code", json!({})).await.status, 200);
    let heard = wire.post("/v2/users/u1/invite_code", json!({})).await;
    snapshot!(format!("{} Retry-After: {}", heard.line(), heard.header("retry-after")), @r#"429 {"code":8,"message":"Too many requests; try again later"} Retry-After: 60"#);
    let heard = wire.connect(&wire.key, "CreateInviteCode", &json!({"userId": "u1"})).await;
    assert_eq!((heard.status.as_u16(), heard.json()["code"].as_str().unwrap()), (429, "resource_exhausted"));
    // What is returned costs nobody a mail.
    assert_eq!(wire.post("/v2/users/u1/invite_code", json!({"returnCode": {}})).await.status, 200);
}

async fn refusals(world: World) {
    let mut wire = Wire::new(world).await;
    wire.user("u1").await;
    wire.tell(Method::POST, "/v2/users/nobody/invite_code", json!({})).await;
    wire.tell(Method::POST, "/v2/users/nobody/invite_code/resend", json!({})).await;
    wire.tell(Method::POST, "/v2/users/nobody/invite_code/verify", json!({"verificationCode": "BBBBBBBBBBBBBBB"}))
        .await;
    wire.tell(Method::POST, "/v2/users/%20/invite_code", json!({})).await;
    wire.tell(Method::POST, "/v2/users/%20/invite_code/resend", json!({})).await;
    wire.tell(Method::POST, "/v2/users/u1/invite_code/resend", json!({})).await;
    snapshot!(wire.told, @r#"
    POST /v2/users/nobody/invite_code {}
    400 {"code":9,"message":"User could not be found (COMMAND-Wgvn4)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-Wgvn4","message":"User could not be found"}]}

    POST /v2/users/nobody/invite_code/resend {}
    400 {"code":9,"message":"User could not be found (COMMAND-Wgvn4)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-Wgvn4","message":"User could not be found"}]}

    POST /v2/users/nobody/invite_code/verify {"verificationCode":"BBBBBBBBBBBBBBB"}
    400 {"code":9,"message":"User could not be found (COMMAND-F5g2h)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-F5g2h","message":"User could not be found"}]}

    POST /v2/users/%20/invite_code {}
    400 {"code":3,"message":"User ID missing (COMMAND-4jio3)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-4jio3","message":"User ID missing"}]}

    POST /v2/users/%20/invite_code/resend {}
    400 {"code":3,"message":"User ID missing (COMMAND-4jio3)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-4jio3","message":"User ID missing"}]}

    POST /v2/users/u1/invite_code/resend {}
    400 {"code":9,"message":"Code not found (COMMAND-Wr3gq)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-Wr3gq","message":"Code not found"}]}
    "#);
}
