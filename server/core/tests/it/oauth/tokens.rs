//! What tokens say, to whom, and how they end.

use serde_json::json;
use vestibule_core::{
    api_key::Scope,
    authorization::{BearerProblem, Denial, NewApp, Parameters},
    env::{HOUR, SECOND},
    phone::PhoneNumber,
    secret::Token,
    user::{change::Change, profile::ProfileChange},
};

use super::{ISSUER, Shop, machine, new_app};
use crate::support::World;

both! {
    an_app_learns_what_its_scopes_say,
    a_token_says_what_is_true_now,
    an_app_ends_its_own_tokens_and_no_others,
    clients_of_the_organization_may_ask_what_a_token_is,
    a_machine_gets_a_token_of_its_own,
    an_app_sends_people_back_to_its_own_addresses_only,
}

async fn claims(shop: &Shop, scope: &str) -> serde_json::Value {
    let tokens = shop.tokens(scope).await;
    json!(shop.world.vestibule.userinfo(&tokens.access).await.unwrap().unwrap())
}

async fn an_app_learns_what_its_scopes_say(world: World) {
    let shop = Shop::open(world).await;
    let (vestibule, user) = (&shop.world.vestibule, shop.who.user_id.as_str());
    let known = json!({ "nickname": "Amazing", "address": { "locality": "Arlington" }, "external_id": "never told" });
    let profile = Some(ProfileChange::Merge(known.as_object().unwrap().clone()));
    vestibule.change_user(&shop.owner, user, Change { profile, ..Change::default() }).await.unwrap();
    let number = PhoneNumber::parse("+12025550123").unwrap();
    vestibule.add_phone(&shop.owner, user, &number, true).await.unwrap();

    assert_eq!(claims(&shop, "openid").await, json!({ "sub": user }));
    assert_eq!(
        claims(&shop, "openid email").await,
        json!({ "sub": user, "email": "grace@navy.example", "email_verified": false })
    );
    assert_eq!(
        claims(&shop, "openid phone address").await,
        json!({
            "sub": user, "phone_number": "+12025550123", "phone_number_verified": true,
            "address": { "locality": "Arlington" },
        })
    );
    assert_eq!(
        claims(&shop, "openid profile").await,
        json!({
            "sub": user, "name": "Grace Hopper", "given_name": "Grace", "family_name": "Hopper", "nickname": "Amazing",
            "preferred_username": "grace@navy.example", "locale": "en", "updated_at": shop.world.vestibule.now() / SECOND,
        })
    );
    let without = shop.tokens("email").await;
    assert!(without.id_token.is_none());
    assert_eq!(vestibule.userinfo(&without.access).await.unwrap().unwrap_err(), BearerProblem::Scope);
    let nobody = Token::draw(shop.world.env.as_ref());
    assert_eq!(vestibule.userinfo(&nobody).await.unwrap().unwrap_err(), BearerProblem::Invalid);
}

async fn a_token_says_what_is_true_now(world: World) {
    let shop = Shop::open(world).await;
    let (vestibule, user) = (&shop.world.vestibule, shop.who.user_id.as_str());
    let tokens = shop.tokens("openid email").await;
    let email = shop.world.view(&shop.owner, user).await.emails[0].email.id.clone();
    vestibule.mark_verified(&shop.owner, user, &email, "seen", None).await.unwrap();
    let claims = vestibule.userinfo(&tokens.access).await.unwrap().unwrap();
    assert_eq!(claims["email_verified"], json!(true));
    shop.world.env.pass(HOUR - 1);
    assert!(shop.is_known(&tokens).await);
    shop.world.env.pass(1);
    assert!(!shop.is_known(&tokens).await);
}

async fn an_app_ends_its_own_tokens_and_no_others(world: World) {
    let shop = Shop::open(world).await;
    let (vestibule, client) = (&shop.world.vestibule, shop.client().await);
    let other = vestibule.create_app(&shop.owner, new_app()).await.unwrap();
    let other = shop.client_of(&other).await;
    let tokens = shop.tokens("openid offline_access").await;
    let refresh = tokens.refresh.clone().unwrap();
    for token in [tokens.access.reveal(), refresh.reveal(), "nonsense"] {
        vestibule.revoke_token(&other, token).await.unwrap();
    }
    assert!(shop.is_known(&tokens).await);
    vestibule.revoke_token(&client, tokens.access.reveal()).await.unwrap();
    assert!(!shop.is_known(&tokens).await);
    let next = vestibule.refresh(&client, refresh.reveal(), None, ISSUER).await.unwrap().unwrap();
    vestibule.revoke_token(&client, next.refresh.as_ref().unwrap().reveal()).await.unwrap();
    assert!(!shop.is_known(&next).await, "with the refresh token all ends");
    let denied = vestibule.refresh(&client, next.refresh.unwrap().reveal(), None, ISSUER).await.unwrap();
    assert_eq!(denied.unwrap_err(), Denial::RefreshUnknown);
}

async fn clients_of_the_organization_may_ask_what_a_token_is(world: World) {
    let mut shop = Shop::open(world).await;
    let vestibule = shop.world.vestibule.clone();
    let (tokens, machine, client) =
        (shop.tokens("openid offline_access").await, machine(&shop.world).await, shop.client().await);
    let refresh = tokens.refresh.clone().unwrap();
    let now = vestibule.now() / SECOND;
    let told = vestibule.introspect(&machine, tokens.access.reveal()).await.unwrap().unwrap().unwrap();
    assert_eq!((told.scope.as_str(), told.client_id.as_str()), ("openid offline_access", shop.app.id.as_str()));
    assert_eq!(
        (told.sub.as_deref(), told.username.as_deref()),
        (Some(shop.who.user_id.as_str()), Some("grace@navy.example"))
    );
    assert_eq!((told.issued_at, told.expires_at, told.is_refresh), (now, now + 3_600, false));
    assert_eq!(vestibule.introspect(&machine, refresh.reveal()).await.unwrap().unwrap(), None, "its client's alone");
    assert!(vestibule.introspect(&client, refresh.reveal()).await.unwrap().unwrap().unwrap().is_refresh);
    assert_eq!(vestibule.introspect(&client, "nonsense").await.unwrap().unwrap(), None);

    shop.world
        .db
        .exec("INSERT INTO organization (id, name, policy, created_at) VALUES ('other', 'Other', '{}', 0)")
        .await;
    let elsewhere = super::machine_of(&shop.world, "other").await;
    assert_eq!(vestibule.introspect(&elsewhere, tokens.access.reveal()).await.unwrap().unwrap(), None);
    let app = NewApp { public: true, ..new_app() };
    shop.app = vestibule.create_app(&shop.owner, app).await.unwrap();
    let public = shop.client().await;
    assert_eq!(vestibule.introspect(&public, tokens.access.reveal()).await.unwrap().unwrap_err(), Denial::ClientKind);

    vestibule.disable(&shop.owner, &shop.who.user_id).await.unwrap();
    for token in [tokens.access.reveal(), refresh.reveal()] {
        assert_eq!(vestibule.introspect(&client, token).await.unwrap().unwrap(), None);
    }
}

async fn a_machine_gets_a_token_of_its_own(world: World) {
    let shop = Shop::open(world).await;
    let (vestibule, machine) = (&shop.world.vestibule, machine(&shop.world).await);
    let whole = vestibule.machine_token(&machine, None).await.unwrap().unwrap();
    assert_eq!(whole.scopes, [Scope::Read, Scope::Verify]);
    let narrow = vestibule.machine_token(&machine, Some("read")).await.unwrap().unwrap();
    let operator = vestibule.principal(&narrow.token).await.unwrap().operator().unwrap();
    assert!(operator.may(Scope::Read) && !operator.may(Scope::Verify));
    for scope in ["write", "openid", "read openid", "nonsense"] {
        assert_eq!(
            vestibule.machine_token(&machine, Some(scope)).await.unwrap().unwrap_err(),
            Denial::Scope,
            "{scope}"
        );
    }
    assert_eq!(vestibule.machine_token(&shop.client().await, None).await.unwrap().unwrap_err(), Denial::ClientKind);
    assert_eq!(vestibule.userinfo(&whole.token).await.unwrap().unwrap_err(), BearerProblem::Scope);
    let told = vestibule.introspect(&machine, narrow.token.reveal()).await.unwrap().unwrap().unwrap();
    assert_eq!((told.scope.as_str(), told.sub), ("read", None));
}

async fn an_app_sends_people_back_to_its_own_addresses_only(world: World) {
    let shop = Shop::open(world).await;
    let vestibule = &shop.world.vestibule;
    let id_token = shop.tokens("openid").await.id_token.unwrap();
    let other = vestibule.create_app(&shop.owner, new_app()).await.unwrap().id;
    let read = |query: String| {
        let vestibule = vestibule.clone();
        async move { vestibule.sign_out_request(&Parameters::parse(&query), ISSUER).await.unwrap() }
    };
    let (id, hint, bye) = (&shop.app.id, id_token.reveal(), "https://shop.example/bye");
    shop.world.env.pass(2 * HOUR);
    let whole = read(format!("id_token_hint={hint}&post_logout_redirect_uri={bye}&state=x")).await;
    assert_eq!((whole.app.as_deref(), whole.user_id.as_deref()), (Some("Shop"), Some(shop.who.user_id.as_str())));
    assert_eq!(whole.back.unwrap().url(), "https://shop.example/bye?state=x");
    let by_id = read(format!("client_id={id}&post_logout_redirect_uri={bye}")).await;
    assert_eq!((by_id.back.unwrap().url().as_str(), by_id.user_id), (bye, None));
    let (signed, _) = hint.rsplit_once('.').unwrap();
    for query in [
        String::new(),
        format!("post_logout_redirect_uri={bye}"),
        format!("client_id={id}"),
        format!("client_id={id}&post_logout_redirect_uri={bye}/"),
        format!("client_id={id}&post_logout_redirect_uri=https://shop.example/callback"),
        format!("client_id={id}&post_logout_redirect_uri={bye}&post_logout_redirect_uri={bye}"),
        format!("client_id={other}&id_token_hint={hint}&post_logout_redirect_uri={bye}"),
        format!("id_token_hint={signed}.AAAA&post_logout_redirect_uri={bye}"),
        format!("id_token_hint=nonsense&post_logout_redirect_uri={bye}"),
    ] {
        assert_eq!(read(query.clone()).await.back, None, "{query}");
    }
    let elsewhere = vestibule.read_hint(hint, "https://other.example").await.unwrap();
    assert_eq!(elsewhere, None, "a token of another issuer");
}
