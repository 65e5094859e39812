//! Invite, invite again, accept.

use axum::body::Body;
use http::{Request, header};
use serde_json::{Value, json};
use vestibule_core::env::MINUTE;

use crate::{
    machine::{Answer, Machine, vendor},
    support::{World, secret_word},
};

both! {
    an_invite_is_made_mailed_and_accepted,
    an_accept_url_gets_the_flow_and_the_code,
    an_invite_lives_for_an_hour_unless_told,
    an_invite_sent_again_replaces_the_first,
    what_is_wrong_with_an_invite_is_told,
}

pub fn form() -> Value {
    json!({
        "email": "grace@navy.example", "name": { "given": "Grace", "family": "Hopper" }, "invite": { "isAdmin": true },
    })
}

/// The flow and the code of the newest mail.
pub async fn mailed(world: &World) -> (String, String) {
    let secret = world.deliver().await.into_iter().rev().find_map(|letter| letter.secret).unwrap();
    (secret.challenge_id.clone(), secret.code.plain().to_owned())
}

pub async fn accept(machine: &Machine, flow: &str, body: &Value) -> Answer {
    accept_as(machine, flow, &[&vendor("user.acceptInvite")], &body.to_string()).await
}

pub async fn accept_as(machine: &Machine, flow: &str, types: &[&str], body: &str) -> Answer {
    let mut request = Request::post(format!("/{}/flows/{flow}", machine.environment));
    for line in types {
        request = request.header(header::CONTENT_TYPE, *line);
    }
    machine.call(request.body(Body::from(body.to_owned())).unwrap()).await
}

async fn an_invite_is_made_mailed_and_accepted(world: World) {
    let machine = Machine::new(&world).await;
    let invited = machine.post("users", "user.invite", form()).await;
    snapshot!(invited.told(), @r#"
    201 Created
    location: http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819
    {
      "_links": {
        "self": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819" },
        "environment": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69" },
        "population": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/populations/01977420-dc00-7f90-8a43-03aecc3ef99b" },
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
      "email": "grace@navy.example",
      "emailVerified": false,
      "enabled": true,
      "identityProvider": { "type": "PING_ONE" },
      "lifecycle": { "status": "ACCOUNT_OK" },
      "mfaEnabled": false,
      "name": { "family": "Hopper", "given": "Grace" },
      "population": { "id": "01977420-dc00-7f90-8a43-03aecc3ef99b" },
      "updatedAt": "2025-06-15T15:06:40.000Z",
      "username": "grace@navy.example",
      "verifyStatus": "NOT_INITIATED"
    }
    "#);
    let (flow, code) = mailed(&world).await;
    let body = json!({ "inviteCode": code, "password": secret_word(), "accept": "true" });
    let accepted = accept(&machine, &flow, &body).await;
    snapshot!(accepted.told(), @r#"
    200 OK
    {
      "_links": {
        "self": { "href": "http://vestibule.example/01977420-dc00-7118-b0d3-641a68f94a69/flows/01977420-dc00-7b13-ade4-a4f4557f17fe" }
      },
      "_embedded": {
        "user": { "id": "01977420-dc00-7c3f-b585-ea88e527a819", "username": "grace@navy.example", "name": "Grace Hopper" },
        "application": { "name": "Acme" }
      },
      "id": "01977420-dc00-7b13-ade4-a4f4557f17fe",
      "session": { "id": "01977420-dc00-78b6-8bfd-08ae601f6497" },
      "resumeUrl": "http://vestibule.example/",
      "status": "COMPLETED",
      "createdAt": "2025-06-15T15:06:40.000Z",
      "expiresAt": "2025-06-15T16:06:40.000Z",
      "adminApp": true
    }
    "#);
    let user = machine.get(&format!("users/{}", invited.id())).await.body();
    assert_eq!(user["emailVerified"], true);
    assert_eq!(machine.get(&format!("users/{}/password", invited.id())).await.body()["status"], "OK");
    world.vestibule.sign_in("grace@navy.example", secret_word(), None).await.unwrap();
    // Once is all.
    snapshot!(accept(&machine, &flow, &body).await.brief(), @r#"
    400 INVALID_DATA
      INVALID_VALUE inviteCode: Invalid value for attribute.
    "#);
    // The first mail counts towards the pause between two; it is not the pause that refuses.
    world.env.pass(60_000);
    let again = machine.post_bare(&format!("users/{}", invited.id()), "user.invite").await;
    snapshot!(again.brief(), @r#"
    400 INVALID_DATA
      CONSTRAINT_VIOLATION invite: The user has a way to sign in already.
    "#);
}

async fn an_accept_url_gets_the_flow_and_the_code(world: World) {
    let machine = Machine::new(&world).await;
    let mut form = form();
    form["invite"]["acceptUrl"] = "https://hr.example/join?from=mail".into();
    machine.post("users", "user.invite", form).await.id();
    let secret = world.deliver().await.remove(0).secret.unwrap();
    let link = secret.link.clone().unwrap();
    let (flow, code) = (&secret.challenge_id, secret.code.plain());
    assert_eq!(link, format!("https://hr.example/join?from=mail&flowId={flow}&inviteCode={code}"));
    let body = json!({ "inviteCode": code, "password": secret_word(), "accept": true });
    assert_eq!(accept(&machine, flow, &body).await.status, 200);
}

async fn an_invite_lives_for_an_hour_unless_told(world: World) {
    let machine = Machine::new(&world).await;
    for (at, (minutes, lives)) in
        [(Value::Null, 60), (json!(5), 5), (json!("7"), 7), (json!("8.9"), 8), (json!(9.9), 9)].into_iter().enumerate()
    {
        for (late, status) in [(-1, 200), (0, 400)] {
            let mut form = form();
            form["email"] = format!("p{at}{late}@navy.example").into();
            form["invite"]["expirationMinutes"] = minutes.clone();
            machine.post("users", "user.invite", form).await.id();
            let (flow, code) = mailed(&world).await;
            world.env.pass(lives * MINUTE + late);
            let body = json!({ "inviteCode": code, "password": secret_word(), "accept": true });
            let accepted = accept(&machine, &flow, &body).await;
            assert_eq!(accepted.status, status, "{minutes} {late} {}", accepted.told());
        }
    }
}

async fn an_invite_sent_again_replaces_the_first(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.post("users", "user.invite", form()).await.id();
    let (first_flow, first) = mailed(&world).await;
    world.env.pass(2 * MINUTE);
    let again =
        machine.post(&format!("users/{id}"), "user.invite", json!({ "invite": { "expirationMinutes": 120 } })).await;
    snapshot!(again.told(), @r#"
    201 Created
    location: http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819
    {
      "_links": {
        "self": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819" },
        "environment": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69" },
        "population": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/populations/01977420-dc00-7f90-8a43-03aecc3ef99b" },
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
      "email": "grace@navy.example",
      "emailVerified": false,
      "enabled": true,
      "identityProvider": { "type": "PING_ONE" },
      "lifecycle": { "status": "ACCOUNT_OK" },
      "mfaEnabled": false,
      "name": { "family": "Hopper", "given": "Grace" },
      "population": { "id": "01977420-dc00-7f90-8a43-03aecc3ef99b" },
      "updatedAt": "2025-06-15T15:08:40.000Z",
      "username": "grace@navy.example",
      "verifyStatus": "NOT_INITIATED"
    }
    "#);
    let (second_flow, second) = mailed(&world).await;
    let body = |code: &str| json!({ "inviteCode": code, "password": secret_word(), "accept": true });
    assert_eq!(accept(&machine, &first_flow, &body(&first)).await.status, 400);
    world.env.pass(119 * MINUTE);
    assert_eq!(accept(&machine, &second_flow, &body(&second)).await.status, 200);
}

async fn what_is_wrong_with_an_invite_is_told(world: World) {
    let machine = Machine::new(&world).await;
    let mut told = Vec::new();
    for body in [
        json!({}),
        json!({ "email": "x", "name": { "given": "", "family": 5 }, "invite": { "isAdmin": false, "expirationMinutes": 0 } }),
        json!({
            "email": "g@navy.example", "name": { "given": "G", "family": "H" },
            "invite": { "isAdmin": true, "expirationMinutes": "soon", "acceptUrl": "javascript:alert(1)" },
        }),
    ] {
        told.push(machine.post("users", "user.invite", body).await.brief());
    }
    machine.post("users", "user.invite", form()).await.id();
    told.push(machine.post("users", "user.invite", form()).await.brief());
    snapshot!(told.join("\n"), @r#"
    400 INVALID_DATA
      REQUIRED_VALUE email: A value is required for this attribute.
      REQUIRED_VALUE name.given: A value is required for this attribute.
      REQUIRED_VALUE name.family: A value is required for this attribute.
      REQUIRED_VALUE invite.isAdmin: A value is required for this attribute.
    400 INVALID_DATA
      INVALID_VALUE email: Invalid value for attribute.
      EMPTY_VALUE name.given: The attribute must not be empty.
      INVALID_VALUE name.family: The attribute must be a string.
      INVALID_VALUE invite.isAdmin: Invalid value for attribute. {"allowedValues":[true]}
      OUT_OF_RANGE invite.expirationMinutes: The attribute must be from 1 to 129600. {"rangeMinimumValue":1,"rangeMaximumValue":129600}
    400 INVALID_DATA
      INVALID_VALUE invite.expirationMinutes: The attribute must be a number.
      INVALID_VALUE invite.acceptUrl: Invalid value for attribute.
    400 INVALID_DATA
      UNIQUENESS_VIOLATION username: The value is in use already and must be unique.
    "#);
}
