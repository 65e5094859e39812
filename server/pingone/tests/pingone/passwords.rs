//! A user's password.

use http::Method;
use serde_json::json;
use vestibule_core::api_key::Scope;

use crate::{
    machine::{Machine, vendor},
    support::{World, secret_word},
};

both! {
    a_password_is_set_and_its_state_read,
    a_password_is_changed_by_who_knows_it,
    a_password_is_recovered_by_a_code,
    a_change_is_forced_and_nothing_is_locked,
    a_password_is_checked_and_guessing_is_limited,
    who_could_not_sign_in_has_nothing_checked,
    what_is_wrong_is_told,
}

async fn put(machine: &Machine, id: &str, name: &str, body: serde_json::Value) -> crate::machine::Answer {
    machine.send(Method::PUT, &format!("users/{id}/password"), &[&vendor(name)], body.to_string()).await
}

async fn a_password_is_set_and_its_state_read(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    snapshot!(machine.get(&format!("users/{id}/password")).await.told(), @r#"
    200 OK
    {
      "_links": {
        "self": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/password" },
        "environment": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69" },
        "user": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819" },
        "password.check": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/password" },
        "password.reset": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/password" },
        "password.set": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/password" },
        "password.recover": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/password" }
      },
      "environment": { "id": "01977420-dc00-7118-b0d3-641a68f94a69" },
      "user": { "id": "01977420-dc00-7c3f-b585-ea88e527a819" },
      "status": "NO_PASSWORD"
    }
    "#);
    let set = put(&machine, &id, "password.set", json!({ "value": secret_word() })).await;
    snapshot!(set.told(), @r#"
    200 OK
    {
      "_links": {
        "self": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/password" },
        "environment": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69" },
        "user": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819" },
        "password.check": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/password" },
        "password.reset": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/password" },
        "password.set": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/password" },
        "password.recover": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/password" }
      },
      "environment": { "id": "01977420-dc00-7118-b0d3-641a68f94a69" },
      "user": { "id": "01977420-dc00-7c3f-b585-ea88e527a819" },
      "status": "OK",
      "lastChangedAt": "2025-06-15T15:06:40.000Z"
    }
    "#);
    world.vestibule.sign_in("grace@navy.example", secret_word(), None).await.unwrap();
    let bypassed =
        put(&machine, &id, "password.set", json!({ "value": "x", "bypassPolicy": true, "forceChange": true })).await;
    assert_eq!(bypassed.body()["status"], "MUST_CHANGE_PASSWORD", "{}", bypassed.told());
}

async fn a_password_is_changed_by_who_knows_it(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let first = put(&machine, &id, "password.reset", json!({ "newPassword": secret_word() })).await;
    assert_eq!(first.body()["status"], "OK", "{}", first.told());
    let new = "calm seas never made a sailor";
    let wrong = put(&machine, &id, "password.reset", json!({ "currentPassword": "no", "newPassword": new })).await;
    snapshot!(wrong.brief(), @r#"
    400 INVALID_DATA
      INVALID_VALUE currentPassword: The password did not match.
    "#);
    let right = json!({ "currentPassword": secret_word(), "newPassword": new });
    assert_eq!(put(&machine, &id, "password.reset", right).await.status, 200);
    world.vestibule.sign_in("grace@navy.example", new.to_owned(), None).await.unwrap();
}

async fn a_password_is_recovered_by_a_code(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let path = format!("users/{id}/password");
    let sent = machine.post_bare(&path, "password.sendRecoveryCode").await;
    assert_eq!(sent.body()["status"], "NO_PASSWORD", "{}", sent.told());
    let code = machine.mailed_code().await;
    let body = |code: &str, new: &str| json!({ "recoveryCode": code, "newPassword": new });
    let mut told = Vec::new();
    for (code, new) in [("", ""), ("?", "x"), ("BBBB-BBBB", &secret_word()), (code.as_str(), "short")] {
        told.push(machine.post(&path, "password.recover", body(code, new)).await.brief());
    }
    snapshot!(told.join("\n"), @r#"
    400 INVALID_DATA
      EMPTY_VALUE recoveryCode: The attribute must not be empty.
      EMPTY_VALUE newPassword: The attribute must not be empty.
    400 INVALID_DATA
      INVALID_VALUE recoveryCode: Invalid value for attribute.
    400 INVALID_DATA
      INVALID_VALUE recoveryCode: Invalid value for attribute. {"failuresRemaining":4}
    400 INVALID_DATA
      INVALID_VALUE newPassword: The password must have at least 12 characters. {"rangeMinimumValue":12}
    "#);
    let recovered = machine.post(&path, "password.recover", body(&code, &secret_word())).await;
    assert_eq!(recovered.body()["status"], "OK", "{}", recovered.told());
    assert_eq!(machine.post(&path, "password.recover", body(&code, &secret_word())).await.status, 400);
}

async fn a_change_is_forced_and_nothing_is_locked(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let path = format!("users/{id}/password");
    snapshot!(machine.post_bare(&path, "password.forceChange").await.brief(), @r#"
    400 INVALID_DATA
      NO_PASSWORD password: The user has no password.
    "#);
    put(&machine, &id, "password.set", json!({ "value": secret_word() })).await;
    for _ in 0..2 {
        let forced =
            machine.send(Method::POST, &path, &["application/vnd.pingidentity.password.forceChange"], "").await;
        assert_eq!(forced.body()["status"], "MUST_CHANGE_PASSWORD", "{}", forced.told());
    }
    assert_eq!(machine.post_bare(&path, "password.unlock").await.status, 200);
}

async fn a_password_is_checked_and_guessing_is_limited(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let path = format!("users/{id}/password");
    let check = async |body: serde_json::Value| machine.post(&path, "password.check", body).await;
    let guess = async || check(json!({ "password": "a guess" })).await.brief();
    let mut told = vec![guess().await];
    put(&machine, &id, "password.set", json!({ "value": secret_word() })).await;
    for body in [json!({}), json!({ "password": "" }), json!({ "password": 7 })] {
        told.push(check(body).await.brief());
    }
    for _ in 0..2 {
        told.push(guess().await);
    }
    // The right one has those before it forgotten.
    let right = check(json!({ "password": secret_word() })).await;
    assert_eq!((right.status.as_u16(), &right.body()["status"]), (200, &json!("OK")), "{}", right.told());
    for _ in 0..9 {
        guess().await;
    }
    told.push(guess().await);
    // Then even the right one is of no use, here and where it is changed, until it is unlocked or time has passed.
    told.push(check(json!({ "password": secret_word() })).await.brief());
    snapshot!(told.join("\n"), @r#"
    400 INVALID_DATA
      NO_PASSWORD password: The user has no password.
    400 INVALID_DATA
      REQUIRED_VALUE password: A value is required for this attribute.
    400 INVALID_DATA
      EMPTY_VALUE password: The attribute must not be empty.
    400 INVALID_DATA
      INVALID_VALUE password: The attribute must be a string.
    400 INVALID_DATA
      INVALID_VALUE password: The password did not match. {"failuresRemaining":8}
    400 INVALID_DATA
      INVALID_VALUE password: The password did not match. {"failuresRemaining":7}
    400 INVALID_DATA
      INVALID_VALUE password: The password did not match. {"failuresRemaining":0}
    400 REQUEST_FAILED
      ACCOUNT_NOT_USABLE password: The password is locked after too many wrong ones. {"failuresRemaining":0,"secondsUntilUnlock":600}
    "#);
    assert_eq!(machine.post_bare(&path, "password.unlock").await.status, 200);
    assert_eq!(check(json!({ "password": secret_word() })).await.status, 200);
    for _ in 0..11 {
        guess().await;
    }
    world.env.pass(600_000);
    put(&machine, &id, "password.set", json!({ "value": secret_word(), "forceChange": true })).await;
    assert_eq!(check(json!({ "password": secret_word() })).await.body()["status"], "MUST_CHANGE_PASSWORD");
}

async fn who_could_not_sign_in_has_nothing_checked(world: World) {
    let (machine, owner) = (Machine::new(&world).await, world.owner().await);
    let id = machine.waiting("grace@navy.example").await;
    let path = format!("users/{id}/password");
    put(&machine, &id, "password.set", json!({ "value": secret_word() })).await;
    let right = json!({ "password": secret_word() });
    let mut told = Vec::new();
    machine.json(Method::PUT, &format!("users/{id}/enabled"), json!({ "enabled": false })).await;
    told.push(machine.post(&path, "password.check", right.clone()).await.brief());
    machine.json(Method::PUT, &format!("users/{id}/enabled"), json!({ "enabled": true })).await;
    machine.post_bare(&format!("users/{id}"), "account.lock").await;
    told.push(machine.post(&path, "password.check", right.clone()).await.brief());
    machine.post_bare(&format!("users/{id}"), "account.unlock").await;
    told.push(machine.elsewhere().await.post(&path, "password.check", right.clone()).await.brief());
    let reader = Machine::with(&world, &[Scope::Read, Scope::Verify]).await;
    told.push(reader.post(&path, "password.check", right.clone()).await.brief());
    told.push(reader.post_bare(&path, "password.unlock").await.brief());
    let owners = format!("users/{}/password", owner.user_id());
    told.push(machine.post(&owners, "password.check", right.clone()).await.brief());
    snapshot!(told.join("\n"), @r#"
    400 REQUEST_FAILED
      ACCOUNT_NOT_USABLE -: The user is not enabled.
    400 REQUEST_FAILED
      ACCOUNT_NOT_USABLE -: The user is not enabled.
    404 NOT_FOUND
    403 ACCESS_FAILED
      INSUFFICIENT_PERMISSIONS -: The actor attempting to perform the request is not authorized.
    403 ACCESS_FAILED
      INSUFFICIENT_PERMISSIONS -: The actor attempting to perform the request is not authorized.
    403 ACCESS_FAILED
      INSUFFICIENT_PERMISSIONS -: The actor attempting to perform the request is not authorized.
    "#);
    assert_eq!(machine.post(&path, "password.check", right).await.status, 200);
}

async fn what_is_wrong_is_told(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let mut told = Vec::new();
    for (name, body) in [
        ("password.set", json!({})),
        ("password.set", json!({ "value": "short", "forceChange": "no" })),
        ("password.set", json!({ "value": "short" })),
        ("password.set", json!({ "value": "{SSHA}x" })),
        ("password.reset", json!({ "newPassword": "password1234" })),
        ("password.recover", json!({ "recoveryCode": "x", "newPassword": "y" })),
    ] {
        told.push(format!("{name} {}", put(&machine, &id, name, body).await.brief()));
    }
    snapshot!(told.join("\n"), @r#"
    password.set 400 INVALID_DATA
      REQUIRED_VALUE value: A value is required for this attribute.
    password.set 400 INVALID_DATA
      INVALID_VALUE forceChange: The attribute must be true or false.
    password.set 400 INVALID_DATA
      INVALID_VALUE value: The password must have at least 12 characters. {"rangeMinimumValue":12}
    password.set 400 INVALID_DATA
      INVALID_VALUE value: The password is encoded in a way that is not supported.
    password.reset 400 INVALID_DATA
      INVALID_VALUE newPassword: The password is too easy to guess.
    password.recover 415 INVALID_REQUEST
      INVALID_VALUE Content-Type: application/vnd.pingidentity.password.recover+json belongs to POST /v1/environments/{environment}/users/{user}/password. This path takes application/vnd.pingidentity.password.set+json, application/vnd.pingidentity.password.reset+json.
    "#);
    assert_eq!(put(&machine, "nobody", "password.set", json!({ "value": secret_word() })).await.status, 404);
}
