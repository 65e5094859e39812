//! What is changed for tokens.

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde_json::{Value, json};
use vestibule_core::env::{HOUR, MINUTE, SECOND};

use crate::{
    app::{CALLBACK, Shop, VERIFIER, by_code, machine},
    support::World,
    wire::ISSUER,
};

both! {
    a_code_gives_tokens_and_an_id_token_that_the_keys_vouch_for,
    a_code_that_is_not_right_gives_an_error,
    a_refresh_token_gives_the_next,
    a_machine_gets_a_token_for_itself,
}

async fn a_code_gives_tokens_and_an_id_token_that_the_keys_vouch_for(world: World) {
    let shop = Shop::open(world).await;
    let answer = shop.tokens("openid email offline_access").await;
    assert_eq!(answer.headers["cache-control"], "no-store");
    let mut names: Vec<&String> = answer.body.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["access_token", "expires_in", "id_token", "refresh_token", "scope", "token_type"]);
    assert_eq!((&answer.body["expires_in"], answer.text("scope")), (&json!(3_600), "openid email offline_access"));

    let keys = shop.wire.get("/oauth/v2/keys", &[]).await;
    assert_eq!(
        (&keys.headers["content-type"], &keys.headers["cache-control"]),
        (&"application/jwk-set+json".parse().unwrap(), &"public, max-age=3600".parse().unwrap())
    );
    let keys: JwkSet = serde_json::from_value(keys.body).unwrap();
    let id_token = answer.text("id_token");
    let key = keys.find(&decode_header(id_token).unwrap().kid.unwrap()).unwrap();
    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_issuer(&[ISSUER]);
    rules.set_audience(&[&shop.client.0]);
    // The clock of the tests stands in 2025.
    rules.validate_exp = false;
    let claims = decode::<Value>(id_token, &DecodingKey::from_jwk(key).unwrap(), &rules).unwrap().claims;
    let now = shop.world.vestibule.now() / SECOND;
    assert_eq!(
        [&claims["sub"], &claims["nonce"], &claims["email_verified"], &claims["exp"]],
        [&json!(shop.user_id), &json!("n-1"), &json!(false), &json!(now + 3_600)]
    );
    let bare = shop.tokens("email").await;
    assert!(bare.body.get("id_token").is_none() && bare.body.get("refresh_token").is_none());
}

async fn a_code_that_is_not_right_gives_an_error(world: World) {
    let shop = Shop::open(world).await;
    let public = shop.public().await;
    let used = shop.code("openid").await;
    assert_eq!(shop.token(&by_code(&used)).await.status, 200);
    let other = shop.code_for(&public, "openid").await;
    let old = shop.code("openid").await;
    shop.world.env.pass(MINUTE);
    let (fresh, elsewhere) = (shop.code("openid").await, shop.code("openid").await);
    for (what, form) in [
        ("used", by_code(&used)),
        ("another client's", by_code(&other)),
        ("old", by_code(&old)),
        ("unknown", by_code("nonsense")),
        ("verifier", by_code(&fresh).replace(VERIFIER, &VERIFIER.replace('a', "b"))),
        ("address", by_code(&elsewhere).replace(CALLBACK, "https://shop.example/other")),
    ] {
        assert_eq!(shop.token(&form).await.refusal(), (400, "invalid_grant"), "{what}");
    }
}

async fn a_refresh_token_gives_the_next(world: World) {
    let shop = Shop::open(world).await;
    let first = shop.tokens("openid email offline_access").await;
    let form = |answer: &crate::wire::Answer| {
        format!("grant_type=refresh_token&refresh_token={}", answer.text("refresh_token"))
    };
    shop.world.env.pass(HOUR);
    let second = shop.token(&format!("{}&scope=openid", form(&first))).await;
    assert_eq!((second.status.as_u16(), second.text("scope")), (200, "openid"));
    assert!(second.body.get("id_token").is_some());
    assert_eq!(shop.token(&format!("{}&scope=phone", form(&second))).await.refusal(), (400, "invalid_scope"));
    assert_eq!(shop.token(&form(&first)).await.refusal(), (400, "invalid_grant"));
    assert_eq!(shop.token(&form(&second)).await.refusal(), (400, "invalid_grant"), "the theft ended it all");
}

async fn a_machine_gets_a_token_for_itself(world: World) {
    let shop = Shop::open(world).await;
    let machine = machine(&shop.world).await;
    let path = "/oauth/v2/token";
    let answer = shop.wire.post(path, &machine, "grant_type=client_credentials&scope=read").await;
    assert_eq!((answer.status.as_u16(), answer.text("scope")), (200, "read"));
    let write = shop.wire.post(path, &machine, "grant_type=client_credentials&scope=write").await;
    assert_eq!(write.refusal(), (400, "invalid_scope"));
    assert_eq!(shop.token("grant_type=client_credentials").await.refusal(), (400, "unauthorized_client"));
    let code = by_code(&shop.code("openid").await);
    assert_eq!(shop.wire.post(path, &machine, &code).await.refusal(), (400, "invalid_grant"));
}
