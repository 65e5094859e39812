//! Rules 4 and 6: a code dies, never a user; input is forgiven.

use vestibule_core::{
    Refusal,
    code::{CodeStyle, TypedCode},
    env::{MINUTE, SECOND},
    organization::Policy,
};

use crate::support::{World, address, at_address, at_handle, by_link, refused, secret_word, typed, wrong};

both! {
    wrong_tries_spend_the_code_and_a_new_one_is_a_press_away,
    a_spent_invite_code_leaves_the_invite_and_its_link_alive,
    what_is_handed_over_after_the_last_try_works,
    a_code_is_read_however_it_is_typed,
    what_cannot_be_a_code_never_costs_a_try,
    asking_at_the_code_page_gives_a_reset_no_tries,
}

async fn wrong_tries_spend_the_code_and_a_new_one_is_a_press_away(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let first = world.send_code(&owner, &grace).await;
    for left in [4, 3, 2, 1] {
        let answer = world.vestibule.redeem(at_handle(&first.challenge_id, wrong(&first))).await;
        assert_eq!(refused(answer), Refusal::Wrong { left });
    }
    for code in [wrong(&first), wrong(&first), typed(&first)] {
        let answer = world.vestibule.redeem(at_handle(&first.challenge_id, code)).await;
        assert_eq!(refused(answer), Refusal::OutOfTries);
    }

    assert!(matches!(refused(world.vestibule.resend(&first.challenge_id, None).await), Refusal::Cooling { .. }));
    world.env.pass(60 * SECOND);
    world.vestibule.resend(&first.challenge_id, None).await.unwrap();
    let second = world.mailed(&first.challenge_id).await;
    let old = world.vestibule.redeem(at_handle(&first.challenge_id, typed(&first))).await;
    assert_eq!(refused(old), Refusal::Replaced);
    world.vestibule.redeem(at_handle(&first.challenge_id, typed(&second))).await.unwrap();
    assert!(world.is_verified(&owner, &grace).await);
}

async fn a_spent_invite_code_leaves_the_invite_and_its_link_alive(world: World) {
    let owner = world.owner().await;
    let (invited, drawn) = world.invite_mailed(&owner, "grace@navy.example").await;
    for _ in 0..6 {
        let _ = world.vestibule.redeem(at_handle(&invited.challenge_id, wrong(&drawn))).await;
    }
    let answer = world.vestibule.redeem(at_handle(&invited.challenge_id, typed(&drawn))).await;
    assert_eq!(refused(answer), Refusal::OutOfTries);
    assert_eq!(world.view(&owner, &invited.user_id).await.invite.unwrap().state.as_str(), "opened");
    world.vestibule.redeem(by_link(&drawn.token)).await.unwrap();
}

async fn what_is_handed_over_after_the_last_try_works(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let first = world.send_code(&owner, &grace).await;
    for _ in 0..5 {
        let _ = world.vestibule.redeem(at_handle(&first.challenge_id, wrong(&first))).await;
    }
    let shown = world.vestibule.hand_over(&owner, &first.challenge_id).await.unwrap();
    let dead = world.vestibule.redeem(at_handle(&first.challenge_id, typed(&first))).await;
    assert_eq!(refused(dead), Refusal::Replaced, "the spent code stays dead");
    world.vestibule.redeem(at_handle(&first.challenge_id, typed(&shown))).await.unwrap();
}

async fn a_code_is_read_however_it_is_typed(world: World) {
    let owner = world.owner().await;
    for (number, style) in [CodeStyle::Letters, CodeStyle::Digits].into_iter().enumerate() {
        let policy = Policy { code_style: style, ..Policy::default() };
        world.vestibule.set_policy(&world.organization, &policy).await.unwrap();
        let grace = world.person(&owner, &format!("grace{number}@navy.example")).await;
        let drawn = world.send_code(&owner, &grace).await;
        let messy = mistyped(&drawn.code.grouped(), style);
        let code = TypedCode::parse(&messy).unwrap();
        world.vestibule.redeem(at_address(&grace.address, code)).await.unwrap();
    }
}

async fn what_cannot_be_a_code_never_costs_a_try(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let drawn = world.send_code(&owner, &grace).await;
    for text in ["", "BCD", "hello, is this the code?", "ÄÖÜÄÖÜÄÖ", "BCDF\0GHJ"] {
        assert!(TypedCode::parse(text).is_none(), "{text:?}");
    }
    let view = world.vestibule.challenge(&drawn.challenge_id).await.unwrap().unwrap();
    assert_eq!(view.tries_left, 5);
    world.vestibule.redeem(at_handle(&drawn.challenge_id, typed(&drawn))).await.unwrap();
    let view = world.vestibule.challenge(&drawn.challenge_id).await.unwrap().unwrap();
    assert_eq!((view.tries_left, view.over), (5, Some(Refusal::Used)), "a right code gives its try back");
}

/// As a phone keyboard in a hurry would have it: small, spaced, full width here and there, with look-alikes.
fn mistyped(grouped: &str, style: CodeStyle) -> String {
    let look_alike = |sign: char| match (style, sign) {
        (CodeStyle::Letters, 'Q') => '0',
        (CodeStyle::Letters, 'L') => 'i',
        (CodeStyle::Letters, 'B') => '8',
        (CodeStyle::Digits, '0') => 'o',
        (CodeStyle::Digits, '1') => 'l',
        (CodeStyle::Digits, '8') => 'Ｂ',
        (_, '-') => '–',
        (_, sign) => sign.to_ascii_lowercase(),
    };
    let signs: Vec<String> = grouped.chars().map(|sign| look_alike(sign).to_string()).collect();
    format!("  {}\n", signs.join(" "))
}

async fn asking_at_the_code_page_gives_a_reset_no_tries(world: World) {
    let owner = world.owner().await;
    let (invited, drawn) = world.invite_mailed(&owner, "grace@navy.example").await;
    let redeemed = world.vestibule.redeem(by_link(&drawn.token)).await.unwrap();
    world.vestibule.set_first_password(&redeemed, secret_word()).await.unwrap();
    let grace = address("grace@navy.example");
    world.env.pass(MINUTE);
    world.vestibule.forgot_password(&grace, None).await.unwrap();
    let reset = world.deliver().await.into_iter().find_map(|letter| letter.secret).unwrap();
    let guess = async |code| {
        let password = "the analytical engine".to_owned();
        refused(world.vestibule.reset_password_at(&grace, code, password, None).await)
    };
    assert_eq!(guess(wrong(&reset)).await, Refusal::Wrong { left: 4 });
    // Asked for at the code page, where a proven address waits for nothing: no mail goes out, and its reset is not touched.
    world.env.pass(MINUTE);
    world.vestibule.request_code(&grace, None).await.unwrap();
    assert!(world.deliver().await.is_empty());
    for left in [4, 3, 2, 1] {
        assert_eq!(guess(wrong(&reset)).await, Refusal::Wrong { left }, "what is told is the address' own count");
    }
    assert_eq!(guess(typed(&reset)).await, Refusal::OutOfTries);
    assert!(world.view(&owner, &invited.user_id).await.user.has_password);
}
