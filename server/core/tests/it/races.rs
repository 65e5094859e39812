//! Rule 3: count, then compare; single use. True under sixteen at once, with two instances.

use std::collections::BTreeMap;

use futures::future::join_all;
use vestibule_core::{Error, Refusal, Result, Vestibule, redeem::Redeemed};

use crate::support::{Person, World, at_handle, by_link, secret_word, typed, wrong};

both! {
    sixteen_right_codes_at_once_succeed_once,
    sixteen_right_links_at_once_succeed_once,
    sixteen_wrong_codes_at_once_spend_exactly_the_tries,
    sixteen_first_passwords_at_once_store_one,
    sixteen_claims_of_one_message_lease_it_once,
    two_workers_share_a_full_outbox_without_doubles,
    batches_that_count_the_same_standings_never_wait_for_each_other_in_a_circle,
    batches_that_count_the_same_tries_never_wait_for_each_other_in_a_circle,
}

async fn sixteen_right_codes_at_once_succeed_once(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let drawn = world.send_code(&owner, &grace).await;
    let tries = || (0..16).map(|_| at_handle(&drawn.challenge_id, typed(&drawn)));
    let answers = at_once([world.vestibule.clone(), world.second().await], tries(), |vestibule, attempt| async move {
        vestibule.redeem(attempt).await
    })
    .await;
    let words = tally(&answers);
    assert_eq!(words.get("ok"), Some(&1), "{words:?}");
    assert!(words.keys().all(|word| ["ok", "used", "out-of-tries"].contains(word)), "{words:?}");
    assert_eq!(world.db.count("event WHERE kind = 'email-verified'").await, 1);
}

async fn sixteen_right_links_at_once_succeed_once(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let drawn = world.send_code(&owner, &grace).await;
    let tries = || (0..16).map(|_| by_link(&drawn.token));
    let answers = at_once([world.vestibule.clone(), world.second().await], tries(), |vestibule, attempt| async move {
        vestibule.redeem(attempt).await
    })
    .await;
    assert_eq!(tally(&answers), BTreeMap::from([("ok", 1), ("used", 15)]));
}

async fn sixteen_wrong_codes_at_once_spend_exactly_the_tries(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let drawn = world.send_code(&owner, &grace).await;
    let tries = || (0..16).map(|_| at_handle(&drawn.challenge_id, wrong(&drawn)));
    let answers = at_once([world.vestibule.clone(), world.second().await], tries(), |vestibule, attempt| async move {
        vestibule.redeem(attempt).await
    })
    .await;
    // The fifth wrong one spends the last try, so it reads "out of tries" itself.
    assert_eq!(tally(&answers), BTreeMap::from([("wrong", 4), ("out-of-tries", 12)]));
    let mut left: Vec<i32> = answers
        .iter()
        .filter_map(|answer| match answer {
            Err(Error::Refused(Refusal::Wrong { left })) => Some(*left),
            _ => None,
        })
        .collect();
    left.sort_unstable();
    assert_eq!(left, [1, 2, 3, 4]);
    assert_eq!(
        world.db.count("event WHERE kind = 'code-refused'").await,
        5,
        "as many were compared as there were tries"
    );
    let right = world.vestibule.redeem(at_handle(&drawn.challenge_id, typed(&drawn))).await;
    assert_eq!(crate::support::refused(right), Refusal::OutOfTries);
}

async fn sixteen_first_passwords_at_once_store_one(world: World) {
    let owner = world.owner().await;
    let (_, drawn) = world.invite_mailed(&owner, "grace@navy.example").await;
    let redeemed = world.vestibule.redeem(by_link(&drawn.token)).await.unwrap();
    let passwords = (0..16).map(|number| (redeemed.clone(), format!("{} {number}", secret_word())));
    let answers = at_once(
        [world.vestibule.clone(), world.second().await],
        passwords,
        |vestibule, (redeemed, password): (Redeemed, String)| async move {
            vestibule.set_first_password(&redeemed, password).await
        },
    )
    .await;
    let words = tally(&answers);
    assert_eq!(words.get("ok"), Some(&1), "{words:?}");
    assert!(words.keys().all(|word| ["ok", "has-method", "setup-over"].contains(word)), "{words:?}");
    assert_eq!(world.db.count("event WHERE kind = 'invite-ready'").await, 1);
}

async fn sixteen_claims_of_one_message_lease_it_once(world: World) {
    let owner = world.owner().await;
    world.invite(&owner, "grace@navy.example").await;
    let answers = at_once([world.vestibule.clone(), world.second().await], 0..16, |vestibule, _| async move {
        vestibule.claim_message().await
    })
    .await;
    let leased = answers.into_iter().filter(|answer| matches!(answer, Ok(Some(_)))).count();
    assert_eq!(leased, 1);
}

async fn two_workers_share_a_full_outbox_without_doubles(world: World) {
    let owner = world.owner().await;
    for number in 0..40 {
        world.invite(&owner, &format!("grace{number}@navy.example")).await;
    }
    let answers = at_once([world.vestibule.clone(), world.second().await], 0..80, |vestibule, _| async move {
        vestibule.claim_message().await
    })
    .await;
    let mut leased: Vec<String> = answers.into_iter().filter_map(|answer| Some(answer.unwrap()?.message.id)).collect();
    let claims = leased.len();
    leased.sort_unstable();
    leased.dedup();
    assert_eq!(leased.len(), claims, "one message was leased twice");
    // On Postgres a claim that lost a race for its row comes back with nothing; the next one gets what is left.
    while world.vestibule.claim_message().await.unwrap().is_some() {
        leased.push(String::new());
    }
    assert_eq!(leased.len(), 40);
}

/// Postgres ends such a circle after a second, and one of the two begins again.
async fn batches_that_count_the_same_standings_never_wait_for_each_other_in_a_circle(world: World) {
    let owner = world.owner().await;
    let mut people = Vec::new();
    for number in 0..24 {
        people.push(world.person(&owner, &format!("grace{number}@navy.example")).await);
    }
    let instances = [world.vestibule.clone(), world.second().await];
    world.db.count_attempts("tally", "INSERT").await;
    for _ in 0..4 {
        let by = owner.clone();
        let marks = at_once(instances.clone(), people.clone(), move |vestibule, person: Person| {
            let by = by.clone();
            async move { vestibule.mark_verified(&by, &person.user_id, &person.email_id, "met her", None).await }
        });
        assert_eq!(tally(&marks.await), BTreeMap::from([("ok", 24)]));
        let by = owner.clone();
        let unmarks = at_once(instances.clone(), people.clone(), move |vestibule, person: Person| {
            let by = by.clone();
            async move { vestibule.unverify(&by, &person.user_id, &person.email_id, "was not her").await }
        });
        assert_eq!(tally(&unmarks.await), BTreeMap::from([("ok", 24)]));
    }
    assert_eq!(world.db.attempts_lost().await, 0);
}

async fn batches_that_count_the_same_tries_never_wait_for_each_other_in_a_circle(world: World) {
    let owner = world.owner().await;
    let mut drawn = Vec::new();
    for number in 0..12 {
        let person = world.person(&owner, &format!("grace{number}@navy.example")).await;
        drawn.push(world.send_code(&owner, &person).await);
    }
    let instances = [world.vestibule.clone(), world.second().await];
    world.db.count_attempts("challenge", "UPDATE OF tries_left").await;
    // Each challenge is tried by both, in opposite orders.
    let tries = drawn.iter().zip(drawn.iter().rev()).flat_map(|(one, other)| [one, other]);
    let tries: Vec<_> = tries.map(|drawn| at_handle(&drawn.challenge_id, wrong(drawn))).collect();
    for _ in 0..2 {
        let answers =
            at_once(
                instances.clone(),
                tries.clone(),
                |vestibule, attempt| async move { vestibule.redeem(attempt).await },
            );
        assert_eq!(tally(&answers.await), BTreeMap::from([("wrong", 24)]));
    }
    assert_eq!(world.db.attempts_lost().await, 0);
}

/// Calls a verb for each input in a task of its own, by turns on the instances, and waits for all.
async fn at_once<I, T, F, O>(instances: [Vestibule; 2], inputs: I, verb: F) -> Vec<Result<T>>
where
    I: IntoIterator,
    F: Fn(Vestibule, I::Item) -> O,
    O: Future<Output = Result<T>> + Send + 'static,
    T: Send + 'static,
{
    let tasks: Vec<_> = inputs
        .into_iter()
        .zip(instances.iter().cycle())
        .map(|(input, instance)| tokio::spawn(verb(instance.clone(), input)))
        .collect();
    join_all(tasks).await.into_iter().map(|task| task.unwrap()).collect()
}

/// How many answers read how.
fn tally<T: std::fmt::Debug>(answers: &[Result<T>]) -> BTreeMap<&'static str, usize> {
    let mut words = BTreeMap::new();
    for answer in answers {
        let word = match answer {
            Ok(_) => "ok",
            Err(error) => error.refusal().unwrap_or_else(|| panic!("{error}")).word(),
        };
        *words.entry(word).or_default() += 1;
    }
    words
}
