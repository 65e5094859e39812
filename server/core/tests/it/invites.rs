//! An invite's life.

use vestibule_core::{
    Refusal,
    env::{DAY, HOUR},
    event::Standing,
    invite::{InviteFilter, InviteForm},
    outbox::{Delivery, MessageKind},
    prove::ProofKind,
};

use crate::support::{World, address, at_handle, by_link, people::form, refused, secret_word, typed, wrong};

both! {
    an_invite_goes_from_pending_to_ready,
    an_invite_redeemed_twice_proves_once,
    a_new_invite_replaces_the_open_one,
    two_invites_at_once_leave_one_open,
    revoking_and_declining_end_it_once,
    who_can_sign_in_or_is_disabled_is_not_invited,
    an_invite_sent_again_works_and_the_old_mail_does_not,
    a_mail_that_comes_back_bounces_the_invite,
    the_lists_tell_open_expired_and_ended_apart,
    a_form_that_makes_no_sense_is_refused,
    a_new_invite_ends_the_older_one_at_another_address,
}

async fn an_invite_goes_from_pending_to_ready(world: World) {
    let owner = world.owner().await;
    let invited = world.invite(&owner, "grace@navy.example").await;
    let user = &invited.user_id;
    assert_eq!(state(&world, &owner, user).await, ("pending", Standing::Invited));
    let drawn = world.mailed(&invited.challenge_id).await;
    assert_eq!(state(&world, &owner, user).await, ("sent", Standing::Invited));
    let _ = world.vestibule.redeem(at_handle(&invited.challenge_id, wrong(&drawn))).await;
    assert_eq!(state(&world, &owner, user).await, ("opened", Standing::Invited));
    let redeemed = world.vestibule.redeem(at_handle(&invited.challenge_id, typed(&drawn))).await.unwrap();
    assert_eq!((&redeemed.user_id, redeemed.purpose.as_str()), (user, "invite"));
    assert_eq!(state(&world, &owner, user).await, ("accepted", Standing::Verified));
    world.vestibule.set_first_password(&redeemed, secret_word()).await.unwrap();
    assert_eq!(state(&world, &owner, user).await, ("ready", Standing::Verified));
    assert_eq!(refused(world.vestibule.redeem(by_link(&drawn.token)).await), Refusal::Used);

    let steps = world.steps(&owner, user).await;
    let told = [
        "user-created",
        "invited",
        "mail-sent",
        "invite-opened",
        "code-refused",
        "invite-accepted",
        "email-verified",
        "password-set",
        "invite-ready",
    ];
    assert_eq!(steps, told);
}

async fn an_invite_redeemed_twice_proves_once(world: World) {
    let owner = world.owner().await;
    let (invited, drawn) = world.invite_mailed(&owner, "grace@navy.example").await;
    let first = world.vestibule.redeem(by_link(&drawn.token)).await.unwrap();
    world.env.pass(HOUR);
    let again = world.vestibule.redeem(at_handle(&invited.challenge_id, typed(&drawn))).await.unwrap();
    assert_eq!(again, first);
    let view = world.view(&owner, &invited.user_id).await;
    assert_eq!(view.emails[0].email.proof, Some(ProofKind::Invite));
    assert_eq!(view.emails[0].email.verified_at, Some(world.vestibule.now() - HOUR));
    let steps = world.steps(&owner, &invited.user_id).await;
    assert_eq!(steps, ["user-created", "invited", "mail-sent", "invite-accepted", "email-verified"]);
}

async fn a_new_invite_replaces_the_open_one(world: World) {
    let owner = world.owner().await;
    let (first, old) = world.invite_mailed(&owner, "grace@navy.example").await;
    let waiting = world.invite(&owner, "Grace@navy.example").await;
    let (third, new) = world.invite_mailed(&owner, "grace@navy.example").await;
    assert_eq!((&first.user_id, &waiting.user_id), (&third.user_id, &third.user_id));
    assert_eq!(world.db.count("message WHERE state = 'cancelled'").await, 1, "the mail that waited never goes out");
    assert_eq!(refused(world.vestibule.redeem(by_link(&old.token)).await), Refusal::Replaced);
    let open = world.vestibule.invites(&owner, InviteFilter::Open, None, 10).await.unwrap();
    assert_eq!(open.iter().map(|invite| &invite.id).collect::<Vec<_>>(), [&third.id]);
    world.vestibule.redeem(by_link(&new.token)).await.unwrap();
}

async fn two_invites_at_once_leave_one_open(world: World) {
    let owner = world.owner().await;
    world.invite(&owner, "grace@navy.example").await;
    let second = world.second().await;
    for _ in 0..5 {
        let (one, two) = tokio::join!(
            world.vestibule.invite(&owner, form("grace@navy.example")),
            second.invite(&owner, form("grace@navy.example")),
        );
        assert!(one.is_ok() || two.is_ok(), "{one:?} {two:?}");
        assert_eq!(world.db.count("challenge WHERE ended_at IS NULL").await, 1);
        assert_eq!(world.db.count("invite WHERE state = 'pending'").await, 1);
    }
}

async fn revoking_and_declining_end_it_once(world: World) {
    let owner = world.owner().await;
    let invited = world.invite(&owner, "grace@navy.example").await;
    world.vestibule.revoke_invite(&owner, &invited.id).await.unwrap();
    assert_eq!(state(&world, &owner, &invited.user_id).await, ("revoked", Standing::Unverified));
    assert_eq!(refused(world.vestibule.revoke_invite(&owner, &invited.id).await), Refusal::Revoked);
    assert_eq!(refused(world.vestibule.resend_invite(&owner, &invited.id).await), Refusal::Revoked);
    assert!(world.deliver().await.is_empty());

    let (invited, drawn) = world.invite_mailed(&owner, "alan@park.example").await;
    world.vestibule.decline_invite(&drawn.token).await.unwrap();
    assert_eq!(state(&world, &owner, &invited.user_id).await, ("declined", Standing::Unverified));
    assert_eq!(refused(world.vestibule.decline_invite(&drawn.token).await), Refusal::Declined);
    assert_eq!(refused(world.vestibule.revoke_invite(&owner, &invited.id).await), Refusal::Declined);
    let ended = world.vestibule.invites(&owner, InviteFilter::Ended, None, 10).await.unwrap();
    assert_eq!(ended.len(), 2);
}

async fn who_can_sign_in_or_is_disabled_is_not_invited(world: World) {
    let owner = world.owner().await;
    assert_eq!(refused(world.vestibule.invite(&owner, form("olga@acme.example")).await), Refusal::HasMethod);
    let grace = world.person(&owner, "grace@navy.example").await;
    world.vestibule.disable(&owner, &grace.user_id).await.unwrap();
    assert_eq!(refused(world.vestibule.invite(&owner, form("grace@navy.example")).await), Refusal::Disabled);
}

async fn an_invite_sent_again_works_and_the_old_mail_does_not(world: World) {
    let owner = world.owner().await;
    let (invited, old) = world.invite_mailed(&owner, "grace@navy.example").await;
    world.vestibule.resend_invite(&owner, &invited.id).await.unwrap();
    let letter = world.deliver().await.remove(0);
    assert_eq!((letter.kind, letter.replaces), (MessageKind::Invite, Some(world.vestibule.now())));
    assert_eq!((letter.data.inviter.as_str(), letter.data.words.as_str()), ("Olga Owner", "Welcome aboard"));
    assert_eq!(refused(world.vestibule.redeem(by_link(&old.token)).await), Refusal::Replaced);
    world.vestibule.redeem(by_link(&letter.secret.unwrap().token)).await.unwrap();
}

async fn a_mail_that_comes_back_bounces_the_invite(world: World) {
    let owner = world.owner().await;
    let invited = world.invite(&owner, "grace@navy.example").await;
    let lease = world.vestibule.claim_message().await.unwrap().unwrap();
    world.vestibule.draft(&lease).await.unwrap().unwrap();
    world.vestibule.settle(&lease, Delivery::Failed("550 no such user".to_owned())).await.unwrap();
    assert_eq!(state(&world, &owner, &invited.user_id).await, ("bounced", Standing::Invited));
    world.vestibule.resend_invite(&owner, &invited.id).await.unwrap();
    world.deliver().await;
    assert_eq!(state(&world, &owner, &invited.user_id).await, ("sent", Standing::Invited));
}

async fn the_lists_tell_open_expired_and_ended_apart(world: World) {
    let owner = world.owner().await;
    let short = InviteForm { lifetime: Some(HOUR), ..form("short@navy.example") };
    world.vestibule.invite(&owner, short).await.unwrap();
    world.invite(&owner, "long@navy.example").await;
    let overview = world.vestibule.overview(&owner).await.unwrap();
    let lately = world.vestibule.lately(&owner, 1).await.unwrap();
    assert_eq!((overview.open_invites, lately.ending_invites), (2, 1));
    world.env.pass(HOUR);
    for (filter, expected) in [
        (InviteFilter::Open, &["long@navy.example"][..]),
        (InviteFilter::Expired, &["short@navy.example"]),
        (InviteFilter::All, &["long@navy.example", "short@navy.example"]),
        (InviteFilter::Ready, &[]),
    ] {
        let found = world.vestibule.invites(&owner, filter, None, 10).await.unwrap();
        assert_eq!(found.iter().map(|invite| invite.address.as_str()).collect::<Vec<_>>(), expected, "{filter}");
    }
    let first = world.vestibule.invites(&owner, InviteFilter::All, None, 1).await.unwrap().remove(0);
    let next = world.vestibule.invites(&owner, InviteFilter::All, Some(first.number), 5).await.unwrap();
    assert_eq!(next.len(), 1);
    assert_eq!(world.vestibule.overview(&owner).await.unwrap().open_invites, 1);
}

async fn a_form_that_makes_no_sense_is_refused(world: World) {
    let owner = world.owner().await;
    let blank = form("grace@navy.example");
    for (broken, refusal) in [
        (InviteForm { name: " ".to_owned(), ..blank.clone() }, Refusal::Name),
        (InviteForm { words: "x".repeat(1_001), ..blank.clone() }, Refusal::Text),
        (InviteForm { lifetime: Some(HOUR - 1), ..blank.clone() }, Refusal::Text),
        (InviteForm { lifetime: Some(90 * DAY + 1), ..blank.clone() }, Refusal::Text),
    ] {
        assert_eq!(refused(world.vestibule.invite(&owner, broken).await), refusal);
    }
    assert_eq!(world.db.count("users").await, 1);
}

async fn state(world: &World, admin: &vestibule_core::actor::Admin, user_id: &str) -> (&'static str, Standing) {
    let view = world.view(admin, user_id).await;
    (view.invite.unwrap().state.as_str(), view.user.standing)
}

async fn a_new_invite_ends_the_older_one_at_another_address(world: World) {
    let owner = world.owner().await;
    let (first, wrong) = world.invite_mailed(&owner, "grace@nvay.example").await;
    let right = address("grace@navy.example");
    world.vestibule.add_address(&owner, &first.user_id, &right).await.unwrap();
    let (second, drawn) = world.invite_mailed(&owner, "grace@navy.example").await;
    assert_eq!(second.user_id, first.user_id);
    for attempt in [by_link(&wrong.token), at_handle(&first.challenge_id, typed(&wrong))] {
        assert_eq!(refused(world.vestibule.redeem(attempt).await), Refusal::Replaced);
    }
    let redeemed = world.vestibule.redeem(by_link(&drawn.token)).await.unwrap();
    world.vestibule.set_first_password(&redeemed, secret_word()).await.unwrap();
}
