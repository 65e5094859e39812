//! The outbox: leased, rendered at the last moment, sent once, never lost.

use vestibule_core::{
    Refusal,
    code_request::CodeRequest,
    env::{HOUR, MINUTE, SECOND},
    invite::InviteForm,
    outbox::{Delivery, Lease, MessageKind, MessageState},
};

use crate::support::{World, address, at_handle, people::form, refused, typed};

both! {
    an_expired_lease_goes_to_another_worker_and_the_first_cannot_settle,
    a_draft_gives_the_lease_its_whole_time_again,
    a_crash_between_two_drafts_leaves_both_codes_working,
    a_mail_that_never_gets_an_answer_is_given_up,
    a_mail_whose_challenge_ended_is_not_sent,
    a_disabled_user_gets_no_mail,
    a_deferred_mail_comes_back_later_each_time_and_fails_in_the_end,
    a_failed_mail_can_be_tried_again_and_a_waiting_one_stopped,
    handing_over_draws_a_code_instead_of_the_mail,
    a_test_mail_has_neither_person_nor_secret,
    the_worker_is_woken_by_what_was_queued,
    the_list_is_by_state_and_by_address,
    a_code_lives_from_when_it_is_drawn,
}

async fn an_expired_lease_goes_to_another_worker_and_the_first_cannot_settle(world: World) {
    let owner = world.owner().await;
    let invited = world.invite(&owner, "grace@navy.example").await;
    let first = claim(&world).await;
    assert!(world.vestibule.claim_message().await.unwrap().is_none());
    world.env.pass(2 * MINUTE);
    let second = world.second().await.claim_message().await.unwrap().unwrap();
    assert_eq!((&second.message.id, second.message.attempts), (&first.message.id, 2));

    assert!(world.vestibule.draft(&first).await.unwrap().is_none(), "nothing is drawn for a lost lease");
    assert_eq!(world.db.count("generation").await, 0);
    world.vestibule.settle(&first, Delivery::Failed("550 no".to_owned())).await.unwrap();
    assert_eq!(message(&world, &owner).await.state, MessageState::Waiting);
    assert_eq!(world.view(&owner, &invited.user_id).await.invite.unwrap().state.as_str(), "pending");
    world.vestibule.draft(&second).await.unwrap().unwrap();
    world.vestibule.settle(&second, Delivery::Sent("250 OK".to_owned())).await.unwrap();
    assert_eq!(message(&world, &owner).await.state, MessageState::Sent);
    assert_eq!(world.steps(&owner, &invited.user_id).await, ["user-created", "invited", "mail-sent"]);
}

/// A process that was suspended between claim and draft sends alone, or not at all.
async fn a_draft_gives_the_lease_its_whole_time_again(world: World) {
    let owner = world.owner().await;
    world.invite(&owner, "grace@navy.example").await;
    let lease = claim(&world).await;
    world.env.pass(2 * MINUTE);
    world.vestibule.draft(&lease).await.unwrap().unwrap();
    world.env.pass(2 * MINUTE - 1);
    assert!(world.second().await.claim_message().await.unwrap().is_none(), "it is being sent");
    world.vestibule.settle(&lease, Delivery::Sent("250 OK".to_owned())).await.unwrap();
    assert_eq!(message(&world, &owner).await.state, MessageState::Sent);
}

async fn a_crash_between_two_drafts_leaves_both_codes_working(world: World) {
    let owner = world.owner().await;
    let invited = world.invite(&owner, "grace@navy.example").await;
    let mut codes = Vec::new();
    for _ in 0..2 {
        let lease = claim(&world).await;
        codes.push(world.vestibule.draft(&lease).await.unwrap().unwrap().secret.unwrap());
        world.env.pass(2 * MINUTE);
    }
    assert_ne!(codes[0].code, codes[1].code);
    for drawn in codes {
        world.vestibule.redeem(at_handle(&invited.challenge_id, typed(&drawn))).await.unwrap();
    }
}

/// Each try breaks off: the process dies, or what is stored of the mail cannot be read.
async fn a_mail_that_never_gets_an_answer_is_given_up(world: World) {
    let owner = world.owner().await;
    let invited = world.invite(&owner, "grace@navy.example").await;
    world.db.exec("UPDATE message SET data = 'no JSON'").await;
    for _ in 1..=12 {
        let lease = claim(&world).await;
        world.vestibule.draft(&lease).await.unwrap_err();
        assert_eq!(message(&world, &owner).await.state, MessageState::Waiting);
        world.env.pass(2 * MINUTE);
    }
    let last = claim(&world).await;
    assert!(world.vestibule.draft(&last).await.unwrap().is_none());
    assert_eq!(message(&world, &owner).await.state, MessageState::Failed);
    assert_eq!(world.view(&owner, &invited.user_id).await.invite.unwrap().state.as_str(), "bounced");
    world.env.pass(HOUR);
    assert!(world.vestibule.claim_message().await.unwrap().is_none());
}

async fn a_mail_whose_challenge_ended_is_not_sent(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    world.vestibule.send_code(&owner, &grace.user_id, Some(&grace.email_id), CodeRequest::default()).await.unwrap();
    let lease = claim(&world).await;
    world.vestibule.mark_verified(&owner, &grace.user_id, &grace.email_id, "met her", None).await.unwrap();
    assert!(world.vestibule.draft(&lease).await.unwrap().is_none());
    assert_eq!(message(&world, &owner).await.state, MessageState::Cancelled);
    world.env.pass(HOUR);
    assert!(world.vestibule.claim_message().await.unwrap().is_none());
}

async fn a_disabled_user_gets_no_mail(world: World) {
    let owner = world.owner().await;
    let invited = world.invite(&owner, "grace@navy.example").await;
    world.vestibule.disable(&owner, &invited.user_id).await.unwrap();
    assert!(world.deliver().await.is_empty());
    assert_eq!(message(&world, &owner).await.state, MessageState::Cancelled);
    world.env.pass(HOUR);
    assert_eq!(refused(world.vestibule.hand_over(&owner, &invited.challenge_id).await), Refusal::Disabled);
    assert_eq!(refused(world.vestibule.resend_invite(&owner, &invited.id).await), Refusal::Disabled);
    world.vestibule.enable(&owner, &invited.user_id).await.unwrap();
    world.vestibule.resend_invite(&owner, &invited.id).await.unwrap();
    assert_eq!(world.deliver().await.len(), 1);
}

async fn a_deferred_mail_comes_back_later_each_time_and_fails_in_the_end(world: World) {
    let owner = world.owner().await;
    let invited = world.invite(&owner, "grace@navy.example").await;
    let mut last_pause = 0;
    for attempt in 1..=12 {
        let lease = claim(&world).await;
        assert_eq!(lease.message.attempts, attempt);
        world.vestibule.settle(&lease, Delivery::Deferred("451 later\r\n".to_owned())).await.unwrap();
        let message = message(&world, &owner).await;
        assert_eq!(message.answer.as_deref(), Some("451 later"));
        if attempt == 12 {
            assert_eq!(message.state, MessageState::Failed);
            break;
        }
        assert_eq!(message.state, MessageState::Deferred);
        let pause = message.due_at - world.vestibule.now();
        let base = ((15 * SECOND) << (attempt - 1)).min(4 * HOUR);
        assert!((base..=base + base / 4).contains(&pause), "{attempt}: {pause}");
        assert!(pause > last_pause, "{attempt}: {pause} after {last_pause}");
        last_pause = pause;
        world.env.pass(pause - 1);
        assert!(world.vestibule.claim_message().await.unwrap().is_none(), "not before its time");
        world.env.pass(1);
    }
    assert_eq!(world.view(&owner, &invited.user_id).await.invite.unwrap().state.as_str(), "bounced");
    assert!(world.vestibule.claim_message().await.unwrap().is_none());
}

async fn a_failed_mail_can_be_tried_again_and_a_waiting_one_stopped(world: World) {
    let owner = world.owner().await;
    world.invite(&owner, "grace@navy.example").await;
    let lease = claim(&world).await;
    let id = lease.message.id.clone();
    assert_eq!(refused(world.vestibule.cancel_message(&owner, &id).await), Refusal::Stale, "it is being sent");
    assert_eq!(refused(world.vestibule.retry_message(&owner, &id).await), Refusal::Stale);
    world.vestibule.settle(&lease, Delivery::Failed("550 no".to_owned())).await.unwrap();
    assert_eq!(refused(world.vestibule.cancel_message(&owner, &id).await), Refusal::Stale);
    world.vestibule.retry_message(&owner, &id).await.unwrap();
    assert_eq!(
        (message(&world, &owner).await.state, message(&world, &owner).await.attempts),
        (MessageState::Waiting, 0)
    );
    assert_eq!(world.deliver().await.len(), 1);
    assert_eq!(refused(world.vestibule.retry_message(&owner, &id).await), Refusal::Stale, "it has been sent");

    world.invite(&owner, "alan@park.example").await;
    let waiting = message(&world, &owner).await.id;
    world.vestibule.cancel_message(&owner, &waiting).await.unwrap();
    assert!(world.deliver().await.is_empty());
    assert_eq!(refused(world.vestibule.retry_message(&owner, &waiting).await), Refusal::Stale);
    assert_eq!(refused(world.vestibule.retry_message(&owner, "nobody").await), Refusal::NotFound);
}

async fn handing_over_draws_a_code_instead_of_the_mail(world: World) {
    let owner = world.owner().await;
    let invited = world.invite(&owner, "grace@navy.example").await;
    let shown = world.vestibule.hand_over(&owner, &invited.challenge_id).await.unwrap();
    assert!(world.deliver().await.is_empty());
    let again = world.vestibule.hand_over(&owner, &invited.challenge_id).await.unwrap();
    for drawn in [shown, again] {
        world.vestibule.redeem(at_handle(&invited.challenge_id, typed(&drawn))).await.unwrap();
    }
    let steps = world.steps(&owner, &invited.user_id).await;
    assert_eq!(steps[..4], ["user-created", "invited", "secret-shown", "secret-shown"]);
    world.vestibule.revoke_invite(&owner, &invited.id).await.unwrap();
    assert_eq!(refused(world.vestibule.hand_over(&owner, &invited.challenge_id).await), Refusal::Revoked);
}

async fn a_test_mail_has_neither_person_nor_secret(world: World) {
    world.vestibule.queue_test_mail(&world.organization, &address("Op@acme.example")).await.unwrap();
    let letter = world.deliver().await.remove(0);
    assert_eq!(
        (letter.kind, letter.recipient.as_str(), letter.organization.as_str()),
        (MessageKind::Test, "Op@acme.example", "Acme")
    );
    assert!(letter.secret.is_none());
}

async fn the_worker_is_woken_by_what_was_queued(world: World) {
    let owner = world.owner().await;
    world.invite(&owner, "grace@navy.example").await;
    tokio::time::timeout(std::time::Duration::from_secs(5), world.vestibule.mail_queued()).await.unwrap();
}

async fn the_list_is_by_state_and_by_address(world: World) {
    let owner = world.owner().await;
    world.invite_mailed(&owner, "grace@navy.example").await;
    world.invite(&owner, "alan@park.example").await;
    let list = async |state, search| world.vestibule.messages(&owner, state, search, None, 10).await.unwrap();
    let all = list(None, None).await;
    assert_eq!(
        all.iter().map(|message| message.recipient.as_str()).collect::<Vec<_>>(),
        ["alan@park.example", "grace@navy.example"]
    );
    assert_eq!(list(Some(MessageState::Sent), None).await.len(), 1);
    assert_eq!(list(None, Some("grace@navy.example")).await.len(), 1);
    assert_eq!(list(Some(MessageState::Waiting), Some(&all[0].id)).await.len(), 1);
    assert_eq!(list(Some(MessageState::Failed), None).await.len(), 0);
    let older = world.vestibule.messages(&owner, None, None, Some(all[0].number), 10).await.unwrap();
    assert_eq!(older.len(), 1);
    let overview = world.vestibule.overview(&owner).await.unwrap();
    assert_eq!(overview.messages(MessageState::Waiting), 1);
}

async fn claim(world: &World) -> Lease {
    world.vestibule.claim_message().await.unwrap().expect("a message that is due")
}

/// The newest message.
async fn message(world: &World, admin: &vestibule_core::actor::Admin) -> vestibule_core::outbox::Message {
    world.vestibule.messages(admin, None, None, None, 1).await.unwrap().remove(0)
}

async fn a_code_lives_from_when_it_is_drawn(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let policy = vestibule_core::organization::Policy::default();
    world.vestibule.request_code(&grace.address, None).await.unwrap();
    let invited =
        world.vestibule.invite(&owner, InviteForm { lifetime: Some(HOUR), ..form("alan@park.example") }).await;
    // The mail server was away for longer than code and invite were to live.
    world.env.pass(HOUR + policy.code_lifetime);
    let letters: Vec<_> = world.deliver().await.into_iter().filter_map(|letter| letter.secret).collect();
    let now = world.vestibule.now();
    assert_eq!(letters.iter().map(|drawn| drawn.expires_at - now).collect::<Vec<_>>(), [policy.code_lifetime, HOUR]);
    world.vestibule.redeem(at_handle(&letters[0].challenge_id, typed(&letters[0]))).await.unwrap();
    world.env.pass(HOUR);
    assert_eq!(invited.unwrap().challenge_id, letters[1].challenge_id);
    let late = world.vestibule.redeem(at_handle(&letters[1].challenge_id, typed(&letters[1]))).await;
    assert_eq!(refused(late), Refusal::Expired);
}
