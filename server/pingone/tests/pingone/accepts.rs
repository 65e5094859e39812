//! Accepting an invite, and what is wrong with it.

use http::Method;
use serde_json::{Value, json};

use crate::{
    invites::{accept, accept_as, form, mailed},
    machine::{JSON, Machine, vendor},
    support::{World, secret_word},
};

both! {
    what_is_wrong_with_accepting_is_told,
    a_weak_password_leaves_the_invite_open,
    another_environments_flow_is_not_found,
}

async fn what_is_wrong_with_accepting_is_told(world: World) {
    let machine = Machine::new(&world).await;
    machine.post("users", "user.invite", form()).await.id();
    let (flow, code) = mailed(&world).await;
    let with = |code: &str, password: &str, accept: Value| json!({ "inviteCode": code, "password": password, "accept": accept });
    let mut told = Vec::new();
    for body in [
        json!({}),
        with("", "", json!("false")),
        with(&code, &secret_word(), json!(false)),
        with("?", &secret_word(), json!(true)),
        with("BBBBB-BBBBB-BBBBB", &secret_word(), json!(true)),
        with("BBBB-BBBB", &secret_word(), json!(true)),
    ] {
        told.push(accept(&machine, &flow, &body).await.brief());
    }
    let right = with(&code, &secret_word(), json!(true)).to_string();
    told.push(accept_as(&machine, &flow, &[JSON], &right).await.brief());
    told.push(accept_as(&machine, &flow, &[], &right).await.brief());
    told.push(accept_as(&machine, "nothing", &[&vendor("user.acceptInvite")], &right).await.brief());
    snapshot!(told.join("\n"), @r#"
    400 INVALID_DATA
      REQUIRED_VALUE inviteCode: A value is required for this attribute.
      REQUIRED_VALUE password: A value is required for this attribute.
      REQUIRED_VALUE accept: A value is required for this attribute.
    400 INVALID_DATA
      EMPTY_VALUE inviteCode: The attribute must not be empty.
      EMPTY_VALUE password: The attribute must not be empty.
      INVALID_VALUE accept: Invalid value for attribute. {"allowedValues":[true]}
    400 INVALID_DATA
      INVALID_VALUE accept: Invalid value for attribute. {"allowedValues":[true]}
    400 INVALID_DATA
      INVALID_VALUE inviteCode: Invalid value for attribute.
    400 INVALID_DATA
      INVALID_VALUE inviteCode: Invalid value for attribute. {"failuresRemaining":4}
    400 INVALID_DATA
      INVALID_VALUE inviteCode: Invalid value for attribute. {"failuresRemaining":3}
    415 INVALID_REQUEST
      INVALID_VALUE Content-Type: application/json is not supported here. This path takes application/vnd.pingidentity.user.acceptInvite+json.
    415 INVALID_REQUEST
      INVALID_VALUE Content-Type: The request has no Content-Type. This path takes application/vnd.pingidentity.user.acceptInvite+json.
    404 NOT_FOUND
    "#);
    // A bearer token beside the code is no matter, and neither is a second line.
    assert_eq!(accept_as(&machine, &flow, &[JSON, &vendor("user.acceptInvite")], &right).await.status, 200);
}

async fn a_weak_password_leaves_the_invite_open(world: World) {
    let machine = Machine::new(&world).await;
    machine.post("users", "user.invite", form()).await.id();
    let (flow, code) = mailed(&world).await;
    let body = |password: &str| json!({ "inviteCode": code, "password": password, "accept": true });
    let mut told = Vec::new();
    for password in ["short", "password1234", "Grace Hopper1", &"long".repeat(300)] {
        told.push(accept(&machine, &flow, &body(password)).await.brief());
    }
    snapshot!(told.join("\n"), @r#"
    400 INVALID_DATA
      INVALID_VALUE password: The password must have at least 12 characters. {"rangeMinimumValue":12}
    400 INVALID_DATA
      INVALID_VALUE password: The password is too easy to guess.
    400 INVALID_DATA
      INVALID_VALUE password: The password is too easy to guess.
    400 INVALID_DATA
      SIZE_LIMIT_EXCEEDED password: The password must not be longer than 1024 bytes. {"maximumValue":1024}
    "#);
    assert_eq!(accept(&machine, &flow, &body(&secret_word())).await.status, 200);
}

async fn another_environments_flow_is_not_found(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.post("users", "user.invite", form()).await.id();
    let (flow, code) = mailed(&world).await;
    let body = json!({ "inviteCode": code, "password": secret_word(), "accept": true });
    let other = machine.elsewhere().await;
    assert_eq!(accept(&other, &flow, &body).await.status, 404);
    assert_eq!(machine.get(&format!("users/{id}")).await.body()["emailVerified"], false);
    // An email challenge is no flow, and loses no try by it.
    let id = machine.waiting("ada@navy.example").await;
    machine.send(Method::POST, &format!("users/{id}"), &[&vendor("user.sendVerificationCode")], "").await;
    let (challenge, code) = mailed(&world).await;
    let body = json!({ "inviteCode": code, "password": secret_word(), "accept": true });
    assert_eq!(accept(&machine, &challenge, &body).await.status, 404);
}
