//! Create users by import.

use http::Method;
use serde_json::json;

use crate::{
    machine::{JSON, Machine, vendor},
    support::World,
};

both! {
    an_import_sets_what_nothing_else_may,
    an_import_mails_a_code_unless_told_not_to,
    passwords_come_clear_or_hashed,
    mails_are_in_the_users_language,
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
        "self": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7d74-b233-dcc456696589" },
        "environment": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69" },
        "population": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/populations/01977420-dc00-7232-b14e-d878c8e1d9d8" },
        "devices": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7d74-b233-dcc456696589/devices" },
        "roleAssignments": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7d74-b233-dcc456696589/roleAssignments" },
        "password": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7d74-b233-dcc456696589/password" },
        "password.reset": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7d74-b233-dcc456696589/password" },
        "password.set": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7d74-b233-dcc456696589/password" },
        "password.check": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7d74-b233-dcc456696589/password" },
        "password.recover": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7d74-b233-dcc456696589/password" },
        "linkedAccounts": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7d74-b233-dcc456696589/linkedAccounts" },
        "account.sendVerificationCode": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7d74-b233-dcc456696589" },
        "memberOfGroups": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7d74-b233-dcc456696589/memberOfGroups" }
      },
      "id": "01977420-dc00-7d74-b233-dcc456696589",
      "environment": { "id": "01977420-dc00-7118-b0d3-641a68f94a69" },
      "account": { "canAuthenticate": true, "status": "OK" },
      "createdAt": "2025-06-15T15:06:40.000Z",
      "email": "grace@navy.example",
      "emailVerified": true,
      "enabled": true,
      "identityProvider": { "type": "PING_ONE" },
      "lifecycle": { "status": "ACCOUNT_OK" },
      "mfaEnabled": false,
      "population": { "id": "01977420-dc00-7232-b14e-d878c8e1d9d8" },
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
