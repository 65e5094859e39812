//! Replace a user's attributes, or some of them.

use http::Method;
use serde_json::json;

use crate::{machine::Machine, support::World};

both! {
    a_put_of_what_was_read_changes_nothing,
    a_put_removes_what_it_does_not_name,
    a_patch_changes_what_it_names,
    another_address_is_not_verified,
    what_cannot_be_written_is_refused_where_it_would_change,
    enabled_can_be_patched,
    an_address_of_somebody_shut_out_is_set_right,
    what_is_wrong_is_told,
    another_dialects_attributes_stay,
}

async fn a_put_of_what_was_read_changes_nothing(world: World) {
    let machine = Machine::new(&world).await;
    let owner = world.owner().await;
    let invited = world.invite(&owner, "grace@navy.example").await;
    let path = format!("users/{}", invited.user_id);
    let before = machine.get(&path).await;
    world.env.pass(5_000);
    let put = machine.json(Method::PUT, &path, before.body()).await;
    assert_eq!(put.status, 200, "{}", put.told());
    let (mut before, mut after) = (before.body(), put.body());
    for user in [&mut before, &mut after] {
        user["updatedAt"].take();
    }
    assert_eq!(after, before);
    assert_eq!(after["name"], json!({ "formatted": "Grace Hopper" }));
}

async fn a_put_removes_what_it_does_not_name(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine
        .import(json!({
            "username": "grace", "email": "grace@navy.example", "mfaEnabled": true, "emailVerified": true,
            "name": { "given": "Grace", "family": "Hopper" }, "title": "Dr", "address": { "locality": "X" },
        }))
        .await;
    world.env.pass(5_000);
    let body = json!({ "username": "hopper", "email": "grace@navy.example", "name": { "family": "Murray" } });
    let put = machine.json(Method::PUT, &format!("users/{id}"), body).await;
    snapshot!(put.told(), @r#"
    200 OK
    {
      "_links": {
        "self": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819" },
        "environment": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69" },
        "population": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/populations/01977420-dc00-75de-a024-c9769a35fb13" },
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
      "mfaEnabled": true,
      "name": { "family": "Murray" },
      "population": { "id": "01977420-dc00-75de-a024-c9769a35fb13" },
      "updatedAt": "2025-06-15T15:06:45.000Z",
      "username": "hopper",
      "verifyStatus": "NOT_INITIATED"
    }
    "#);
}

async fn a_patch_changes_what_it_names(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine
        .import(json!({
            "username": "grace", "email": "grace@navy.example", "title": "Dr", "nickname": "G",
            "name": { "given": "Grace", "family": "Hopper" }, "address": { "locality": "X", "region": "Y" },
        }))
        .await;
    world.env.pass(5_000);
    let body =
        json!({ "title": null, "name": { "given": "Amazing" }, "address": { "region": null, "countryCode": "US" } });
    let patched = machine.json(Method::PATCH, &format!("users/{id}"), body).await;
    snapshot!(patched.told(), @r#"
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
      "address": { "countryCode": "US", "locality": "X" },
      "createdAt": "2025-06-15T15:06:40.000Z",
      "email": "grace@navy.example",
      "emailVerified": false,
      "enabled": true,
      "identityProvider": { "type": "PING_ONE" },
      "lifecycle": { "status": "ACCOUNT_OK" },
      "mfaEnabled": false,
      "name": { "family": "Hopper", "given": "Amazing" },
      "nickname": "G",
      "population": { "id": "01977420-dc00-7e54-905d-35de6024c976" },
      "updatedAt": "2025-06-15T15:06:45.000Z",
      "username": "grace",
      "verifyStatus": "NOT_INITIATED"
    }
    "#);
    let nothing = machine.json(Method::PATCH, &format!("users/{id}"), json!({})).await;
    assert_eq!(nothing.text, patched.text);
}

async fn another_address_is_not_verified(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.import(json!({ "username": "grace", "email": "grace@navy.example", "emailVerified": true })).await;
    let path = format!("users/{id}");
    let same = machine.json(Method::PATCH, &path, json!({ "email": "GRACE@navy.example" })).await.body();
    assert_eq!((&same["email"], &same["emailVerified"]), (&json!("grace@navy.example"), &json!(true)));
    let other = machine.json(Method::PATCH, &path, json!({ "email": "g@new.example" })).await.body();
    assert_eq!((&other["email"], &other["emailVerified"]), (&json!("g@new.example"), &json!(false)));
    assert_eq!(other["username"], "grace");
}

async fn what_cannot_be_written_is_refused_where_it_would_change(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let path = format!("users/{id}");
    let whole = machine.get(&path).await;
    assert_eq!(machine.json(Method::PATCH, &path, whole.body()).await.text, whole.text);
    let mut told = Vec::new();
    for body in [
        json!({ "emailVerified": true }),
        json!({ "lifecycle": { "status": "ACCOUNT_OK" } }),
        json!({ "mfaEnabled": true }),
        json!({ "password": { "value": "tall ships sail at dawn" } }),
    ] {
        told.push(machine.json(Method::PATCH, &path, body).await.brief());
    }
    snapshot!(told.join("\n"), @r#"
    403 ACCESS_FAILED
      INSUFFICIENT_PERMISSIONS emailVerified: The actor attempting to perform the request is not authorized.
    403 ACCESS_FAILED
      INSUFFICIENT_PERMISSIONS lifecycle: The actor attempting to perform the request is not authorized.
    403 ACCESS_FAILED
      INSUFFICIENT_PERMISSIONS mfaEnabled: The actor attempting to perform the request is not authorized.
    403 ACCESS_FAILED
      INSUFFICIENT_PERMISSIONS password: The actor attempting to perform the request is not authorized.
    "#);
    assert_eq!(machine.get(&path).await.text, whole.text);
}

async fn enabled_can_be_patched(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let path = format!("users/{id}");
    for (body, enabled) in [
        (json!({ "enabled": false }), false),
        (json!({ "enabled": false }), false),
        (json!({ "account": { "canAuthenticate": true } }), true),
        (json!({ "account": { "canAuthenticate": false } }), false),
        // A whole user that was read, with one key of it changed.
        (json!({ "enabled": true, "account": { "canAuthenticate": false } }), true),
    ] {
        let user = machine.json(Method::PATCH, &path, body.clone()).await.body();
        assert_eq!(
            (&user["enabled"], &user["account"]["canAuthenticate"]),
            (&json!(enabled), &json!(enabled)),
            "{body}"
        );
    }
}

async fn an_address_of_somebody_shut_out_is_set_right(world: World) {
    let machine = Machine::new(&world).await;
    let body = json!({ "username": "grace", "email": "grace@navy.example", "emailVerified": true, "enabled": false });
    let id = machine.import(body).await;
    let path = format!("users/{id}");
    let user = machine.json(Method::PUT, &format!("{path}/enabled"), json!({ "enabled": false })).await;
    assert_eq!(user.body()["enabled"], false, "{}", user.told());
    let patched = machine.json(Method::PATCH, &path, json!({ "email": "grace@sea.example" })).await;
    assert_eq!(patched.status, 200, "{}", patched.told());
    let told = |user: serde_json::Value| format!("{} {} {}", user["email"], user["emailVerified"], user["enabled"]);
    assert_eq!(told(patched.body()), r#""grace@sea.example" false false"#);
    let put = machine.json(Method::PUT, &path, json!({ "username": "grace", "email": "g@sea.example" })).await;
    assert_eq!(told(put.body()), r#""g@sea.example" false false"#);
    assert!(world.deliver().await.is_empty(), "nothing is sent to who is shut out");
    let sent = machine.post_bare(&path, "user.sendVerificationCode").await;
    assert_eq!(sent.body()["details"][0]["code"], "ACCOUNT_NOT_USABLE", "{}", sent.told());
    // Let in again in the same request, and the address changed once more.
    let patched = machine.json(Method::PATCH, &path, json!({ "email": "grace@navy.example", "enabled": true })).await;
    assert_eq!(told(patched.body()), r#""grace@navy.example" false true"#);
}

async fn what_is_wrong_is_told(world: World) {
    let machine = Machine::new(&world).await;
    machine.waiting("taken@navy.example").await;
    let id = machine.waiting("grace@navy.example").await;
    let path = format!("users/{id}");
    let mut told = Vec::new();
    for (method, body) in [
        (Method::PUT, json!({})),
        (Method::PUT, json!({ "username": "", "email": "nobody" })),
        (Method::PATCH, json!({ "username": null, "email": null })),
        (Method::PATCH, json!({ "username": "x".repeat(129) })),
        (Method::PATCH, json!({ "username": "Taken@navy.example" })),
        (Method::PATCH, json!({ "email": "taken@navy.example" })),
        (Method::PATCH, json!({ "address": { "countryCode": "us" }, "enabled": "no" })),
    ] {
        told.push(format!("{method} {}", machine.json(method.clone(), &path, body).await.brief()));
    }
    snapshot!(told.join("\n"), @r#"
    PUT 400 INVALID_DATA
      REQUIRED_VALUE username: A value is required for this attribute.
      REQUIRED_VALUE email: A value is required for this attribute.
    PUT 400 INVALID_DATA
      EMPTY_VALUE username: The attribute must not be empty.
      INVALID_VALUE email: Invalid value for attribute.
    PATCH 400 INVALID_DATA
      REQUIRED_VALUE username: A value is required for this attribute.
      REQUIRED_VALUE email: A value is required for this attribute.
    PATCH 400 INVALID_DATA
      SIZE_LIMIT_EXCEEDED username: The attribute must not be longer than 128 characters. {"maximumValue":128}
    PATCH 400 INVALID_DATA
      UNIQUENESS_VIOLATION username: The value is in use already and must be unique.
    PATCH 400 INVALID_DATA
      UNIQUENESS_VIOLATION email: The value is in use already and must be unique.
    PATCH 400 INVALID_DATA
      INVALID_VALUE address.countryCode: Invalid value for attribute. {"allowedPattern":"^[A-Z]{2}$"}
      INVALID_VALUE enabled: The attribute must be true or false.
    "#);
}

async fn another_dialects_attributes_stay(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    world.db.exec(r#"UPDATE users SET profile = '{"gender":"female","title":"Dr"}'"#).await;
    let body = json!({ "username": "grace", "email": "grace@navy.example" });
    assert!(machine.json(Method::PUT, &format!("users/{id}"), body).await.body()["title"].is_null());
    assert_eq!(world.db.texts("SELECT profile FROM users").await, [r#"{"gender":"female"}"#]);
}
