//! What ID tokens are signed with, and what they say.

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};
use vestibule_core::{
    Vestibule,
    authorization::Tokens,
    env::{DAY, HOUR, SECOND},
    signing::{AHEAD, SIGNS},
};

use super::{ISSUER, Shop};
use crate::support::World;

both! {
    an_id_token_says_who_when_how_and_to_whom,
    two_instances_agree_on_the_first_key,
    the_next_key_is_seen_a_day_before_it_signs_and_the_old_one_until_its_last_token_is_over,
    no_key_is_made_where_nobody_signs_in_to_apps,
    the_private_part_opens_only_with_the_key_that_is_not_in_the_database,
}

/// The claims of an ID token, by a key that is published now.
async fn verified(vestibule: &Vestibule, tokens: &Tokens) -> Value {
    let token = tokens.id_token.as_ref().unwrap().reveal();
    let id = decode_header(token).unwrap().kid.unwrap();
    let keys = vestibule.public_keys().await.unwrap();
    let key = keys.iter().find(|key| key.common.key_id.as_ref() == Some(&id)).expect("the key is published");
    let mut rules = Validation::new(Algorithm::RS256);
    (rules.validate_exp, rules.validate_aud) = (false, false);
    decode::<Value>(token, &DecodingKey::from_jwk(key).unwrap(), &rules).unwrap().claims
}

async fn an_id_token_says_who_when_how_and_to_whom(world: World) {
    let shop = Shop::open(world).await;
    let signed_in = shop.world.vestibule.now() / SECOND;
    shop.world.env.pass(5 * SECOND);
    let tokens = shop.tokens("openid email").await;
    let mut claims = verified(&shop.world.vestibule, &tokens).await;
    let at_hash = claims.as_object_mut().unwrap().remove("at_hash").unwrap();
    assert_eq!(at_hash.as_str().unwrap().len(), 22, "128 bits");
    assert_eq!(
        claims,
        json!({
            "iss": ISSUER, "sub": shop.who.user_id, "aud": shop.app.id, "iat": signed_in + 5, "exp": signed_in + 3_605,
            "auth_time": signed_in, "nonce": "n-1", "amr": ["pwd"], "sid": "s-1",
            "email": "grace@navy.example", "email_verified": false,
        })
    );
    let keys = serde_json::to_value(shop.world.vestibule.public_keys().await.unwrap()).unwrap();
    let mut names: Vec<&String> = keys[0].as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["alg", "e", "kid", "kty", "n", "use"], "and nothing private");
    assert_eq!(keys[0]["n"].as_str().unwrap().len(), 342, "2048 bits");
}

async fn two_instances_agree_on_the_first_key(world: World) {
    let shop = Shop::open(world).await;
    let second = shop.world.second().await;
    let (one, other) = tokio::join!(shop.world.vestibule.public_keys(), second.public_keys());
    let ids = |keys: Vec<_>| serde_json::to_string(&keys).unwrap();
    assert_eq!(ids(one.unwrap()), ids(other.unwrap()));
    assert_eq!(shop.world.db.count("signing_key").await, 1);
    let tokens = shop.tokens("openid").await;
    verified(&second, &tokens).await;
}

async fn the_next_key_is_seen_a_day_before_it_signs_and_the_old_one_until_its_last_token_is_over(world: World) {
    let mut shop = Shop::open(world).await;
    let vestibule = shop.world.vestibule.clone();
    let seen = || async { vestibule.public_keys().await.unwrap().len() };
    let signer = |tokens: Tokens| decode_header(tokens.id_token.unwrap().reveal()).unwrap().kid.unwrap();
    let first = signer(shop.tokens("openid").await);
    shop.world.env.pass(SIGNS - AHEAD - 1);
    vestibule.sweep().await.unwrap();
    assert_eq!(seen().await, 1);
    shop.world.env.pass(1);
    vestibule.sweep().await.unwrap();
    vestibule.sweep().await.unwrap();
    assert_eq!(seen().await, 2);
    shop.world.env.pass(AHEAD - 1);
    shop.who.at = vestibule.now();
    let last = shop.tokens("openid").await;
    assert_eq!(signer(last.clone()), first);
    shop.world.env.pass(1);
    assert_ne!(signer(shop.tokens("openid").await), first);
    shop.world.env.pass(HOUR);
    vestibule.sweep().await.unwrap();
    verified(&vestibule, &last).await;
    shop.world.env.pass(HOUR);
    vestibule.sweep().await.unwrap();
    assert_eq!((seen().await, shop.world.db.count("signing_key").await), (1, 1));
}

async fn no_key_is_made_where_nobody_signs_in_to_apps(world: World) {
    world.vestibule.sweep().await.unwrap();
    world.env.pass(200 * DAY);
    world.vestibule.sweep().await.unwrap();
    assert_eq!(world.db.count("signing_key").await, 0);
}

async fn the_private_part_opens_only_with_the_key_that_is_not_in_the_database(world: World) {
    let shop = Shop::open(world).await;
    let code = shop.code("openid").await;
    shop.world.vestibule.public_keys().await.unwrap();
    shop.world.db.exec("UPDATE signing_key SET id = 'another'").await;
    let client = shop.client().await;
    let failed = shop.world.vestibule.redeem_authorization(&client, super::grant(&code), ISSUER).await;
    assert!(failed.unwrap_err().refusal().is_none(), "a fault of ours");
    let spent = "SELECT COUNT(*) FROM authorizations WHERE redeemed_at IS NOT NULL";
    assert_eq!(shop.world.db.number(spent).await, 0, "and the code is not spent on it");
}
