//! Sending the code of an account, and limits that stand beside it.

use http::Method;
use serde_json::json;
use vestibule_core::env::DAY;

use crate::{
    machine::{Machine, vendor},
    support::World,
};

both! {
    a_code_that_comes_with_the_type_that_sends_sends_another,
    sending_needs_an_address_and_a_pause,
    one_backend_may_be_wrong_for_many_people,
    a_disabled_user_is_not_usable,
}

async fn a_code_that_comes_with_the_type_that_sends_sends_another(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let path = format!("users/{id}");
    machine.post_bare(&path, "user.sendVerificationCode").await;
    let first = machine.mailed_code().await;
    world.env.pass(DAY);
    let mistaken = machine.post(&path, "user.sendVerificationCode", json!({ "verificationCode": first })).await;
    assert_eq!(mistaken.body()["lifecycle"]["status"], "VERIFICATION_REQUIRED");
    let second = machine.mailed_code().await;
    assert_eq!(machine.post(&path, "user.verify", json!({ "verificationCode": first })).await.status, 400);
    assert_eq!(machine.post(&path, "user.verify", json!({ "verificationCode": second })).await.status, 200);
}

async fn sending_needs_an_address_and_a_pause(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let path = format!("users/{id}");
    // Junk is not looked at.
    let junk = machine.send(Method::POST, &path, &[&vendor("user.sendVerificationCode")], "{junk").await;
    assert_eq!(junk.status, 200);
    world.env.pass(20_000);
    snapshot!(machine.post_bare(&path, "user.sendVerificationCode").await.told(), @r#"
    429 Too Many Requests
    retry-after: 40
    {
      "id": "01977421-2a20-799b-8df2-4e81f59fc8b3",
      "code": "REQUEST_LIMITED",
      "message": "The request could not be completed. Too many requests were made.",
      "details": [
        {
          "code": "LIMIT_EXCEEDED",
          "message": "The request rate limit was exceeded.",
          "innerError": { "retryAfter": "2025-06-15T15:07:40.000Z" }
        }
      ]
    }
    "#);
    assert_eq!(world.deliver().await.len(), 1);
    world.db.exec("DELETE FROM email").await;
    let nowhere = machine.post_bare(&path, "user.sendVerificationCode").await;
    snapshot!(nowhere.brief(), @r#"
    400 INVALID_DATA
      INVALID_VALUE email: Invalid value for attribute.
    "#);
}

async fn one_backend_may_be_wrong_for_many_people(world: World) {
    let machine = Machine::new(&world).await;
    for person in 0..14 {
        let id = machine.waiting(&format!("p{person}@navy.example")).await;
        machine.post_bare(&format!("users/{id}"), "user.sendVerificationCode").await;
        for _ in 0..5 {
            let body = json!({ "verificationCode": "BBBB-BBBB" });
            assert_eq!(machine.post(&format!("users/{id}"), "user.verify", body).await.status, 400);
        }
    }
}

async fn a_disabled_user_is_not_usable(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let path = format!("users/{id}");
    machine.post_bare(&path, "user.sendVerificationCode").await;
    let code = machine.mailed_code().await;
    machine.json(Method::PUT, &format!("{path}/enabled"), json!({ "enabled": false })).await;
    let verified = machine.post(&path, "user.verify", json!({ "verificationCode": code })).await;
    snapshot!(verified.told(), @r#"
    400 Bad Request
    {
      "id": "01977420-dc00-7149-8572-9dac1b33ca78",
      "code": "REQUEST_FAILED",
      "message": "The request could not be completed. There was an issue processing the request",
      "details": [
        { "code": "ACCOUNT_NOT_USABLE", "message": "The user is not enabled." }
      ]
    }
    "#);
    assert_eq!(machine.post_bare(&path, "user.sendVerificationCode").await.brief(), verified.brief());
}
