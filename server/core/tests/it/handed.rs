//! What was handed to somebody leads into no account that has got a role since.

use vestibule_core::{
    Refusal,
    actor::{Admin, Role},
    code::Purpose,
    code_request::{CodeRequest, Way},
    redeem::{Secret, Try},
};

use crate::support::{World, address, by_link, people::form, refused, secret_word};

both! {
    what_a_manager_was_handed_ends_when_the_person_gets_a_role,
    a_set_up_session_that_a_manager_holds_ends_as_well,
    a_passkey_link_that_a_manager_used_ends_as_well,
    what_a_client_was_given_ends_when_the_person_gets_a_role,
    what_was_mailed_or_handed_to_the_owner_goes_on_working,
    who_has_got_a_stronger_role_is_invited_again_by_nobody_weaker,
    handing_over_while_a_role_is_given_leads_nowhere,
}

async fn what_a_manager_was_handed_ends_when_the_person_gets_a_role(world: World) {
    let (owner, manager) = both(&world).await;
    let invited = world.invite(&manager, "grace@navy.example").await;
    let shown = world.vestibule.hand_over(&manager, &invited.challenge_id).await.unwrap();
    world.vestibule.grant_role(&owner, &invited.user_id, Some(Role::Owner)).await.unwrap();
    assert_eq!(refused(world.vestibule.redeem(by_link(&shown.token)).await), Refusal::Revoked);
    let steps = world.steps(&owner, &invited.user_id).await;
    assert_eq!(steps[steps.len() - 3..], ["secret-shown", "invite-revoked", "role-granted"]);
    let again = world.invite(&owner, "grace@navy.example").await;
    let mailed = world.mailed(&again.challenge_id).await;
    world.vestibule.redeem(by_link(&mailed.token)).await.unwrap();
}

async fn a_set_up_session_that_a_manager_holds_ends_as_well(world: World) {
    let (owner, manager) = both(&world).await;
    let invited = world.invite(&manager, "grace@navy.example").await;
    let shown = world.vestibule.hand_over(&manager, &invited.challenge_id).await.unwrap();
    let redeemed = world.vestibule.redeem(by_link(&shown.token)).await.unwrap();
    world.vestibule.grant_role(&owner, &invited.user_id, Some(Role::Viewer)).await.unwrap();
    assert_eq!(refused(world.vestibule.set_first_password(&redeemed, secret_word()).await), Refusal::SetupOver);
}

async fn a_passkey_link_that_a_manager_used_ends_as_well(world: World) {
    let (owner, manager) = both(&world).await;
    let person = world.person(&owner, "grace@navy.example").await;
    let link = world.vestibule.request_passkey_link(&manager, &person.user_id, CodeRequest::default()).await.unwrap();
    let shown = world.vestibule.hand_over(&manager, &link.challenge_id).await.unwrap();
    let secret = Secret::For(Purpose::Passkey, Box::new(Secret::Link(shown.token)));
    let redeemed = world.vestibule.redeem(Try { secret, by: None, ip: None }).await.unwrap();
    world.vestibule.begin_first_passkey(&redeemed).await.unwrap();
    world.vestibule.grant_role(&owner, &person.user_id, Some(Role::Support)).await.unwrap();
    assert_eq!(world.db.count("ceremony").await, 0);
    assert_eq!(refused(world.vestibule.begin_first_passkey(&redeemed).await), Refusal::SetupOver);
}

async fn what_a_client_was_given_ends_when_the_person_gets_a_role(world: World) {
    let (owner, manager) = both(&world).await;
    let person = world.person(&owner, "grace@navy.example").await;
    let ask = CodeRequest { way: Way::Return, ..CodeRequest::default() };
    let issued = world.vestibule.invite_user(&manager, &person.user_id, ask).await.unwrap();
    world.vestibule.grant_role(&owner, &person.user_id, Some(Role::Support)).await.unwrap();
    assert_eq!(refused(world.vestibule.redeem(by_link(&issued.drawn.unwrap().token)).await), Refusal::Revoked);
}

async fn what_was_mailed_or_handed_to_the_owner_goes_on_working(world: World) {
    let (owner, manager) = both(&world).await;
    let (mailed, letter) = world.invite_mailed(&manager, "grace@navy.example").await;
    let handed = world.invite(&owner, "ada@navy.example").await;
    let shown = world.vestibule.hand_over(&owner, &handed.challenge_id).await.unwrap();
    for (invited, drawn) in [(mailed, letter), (handed, shown)] {
        world.vestibule.grant_role(&owner, &invited.user_id, Some(Role::Manager)).await.unwrap();
        let redeemed = world.vestibule.redeem(by_link(&drawn.token)).await.unwrap();
        world.vestibule.set_first_password(&redeemed, secret_word()).await.unwrap();
    }
}

async fn who_has_got_a_stronger_role_is_invited_again_by_nobody_weaker(world: World) {
    let (owner, manager) = both(&world).await;
    let (invited, drawn) = world.invite_mailed(&manager, "grace@navy.example").await;
    world.vestibule.grant_role(&owner, &invited.user_id, Some(Role::Owner)).await.unwrap();
    assert_eq!(refused(world.vestibule.invite(&manager, form("grace@navy.example")).await), Refusal::Forbidden);
    world.vestibule.redeem(by_link(&drawn.token)).await.unwrap();
}

async fn handing_over_while_a_role_is_given_leads_nowhere(world: World) {
    let (owner, manager) = both(&world).await;
    let other = world.second().await;
    for round in 0..12 {
        let invited = world.invite(&manager, &format!("grace{round}@navy.example")).await;
        let (granted, shown) = tokio::join!(
            world.vestibule.grant_role(&owner, &invited.user_id, Some(Role::Owner)),
            other.hand_over(&manager, &invited.challenge_id)
        );
        granted.unwrap();
        match shown {
            Ok(shown) => assert_eq!(refused(other.redeem(by_link(&shown.token)).await), Refusal::Revoked),
            Err(error) => assert_eq!(error.refusal(), Some(&Refusal::Forbidden)),
        }
    }
}

async fn both(world: &World) -> (Admin, Admin) {
    let owner = world.owner().await;
    let login = address("max@acme.example");
    let made = world.vestibule.create_administrator(&login, "Max", Role::Manager, secret_word()).await;
    let manager = world.admin(&made.unwrap()).await;
    (owner, manager)
}
