//! Choosing another password after signing in with one that must not last.

use futures::future::join_all;
use vestibule_core::{
    Refusal,
    actor::{Client, Person},
    api_key::Scope,
    env::MINUTE,
    password::{NewPassword, Shown},
    user::create::NewAccount,
};

use super::ada;
use crate::support::{World, refused};

const LOGIN: &str = "ada@engine.example";
const GIVEN: &str = "tall ships sail";
const CHOSEN: &str = "nine quiet rivers run";

both! {
    who_must_choose_another_does_so_once,
    what_a_machine_did_meanwhile_counts,
    sixteen_choices_at_once_are_one,
    a_password_that_a_machine_sets_at_once_stays,
    a_hash_from_elsewhere_is_known_again,
    choosing_is_limited,
}

async fn who_must_choose_another_does_so_once(world: World) {
    let robot = world.client(Scope::ALL).await;
    let (person, shown) = signed_in(&world, &robot).await;
    let vestibule = &world.vestibule;
    assert!(vestibule.must_choose(person.user_id(), &shown).await.unwrap());
    assert!(!format!("{shown:?}").contains("argon2"));
    let data = String::new();
    vestibule.create_session("one".to_owned(), Some(person.user_id().to_owned()), data, i64::MAX).await.unwrap();
    let choose = async |password: &str| vestibule.choose_password(&person, &shown, password.to_owned()).await;
    assert_eq!(refused(choose(GIVEN).await), Refusal::Unchanged);
    assert_eq!(refused(choose("short").await), Refusal::PasswordTooShort { min: 12 });
    assert!(matches!(refused(choose("Ada Lovelace").await), Refusal::PasswordCommon { .. }));
    assert!(vestibule.load_session("one").await.unwrap().is_some());

    choose(CHOSEN).await.unwrap();
    assert!(vestibule.load_session("one").await.unwrap().is_none());
    assert!(!vestibule.record(&robot, person.user_id()).await.unwrap().user.must_change_password);
    let mails = world.db.texts("SELECT kind FROM message").await;
    assert_eq!(mails.iter().filter(|kind| *kind == "password-changed").count(), 1, "{mails:?}");
    assert!(!vestibule.must_choose(person.user_id(), &shown).await.unwrap());
    assert_eq!(refused(choose("another one, please").await), Refusal::Forbidden);
    assert_eq!(refused(vestibule.sign_in(LOGIN, GIVEN.to_owned(), None).await), Refusal::SignInFailed);
    assert_eq!(vestibule.sign_in(LOGIN, CHOSEN.to_owned(), None).await.unwrap().must_change, None);
}

async fn what_a_machine_did_meanwhile_counts(world: World) {
    let robot = world.client(Scope::ALL).await;
    let (person, shown) = signed_in(&world, &robot).await;
    let (vestibule, id) = (&world.vestibule, person.user_id());
    let choose = async |shown: &Shown| vestibule.choose_password(&person, shown, CHOSEN.to_owned()).await;

    vestibule.disable(&robot, id).await.unwrap();
    assert_eq!(refused(choose(&shown).await), Refusal::Forbidden);
    vestibule.enable(&robot, id).await.unwrap();
    vestibule.force_password_change(&robot, id, false).await.unwrap();
    assert_eq!(refused(choose(&shown).await), Refusal::Forbidden);
    vestibule.force_password_change(&robot, id, true).await.unwrap();
    assert!(vestibule.must_choose(id, &shown).await.unwrap());

    // Who knew the one before may not replace the one that was set because of that.
    vestibule.set_password(&robot, id, given("six grey owls hoot", true), false).await.unwrap();
    assert_eq!(refused(choose(&shown).await), Refusal::Forbidden);
    let again = vestibule.sign_in(LOGIN, "six grey owls hoot".to_owned(), None).await.unwrap().must_change.unwrap();
    vestibule.remove_password(&robot, id).await.unwrap();
    assert_eq!(refused(choose(&again).await), Refusal::Forbidden);
    assert_eq!(world.db.count("password").await, 0);
}

async fn sixteen_choices_at_once_are_one(world: World) {
    let robot = world.client(Scope::ALL).await;
    let (person, shown) = signed_in(&world, &robot).await;
    let second = world.second().await;
    let choices = (0..16).map(|number| {
        let instance = if number % 2 == 0 { &world.vestibule } else { &second };
        instance.choose_password(&person, &shown, format!("{number} quiet rivers run"))
    });
    let kept: Vec<_> = join_all(choices).await.into_iter().enumerate().filter(|(_, choice)| choice.is_ok()).collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    let password = format!("{} quiet rivers run", kept[0].0);
    world.vestibule.sign_in(LOGIN, password, None).await.unwrap();
}

async fn a_password_that_a_machine_sets_at_once_stays(world: World) {
    let robot = world.client(Scope::ALL).await;
    let (person, mut shown) = signed_in(&world, &robot).await;
    for number in 0..6 {
        let set = format!("{number} grey owls hoot");
        let (_, done) = tokio::join!(
            world.vestibule.choose_password(&person, &shown, CHOSEN.to_owned()),
            world.vestibule.set_password(&robot, person.user_id(), given(&set, true), false),
        );
        done.unwrap();
        shown = world.vestibule.sign_in(LOGIN, set, None).await.unwrap().must_change.unwrap();
    }
}

async fn a_hash_from_elsewhere_is_known_again(world: World) {
    let robot = world.client(Scope::ALL).await;
    let (person, _) = signed_in(&world, &robot).await;
    let hash = bcrypt::hash("the analytical engine", 4).unwrap();
    let new = NewPassword::Hash { hash, must_change: true };
    world.vestibule.set_password(&robot, person.user_id(), new, false).await.unwrap();
    let signed_in = world.vestibule.sign_in(LOGIN, "the analytical engine".to_owned(), None).await.unwrap();
    let shown = signed_in.must_change.unwrap();
    world.vestibule.choose_password(&person, &shown, CHOSEN.to_owned()).await.unwrap();
}

async fn choosing_is_limited(world: World) {
    let robot = world.client(Scope::ALL).await;
    let (person, shown) = signed_in(&world, &robot).await;
    let choose = async |password: &str| world.vestibule.choose_password(&person, &shown, password.to_owned()).await;
    for _ in 0..10 {
        assert_eq!(refused(choose(GIVEN).await), Refusal::Unchanged);
    }
    assert!(matches!(refused(choose(CHOSEN).await), Refusal::Limited { .. }));
    world.env.pass(10 * MINUTE);
    choose(CHOSEN).await.unwrap();
}

fn given(password: &str, must_change: bool) -> NewPassword {
    NewPassword::Clear { password: password.to_owned(), must_change, check: true }
}

/// Ada, who has signed in with a password that a machine gave her and that must not last.
async fn signed_in(world: &World, robot: &Client) -> (Person, Shown) {
    let id = world.account(robot, NewAccount { address_verified: true, ..ada(LOGIN) }).await;
    world.vestibule.set_password(robot, &id, given(GIVEN, true), false).await.unwrap();
    let signed_in = world.vestibule.sign_in(LOGIN, GIVEN.to_owned(), None).await.unwrap();
    let person = world.vestibule.visitor(&id).await.unwrap().unwrap().person();
    (person, signed_in.must_change.unwrap())
}
