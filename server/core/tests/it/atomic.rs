//! Rule 10: the mail, the webhook and the fact are one; a fault leaves nothing half done.

use futures::future::join_all;
use vestibule_core::Error;

use crate::support::{World, at_handle, by_link, people::form, secret_word, typed};

const TABLES: [&str; 8] = ["users", "email", "challenge", "invite", "message", "event", "password", "bucket"];

both! {
    a_verb_that_fails_half_way_leaves_nothing,
    a_webhook_that_cannot_be_written_takes_the_fact_back,
    a_mail_that_cannot_be_queued_takes_the_invite_back,
    a_commit_that_fails_answers_nobody_with_success,
    what_was_refused_leaves_the_others_of_its_commit_alone,
}

async fn a_verb_that_fails_half_way_leaves_nothing(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let drawn = world.send_code(&owner, &grace).await;
    let (_, invite) = world.invite_mailed(&owner, "alan@park.example").await;
    let redeemed = world.vestibule.redeem(by_link(&invite.token)).await.unwrap();
    let waiting = world.person(&owner, "edsger@eind.example").await;
    world.deliver().await;
    let before = world.db.dump().await;

    world.db.break_inserts("event").await;
    assert_fault(world.vestibule.redeem(at_handle(&drawn.challenge_id, typed(&drawn))).await);
    assert_fault(world.vestibule.mark_verified(&owner, &grace.user_id, &grace.email_id, "met her", None).await);
    assert_fault(world.vestibule.invite(&owner, form("new@navy.example")).await);
    assert_fault(world.vestibule.set_first_password(&redeemed, secret_word()).await);
    assert_fault(world.vestibule.request_code(&waiting.address, None).await);
    assert_fault(world.vestibule.disable(&owner, &grace.user_id).await);
    world.db.mend("event").await;

    let after = world.db.dump().await;
    let new: Vec<&str> = after.lines().filter(|line| !before.contains(line)).collect();
    assert!(after == before, "left behind: {new:?}");
    world.vestibule.redeem(at_handle(&drawn.challenge_id, typed(&drawn))).await.unwrap();
}

async fn a_webhook_that_cannot_be_written_takes_the_fact_back(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    world.add_webhook().await;
    world.db.break_inserts("webhook").await;
    assert_fault(world.vestibule.mark_verified(&owner, &grace.user_id, &grace.email_id, "met her", None).await);
    assert!(!world.is_verified(&owner, &grace).await);
    assert_eq!(world.db.count("event WHERE kind = 'email-verified'").await, 0);
    world.db.mend("webhook").await;
}

async fn a_mail_that_cannot_be_queued_takes_the_invite_back(world: World) {
    let owner = world.owner().await;
    let before = counts(&world).await;
    world.db.break_inserts("message").await;
    assert_fault(world.vestibule.invite(&owner, form("grace@navy.example")).await);
    world.db.mend("message").await;
    assert_eq!(counts(&world).await, before);
    assert_eq!(world.vestibule.overview(&owner).await.unwrap().users(), 1);
}

async fn a_commit_that_fails_answers_nobody_with_success(world: World) {
    let owner = world.owner().await;
    let mut people = Vec::new();
    for number in 0..8 {
        people.push(world.person(&owner, &format!("grace{number}@navy.example")).await);
    }
    world.deliver().await;
    let before = counts(&world).await;
    world.db.break_commits("event").await;
    let marks = people
        .iter()
        .map(|grace| world.vestibule.mark_verified(&owner, &grace.user_id, &grace.email_id, "met her", None));
    let mails = people.iter().map(|grace| world.vestibule.request_code(&grace.address, None));
    let (marks, mails) = tokio::join!(join_all(marks), join_all(mails));
    marks.into_iter().for_each(assert_fault);
    mails.into_iter().for_each(assert_fault);
    world.db.mend("event").await;
    assert_eq!(counts(&world).await, before);
    assert!(world.deliver().await.is_empty());
    for grace in &people {
        assert!(!world.is_verified(&owner, grace).await);
    }
    world.vestibule.mark_verified(&owner, &people[0].user_id, &people[0].email_id, "met her", None).await.unwrap();
}

async fn what_was_refused_leaves_the_others_of_its_commit_alone(world: World) {
    let owner = world.owner().await;
    let verbs = (0..20).map(|number| {
        world.vestibule.invite(
            &owner,
            form(if number % 2 == 0 {
                "same@navy.example"
            } else {
                ["a@x.example", "b@x.example", "c@x.example"][number % 3]
            }),
        )
    });
    let answers = join_all(verbs).await;
    assert!(
        answers.iter().filter_map(|answer| answer.as_ref().err()).all(|error| error.refusal().is_some()),
        "{answers:?}"
    );
    assert_eq!(world.db.count("users").await, 1 + 4);
    assert_eq!(world.db.count("invite WHERE state = 'pending'").await, 4, "one open invite a person");
    assert_eq!(world.db.count("challenge WHERE ended_at IS NULL").await, 4);
}

async fn counts(world: &World) -> Vec<i64> {
    join_all(TABLES.map(|table| world.db.count(table))).await
}

#[track_caller]
fn assert_fault<T: std::fmt::Debug>(answer: vestibule_core::Result<T>) {
    assert!(matches!(answer, Err(Error::Store(_))), "{answer:?}");
}
