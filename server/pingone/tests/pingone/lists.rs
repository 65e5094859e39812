//! Lists of users, a page at a time.

use serde_json::Value;

use crate::{machine::Machine, support::World};

both! {
    a_list_is_walked_by_its_next_links,
    an_empty_list_is_a_list,
    an_expanded_list_has_populations,
    nobody_elses_users_are_listed,
}

pub fn names(list: &Value) -> Vec<String> {
    let users = list["_embedded"]["users"].as_array().unwrap();
    users.iter().map(|user| user["username"].as_str().unwrap().to_owned()).collect()
}

async fn a_list_is_walked_by_its_next_links(world: World) {
    let machine = Machine::new(&world).await;
    for name in ["a", "b", "c", "d", "e"] {
        machine.waiting(&format!("{name}@navy.example")).await;
        world.env.pass(1);
    }
    let mut path = "users?limit=2&filter=username%20sw%20%22a%22%20or%20not%20(username%20eq%20%22x%22)".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = machine.get(&path).await.body();
        assert_eq!(page["count"], 5);
        assert_eq!(page["size"], names(&page).len());
        seen.push(names(&page));
        let Some(next) = page["_links"]["next"]["href"].as_str() else { break };
        let base = format!("http://vestibule.example/v1/environments/{}/", machine.environment);
        next.strip_prefix(&base).unwrap().clone_into(&mut path);
    }
    assert_eq!(seen.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
    assert_eq!(seen.concat().join(" "), "a@navy.example b@navy.example c@navy.example d@navy.example e@navy.example");
}

async fn an_empty_list_is_a_list(world: World) {
    let machine = Machine::new(&world).await;
    snapshot!(machine.get("users").await.told(), @r#"
    200 OK
    {
      "_links": {
        "self": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users" }
      },
      "_embedded": {
        "users": []
      },
      "count": 0,
      "size": 0
    }
    "#);
}

async fn an_expanded_list_has_populations(world: World) {
    let machine = Machine::new(&world).await;
    machine.waiting("grace@navy.example").await;
    let list = machine.get("users?expand=population").await;
    snapshot!(list.told(), @r#"
    200 OK
    {
      "_links": {
        "self": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users?expand=population" }
      },
      "_embedded": {
        "users": [
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
            "mfaEnabled": false,
            "population": { "id": "01977420-dc00-7e54-905d-35de6024c976" },
            "updatedAt": "2025-06-15T15:06:40.000Z",
            "username": "grace@navy.example",
            "verifyStatus": "NOT_INITIATED"
          }
        ]
      },
      "count": 1,
      "size": 1
    }
    "#);
}

async fn nobody_elses_users_are_listed(world: World) {
    let machine = Machine::new(&world).await;
    machine.waiting("grace@navy.example").await;
    let other = machine.elsewhere().await;
    assert_eq!(other.get("users").await.body()["count"], 0);
}
