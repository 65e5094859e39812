//! The verification of an address, apart from the account's.

use http::Method;
use serde_json::json;
use vestibule_core::env::{DAY, HOUR};

use crate::{
    machine::{Machine, vendor},
    support::World,
};

both! {
    a_code_proves_the_address_and_leaves_the_lifecycle,
    a_code_lives_for_a_day,
    only_the_last_code_works,
    what_is_wrong_is_told,
}

async fn a_code_proves_the_address_and_leaves_the_lifecycle(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let path = format!("users/{id}/emailVerification");
    let sent = machine.post(&path, "user.emailVerification.send", json!({ "notificationType": "user" })).await;
    snapshot!(sent.told(), @r#"
    200 OK
    {
      "_links": {
        "self": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/emailVerification" },
        "environment": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69" },
        "user": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819" }
      },
      "environment": { "id": "01977420-dc00-7118-b0d3-641a68f94a69" },
      "user": { "id": "01977420-dc00-7c3f-b585-ea88e527a819" },
      "notificationType": "user"
    }
    "#);
    let code = machine.mailed_code().await;
    let verified = machine.post(&path, "user.emailVerification.verify", json!({ "verificationCode": code })).await;
    snapshot!(verified.told(), @r#"
    200 OK
    {
      "_links": {
        "self": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819/emailVerification" },
        "environment": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69" },
        "user": { "href": "http://vestibule.example/v1/environments/01977420-dc00-7118-b0d3-641a68f94a69/users/01977420-dc00-7c3f-b585-ea88e527a819" }
      },
      "environment": { "id": "01977420-dc00-7118-b0d3-641a68f94a69" },
      "user": { "id": "01977420-dc00-7c3f-b585-ea88e527a819" },
      "emailVerified": true
    }
    "#);
    let user = machine.get(&format!("users/{id}")).await.body();
    assert_eq!(user["emailVerified"], true);
    assert_eq!(user["lifecycle"]["status"], "VERIFICATION_REQUIRED");
}

async fn a_code_lives_for_a_day(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let path = format!("users/{id}/emailVerification");
    for (passed, status) in [(DAY - HOUR, 200), (DAY, 400)] {
        machine.post(&path, "user.emailVerification.send", json!({ "notificationType": "admin" })).await;
        let code = machine.mailed_code().await;
        world.env.pass(passed);
        let verified = machine.post(&path, "user.emailVerification.verify", json!({ "verificationCode": code })).await;
        assert_eq!(verified.status, status, "{}", verified.told());
    }
}

async fn only_the_last_code_works(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let path = format!("users/{id}/emailVerification");
    let mut codes = Vec::new();
    for _ in 0..2 {
        machine.post(&path, "user.emailVerification.send", json!({ "notificationType": "user" })).await;
        codes.push(machine.mailed_code().await);
        world.env.pass(HOUR);
    }
    for (code, status) in codes.iter().zip([400, 200]) {
        let verified = machine.post(&path, "user.emailVerification.verify", json!({ "verificationCode": code })).await;
        assert_eq!(verified.status, status);
    }
}

async fn what_is_wrong_is_told(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let path = format!("users/{id}/emailVerification");
    let mut told = Vec::new();
    for (name, body) in [
        ("user.emailVerification.send", json!({})),
        ("user.emailVerification.send", json!({ "notificationType": "both" })),
        ("user.emailVerification.verify", json!({})),
        ("user.emailVerification.verify", json!({ "verificationCode": "BCDF-GHJK" })),
        ("user.verify", json!({ "verificationCode": "BCDF-GHJK" })),
    ] {
        told.push(format!("{name} {body}\n{}", machine.post(&path, name, body.clone()).await.brief()));
    }
    let kind = vendor("user.emailVerification.send");
    told.push(machine.send(Method::POST, &path, &[&kind], "").await.brief());
    snapshot!(told.join("\n"), @r#"
    user.emailVerification.send {}
    400 INVALID_DATA
      REQUIRED_VALUE notificationType: A value is required for this attribute.
    user.emailVerification.send {"notificationType":"both"}
    400 INVALID_DATA
      INVALID_VALUE notificationType: Invalid value for attribute. {"allowedValues":["admin","user"]}
    user.emailVerification.verify {}
    400 INVALID_DATA
      REQUIRED_VALUE verificationCode: A value is required for this attribute.
    user.emailVerification.verify {"verificationCode":"BCDF-GHJK"}
    400 INVALID_DATA
      INVALID_VALUE verificationCode: Invalid value for attribute.
    user.verify {"verificationCode":"BCDF-GHJK"}
    415 INVALID_REQUEST
      INVALID_VALUE Content-Type: application/vnd.pingidentity.user.verify+json belongs to POST /v1/environments/{environment}/users/{user}. This path takes application/vnd.pingidentity.user.emailVerification.send+json, application/vnd.pingidentity.user.emailVerification.verify+json.
    400 INVALID_REQUEST
      INVALID_VALUE body: The body is not JSON that can be read: line 1, column 0.
    "#);
}
