//! Codes: good once, for a minute, for one client, one address, one verifier and one person.

use vestibule_core::{
    authorization::{CODE_LIFETIME, CodeGrant, Denial, NewApp},
    secret::Token,
};

use super::{ISSUER, Shop, grant, new_app};
use crate::support::World;

both! {
    a_code_is_changed_for_tokens_once_and_shown_again_takes_them_back,
    of_sixteen_who_redeem_a_code_at_once_one_gets_tokens,
    a_code_of_another_client_is_unknown_and_stays_good,
    whoever_cannot_show_the_verifier_or_the_address_spends_the_code,
    a_code_lives_a_minute,
    who_was_shut_out_meanwhile_gets_no_tokens,
    a_public_app_needs_no_secret_and_has_none,
    no_secret_is_in_the_database,
}

async fn a_code_is_changed_for_tokens_once_and_shown_again_takes_them_back(world: World) {
    let shop = Shop::open(world).await;
    let code = shop.code("openid email offline_access").await;
    let tokens = shop.redeem(&code).await.unwrap();
    assert_eq!((tokens.expires_in, tokens.scope.as_str()), (3_600, "openid email offline_access"));
    assert!(tokens.id_token.is_some() && shop.is_known(&tokens).await);
    assert_eq!(shop.redeem(&code).await.unwrap_err(), Denial::CodeUsed);
    assert!(!shop.is_known(&tokens).await, "RFC 6749 §4.1.2");
    let refresh = tokens.refresh.unwrap();
    let again = shop.world.vestibule.refresh(&shop.client().await, refresh.reveal(), None, ISSUER).await.unwrap();
    assert_eq!(again.unwrap_err(), Denial::RefreshUnknown);
}

async fn of_sixteen_who_redeem_a_code_at_once_one_gets_tokens(world: World) {
    let shop = Shop::open(world).await;
    let (code, client) = (shop.code("openid").await, shop.client().await);
    let second = shop.world.second().await;
    let mut racers = Vec::new();
    for at in 0..16 {
        let vestibule = if at % 2 == 0 { shop.world.vestibule.clone() } else { second.clone() };
        let (client, shown) = (client.clone(), grant(&code));
        racers.push(tokio::spawn(async move { vestibule.redeem_authorization(&client, shown, ISSUER).await.unwrap() }));
    }
    let mut got = Vec::new();
    for racer in racers {
        match racer.await.unwrap() {
            Ok(tokens) => got.push(tokens),
            Err(denial) => assert_eq!(denial, Denial::CodeUsed),
        }
    }
    assert_eq!(got.len(), 1);
    assert_eq!(shop.world.db.count("access_token").await, 1);
    assert!(!shop.is_known(&got[0]).await, "fifteen others had the code");
}

async fn a_code_of_another_client_is_unknown_and_stays_good(world: World) {
    let shop = Shop::open(world).await;
    let code = shop.code("openid").await;
    let other = shop.world.vestibule.create_app(&shop.owner, new_app()).await.unwrap();
    let other = shop.client_of(&other).await;
    let stolen = shop.world.vestibule.redeem_authorization(&other, grant(&code), ISSUER).await.unwrap();
    assert_eq!(stolen.unwrap_err(), Denial::CodeUnknown);
    let tokens = shop.redeem(&code).await.unwrap();
    let late = shop.world.vestibule.redeem_authorization(&other, grant(&code), ISSUER).await.unwrap();
    assert_eq!(late.unwrap_err(), Denial::CodeUnknown);
    assert!(shop.is_known(&tokens).await, "another client takes nothing back");
    for never in ["nonsense", Token::draw(shop.world.env.as_ref()).reveal()] {
        assert_eq!(shop.redeem(never).await.unwrap_err(), Denial::CodeUnknown);
    }
}

async fn whoever_cannot_show_the_verifier_or_the_address_spends_the_code(world: World) {
    let shop = Shop::open(world).await;
    let client = shop.client().await;
    for (change, denial) in [
        (
            CodeGrant { verifier: "another-verifier-of-more-than-forty-three-signs".to_owned(), ..grant("") },
            Denial::Verifier,
        ),
        (CodeGrant { verifier: String::new(), ..grant("") }, Denial::Verifier),
        (
            CodeGrant { redirect_uri: Some("https://shop.example/other".to_owned()), ..grant("") },
            Denial::RedirectAddress,
        ),
    ] {
        let code = shop.code("openid").await;
        let shown = CodeGrant { code: code.clone(), ..change };
        let denied = shop.world.vestibule.redeem_authorization(&client, shown, ISSUER).await.unwrap();
        assert_eq!(denied.unwrap_err(), denial);
        assert_eq!(shop.redeem(&code).await.unwrap_err(), Denial::CodeUsed);
    }
    assert_eq!(shop.world.db.count("access_token").await, 0);
}

async fn a_code_lives_a_minute(world: World) {
    let shop = Shop::open(world).await;
    let (first, second) = (shop.code("openid").await, shop.code("openid").await);
    shop.world.env.pass(CODE_LIFETIME - 1);
    shop.redeem(&first).await.unwrap();
    shop.world.env.pass(1);
    assert_eq!(shop.redeem(&second).await.unwrap_err(), Denial::CodeExpired);
    assert_eq!(shop.world.db.count("access_token").await, 1);
}

async fn who_was_shut_out_meanwhile_gets_no_tokens(world: World) {
    let shop = Shop::open(world).await;
    let (vestibule, user) = (&shop.world.vestibule, shop.who.user_id.clone());
    let locked = shop.code("openid").await;
    vestibule.lock_user(&shop.owner, &user).await.unwrap();
    // Locking also ends what was begun; so that the check of the person itself is met, that is undone.
    shop.world.db.exec("UPDATE authorizations SET revoked_at = NULL").await;
    assert_eq!(shop.redeem(&locked).await.unwrap_err(), Denial::Person);
    vestibule.unlock_user(&shop.owner, &user).await.unwrap();

    let deleted = shop.code("openid").await;
    vestibule.delete_user(&shop.owner, &user).await.unwrap();
    assert_eq!(shop.redeem(&deleted).await.unwrap_err(), Denial::CodeUnknown);
    assert_eq!(shop.world.db.count("access_token").await, 0);
}

async fn a_public_app_needs_no_secret_and_has_none(world: World) {
    let mut shop = Shop::open(world).await;
    let (vestibule, confidential) = (shop.world.vestibule.clone(), shop.app.clone());
    let public = vestibule.create_app(&shop.owner, NewApp { public: true, ..new_app() }).await.unwrap();
    assert!(public.secret.is_none());
    let secret = confidential.secret.clone().unwrap();
    for (id, secret) in [
        (&public.id, Some(secret.reveal())),
        (&public.id, Some("")),
        (&confidential.id, None),
        (&confidential.id, Some("nonsense")),
        (&"nobody".to_owned(), Some(secret.reveal())),
        (&"no\0body".to_owned(), None),
    ] {
        assert_eq!(vestibule.calling_client(id, secret).await.unwrap().unwrap_err(), Denial::Client, "{id} {secret:?}");
    }
    shop.app = public;
    assert!(shop.tokens("openid").await.id_token.is_some());
    vestibule.revoke_client(&shop.owner, &shop.app.id).await.unwrap();
    assert_eq!(vestibule.calling_client(&shop.app.id, None).await.unwrap().unwrap_err(), Denial::Client);
}

async fn no_secret_is_in_the_database(world: World) {
    let shop = Shop::open(world).await;
    let code = shop.code("openid offline_access").await;
    let tokens = shop.redeem(&code).await.unwrap();
    let dump = shop.world.db.dump().await;
    assert!(dump.contains("s-1"), "the dump shows the tables");
    let secret = shop.app.secret.clone().unwrap();
    for secret in [&code, secret.reveal(), tokens.access.reveal(), tokens.refresh.as_ref().unwrap().reveal()] {
        assert!(!dump.contains(secret));
    }
    let id_token = tokens.id_token.as_ref().unwrap();
    assert!(!format!("{tokens:?} {:?}", grant(&code)).contains(id_token.reveal()));
    assert_eq!(format!("{:?}", grant(&code)), "CodeGrant(…)");
}
