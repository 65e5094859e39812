//! How often, for whom, until when.

use vestibule_core::{
    Refusal,
    code_request::CodeRequest,
    env::{DAY, HOUR, MINUTE, SECOND},
    organization::Policy,
    redeem::Try,
};

use crate::support::{World, address, at_handle, refused, typed, wrong};

both! {
    an_address_cools_down_whoever_asks,
    a_stranger_who_asks_in_the_cool_down_is_told_nothing_and_changes_nothing,
    an_address_gets_so_many_mails_a_day,
    one_network_address_asks_sixty_times_an_hour,
    one_network_address_has_sixty_wrong_codes,
    sweeping_takes_what_is_over_and_nothing_else,
    one_person_sends_twenty_codes_an_hour_to_addresses_of_their_own,
    an_address_is_invited_so_often_a_day,
}

async fn an_address_cools_down_whoever_asks(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let id = world
        .vestibule
        .send_code(&owner, &grace.user_id, Some(&grace.email_id), CodeRequest::default())
        .await
        .unwrap()
        .challenge_id;
    let until = world.vestibule.now() + MINUTE;
    world.env.pass(59 * SECOND);
    assert_eq!(refused(world.vestibule.resend(&id, None).await), Refusal::Cooling { until });
    assert_eq!(
        refused(world.vestibule.send_code(&owner, &grace.user_id, Some(&grace.email_id), CodeRequest::default()).await),
        Refusal::Cooling { until }
    );
    let view = world.vestibule.challenge(&id).await.unwrap().unwrap();
    assert_eq!(view.resend_at, until);
    world.env.pass(SECOND);
    let again = world
        .vestibule
        .send_code(&owner, &grace.user_id, Some(&grace.email_id), CodeRequest::default())
        .await
        .unwrap()
        .challenge_id;
    assert_eq!(again, id, "the open challenge is renewed");
    assert_eq!(world.deliver().await.len(), 1, "the first mail had not gone out and is cancelled");
}

async fn a_stranger_who_asks_in_the_cool_down_is_told_nothing_and_changes_nothing(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let drawn = world.send_code(&owner, &grace).await;
    let _ = world.vestibule.redeem(at_handle(&drawn.challenge_id, wrong(&drawn))).await;
    // As for an address that nobody has, to which nothing has been sent.
    for asked in [&grace.address, &address("nobody@navy.example")] {
        assert_eq!(world.vestibule.request_code(asked, None).await.unwrap(), world.vestibule.now() + MINUTE);
    }
    assert!(world.deliver().await.is_empty());
    world.vestibule.redeem(at_handle(&drawn.challenge_id, typed(&drawn))).await.unwrap();
}

async fn an_address_gets_so_many_mails_a_day(world: World) {
    let owner = world.owner().await;
    world.vestibule.set_policy(&world.organization, &Policy { mails_a_day: 3, ..Policy::default() }).await.unwrap();
    // The invite is a mail as well, and a stranger must not learn of it by what is left of the day.
    let grace = world.person(&owner, "grace@navy.example").await;
    let until = world.vestibule.now() + DAY;
    for known in [grace.address.clone(), address("nobody@navy.example")] {
        for _ in 0..3 {
            world.vestibule.request_code(&known, None).await.unwrap();
            world.env.pass(MINUTE);
        }
        let refusal = refused(world.vestibule.request_code(&known, None).await);
        assert!(matches!(refusal, Refusal::Limited { until: at } if at - until <= 3 * MINUTE), "{refusal:?}");
    }
    world.env.pass(DAY);
    world.vestibule.request_code(&grace.address, None).await.unwrap();
}

async fn one_network_address_asks_sixty_times_an_hour(world: World) {
    let ip = || Some("192.0.2.1".to_owned());
    world
        .db
        .exec(&format!(
            "INSERT INTO bucket (key, count, ends_at) VALUES ('asked:ip:192.0.2.1', 59, {})",
            world.vestibule.now() + HOUR
        ))
        .await;
    world.vestibule.request_code(&address("a@navy.example"), ip()).await.unwrap();
    let answer = world.vestibule.request_code(&address("b@navy.example"), ip()).await;
    assert_eq!(refused(answer), Refusal::Limited { until: world.vestibule.now() + HOUR });
    world.vestibule.request_code(&address("b@navy.example"), None).await.unwrap();
}

async fn one_network_address_has_sixty_wrong_codes(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let drawn = world.send_code(&owner, &grace).await;
    let until = world.has_failed(58).await;
    let from = |attempt: Try| Try { ip: Some("192.0.2.1".to_owned()), ..attempt };
    for left in [4, 3] {
        let answer = world.vestibule.redeem(from(at_handle(&drawn.challenge_id, wrong(&drawn)))).await;
        assert_eq!(refused(answer), Refusal::Wrong { left });
    }
    let right = world.vestibule.redeem(from(at_handle(&drawn.challenge_id, typed(&drawn)))).await;
    assert_eq!(refused(right), Refusal::Limited { until });
    let view = world.vestibule.challenge(&drawn.challenge_id).await.unwrap().unwrap();
    assert_eq!(view.tries_left, 3, "a try that was not compared is not counted");
    world.vestibule.redeem(at_handle(&drawn.challenge_id, typed(&drawn))).await.unwrap();
}

async fn sweeping_takes_what_is_over_and_nothing_else(world: World) {
    let owner = world.owner().await;
    world.vestibule.request_code(&address("a@navy.example"), None).await.unwrap();
    let user = Some(owner.user_id().to_owned());
    for (id, lifetime) in [("short", MINUTE), ("long", HOUR)] {
        assert!(
            world
                .vestibule
                .create_session(id.to_owned(), user.clone(), "{}".to_owned(), world.vestibule.now() + lifetime)
                .await
                .unwrap()
        );
    }
    let before = world.db.count("bucket").await;
    world.env.pass(MINUTE);
    let gone = world.vestibule.sweep().await.unwrap();
    assert_eq!(world.db.count("session").await, 1);
    assert!(world.vestibule.load_session("long").await.unwrap().is_some());
    assert_eq!(i64::try_from(gone).unwrap(), before - world.db.count("bucket").await + 1);
    assert_eq!(world.db.count("bucket WHERE key LIKE 'asked:day:%'").await, 1, "the day is not over");
    assert_eq!(world.db.count("bucket WHERE key LIKE 'asked:soon:%'").await, 0);
}

async fn one_person_sends_twenty_codes_an_hour_to_addresses_of_their_own(world: World) {
    let owner = world.owner().await;
    let person = world.vestibule.visitor(owner.user_id()).await.unwrap().unwrap().person();
    for number in 0..20 {
        let other = address(&format!("stranger.{number}@park.example"));
        world.vestibule.add_own_address(&person, &other, None).await.unwrap();
    }
    let until = world.vestibule.now() + HOUR;
    let one_more = address("stranger.20@park.example");
    let limited = Refusal::Limited { until };
    assert_eq!(refused(world.vestibule.add_own_address(&person, &one_more, None).await), limited);
    let change = world.vestibule.change_own_address(&person, &one_more, CodeRequest::default()).await;
    assert_eq!(refused(change), limited);
    assert_eq!(refused(world.vestibule.send_own_code(&person, CodeRequest::default(), None).await), limited);
    assert_eq!(world.db.count("email WHERE canonical = 'stranger.20@park.example'").await, 0);
    world.env.pass(HOUR);
    world.vestibule.add_own_address(&person, &one_more, None).await.unwrap();
}

async fn an_address_is_invited_so_often_a_day(world: World) {
    let owner = world.owner().await;
    let until = world.vestibule.now() + DAY;
    for _ in 0..Policy::default().mails_a_day {
        world.invite(&owner, "grace@navy.example").await;
    }
    let invite = async |text: &str| world.vestibule.invite(&owner, crate::support::people::form(text)).await;
    assert_eq!(refused(invite("GRACE@navy.example").await), Refusal::Limited { until });
    invite("alan@park.example").await.unwrap();
    assert_eq!(world.db.count("challenge WHERE purpose = 'invite' AND ended_at IS NULL").await, 2, "it ended nothing");
    world.env.pass(DAY);
    invite("grace@navy.example").await.unwrap();
}
