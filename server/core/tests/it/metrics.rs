//! What operators are told.

use vestibule_core::{
    env::{DAY, MINUTE},
    outbox::Delivery,
    redeem::Try,
};

use crate::support::{World, at_handle, by_link, typed, wrong};

both! {
    invites_are_counted_by_what_they_are_now,
    what_was_proven_and_sent_is_counted_once_it_is_sealed,
    every_code_that_is_shown_is_counted,
    limits_that_refuse_are_counted,
}

async fn invites_are_counted_by_what_they_are_now(world: World) {
    let owner = world.owner().await;
    let (invited, _) = world.invite_mailed(&owner, "grace@navy.example").await;
    world.env.pass(60 * DAY);
    world.invite(&owner, "alan@park.example").await;
    world.vestibule.revoke_invite(&owner, &world.invite(&owner, "edsger@eind.example").await.id).await.unwrap();
    let metrics = world.vestibule.metrics().await.unwrap();
    let counts: Vec<i64> =
        ["expired", "sent", "pending", "revoked", "ready"].map(|state| count(&metrics.invites, state)).into();
    assert_eq!(counts, [1, 0, 1, 1, 0], "{invited:?}");
    assert_eq!(count(&metrics.outbox, "failed"), 0);
    world.env.pass(MINUTE);
    assert_eq!(world.vestibule.metrics().await.unwrap().outbox_oldest_age, MINUTE);
}

async fn what_was_proven_and_sent_is_counted_once_it_is_sealed(world: World) {
    let owner = world.owner().await;
    world.vestibule.seal().await.unwrap();
    let before = world.vestibule.metrics().await.unwrap();
    let (_, drawn) = world.invite_mailed(&owner, "grace@navy.example").await;
    world.vestibule.redeem(by_link(&drawn.token)).await.unwrap();
    let alan = world.person(&owner, "alan@park.example").await;
    world.vestibule.mark_verified(&owner, &alan.user_id, &alan.email_id, "met him", None).await.unwrap();
    world.invite(&owner, "edsger@eind.example").await;
    let lease = world.vestibule.claim_message().await.unwrap().unwrap();
    world.vestibule.draft(&lease).await.unwrap().unwrap();
    world.vestibule.settle(&lease, Delivery::Failed("550 no".to_owned())).await.unwrap();
    let second = world.second().await;
    second.seal().await.unwrap();
    world.vestibule.seal().await.unwrap();
    let after = second.metrics().await.unwrap();
    let proofs = ["invite", "admin", "code"].map(|proof| count(&after.verifications, proof));
    assert_eq!(proofs, [1, 1, 0]);
    let sent = world.db.count("event WHERE kind = 'mail-sent' AND seal_number > 1").await;
    assert!(sent > 0);
    assert_eq!(["sent", "deferred", "failed"].map(|result| count(&after.mail_attempts, result)), [sent, 0, 1]);
    let here = world.vestibule.metrics().await.unwrap();
    assert_eq!(here.verifications, before.verifications, "who did not seal does not count");
}

async fn every_code_that_is_shown_is_counted(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let drawn = world.send_code(&owner, &grace).await;
    for code in [wrong(&drawn), typed(&drawn), typed(&drawn)] {
        let _ = world.vestibule.redeem(at_handle(&drawn.challenge_id, code)).await;
    }
    let checks = world.vestibule.metrics().await.unwrap().code_checks;
    let email = |result: &str| (("email".to_owned(), result.to_owned()), 1_i64);
    assert_eq!(checks, [email("ok"), email("used"), email("wrong")]);
    world.db.break_inserts("event").await;
    let _ = world.vestibule.redeem(at_handle(&drawn.challenge_id, wrong(&drawn))).await;
    world.db.mend("event").await;
    assert_eq!(world.vestibule.metrics().await.unwrap().code_checks, checks, "what is undone is not counted");
}

/// The counts of limits are the process's, in which other tests run.
async fn limits_that_refuse_are_counted(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let drawn = world.send_code(&owner, &grace).await;
    let before = world.vestibule.metrics().await.unwrap();
    world.vestibule.resend(&drawn.challenge_id, None).await.unwrap_err();
    let until = world.vestibule.now() + MINUTE;
    let bucket = format!("('wrong:ip:192.0.2.1', 60, {until})");
    world.db.exec(&format!("INSERT INTO bucket (key, count, ends_at) VALUES {bucket}")).await;
    let attempt = at_handle(&drawn.challenge_id, typed(&drawn));
    let _ = world.vestibule.redeem(Try { ip: Some("192.0.2.1".to_owned()), ..attempt }).await;
    let after = world.vestibule.metrics().await.unwrap();
    for limit in ["cool", "wrong"] {
        assert!(count(&after.limited, limit) > count(&before.limited, limit), "{limit}: {:?}", after.limited);
    }
}

fn count(figures: &[(String, i64)], word: &str) -> i64 {
    figures.iter().find(|(found, _)| found == word).map_or(0, |(_, count)| *count)
}
