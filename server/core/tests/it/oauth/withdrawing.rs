//! What people have let apps do, taken back by them; and browsers that are signed out with what apps got through them.

use vestibule_core::{
    Refusal,
    actor::{Person, Role},
    authorization::{Answer, Authenticated, Denial, MadeApp, NewApp, Step, Tokens},
    organization::Policy,
};

use super::{CALLBACK, ISSUER, Shop, code_of, grant, new_app, pkce};
use crate::support::{World, refused};

both! {
    the_person_sees_the_apps_that_they_let_in,
    an_app_that_is_withdrawn_holds_nothing_and_asks_again,
    nobody_withdraws_what_another_person_allowed,
    a_code_on_its_way_when_the_app_is_withdrawn_gives_nothing,
    no_token_outlives_a_withdrawal_that_comes_between,
    a_browser_that_is_signed_out_takes_its_tokens_along,
    signing_out_everywhere_ends_every_token,
    a_browser_that_an_operator_signs_out_takes_its_tokens_along,
    a_new_rule_for_administrators_ends_what_their_apps_hold,
    who_asks_themselves_for_a_passkey_ends_what_their_apps_hold,
}

async fn person(shop: &Shop) -> Person {
    shop.world.vestibule.visitor(&shop.who.user_id).await.unwrap().unwrap().person()
}

async fn the_person_sees_the_apps_that_they_let_in(world: World) {
    let shop = Shop::open(world).await;
    let (vestibule, grace) = (&shop.world.vestibule, person(&shop).await);
    assert!(vestibule.own_consents(&grace).await.unwrap().is_empty());
    let since = vestibule.now();
    shop.tokens("openid email").await;
    shop.world.env.pass(60_000);
    shop.tokens("openid phone").await;
    let own = vestibule.own_consents(&grace).await.unwrap();
    let [consent] = own.as_slice() else { panic!("{own:?}") };
    assert_eq!((consent.app.as_str(), consent.since), ("Shop", since));
    assert_eq!(consent.scopes.to_string(), "openid email phone");
    vestibule.revoke_client(&shop.owner, &shop.app.id).await.unwrap();
    assert!(vestibule.own_consents(&grace).await.unwrap().is_empty(), "it holds nothing any more");
}

async fn an_app_that_is_withdrawn_holds_nothing_and_asks_again(world: World) {
    let shop = Shop::open(world).await;
    let (vestibule, grace) = (&shop.world.vestibule, person(&shop).await);
    let other = Other::open(&shop).await;
    let (tokens, others) = (shop.tokens("openid offline_access").await, other.tokens(&shop).await);
    vestibule.withdraw_consent(&grace, &shop.app.id).await.unwrap();
    assert!(!shop.is_known(&tokens).await);
    let refresh = tokens.refresh.unwrap();
    let denied = vestibule.refresh(&shop.client().await, refresh.reveal(), None, ISSUER).await.unwrap();
    assert_eq!(denied.unwrap_err(), Denial::RefreshUnknown);
    assert!(shop.is_known(&others).await, "another app is none of its business");
    assert_eq!(vestibule.own_consents(&grace).await.unwrap().len(), 1);

    let newest = vestibule.own_history(&grace, None).await.unwrap().remove(0);
    assert_eq!((newest.kind.as_str(), newest.data.reason.as_deref()), ("app-withdrawn", Some("Shop")));
    let again = vestibule.withdraw_consent(&grace, &shop.app.id).await;
    assert_eq!(refused(again), Refusal::NotFound);
    let request = shop.request("scope=openid").await;
    assert!(matches!(shop.step(&request, None).await, Step::Ask(_)));
    assert!(shop.is_known(&shop.tokens("openid").await).await, "who allows it once more has it");
}

async fn nobody_withdraws_what_another_person_allowed(world: World) {
    let shop = Shop::open(world).await;
    let tokens = shop.tokens("openid").await;
    let olga = shop.world.vestibule.visitor(shop.owner.user_id()).await.unwrap().unwrap().person();
    for id in [shop.app.id.as_str(), "nothing", ""] {
        assert_eq!(refused(shop.world.vestibule.withdraw_consent(&olga, id).await), Refusal::NotFound);
    }
    assert!(shop.is_known(&tokens).await);
    assert_eq!(shop.world.db.count("consent").await, 1);
}

async fn a_code_on_its_way_when_the_app_is_withdrawn_gives_nothing(world: World) {
    let shop = Shop::open(world).await;
    let code = shop.code("openid").await;
    shop.world.vestibule.withdraw_consent(&person(&shop).await, &shop.app.id).await.unwrap();
    assert_eq!(shop.redeem(&code).await.unwrap_err(), Denial::CodeExpired, "it is over");
}

async fn no_token_outlives_a_withdrawal_that_comes_between(world: World) {
    let shop = Shop::open(world).await;
    shop.tokens("openid").await;
    let (grace, request) = (person(&shop).await, shop.request("scope=openid").await);
    let (client, second) = (shop.client().await, shop.world.second().await);
    let mut racers = Vec::new();
    for at in 0..16 {
        let vestibule = if at % 2 == 0 { shop.world.vestibule.clone() } else { second.clone() };
        let (request, client, who) = (request.clone(), client.clone(), shop.who.clone());
        racers.push(tokio::spawn(async move {
            for _ in 0..4 {
                let step = vestibule.authorize(&request, Some(&who), None, None, ISSUER).await.unwrap();
                if let step @ Step::Leave(_) = step {
                    drop(vestibule.redeem_authorization(&client, grant(&code_of(step)), ISSUER).await.unwrap());
                }
            }
        }));
    }
    second.withdraw_consent(&grace, &shop.app.id).await.unwrap();
    for racer in racers {
        racer.await.unwrap();
    }
    let live = "SELECT COUNT(*) FROM authorizations WHERE revoked_at IS NULL";
    let tokens = "SELECT COUNT(*) FROM access_token WHERE revoked_at IS NULL";
    assert_eq!((shop.world.db.number(live).await, shop.world.db.number(tokens).await), (0, 0));
}

async fn a_browser_that_is_signed_out_takes_its_tokens_along(world: World) {
    let mut shop = Shop::open(world).await;
    let (vestibule, grace) = (shop.world.vestibule.clone(), person(&shop).await);
    let later = vestibule.now() + 1_000;
    for (id, name) in [("here", "s-1"), ("there", "s-2")] {
        let data = format!(r#"{{"signed_in":{{"at":7,"methods":["pwd"],"session":"{name}"}}}}"#);
        vestibule.create_session(id.to_owned(), Some(shop.who.user_id.clone()), data, later).await.unwrap();
    }
    let here = shop.tokens("openid offline_access").await;
    shop.who = Authenticated { session: "s-2".to_owned(), ..shop.who.clone() };
    let there = shop.tokens("openid offline_access").await;
    let sessions = vestibule.own_sessions(&grace, Some("here")).await.unwrap();
    vestibule.end_own_session(&grace, &sessions.iter().find(|one| !one.is_this).unwrap().id).await.unwrap();
    assert!(shop.is_known(&here).await && !shop.is_known(&there).await);
    let refresh = there.refresh.unwrap();
    let denied = vestibule.refresh(&shop.client().await, refresh.reveal(), None, ISSUER).await.unwrap();
    assert_eq!(denied.unwrap_err(), Denial::RefreshUnknown);

    // Somebody else's browser of the same name is not meant.
    let olga = vestibule.visitor(shop.owner.user_id()).await.unwrap().unwrap().person();
    let data = r#"{"signed_in":{"session":"s-1"}}"#.to_owned();
    vestibule.create_session("olgas".to_owned(), Some(olga.user_id().to_owned()), data, later).await.unwrap();
    let olgas = vestibule.own_sessions(&olga, None).await.unwrap().remove(0).id;
    assert_eq!(refused(vestibule.end_own_session(&grace, &olgas).await), Refusal::NotFound);
    vestibule.end_own_session(&olga, &olgas).await.unwrap();
    assert!(shop.is_known(&here).await);
}

async fn a_browser_that_an_operator_signs_out_takes_its_tokens_along(world: World) {
    let mut shop = Shop::open(world).await;
    let (vestibule, user) = (shop.world.vestibule.clone(), shop.who.user_id.clone());
    let data = r#"{"signed_in":{"at":7,"methods":["pwd"],"session":"s-2"}}"#.to_owned();
    vestibule.create_session("there".to_owned(), Some(user.clone()), data, vestibule.now() + 1_000).await.unwrap();
    let here = shop.tokens("openid").await;
    shop.who = Authenticated { session: "s-2".to_owned(), ..shop.who.clone() };
    let there = shop.tokens("openid").await;
    let session = vestibule.sessions_of(&shop.owner, &user).await.unwrap().remove(0).id;
    vestibule.end_session_of(&shop.owner, &user, &session).await.unwrap();
    assert!(shop.is_known(&here).await && !shop.is_known(&there).await);
}

async fn a_new_rule_for_administrators_ends_what_their_apps_hold(world: World) {
    let shop = Shop::open(world).await;
    let (vestibule, hers) = (shop.world.vestibule.clone(), shop.who.user_id.clone());
    let rule = Policy { admin_passkey: true, ..Policy::default() };
    let tokens = shop.tokens("openid").await;
    let demand = async |rule: &Policy| vestibule.set_policy(&shop.world.organization, rule).await.unwrap();
    demand(&rule).await;
    assert!(shop.is_known(&tokens).await, "the rule is none for her");
    demand(&Policy::default()).await;
    vestibule.grant_role(&shop.owner, &hers, Some(Role::Viewer)).await.unwrap();
    demand(&rule).await;
    assert!(!shop.is_known(&tokens).await, "nobody showed a passkey for it");
}

async fn who_asks_themselves_for_a_passkey_ends_what_their_apps_hold(world: World) {
    let shop = Shop::open(world).await;
    let (vestibule, grace) = (shop.world.vestibule.clone(), person(&shop).await);
    vestibule.grant_role(&shop.owner, &shop.who.user_id, Some(Role::Viewer)).await.unwrap();
    crate::passkeys::add(&shop.world, &grace).await;
    let tokens = shop.tokens("openid").await;
    vestibule.ask_own_passkey(&grace, false).await.unwrap();
    assert!(shop.is_known(&tokens).await, "nothing is asked anew");
    vestibule.ask_own_passkey(&grace, true).await.unwrap();
    assert!(!shop.is_known(&tokens).await, "nobody showed a passkey for it");
}

async fn signing_out_everywhere_ends_every_token(world: World) {
    let shop = Shop::open(world).await;
    let (tokens, grace) = (shop.tokens("openid offline_access").await, person(&shop).await);
    shop.world.vestibule.end_other_sessions(&grace, None).await.unwrap();
    assert!(!shop.is_known(&tokens).await);
    assert_eq!(shop.world.vestibule.own_consents(&grace).await.unwrap().len(), 1, "what was allowed stays so");
}

/// A second app that the person lets in.
struct Other(MadeApp);

impl Other {
    async fn open(shop: &Shop) -> Self {
        let new = NewApp { name: "Desk".to_owned(), ..new_app() };
        Self(shop.world.vestibule.create_app(&shop.owner, new).await.unwrap())
    }

    async fn tokens(&self, shop: &Shop) -> Tokens {
        let query =
            format!("client_id={}&redirect_uri={CALLBACK}&response_type=code&{}&scope=openid", self.0.id, pkce());
        let parameters = vestibule_core::authorization::Parameters::parse(&query);
        let request = shop.world.vestibule.authorization_request(&parameters, ISSUER).await.unwrap().unwrap();
        let code = code_of(shop.step(&request, Some(Answer::Allow)).await);
        let client = shop.client_of(&self.0).await;
        shop.world.vestibule.redeem_authorization(&client, grant(&code), ISSUER).await.unwrap().unwrap()
    }
}
