//! The operation that must be right to the letter: *mark email as verified*.

use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    client::{Client, id_in, path_of},
    support::{World, secret_word},
};

both! {
    verify_answers_with_everything_the_vendors_example_has,
    verifying_twice_is_verifying_once,
    what_is_not_there_cannot_be_verified,
    the_proof_says_who_and_how,
}

/// The vendor's own example of an answer.
const EXAMPLE: &str = include_str!("seed.json");

/// A user of whom every part of the answer is known.
async fn whole_user(world: &World, client: &Client) -> Value {
    let body =
        json!({"username": "grace", "email": "Grace@example.com", "password": secret_word(), "name": "Grace Hopper"});
    let user = client.post("/api/users", body).await.ok(201);
    let path = path_of(&user);
    client.post(&format!("{path}/phones"), json!({"phone_number": "+441514960453", "is_verified": true})).await.ok(200);
    let claims = json!({"given_name": "Grace", "family_name": "Hopper"});
    client.patch(&format!("{path}/claims"), claims).await.ok(200);
    let public = json!({"public_data": {"color_preference": {"dashboard": "monochrome"}, "send_emails": true, "days_to_retain": 1}});
    client.patch(&format!("{path}/public_data"), public).await.ok(200);
    let private = json!({"private_data": {"transaction_ids": ["5GRZ4X7"], "subscription_plan": "premium", "last_renewed": 1_672_511_400}});
    client.patch(&format!("{path}/private_data"), private).await.ok(200);
    let id = user["user_id"].as_str().unwrap();
    let organization = &world.organization;
    for sql in [
        format!(
            "INSERT INTO passkey (id, user_id, credential_id, name, public_key, aaguid, backup_eligible, backup_state, user_verified, user_agent, credential, created_at)
             VALUES ('passkey', '{id}', 'sM5X24vn_R3YqFvk8o5Hf7l3E1fMeyKnssiAgCYxouA', 'Telephone', 'MIICYzCCAcyg', '204a871f-f7c4-465c-a81f-83d7ad4d04ee', TRUE, TRUE, TRUE, 'Mozilla/5.0', '{{}}', 0)"
        ),
        format!(
            "INSERT INTO provider (id, organization_id, name, issuer, client_id, scopes, enabled, created_at, changed_at)
             VALUES ('provider', '{organization}', 'Google', 'https://accounts.example', 'us', 'openid', TRUE, 0, 0)"
        ),
        format!(
            r#"INSERT INTO provider_link (provider_id, subject, user_id, claims, created_at)
             VALUES ('provider', '79a500f9', '{id}', '{{"email":"grace@example.com","email_verified":"true","name":"Grace Hopper"}}', 0)"#
        ),
    ] {
        world.db.exec(&sql).await;
    }
    client.get(&path).await.ok(200)
}

/// Every key of the example is there with a value of the same type, and real data stands behind it.
async fn verify_answers_with_everything_the_vendors_example_has(world: World) {
    let client = Client::new(&world).await;
    let user = whole_user(&world, &client).await;
    let verify = format!("{}/emails/{}/verify", path_of(&user), id_in(&user, "emails", 0));
    let answer = client.press(&verify).await;
    assert_eq!(answer.headers["content-type"], "application/json");
    let after = answer.ok(200);
    let example: Value = serde_json::from_str(EXAMPLE).unwrap();
    same_shape("", &example, &after);
    snapshot!(serde_json::to_string_pretty(&after).unwrap(), @r#"
    {
      "user_id": "01977420-dc00-7a88-a527-a819b062c680",
      "disabled": false,
      "claims": {
        "given_name": "Grace",
        "family_name": "Hopper",
        "name": "Grace Hopper"
      },
      "emails": [
        {
          "id": "01977420-dc00-7861-84ef-a39affcd0295",
          "email": "Grace@example.com",
          "primary": true,
          "verified": true,
          "source": "monocloud",
          "verification_source": "monocloud",
          "authenticators": [
            "password",
            "email"
          ],
          "idps": [
            "monocloud",
            "google"
          ]
        }
      ],
      "phone_numbers": [
        {
          "id": "01977420-dc00-7976-9a35-fb136de4a4f4",
          "phone": "+441514960453",
          "primary": true,
          "verified": true,
          "source": "monocloud",
          "verification_source": "monocloud",
          "authenticators": [],
          "idps": [
            "monocloud"
          ]
        }
      ],
      "username": {
        "id": "01977420-dc00-7cc4-9669-6589ef0ff135",
        "username": "grace",
        "source": "monocloud",
        "authenticators": [
          "password"
        ],
        "idps": [
          "monocloud"
        ]
      },
      "passkeys": [
        {
          "passkey_id": "sM5X24vn_R3YqFvk8o5Hf7l3E1fMeyKnssiAgCYxouA",
          "name": "Telephone",
          "public_key": "MIICYzCCAcyg",
          "aa_guid": "204a871f-f7c4-465c-a81f-83d7ad4d04ee",
          "backup_state": true,
          "backup_eligibility": true,
          "user_present": true,
          "user_verified": true,
          "user_agent": "Mozilla/5.0"
        }
      ],
      "connections": [
        {
          "idp": "google",
          "connection_id": "provider"
        }
      ],
      "force_password_reset": true,
      "has_password": true,
      "password_updated_at": 1750000000,
      "creation_time": 1750000000,
      "last_updated": 1750000000,
      "blocked": false,
      "block_until": null,
      "failure_count": 0,
      "sign_in_attempts_count": 0,
      "sign_in_success_count": 0,
      "last_sign_in_attempt": null,
      "last_sign_in_attempt_ip": null,
      "last_sign_in_success": null,
      "last_sign_in_success_ip": null,
      "last_activity": null,
      "last_known_city": null,
      "last_known_country": null,
      "last_known_region": null,
      "public_data": {
        "color_preference": {
          "dashboard": "monochrome"
        },
        "send_emails": true,
        "days_to_retain": 1
      },
      "private_data": {
        "transaction_ids": [
          "5GRZ4X7"
        ],
        "subscription_plan": "premium",
        "last_renewed": 1672511400
      },
      "idps": [
        {
          "authenticator": "google",
          "provider_user_id": "79a500f9",
          "claims": {
            "email": "grace@example.com",
            "email_verified": "true",
            "name": "Grace Hopper"
          }
        }
      ],
      "external_providers": [
        {
          "authenticator": "google",
          "provider_user_id": "79a500f9",
          "claims": {
            "email": "grace@example.com",
            "email_verified": "true",
            "name": "Grace Hopper"
          }
        }
      ]
    }
    "#);
}

/// What clients keep under keys of their own choice is compared as an object only.
#[track_caller]
fn same_shape(path: &str, example: &Value, answer: &Value) {
    match (example, answer) {
        (Value::Object(_), Value::Object(answer)) if path.ends_with("_data") => assert!(!answer.is_empty(), "{path}"),
        (Value::Object(example), Value::Object(answer)) => {
            for (name, value) in example {
                let path = format!("{path}.{name}");
                same_shape(&path, value, answer.get(name).unwrap_or_else(|| panic!("{path} is missing")));
            }
        }
        (Value::Array(example), Value::Array(answer)) => {
            // Nobody signs in by a telephone number that is not the user name, so there a list of words is empty.
            assert!(!answer.is_empty() || example[0].is_string(), "{path} is empty");
            for value in answer {
                same_shape(&format!("{path}[]"), &example[0], value);
            }
        }
        (Value::Number(_), Value::Number(answer)) => assert!(answer.is_i64(), "{path} is no integer"),
        (example, answer) => {
            assert_eq!(std::mem::discriminant(example), std::mem::discriminant(answer), "{path}: {answer}");
        }
    }
}

/// A second press is answered alike, and the history has one proof.
async fn verifying_twice_is_verifying_once(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let verify = format!("{}/emails/{}/verify", path_of(&user), id_in(&user, "emails", 0));
    let first = client.press(&verify).await.ok(200);
    assert_eq!(first["emails"][0]["verified"], true);
    world.env.pass(5_000);
    let second = client.press(&verify).await.ok(200);
    assert_eq!(first, second);
    let owner = world.owner().await;
    let steps = world.steps(&owner, user["user_id"].as_str().unwrap()).await;
    assert_eq!(steps.iter().filter(|step| **step == "email-verified").count(), 1);
}

/// Unknown users and identifiers, and those of somebody else.
async fn what_is_not_there_cannot_be_verified(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let (path, id) = (path_of(&user), id_in(&user, "emails", 0));
    let other = json!({"email": "ada@example.com", "email_verified": true});
    let other = client.post("/api/users", other).await.ok(201);
    let others = id_in(&other, "emails", 0);
    for verify in [
        format!("{path}/emails/{others}/verify"),
        format!("{path}/emails/no-uuid/verify"),
        format!("{path}/emails/%00/verify"),
        format!("{path}/emails/a%2Fb%20c/verify"),
        format!("{path}/phones/{id}/verify"),
        format!("/api/users/nobody/emails/{id}/verify"),
        format!("/api/users/%FF/emails/{id}/verify"),
    ] {
        let answer = client.press(&verify).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{verify}");
        snapshot!(answer.problem(), @r#"{"type":"https://httpstatuses.io/404","title":"Not Found","status":404}"#);
    }
    assert_eq!(client.get(&path).await.ok(200)["emails"][0]["verified"], false);
}

/// The user's history says that a client did it, through the API.
async fn the_proof_says_who_and_how(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let (path, id) = (path_of(&user), id_in(&user, "emails", 0));
    let mut request = client.request(http::Method::POST, &format!("{path}/emails/{id}/verify"), "");
    request.extensions_mut().insert(vestibule_api::ClientIp(Some("192.0.2.7".to_owned())));
    assert_eq!(client.send(request).await.status, StatusCode::OK);
    let owner = world.owner().await;
    let history = world.view(&owner, user["user_id"].as_str().unwrap()).await.history;
    let event = history.iter().find(|event| event.kind.as_str() == "email-verified").unwrap();
    assert_eq!(event.data.proof.as_deref(), Some("api"));
    assert_eq!(event.data.ip.as_deref(), Some("192.0.2.7"));
    assert!(matches!(&event.actor, vestibule_core::actor::Actor::Client { name, .. } if name == "integration"));
}
