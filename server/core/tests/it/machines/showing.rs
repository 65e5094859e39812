//! Histories tell who showed a code: the client that was told it, or the person to whom it went.

use vestibule_core::{
    actor::{Actor, Principal},
    api_key::Scope,
    code::{Purpose, TypedCode},
    code_request::{CodeRequest, Way},
    event::EventKind,
    password::NewPassword,
    redeem::{Aim, Secret, Try, UserCode},
};

use super::ada;
use crate::support::{World, by_link, secret_word, typed, wrong};

both! {
    a_client_that_shows_a_code_stands_in_the_history,
    a_person_who_shows_one_stands_there_too,
    who_acts_on_whom,
}

const RETURN: CodeRequest = CodeRequest {
    way: Way::Return,
    lifetime: None,
    template: None,
    application: None,
    words: String::new(),
    account: false,
};

fn shown(world: &World, user_id: &str, purpose: Purpose, code: TypedCode, by: Actor) -> Try {
    let (organization_id, user_id) = (world.organization.clone(), user_id.to_owned());
    let secret = Secret::CodeOf(UserCode { organization_id, user_id, purpose, code, aim: Aim::Address });
    Try { secret, by: Some(by), ip: None }
}

/// Who did each of these things to a user, oldest first.
async fn doers(world: &World, user_id: &str, kinds: &[EventKind]) -> Vec<(EventKind, Actor)> {
    let owner = world.owner().await;
    let history = world.view(&owner, user_id).await.history;
    let told = history.into_iter().rev().filter(|event| kinds.contains(&event.kind));
    told.map(|event| (event.kind, event.actor)).collect()
}

async fn a_client_that_shows_a_code_stands_in_the_history(world: World) {
    let robot = world.client(Scope::ALL).await;
    let (id, by) = (world.account(&robot, ada("ada@engine.example")).await, robot.actor());
    let drawn = world.vestibule.send_code(&robot, &id, None, RETURN).await.unwrap().drawn.unwrap();
    let email = |code| shown(&world, &id, Purpose::Email, code, by.clone());
    world.vestibule.redeem(email(wrong(&drawn))).await.unwrap_err();
    world.vestibule.redeem(email(typed(&drawn))).await.unwrap();
    let drawn = world.vestibule.invite_user(&robot, &id, RETURN).await.unwrap().drawn.unwrap();
    let invite = |code| shown(&world, &id, Purpose::Invite, code, by.clone());
    world.vestibule.redeem(invite(wrong(&drawn))).await.unwrap_err();
    world.vestibule.redeem(invite(typed(&drawn))).await.unwrap();
    let drawn = world.vestibule.request_password_reset(&robot, &id, RETURN).await.unwrap().drawn.unwrap();
    let new = NewPassword::Clear { password: secret_word(), must_change: false, check: true };
    let reset = world.vestibule.reset_password_of(by.clone(), &world.organization, &id, typed(&drawn), new).await;
    reset.unwrap();
    let kinds = [
        EventKind::CodeRefused,
        EventKind::EmailVerified,
        EventKind::InviteOpened,
        EventKind::InviteAccepted,
        EventKind::PasswordSet,
        EventKind::InviteReady,
    ];
    let told = doers(&world, &id, &kinds).await;
    assert!(told.iter().all(|(_, actor)| *actor == by), "{told:?}");
    let told: Vec<EventKind> = told.into_iter().map(|(kind, _)| kind).collect();
    let [refused, verified, opened, accepted, set, ready] = kinds;
    assert_eq!(told, [refused, verified, opened, refused, accepted, set, ready]);
}

async fn a_person_who_shows_one_stands_there_too(world: World) {
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, ada("ada@engine.example")).await;
    let other = world.account(&robot, ada("other@engine.example")).await;
    let kinds = [EventKind::CodeRefused, EventKind::EmailVerified];
    let drawn = world.vestibule.send_code(&robot, &id, None, RETURN).await.unwrap().drawn.unwrap();
    // Somebody else with a token of their own, and then the person with the link.
    let stranger = Actor::Person { id: other };
    let guess = shown(&world, &id, Purpose::Email, wrong(&drawn), stranger.clone());
    world.vestibule.redeem(guess).await.unwrap_err();
    world.vestibule.redeem(by_link(&drawn.token)).await.unwrap();
    let person = Actor::Person { id: id.clone() };
    let told = doers(&world, &id, &kinds).await;
    assert_eq!(told, [(kinds[0], stranger), (kinds[1], person)]);
}

async fn who_acts_on_whom(world: World) {
    let owner = world.owner().await;
    let robot = world.client(&[Scope::Read]).await;
    let person = world.vestibule.visitor(owner.user_id()).await.unwrap().unwrap().person();
    let own = Actor::Person { id: owner.user_id().to_owned() };
    let principal = Principal::Person { person: person.clone(), admin: Some(owner.clone()) };
    assert_eq!(principal.actor_on("grace"), owner.actor());
    assert_eq!(principal.actor_on(owner.user_id()), own, "an administrator has an address of their own to prove");
    assert_eq!(Principal::Person { person, admin: None }.actor_on("grace"), own);
    assert_eq!(Principal::Client(robot.clone()).actor_on("grace"), robot.actor());
}
