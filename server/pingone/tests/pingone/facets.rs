//! Single sides of a user.

use http::Method;
use serde_json::json;

use crate::{machine::Machine, support::World};

both! {
    each_side_is_read_and_written,
    what_is_wrong_is_told,
    a_locked_account_is_unlocked,
    what_links_lead_to_is_there,
    an_environment_is_read,
}

async fn each_side_is_read_and_written(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let population = machine.json(Method::POST, "populations", json!({ "name": "Sailors" })).await.id();
    let mut told = Vec::new();
    for (side, body) in [
        ("enabled", json!({ "enabled": false })),
        ("enabled", json!({ "enabled": false })),
        ("population", json!({ "id": population })),
        ("mfaEnabled", json!({ "mfaEnabled": true })),
    ] {
        let path = format!("users/{id}/{side}");
        told.push(format!("GET {}", machine.get(&path).await.text));
        told.push(format!("PUT {}", machine.json(Method::PUT, &path, body).await.text));
    }
    told.push(machine.get(&format!("users/{id}/verifyStatus")).await.text);
    snapshot!(told.join("\n"), @r#"
    GET {"_links":{"self":{"href":"http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/enabled"},"user":{"href":"http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819"}},"enabled":true}
    PUT {"_links":{"self":{"href":"http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/enabled"},"user":{"href":"http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819"}},"enabled":false}
    GET {"_links":{"self":{"href":"http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/enabled"},"user":{"href":"http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819"}},"enabled":false}
    PUT {"_links":{"self":{"href":"http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/enabled"},"user":{"href":"http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819"}},"enabled":false}
    GET {"_links":{"self":{"href":"http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/population"},"user":{"href":"http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819"}},"id":"01977420-dc00-7e54-905d-35de6024c976"}
    PUT {"_links":{"self":{"href":"http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/population"},"user":{"href":"http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819"}},"id":"01977420-dc00-7232-b14e-d878c8e1d9d8"}
    GET {"_links":{"self":{"href":"http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/mfaEnabled"},"user":{"href":"http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819"}},"mfaEnabled":false}
    PUT {"_links":{"self":{"href":"http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/mfaEnabled"},"user":{"href":"http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819"}},"mfaEnabled":true}
    {"_links":{"self":{"href":"http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/verifyStatus"},"user":{"href":"http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819"}},"verifyStatus":"NOT_INITIATED"}
    "#);
    let user = machine.get(&format!("users/{id}")).await;
    snapshot!(user.told(), @r#"
    200 OK
    {
      "_links": {
        "self": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819" },
        "environment": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69" },
        "population": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/populations/01977420-dc00-7232-b14e-d878c8e1d9d8" },
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
      "account": { "canAuthenticate": false, "status": "OK" },
      "createdAt": "2025-06-15T15:06:40.000Z",
      "email": "grace@navy.example",
      "emailVerified": false,
      "enabled": false,
      "identityProvider": { "type": "PING_ONE" },
      "lifecycle": { "status": "VERIFICATION_REQUIRED" },
      "mfaEnabled": true,
      "population": { "id": "01977420-dc00-7232-b14e-d878c8e1d9d8" },
      "updatedAt": "2025-06-15T15:06:40.000Z",
      "username": "grace@navy.example",
      "verifyStatus": "NOT_INITIATED"
    }
    "#);
}

async fn what_is_wrong_is_told(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let mut told = Vec::new();
    for (side, body) in [
        ("enabled", json!({})),
        ("enabled", json!({ "enabled": null })),
        ("enabled", json!({ "enabled": "false" })),
        ("mfaEnabled", json!({ "mfaEnabled": 1 })),
        ("population", json!({})),
        ("population", json!({ "id": "nowhere" })),
    ] {
        let answer = machine.json(Method::PUT, &format!("users/{id}/{side}"), body.clone()).await;
        told.push(format!("{side} {body}\n{}", answer.brief()));
        assert_eq!(machine.get(&format!("users/nobody/{side}")).await.status, 404);
        let valid = json!({ "enabled": true, "mfaEnabled": true, "id": "x" });
        assert_eq!(machine.json(Method::PUT, &format!("users/nobody/{side}"), valid).await.status, 404, "{side}");
    }
    snapshot!(told.join("\n"), @r#"
    enabled {}
    400 INVALID_DATA
      REQUIRED_VALUE enabled: A value is required for this attribute.
    enabled {"enabled":null}
    400 INVALID_DATA
      REQUIRED_VALUE enabled: A value is required for this attribute.
    enabled {"enabled":"false"}
    400 INVALID_DATA
      INVALID_VALUE enabled: The attribute must be true or false.
    mfaEnabled {"mfaEnabled":1}
    400 INVALID_DATA
      INVALID_VALUE mfaEnabled: The attribute must be true or false.
    population {}
    400 INVALID_DATA
      REQUIRED_VALUE id: A value is required for this attribute.
    population {"id":"nowhere"}
    400 INVALID_DATA
      INVALID_VALUE id: Invalid value for attribute.
    "#);
}

async fn a_locked_account_is_unlocked(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let path = format!("users/{id}");
    let mut told = Vec::new();
    // With the type and without its `+json`; twice is as good as once.
    for name in ["account.lock", "account.lock", "account.unlock", "account.unlock"] {
        let bare = format!("application/vnd.pingidentity.{name}");
        let answer = machine.send(Method::POST, &path, &[&bare], "").await;
        assert_eq!(answer.status, 200, "{}", answer.told());
        told.push(answer.body()["account"].to_string());
        world.env.pass(1_000);
    }
    snapshot!(told.join("\n"), @r#"
    {"canAuthenticate":false,"lockedAt":"2025-06-15T15:06:40.000Z","status":"LOCKED"}
    {"canAuthenticate":false,"lockedAt":"2025-06-15T15:06:40.000Z","status":"LOCKED"}
    {"canAuthenticate":true,"status":"OK"}
    {"canAuthenticate":true,"status":"OK"}
    "#);
    assert_eq!(machine.post_bare("users/nobody", "account.lock").await.status, 404);
}

async fn what_links_lead_to_is_there(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let links = machine.get(&format!("users/{id}")).await.body()["_links"].clone();
    let base = format!("http://vestibule.example/v1/environments/{}", machine.environment);
    for (rel, link) in links.as_object().unwrap() {
        let path = link["href"].as_str().unwrap().strip_prefix(&base).unwrap();
        let answer = machine.get(path.trim_start_matches('/')).await;
        assert_eq!(answer.status, 200, "{rel}: {}", answer.told());
    }
    snapshot!(machine.get(&format!("users/{id}/linkedAccounts")).await.told(), @r#"
    200 OK
    {
      "_links": {
        "self": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/linkedAccounts" },
        "user": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819" }
      },
      "_embedded": {
        "linkedAccounts": []
      },
      "count": 0,
      "size": 0
    }
    "#);
}

async fn an_environment_is_read(world: World) {
    let machine = Machine::new(&world).await;
    snapshot!(machine.get("").await.told(), @r#"
    200 OK
    {
      "_links": {
        "self": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69" },
        "users": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users" },
        "populations": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/populations" }
      },
      "id": "01977420-dc00-7118-b0d3-641a68f94a69",
      "name": "Acme",
      "type": "PRODUCTION",
      "createdAt": "2025-06-15T15:06:40.000Z"
    }
    "#);
}
