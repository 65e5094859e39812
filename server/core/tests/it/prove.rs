//! Rule 1: one verb proves, and everything about it in one transaction.

use vestibule_core::{
    Refusal, actor::Actor, code_request::CodeRequest, event::Standing, prove::ProofKind, redeem::Try,
};

use crate::support::{World, at_handle, by_link, refused, typed};

both! {
    a_code_proves_with_proof_event_webhook_standing_and_tally,
    a_link_and_an_administrator_prove_through_the_same_verb,
    a_second_mark_keeps_the_first_proof,
    a_proof_for_another_address_verifies_nothing,
    a_proof_for_another_user_verifies_nothing,
    two_proofs_at_once_are_one,
}

async fn a_code_proves_with_proof_event_webhook_standing_and_tally(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let drawn = world.send_code(&owner, &grace).await;
    world.add_webhook().await;
    let message = world.db.texts("SELECT message_id FROM generation ORDER BY number DESC LIMIT 1").await.remove(0);

    world.vestibule.redeem(at_handle(&drawn.challenge_id, typed(&drawn))).await.unwrap();

    let view = world.view(&owner, &grace.user_id).await;
    let email = &view.emails[0];
    assert_eq!(email.email.proof, Some(ProofKind::Code));
    assert_eq!(email.email.verified_at, Some(world.vestibule.now()));
    assert_eq!(email.email.proof_message.as_deref(), Some(message.as_str()));
    assert_eq!(email.proof_actor, Some(Actor::Person { id: grace.user_id.clone() }));
    assert_eq!(view.user.standing, Standing::Verified);
    let event = &view.history[0];
    assert_eq!((event.kind.as_str(), event.data.proof.as_deref()), ("email-verified", Some("code")));
    assert_eq!(event.data.message, Some(message));
    let told = format!("webhook WHERE user_id = '{}' AND sequence = {}", grace.user_id, event.sequence);
    assert_eq!(world.db.count(&told).await, 1);
    let overview = world.vestibule.overview(&owner).await.unwrap();
    assert_eq!((overview.standing(Standing::Verified), overview.standing(Standing::Unverified)), (1, 1));
    assert_eq!(world.vestibule.lately(&owner, 1).await.unwrap().verified, 1);
}

async fn a_link_and_an_administrator_prove_through_the_same_verb(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let drawn = world.send_code(&owner, &grace).await;
    world.vestibule.redeem(by_link(&drawn.token)).await.unwrap();
    assert_eq!(world.view(&owner, &grace.user_id).await.emails[0].email.proof, Some(ProofKind::Link));

    let alan = world.person(&owner, "alan@park.example").await;
    world.vestibule.mark_verified(&owner, &alan.user_id, &alan.email_id, " met him ", None).await.unwrap();
    let view = world.view(&owner, &alan.user_id).await;
    assert_eq!(view.emails[0].email.proof, Some(ProofKind::Admin));
    assert_eq!(view.emails[0].email.proof_reason.as_deref(), Some("met him"));
    assert_eq!(view.emails[0].proof_actor, Some(owner.actor()));
    assert_eq!(view.history[0].data.reason.as_deref(), Some("met him"));
    assert_eq!(view.user.standing, Standing::Verified);
}

async fn a_second_mark_keeps_the_first_proof(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let drawn = world.send_code(&owner, &grace).await;
    world.vestibule.redeem(at_handle(&drawn.challenge_id, typed(&drawn))).await.unwrap();
    let first = world.view(&owner, &grace.user_id).await;
    world.env.pass(5_000);
    world.vestibule.mark_verified(&owner, &grace.user_id, &grace.email_id, "again", None).await.unwrap();
    let second = world.view(&owner, &grace.user_id).await;
    assert_eq!(second.emails[0].email.proof, Some(ProofKind::Code));
    assert_eq!(second.emails[0].email.verified_at, first.emails[0].email.verified_at);
    assert_eq!(second.history.len(), first.history.len(), "nothing happened, so nothing is told");
}

async fn a_proof_for_another_address_verifies_nothing(world: World) {
    stale(world, "canonical = 'other@navy.example'").await;
}

async fn a_proof_for_another_user_verifies_nothing(world: World) {
    stale(world, "is_primary = FALSE, user_id = (SELECT id FROM users WHERE username = 'alan@park.example')").await;
}

async fn two_proofs_at_once_are_one(world: World) {
    let owner = world.owner().await;
    let (invited, invite) = world.invite_mailed(&owner, "grace@navy.example").await;
    let email_id = world.view(&owner, &invited.user_id).await.emails[0].email.id.clone();
    let code_id = world
        .vestibule
        .send_code(&owner, &invited.user_id, Some(&email_id), CodeRequest::default())
        .await
        .unwrap()
        .challenge_id;
    let code = world.mailed(&code_id).await;

    // While the writers are kept waiting, both gather in one batch.
    let mut held = world.db.hold().await;
    held.lock("bucket").await;
    held.lock("challenge").await;
    let tries = [0; 4].map(|_| redeem(&world, at_handle("nobody", typed(&code))));
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    let both = [
        redeem(&world, at_handle(&invited.challenge_id, typed(&invite))),
        redeem(&world, at_handle(&code_id, typed(&code))),
    ];
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    held.commit().await;
    for attempt in tries.into_iter().chain(both) {
        attempt.await.unwrap();
    }
    let steps = world.steps(&owner, &invited.user_id).await;
    assert_eq!(steps.iter().filter(|step| **step == "email-verified").count(), 1, "{steps:?}");
}

fn redeem(world: &World, attempt: Try) -> tokio::task::JoinHandle<()> {
    let vestibule = world.vestibule.clone();
    tokio::spawn(async move { drop(vestibule.redeem(attempt).await) })
}

/// The challenge is as it was, but the row behind its address is not the one that it was sent for.
async fn stale(world: World, change: &str) {
    let owner = world.owner().await;
    world.person(&owner, "alan@park.example").await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let drawn = world.send_code(&owner, &grace).await;
    world.db.exec(&format!("UPDATE email SET {change} WHERE id = '{}'", grace.email_id)).await;
    let answer = world.vestibule.redeem(at_handle(&drawn.challenge_id, typed(&drawn))).await;
    assert_eq!(refused(answer), Refusal::AddressChanged);
    assert_eq!(world.db.count("email WHERE verified_at IS NOT NULL OR proof IS NOT NULL").await, 0);
    assert_eq!(world.db.count("event WHERE kind = 'email-verified'").await, 0);
}
