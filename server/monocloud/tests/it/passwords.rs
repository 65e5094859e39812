//! A user's password.

use http::StatusCode;
use serde_json::json;
use vestibule_core::{
    Refusal,
    redeem::{Aim, Secret, Try, UserCode},
    secret::Token,
};

use crate::{
    client::{Client, path_of},
    support::{World, refused, secret_word},
};

both! {
    a_password_is_set_and_taken_away,
    a_password_is_refused_by_rule_and_by_field,
    who_knows_the_old_one_changes_it,
    the_next_sign_in_can_be_made_to_lead_to_another,
    a_link_is_handed_back_or_mailed,
    sessions_end_where_asked,
}

async fn a_password_is_set_and_taken_away(world: World) {
    let client = Client::new(&world).await;
    let body = json!({"email": "grace@example.com", "email_verified": true});
    let user = client.post("/api/users", body).await.ok(201);
    let path = format!("{}/password", path_of(&user));
    let set = client.put(&path, json!({"password": secret_word()})).await;
    snapshot!(set.changed(&user), @r#"
    {
      "emails": [
        {
          "id": "01977420-dc00-7a88-a527-a819b062c680",
          "email": "grace@example.com",
          "primary": true,
          "verified": true,
          "source": "monocloud",
          "verification_source": "monocloud",
          "authenticators": [
            "password",
            "email"
          ],
          "idps": [
            "monocloud"
          ]
        }
      ],
      "force_password_reset": true,
      "has_password": true,
      "password_updated_at": 1750000000
    }
    "#);
    let lasting = json!({"password_hash": "$2b$04$abcdefghijklmnopqrstuu462LHrhGumQgjL.dv1AUR7..1.6DSae", "password_hash_algorithm": "bcrypt", "is_temporary_password": false});
    assert_eq!(client.put(&path, lasting).await.ok(200)["force_password_reset"], false);
    let signed_in = world.vestibule.sign_in("grace@example.com", secret_word(), None).await;
    assert_eq!(signed_in.unwrap().user_id, user["user_id"].as_str().unwrap());
    for _ in 0..2 {
        let answer = client.delete(&path).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::NO_CONTENT, ""));
    }
    assert_eq!(client.get(&path_of(&user)).await.ok(200)["has_password"], false);
}

async fn a_password_is_refused_by_rule_and_by_field(world: World) {
    let client = Client::new(&world).await;
    let path = format!("{}/password", path_of(&client.grace().await));
    let mut told = Vec::new();
    for body in [
        json!({}),
        json!({"password": "short"}),
        json!({"password": "Grace Hopper"}),
        json!({"password": "", "skip_password_policy_checks": true}),
        json!({"password": 12_345_678, "revoke_sessions": "yes"}),
        json!({"password_hash": "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$6H0pl6AmFgAsdIrRbfCwRrPMFtM3kMKVW1BVqvJG0mM"}),
        json!({"password_hash": "$2b$99$abcdefghijklmnopqrstuu462LHrhGumQgjL.dv1AUR7..1.6DSae"}),
    ] {
        told.push(client.put(&path, body).await.problem());
    }
    snapshot!(told.join("\n"), @r#"
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"password":["It is required."]}}
    {"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"PasswordTooShort","description":"Passwords have at least 12 characters."}]}
    {"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"PasswordTooCommon","description":"This is one of the passwords that everybody tries first."}]}
    {"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"PasswordTooShort","description":"Passwords have at least 12 characters."}]}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"password":["It must be a string."],"revoke_sessions":["It must be true or false."]}}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"password_hash":["It is not a bcrypt hash."]}}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"password_hash":["It is not a bcrypt hash."]}}
    "#);
}

async fn who_knows_the_old_one_changes_it(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let path = format!("{}/password/change", path_of(&user));
    let new = "another tall ship sails";
    world.env.pass(2_000);
    let changed = client.put(&path, json!({"old_password": secret_word(), "new_password": new})).await;
    snapshot!(changed.changed(&user), @r#"
    {
      "password_updated_at": 1750000002
    }
    "#);
    world.vestibule.sign_in("grace@example.com", new.to_owned(), None).await.unwrap();
    let mut told = Vec::new();
    for body in [
        json!({"old_password": secret_word(), "new_password": "a third tall ship"}),
        json!({"new_password": "a third tall ship"}),
        json!({"old_password": new}),
        json!({"old_password": new, "new_password": "short"}),
        json!({"old_password": new, "new_password_hash": "x"}),
    ] {
        told.push(client.put(&path, body).await.problem());
    }
    // Guessing ends without a 429, which is for too many requests and mails.
    for _ in 0..20 {
        client.put(&path, json!({"old_password": "a guess", "new_password": "a third tall ship"})).await.problem();
    }
    told.push(client.put(&path, json!({"old_password": new, "new_password": "a third tall ship"})).await.problem());
    snapshot!(told.join("\n"), @r#"
    {"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"PasswordMismatch","description":"The old password is not right."}]}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"old_password":["It is required."]}}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"new_password":["It is required."]}}
    {"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"PasswordTooShort","description":"Passwords have at least 12 characters."}]}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"new_password_hash":["It is not a bcrypt hash."]}}
    {"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"TooManyAttempts","description":"The old password was wrong too often; try again later."}]}
    "#);
}

async fn the_next_sign_in_can_be_made_to_lead_to_another(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let path = format!("{}/password/force_reset", path_of(&user));
    for _ in 0..2 {
        assert_eq!(client.press(&path).await.changed(&user), "{\n  \"force_password_reset\": true\n}");
    }
    for _ in 0..2 {
        assert_eq!(client.delete(&path).await.changed(&user), "{}");
    }
    client.delete(&format!("{}/password", path_of(&user))).await;
    snapshot!(client.press(&path).await.problem(), @r#"{"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"UserHasNoPassword","description":"The user has no password that could be changed."}]}"#);
    client.delete(&path).await.ok(200);
}

/// A link that is handed back opens the page by itself; beside a mail it holds no secret.
async fn a_link_is_handed_back_or_mailed(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    world.deliver().await;
    let path = format!("{}/password/reset", path_of(&user));
    let returned = client.post(&path, json!({"expiry": 86_400})).await.ok(200);
    snapshot!(returned.to_string(), @r#"{"link":"https://vestibule.example/reset/-ZuN8k6B9Z_Is3OWmg0F9Gc-9aG_QYsL3O7UH2oA9l8","expires_at":1750086400,"email_sent":false}"#);
    let token = returned["link"].as_str().unwrap().strip_prefix("https://vestibule.example/reset/").unwrap();
    assert!(Token::parse(token).is_some());
    assert_eq!(world.deliver().await.len(), 0);
    let mailed = client.post(&path, json!({"send_email": true})).await.ok(200);
    snapshot!(mailed.to_string(), @r#"{"link":"https://vestibule.example/reset/01977420-dc00-7976-9a35-fb136de4a4f4","expires_at":1750000900,"email_sent":true}"#);
    let drawn = world.deliver().await.into_iter().find_map(|letter| letter.secret).unwrap();
    assert_eq!(mailed["link"], format!("https://vestibule.example/reset/{}", drawn.challenge_id));
    let again = client.post(&path, json!({"send_email": true})).await;
    snapshot!(again.problem(), @r#"{"type":"https://httpstatuses.io/429","title":"Too Many Requests","status":429,"detail":"The last mail to this address was sent a moment ago."}"#);
    assert_eq!(client.post(&path, json!({"expiry": 0})).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Without an address there is nobody to send it to.
    let nobody = json!({"username": "ada", "password": secret_word()});
    let nobody = client.post("/api/users", nobody).await.ok(201);
    let nowhere = client.press(&format!("{}/password/reset", path_of(&nobody))).await;
    snapshot!(nowhere.problem(), @r#"{"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"EmailRequired","description":"The user has no email address to prove it by."}]}"#);
    assert_eq!(client.press("/api/users/nobody/password/reset").await.status, StatusCode::NOT_FOUND);
    // A reset link proves no address.
    let secret = Secret::CodeOf(UserCode {
        organization_id: world.organization.clone(),
        user_id: user["user_id"].as_str().unwrap().to_owned(),
        purpose: vestibule_core::code::Purpose::Email,
        code: crate::support::typed(&drawn),
        aim: Aim::AddressOnly,
    });
    assert_eq!(refused(world.vestibule.redeem(Try { secret, by: None, ip: None }).await), Refusal::NoneOpen);
}

async fn sessions_end_where_asked(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let path = path_of(&user);
    let id = user["user_id"].as_str().unwrap().to_owned();
    let sessions = async || world.db.number(&format!("SELECT COUNT(*) FROM session WHERE user_id = '{id}'")).await;
    let open = async |name: &str| {
        let end = world.vestibule.now() + 3_600_000;
        world.vestibule.create_session(name.to_owned(), Some(id.clone()), "{}".to_owned(), end).await.unwrap()
    };
    open("one").await;
    client.put(&format!("{path}/password"), json!({"password": "another tall ship sails"})).await.ok(200);
    assert_eq!(sessions().await, 1);
    let body = json!({"password": secret_word(), "revoke_sessions": true});
    client.put(&format!("{path}/password"), body).await.ok(200);
    assert_eq!(sessions().await, 0);
    open("two").await;
    let body =
        json!({"old_password": secret_word(), "new_password": "a third tall ship sails", "revoke_sessions": true});
    client.put(&format!("{path}/password/change"), body).await.ok(200);
    assert_eq!(sessions().await, 0);
    open("three").await;
    client.press(&format!("{path}/disable")).await.ok(200);
    assert_eq!(sessions().await, 0);
}
