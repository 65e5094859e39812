//! Refresh tokens: each is good once, for thirty days, and all of a sign-in for ninety.

use vestibule_core::{
    authorization::{Denial, REFRESH_LIFETIME, Tokens},
    env::{DAY, HOUR},
    password::NewPassword,
    secret::Token,
};

use super::{ISSUER, Shop, new_app};
use crate::support::World;

both! {
    a_refresh_token_gives_the_next_and_shown_again_ends_them_all,
    of_sixteen_who_refresh_at_once_one_gets_tokens,
    a_refresh_token_slides_for_thirty_days_and_ends_after_ninety,
    less_may_be_asked_for_and_never_more,
    a_refresh_token_belongs_to_its_client,
    what_ends_sessions_ends_refresh_tokens,
}

async fn refresh(shop: &Shop, token: &Token, scope: Option<&str>) -> Result<Tokens, Denial> {
    shop.world.vestibule.refresh(&shop.client().await, token.reveal(), scope, ISSUER).await.unwrap()
}

async fn a_refresh_token_gives_the_next_and_shown_again_ends_them_all(world: World) {
    let shop = Shop::open(world).await;
    assert!(shop.tokens("openid").await.refresh.is_none(), "nobody asked for offline_access");
    let other = shop.tokens("openid offline_access").await;
    let first = shop.tokens("openid offline_access").await;
    let second = refresh(&shop, first.refresh.as_ref().unwrap(), None).await.unwrap();
    assert_ne!(first.refresh, second.refresh);
    assert!(second.id_token.is_some() && shop.is_known(&first).await && shop.is_known(&second).await);

    assert_eq!(refresh(&shop, first.refresh.as_ref().unwrap(), None).await.unwrap_err(), Denial::RefreshUsed);
    assert!(!shop.is_known(&first).await && !shop.is_known(&second).await);
    assert_eq!(refresh(&shop, second.refresh.as_ref().unwrap(), None).await.unwrap_err(), Denial::RefreshUnknown);
    assert!(shop.is_known(&other).await, "another sign-in is none of its business");
    refresh(&shop, other.refresh.as_ref().unwrap(), None).await.unwrap();
}

async fn of_sixteen_who_refresh_at_once_one_gets_tokens(world: World) {
    let shop = Shop::open(world).await;
    let (token, client) = (shop.tokens("openid offline_access").await.refresh.unwrap(), shop.client().await);
    let second = shop.world.second().await;
    let mut racers = Vec::new();
    for at in 0..16 {
        let vestibule = if at % 2 == 0 { shop.world.vestibule.clone() } else { second.clone() };
        let (client, token) = (client.clone(), token.clone());
        racers
            .push(tokio::spawn(async move { vestibule.refresh(&client, token.reveal(), None, ISSUER).await.unwrap() }));
    }
    let mut got = Vec::new();
    for racer in racers {
        got.extend(racer.await.unwrap());
    }
    assert_eq!(got.len(), 1);
    assert!(!shop.is_known(&got[0]).await, "fifteen others had the token");
    let live = "SELECT COUNT(*) FROM access_token WHERE revoked_at IS NULL";
    assert_eq!(shop.world.db.number(live).await, 0);
}

async fn a_refresh_token_slides_for_thirty_days_and_ends_after_ninety(world: World) {
    let shop = Shop::open(world).await;
    let idle = shop.tokens("openid offline_access").await.refresh.unwrap();
    let mut token = shop.tokens("openid offline_access").await.refresh.unwrap();
    for _ in 0..3 {
        shop.world.env.pass(REFRESH_LIFETIME - HOUR);
        token = refresh(&shop, &token, None).await.unwrap().refresh.unwrap();
    }
    assert_eq!(refresh(&shop, &idle, None).await.unwrap_err(), Denial::RefreshExpired);
    shop.world.env.pass(2 * HOUR);
    let last = refresh(&shop, &token, None).await.unwrap();
    shop.world.env.pass(HOUR);
    assert!(!shop.is_known(&last).await);
    assert_eq!(refresh(&shop, &last.refresh.unwrap(), None).await.unwrap_err(), Denial::RefreshExpired);
    shop.world.vestibule.sweep().await.unwrap();
    assert_eq!((shop.world.db.count("authorizations").await, shop.world.db.count("refresh_token").await), (0, 0));
}

async fn less_may_be_asked_for_and_never_more(world: World) {
    let shop = Shop::open(world).await;
    let token = shop.tokens("openid email offline_access").await.refresh.unwrap();
    for scope in ["openid phone", "nonsense"] {
        assert_eq!(refresh(&shop, &token, Some(scope)).await.unwrap_err(), Denial::Scope, "{scope}");
    }
    let narrow = refresh(&shop, &token, Some("openid")).await.unwrap();
    assert_eq!(narrow.scope, "openid");
    assert!(!shop.world.vestibule.userinfo(&narrow.access).await.unwrap().unwrap().contains_key("email"));
    let whole = refresh(&shop, &narrow.refresh.unwrap(), None).await.unwrap();
    assert_eq!(whole.scope, "openid email offline_access");
}

async fn a_refresh_token_belongs_to_its_client(world: World) {
    let shop = Shop::open(world).await;
    let token = shop.tokens("openid offline_access").await.refresh.unwrap();
    let other = shop.world.vestibule.create_app(&shop.owner, new_app()).await.unwrap();
    let other = shop.client_of(&other).await;
    for shown in [token.reveal(), "nonsense", Token::draw(shop.world.env.as_ref()).reveal()] {
        let denied = shop.world.vestibule.refresh(&other, shown, None, ISSUER).await.unwrap();
        assert_eq!(denied.unwrap_err(), Denial::RefreshUnknown);
    }
    refresh(&shop, &token, None).await.unwrap();
}

async fn what_ends_sessions_ends_refresh_tokens(world: World) {
    let shop = Shop::open(world).await;
    let (vestibule, owner, user) = (&shop.world.vestibule, &shop.owner, shop.who.user_id.as_str());
    for what in ["everywhere", "password", "lock", "disable"] {
        let tokens = shop.tokens("openid offline_access").await;
        let token = tokens.refresh.clone().unwrap();
        match what {
            "everywhere" => vestibule.end_sessions(owner, user).await.unwrap(),
            "password" => {
                let clear =
                    NewPassword::Clear { password: "tall ships sail".to_owned(), must_change: false, check: true };
                vestibule.set_password(owner, user, clear, true).await.unwrap();
            }
            "lock" => {
                vestibule.lock_user(owner, user).await.unwrap();
                assert_eq!(refresh(&shop, &token, None).await.unwrap_err(), Denial::RefreshUnknown);
                vestibule.unlock_user(owner, user).await.unwrap();
            }
            _ => {
                vestibule.disable(owner, user).await.unwrap();
                assert!(!shop.is_known(&tokens).await);
                vestibule.enable(owner, user).await.unwrap();
            }
        }
        assert!(!shop.is_known(&tokens).await, "{what}");
        assert_eq!(refresh(&shop, &token, None).await.unwrap_err(), Denial::RefreshUnknown, "{what}");
    }
    shop.world.env.pass(2 * DAY);
    shop.tokens("openid").await;
}
