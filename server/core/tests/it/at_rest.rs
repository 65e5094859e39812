//! Rule 5: no clear secret at rest, nor in a log.

use vestibule_core::{
    actor::Principal,
    api_key::{NewKey, Scope},
    outbox::Delivery,
};

use crate::support::{World, by_link, secret_word};

both! {
    neither_codes_nor_links_are_in_the_database,
    neither_passwords_nor_keys_nor_set_up_links_are_in_the_database,
    a_code_is_drawn_only_when_its_mail_is_rendered,
    the_stored_mac_fits_no_other_challenge,
    debug_shows_no_secret,
}

async fn neither_codes_nor_links_are_in_the_database(world: World) {
    let owner = world.owner().await;
    let (invited, invite) = world.invite_mailed(&owner, "grace@navy.example").await;
    let alan = world.person(&owner, "alan@park.example").await;
    let code = world.send_code(&owner, &alan).await;
    let shown = world.vestibule.hand_over(&owner, &invited.challenge_id).await.unwrap();
    for drawn in [invite, code, shown] {
        let grouped = drawn.code.grouped();
        for secret in [grouped.as_str(), &grouped.replace('-', ""), drawn.token.reveal()] {
            assert_hidden(&world, secret).await;
        }
    }
    assert!(world.db.dump().await.contains("grace@navy.example"), "the dump shows what is there");
}

async fn neither_passwords_nor_keys_nor_set_up_links_are_in_the_database(world: World) {
    let link = world.vestibule.open_setup_link().await.unwrap().unwrap();
    assert_hidden(&world, link.reveal()).await;
    let owner = world.owner().await;
    let (_, drawn) = world.invite_mailed(&owner, "grace@navy.example").await;
    let redeemed = world.vestibule.redeem(by_link(&drawn.token)).await.unwrap();
    world.vestibule.set_first_password(&redeemed, "seven lean yellow cows".to_owned()).await.unwrap();
    let new = || NewKey { name: "Payroll".to_owned(), scopes: vec![Scope::Read], lifetime: None };
    let key = world.vestibule.create_api_key(&owner, new()).await.unwrap().secret;
    let client = world.vestibule.create_client(&owner, new()).await.unwrap();
    let access = world.vestibule.client_token(&client.id, &client.secret, &world.organization).await.unwrap().token;
    let _ = world.vestibule.sign_in("grace@navy.example", "a wrong guess at it".to_owned(), None).await;
    let machines = [key.reveal(), client.secret.reveal(), access.reveal()];
    for secret in ["seven lean yellow cows", &secret_word(), "a wrong guess at it"].into_iter().chain(machines) {
        assert_hidden(&world, secret).await;
    }
    for token in [key, access] {
        let Principal::Client(client) = world.vestibule.principal(&token).await.unwrap() else { panic!("a person") };
        assert!(client.may(Scope::Read) && !client.may(Scope::Write));
    }
}

async fn a_code_is_drawn_only_when_its_mail_is_rendered(world: World) {
    let owner = world.owner().await;
    world.invite(&owner, "grace@navy.example").await;
    assert_eq!(world.db.count("generation").await, 0);
    world.deliver().await;
    assert_eq!(world.db.count("generation").await, 1);
}

async fn the_stored_mac_fits_no_other_challenge(world: World) {
    let owner = world.owner().await;
    let (grace, drawn) = world.invite_mailed(&owner, "grace@navy.example").await;
    let (alan, _) = world.invite_mailed(&owner, "alan@park.example").await;
    let copy = format!(
        "UPDATE generation SET code_mac = (SELECT code_mac FROM generation WHERE challenge_id = '{}')
         WHERE challenge_id = '{}'",
        grace.challenge_id, alan.challenge_id
    );
    world.db.exec(&copy).await;
    let attempt = crate::support::at_handle(&alan.challenge_id, crate::support::typed(&drawn));
    assert_eq!(crate::support::refused(world.vestibule.redeem(attempt).await).word(), "wrong");
}

async fn debug_shows_no_secret(world: World) {
    let owner = world.owner().await;
    world.invite(&owner, "grace@navy.example").await;
    let lease = world.vestibule.claim_message().await.unwrap().unwrap();
    let letter = world.vestibule.draft(&lease).await.unwrap().unwrap();
    let drawn = letter.secret.clone().unwrap();
    let (attempt, code) = (by_link(&drawn.token), crate::support::typed(&drawn));
    let shown = format!("{lease:?} {letter:?} {drawn:?} {attempt:?} {code:?} {:?}", world.vestibule);
    let grouped = drawn.code.grouped();
    for secret in [grouped.as_str(), &grouped.replace('-', ""), drawn.token.reveal(), &"5a".repeat(32)] {
        assert!(!shown.contains(secret));
    }
    world.vestibule.settle(&lease, Delivery::Sent(String::new())).await.unwrap();
}

/// Looks through every table and, for SQLite, through the bytes of the file and its log.
async fn assert_hidden(world: &World, secret: &str) {
    assert!(!world.db.dump().await.contains(secret), "a table holds a clear secret");
    let Some(path) = world.url.strip_prefix("sqlite:") else { return };
    for file in [path.to_owned(), format!("{path}-wal")] {
        let bytes = std::fs::read(&file).unwrap();
        let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "{file} holds a clear secret");
    }
}
