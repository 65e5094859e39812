//! Passwords that machines set, and those that come from elsewhere.

use vestibule_core::{
    Refusal,
    api_key::Scope,
    code_request::{CodeRequest, Way},
    password::{NewPassword, PasswordCheck},
    user::create::NewAccount,
};

use super::ada;
use crate::support::{World, people::form, refused, typed, wrong};

both! {
    a_hash_from_elsewhere_signs_in_and_becomes_ours,
    a_first_password_by_a_machine_ends_the_invite,
    a_reset_code_sets_a_password_once,
    the_policy_can_be_waived_but_not_reason,
    the_old_password_is_asked_for_and_guessing_is_limited,
    a_password_is_checked_for_a_client,
    sixteen_guesses_at_once_are_ten,
    what_is_forgotten_opens_sign_in_too,
}

fn clear(password: &str) -> NewPassword {
    NewPassword::Clear { password: password.to_owned(), must_change: false, check: true }
}

async fn a_hash_from_elsewhere_signs_in_and_becomes_ours(world: World) {
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, ada("ada@engine.example")).await;
    let hash = bcrypt::hash("the analytical engine", 4).unwrap();
    let new = NewPassword::Hash { hash, must_change: true };
    world.vestibule.set_password(&robot, &id, new, false).await.unwrap();
    assert!(world.vestibule.record(&robot, &id).await.unwrap().user.must_change_password);
    world.vestibule.sign_in("ada@engine.example", "the analytical engine".to_owned(), None).await.unwrap();
    let stored = world.db.texts("SELECT hash FROM password").await;
    assert!(stored[0].starts_with("$argon2id$"), "{}", stored[0]);
    let odd = NewPassword::Hash { hash: "md5:abc".to_owned(), must_change: false };
    assert_eq!(refused(world.vestibule.set_password(&robot, &id, odd, false).await), Refusal::Hash);
}

async fn a_first_password_by_a_machine_ends_the_invite(world: World) {
    let owner = world.owner().await;
    let robot = world.client(Scope::ALL).await;
    let invited = world.vestibule.invite(&owner, form("grace@navy.example")).await.unwrap();
    let drawn = world.mailed(&invited.challenge_id).await;
    world.vestibule.set_password(&robot, &invited.user_id, clear("tall ships sail"), false).await.unwrap();
    let late = world.vestibule.redeem(crate::support::by_link(&drawn.token)).await;
    assert_eq!(refused(late), Refusal::Used);
    let states = world.db.texts("SELECT state FROM invite").await;
    assert_eq!(states, ["ready"]);
    assert_eq!(
        refused(world.vestibule.invite_user(&robot, &invited.user_id, CodeRequest::default()).await),
        Refusal::HasMethod
    );
}

async fn a_reset_code_sets_a_password_once(world: World) {
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, ada("ada@engine.example")).await;
    let request = CodeRequest { way: Way::Return, ..CodeRequest::default() };
    let drawn = world.vestibule.request_password_reset(&robot, &id, request).await.unwrap().drawn.unwrap();
    let reset = async |code, password: &str| {
        world.vestibule.reset_password_of(robot.actor(), &world.organization, &id, code, clear(password)).await
    };
    assert_eq!(refused(reset(wrong(&drawn), "tall ships sail").await), Refusal::Wrong { left: 4 });
    // A password that the policy refuses costs neither the code nor a try.
    assert_eq!(refused(reset(typed(&drawn), "short").await), Refusal::PasswordTooShort { min: 12 });
    reset(typed(&drawn), "tall ships sail").await.unwrap();
    assert_eq!(refused(reset(typed(&drawn), "another one, please").await), Refusal::Used);
    world.vestibule.sign_in("ada@engine.example", "tall ships sail".to_owned(), None).await.unwrap();
}

async fn the_policy_can_be_waived_but_not_reason(world: World) {
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, ada("ada@engine.example")).await;
    let waived = |text: &str| NewPassword::Clear { password: text.to_owned(), must_change: false, check: false };
    assert!(world.vestibule.set_password(&robot, &id, clear("short"), false).await.is_err());
    world.vestibule.set_password(&robot, &id, waived("short"), false).await.unwrap();
    assert!(world.vestibule.set_password(&robot, &id, waived(""), false).await.is_err());
    let endless = world.vestibule.set_password(&robot, &id, waived(&"x".repeat(2_000)), false).await;
    assert_eq!(refused(endless), Refusal::PasswordTooLong);
    world.vestibule.force_password_change(&robot, &id, true).await.unwrap();
    assert_eq!(refused(world.vestibule.force_password_change(&robot, &id, true).await), Refusal::Unchanged);
    world.vestibule.remove_password(&robot, &id).await.unwrap();
    assert_eq!(refused(world.vestibule.remove_password(&robot, &id).await), Refusal::Unchanged);
}

async fn the_old_password_is_asked_for_and_guessing_is_limited(world: World) {
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, ada("ada@engine.example")).await;
    world.vestibule.set_password(&robot, &id, clear("tall ships sail"), false).await.unwrap();
    let change = async |old: &str| {
        world.vestibule.change_password(&robot, &id, old.to_owned(), clear("the analytical engine"), true).await
    };
    change("tall ships sail").await.unwrap();
    for _ in 0..10 {
        assert_eq!(refused(change("a guess").await), Refusal::SignInFailed);
    }
    assert!(matches!(refused(change("a guess").await), Refusal::Limited { .. }));
}

async fn a_password_is_checked_for_a_client(world: World) {
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, ada("ada@engine.example")).await;
    let check = async |password: &str| world.vestibule.check_password(&robot, &id, password.to_owned()).await;
    assert_eq!(check("a guess").await.unwrap(), PasswordCheck::Missing);
    world.vestibule.set_password(&robot, &id, clear("tall ships sail"), false).await.unwrap();
    assert_eq!(check("a guess").await.unwrap(), PasswordCheck::Wrong { left: 8 });
    assert_eq!(check("tall ships sail").await.unwrap(), PasswordCheck::Right);
    assert_eq!(check(&"x".repeat(5_000)).await.unwrap(), PasswordCheck::Wrong { left: 9 });
    let record = world.vestibule.record(&robot, &id).await.unwrap();
    assert_eq!((record.user.sign_ins, record.user.last_sign_in_at), (0, None), "nobody is signed in by it");
    for left in (0..9).rev() {
        assert_eq!(check("a guess").await.unwrap(), PasswordCheck::Wrong { left });
    }
    // The same guesses count where the old password is asked for, and the right one is of no use either.
    assert!(matches!(refused(check("tall ships sail").await), Refusal::Limited { .. }));
    let change = world
        .vestibule
        .change_password(&robot, &id, "tall ships sail".to_owned(), clear("the analytical engine"), true)
        .await;
    assert!(matches!(refused(change), Refusal::Limited { .. }));
    world.env.pass(600_000);
    assert_eq!(check("tall ships sail").await.unwrap(), PasswordCheck::Right);
    world.vestibule.disable(&robot, &id).await.unwrap();
    assert_eq!(refused(check("tall ships sail").await), Refusal::Disabled);
    assert_eq!(refused(check("a guess").await), Refusal::Disabled);
}

async fn sixteen_guesses_at_once_are_ten(world: World) {
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, ada("ada@engine.example")).await;
    world.vestibule.set_password(&robot, &id, clear("tall ships sail"), false).await.unwrap();
    let racers = (0..16).map(|_| {
        let (vestibule, robot, id) = (world.vestibule.clone(), robot.clone(), id.clone());
        tokio::spawn(async move { vestibule.check_password(&robot, &id, "a guess".to_owned()).await.is_ok() })
    });
    let compared = futures::future::join_all(racers).await.into_iter().filter(|racer| *racer.as_ref().unwrap());
    assert_eq!(compared.count(), 10);
}

async fn what_is_forgotten_opens_sign_in_too(world: World) {
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, NewAccount { username: Some("Ada".to_owned()), ..ada("ada@engine.example") }).await;
    world.vestibule.set_password(&robot, &id, clear("tall ships sail"), false).await.unwrap();
    let sign_in = async |login: &str, password: &str| {
        world.vestibule.sign_in(login, password.to_owned(), None).await.map_err(|error| error.refusal().cloned())
    };
    for login in ["ada@engine.example", "ADA"] {
        for _ in 0..11 {
            sign_in(login, "a guess").await.unwrap_err();
        }
        let locked = sign_in(login, "tall ships sail").await.unwrap_err();
        assert!(matches!(locked, Some(Refusal::Limited { .. })), "{locked:?}");
    }
    world.vestibule.forget_guesses(&robot, &id).await.unwrap();
    for login in ["ada@engine.example", "ADA"] {
        sign_in(login, "tall ships sail").await.unwrap();
    }
}
