//! Who may call.

use http::{Method, StatusCode, header};
use serde_json::json;
use vestibule_core::{
    api_key::{Keeper, Scope},
    env::HOUR,
};

use crate::{
    client::{Client, id_in, key, path_of},
    support::World,
};

both! {
    a_key_must_be_live,
    a_key_does_what_it_may,
    a_key_sees_its_own_organization_alone,
    a_key_works_as_bearer_too,
}

async fn a_key_must_be_live(world: World) {
    let (id, revoked) = key(&world, &world.organization, Scope::ALL, None).await;
    world.vestibule.revoke_api_key(Keeper::operator(&world.organization), &id).await.unwrap();
    let (_, expired) = key(&world, &world.organization, Scope::ALL, Some(HOUR)).await;
    world.env.pass(HOUR);
    let mut told = Vec::new();
    for key in ["", "short", &"A".repeat(43), &"A".repeat(500), &revoked, &expired] {
        let answer = Client::with_key(&world, key).get("/api/users").await;
        assert_eq!(
            (answer.status, &answer.headers["www-authenticate"]),
            (StatusCode::UNAUTHORIZED, &"API-Key".parse().unwrap())
        );
        told.push(answer.problem());
    }
    let client = Client::new(&world).await;
    let mut none = client.request(Method::POST, "/api/users/u/emails/e/verify", "");
    none.headers_mut().remove("x-api-key");
    told.push(client.send(none).await.problem());
    told.dedup();
    snapshot!(told.join("\n"), @r#"
    {"type":"https://httpstatuses.io/401","title":"Unauthorized","status":401,"detail":"The API key is not valid."}
    {"type":"https://httpstatuses.io/401","title":"Unauthorized","status":401,"detail":"The header X-API-KEY is missing."}
    "#);
}

/// Reading, writing and verifying are asked for one by one.
async fn a_key_does_what_it_may(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let path = path_of(&user);
    let email = id_in(&user, "emails", 0);
    let reader = Client::with_scopes(&world, &[Scope::Read]).await;
    let writer = Client::with_scopes(&world, &[Scope::Write]).await;
    let verifier = Client::with_scopes(&world, &[Scope::Verify]).await;
    let verify = format!("{path}/emails/{email}/verify");
    reader.get(&path).await.ok(200);
    writer.press(&format!("{path}/enable")).await.ok(200);
    verifier.press(&verify).await.ok(200);
    for refused in [
        writer.get(&path).await,
        writer.get("/api/users").await,
        reader.press(&verify).await,
        writer.press(&verify).await,
        verifier.press(&format!("{path}/emails/{email}/unverify")).await,
        writer.post(&format!("{path}/emails"), json!({"email": "a@example.com", "is_verified": true})).await,
        writer.post("/api/users", json!({"email": "a@example.com", "email_verified": true})).await,
        verifier.delete(&path).await,
        reader.post(&format!("{path}/blocked_ips/unblock"), json!({"ip_address": "all"})).await,
        reader.press(&format!("{path}/groups/g")).await,
        writer.get(&format!("{path}/groups/g")).await,
        reader.delete(&format!("{path}/phones/p")).await,
        reader.patch(&format!("{path}/claims"), json!({"name": null})).await,
    ] {
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
        snapshot!(refused.problem(), @r#"{"type":"https://httpstatuses.io/403","title":"Forbidden","status":403,"detail":"The API key is not allowed to do this."}"#);
    }
    assert_eq!(client.get(&path).await.ok(200)["emails"].as_array().unwrap().len(), 1, "nothing was done by halves");
}

async fn a_key_sees_its_own_organization_alone(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let (path, email) = (path_of(&user), id_in(&user, "emails", 0));
    world
        .db
        .exec("INSERT INTO organization (id, name, policy, created_at) VALUES ('elsewhere', 'Elsewhere', '{}', 0)")
        .await;
    let (_, key) = key(&world, "elsewhere", Scope::ALL, None).await;
    let stranger = Client::with_key(&world, &key);
    for answer in [
        stranger.get(&path).await,
        stranger.delete(&path).await,
        stranger.press(&format!("{path}/disable")).await,
        stranger.press(&format!("{path}/emails/{email}/verify")).await,
        stranger.patch(&format!("{path}/claims"), json!({"name": null})).await,
        stranger.get(&format!("{path}/groups")).await,
    ] {
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.body);
    }
    assert_eq!(stranger.get("/api/users").await.ok(200), json!([]));
    assert_eq!(client.get(&path).await.ok(200), user);
}

async fn a_key_works_as_bearer_too(world: World) {
    let (_, key) = key(&world, &world.organization, &[Scope::Read], None).await;
    let client = Client::with_key(&world, "none");
    let mut request = client.request(Method::GET, "/api/users", "");
    request.headers_mut().remove("x-api-key");
    request.headers_mut().insert(header::AUTHORIZATION, format!("bearer {key}").parse().unwrap());
    client.send(request).await.ok(200);
}
