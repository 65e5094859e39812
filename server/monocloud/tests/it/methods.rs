//! A user's other ways to sign in.

use http::{Method, StatusCode};
use serde_json::{Value, json};
use vestibule_core::api_key::Scope;

use crate::{
    client::{Client, key, path_of},
    support::World,
};

both! {
    a_passkey_is_taken_by_the_id_that_is_told,
    a_company_account_is_taken_by_name_and_id,
    a_company_account_is_taken_once_by_who_may,
}

async fn a_passkey_is_taken_by_the_id_that_is_told(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let (path, id) = (path_of(&user), user["user_id"].as_str().unwrap());
    let columns = "id, user_id, credential_id, name, public_key, aaguid, backup_eligible, backup_state, user_verified, user_agent, credential, created_at";
    let values = format!(
        "'row', '{id}', 'sM5X24vn_R3Y', 'Telephone', 'MIIC', '204a871f-f7c4-465c-a81f-83d7ad4d04ee', TRUE, FALSE, TRUE, 'Mozilla/5.0', '{{}}', 0"
    );
    world.db.exec(&format!("INSERT INTO passkey ({columns}) VALUES ({values})")).await;
    snapshot!(client.get(&path).await.changed(&user), @r#"
    {
      "passkeys": [
        {
          "passkey_id": "sM5X24vn_R3Y",
          "name": "Telephone",
          "public_key": "MIIC",
          "aa_guid": "204a871f-f7c4-465c-a81f-83d7ad4d04ee",
          "backup_state": false,
          "backup_eligibility": true,
          "user_present": true,
          "user_verified": true,
          "user_agent": "Mozilla/5.0"
        }
      ]
    }
    "#);
    assert_eq!(client.delete(&format!("{path}/passkeys/row")).await.status, StatusCode::NOT_FOUND);
    let answer = client.delete(&format!("{path}/passkeys/sM5X24vn_R3Y")).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::NO_CONTENT, ""));
    assert_eq!(client.get(&path).await.changed(&user), "{}");
    assert_eq!(client.delete(&format!("{path}/passkeys/sM5X24vn_R3Y")).await.status, StatusCode::NOT_FOUND);
}

/// Links a user to accounts at two providers of one name.
async fn linked(world: &World, user: &Value) {
    let columns = "id, organization_id, name, issuer, client_id, scopes, enabled, created_at, changed_at";
    for id in ["p", "q"] {
        let values =
            format!("'{id}', '{}', 'Google', 'https://{id}.example', 'us', 'openid', TRUE, 0, 0", world.organization);
        world.db.exec(&format!("INSERT INTO provider ({columns}) VALUES ({values})")).await;
    }
    for (provider, subject) in [("p", "79a500f9"), ("p", "c0ffee00"), ("q", "b0a7b0a7")] {
        let values = format!("'{provider}', '{subject}', '{}', '{{}}', 0", user["user_id"].as_str().unwrap());
        let columns = "provider_id, subject, user_id, claims, created_at";
        world.db.exec(&format!("INSERT INTO provider_link ({columns}) VALUES ({values})")).await;
    }
}

/// The ids of the accounts that an answer has.
fn accounts(user: &Value) -> Vec<&str> {
    let all = user["external_providers"].as_array().unwrap().iter();
    all.map(|account| account["provider_user_id"].as_str().unwrap()).collect()
}

async fn a_company_account_is_taken_by_name_and_id(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let path = format!("{}/external_authenticator/disconnect", path_of(&user));
    let google = json!({"authenticator": "google"});
    assert_eq!(client.post(&path, google.clone()).await.status, StatusCode::NOT_FOUND);
    linked(&world, &user).await;
    world.add_webhook().await;
    let mut told = Vec::new();
    for body in [
        json!({"authenticator": "apple"}),
        json!({"authenticator": "google", "provider_user_id": "another"}),
        json!({"authenticator": 7, "provider_user_id": 7}),
        json!({}),
    ] {
        told.push(client.post(&path, body).await.problem());
    }
    snapshot!(told.join("\n"), @r#"
    {"type":"https://httpstatuses.io/404","title":"Not Found","status":404}
    {"type":"https://httpstatuses.io/404","title":"Not Found","status":404}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"authenticator":["It must be a string."],"provider_user_id":["It must be a string."]}}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"authenticator":["It is required."]}}
    "#);
    assert_eq!(accounts(&client.get(&path_of(&user)).await.ok(200)).len(), 3);
    let one = json!({"authenticator": "google", "provider_user_id": "c0ffee00"});
    assert_eq!(accounts(&client.post(&path, one).await.ok(200)), ["79a500f9", "b0a7b0a7"]);
    assert_eq!(client.post(&path, google.clone()).await.changed(&user), "{}");
    assert_eq!(client.post(&path, google).await.status, StatusCode::NOT_FOUND);
    let written = world.db.texts("SELECT kind FROM event ORDER BY number DESC LIMIT 3").await;
    assert_eq!(written, ["provider-unlinked"; 3]);
    assert_eq!(world.db.count("webhook").await, 3);
}

async fn a_company_account_is_taken_once_by_who_may(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    linked(&world, &user).await;
    let path = format!("{}/external_authenticator/disconnect", path_of(&user));
    let google = json!({"authenticator": "google"});
    let reader = Client::with_scopes(&world, &[Scope::Read, Scope::Verify]).await;
    assert_eq!(reader.post(&path, google.clone()).await.status, StatusCode::FORBIDDEN);
    let elsewhere = "'o2', 'Other', '{}', 1";
    world.db.exec(&format!("INSERT INTO organization (id, name, policy, created_at) VALUES ({elsewhere})")).await;
    let (_, key) = key(&world, "o2", Scope::ALL, None).await;
    assert_eq!(Client::with_key(&world, &key).post(&path, google.clone()).await.status, StatusCode::NOT_FOUND);
    let headers = [("idempotency-key", "one")];
    for _ in 0..2 {
        let mut request = client.request(Method::POST, &path, google.to_string());
        for (name, value) in headers {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        assert_eq!(accounts(&client.send(request).await.ok(200)), [""; 0], "the same request is answered alike");
    }
}
