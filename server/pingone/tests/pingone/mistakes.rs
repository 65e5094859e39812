//! What is wrong with a new user.

use http::Method;
use serde_json::json;

use crate::{machine::Machine, support::World};

both! {
    all_that_is_wrong_comes_in_one_answer,
    what_is_taken_says_so,
}

async fn all_that_is_wrong_comes_in_one_answer(world: World) {
    let machine = Machine::new(&world).await;
    let wrong = machine
        .post(
            "users",
            "user.import",
            json!({
                "username": "gr\u{0}ace", "email": "grace@navy", "population": { "id": 7 },
                "name": { "given": "", "family": "<Hopper>", "formatted": "x".repeat(257) },
                "nickname": 5, "address": "Arlington", "timezone": "Here", "primaryPhone": "none",
                "mobilePhone": "1".repeat(33), "preferredLanguage": "not a language", "photo": { "href": "ftp://x" },
                "externalId": "x".repeat(1025), "emailVerified": "yes", "lifecycle": { "status": "MAYBE" },
                "password": { "value": "" },
            }),
        )
        .await;
    snapshot!(wrong.told(), @r#"
    400 Bad Request
    {
      "id": "01977420-dc00-77cb-96ff-66cd60b5a6b3",
      "code": "INVALID_DATA",
      "message": "The request could not be completed. One or more validation errors were in the request.",
      "details": [
        {
          "code": "INVALID_VALUE",
          "target": "username",
          "message": "Invalid value for attribute.",
          "innerError": {
            "allowedPattern": "^[\\p{L}\\p{M}\\p{Zs}\\p{S}\\p{N}\\p{P}]*$"
          }
        },
        { "code": "INVALID_VALUE", "target": "email", "message": "Invalid value for attribute." },
        { "code": "INVALID_VALUE", "target": "address", "message": "The attribute must be an object." },
        {
          "code": "SIZE_LIMIT_EXCEEDED",
          "target": "externalId",
          "message": "The attribute must not be longer than 1024 characters.",
          "innerError": { "maximumValue": 1024 }
        },
        {
          "code": "SIZE_LIMIT_EXCEEDED",
          "target": "mobilePhone",
          "message": "The attribute must not be longer than 32 characters.",
          "innerError": { "maximumValue": 32 }
        },
        {
          "code": "SIZE_LIMIT_EXCEEDED",
          "target": "name.formatted",
          "message": "The attribute must not be longer than 256 characters.",
          "innerError": { "maximumValue": 256 }
        },
        { "code": "EMPTY_VALUE", "target": "name.given", "message": "The attribute must not be empty." },
        {
          "code": "INVALID_VALUE",
          "target": "name.family",
          "message": "Invalid value for attribute.",
          "innerError": {
            "allowedPattern": "^[\\p{L}\\p{M}\\p{N}' .-]*$"
          }
        },
        { "code": "INVALID_VALUE", "target": "nickname", "message": "The attribute must be a string." },
        { "code": "INVALID_VALUE", "target": "photo.href", "message": "Invalid value for attribute." },
        { "code": "INVALID_VALUE", "target": "preferredLanguage", "message": "Invalid value for attribute." },
        {
          "code": "INVALID_VALUE",
          "target": "primaryPhone",
          "message": "Invalid value for attribute.",
          "innerError": {
            "allowedPattern": "[0-9]"
          }
        },
        {
          "code": "INVALID_VALUE",
          "target": "timezone",
          "message": "Invalid value for attribute.",
          "innerError": {
            "allowedPattern": "^\\w+\\/\\w+$"
          }
        },
        { "code": "INVALID_VALUE", "target": "population.id", "message": "The attribute must be a string." },
        {
          "code": "INVALID_VALUE",
          "target": "lifecycle.status",
          "message": "Invalid value for attribute.",
          "innerError": {
            "allowedValues": ["ACCOUNT_OK", "VERIFICATION_REQUIRED"]
          }
        },
        { "code": "INVALID_VALUE", "target": "emailVerified", "message": "The attribute must be true or false." },
        { "code": "EMPTY_VALUE", "target": "password.value", "message": "The attribute must not be empty." }
      ]
    }
    "#);
    let nothing = machine.json(Method::POST, "users", json!({})).await;
    snapshot!(nothing.brief(), @r#"
    400 INVALID_DATA
      REQUIRED_VALUE username: A value is required for this attribute.
      REQUIRED_VALUE email: A value is required for this attribute.
    "#);
    assert_eq!(machine.get("users").await.body()["count"], 0);
}

async fn what_is_taken_says_so(world: World) {
    let machine = Machine::new(&world).await;
    machine.json(Method::POST, "users", json!({ "username": "grace", "email": "grace@navy.example" })).await.id();
    let mut told = Vec::new();
    for body in [
        json!({ "username": "GRACE", "email": "other@navy.example" }),
        json!({ "username": "other", "email": "GRACE@navy.example" }),
        json!({ "username": "other", "email": "other@navy.example", "population": { "id": "nowhere" } }),
    ] {
        told.push(machine.json(Method::POST, "users", body).await.brief());
    }
    snapshot!(told.join("\n"), @r#"
    400 INVALID_DATA
      UNIQUENESS_VIOLATION username: The value is in use already and must be unique.
    400 INVALID_DATA
      UNIQUENESS_VIOLATION email: The value is in use already and must be unique.
    400 INVALID_DATA
      INVALID_VALUE population.id: Invalid value for attribute.
    "#);
}
