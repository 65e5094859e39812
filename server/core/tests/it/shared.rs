//! Callers who share a batch: each has an answer of their own, as if they had come one after the other.

use futures::future::join_all;
use vestibule_core::{
    Error, Refusal, Result, Vestibule,
    redeem::{Redeemed, Try},
};

use crate::support::{World, at_handle, refused, secret_word, sql::Db, typed, wrong};

both! {
    one_whose_row_cannot_be_written_fails_alone,
    many_wrong_codes_at_once_are_no_more_than_may_be_wrong,
    right_codes_from_one_network_address_all_count,
    who_showed_too_many_codes_keeps_no_hasher_busy,
}

async fn one_whose_row_cannot_be_written_fails_alone(world: World) {
    let owner = world.owner().await;
    let mut people = Vec::new();
    for number in 0..8 {
        people.push(world.person(&owner, &format!("grace{number}@navy.example")).await);
    }
    world.deliver().await;
    let victim = &people[3];
    let (at, broken) = ("BEFORE INSERT ON event", format!("NEW.user_id = '{}'", victim.user_id));
    let trigger = match &world.db {
        Db::Sqlite(_) => format!("CREATE TRIGGER one {at} WHEN {broken} BEGIN SELECT RAISE(ABORT, 'broken'); END"),
        Db::Postgres(_) => format!(
            "CREATE FUNCTION one() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''broken''; END';
             CREATE TRIGGER one {at} FOR EACH ROW WHEN ({broken}) EXECUTE FUNCTION one()"
        ),
    };
    world.db.exec(&trigger).await;
    let marks = people
        .iter()
        .map(|grace| world.vestibule.mark_verified(&owner, &grace.user_id, &grace.email_id, "met her", None));
    for (answer, grace) in join_all(marks).await.into_iter().zip(&people) {
        let is_victim = grace.user_id == victim.user_id;
        assert_eq!(matches!(answer, Err(Error::Store(_))), is_victim, "{answer:?}");
        assert_eq!(world.is_verified(&owner, grace).await, !is_victim);
    }
}

async fn many_wrong_codes_at_once_are_no_more_than_may_be_wrong(world: World) {
    let owner = world.owner().await;
    world.has_failed(57).await;
    let mut tries = Vec::new();
    for number in 0..12 {
        let grace = world.person(&owner, &format!("grace{number}@navy.example")).await;
        let drawn = world.send_code(&owner, &grace).await;
        tries.push(from_one_place(at_handle(&drawn.challenge_id, wrong(&drawn))));
    }
    let answers = at_once(&world.vestibule, tries).await;
    let wrong = answers.iter().filter(|answer| word(answer) == "wrong").count();
    let limited = answers.iter().filter(|answer| word(answer) == "limited").count();
    // On Postgres two batches may be under way at once, neither of which sees yet what the other has counted.
    let most = if matches!(world.db, Db::Sqlite(_)) { 3 } else { 6 };
    assert!((3..=most).contains(&wrong) && wrong + limited == 12, "{wrong} wrong, {limited} limited");
    let counted = world.db.count("challenge WHERE tries_left = 4").await;
    assert_eq!(usize::try_from(counted).unwrap(), wrong, "what was not compared is not counted");
}

/// Whoever is right does not take the turn of another.
async fn right_codes_from_one_network_address_all_count(world: World) {
    let owner = world.owner().await;
    world.has_failed(58).await;
    let mut tries = Vec::new();
    for number in 0..8 {
        let grace = world.person(&owner, &format!("grace{number}@navy.example")).await;
        let drawn = world.send_code(&owner, &grace).await;
        tries.push(from_one_place(at_handle(&drawn.challenge_id, typed(&drawn))));
    }
    for answer in at_once(&world.vestibule, tries).await {
        answer.unwrap();
    }
}

async fn who_showed_too_many_codes_keeps_no_hasher_busy(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let drawn = world.send_code(&owner, &grace).await;
    let until = world.has_failed(60).await;
    // It would be refused, were it looked at.
    for (ip, refusal) in [
        (Some("192.0.2.1".to_owned()), Refusal::Limited { until }),
        (Some("192.0.2.2".to_owned()), Refusal::PasswordTooShort { min: 12 }),
    ] {
        let answer = world.vestibule.reset_password_at(&grace.address, typed(&drawn), "short".to_owned(), ip).await;
        assert_eq!(refused(answer), refusal);
    }
    let ip = Some("192.0.2.1".to_owned());
    let answer = world.vestibule.reset_password_at(&grace.address, typed(&drawn), secret_word(), ip).await;
    assert_eq!(refused(answer), Refusal::Limited { until });
}

fn from_one_place(attempt: Try) -> Try {
    Try { ip: Some("192.0.2.1".to_owned()), ..attempt }
}

/// Redeems them in one batch, or in few.
async fn at_once(vestibule: &Vestibule, tries: Vec<Try>) -> Vec<Result<Redeemed>> {
    join_all(tries.into_iter().map(|attempt| vestibule.redeem(attempt))).await
}

fn word<T>(answer: &Result<T>) -> &'static str {
    answer.as_ref().err().and_then(Error::refusal).map_or("", Refusal::word)
}
