//! Passwords that machines set, and those that come from elsewhere.

use vestibule_core::{
    Refusal,
    api_key::Scope,
    code_request::{CodeRequest, Way},
    password::NewPassword,
};

use super::ada;
use crate::support::{World, people::form, refused, typed, wrong};

both! {
    a_hash_from_elsewhere_signs_in_and_becomes_ours,
    a_first_password_by_a_machine_ends_the_invite,
    a_reset_code_sets_a_password_once,
    the_policy_can_be_waived_but_not_reason,
    the_old_password_is_asked_for_and_guessing_is_limited,
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
