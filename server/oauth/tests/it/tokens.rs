//! What is done with tokens: userinfo, introspection, revocation.

use http::Method;
use serde_json::json;
use vestibule_core::env::{HOUR, SECOND};

use crate::{
    app::{Shop, machine},
    support::World,
    wire::Answer,
};

both! {
    userinfo_says_who_the_person_is_by_every_way_to_ask,
    userinfo_refuses_as_bearers_are_refused,
    a_token_is_told_and_ended,
    apps_in_browsers_may_call_from_anywhere,
}

async fn userinfo(shop: &Shop, token: &str) -> Answer {
    shop.wire.get("/oidc/v1/userinfo", &[("authorization", &format!("Bearer {token}"))]).await
}

async fn userinfo_says_who_the_person_is_by_every_way_to_ask(world: World) {
    let shop = Shop::open(world).await;
    let tokens = shop.tokens("openid email").await;
    let token = tokens.text("access_token");
    let claims = json!({ "sub": shop.user_id, "email": "grace@navy.example", "email_verified": false });
    assert_eq!(userinfo(&shop, token).await.body, claims);
    let header = [("authorization", format!("bearer {token}"))];
    let header = [(header[0].0, header[0].1.as_str())];
    assert_eq!(shop.wire.send(Method::POST, "/oidc/v1/userinfo", &header, String::new()).await.body, claims);
    assert_eq!(shop.wire.form("/oidc/v1/userinfo", &[], &format!("access_token={token}")).await.body, claims);
}

async fn userinfo_refuses_as_bearers_are_refused(world: World) {
    let shop = Shop::open(world).await;
    let challenge = |answer: &Answer| answer.headers["www-authenticate"].to_str().unwrap().to_owned();
    let missing = shop.wire.get("/oidc/v1/userinfo", &[]).await;
    assert_eq!(
        (missing.refusal(), challenge(&missing).as_str()),
        ((401, "invalid_request"), "Bearer realm=\"Vestibule\"")
    );
    for token in ["nonsense", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let answer = userinfo(&shop, token).await;
        assert_eq!(answer.refusal(), (401, "invalid_token"));
        assert!(challenge(&answer).contains("error=\"invalid_token\""));
    }
    let bare = userinfo(&shop, shop.tokens("email").await.text("access_token")).await;
    assert_eq!((bare.status.as_u16(), &bare.body["error"]), (403, &json!("insufficient_scope")));
    assert!(challenge(&bare).contains("scope=\"openid\""));

    let tokens = shop.tokens("openid").await;
    shop.world.vestibule.disable(&shop.owner, &shop.user_id).await.unwrap();
    assert_eq!(userinfo(&shop, tokens.text("access_token")).await.refusal(), (401, "invalid_token"), "at once");
    shop.world.vestibule.enable(&shop.owner, &shop.user_id).await.unwrap();
    let tokens = shop.tokens("openid").await;
    shop.world.env.pass(HOUR);
    assert_eq!(userinfo(&shop, tokens.text("access_token")).await.refusal(), (401, "invalid_token"));
}

async fn a_token_is_told_and_ended(world: World) {
    let shop = Shop::open(world).await;
    let machine = machine(&shop.world).await;
    let tokens = shop.tokens("openid offline_access").await;
    let (access, refresh) = (tokens.text("access_token"), tokens.text("refresh_token"));
    let path = "/oauth/v2/introspect";
    let told = shop.wire.post(path, &machine, &format!("token={access}&token_type_hint=access_token")).await;
    let now = shop.world.vestibule.now() / SECOND;
    assert_eq!(
        told.body,
        json!({
            "active": true, "scope": "openid offline_access", "client_id": shop.client.0, "token_type": "Bearer",
            "sub": shop.user_id, "username": "grace@navy.example", "iss": "http://vestibule.example",
            "iat": now, "exp": now + 3_600,
        })
    );
    assert_eq!(shop.wire.post(path, &machine, "token=nonsense").await.body, json!({ "active": false }));
    assert_eq!(shop.wire.post(path, &machine, &format!("token={refresh}")).await.body, json!({ "active": false }));
    let own = shop.wire.post(path, &shop.client, &format!("token={refresh}")).await;
    assert_eq!((&own.body["active"], own.body.get("token_type")), (&json!(true), None));
    let public = shop.public().await;
    let asked = shop.wire.form(path, &[], &format!("client_id={public}&token={access}")).await;
    assert_eq!(asked.refusal(), (400, "unauthorized_client"));

    let revoke = "/oauth/v2/revoke";
    for token in ["nonsense", refresh] {
        let answer = shop.wire.post(revoke, &machine, &format!("token={token}")).await;
        assert_eq!((answer.status.as_u16(), answer.body), (200, json!(null)));
    }
    assert_eq!(userinfo(&shop, access).await.status, 200, "it was not the machine's");
    assert_eq!(shop.wire.post(revoke, &shop.client, &format!("token={refresh}")).await.status, 200);
    assert_eq!(userinfo(&shop, access).await.refusal(), (401, "invalid_token"));
    assert_eq!(shop.wire.post(path, &machine, &format!("token={access}")).await.body, json!({ "active": false }));
}

async fn apps_in_browsers_may_call_from_anywhere(world: World) {
    let shop = Shop::open(world).await;
    let origin = ("origin", "https://spa.example");
    for path in ["/oauth/v2/token", "/oidc/v1/userinfo", "/oauth/v2/keys", "/.well-known/openid-configuration"] {
        let asked =
            [origin, ("access-control-request-method", "POST"), ("access-control-request-headers", "authorization")];
        let before = shop.wire.send(Method::OPTIONS, path, &asked, String::new()).await;
        assert_eq!(
            (before.status.as_u16(), &before.headers["access-control-allow-origin"]),
            (200, &"*".parse().unwrap())
        );
        let answer = shop.wire.get(path, &[origin]).await;
        assert_eq!(answer.headers["access-control-allow-origin"], "*", "{path}");
        assert!(!answer.headers.contains_key("access-control-allow-credentials"));
    }
}
