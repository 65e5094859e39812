//! A new password, or a proof that is taken back, ends whatever else was on its way to let somebody in.

use vestibule_core::{
    Refusal,
    code::Purpose,
    code_request::CodeRequest,
    password::NewPassword,
    redeem::{Secret, Try},
};

use crate::support::{World, address, refused, secret_word};

both! {
    a_new_password_ends_links_to_another_one_and_to_a_passkey,
    a_new_password_ends_what_was_begun_by_a_passkey_link,
    an_address_that_is_not_proven_any_more_ends_them_too,
    a_password_that_was_changed_meanwhile_is_not_overwritten_by_who_knew_the_old_one,
    an_address_that_was_never_proven_is_told_of_no_password,
}

fn another() -> NewPassword {
    NewPassword::Clear { password: "nine copper kettles".to_owned(), must_change: false, check: true }
}

async fn a_new_password_ends_links_to_another_one_and_to_a_passkey(world: World) {
    let owner = world.owner().await;
    world.prove_own(&owner).await;
    let id = owner.user_id().to_owned();
    let passkey = world.vestibule.request_passkey_link(&owner, &id, CodeRequest::default()).await.unwrap();
    let passkey = world.mailed(&passkey.challenge_id).await;
    world.env.pass(60_000);
    world.vestibule.forgot_password(&address("olga@acme.example"), None).await.unwrap();
    let reset = world.deliver().await.into_iter().find_map(|letter| letter.secret).unwrap();
    world.vestibule.set_password(&owner, &id, another(), true).await.unwrap();
    let by_passkey = Secret::For(Purpose::Passkey, Box::new(Secret::Link(passkey.token.clone())));
    let tried = world.vestibule.redeem(Try { secret: by_passkey, by: None, ip: None }).await;
    assert_eq!(refused(tried), Refusal::Revoked);
    assert_eq!(
        refused(world.vestibule.reset_password_by_link(&reset.token, secret_word(), None).await),
        Refusal::Revoked
    );
}

async fn a_new_password_ends_what_was_begun_by_a_passkey_link(world: World) {
    let owner = world.owner().await;
    world.prove_own(&owner).await;
    let id = owner.user_id().to_owned();
    let link = world.vestibule.request_passkey_link(&owner, &id, CodeRequest::default()).await.unwrap();
    let token = world.mailed(&link.challenge_id).await.token;
    let secret = Secret::For(Purpose::Passkey, Box::new(Secret::Link(token)));
    let redeemed = world.vestibule.redeem(Try { secret, by: None, ip: None }).await.unwrap();
    world.vestibule.begin_first_passkey(&redeemed).await.unwrap();
    world.vestibule.set_password(&owner, &id, another(), true).await.unwrap();
    assert_eq!(world.db.count("ceremony").await, 0);
    assert_eq!(refused(world.vestibule.begin_first_passkey(&redeemed).await), Refusal::SetupOver);
}

async fn an_address_that_is_not_proven_any_more_ends_them_too(world: World) {
    let owner = world.owner().await;
    world.prove_own(&owner).await;
    world.vestibule.forgot_password(&address("olga@acme.example"), None).await.unwrap();
    let reset = world.deliver().await.into_iter().find_map(|letter| letter.secret).unwrap();
    let email_id = world.view(&owner, owner.user_id()).await.emails[0].email.id.clone();
    world.vestibule.unverify(&owner, owner.user_id(), &email_id, "a typo").await.unwrap();
    assert_eq!(
        refused(world.vestibule.reset_password_by_link(&reset.token, secret_word(), None).await),
        Refusal::Revoked
    );
}

/// Who knew the old one is slow to hash; whichever comes last, the new one that an operator set stands.
async fn a_password_that_was_changed_meanwhile_is_not_overwritten_by_who_knew_the_old_one(world: World) {
    let owner = world.owner().await;
    let id = owner.user_id().to_owned();
    let person = world.vestibule.visitor(&id).await.unwrap().unwrap().person();
    let second = world.second().await;
    for _ in 0..6 {
        let before = NewPassword::Clear { password: secret_word(), must_change: false, check: true };
        world.vestibule.set_password(&owner, &id, before, false).await.unwrap();
        let thief = "six stolen sentences".to_owned();
        let (own, set) = tokio::join!(
            world.vestibule.set_own_password(&person, secret_word(), thief),
            second.set_password(&owner, &id, another(), false)
        );
        set.unwrap();
        if let Err(error) = own {
            assert_eq!(error.refusal(), Some(&Refusal::SignInFailed));
        }
        world.vestibule.sign_in("olga@acme.example", "nine copper kettles".to_owned(), None).await.unwrap();
    }
}

async fn an_address_that_was_never_proven_is_told_of_no_password(world: World) {
    let owner = world.owner().await;
    world.deliver().await;
    world.vestibule.set_password(&owner, owner.user_id(), another(), false).await.unwrap();
    assert!(world.deliver().await.is_empty());
    world.prove_own(&owner).await;
    world.vestibule.set_password(&owner, owner.user_id(), another(), false).await.unwrap();
    assert_eq!(world.deliver().await.len(), 1);
}
