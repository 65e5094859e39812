//! Create, read and delete users.

use http::Method;
use serde_json::json;

use crate::{
    machine::{JSON, Machine, vendor},
    support::World,
};

both! {
    a_plain_user_has_the_defaults,
    everything_that_is_said_is_kept,
    an_import_sets_what_nothing_else_may,
    an_import_mails_a_code_unless_told_not_to,
    passwords_come_clear_or_hashed,
    all_that_is_wrong_comes_in_one_answer,
    what_is_taken_says_so,
    a_reader_may_ask_for_more,
    a_deleted_user_is_gone,
    mails_are_in_the_users_language,
}

async fn a_plain_user_has_the_defaults(world: World) {
    let machine = Machine::new(&world).await;
    let body = json!({
        "username": "grace", "email": "Grace@Navy.example",
        // Only an import may say these.
        "emailVerified": true, "lifecycle": { "status": "VERIFICATION_REQUIRED" }, "password": { "value": "x" },
        "enabled": false, "shoeSize": 9,
    });
    let made = machine.json(Method::POST, "users", body).await;
    snapshot!(made.told(), @r#"
    201 Created
    location: http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819
    {
      "_links": {
        "self": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819"
        },
        "environment": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69"
        },
        "population": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/populations/01977420-dc00-7e54-905d-35de6024c976"
        },
        "devices": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/devices"
        },
        "roleAssignments": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/roleAssignments"
        },
        "password": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/password"
        },
        "password.reset": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/password"
        },
        "password.set": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/password"
        },
        "password.check": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/password"
        },
        "password.recover": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/password"
        },
        "linkedAccounts": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/linkedAccounts"
        },
        "account.sendVerificationCode": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819"
        },
        "memberOfGroups": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/memberOfGroups"
        }
      },
      "id": "01977420-dc00-7c3f-b585-ea88e527a819",
      "environment": {
        "id": "01977420-dc00-7118-b0d3-641a68f94a69"
      },
      "account": {
        "canAuthenticate": true,
        "status": "OK"
      },
      "createdAt": "2025-06-15T15:06:40.000Z",
      "email": "Grace@Navy.example",
      "emailVerified": false,
      "enabled": true,
      "identityProvider": {
        "type": "PING_ONE"
      },
      "lifecycle": {
        "status": "ACCOUNT_OK"
      },
      "mfaEnabled": false,
      "population": {
        "id": "01977420-dc00-7e54-905d-35de6024c976"
      },
      "updatedAt": "2025-06-15T15:06:40.000Z",
      "username": "grace",
      "verifyStatus": "NOT_INITIATED"
    }
    "#);
    assert!(world.deliver().await.is_empty());
}

async fn everything_that_is_said_is_kept(world: World) {
    let machine = Machine::new(&world).await;
    let population = machine.json(Method::POST, "populations", json!({ "name": "Sailors" })).await.id();
    let body = json!({
        "username": "grace", "email": "grace@navy.example", "population": { "id": population }, "mfaEnabled": true,
        "name": {
            "given": "Grace", "middle": "Brewster", "family": "Hopper", "formatted": "Grace B. Hopper",
            "honorificPrefix": "Rear Admiral", "honorificSuffix": "PhD",
        },
        "nickname": "Amazing Grace", "title": "Programmer", "type": "Navy", "locale": "en-US",
        "preferredLanguage": "en;q=0.8, de", "timezone": "America/New_York", "primaryPhone": "+1 202 555 0100",
        "mobilePhone": "1", "photo": { "href": "https://navy.example/grace.jpg" }, "externalId": "e".repeat(1024),
        "accountId": "a-1",
        "address": {
            "streetAddress": "1 Main St", "locality": "Arlington", "region": "VA", "postalCode": "22201",
            "countryCode": "US",
        },
    });
    let made = machine.json(Method::POST, "users", body.clone()).await;
    snapshot!(made.told().replace(&"e".repeat(1024), "e × 1024"), @r#"
    201 Created
    location: http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-739a-bfcd-0295c86e0940
    {
      "_links": {
        "self": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-739a-bfcd-0295c86e0940"
        },
        "environment": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69"
        },
        "population": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/populations/01977420-dc00-7680-888a-0d74b233dcc4"
        },
        "devices": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-739a-bfcd-0295c86e0940/devices"
        },
        "roleAssignments": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-739a-bfcd-0295c86e0940/roleAssignments"
        },
        "password": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-739a-bfcd-0295c86e0940/password"
        },
        "password.reset": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-739a-bfcd-0295c86e0940/password"
        },
        "password.set": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-739a-bfcd-0295c86e0940/password"
        },
        "password.check": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-739a-bfcd-0295c86e0940/password"
        },
        "password.recover": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-739a-bfcd-0295c86e0940/password"
        },
        "linkedAccounts": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-739a-bfcd-0295c86e0940/linkedAccounts"
        },
        "account.sendVerificationCode": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-739a-bfcd-0295c86e0940"
        },
        "memberOfGroups": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-739a-bfcd-0295c86e0940/memberOfGroups"
        }
      },
      "id": "01977420-dc00-739a-bfcd-0295c86e0940",
      "environment": {
        "id": "01977420-dc00-7118-b0d3-641a68f94a69"
      },
      "account": {
        "canAuthenticate": true,
        "status": "OK"
      },
      "accountId": "a-1",
      "address": {
        "countryCode": "US",
        "locality": "Arlington",
        "postalCode": "22201",
        "region": "VA",
        "streetAddress": "1 Main St"
      },
      "createdAt": "2025-06-15T15:06:40.000Z",
      "email": "grace@navy.example",
      "emailVerified": false,
      "enabled": true,
      "externalId": "e × 1024",
      "identityProvider": {
        "type": "PING_ONE"
      },
      "lifecycle": {
        "status": "ACCOUNT_OK"
      },
      "locale": "en-US",
      "mfaEnabled": true,
      "mobilePhone": "1",
      "name": {
        "family": "Hopper",
        "formatted": "Grace B. Hopper",
        "given": "Grace",
        "honorificPrefix": "Rear Admiral",
        "honorificSuffix": "PhD",
        "middle": "Brewster"
      },
      "nickname": "Amazing Grace",
      "photo": {
        "href": "https://navy.example/grace.jpg"
      },
      "population": {
        "id": "01977420-dc00-7680-888a-0d74b233dcc4"
      },
      "preferredLanguage": "en;q=0.8, de",
      "primaryPhone": "+1 202 555 0100",
      "timezone": "America/New_York",
      "title": "Programmer",
      "type": "Navy",
      "updatedAt": "2025-06-15T15:06:40.000Z",
      "username": "grace",
      "verifyStatus": "NOT_INITIATED"
    }
    "#);
    let told = made.body();
    for (name, value) in body.as_object().unwrap() {
        assert_eq!(told[name], *value, "{name}");
    }
}

async fn an_import_sets_what_nothing_else_may(world: World) {
    let machine = Machine::new(&world).await;
    let imported = machine
        .post(
            "users",
            "user.import",
            json!({
                "username": "grace", "email": "grace@navy.example", "emailVerified": true,
                "password": { "value": "tall ships sail at dawn", "forceChange": true },
                "lifecycle": { "status": "ACCOUNT_OK", "suppressVerificationCode": true },
            }),
        )
        .await;
    snapshot!(imported.told(), @r#"
    201 Created
    location: http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7d74-b233-dcc456696589
    {
      "_links": {
        "self": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7d74-b233-dcc456696589"
        },
        "environment": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69"
        },
        "population": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/populations/01977420-dc00-7232-b14e-d878c8e1d9d8"
        },
        "devices": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7d74-b233-dcc456696589/devices"
        },
        "roleAssignments": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7d74-b233-dcc456696589/roleAssignments"
        },
        "password": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7d74-b233-dcc456696589/password"
        },
        "password.reset": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7d74-b233-dcc456696589/password"
        },
        "password.set": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7d74-b233-dcc456696589/password"
        },
        "password.check": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7d74-b233-dcc456696589/password"
        },
        "password.recover": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7d74-b233-dcc456696589/password"
        },
        "linkedAccounts": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7d74-b233-dcc456696589/linkedAccounts"
        },
        "account.sendVerificationCode": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7d74-b233-dcc456696589"
        },
        "memberOfGroups": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7d74-b233-dcc456696589/memberOfGroups"
        }
      },
      "id": "01977420-dc00-7d74-b233-dcc456696589",
      "environment": {
        "id": "01977420-dc00-7118-b0d3-641a68f94a69"
      },
      "account": {
        "canAuthenticate": true,
        "status": "OK"
      },
      "createdAt": "2025-06-15T15:06:40.000Z",
      "email": "grace@navy.example",
      "emailVerified": true,
      "enabled": true,
      "identityProvider": {
        "type": "PING_ONE"
      },
      "lifecycle": {
        "status": "ACCOUNT_OK"
      },
      "mfaEnabled": false,
      "population": {
        "id": "01977420-dc00-7232-b14e-d878c8e1d9d8"
      },
      "updatedAt": "2025-06-15T15:06:40.000Z",
      "username": "grace",
      "verifyStatus": "NOT_INITIATED"
    }
    "#);
    let state = machine.get(&format!("users/{}/password", imported.id())).await.body();
    assert_eq!(state["status"], "MUST_CHANGE_PASSWORD");
    assert!(!imported.text.contains("tall ships") && !imported.text.contains("suppress"));
}

async fn an_import_mails_a_code_unless_told_not_to(world: World) {
    let machine = Machine::new(&world).await;
    for (suppress, mails) in [(None, 1), (Some(false), 1), (Some(true), 0)] {
        let name = format!("{suppress:?}@navy.example").replace(['(', ')'], "-");
        let lifecycle = json!({ "status": "VERIFICATION_REQUIRED", "suppressVerificationCode": suppress });
        let body = json!({ "username": name, "email": name, "lifecycle": lifecycle });
        let id = machine.import(body).await;
        let letters = world.deliver().await;
        assert_eq!(letters.len(), mails, "{suppress:?}");
        for letter in letters {
            let code = letter.secret.unwrap().code.plain().to_owned();
            let body = json!({ "verificationCode": code });
            let verified = machine.post(&format!("users/{id}"), "user.verify", body).await.body();
            assert_eq!(verified["emailVerified"], true);
        }
    }
}

async fn passwords_come_clear_or_hashed(world: World) {
    let machine = Machine::new(&world).await;
    // bcrypt of "tall ships sail at dawn" would do as well; what matters is which kinds are taken.
    let bcrypt = "$2a$04$abcdefghijklmnopqrstuuCqZc1o6MSxBZ3xLZsCnk8Sq1RvdcJHG";
    let mut told = Vec::new();
    for (at, value) in [
        "short",
        "password1234",
        "",
        "{SSHA}q83vEjRWeJA=",
        "$argon2id$nonsense",
        bcrypt,
        &format!("{{BCRYPT}}{bcrypt}"),
        "{not a scheme} but a password",
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("p{at}@navy.example");
        let body = json!({ "username": name, "email": name, "password": { "value": value } });
        told.push(format!("{value}\n{}", machine.post("users", "user.import", body).await.brief()));
    }
    snapshot!(told.join("\n"), @r#"
    short
    400 INVALID_DATA
      INVALID_VALUE password.value: The password must have at least 12 characters. {"rangeMinimumValue":12}
    password1234
    400 INVALID_DATA
      INVALID_VALUE password.value: The password is too easy to guess.

    400 INVALID_DATA
      EMPTY_VALUE password.value: The attribute must not be empty.
    {SSHA}q83vEjRWeJA=
    400 INVALID_DATA
      INVALID_VALUE password.value: The password is encoded in a way that is not supported.
    $argon2id$nonsense
    400 INVALID_DATA
      INVALID_VALUE password.value: The password is encoded in a way that is not supported.
    $2a$04$abcdefghijklmnopqrstuuCqZc1o6MSxBZ3xLZsCnk8Sq1RvdcJHG
    201 
    {BCRYPT}$2a$04$abcdefghijklmnopqrstuuCqZc1o6MSxBZ3xLZsCnk8Sq1RvdcJHG
    201 
    {not a scheme} but a password
    201
    "#);
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
        {
          "code": "INVALID_VALUE",
          "target": "email",
          "message": "Invalid value for attribute."
        },
        {
          "code": "INVALID_VALUE",
          "target": "address",
          "message": "The attribute must be an object."
        },
        {
          "code": "SIZE_LIMIT_EXCEEDED",
          "target": "externalId",
          "message": "The attribute must not be longer than 1024 characters.",
          "innerError": {
            "maximumValue": 1024
          }
        },
        {
          "code": "SIZE_LIMIT_EXCEEDED",
          "target": "mobilePhone",
          "message": "The attribute must not be longer than 32 characters.",
          "innerError": {
            "maximumValue": 32
          }
        },
        {
          "code": "SIZE_LIMIT_EXCEEDED",
          "target": "name.formatted",
          "message": "The attribute must not be longer than 256 characters.",
          "innerError": {
            "maximumValue": 256
          }
        },
        {
          "code": "EMPTY_VALUE",
          "target": "name.given",
          "message": "The attribute must not be empty."
        },
        {
          "code": "INVALID_VALUE",
          "target": "name.family",
          "message": "Invalid value for attribute.",
          "innerError": {
            "allowedPattern": "^[\\p{L}\\p{M}\\p{N}' .-]*$"
          }
        },
        {
          "code": "INVALID_VALUE",
          "target": "nickname",
          "message": "The attribute must be a string."
        },
        {
          "code": "INVALID_VALUE",
          "target": "photo.href",
          "message": "Invalid value for attribute."
        },
        {
          "code": "INVALID_VALUE",
          "target": "preferredLanguage",
          "message": "Invalid value for attribute."
        },
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
        {
          "code": "INVALID_VALUE",
          "target": "population.id",
          "message": "The attribute must be a string."
        },
        {
          "code": "INVALID_VALUE",
          "target": "lifecycle.status",
          "message": "Invalid value for attribute.",
          "innerError": {
            "allowedValues": [
              "ACCOUNT_OK",
              "VERIFICATION_REQUIRED"
            ]
          }
        },
        {
          "code": "INVALID_VALUE",
          "target": "emailVerified",
          "message": "The attribute must be true or false."
        },
        {
          "code": "EMPTY_VALUE",
          "target": "password.value",
          "message": "The attribute must not be empty."
        }
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

async fn a_reader_may_ask_for_more(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let more = machine.get(&format!("users/{id}?include=memberOfGroupIDs,memberOfGroupNames&expand=populations")).await;
    snapshot!(more.told(), @r#"
    200 OK
    {
      "_links": {
        "self": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819"
        },
        "environment": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69"
        },
        "population": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/populations/01977420-dc00-7e54-905d-35de6024c976"
        },
        "devices": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/devices"
        },
        "roleAssignments": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/roleAssignments"
        },
        "password": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/password"
        },
        "password.reset": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/password"
        },
        "password.set": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/password"
        },
        "password.check": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/password"
        },
        "password.recover": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/password"
        },
        "linkedAccounts": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/linkedAccounts"
        },
        "account.sendVerificationCode": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819"
        },
        "memberOfGroups": {
          "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/memberOfGroups"
        }
      },
      "_embedded": {
        "population": {
          "_links": {
            "self": {
              "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/populations/01977420-dc00-7e54-905d-35de6024c976"
            },
            "environment": {
              "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69"
            }
          },
          "id": "01977420-dc00-7e54-905d-35de6024c976",
          "environment": {
            "id": "01977420-dc00-7118-b0d3-641a68f94a69"
          },
          "name": "Default",
          "userCount": 1,
          "default": true,
          "createdAt": "2025-06-15T15:06:40.000Z",
          "updatedAt": "2025-06-15T15:06:40.000Z"
        }
      },
      "id": "01977420-dc00-7c3f-b585-ea88e527a819",
      "environment": {
        "id": "01977420-dc00-7118-b0d3-641a68f94a69"
      },
      "account": {
        "canAuthenticate": true,
        "status": "OK"
      },
      "createdAt": "2025-06-15T15:06:40.000Z",
      "email": "grace@navy.example",
      "emailVerified": false,
      "enabled": true,
      "identityProvider": {
        "type": "PING_ONE"
      },
      "lifecycle": {
        "status": "VERIFICATION_REQUIRED"
      },
      "memberOfGroupIDs": [],
      "memberOfGroupNames": [],
      "mfaEnabled": false,
      "population": {
        "id": "01977420-dc00-7e54-905d-35de6024c976"
      },
      "updatedAt": "2025-06-15T15:06:40.000Z",
      "username": "grace@navy.example",
      "verifyStatus": "NOT_INITIATED"
    }
    "#);
}

async fn a_deleted_user_is_gone(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let path = format!("users/{id}");
    // DELETE comes without a Content-Type, and a body of none.
    let gone = machine.send(Method::DELETE, &path, &[], "").await;
    assert_eq!((gone.status.as_u16(), gone.text.as_str()), (204, ""));
    assert!(!gone.header("correlation-id").is_empty());
    assert_eq!(machine.get(&path).await.status, 404);
    assert_eq!(machine.send(Method::DELETE, &path, &[], "").await.status, 404);
    assert_eq!(machine.json(Method::PUT, &path, json!({ "username": "x", "email": "x@y.example" })).await.status, 404);
}

async fn mails_are_in_the_users_language(world: World) {
    let machine = Machine::new(&world).await;
    let body = json!({
        "username": "g", "email": "g@navy.example", "preferredLanguage": "de-CH, en;q=0.5",
        "lifecycle": { "status": "VERIFICATION_REQUIRED" },
    });
    let types = [JSON, &vendor("user.import")];
    machine.send(Method::POST, "users", &types, body.to_string()).await.id();
    assert_eq!(world.deliver().await[0].language.as_str(), "de");
}
