//! Populations.

use http::Method;
use serde_json::json;

use crate::{machine::Machine, support::World};

both! {
    a_population_is_made_read_changed_and_deleted,
    there_is_always_one,
    what_is_wrong_is_told,
    another_environments_population_is_not_found,
}

async fn a_population_is_made_read_changed_and_deleted(world: World) {
    let machine = Machine::new(&world).await;
    let body = json!({
        "name": "Sailors", "description": "At sea", "preferredLanguage": "en", "theme": { "id": "t" }, "unknown": 1,
    });
    let made = machine.json(Method::POST, "populations", body).await;
    snapshot!(made.told(), @r#"
    201 Created
    location: http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/populations/01977420-dc00-7680-888a-0d74b233dcc4
    {
      "_links": {
        "self": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/populations/01977420-dc00-7680-888a-0d74b233dcc4" },
        "environment": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69" }
      },
      "id": "01977420-dc00-7680-888a-0d74b233dcc4",
      "environment": { "id": "01977420-dc00-7118-b0d3-641a68f94a69" },
      "name": "Sailors",
      "description": "At sea",
      "userCount": 0,
      "default": false,
      "createdAt": "2025-06-15T15:06:40.000Z",
      "updatedAt": "2025-06-15T15:06:40.000Z",
      "preferredLanguage": "en",
      "theme": { "id": "t" }
    }
    "#);
    let path = format!("populations/{}", made.id());
    assert_eq!(machine.get(&path).await.text, made.text);
    world.env.pass(1_000);
    let changed = machine.json(Method::PUT, &path, json!({ "name": "Mariners", "default": true })).await;
    snapshot!(changed.told(), @r#"
    200 OK
    {
      "_links": {
        "self": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/populations/01977420-dc00-7680-888a-0d74b233dcc4" },
        "environment": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69" }
      },
      "id": "01977420-dc00-7680-888a-0d74b233dcc4",
      "environment": { "id": "01977420-dc00-7118-b0d3-641a68f94a69" },
      "name": "Mariners",
      "userCount": 0,
      "default": true,
      "createdAt": "2025-06-15T15:06:40.000Z",
      "updatedAt": "2025-06-15T15:06:41.000Z"
    }
    "#);
    snapshot!(machine.get("populations").await.told(), @r#"
    200 OK
    {
      "_links": {
        "self": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/populations" }
      },
      "_embedded": {
        "populations": [
          {
            "_links": {
              "self": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/populations/01977420-dc00-7680-888a-0d74b233dcc4" },
              "environment": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69" }
            },
            "id": "01977420-dc00-7680-888a-0d74b233dcc4",
            "environment": { "id": "01977420-dc00-7118-b0d3-641a68f94a69" },
            "name": "Mariners",
            "userCount": 0,
            "default": true,
            "createdAt": "2025-06-15T15:06:40.000Z",
            "updatedAt": "2025-06-15T15:06:41.000Z"
          },
          {
            "_links": {
              "self": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/populations/01977420-dc00-7c3f-b585-ea88e527a819" },
              "environment": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69" }
            },
            "id": "01977420-dc00-7c3f-b585-ea88e527a819",
            "environment": { "id": "01977420-dc00-7118-b0d3-641a68f94a69" },
            "name": "Default",
            "userCount": 0,
            "default": false,
            "createdAt": "2025-06-15T15:06:40.000Z",
            "updatedAt": "2025-06-15T15:06:40.000Z"
          }
        ]
      },
      "count": 2,
      "size": 2
    }
    "#);
    assert_eq!(machine.send(Method::DELETE, &path, &[], "").await.status, 204);
    assert_eq!(machine.get(&path).await.status, 404);
    assert_eq!(machine.send(Method::DELETE, &path, &[], "").await.status, 404);
}

async fn there_is_always_one(world: World) {
    let machine = Machine::new(&world).await;
    let all = machine.get("populations").await.body();
    assert_eq!(all["count"], 1);
    let default = all["_embedded"]["populations"][0]["id"].as_str().unwrap().to_owned();
    let last = machine.send(Method::DELETE, &format!("populations/{default}"), &[], "").await;
    snapshot!(last.told(), @r#"
    400 Bad Request
    {
      "id": "01977420-dc00-7680-888a-0d74b233dcc4",
      "code": "INVALID_DATA",
      "message": "The request could not be completed. One or more validation errors were in the request.",
      "details": [
        { "code": "CONSTRAINT_VIOLATION", "target": "id", "message": "The environment must contain at least one population." }
      ]
    }
    "#);
    machine.waiting("grace@navy.example").await;
    machine.json(Method::POST, "populations", json!({ "name": "Sailors" })).await;
    let full = machine.send(Method::DELETE, &format!("populations/{default}"), &[], "").await;
    snapshot!(full.brief(), @r#"
    400 INVALID_DATA
      CONSTRAINT_VIOLATION id: The population must contain no users to be deleted.
    "#);
}

async fn what_is_wrong_is_told(world: World) {
    let machine = Machine::new(&world).await;
    machine.json(Method::POST, "populations", json!({ "name": "Sailors" })).await.id();
    let mut told = Vec::new();
    for body in [
        json!({}),
        json!({ "name": "" }),
        json!({ "name": "a\u{0}b" }),
        json!({ "name": "sailors" }),
        json!({ "name": "x".repeat(201) }),
        json!({ "name": "x", "description": "a\u{0}" }),
        json!({ "name": "x", "default": "yes", "theme": { "id": "x".repeat(5_000) } }),
        json!({ "name": "x", "theme": { "id": "\u{0}" } }),
    ] {
        told.push(machine.json(Method::POST, "populations", body).await.brief());
    }
    snapshot!(told.join("\n"), @r#"
    400 INVALID_DATA
      REQUIRED_VALUE name: A value is required for this attribute.
    400 INVALID_DATA
      EMPTY_VALUE name: The attribute must not be empty.
    400 INVALID_DATA
      INVALID_VALUE name: Invalid value for attribute.
    400 INVALID_DATA
      UNIQUENESS_VIOLATION name: The value is in use already and must be unique.
    400 INVALID_DATA
      INVALID_VALUE name: Invalid value for attribute.
    400 INVALID_DATA
      INVALID_VALUE description: Invalid value for attribute.
    400 INVALID_DATA
      INVALID_VALUE default: The attribute must be true or false.
      SIZE_LIMIT_EXCEEDED theme: The attribute is too large.
    201
    "#);
}

async fn another_environments_population_is_not_found(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.json(Method::POST, "populations", json!({ "name": "Sailors" })).await.id();
    let other = machine.elsewhere().await;
    let path = format!("populations/{id}");
    assert_eq!(other.get(&path).await.status, 404);
    assert_eq!(other.json(Method::PUT, &path, json!({ "name": "Mine" })).await.status, 404);
    assert_eq!(other.send(Method::DELETE, &path, &[], "").await.status, 404);
    let user = other.waiting("grace@navy.example").await;
    let moved = other.json(Method::PUT, &format!("users/{user}/population"), json!({ "id": id })).await;
    assert_eq!(moved.status, 400);
}
