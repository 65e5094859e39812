//! How long an invite works is for its inviter to say.

use vestibule_core::{
    Refusal,
    actor::Language,
    env::{DAY, HOUR, MINUTE},
    invite::InviteForm,
};

use crate::support::{World, address, by_link, people::form, refused};

both! {
    an_invite_whose_time_is_over_gets_more_from_an_administrator_alone,
    a_code_asked_for_anew_works_no_longer_than_the_invite_does,
    a_replaced_or_expired_link_declines_nothing,
    inviting_again_corrects_the_name_and_the_language,
}

fn for_a_day(text: &str) -> InviteForm {
    InviteForm { lifetime: Some(DAY), ..form(text) }
}

async fn an_invite_whose_time_is_over_gets_more_from_an_administrator_alone(world: World) {
    let owner = world.owner().await;
    let invited = world.vestibule.invite(&owner, for_a_day("grace@navy.example")).await.unwrap();
    let drawn = world.mailed(&invited.challenge_id).await;
    world.env.pass(DAY);
    assert_eq!(refused(world.vestibule.redeem(by_link(&drawn.token)).await), Refusal::Expired);
    assert_eq!(refused(world.vestibule.resend(&invited.challenge_id, None).await), Refusal::Expired);
    // A stranger is told nothing by the answer, and the holder of the address gets no way into the account.
    world.vestibule.forgot_password(&address("grace@navy.example"), None).await.unwrap();
    assert!(world.deliver().await.is_empty());
    world.env.pass(MINUTE);
    world.vestibule.request_code(&address("grace@navy.example"), None).await.unwrap();
    let kinds: Vec<&str> = world.deliver().await.iter().map(|letter| letter.kind.as_str()).collect();
    assert_eq!(kinds, ["code"], "the address may still be proven");
    world.env.pass(MINUTE);
    world.vestibule.resend_invite(&owner, &invited.id).await.unwrap();
    let anew = world.mailed(&invited.challenge_id).await;
    world.vestibule.redeem(by_link(&anew.token)).await.unwrap();
}

async fn a_code_asked_for_anew_works_no_longer_than_the_invite_does(world: World) {
    let owner = world.owner().await;
    let invited = world.vestibule.invite(&owner, for_a_day("grace@navy.example")).await.unwrap();
    world.deliver().await;
    world.env.pass(DAY - HOUR);
    world.vestibule.resend(&invited.challenge_id, None).await.unwrap();
    // Nor by what the mail waits for its server.
    world.env.pass(MINUTE);
    let drawn = world.mailed(&invited.challenge_id).await;
    assert_eq!(drawn.expires_at, world.vestibule.now() + HOUR - MINUTE);
    world.env.pass(HOUR - MINUTE);
    assert_eq!(refused(world.vestibule.redeem(by_link(&drawn.token)).await), Refusal::Expired);
}

async fn a_replaced_or_expired_link_declines_nothing(world: World) {
    let owner = world.owner().await;
    let (invited, first) = world.invite_mailed(&owner, "grace@navy.example").await;
    world.env.pass(MINUTE);
    world.vestibule.resend_invite(&owner, &invited.id).await.unwrap();
    let second = world.mailed(&invited.challenge_id).await;
    assert_eq!(refused(world.vestibule.decline_invite(&first.token).await), Refusal::Replaced);
    world.env.pass(30 * DAY);
    assert_eq!(refused(world.vestibule.decline_invite(&second.token).await), Refusal::Expired);
    assert_eq!(world.view(&owner, &invited.user_id).await.invite.unwrap().state.as_str(), "sent");
}

async fn inviting_again_corrects_the_name_and_the_language(world: World) {
    let owner = world.owner().await;
    let first = world.invite(&owner, "grace@navy.example").await;
    let corrected =
        InviteForm { name: "Grace Brewster".to_owned(), language: Language::German, ..form("grace@navy.example") };
    let second = world.vestibule.invite(&owner, corrected).await.unwrap();
    assert_eq!(first.user_id, second.user_id);
    let view = world.view(&owner, &second.user_id).await;
    assert_eq!((view.user.name.as_str(), view.user.language), ("Grace Brewster", Language::German));
    assert_eq!(world.steps(&owner, &second.user_id).await, ["user-created", "invited", "user-changed", "invited"]);
    let found = world.db.texts("SELECT search FROM users WHERE search LIKE '%brewster%'").await;
    assert_eq!(found.len(), 1, "and the list finds her by it");
}
