//! Browser sessions, and who is behind one.

use vestibule_core::{Refusal, code_request::CodeRequest, env::HOUR};

use crate::support::{World, by_link, refused, secret_word};

both! {
    a_session_lives_until_it_ends_or_is_deleted,
    disabling_ends_sessions_and_shuts_out,
    disabling_blocks_every_code,
    nobody_disables_themselves,
}

async fn a_session_lives_until_it_ends_or_is_deleted(world: World) {
    let until = world.vestibule.now() + HOUR;
    let make = |id: &str| world.vestibule.create_session(id.to_owned(), None, "{}".to_owned(), until);
    assert!(make("one").await.unwrap());
    assert!(!make("one").await.unwrap(), "the id is taken");
    assert!(make("two").await.unwrap());
    world.vestibule.save_session("one".to_owned(), None, "{\"a\":1}".to_owned(), until + HOUR).await.unwrap();
    assert_eq!(world.vestibule.load_session("one").await.unwrap(), Some(("{\"a\":1}".to_owned(), until + HOUR)));
    world.vestibule.delete_session("two".to_owned()).await.unwrap();
    world.vestibule.save_session("two".to_owned(), None, "{}".to_owned(), until).await.unwrap();
    assert_eq!(world.vestibule.load_session("two").await.unwrap(), None, "a deleted session does not come back");
    world.env.pass(2 * HOUR);
    assert_eq!(world.vestibule.load_session("one").await.unwrap(), None);
}

async fn disabling_ends_sessions_and_shuts_out(world: World) {
    let owner = world.owner().await;
    let (invited, drawn) = world.invite_mailed(&owner, "grace@navy.example").await;
    let redeemed = world.vestibule.redeem(by_link(&drawn.token)).await.unwrap();
    world.vestibule.set_first_password(&redeemed, secret_word()).await.unwrap();
    session(&world, "hers", &invited.user_id).await;
    session(&world, "ours", owner.user_id()).await;
    assert!(world.vestibule.visitor(&invited.user_id).await.unwrap().unwrap().admin.is_none());

    world.vestibule.disable(&owner, &invited.user_id).await.unwrap();
    assert_eq!(world.vestibule.load_session("hers").await.unwrap(), None);
    assert!(world.vestibule.load_session("ours").await.unwrap().is_some());
    assert!(world.vestibule.visitor(&invited.user_id).await.unwrap().is_none());
    assert_eq!(
        refused(world.vestibule.sign_in("grace@navy.example", secret_word(), None).await),
        Refusal::SignInFailed
    );
    assert_eq!(refused(world.vestibule.disable(&owner, &invited.user_id).await), Refusal::Stale);

    world.vestibule.enable(&owner, &invited.user_id).await.unwrap();
    world.vestibule.sign_in("grace@navy.example", secret_word(), None).await.unwrap();
    assert_eq!(refused(world.vestibule.enable(&owner, &invited.user_id).await), Refusal::Stale);
}

async fn disabling_blocks_every_code(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let drawn = world.send_code(&owner, &grace).await;
    world.vestibule.disable(&owner, &grace.user_id).await.unwrap();
    assert_eq!(refused(world.vestibule.redeem(by_link(&drawn.token)).await), Refusal::Disabled);
    assert_eq!(
        refused(world.vestibule.send_code(&owner, &grace.user_id, Some(&grace.email_id), CodeRequest::default()).await),
        Refusal::Disabled
    );
    world.env.pass(60_000);
    assert_eq!(refused(world.vestibule.resend(&drawn.challenge_id, None).await), Refusal::Disabled);
    world.vestibule.request_code(&grace.address, None).await.unwrap();
    assert!(world.deliver().await.is_empty());
    assert!(!world.is_verified(&owner, &grace).await);
    world.vestibule.enable(&owner, &grace.user_id).await.unwrap();
    world.vestibule.redeem(by_link(&drawn.token)).await.unwrap();
}

async fn nobody_disables_themselves(world: World) {
    let owner = world.owner().await;
    assert_eq!(refused(world.vestibule.disable(&owner, owner.user_id()).await), Refusal::Yourself);
}

async fn session(world: &World, id: &str, user_id: &str) {
    let until = world.vestibule.now() + HOUR;
    assert!(
        world.vestibule.create_session(id.to_owned(), Some(user_id.to_owned()), "{}".to_owned(), until).await.unwrap()
    );
}
