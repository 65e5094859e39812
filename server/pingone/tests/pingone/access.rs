//! Who may call, and what for.

use http::{HeaderName, Method, Request, header};
use serde_json::json;
use vestibule_core::api_key::Scope;

use crate::{
    machine::{JSON, Machine, vendor},
    support::World,
};

both! {
    who_shows_no_live_key_is_told_so,
    each_operation_asks_for_its_scope,
    a_revoked_key_is_dead,
    a_person_may_do_what_their_role_says,
    another_environment_is_not_found,
    requests_are_replayed_without_a_second_mail,
}

/// Every operation with a bearer token: what it needs, its method and path, the vendor's type if it has one.
fn operations(id: &str) -> Vec<(Scope, Method, String, Option<&'static str>)> {
    let user = format!("users/{id}");
    let at = |what: &str| format!("{user}/{what}");
    let (read, write, verify) = (Scope::Read, Scope::Write, Scope::Verify);
    let mut all = vec![
        (read, Method::GET, String::new(), None),
        (read, Method::GET, "users".to_owned(), None),
        (write, Method::POST, "users".to_owned(), None),
        (write, Method::POST, "users".to_owned(), Some("user.import")),
        (write, Method::POST, "users".to_owned(), Some("user.invite")),
        (read, Method::GET, user.clone(), None),
        (write, Method::PUT, user.clone(), None),
        (write, Method::PATCH, user.clone(), None),
        (write, Method::DELETE, user.clone(), None),
        (verify, Method::POST, user.clone(), Some("user.verify")),
        (verify, Method::POST, user.clone(), Some("user.sendVerificationCode")),
        (write, Method::POST, user.clone(), Some("user.invite")),
        (write, Method::POST, user.clone(), Some("account.lock")),
        (write, Method::POST, user.clone(), Some("account.unlock")),
        (verify, Method::POST, at("emailVerification"), Some("user.emailVerification.send")),
        (verify, Method::POST, at("emailVerification"), Some("user.emailVerification.verify")),
        (write, Method::PUT, at("password"), Some("password.set")),
        (write, Method::PUT, at("password"), Some("password.reset")),
        (write, Method::POST, at("password"), Some("password.check")),
        (write, Method::POST, at("password"), Some("password.sendRecoveryCode")),
        (write, Method::POST, at("password"), Some("password.recover")),
        (write, Method::POST, at("password"), Some("password.forceChange")),
        (write, Method::POST, at("password"), Some("password.unlock")),
        (read, Method::GET, "populations".to_owned(), None),
        (write, Method::POST, "populations".to_owned(), None),
        (read, Method::GET, "populations/x".to_owned(), None),
        (write, Method::PUT, "populations/x".to_owned(), None),
        (write, Method::DELETE, "populations/x".to_owned(), None),
    ];
    for side in ["enabled", "population", "mfaEnabled"] {
        all.push((read, Method::GET, at(side), None));
        all.push((write, Method::PUT, at(side), None));
    }
    for side in ["verifyStatus", "password", "devices", "linkedAccounts", "memberOfGroups", "roleAssignments"] {
        all.push((read, Method::GET, at(side), None));
    }
    all
}

async fn who_shows_no_live_key_is_told_so(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let uri = format!("/v1/environments/{}/users/{id}", machine.environment);
    let mut told = Vec::new();
    for shown in
        [None, Some("Bearer"), Some("Bearer x"), Some("Basic eDp5"), Some(&format!("Bearer {}", "A".repeat(43)))]
    {
        let mut request = Request::get(&uri);
        if let Some(shown) = shown {
            request = request.header(header::AUTHORIZATION, shown);
        }
        told.push(machine.call(request.body(String::new().into()).unwrap()).await.told());
    }
    assert!(told.iter().all(|answer| answer.lines().next() == Some("401 Unauthorized")));
    snapshot!(told[0], @r#"
    401 Unauthorized
    www-authenticate: Bearer
    {
      "id": "01977420-dc00-7b13-ade4-a4f4557f17fe",
      "code": "ACCESS_FAILED",
      "message": "The request could not be completed. You do not have access to this resource.",
      "details": [
        { "code": "INVALID_TOKEN", "target": "Authentication Credentials", "message": "The authorization token is either missing or invalid, or it has expired." }
      ]
    }
    "#);
    let nobody = Machine { token: "A".repeat(43), ..machine };
    for (_, method, path, name) in operations(&id) {
        let kind = name.map_or(JSON.to_owned(), vendor);
        let answer = nobody.send(method.clone(), &path, &[&kind], "{").await;
        assert_eq!(answer.status, 401, "{method} {path} {kind}");
    }
}

async fn each_operation_asks_for_its_scope(world: World) {
    let all = Machine::new(&world).await;
    let id = all.waiting("grace@navy.example").await;
    let operations = operations(&id);
    let served = vestibule_pingone::operations().iter().filter(|operation| operation.scope.is_some()).count();
    assert_eq!(operations.len(), served, "an operation is missing here");
    for scope in Scope::ALL {
        let others: Vec<Scope> = Scope::ALL.iter().copied().filter(|other| other != scope).collect();
        let machine = Machine::with(&world, &others).await;
        for (needed, method, path, name) in &operations {
            let kind = name.map_or(JSON.to_owned(), vendor);
            // What is wrong with the body is not told to who may not act.
            let answer = machine.send(method.clone(), path, &[&kind], "{").await;
            assert_eq!(answer.status == 403, needed == scope, "{scope} {method} {path} {kind}: {}", answer.told());
            world.env.pass(100);
        }
        let machine = Machine::with(&world, &others).await;
        all.import(json!({ "username": scope.as_str(), "email": format!("{scope}@x.example") })).await;
        if *scope == Scope::Read {
            snapshot!(machine.get("users").await.told(), @r#"
            403 Forbidden
            {
              "id": "01977420-eba0-7ad0-b699-b199a53d9031",
              "code": "ACCESS_FAILED",
              "message": "The request could not be completed. You do not have access to this resource.",
              "details": [
                { "code": "INSUFFICIENT_PERMISSIONS", "message": "The actor attempting to perform the request is not authorized." }
              ]
            }
            "#);
        }
    }
}

async fn a_revoked_key_is_dead(world: World) {
    let machine = Machine::new(&world).await;
    world.db.exec(&format!("UPDATE api_key SET revoked_at = {}", world.vestibule.now())).await;
    assert_eq!(machine.get("users").await.status, 401);
}

async fn a_person_may_do_what_their_role_says(world: World) {
    let machine = Machine::new(&world).await;
    let owner = world.owner().await;
    let id = machine.waiting("grace@navy.example").await;
    let grace = machine.of_person(&id).await;
    snapshot!(grace.get("users").await.brief(), @r#"
    403 ACCESS_FAILED
      INSUFFICIENT_PERMISSIONS -: The actor attempting to perform the request is not authorized.
    "#);
    assert_eq!(grace.get(&format!("users/{id}")).await.status, 403);
    let olga = machine.of_person(owner.user_id()).await;
    assert_eq!(olga.get("users").await.status, 200);
    // An administrator sends no code to an address that is verified; a machine may.
    let path = format!("users/{}", owner.user_id());
    world.db.exec("UPDATE email SET verified_at = 1, proof = 'import'").await;
    snapshot!(olga.post_bare(&path, "user.sendVerificationCode").await.brief(), @r#"
    400 INVALID_DATA
      INVALID_VALUE email: Invalid value for attribute.
    "#);
    assert_eq!(machine.post_bare(&path, "user.sendVerificationCode").await.status, 200);
}

async fn another_environment_is_not_found(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let other = machine.elsewhere().await;
    let strangers = [other.environment.as_str(), "nowhere", "%00", "%ff", "%2e%2e"];
    for environment in strangers {
        let stray = Machine { environment: environment.to_owned(), ..machine.clone() };
        for (_, method, path, name) in operations(&id) {
            let kind = name.map_or(JSON.to_owned(), vendor);
            let answer = stray.send(method.clone(), &path, &[&kind], "{}").await;
            assert_eq!(answer.status, 404, "{environment} {method} {path} {kind}: {}", answer.told());
        }
    }
    // Nor is a user of another environment, by the right key of the caller's own.
    other.get("users").await;
    let before = world.db.dump().await;
    for (_, method, path, name) in operations(&id).into_iter().filter(|(_, _, path, _)| path.contains(&id)) {
        let kind = name.map_or(JSON.to_owned(), vendor);
        let body = json!({
            "username": "x", "email": "x@y.example", "enabled": false, "mfaEnabled": true, "id": "x", "value": "x",
            "password": "x", "newPassword": "x", "recoveryCode": "BBBB-BBBB", "verificationCode": "BBBB-BBBB", "notificationType": "user",
        });
        let answer = other.send(method.clone(), &path, &[&kind], body.to_string()).await;
        assert_eq!(answer.status, 404, "{method} {path} {kind}: {}", answer.told());
    }
    assert_eq!(world.db.dump().await, before);
}

async fn requests_are_replayed_without_a_second_mail(world: World) {
    let machine = Machine::new(&world).await;
    let id = machine.waiting("grace@navy.example").await;
    let call = async |key: &str, body: &str| {
        let uri = format!("/v1/environments/{}/users/{id}", machine.environment);
        let request = Request::post(uri)
            .header(header::AUTHORIZATION, format!("Bearer {}", machine.token))
            .header(header::CONTENT_TYPE, vendor("user.sendVerificationCode"))
            .header(HeaderName::from_static("idempotency-key"), key);
        machine.call(request.body(body.to_owned().into()).unwrap()).await
    };
    let first = call("k-1", "").await;
    let second = call("k-1", "").await;
    assert_eq!((first.status.as_u16(), &first.text), (200, &second.text));
    assert_eq!(world.deliver().await.len(), 1);
    snapshot!(call("k-1", "{}").await.told(), @r#"
    422 Unprocessable Entity
    {
      "id": "01977420-dc00-7765-a330-1f6fe19b201a",
      "code": "INVALID_REQUEST",
      "message": "The request could not be completed. The request was malformed or invalid.",
      "details": [
        { "code": "INVALID_VALUE", "target": "Idempotency-Key", "message": "The Idempotency-Key was used for a different request." }
      ]
    }
    "#);
    snapshot!(call("k 1", "").await.brief(), @r#"
    400 INVALID_REQUEST
      INVALID_VALUE Idempotency-Key: The Idempotency-Key must be 1 to 255 visible ASCII characters.
    "#);
    // What was refused is refused again, with the id that its body names.
    let refused = call("k-2", "").await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.header("correlation-id"), refused.body()["id"].as_str().unwrap());
}
