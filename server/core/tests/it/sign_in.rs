//! Signing in with a password.

use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version, password_hash::SaltString};
use futures::future::join_all;
use vestibule_core::{Refusal, env::MINUTE, user_list::UserQuery};

use crate::support::{World, refused, secret_word};

const LOGIN: &str = "olga@acme.example";

both! {
    by_address_or_user_name_however_it_is_written,
    unknown_wrong_and_disabled_answer_alike,
    ten_failures_from_one_address_close_the_name_to_it_for_a_while_known_or_not,
    a_hundred_failures_close_the_name_to_everybody_and_ten_from_elsewhere_to_nobody,
    a_success_forgets_the_failures_before_it,
    many_wrong_passwords_at_once_are_compared_ten_times,
    one_network_address_has_sixty_failures,
    a_hash_with_weaker_parameters_is_made_anew,
    an_administrator_is_a_user_like_others,
    what_changed_while_the_password_was_compared_counts,
}

async fn by_address_or_user_name_however_it_is_written(world: World) {
    let owner = world.owner().await;
    for login in [LOGIN, " OLGA@Acme.Example "] {
        let signed_in = world.vestibule.sign_in(login, secret_word(), Some("192.0.2.1".to_owned())).await.unwrap();
        assert_eq!((signed_in.user_id.as_str(), signed_in.is_administrator), (owner.user_id(), true));
    }
    let view = world.view(&owner, owner.user_id()).await;
    assert_eq!((view.history[0].kind.as_str(), view.history[0].data.ip.as_deref()), ("signed-in", Some("192.0.2.1")));
}

async fn unknown_wrong_and_disabled_answer_alike(world: World) {
    let owner = world.owner().await;
    let password = "a password of Ada's".to_owned();
    let ada = world
        .vestibule
        .create_administrator(
            &crate::support::address("ada@acme.example"),
            "Ada",
            vestibule_core::actor::Role::Viewer,
            password.clone(),
        )
        .await
        .unwrap();
    world.vestibule.disable(&owner, &ada).await.unwrap();
    world.person(&owner, "grace@navy.example").await;
    for (login, password) in [
        (LOGIN, "not that one".to_owned()),
        ("nobody@acme.example", secret_word()),
        ("no\0body", secret_word()),
        ("", secret_word()),
        ("ada@acme.example", password.clone()),
        ("grace@navy.example", String::new()),
        (LOGIN, "x".repeat(100_000)),
    ] {
        assert_eq!(refused(world.vestibule.sign_in(login, password, None).await), Refusal::SignInFailed, "{login:?}");
    }
    world.vestibule.enable(&owner, &ada).await.unwrap();
    world.vestibule.sign_in("ada@acme.example", password, None).await.unwrap();
}

async fn ten_failures_from_one_address_close_the_name_to_it_for_a_while_known_or_not(world: World) {
    world.owner().await;
    for login in [LOGIN, "nobody@acme.example"] {
        let until = world.vestibule.now() + 10 * MINUTE;
        for _ in 0..10 {
            assert_eq!(refused(world.vestibule.sign_in(login, wrong(), None).await), Refusal::SignInFailed);
        }
        assert_eq!(refused(world.vestibule.sign_in(login, secret_word(), None).await), Refusal::Limited { until });
    }
    world.env.pass(10 * MINUTE);
    world.vestibule.sign_in(LOGIN, secret_word(), None).await.unwrap();
}

/// Whoever tries on from elsewhere shuts nobody out: the person still comes in from where they are.
async fn a_hundred_failures_close_the_name_to_everybody_and_ten_from_elsewhere_to_nobody(world: World) {
    world.owner().await;
    let from = |number: i64| Some(format!("192.0.2.{number}"));
    for number in 0..10 {
        for _ in 0..10 {
            assert_eq!(refused(world.vestibule.sign_in(LOGIN, wrong(), from(number)).await), Refusal::SignInFailed);
        }
        if number < 9 {
            world.vestibule.sign_in(LOGIN, secret_word(), from(99)).await.unwrap();
        }
    }
    let late = world.vestibule.sign_in(LOGIN, secret_word(), from(99)).await;
    assert!(matches!(refused(late), Refusal::Limited { .. }));
}

async fn a_success_forgets_the_failures_before_it(world: World) {
    world.owner().await;
    for _ in 0..3 {
        for _ in 0..6 {
            assert_eq!(refused(world.vestibule.sign_in(LOGIN, wrong(), None).await), Refusal::SignInFailed);
        }
        world.vestibule.sign_in(LOGIN, secret_word(), None).await.unwrap();
    }
}

/// Counted before the comparison, or a thousand at once would all be compared.
async fn many_wrong_passwords_at_once_are_compared_ten_times(world: World) {
    world.owner().await;
    let second = world.second().await;
    let tries = (0..24)
        .map(|number| if number % 2 == 0 { &world.vestibule } else { &second })
        .map(|instance| instance.sign_in(LOGIN, wrong(), None));
    let answers = join_all(tries).await;
    let compared = answers
        .into_iter()
        .filter(|answer| matches!(answer, Err(error) if error.refusal() == Some(&Refusal::SignInFailed)))
        .count();
    assert_eq!(compared, 10);
}

async fn one_network_address_has_sixty_failures(world: World) {
    world.owner().await;
    world
        .db
        .exec(&format!(
            "INSERT INTO bucket (key, count, ends_at) VALUES ('sign-in:ip:192.0.2.1', 59, {})",
            world.vestibule.now() + MINUTE
        ))
        .await;
    let ip = || Some("192.0.2.1".to_owned());
    for _ in 0..3 {
        world.vestibule.sign_in(LOGIN, secret_word(), ip()).await.unwrap();
    }
    assert_eq!(refused(world.vestibule.sign_in("x@acme.example", wrong(), ip()).await), Refusal::SignInFailed);
    assert!(matches!(refused(world.vestibule.sign_in(LOGIN, secret_word(), ip()).await), Refusal::Limited { .. }));
    world.vestibule.sign_in(LOGIN, secret_word(), Some("192.0.2.2".to_owned())).await.unwrap();
}

async fn a_hash_with_weaker_parameters_is_made_anew(world: World) {
    world.owner().await;
    let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(1_024, 1, 1, None).unwrap());
    let salt = SaltString::encode_b64(b"sixteen bytes of").unwrap();
    let old = weak.hash_password(secret_word().as_bytes(), &salt).unwrap().to_string();
    world.db.exec(&format!("UPDATE password SET hash = '{old}'")).await;
    assert!(world.vestibule.sign_in(LOGIN, wrong(), None).await.is_err());
    assert_eq!(hash(&world).await, old, "only the right password tells what to hash");
    world.vestibule.sign_in(LOGIN, secret_word(), None).await.unwrap();
    let new = hash(&world).await;
    assert!(new.contains("m=19456,t=2,p=1"), "{new}");
    world.vestibule.sign_in(LOGIN, secret_word(), None).await.unwrap();
    assert_eq!(hash(&world).await, new);
}

async fn an_administrator_is_a_user_like_others(world: World) {
    let owner = world.owner().await;
    let listed = world.vestibule.users(&owner, &UserQuery::default()).await.unwrap().users;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].name, "Olga Owner");
}

fn wrong() -> String {
    "not that one at all".to_owned()
}

async fn hash(world: &World) -> String {
    world.db.texts("SELECT hash FROM password").await.remove(0)
}

async fn what_changed_while_the_password_was_compared_counts(world: World) {
    let owner = world.owner().await;
    let password = "a password of Ada's".to_owned();
    let ada = crate::support::address("ada@acme.example");
    let role = vestibule_core::actor::Role::Viewer;
    let id = world.vestibule.create_administrator(&ada, "Ada", role, password.clone()).await.unwrap();
    let sign_in = |login: String, password: String| {
        let vestibule = world.vestibule.clone();
        tokio::spawn(async move { vestibule.sign_in(&login, password, None).await })
    };
    // Who has been counted is read, and waits for a turn: two are compared at a time, and Ada comes after all these.
    let counted = async |names: i64| {
        while world.db.count("bucket WHERE key LIKE 'sign-in:%' AND key NOT LIKE 'sign-in:ip:%'").await < names {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    };
    let crowd: Vec<_> = (0..55).map(|number| sign_in(format!("nobody.{number}"), secret_word())).collect();
    counted(55).await;
    let hers = sign_in("ada@acme.example".to_owned(), password);
    counted(56).await;
    world.vestibule.disable(&owner, &id).await.unwrap();
    assert_eq!(refused(hers.await.unwrap()), Refusal::SignInFailed);
    for other in crowd {
        other.await.unwrap().unwrap_err();
    }
    assert!(!world.steps(&owner, &id).await.contains(&"signed-in"));
}
