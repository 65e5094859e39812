//! Users: making, reading, deleting, letting in and shutting out, user names.

use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    client::{Client, path_of},
    support::{World, secret_word},
};

both! {
    a_new_user_is_all_that_was_said,
    a_user_needs_a_way_in,
    creation_refuses_by_rule_and_by_field,
    a_hash_from_elsewhere_signs_in,
    a_deleted_user_is_gone,
    users_are_shut_out_and_let_in,
    a_lock_is_told_and_taken,
    user_names_are_given_and_taken,
}

async fn a_new_user_is_all_that_was_said(world: World) {
    let client = Client::new(&world).await;
    let body = json!({
        "username": "grace",
        "email": "Grace@Example.com",
        "email_verified": true,
        "phone_number": "+44 151 496 0453",
        "phone_number_verified": true,
        "password": secret_word(),
        "given_name": "Grace",
        "middle_name": "Brewster",
        "family_name": "Hopper",
        "nickname": null,
        "picture": "https://pictures.example/grace.png",
        "skip_identifier_restriction_checks": true,
        "shoe_size": 38,
    });
    let answer = client.post("/api/users", body).await;
    let user = answer.ok(201);
    snapshot!(serde_json::to_string_pretty(&user).unwrap(), @r#"
    {
      "user_id": "01977420-dc00-7a88-a527-a819b062c680",
      "disabled": false,
      "claims": {
        "given_name": "Grace",
        "family_name": "Hopper",
        "middle_name": "Brewster",
        "picture": "https://pictures.example/grace.png",
        "name": "Grace Brewster Hopper"
      },
      "emails": [
        {
          "id": "01977420-dc00-7861-84ef-a39affcd0295",
          "email": "Grace@Example.com",
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
      "phone_numbers": [
        {
          "id": "01977420-dc00-75d6-bc31-6e54105d35de",
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
      "passkeys": [],
      "connections": [],
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
      "public_data": {},
      "private_data": {},
      "idps": [],
      "external_providers": []
    }
    "#);
    assert_eq!(client.get(&path_of(&user)).await.ok(200), user);
}

/// The vendor's rule, and the way around it by which invites begin.
async fn a_user_needs_a_way_in(world: World) {
    let client = Client::new(&world).await;
    let none = client.post("/api/users", json!({"email": "grace@example.com", "phone_number": "+441514960453"})).await;
    snapshot!(none.problem(), @r#"{"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"AuthenticatorRequired","description":"A user needs a password, a verified email address or a verified telephone number."}]}"#);
    let nameless = client.post("/api/users", json!({"password": secret_word()})).await;
    snapshot!(nameless.problem(), @r#"{"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"IdentifierRequired","description":"A user needs a user name, an email address or a telephone number."}]}"#);
    for way in [
        json!({"email": "a@example.com", "email_verified": true}),
        json!({"phone_number": "+441514960453", "phone_number_verified": true}),
        json!({"username": "b", "password": secret_word()}),
        json!({"email": "c@example.com", "skip_conformance_checks": true}),
    ] {
        client.post("/api/users", way).await.ok(201);
    }
}

async fn creation_refuses_by_rule_and_by_field(world: World) {
    let client = Client::new(&world).await;
    client.post("/api/users", json!({"username": "Grace", "email": "grace@example.com", "phone_number": "+441514960453", "password": secret_word()})).await.ok(201);
    let mut told = Vec::new();
    for body in [
        json!({"email": "GRACE@example.com", "email_verified": true}),
        json!({"username": "grace", "password": secret_word()}),
        json!({"phone_number": "+44 151 4960453", "phone_number_verified": true}),
        json!({"email": "grace", "email_verified": true}),
        json!({"phone_number": "0151 4960453", "phone_number_verified": true}),
        json!({"username": " ", "password": secret_word()}),
        json!({"username": "ada", "password": "short"}),
        json!({"username": "ada", "password": "password1234"}),
        json!({"username": "ada", "password": "x".repeat(2_000), "skip_password_policy_checks": true}),
        json!({"username": "ada", "password_hash": "$2b$10$short", "password_hash_algorithm": "bcrypt"}),
        json!({"username": "ada", "password_hash": "5f4dcc3b5aa765d61d8327deb882cf99"}),
        json!({"username": "ada", "password": "a", "password_hash": "$2b$", "password_hash_algorithm": "md5"}),
        json!({"username": 7, "email": [], "email_verified": "yes", "picture": "javascript:alert(1)", "name": "\u{7}", "nickname": "x\u{0}"}),
        json!({"username": "ada", "password": secret_word(), "given_name": "x".repeat(257)}),
    ] {
        let answer = client.post("/api/users", body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        told.push(answer.problem());
    }
    snapshot!(told.join("\n"), @r#"
    {"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"DuplicateEmail","description":"Another user has this email address."}]}
    {"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"DuplicateUserName","description":"Another user has this user name."}]}
    {"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"DuplicatePhoneNumber","description":"Another user has this telephone number."}]}
    {"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"InvalidEmail","description":"The email address has no at sign."}]}
    {"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"InvalidPhoneNumber","description":"A telephone number is written in E.164: a plus sign and 7 to 15 digits."}]}
    {"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"InvalidUserName","description":"A user name has 1 to 200 characters, none of which controls."}]}
    {"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"PasswordTooShort","description":"Passwords have at least 12 characters."}]}
    {"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"PasswordTooCommon","description":"This is one of the passwords that everybody tries first."}]}
    {"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"PasswordTooLong","description":"Passwords have at most 1024 bytes."}]}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"password_hash":["It is not a bcrypt hash."]}}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"password_hash":["It is not a bcrypt hash."]}}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"password_hash_algorithm":["It must be bcrypt."]}}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"email":["It must be a string."],"email_verified":["It must be true or false."],"name":["1 to 200 characters, none of which controls."],"nickname":["It holds a NUL."],"picture":["It must be an address of the web."],"username":["It must be a string."]}}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"given_name":["It is malformed or too long."]}}
    "#);
    // The policy can be waived.
    let short = json!({"username": "ada", "password": "short", "skip_password_policy_checks": true});
    client.post("/api/users", short).await.ok(201);
}

/// bcrypt hashes move in, and their people sign in.
async fn a_hash_from_elsewhere_signs_in(world: World) {
    let client = Client::new(&world).await;
    // Of "tall ships sail at dawn".
    let hash = "$2b$04$abcdefghijklmnopqrstuu462LHrhGumQgjL.dv1AUR7..1.6DSae";
    let body = json!({"email": "grace@example.com", "password_hash": hash, "password_hash_algorithm": "b_crypt", "is_temporary_password": false});
    let user = client.post("/api/users", body).await.ok(201);
    assert_eq!((&user["has_password"], &user["force_password_reset"]), (&json!(true), &json!(false)));
    let signed_in = world.vestibule.sign_in("grace@example.com", secret_word(), Some("192.0.2.7".to_owned())).await;
    assert_eq!(signed_in.unwrap().user_id, user["user_id"].as_str().unwrap());
    let after = client.get(&path_of(&user)).await;
    snapshot!(after.changed(&user), @r#"
    {
      "sign_in_attempts_count": 1,
      "sign_in_success_count": 1,
      "last_sign_in_attempt": 1750000000,
      "last_sign_in_attempt_ip": "192.0.2.7",
      "last_sign_in_success": 1750000000,
      "last_sign_in_success_ip": "192.0.2.7",
      "last_activity": 1750000000
    }
    "#);
}

async fn a_deleted_user_is_gone(world: World) {
    let client = Client::new(&world).await;
    let path = path_of(&client.grace().await);
    let answer = client.delete(&path).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::NO_CONTENT, ""));
    for again in [client.delete(&path).await, client.get(&path).await] {
        assert_eq!(again.status, StatusCode::NOT_FOUND);
    }
    client.grace().await;
}

/// Twice is as good as once, as clients repeat what they saw no answer to.
async fn users_are_shut_out_and_let_in(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let path = path_of(&user);
    let no_body = client.press(&format!("{path}/disable")).await;
    snapshot!(no_body.changed(&user), @r#"
    {
      "disabled": true
    }
    "#);
    client.post(&format!("{path}/disable"), json!({"revoke_sessions": true})).await.ok(200);
    let wrong = client.post(&format!("{path}/disable"), json!({"revoke_sessions": "all"})).await;
    snapshot!(wrong.problem(), @r#"{"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"revoke_sessions":["It must be true or false."]}}"#);
    for _ in 0..2 {
        let enabled = client.press(&format!("{path}/enable")).await;
        assert_eq!(enabled.changed(&user), "{}");
    }
    assert_eq!(client.press("/api/users/nobody/enable").await.status, StatusCode::NOT_FOUND);
}

async fn a_lock_is_told_and_taken(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let owner = world.owner().await;
    world.vestibule.lock_user(&owner, user["user_id"].as_str().unwrap()).await.unwrap();
    let path = path_of(&user);
    snapshot!(client.get(&path).await.changed(&user), @r#"
    {
      "blocked": true,
      "block_until": 253402300799
    }
    "#);
    for _ in 0..2 {
        assert_eq!(client.press(&format!("{path}/unblock")).await.changed(&user), "{}");
    }
}

async fn user_names_are_given_and_taken(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    assert_eq!(user["username"], Value::Null, "the address is no user name of its own");
    client.post("/api/users", json!({"username": "ada", "password": secret_word()})).await.ok(201);
    let path = format!("{}/username", path_of(&user));
    let named = client.put(&path, json!({"username": "grace"})).await;
    let id = named.ok(200)["username"]["id"].as_str().unwrap().to_owned();
    let whole = json!({"id": id, "username": "grace", "source": "monocloud", "authenticators": ["password"], "idps": ["monocloud"]});
    assert_eq!(serde_json::from_str::<Value>(&named.changed(&user)).unwrap(), json!({ "username": whole }));
    let renamed = client.put(&path, json!({"username": "hopper"})).await.ok(200);
    assert_eq!((&renamed["username"]["id"], &renamed["username"]["username"]), (&json!(id), &json!("hopper")));
    let mut told = Vec::new();
    for body in [json!({"username": "ADA"}), json!({"username": ""}), json!({"username": null}), json!({"username": 7})]
    {
        told.push(client.put(&path, body).await.problem());
    }
    snapshot!(told.join("\n"), @r#"
    {"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"DuplicateUserName","description":"Another user has this user name."}]}
    {"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"InvalidUserName","description":"A user name has 1 to 200 characters, none of which controls."}]}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"username":["It is required."]}}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"username":["It must be a string."]}}
    "#);
    for _ in 0..2 {
        assert_eq!(client.delete(&path).await.changed(&user), "{}");
    }
    assert_eq!(id.len(), 36, "typed clients read a UUID and nothing else: {id}");
}
