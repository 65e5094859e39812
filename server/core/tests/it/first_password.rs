//! The first password of an invited person.

use vestibule_core::{Refusal, organization::Policy, outbox::MessageKind, password::Weakness, redeem::Redeemed};

use crate::support::{World, at_handle, by_link, refused, secret_word, typed};

both! {
    it_is_stored_spends_the_invite_tells_the_person_and_signs_in,
    what_the_policy_does_not_allow_is_refused_and_the_invite_lives_on,
    it_is_the_first_only,
    an_invite_that_ended_meanwhile_sets_nothing,
    an_email_code_sets_no_password,
    a_disabled_user_sets_nothing,
}

async fn it_is_stored_spends_the_invite_tells_the_person_and_signs_in(world: World) {
    let (_, redeemed) = accepted(&world).await;
    let signed_in = world.vestibule.set_first_password(&redeemed, secret_word()).await.unwrap();
    assert_eq!((signed_in.user_id.as_str(), signed_in.is_administrator), (redeemed.user_id.as_str(), false));
    assert!(world.db.texts("SELECT hash FROM password").await.iter().all(|hash| hash.starts_with("$argon2id$")));
    let letters = world.deliver().await;
    assert_eq!(
        (letters.len(), letters[0].kind, letters[0].recipient.as_str()),
        (1, MessageKind::PasswordSet, "grace@navy.example")
    );
    let again = world.vestibule.sign_in("Grace@Navy.example", secret_word(), None).await.unwrap();
    assert_eq!(again, signed_in);
}

async fn what_the_policy_does_not_allow_is_refused_and_the_invite_lives_on(world: World) {
    let (_, redeemed) = accepted(&world).await;
    let common = |why| Refusal::PasswordCommon { why };
    for (password, refusal) in [
        ("short", Refusal::PasswordTooShort { min: 12 }),
        ("password1234", common(Weakness::Common)),
        ("aaaaaaaaaaaaaaa", common(Weakness::Repeat)),
        ("Grace Hopper", common(Weakness::Own)),
        ("GraceHopper1", common(Weakness::Own)),
        ("grace@navy.example", common(Weakness::Own)),
        ("Acme", Refusal::PasswordTooShort { min: 12 }),
        ("liverpoolfootball", common(Weakness::Common)),
        (&"long ".repeat(300), Refusal::PasswordTooLong),
    ] {
        let answer = world.vestibule.set_first_password(&redeemed, password.to_owned()).await;
        assert_eq!(refused(answer), refusal, "{password:?}");
    }
    let strict = Policy { password_min: 40, ..Policy::default() };
    world.vestibule.set_policy(&world.organization, &strict).await.unwrap();
    let answer = world.vestibule.set_first_password(&redeemed, secret_word()).await;
    assert_eq!(refused(answer), Refusal::PasswordTooShort { min: 40 });
    world.vestibule.set_policy(&world.organization, &Policy::default()).await.unwrap();
    world.vestibule.set_first_password(&redeemed, secret_word()).await.unwrap();
}

async fn it_is_the_first_only(world: World) {
    let (_, redeemed) = accepted(&world).await;
    world.vestibule.set_first_password(&redeemed, secret_word()).await.unwrap();
    let answer = world.vestibule.set_first_password(&redeemed, "another one of mine".to_owned()).await;
    assert_eq!(refused(answer), Refusal::HasMethod);
    assert!(world.vestibule.sign_in("grace@navy.example", "another one of mine".to_owned(), None).await.is_err());
}

async fn an_invite_that_ended_meanwhile_sets_nothing(world: World) {
    let (owner, redeemed) = accepted(&world).await;
    let invite = world.view(&owner, &redeemed.user_id).await.invite.unwrap();
    world.vestibule.revoke_invite(&owner, &invite.id).await.unwrap();
    assert_eq!(refused(world.vestibule.set_first_password(&redeemed, secret_word()).await), Refusal::SetupOver);
    assert_eq!(world.db.count("password").await, 1, "the owner's");
    assert_eq!(world.db.count("message WHERE kind = 'password-set'").await, 0);
}

async fn an_email_code_sets_no_password(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let drawn = world.send_code(&owner, &grace).await;
    let redeemed = world.vestibule.redeem(at_handle(&drawn.challenge_id, typed(&drawn))).await.unwrap();
    assert_eq!(refused(world.vestibule.set_first_password(&redeemed, secret_word()).await), Refusal::SetupOver);
    assert_eq!(world.db.count("password").await, 1);
}

async fn a_disabled_user_sets_nothing(world: World) {
    let (owner, redeemed) = accepted(&world).await;
    world.vestibule.disable(&owner, &redeemed.user_id).await.unwrap();
    assert_eq!(refused(world.vestibule.set_first_password(&redeemed, secret_word()).await), Refusal::Disabled);
    world.vestibule.enable(&owner, &redeemed.user_id).await.unwrap();
    world.vestibule.set_first_password(&redeemed, secret_word()).await.unwrap();
}

async fn accepted(world: &World) -> (vestibule_core::actor::Admin, Redeemed) {
    let owner = world.owner().await;
    let (_, drawn) = world.invite_mailed(&owner, "grace@navy.example").await;
    let redeemed = world.vestibule.redeem(by_link(&drawn.token)).await.unwrap();
    (owner, redeemed)
}
