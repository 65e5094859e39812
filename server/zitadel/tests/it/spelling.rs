//! JSON as proto3 spells it.

use http::Method;
use serde_json::json;

use crate::{support::World, wire::Wire};

both!(
    both_spellings_come_in_and_one_goes_out,
    numbers_names_and_bytes,
    what_is_unknown_is_passed_over,
    null_is_as_if_left_out
);

async fn both_spellings_come_in_and_one_goes_out(world: World) {
    let wire = Wire::new(world).await;
    let body = json!({
        "user_id": "u1",
        "profile": {"given_name": "Ada", "familyName": "Lovelace", "nick_name": "Countess"},
        "email": {"email": "ada@poet.example", "is_verified": true},
    });
    let heard = wire.post("/v2/users/human", body).await;
    assert_eq!((heard.json()["userId"].as_str(), heard.json().get("user_id")), (Some("u1"), None));
    let seen = wire.get("/v2/users/u1").await;
    assert_eq!(seen.json()["user"]["human"]["profile"]["nickName"], "Countess");
    assert!(!seen.text().contains('_') || !seen.text().contains("user_id"));
    assert!(!seen.text().contains("null"));
}

async fn numbers_names_and_bytes(world: World) {
    let wire = Wire::new(world).await;
    wire.user("u1").await;
    // 64-bit numbers are strings going out, either coming in; names of enums or their numbers.
    for (offset, column) in [(json!("0"), json!("USER_FIELD_NAME_EMAIL")), (json!(0), json!(6))] {
        let heard =
            wire.post("/v2/users", json!({"query": {"offset": offset, "limit": 1}, "sortingColumn": column})).await;
        assert_eq!(heard.json()["details"]["totalResult"], "2");
        assert_eq!(heard.json()["sortingColumn"], "USER_FIELD_NAME_EMAIL");
    }
    // A name that there is not is passed over like any other unknown.
    let heard = wire.post("/v2/users", json!({"sortingColumn": "USER_FIELD_NAME_SHOE_SIZE"})).await;
    assert_eq!((heard.status.as_u16(), heard.json().get("sortingColumn")), (200, None));
    // Base64 in either alphabet, padded or not.
    for value in ["__79", "//79", "eA==", "eA"] {
        let body = json!({"metadata": [{"key": "k", "value": value}]});
        let heard = wire.rest(&wire.key, Method::PATCH, "/v2/users/u1", &body).await;
        assert_eq!(heard.status, 200, "{value}: {}", heard.line());
    }
    let body = json!({"metadata": [{"key": "k", "value": "*"}]});
    assert_eq!(wire.rest(&wire.key, Method::PATCH, "/v2/users/u1", &body).await.status, 400);
    // Milliseconds are three digits, whole seconds none.
    wire.world.env.pass(1);
    let heard = wire.post("/v2/users/u1/lock", json!({})).await;
    assert_eq!(heard.json()["details"]["changeDate"], "2025-06-15T15:06:40.001Z");
}

async fn what_is_unknown_is_passed_over(world: World) {
    let wire = Wire::new(world).await;
    wire.user("u1").await;
    let heard = wire
        .post("/v2/users/u1/email/send", json!({"return_code": {"x": 1}, "verification": 7, "deep": {"er": []}}))
        .await;
    assert!(heard.json()["verificationCode"].is_string());
    let heard =
        wire.connect(&wire.key, "SendEmailCode", &json!({"userId": "u1", "returnCode": {}, "later": null})).await;
    assert!(heard.json()["verificationCode"].is_string());
}

async fn null_is_as_if_left_out(world: World) {
    let wire = Wire::new(world).await;
    wire.user("u1").await;
    let heard = wire.post("/v2/users/u1/email/send", json!({"sendCode": null, "returnCode": {}})).await;
    assert!(heard.json()["verificationCode"].is_string(), "{}", heard.line());
    let heard = wire.post("/v2/users", json!({"query": null, "sortingColumn": null, "queries": null})).await;
    assert_eq!(heard.status, 200, "{}", heard.line());
}
