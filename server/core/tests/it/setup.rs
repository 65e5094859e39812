//! The set-up link: once, for one hour, replaced by the next.

use vestibule_core::{Refusal, actor::Role, env::HOUR, secret::Token};

use crate::support::{World, address, refused, secret_word};

both! {
    it_works_once_and_only_while_there_is_no_administrator,
    it_works_for_an_hour,
    the_next_one_replaces_it,
    a_refused_form_does_not_spend_it,
    eight_at_once_make_one_owner,
    two_instances_that_start_at_once_leave_one_link_that_works,
}

async fn it_works_once_and_only_while_there_is_no_administrator(world: World) {
    let link = world.vestibule.open_setup_link().await.unwrap().unwrap();
    assert!(world.vestibule.setup_link_is_open(&link).await.unwrap());
    assert!(world.vestibule.setup_link_is_open(&link).await.unwrap(), "looking does not spend it");
    let signed_in = set_up(&world, &link).await.unwrap();
    assert!(signed_in.is_administrator);
    assert_eq!(world.admin(&signed_in.user_id).await.role(), Role::Owner);
    assert_eq!(refused(set_up(&world, &link).await), Refusal::LinkUnknown);
    assert!(world.vestibule.open_setup_link().await.unwrap().is_none());
    world.vestibule.sign_in("olga@acme.example", secret_word(), None).await.unwrap();
}

async fn it_works_for_an_hour(world: World) {
    let link = world.vestibule.open_setup_link().await.unwrap().unwrap();
    world.env.pass(HOUR - 1);
    assert!(world.vestibule.setup_link_is_open(&link).await.unwrap());
    world.env.pass(1);
    assert!(!world.vestibule.setup_link_is_open(&link).await.unwrap());
    assert_eq!(refused(set_up(&world, &link).await), Refusal::LinkUnknown);
}

async fn the_next_one_replaces_it(world: World) {
    let first = world.vestibule.open_setup_link().await.unwrap().unwrap();
    let second = world.vestibule.open_setup_link().await.unwrap().unwrap();
    assert_eq!(refused(set_up(&world, &first).await), Refusal::LinkUnknown);
    set_up(&world, &second).await.unwrap();
}

async fn a_refused_form_does_not_spend_it(world: World) {
    let link = world.vestibule.open_setup_link().await.unwrap().unwrap();
    let olga = address("olga@acme.example");
    let short = world.vestibule.set_up_owner(&link, "Olga", &olga, "short".to_owned()).await;
    assert_eq!(refused(short), Refusal::PasswordTooShort { min: 12 });
    assert_eq!(refused(world.vestibule.set_up_owner(&link, " ", &olga, secret_word()).await), Refusal::Name);
    set_up(&world, &link).await.unwrap();
}

async fn eight_at_once_make_one_owner(world: World) {
    let link = world.vestibule.open_setup_link().await.unwrap().unwrap();
    // A link that a second instance opened at the same moment.
    let other = Token::parse(&"x".repeat(Token::LENGTH)).unwrap();
    world
        .db
        .exec(&format!(
            "INSERT INTO setup_link (hash, created_at, expires_at) VALUES ('{}', 0, {})",
            other.hash(),
            i64::MAX
        ))
        .await;
    let second = world.second().await;
    let tries = (0..8).map(|number| {
        let instance = if number % 2 == 0 { world.vestibule.clone() } else { second.clone() };
        let link = if number % 2 == 0 { link.clone() } else { other.clone() };
        tokio::spawn(async move {
            instance
                .set_up_owner(&link, "Olga", &address(&format!("olga{number}@acme.example")), secret_word())
                .await
                .is_ok()
        })
    });
    let made = futures::future::join_all(tries).await.into_iter().filter(|made| *made.as_ref().unwrap()).count();
    assert_eq!(made, 1);
    assert_eq!(world.db.count("administrator").await, 1);
    assert_eq!(world.db.count("users").await, 1);
}

async fn two_instances_that_start_at_once_leave_one_link_that_works(world: World) {
    let second = world.second().await;
    for _ in 0..5 {
        let (one, two) = tokio::join!(world.vestibule.open_setup_link(), second.open_setup_link());
        assert!(one.is_ok() && two.is_ok(), "{one:?} {two:?}");
        assert_eq!(world.db.count("setup_link").await, 1);
    }
}

async fn set_up(world: &World, link: &Token) -> vestibule_core::Result<vestibule_core::password::SignedIn> {
    world.vestibule.set_up_owner(link, "Olga Owner", &address("olga@acme.example"), secret_word()).await
}
