//! The seed operation: verify a user's account by its code.

use http::Method;
use serde_json::json;
use vestibule_core::env::DAY;

use crate::{
    machine::{Machine, vendor},
    support::World,
};

both! {
    the_right_code_completes_the_account_and_proves_the_address,
    a_code_is_forgiven_its_dress,
    a_code_of_an_old_address_completes_the_account_alone,
    what_is_no_code_of_the_user_is_refused_alike,
    tries_run_out_without_a_429,
    a_body_must_hold_a_code,
    who_is_not_there_is_not_found,
}

async fn the_right_code_completes_the_account_and_proves_the_address(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    world.env.pass(1_125);
    let sent = machine.post_bare(&format!("users/{id}"), "user.sendVerificationCode").await;
    assert_eq!(sent.body()["lifecycle"]["status"], "VERIFICATION_REQUIRED");
    let code = machine.mailed_code().await;
    // No pause of the day is too long for it.
    world.env.pass(6 * DAY);
    let body = json!({ "verificationCode": code });
    let verified = machine.post(&format!("users/{id}"), "user.verify", body.clone()).await;
    snapshot!(verified.told(), @r#"
    200 OK
    {
      "_links": {
        "self": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819" },
        "environment": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69" },
        "population": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/populations/01977420-dc00-7e54-905d-35de6024c976" },
        "devices": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/devices" },
        "roleAssignments": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/roleAssignments" },
        "password": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/password" },
        "password.reset": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/password" },
        "password.set": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/password" },
        "password.check": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/password" },
        "password.recover": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/password" },
        "linkedAccounts": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/linkedAccounts" },
        "account.sendVerificationCode": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819" },
        "memberOfGroups": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/memberOfGroups" }
      },
      "id": "01977420-dc00-7c3f-b585-ea88e527a819",
      "environment": { "id": "01977420-dc00-7118-b0d3-641a68f94a69" },
      "account": { "canAuthenticate": true, "status": "OK" },
      "createdAt": "2025-06-15T15:06:40.000Z",
      "email": "grace@navy.example",
      "emailVerified": true,
      "enabled": true,
      "identityProvider": { "type": "PING_ONE" },
      "lifecycle": { "status": "ACCOUNT_OK" },
      "mfaEnabled": false,
      "population": { "id": "01977420-dc00-7e54-905d-35de6024c976" },
      "updatedAt": "2025-06-21T15:06:41.125Z",
      "username": "grace@navy.example",
      "verifyStatus": "NOT_INITIATED"
    }
    "#);
    assert_eq!(machine.get(&format!("users/{id}")).await.text, verified.text);
    // A code is good once.
    let again = machine.post(&format!("users/{id}"), "user.verify", body).await;
    snapshot!(again.told(), @r#"
    400 Bad Request
    {
      "id": "01979307-0865-784e-a9d7-0b5a96ca4fe1",
      "code": "INVALID_DATA",
      "message": "The request could not be completed. One or more validation errors were in the request.",
      "details": [
        { "code": "INVALID_VALUE", "target": "verificationCode", "message": "Invalid value for attribute." }
      ]
    }
    "#);
}

async fn a_code_is_forgiven_its_dress(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    machine.post_bare(&format!("users/{id}"), "user.sendVerificationCode").await;
    let code = machine.mailed_code().await.to_lowercase();
    let typed = format!("  {} {}\t", &code[..4], &code[4..]);
    let verified = machine.post(&format!("users/{id}"), "user.verify", json!({ "verificationCode": typed })).await;
    assert_eq!(verified.body()["lifecycle"]["status"], "ACCOUNT_OK");
}

async fn a_code_of_an_old_address_completes_the_account_alone(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    machine.post_bare(&format!("users/{id}"), "user.sendVerificationCode").await;
    let code = machine.mailed_code().await;
    let changed = machine.json(Method::PATCH, &format!("users/{id}"), json!({ "email": "g@new.example" })).await;
    assert_eq!(changed.body()["email"], "g@new.example");
    let verified = machine.post(&format!("users/{id}"), "user.verify", json!({ "verificationCode": code })).await;
    assert_eq!(verified.status, 200, "{}", verified.told());
    let body = verified.body();
    assert_eq!((&body["lifecycle"]["status"], &body["emailVerified"]), (&json!("ACCOUNT_OK"), &json!(false)));
}

async fn what_is_no_code_of_the_user_is_refused_alike(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let path = format!("users/{id}");
    let verify = async |code: &str| {
        let answer = machine.post(&path, "user.verify", json!({ "verificationCode": code })).await;
        let mut body = answer.body();
        body["id"].take();
        if let Some(detail) = body["details"].get_mut(0) {
            detail.as_object_mut().unwrap().remove("innerError");
        }
        (answer.status.as_u16(), body.to_string())
    };
    let never_sent = verify("BCDF-GHJK").await;
    snapshot!(format!("{} {}", never_sent.0, never_sent.1), @r#"400 {"id":null,"code":"INVALID_DATA","message":"The request could not be completed. One or more validation errors were in the request.","details":[{"code":"INVALID_VALUE","target":"verificationCode","message":"Invalid value for attribute."}]}"#);
    machine.post_bare(&path, "user.sendVerificationCode").await;
    let first = machine.mailed_code().await;
    world.env.pass(DAY);
    machine.post_bare(&path, "user.sendVerificationCode").await;
    let second = machine.mailed_code().await;
    let wrong = if second.starts_with('B') { second.replacen('B', "C", 1) } else { format!("B{}", &second[1..]) };
    for (what, code) in [("wrong", wrong.as_str()), ("replaced", &first), ("unreadable", "\0!?"), ("short", "BCD")] {
        assert_eq!(verify(code).await, never_sent, "{what}");
    }
    assert_eq!(verify(&"B".repeat(10_000)).await, never_sent);
    world.env.pass(7 * DAY);
    assert_eq!(verify(&second).await, never_sent, "expired");
    world.env.pass(DAY);
    machine.post_bare(&path, "user.sendVerificationCode").await;
    let third = machine.mailed_code().await;
    assert_eq!(verify(&third).await.0, 200);
    assert_eq!(verify(&third).await, never_sent, "used");
}

async fn tries_run_out_without_a_429(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let path = format!("users/{id}");
    machine.post_bare(&path, "user.sendVerificationCode").await;
    let code = machine.mailed_code().await;
    let wrong = if code.starts_with('B') { code.replacen('B', "C", 1) } else { format!("B{}", &code[1..]) };
    let mut told = Vec::new();
    for _ in 0..6 {
        told.push(machine.post(&path, "user.verify", json!({ "verificationCode": wrong })).await.brief());
    }
    snapshot!(told.join("\n"), @r#"
    400 INVALID_DATA
      INVALID_VALUE verificationCode: Invalid value for attribute. {"failuresRemaining":4}
    400 INVALID_DATA
      INVALID_VALUE verificationCode: Invalid value for attribute. {"failuresRemaining":3}
    400 INVALID_DATA
      INVALID_VALUE verificationCode: Invalid value for attribute. {"failuresRemaining":2}
    400 INVALID_DATA
      INVALID_VALUE verificationCode: Invalid value for attribute. {"failuresRemaining":1}
    400 INVALID_DATA
      INVALID_VALUE verificationCode: Invalid value for attribute. {"failuresRemaining":0}
    400 INVALID_DATA
      INVALID_VALUE verificationCode: Invalid value for attribute. {"failuresRemaining":0}
    "#);
    let right = machine.post(&path, "user.verify", json!({ "verificationCode": code })).await;
    assert_eq!(right.status, 400);
}

async fn a_body_must_hold_a_code(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let mut told = Vec::new();
    for body in [
        "",
        "{",
        "[]",
        "null",
        "{}",
        r#"{"verificationCode":null}"#,
        r#"{"verificationCode":""}"#,
        r#"{"verificationCode":12345678}"#,
    ] {
        let answer = machine.send(Method::POST, &format!("users/{id}"), &[&vendor("user.verify")], body).await;
        told.push(format!("{body}\n{}", answer.brief()));
    }
    snapshot!(told.join("\n"), @r#"
    400 INVALID_REQUEST
      INVALID_VALUE body: The body is not JSON that can be read: line 1, column 0.
    {
    400 INVALID_REQUEST
      INVALID_VALUE body: The body is not JSON that can be read: line 1, column 1.
    []
    400 INVALID_REQUEST
      INVALID_VALUE body: The body must be a JSON object.
    null
    400 INVALID_REQUEST
      INVALID_VALUE body: The body must be a JSON object.
    {}
    400 INVALID_DATA
      REQUIRED_VALUE verificationCode: A value is required for this attribute.
    {"verificationCode":null}
    400 INVALID_DATA
      REQUIRED_VALUE verificationCode: A value is required for this attribute.
    {"verificationCode":""}
    400 INVALID_DATA
      EMPTY_VALUE verificationCode: The attribute must not be empty.
    {"verificationCode":12345678}
    400 INVALID_DATA
      INVALID_VALUE verificationCode: The attribute must be a string.
    "#);
}

async fn who_is_not_there_is_not_found(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let body = json!({ "verificationCode": "BCDF-GHJK" });
    let absent = machine.post("users/8376797d-641c-4e7b-8bc1-2fdf71916cab", "user.verify", body.clone()).await;
    snapshot!(absent.told(), @r#"
    404 Not Found
    { "id": "01977420-dc00-7b13-ade4-a4f4557f17fe", "code": "NOT_FOUND", "message": "The request could not be completed. The requested resource was not found." }
    "#);
    let unreadable = machine.post("users/nobody", "user.verify", json!({ "verificationCode": "?" })).await;
    assert_eq!(unreadable.status, 404);
    let other = machine.elsewhere().await;
    assert_eq!(other.post(&format!("users/{id}"), "user.verify", body.clone()).await.status, 404);
    let foreign = Machine { environment: machine.environment.clone(), ..other };
    assert_eq!(foreign.post(&format!("users/{id}"), "user.verify", body).await.status, 404);
}
