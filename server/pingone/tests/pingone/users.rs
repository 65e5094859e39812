//! Create, read and delete users.

use http::Method;
use serde_json::json;

use crate::{machine::Machine, support::World};

both! {
    a_plain_user_has_the_defaults,
    everything_that_is_said_is_kept,
    a_reader_may_ask_for_more,
    a_deleted_user_is_gone,
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
      "email": "Grace@Navy.example",
      "emailVerified": false,
      "enabled": true,
      "identityProvider": { "type": "PING_ONE" },
      "lifecycle": { "status": "ACCOUNT_OK" },
      "mfaEnabled": false,
      "population": { "id": "01977420-dc00-7e54-905d-35de6024c976" },
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
        "self": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-739a-bfcd-0295c86e0940" },
        "environment": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69" },
        "population": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/populations/01977420-dc00-7680-888a-0d74b233dcc4" },
        "devices": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-739a-bfcd-0295c86e0940/devices" },
        "roleAssignments": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-739a-bfcd-0295c86e0940/roleAssignments" },
        "password": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-739a-bfcd-0295c86e0940/password" },
        "password.reset": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-739a-bfcd-0295c86e0940/password" },
        "password.set": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-739a-bfcd-0295c86e0940/password" },
        "password.check": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-739a-bfcd-0295c86e0940/password" },
        "password.recover": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-739a-bfcd-0295c86e0940/password" },
        "linkedAccounts": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-739a-bfcd-0295c86e0940/linkedAccounts" },
        "account.sendVerificationCode": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-739a-bfcd-0295c86e0940" },
        "memberOfGroups": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-739a-bfcd-0295c86e0940/memberOfGroups" }
      },
      "id": "01977420-dc00-739a-bfcd-0295c86e0940",
      "environment": { "id": "01977420-dc00-7118-b0d3-641a68f94a69" },
      "account": { "canAuthenticate": true, "status": "OK" },
      "accountId": "a-1",
      "address": { "countryCode": "US", "locality": "Arlington", "postalCode": "22201", "region": "VA", "streetAddress": "1 Main St" },
      "createdAt": "2025-06-15T15:06:40.000Z",
      "email": "grace@navy.example",
      "emailVerified": false,
      "enabled": true,
      "externalId": "e × 1024",
      "identityProvider": { "type": "PING_ONE" },
      "lifecycle": { "status": "ACCOUNT_OK" },
      "locale": "en-US",
      "mfaEnabled": true,
      "mobilePhone": "1",
      "name": { "family": "Hopper", "formatted": "Grace B. Hopper", "given": "Grace", "honorificPrefix": "Rear Admiral", "honorificSuffix": "PhD", "middle": "Brewster" },
      "nickname": "Amazing Grace",
      "photo": { "href": "https://navy.example/grace.jpg" },
      "population": { "id": "01977420-dc00-7680-888a-0d74b233dcc4" },
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

async fn a_reader_may_ask_for_more(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let more = machine.get(&format!("users/{id}?include=memberOfGroupIDs,memberOfGroupNames&expand=populations")).await;
    snapshot!(more.told(), @r#"
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
      "_embedded": {
        "population": {
          "_links": {
            "self": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/populations/01977420-dc00-7e54-905d-35de6024c976" },
            "environment": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69" }
          },
          "id": "01977420-dc00-7e54-905d-35de6024c976",
          "environment": { "id": "01977420-dc00-7118-b0d3-641a68f94a69" },
          "name": "Default",
          "userCount": 1,
          "default": true,
          "createdAt": "2025-06-15T15:06:40.000Z",
          "updatedAt": "2025-06-15T15:06:40.000Z"
        }
      },
      "id": "01977420-dc00-7c3f-b585-ea88e527a819",
      "environment": { "id": "01977420-dc00-7118-b0d3-641a68f94a69" },
      "account": { "canAuthenticate": true, "status": "OK" },
      "createdAt": "2025-06-15T15:06:40.000Z",
      "email": "grace@navy.example",
      "emailVerified": false,
      "enabled": true,
      "identityProvider": { "type": "PING_ONE" },
      "lifecycle": { "status": "VERIFICATION_REQUIRED" },
      "memberOfGroupIDs": [],
      "memberOfGroupNames": [],
      "mfaEnabled": false,
      "population": { "id": "01977420-dc00-7e54-905d-35de6024c976" },
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
