//! Who is asked to sign in, who is asked whether they agree, and who is not asked.

use vestibule_core::{
    authorization::{Answer, Authenticated, NewApp, Step},
    env::MINUTE,
};

use super::{ISSUER, Shop, code_of, left_with, new_app};
use crate::support::World;

both! {
    who_agreed_is_asked_again_only_for_more,
    who_declines_sends_the_app_away_with_nothing,
    the_own_app_asks_nobody,
    an_app_that_any_program_could_pretend_to_be_asks_every_time,
    prompt_none_never_asks,
    who_must_sign_in_again_has_to_since_then,
    nobody_is_let_into_the_app_of_another_organization,
    agreeing_stands_in_the_history,
}

fn asks(step: &Step) -> bool {
    matches!(step, Step::Ask(_))
}

async fn who_agreed_is_asked_again_only_for_more(world: World) {
    let shop = Shop::open(world).await;
    let small = shop.request("scope=openid+email&state=x").await;
    assert!(asks(&shop.step(&small, None).await));
    assert_eq!(shop.world.db.count("authorizations").await, 0);
    let step = shop.step(&small, Some(Answer::Allow)).await;
    assert_eq!(left_with(&step, "state").as_deref(), Some("x"));
    assert_eq!(left_with(&step, "iss").as_deref(), Some(ISSUER));
    code_of(step);
    code_of(shop.step(&small, None).await);
    let more = shop.request("scope=openid+phone").await;
    assert!(asks(&shop.step(&more, None).await));
    code_of(shop.step(&more, Some(Answer::Allow)).await);
    code_of(shop.step(&shop.request("scope=openid+phone+email").await, None).await);
    assert!(asks(&shop.step(&shop.request("scope=openid&prompt=consent").await, None).await));
}

async fn who_declines_sends_the_app_away_with_nothing(world: World) {
    let shop = Shop::open(world).await;
    let request = shop.request("scope=openid&state=x").await;
    let step = shop.step(&request, Some(Answer::Deny)).await;
    assert_eq!(left_with(&step, "error").as_deref(), Some("access_denied"));
    assert_eq!((left_with(&step, "state").as_deref(), left_with(&step, "code")), (Some("x"), None));
    assert!(asks(&shop.step(&request, None).await), "a no is not remembered");
    assert_eq!(shop.world.db.count("authorizations").await + shop.world.db.count("consent").await, 0);
}

async fn the_own_app_asks_nobody(world: World) {
    let mut shop = Shop::open(world).await;
    let own = NewApp { first_party: true, ..new_app() };
    shop.app = shop.world.vestibule.create_app(&shop.owner, own).await.unwrap();
    code_of(shop.step(&shop.request("scope=openid+email").await, None).await);
    assert!(asks(&shop.step(&shop.request("scope=openid&prompt=consent").await, None).await));
}

async fn an_app_that_any_program_could_pretend_to_be_asks_every_time(world: World) {
    let mut shop = Shop::open(world).await;
    let native = "com.example.shop:/callback";
    let app = NewApp { public: true, redirect_uris: vec![native.to_owned()], ..new_app() };
    shop.app = shop.world.vestibule.create_app(&shop.owner, app).await.unwrap();
    let query = shop.query("scope=openid").replace(super::CALLBACK, native);
    let parameters = vestibule_core::authorization::Parameters::parse(&query);
    let request = shop.world.vestibule.authorization_request(&parameters, ISSUER).await.unwrap().unwrap();
    for _ in 0..2 {
        assert!(asks(&shop.step(&request, None).await));
        code_of(shop.step(&request, Some(Answer::Allow)).await);
    }
}

async fn prompt_none_never_asks(world: World) {
    let shop = Shop::open(world).await;
    let vestibule = &shop.world.vestibule;
    let request = shop.request("scope=openid&prompt=none").await;
    let nobody = vestibule.authorize(&request, None, None, None, ISSUER).await.unwrap();
    assert_eq!(left_with(&nobody, "error").as_deref(), Some("login_required"));
    let undecided = shop.step(&request, None).await;
    assert_eq!(left_with(&undecided, "error").as_deref(), Some("consent_required"));
    shop.tokens("openid").await;
    code_of(shop.step(&request, None).await);
    shop.world.env.pass(MINUTE);
    let old = shop.step(&shop.request("scope=openid&prompt=none&max_age=59").await, None).await;
    assert_eq!(left_with(&old, "error").as_deref(), Some("login_required"));
}

async fn who_must_sign_in_again_has_to_since_then(world: World) {
    let shop = Shop::open(world).await;
    shop.tokens("openid").await;
    shop.world.env.pass(MINUTE);
    let since = shop.world.vestibule.now();
    let again = Authenticated { at: since, ..shop.who.clone() };
    for more in ["prompt=login", "prompt=select_account", "max_age=59", "max_age=0"] {
        let request = shop.request(&format!("scope=openid&{more}")).await;
        let step = |who: &Authenticated, since| {
            let (vestibule, request, who) = (shop.world.vestibule.clone(), request.clone(), who.clone());
            async move { vestibule.authorize(&request, Some(&who), since, None, ISSUER).await.unwrap() }
        };
        assert!(matches!(step(&shop.who, None).await, Step::SignIn), "{more}");
        assert!(matches!(step(&shop.who, Some(since)).await, Step::SignIn), "{more}: not since they were asked");
        code_of(step(&again, Some(since)).await);
    }
    code_of(shop.step(&shop.request("scope=openid&max_age=60").await, None).await);
}

async fn nobody_is_let_into_the_app_of_another_organization(world: World) {
    let shop = Shop::open(world).await;
    let stranger = Authenticated { organization_id: "other".to_owned(), ..shop.who.clone() };
    for (more, answer) in [("", None), ("", Some(Answer::Allow)), ("prompt=none", Some(Answer::Allow))] {
        let request = shop.request(&format!("scope=openid&{more}")).await;
        let step = shop.world.vestibule.authorize(&request, Some(&stranger), None, answer, ISSUER).await.unwrap();
        match step {
            Step::Stranger(app) => assert_eq!(app.name, "Shop"),
            step => assert_eq!(left_with(&step, "error").as_deref(), Some("access_denied")),
        }
    }
    assert_eq!(shop.world.db.count("authorizations").await, 0);
}

async fn agreeing_stands_in_the_history(world: World) {
    let shop = Shop::open(world).await;
    shop.code("openid").await;
    code_of(shop.step(&shop.request("scope=openid").await, None).await);
    let history = shop.world.view(&shop.owner, &shop.who.user_id).await.history;
    let allowed: Vec<_> = history.iter().filter(|event| event.kind.as_str() == "app-allowed").collect();
    assert_eq!(allowed.len(), 1);
    assert_eq!(allowed[0].data.reason.as_deref(), Some("Shop"));
}
