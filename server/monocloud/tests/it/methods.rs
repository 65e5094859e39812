//! A user's other ways to sign in.

use http::StatusCode;
use serde_json::json;

use crate::{
    client::{Client, path_of},
    support::World,
};

both! {
    a_passkey_is_taken_by_the_id_that_is_told,
    a_company_account_is_the_persons_own_to_take_away,
    sessions_are_not_told_one_by_one,
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

async fn a_company_account_is_the_persons_own_to_take_away(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let path = format!("{}/external_authenticator/disconnect", path_of(&user));
    let google = json!({"authenticator": "google"});
    assert_eq!(client.post(&path, google.clone()).await.status, StatusCode::NOT_FOUND);
    let provider =
        format!("'p', '{}', 'Google', 'https://accounts.example', 'us', 'openid', TRUE, 0, 0", world.organization);
    let columns = "id, organization_id, name, issuer, client_id, scopes, enabled, created_at, changed_at";
    world.db.exec(&format!("INSERT INTO provider ({columns}) VALUES ({provider})")).await;
    let link = format!("'p', '79a500f9', '{}', '{{}}', 0", user["user_id"].as_str().unwrap());
    world
        .db
        .exec(&format!("INSERT INTO provider_link (provider_id, subject, user_id, claims, created_at) VALUES ({link})"))
        .await;
    let mut told = vec![client.post(&path, google).await.problem()];
    for body in [json!({"authenticator": "apple"}), json!({"authenticator": 7}), json!({})] {
        told.push(client.post(&path, body).await.problem());
    }
    snapshot!(told.join("\n"), @r#"
    {"type":"https://httpstatuses.io/501","title":"Not Implemented","status":501,"detail":"The person takes the link away in their account; disable the user to shut them out."}
    {"type":"https://httpstatuses.io/404","title":"Not Found","status":404}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"authenticator":["It must be a string."]}}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"authenticator":["It is required."]}}
    "#);
    assert_eq!(client.get(&path_of(&user)).await.ok(200)["external_providers"][0]["authenticator"], "google");
}

async fn sessions_are_not_told_one_by_one(world: World) {
    let client = Client::new(&world).await;
    let path = format!("{}/sessions", path_of(&client.grace().await));
    let list = client.get(&path).await;
    assert_eq!(list.status, StatusCode::NOT_IMPLEMENTED);
    snapshot!(list.problem(), @r#"{"type":"https://httpstatuses.io/501","title":"Not Implemented","status":501,"detail":"Sessions are not told one by one; disable the user, or set a password with revoke_sessions, to end all."}"#);
    assert_eq!(client.delete(&format!("{path}/s")).await.status, StatusCode::NOT_IMPLEMENTED);
}
