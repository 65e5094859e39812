//! What the holder of an account is told by mail about the ways into it: once each, and only of what has happened.

use serde_json::json;
use vestibule_core::{
    Refusal,
    actor::{Admin, Person},
    provider::{Claims, NewProvider, Subject},
};

use crate::support::{World, by_link, refused, secret_word};

both! {
    a_company_account_that_is_linked_or_unlinked_is_told_once,
    what_did_not_happen_is_not_told,
    an_address_that_was_never_proven_is_told_nothing,
    a_provider_that_is_deleted_is_told_to_everybody_who_was_linked,
    the_own_password_goes_where_another_way_remains,
}

const GRACE: &str = "grace@navy.example";

/// Somebody with a password and a verified address.
async fn grace(world: &World, owner: &Admin) -> Person {
    let (invited, drawn) = world.invite_mailed(owner, GRACE).await;
    let redeemed = world.vestibule.redeem(by_link(&drawn.token)).await.unwrap();
    world.vestibule.set_first_password(&redeemed, secret_word()).await.unwrap();
    world.deliver().await;
    world.vestibule.visitor(&invited.user_id).await.unwrap().unwrap().person()
}

async fn provider(world: &World, owner: &Admin) -> String {
    let new = NewProvider {
        name: "Contoso".to_owned(),
        issuer: "https://login.contoso.example".to_owned(),
        client_id: "vestibule".to_owned(),
        ..NewProvider::default()
    };
    world.vestibule.create_provider(owner, new).await.unwrap()
}

async fn link(world: &World, person: &Person, provider: &str) -> vestibule_core::Result<()> {
    let claims = Claims(json!({ "sub": "g" }).as_object().unwrap().clone());
    world.vestibule.link_provider(person, provider, Subject::parse("g").unwrap(), claims).await
}

/// What goes out now: kind, recipient, and what it is about.
async fn told(world: &World) -> Vec<(&'static str, String, String)> {
    let letters = world.deliver().await;
    letters.into_iter().map(|letter| (letter.kind.as_str(), letter.recipient, letter.data.what)).collect()
}

fn mail(kind: &'static str, what: &str) -> Vec<(&'static str, String, String)> {
    vec![(kind, GRACE.to_owned(), what.to_owned())]
}

async fn a_company_account_that_is_linked_or_unlinked_is_told_once(world: World) {
    let owner = world.owner().await;
    let (grace, id) = (grace(&world, &owner).await, provider(&world, &owner).await);
    link(&world, &grace, &id).await.unwrap();
    assert_eq!(told(&world).await, mail("company-linked", "Contoso"));
    assert_eq!(refused(link(&world, &grace, &id).await), Refusal::Unchanged);
    assert_eq!(told(&world).await, []);
    world.vestibule.unlink_provider(&grace, &id, "g").await.unwrap();
    assert_eq!(told(&world).await, mail("company-unlinked", "Contoso"));
}

async fn what_did_not_happen_is_not_told(world: World) {
    let owner = world.owner().await;
    let (grace, id) = (grace(&world, &owner).await, provider(&world, &owner).await);
    // The mail is written before the history; what takes the history back takes the mail back.
    world.db.break_inserts("event").await;
    assert!(link(&world, &grace, &id).await.is_err());
    assert!(world.vestibule.remove_password(&owner, grace.user_id()).await.is_err());
    world.db.mend("event").await;
    assert_eq!(told(&world).await, []);
    assert_eq!(refused(world.vestibule.unlink_provider(&grace, &id, "g").await), Refusal::LastMethod);
    assert_eq!(told(&world).await, []);
}

async fn an_address_that_was_never_proven_is_told_nothing(world: World) {
    let owner = world.owner().await;
    let (grace, id) = (grace(&world, &owner).await, provider(&world, &owner).await);
    world.db.exec("UPDATE email SET verified_at = NULL, proof = NULL WHERE canonical = 'grace@navy.example'").await;
    link(&world, &grace, &id).await.unwrap();
    world.vestibule.unlink_provider(&grace, &id, "g").await.unwrap();
    assert_eq!(told(&world).await, []);
}

async fn a_provider_that_is_deleted_is_told_to_everybody_who_was_linked(world: World) {
    let owner = world.owner().await;
    let (grace, id) = (grace(&world, &owner).await, provider(&world, &owner).await);
    link(&world, &grace, &id).await.unwrap();
    world.deliver().await;
    world.vestibule.delete_provider(&owner, &id).await.unwrap();
    assert_eq!(told(&world).await, mail("company-unlinked", "Contoso"));
}

async fn the_own_password_goes_where_another_way_remains(world: World) {
    let owner = world.owner().await;
    let (grace, id) = (grace(&world, &owner).await, provider(&world, &owner).await);
    assert_eq!(refused(world.vestibule.remove_own_password(&grace).await), Refusal::LastMethod);
    link(&world, &grace, &id).await.unwrap();
    let user = Some(grace.user_id().to_owned());
    world.vestibule.create_session("s".to_owned(), user, "{}".to_owned(), i64::MAX).await.unwrap();
    world.deliver().await;

    // The last two ways, taken away at once: one stays.
    let second = world.second().await;
    let (password, account) =
        tokio::join!(world.vestibule.remove_own_password(&grace), second.unlink_provider(&grace, &id, "g"));
    assert!(password.is_ok() != account.is_ok(), "{password:?} {account:?}");
    if account.is_ok() {
        link(&world, &grace, &id).await.unwrap();
        world.vestibule.remove_own_password(&grace).await.unwrap();
    }
    assert_eq!(told(&world).await.pop().unwrap().0, "password-removed");
    assert!(world.vestibule.own_sessions(&grace, None).await.unwrap().is_empty(), "and everybody is signed out");
    let sign_in = world.vestibule.sign_in(GRACE, secret_word(), None).await;
    assert_eq!(refused(sign_in), Refusal::SignInFailed);
    assert_eq!(refused(world.vestibule.remove_own_password(&grace).await), Refusal::LastMethod);
    let newest = world.vestibule.own_history(&grace, None).await.unwrap();
    assert!(newest.iter().any(|event| event.kind.as_str() == "password-removed"));
}
