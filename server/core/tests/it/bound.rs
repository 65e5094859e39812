//! Rule 7: a challenge is bound to the address that it was sent to.

use vestibule_core::Refusal;

use crate::support::{World, address, at_address, at_handle, by_link, refused, typed, wrong};

both! {
    removing_an_address_ends_what_was_sent_to_it_and_tells_its_holder,
    an_address_that_comes_back_is_not_verified_by_an_old_code,
    removing_the_invited_address_ends_the_invite,
    a_code_proves_the_address_that_it_was_sent_to_and_no_other,
}

async fn removing_an_address_ends_what_was_sent_to_it_and_tells_its_holder(world: World) {
    let owner = world.owner().await;
    let mut grace = world.person(&owner, "grace@navy.example").await;
    let second = address("hopper@yale.example");
    grace.email_id = world.vestibule.add_address(&owner, &grace.user_id, &second).await.unwrap();
    let drawn = world.send_code(&owner, &grace).await;
    world.env.pass(60_000);
    world.vestibule.resend(&drawn.challenge_id, None).await.unwrap();
    world.vestibule.remove_address(&owner, &grace.user_id, &grace.email_id).await.unwrap();

    assert!(world.deliver().await.is_empty(), "the mail that waited is cancelled");
    assert_eq!(world.db.count("message WHERE state = 'cancelled' AND kind = 'code'").await, 1);
    for attempt in
        [at_handle(&drawn.challenge_id, typed(&drawn)), at_address(&second, typed(&drawn)), by_link(&drawn.token)]
    {
        assert_eq!(refused(world.vestibule.redeem(attempt).await), Refusal::AddressChanged);
    }
    let stranger = world.vestibule.redeem(at_address(&second, wrong(&drawn))).await;
    assert!(matches!(refused(stranger), Refusal::Wrong { .. }));
    assert_eq!(refused(world.vestibule.resend(&drawn.challenge_id, None).await), Refusal::AddressChanged);
    let emails = world.view(&owner, &grace.user_id).await.emails;
    assert_eq!(emails.len(), 1);
    assert!(emails[0].challenge.is_none(), "the primary address was never sent a code");
}

async fn an_address_that_comes_back_is_not_verified_by_an_old_code(world: World) {
    let owner = world.owner().await;
    let mut grace = world.person(&owner, "grace@navy.example").await;
    let second = address("hopper@yale.example");
    grace.email_id = world.vestibule.add_address(&owner, &grace.user_id, &second).await.unwrap();
    let drawn = world.send_code(&owner, &grace).await;
    world.vestibule.remove_address(&owner, &grace.user_id, &grace.email_id).await.unwrap();
    world.vestibule.add_address(&owner, &grace.user_id, &second).await.unwrap();
    let answer = world.vestibule.redeem(at_handle(&drawn.challenge_id, typed(&drawn))).await;
    assert_eq!(refused(answer), Refusal::AddressChanged);
    assert_eq!(world.db.count("email WHERE verified_at IS NOT NULL").await, 0);
}

async fn removing_the_invited_address_ends_the_invite(world: World) {
    let owner = world.owner().await;
    let (invited, drawn) = world.invite_mailed(&owner, "grace@navy.example").await;
    let first = world.view(&owner, &invited.user_id).await.emails[0].email.id.clone();
    let second = world.vestibule.add_address(&owner, &invited.user_id, &address("hopper@yale.example")).await.unwrap();
    world.vestibule.mark_verified(&owner, &invited.user_id, &second, "met her", None).await.unwrap();
    world.vestibule.make_primary(&owner, &invited.user_id, &second).await.unwrap();
    world.vestibule.remove_address(&owner, &invited.user_id, &first).await.unwrap();
    assert_eq!(refused(world.vestibule.redeem(by_link(&drawn.token)).await), Refusal::AddressChanged);
    assert_eq!(world.vestibule.overview(&owner).await.unwrap().open_invites, 0);
    assert!(!world.view(&owner, &invited.user_id).await.invite.unwrap().state.is_open());
}

async fn a_code_proves_the_address_that_it_was_sent_to_and_no_other(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let alan = world.person(&owner, "alan@park.example").await;
    let drawn = world.send_code(&owner, &grace).await;
    world.send_code(&owner, &alan).await;
    let answer = world.vestibule.redeem(at_address(&alan.address, typed(&drawn))).await;
    assert_eq!(refused(answer), Refusal::Wrong { left: 4 });
    assert!(!world.is_verified(&owner, &alan).await);
    assert!(!world.is_verified(&owner, &grace).await);
}
