//! Rule 8: tell the holder the truth, tell strangers nothing.

use std::time::{Duration, Instant};

use futures::future::join_all;
use vestibule_core::{
    Refusal,
    code::TypedCode,
    env::{DAY, MINUTE, SECOND},
    organization::Policy,
};

use crate::support::{World, address, at_address, at_handle, by_link, refused, typed, wrong};

/// What no challenge of a test has for its code.
fn guess() -> TypedCode {
    TypedCode::parse("ZZZZ-ZZZZ").unwrap()
}

fn long_guess() -> TypedCode {
    TypedCode::parse("ZZZZZ-ZZZZZ-ZZZZZ").unwrap()
}

both! {
    the_holder_is_told_how_it_ended,
    the_holder_of_an_invite_is_told_how_it_ended,
    a_wrong_code_reads_alike_whatever_became_of_the_challenge,
    nobody_is_told_by_guessing_on_when_a_code_is_over,
    nobody_is_told_by_asking_when_the_house_has_sent_a_mail,
    fewer_tries_hold_for_everybody_at_once,
    asking_for_a_code_answers_alike_for_known_and_unknown,
    answers_by_address_keep_their_pace,
    a_handle_or_link_that_nobody_made_is_unknown,
}

async fn the_holder_is_told_how_it_ended(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let first = world.send_code(&owner, &grace).await;
    world.env.pass(15 * MINUTE);
    assert_truth(&world, &first, Refusal::Expired).await;
    let second = world.send_code(&owner, &grace).await;
    assert_truth(&world, &first, Refusal::Replaced).await;
    world.vestibule.redeem(at_handle(&second.challenge_id, typed(&second))).await.unwrap();
    assert_truth(&world, &second, Refusal::Used).await;

    let alan = world.person(&owner, "alan@park.example").await;
    let code = world.send_code(&owner, &alan).await;
    world.vestibule.mark_verified(&owner, &alan.user_id, &alan.email_id, "met him", None).await.unwrap();
    assert_truth(&world, &code, Refusal::AlreadyVerified).await;
}

async fn the_holder_of_an_invite_is_told_how_it_ended(world: World) {
    let owner = world.owner().await;
    let (revoked, drawn) = world.invite_mailed(&owner, "a@navy.example").await;
    world.vestibule.revoke_invite(&owner, &revoked.id).await.unwrap();
    assert_truth(&world, &drawn, Refusal::Revoked).await;

    let (_, drawn) = world.invite_mailed(&owner, "b@navy.example").await;
    world.vestibule.decline_invite(&drawn.token).await.unwrap();
    assert_truth(&world, &drawn, Refusal::Declined).await;

    let (_, drawn) = world.invite_mailed(&owner, "c@navy.example").await;
    world.invite_mailed(&owner, "c@navy.example").await;
    assert_truth(&world, &drawn, Refusal::Replaced).await;

    let (invited, drawn) = world.invite_mailed(&owner, "d@navy.example").await;
    world.vestibule.disable(&owner, &invited.user_id).await.unwrap();
    assert_truth(&world, &drawn, Refusal::Disabled).await;

    let (_, drawn) = world.invite_mailed(&owner, "e@navy.example").await;
    world.env.pass(7 * DAY);
    assert_truth(&world, &drawn, Refusal::Expired).await;
}

async fn a_wrong_code_reads_alike_whatever_became_of_the_challenge(world: World) {
    let owner = world.owner().await;
    let waiting = world.person(&owner, "waiting@navy.example").await;
    world.send_code(&owner, &waiting).await;
    let used = world.person(&owner, "used@navy.example").await;
    let drawn = world.send_code(&owner, &used).await;
    world.vestibule.redeem(at_handle(&drawn.challenge_id, typed(&drawn))).await.unwrap();
    world.invite_mailed(&owner, "invited@navy.example").await;
    let declined = world.invite_mailed(&owner, "declined@navy.example").await.1;
    world.vestibule.decline_invite(&declined.token).await.unwrap();
    let disabled = world.person(&owner, "disabled@navy.example").await;
    world.send_code(&owner, &disabled).await;
    world.vestibule.disable(&owner, &disabled.user_id).await.unwrap();
    // Who mistyped once before it was used, or had its time, must not be told by the try that is missing.
    let mistyped = world.person(&owner, "mistyped@navy.example").await;
    let drawn = world.send_code(&owner, &mistyped).await;
    let _ = world.vestibule.redeem(at_handle(&drawn.challenge_id, wrong(&drawn))).await;
    world.vestibule.redeem(at_handle(&drawn.challenge_id, typed(&drawn))).await.unwrap();

    let names = ["nobody", "waiting", "used", "invited", "declined", "disabled", "mistyped"];
    let names = names.map(|name| format!("{name}@navy.example"));
    let first = join_all(names.iter().map(|name| answers(&world, name))).await;
    let words: Vec<&str> = first[0].iter().take(6).map(Refusal::word).collect();
    assert_eq!(words, ["wrong", "wrong", "wrong", "wrong", "out-of-tries", "out-of-tries"]);
    assert_eq!(first[0][0], Refusal::Wrong { left: 4 });
    for (name, answers) in names.iter().zip(&first) {
        assert_eq!(*answers, first[0], "{name}");
    }

    // Asking for another code makes the tries anew, for everybody.
    world.env.pass(MINUTE);
    for name in &names {
        let at = world.vestibule.request_code(&address(name), None).await.unwrap();
        assert_eq!(at, world.vestibule.now() + MINUTE, "{name}");
    }
    world.deliver().await;
    let anew = join_all(names.iter().map(|name| answers(&world, name))).await;
    assert_eq!(anew, first);
}

async fn nobody_is_told_by_guessing_on_when_a_code_is_over(world: World) {
    let owner = world.owner().await;
    world.person(&owner, "grace@navy.example").await;
    world.prove_own(&owner).await;
    for name in ["nobody@navy.example", "grace@navy.example", "olga@acme.example"] {
        let guess = || async { refused(world.vestibule.redeem(at_address(&address(name), guess())).await).word() };
        world.vestibule.request_code(&address(name), None).await.unwrap();
        assert_eq!([guess().await, guess().await], ["wrong", "wrong"], "{name}");
        // Whatever was sent is over by then, and what was counted as well.
        world.env.pass(20 * MINUTE);
        for _ in 0..2 {
            let words = [guess().await, guess().await, guess().await, guess().await, guess().await, guess().await];
            assert_eq!(words, ["wrong", "wrong", "wrong", "wrong", "out-of-tries", "out-of-tries"], "{name}");
            // It begins anew with whatever is asked for, whether or not that sends anything.
            world.vestibule.forgot_password(&address(name), None).await.unwrap();
            world.env.pass(MINUTE);
        }
        let words = [guess().await, guess().await];
        assert_eq!(words, ["wrong", "wrong"], "{name}");
    }
}

async fn nobody_is_told_by_asking_when_the_house_has_sent_a_mail(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    world.send_code(&owner, &grace).await;
    for name in ["nobody@navy.example", "grace@navy.example"] {
        let guess = || async { refused(world.vestibule.redeem(at_address(&address(name), guess())).await) };
        assert_eq!(guess().await, Refusal::Wrong { left: 4 }, "{name}");
        world.vestibule.request_code(&address(name), None).await.unwrap();
        assert_eq!(guess().await, Refusal::Wrong { left: 4 }, "{name}");
    }
}

/// Else an address that has waited since before the policy changed is told by the tries that it has too many.
async fn fewer_tries_hold_for_everybody_at_once(world: World) {
    let owner = world.owner().await;
    let waiting = world.person(&owner, "waiting@navy.example").await;
    world.send_code(&owner, &waiting).await;
    let policy = Policy { tries: 3, ..Policy::default() };
    world.vestibule.change_policy(&owner, &policy).await.unwrap();
    world.env.pass(MINUTE);
    for name in ["nobody@navy.example", "waiting@navy.example"] {
        world.vestibule.request_code(&address(name), None).await.unwrap();
        assert_eq!(answers(&world, name).await[0], Refusal::Wrong { left: 2 }, "{name}");
    }
}

async fn asking_for_a_code_answers_alike_for_known_and_unknown(world: World) {
    let owner = world.owner().await;
    let known = world.person(&owner, "grace@navy.example").await;
    let verified = world.person(&owner, "alan@park.example").await;
    world.vestibule.mark_verified(&owner, &verified.user_id, &verified.email_id, "met him", None).await.unwrap();
    let mut seen = Vec::new();
    for address in [known.address, verified.address, address("nobody@navy.example")] {
        let mut answers = Vec::new();
        for wait in [0, SECOND, 58 * SECOND, SECOND, 59 * SECOND] {
            world.env.pass(wait);
            let answer = world.vestibule.request_code(&address, None).await.map_err(|error| error.refusal().cloned());
            let relative = |at: i64| at - world.vestibule.now();
            answers.push(match answer {
                Ok(at) => ("ok", relative(at)),
                Err(Some(Refusal::Cooling { until })) => ("cooling", relative(until)),
                Err(other) => panic!("{other:?}"),
            });
            assert_eq!(
                world.vestibule.resend_at(address.canonical()).await.unwrap(),
                world.vestibule.now() + answers[answers.len() - 1].1
            );
        }
        seen.push(answers);
    }
    assert_eq!(seen[0], [("ok", 60_000), ("cooling", 59_000), ("cooling", 1_000), ("ok", 60_000), ("cooling", 1_000)]);
    assert_eq!(seen[1], seen[0]);
    assert_eq!(seen[2], seen[0]);
    assert_eq!(world.deliver().await.len(), 1, "only the one who waits for a code gets mail, and only the newest");
}

async fn answers_by_address_keep_their_pace(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    world.send_code(&owner, &grace).await;
    for address in [grace.address, address("nobody@navy.example")] {
        let begun = Instant::now();
        let _ = world.vestibule.redeem(at_address(&address, guess())).await.unwrap_err();
        assert!(begun.elapsed() >= Duration::from_millis(60));
        let begun = Instant::now();
        let _ = world.vestibule.request_code(&address, None).await;
        assert!(begun.elapsed() >= Duration::from_millis(60));
    }
}

async fn a_handle_or_link_that_nobody_made_is_unknown(world: World) {
    let owner = world.owner().await;
    let (_, drawn) = world.invite_mailed(&owner, "grace@navy.example").await;
    let token = vestibule_core::secret::Token::parse(&"x".repeat(43)).unwrap();
    assert_eq!(refused(world.vestibule.redeem(by_link(&token)).await), Refusal::LinkUnknown);
    assert_eq!(refused(world.vestibule.decline_invite(&token).await), Refusal::LinkUnknown);
    for id in ["nobody", "", "a\0b", "'; DROP TABLE users; --"] {
        assert_eq!(refused(world.vestibule.redeem(at_handle(id, typed(&drawn))).await), Refusal::LinkUnknown, "{id:?}");
    }
    assert_eq!(world.vestibule.challenge_of_link(&token).await.unwrap(), None);
}

/// Six tries on an address with a short code, then six with a long one.
async fn answers(world: &World, text: &str) -> Vec<Refusal> {
    let mut answers = Vec::new();
    for code in [guess(), long_guess()] {
        for _ in 0..6 {
            answers.push(refused(world.vestibule.redeem(at_address(&address(text), code.clone())).await));
        }
    }
    answers
}

/// Whoever holds the code or the link learns the reason; whoever guesses does not.
async fn assert_truth(world: &World, drawn: &vestibule_core::outbox::Drawn, truth: Refusal) {
    for attempt in [at_handle(&drawn.challenge_id, typed(drawn)), by_link(&drawn.token)] {
        assert_eq!(refused(world.vestibule.redeem(attempt).await), truth);
    }
    let guessed = world.vestibule.redeem(at_handle(&drawn.challenge_id, wrong(drawn))).await;
    assert!(matches!(refused(guessed), Refusal::Wrong { .. }), "a guess was told more");
}
