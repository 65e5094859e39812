//! Apps that owners change.

use vestibule_core::{
    Refusal,
    actor::Role,
    api_key::{Keeper, Scope},
    authorization::{AppChange, NewApp, RequestProblem},
};

use super::{CALLBACK, ISSUER, Shop, new_app};
use crate::support::{World, address, refused, secret_word};

both! {
    an_app_is_changed_and_keeps_its_id_and_secret,
    an_app_that_may_do_less_loses_what_it_holds,
    only_owners_of_the_organization_change_what_can_be_changed,
}

fn change() -> AppChange {
    AppChange {
        name: "Market".to_owned(),
        redirect_uris: vec!["https://market.example/back".to_owned(), CALLBACK.to_owned()],
        ..AppChange::default()
    }
}

async fn an_app_is_changed_and_keeps_its_id_and_secret(world: World) {
    let shop = Shop::open(world).await;
    let (vestibule, owner) = (&shop.world.vestibule, &shop.owner);
    let tokens = shop.tokens("openid").await;
    vestibule.change_app(owner, &shop.app.id, AppChange { scopes: vec![Scope::Read], ..change() }).await.unwrap();
    let apps = vestibule.apps(owner).await.unwrap();
    let [app] = apps.as_slice() else { panic!("{apps:?}") };
    assert_eq!((app.name.as_str(), app.redirect_uris.len(), app.scopes.as_slice()), ("Market", 2, &[Scope::Read][..]));
    assert!(app.post_logout_uris.is_empty() && !app.public && !app.first_party);
    assert!(shop.is_known(&tokens).await, "more is no reason to sign in again");
    shop.tokens("openid read").await;
    let newest = shop.world.view(owner, owner.user_id()).await.history.remove(0);
    assert_eq!((newest.kind.as_str(), newest.data.reason.as_deref()), ("client-changed", Some("Market")));

    let elsewhere = AppChange { redirect_uris: vec!["https://market.example/back".to_owned()], ..change() };
    vestibule.change_app(owner, &shop.app.id, elsewhere).await.unwrap();
    let parameters = vestibule_core::authorization::Parameters::parse(&shop.query("scope=openid"));
    let old = vestibule.authorization_request(&parameters, ISSUER).await.unwrap();
    assert!(matches!(old, Err(RequestProblem::RedirectAddress)), "an address that was taken away");
}

async fn an_app_that_may_do_less_loses_what_it_holds(world: World) {
    let mut shop = Shop::open(world).await;
    let vestibule = shop.world.vestibule.clone();
    let own = NewApp { first_party: true, scopes: vec![Scope::Read, Scope::Write], ..new_app() };
    shop.app = vestibule.create_app(&shop.owner, own).await.unwrap();
    let all = AppChange { first_party: true, scopes: vec![Scope::Read, Scope::Write], ..change() };
    let tokens = shop.tokens("openid write offline_access").await;
    vestibule.change_app(&shop.owner, &shop.app.id, all.clone()).await.unwrap();
    assert!(shop.is_known(&tokens).await, "the same as before");
    for less in
        [AppChange { scopes: vec![Scope::Read], ..all.clone() }, AppChange { first_party: false, ..all.clone() }]
    {
        let tokens = shop.tokens("openid offline_access").await;
        vestibule.change_app(&shop.owner, &shop.app.id, less).await.unwrap();
        assert!(!shop.is_known(&tokens).await);
        let refresh = tokens.refresh.unwrap();
        let again = vestibule.refresh(&shop.client().await, refresh.reveal(), None, ISSUER).await.unwrap();
        assert!(again.is_err());
        vestibule.change_app(&shop.owner, &shop.app.id, all.clone()).await.unwrap();
    }
}

async fn only_owners_of_the_organization_change_what_can_be_changed(world: World) {
    let shop = Shop::open(world).await;
    let (vestibule, owner) = (&shop.world.vestibule, &shop.owner);
    let before = shop.world.db.dump().await;
    for (wrong, refusal) in [
        (AppChange { name: " ".to_owned(), ..change() }, Refusal::Name),
        (AppChange { redirect_uris: Vec::new(), ..change() }, Refusal::Text),
        (AppChange { redirect_uris: vec!["http://shop.example/".to_owned()], ..change() }, Refusal::Text),
        (AppChange { post_logout_uris: vec!["javascript:alert(1)".to_owned()], ..change() }, Refusal::Text),
        // Only an app on people's own devices has a scheme of its own.
        (AppChange { redirect_uris: vec!["com.example.shop:/callback".to_owned()], ..change() }, Refusal::Text),
    ] {
        assert_eq!(refused(vestibule.change_app(owner, &shop.app.id, wrong).await), refusal);
    }
    let machine = super::machine(&shop.world).await.app().id.clone();
    let stranger = Keeper::operator("another organization");
    assert_eq!(refused(vestibule.change_app(stranger, &shop.app.id, change()).await), Refusal::NotFound);
    for id in [machine.as_str(), "nothing"] {
        assert_eq!(refused(vestibule.change_app(owner, id, change()).await), Refusal::NotFound, "{id}");
    }
    let after = shop.world.db.dump().await;
    assert!(before.lines().all(|line| after.contains(line)), "nothing of it was stored");

    let max = vestibule.create_administrator(&address("max@acme.example"), "Max", Role::Manager, secret_word()).await;
    let max = shop.world.admin(&max.unwrap()).await;
    assert_eq!(refused(vestibule.change_app(&max, &shop.app.id, change()).await), Refusal::Forbidden);
    assert_eq!(refused(vestibule.apps(&max).await), Refusal::Forbidden);
    vestibule.revoke_client(owner, &shop.app.id).await.unwrap();
    assert_eq!(refused(vestibule.change_app(owner, &shop.app.id, change()).await), Refusal::NotFound);
    assert!(vestibule.apps(owner).await.unwrap().is_empty());
}
