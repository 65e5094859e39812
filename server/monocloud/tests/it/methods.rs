//! A user's other ways to sign in.

use http::StatusCode;

use crate::{
    client::{Client, path_of},
    support::World,
};

both! {
    a_passkey_is_taken_by_the_id_that_is_told,
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
          "aa_guid": "204a871f-f7c4-465c-a81f-83d7ad4d04ee",
          "backup_eligibility": true,
          "backup_state": false,
          "name": "Telephone",
          "passkey_id": "sM5X24vn_R3Y",
          "public_key": "MIIC",
          "user_agent": "Mozilla/5.0",
          "user_present": true,
          "user_verified": true
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

async fn sessions_are_not_told_one_by_one(world: World) {
    let client = Client::new(&world).await;
    let path = format!("{}/sessions", path_of(&client.grace().await));
    let list = client.get(&path).await;
    assert_eq!(list.status, StatusCode::NOT_IMPLEMENTED);
    snapshot!(list.problem(), @r#"{"detail":"Sessions are not told one by one; disable the user, or set a password with revoke_sessions, to end all.","status":501,"title":"Not Implemented","type":"https://httpstatuses.io/501"}"#);
    assert_eq!(client.delete(&format!("{path}/s")).await.status, StatusCode::NOT_IMPLEMENTED);
}
