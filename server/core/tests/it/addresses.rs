//! Adding, removing, choosing and un-verifying addresses.

use vestibule_core::{Refusal, event::Standing, outbox::MessageKind};

use crate::support::{World, address, at_address, people::form, refused, typed};

both! {
    an_added_address_is_found_verified_made_primary_and_told,
    an_address_belongs_to_one_user_of_an_organization,
    the_primary_address_stays,
    unverifying_takes_the_proof_away_with_a_reason,
    a_mark_needs_a_reason,
    a_user_name_that_nobody_chose_follows_the_primary_address,
}

async fn an_added_address_is_found_verified_made_primary_and_told(world: World) {
    let owner = world.owner().await;
    let mut grace = world.person(&owner, "grace@navy.example").await;
    world.vestibule.mark_verified(&owner, &grace.user_id, &grace.email_id, "met her", None).await.unwrap();
    let first = grace.email_id.clone();
    grace.email_id =
        world.vestibule.add_address(&owner, &grace.user_id, &address("Hopper@Yale.example")).await.unwrap();
    grace.address = address("hopper@yale.example");
    assert_eq!(
        refused(world.vestibule.make_primary(&owner, &grace.user_id, &grace.email_id).await),
        Refusal::NotVerified
    );

    let drawn = world.send_code(&owner, &grace).await;
    world.vestibule.redeem(at_address(&grace.address, typed(&drawn))).await.unwrap();
    world.vestibule.make_primary(&owner, &grace.user_id, &grace.email_id).await.unwrap();
    assert_eq!(refused(world.vestibule.make_primary(&owner, &grace.user_id, &grace.email_id).await), Refusal::Stale);
    let emails = world.view(&owner, &grace.user_id).await.emails;
    assert_eq!((emails[0].email.id.as_str(), emails[0].email.is_primary), (grace.email_id.as_str(), true));
    assert_eq!((emails[1].email.id.as_str(), emails[1].email.is_primary), (first.as_str(), false));

    let letters = world.deliver().await;
    assert_eq!((letters.len(), letters[0].kind), (1, MessageKind::PrimaryChanged));
    assert_eq!(
        (letters[0].recipient.as_str(), letters[0].data.address.as_str()),
        ("grace@navy.example", "Hopper@Yale.example")
    );
    let steps = world.steps(&owner, &grace.user_id).await;
    assert_eq!(
        steps[4..],
        ["email-added", "code-requested", "mail-sent", "email-verified", "email-made-primary", "mail-sent"]
    );
}

async fn an_address_belongs_to_one_user_of_an_organization(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let alan = world.person(&owner, "alan@park.example").await;
    for text in ["grace@navy.example", "GRACE@Navy.Example", "alan@park.example"] {
        let answer = world.vestibule.add_address(&owner, &alan.user_id, &address(text)).await;
        assert_eq!(refused(answer), Refusal::AddressTaken, "{text}");
    }
    world.vestibule.add_address(&owner, &grace.user_id, &address("hopper@yale.example")).await.unwrap();
    let invited = world.vestibule.invite(&owner, form("hopper@yale.example")).await.unwrap();
    assert_eq!(invited.user_id, grace.user_id, "inviting by a second address finds the same user");
}

async fn the_primary_address_stays(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let drawn = world.send_code(&owner, &grace).await;
    let answer = world.vestibule.remove_address(&owner, &grace.user_id, &grace.email_id).await;
    assert_eq!(refused(answer), Refusal::PrimaryAddress);
    world.vestibule.redeem(at_address(&grace.address, typed(&drawn))).await.unwrap();
}

async fn unverifying_takes_the_proof_away_with_a_reason(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    assert_eq!(
        refused(world.vestibule.unverify(&owner, &grace.user_id, &grace.email_id, "a typo").await),
        Refusal::NotVerified
    );
    world.vestibule.mark_verified(&owner, &grace.user_id, &grace.email_id, "met her", None).await.unwrap();
    assert_eq!(refused(world.vestibule.unverify(&owner, &grace.user_id, &grace.email_id, " \n ").await), Refusal::Text);
    world.vestibule.unverify(&owner, &grace.user_id, &grace.email_id, "a typo").await.unwrap();

    let view = world.view(&owner, &grace.user_id).await;
    let email = &view.emails[0].email;
    assert_eq!(
        (email.verified_at, email.proof, email.proof_reason.as_deref(), email.proof_actor.as_deref()),
        (None, None, None, None)
    );
    assert_eq!(view.user.standing, Standing::Unverified);
    assert_eq!(
        (view.history[0].kind.as_str(), view.history[0].data.reason.as_deref()),
        ("email-unverified", Some("a typo"))
    );
    let drawn = world.send_code(&owner, &grace).await;
    world.vestibule.redeem(at_address(&grace.address, typed(&drawn))).await.unwrap();
}

async fn a_mark_needs_a_reason(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    for reason in ["", "  ", &"x".repeat(501), "a\u{7}b"] {
        let answer = world.vestibule.mark_verified(&owner, &grace.user_id, &grace.email_id, reason, None).await;
        assert_eq!(refused(answer), Refusal::Text, "{reason:?}");
    }
    assert!(!world.is_verified(&owner, &grace).await);
}

/// Else nobody could be invited at an address that its holder has given up.
async fn a_user_name_that_nobody_chose_follows_the_primary_address(world: World) {
    let owner = world.owner().await;
    let person = world.person(&owner, "old@navy.example").await;
    let new = world.vestibule.add_address(&owner, &person.user_id, &address("New@navy.example")).await.unwrap();
    world.vestibule.mark_verified(&owner, &person.user_id, &new, "met her", None).await.unwrap();
    world.vestibule.make_primary(&owner, &person.user_id, &new).await.unwrap();
    world.vestibule.remove_address(&owner, &person.user_id, &person.email_id).await.unwrap();
    assert_eq!(world.view(&owner, &person.user_id).await.user.username, "New@navy.example");
    let other = world.invite(&owner, "old@navy.example").await;
    assert_ne!(other.user_id, person.user_id);
}
