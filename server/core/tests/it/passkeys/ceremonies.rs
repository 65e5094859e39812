//! A ceremony: asked for rightly, finished once, by whom and where it was begun, in its time.

use serde_json::json;
use vestibule_core::{
    Refusal,
    env::MINUTE,
    passkey::{Answer, CEREMONY},
};

use super::{device::Device, holder, invited, made, sign_in};
use crate::support::{ORIGIN, World, refused};

both! {
    the_options_ask_for_a_passkey_that_browsers_find_by_themselves,
    a_ceremony_counts_once,
    a_ceremony_is_over_after_five_minutes,
    a_ceremony_is_its_users_own,
    another_origin_and_a_device_that_verifies_nobody_are_refused,
    sixteen_finishes_at_once_make_one_passkey,
    without_a_host_name_there_are_no_passkeys,
    ceremonies_whose_time_is_over_are_swept,
}

async fn the_options_ask_for_a_passkey_that_browsers_find_by_themselves(world: World) {
    let owner = world.owner().await;
    let redeemed = invited(&world, &owner, "grace@navy.example").await;
    let options = world.vestibule.begin_first_passkey(&redeemed).await.unwrap().options;
    assert_eq!(options["rp"], json!({ "id": "id.acme.example", "name": "Acme" }));
    assert_eq!(options["user"]["name"], "grace@navy.example");
    assert_eq!(options["attestation"], "none");
    let selection = &options["authenticatorSelection"];
    assert_eq!(selection["residentKey"], "required");
    assert_eq!((&selection["requireResidentKey"], &selection["userVerification"]), (&true.into(), &"required".into()));
    let asked = world.vestibule.begin_passkey_sign_in(None).await.unwrap().options;
    assert_eq!((&asked["rpId"], &asked["userVerification"]), (&"id.acme.example".into(), &"required".into()));
    assert_eq!(asked["allowCredentials"], json!([]), "it names nobody's");

    let mut device = Device::default();
    let begun = world.vestibule.begin_first_passkey(&redeemed).await.unwrap();
    let mut answer = made(&mut device, &begun).await;
    answer.credential = answer.credential.replace("\"rk\":true", "\"rk\":false");
    assert_eq!(refused(world.vestibule.finish_first_passkey(&redeemed, &answer).await), Refusal::Passkey);
}

async fn a_ceremony_counts_once(world: World) {
    let owner = world.owner().await;
    let (person, mut device) = holder(&world, &owner, "grace@navy.example").await;
    let begun = world.vestibule.begin_passkey_sign_in(None).await.unwrap();
    let answer = device.sign(&begun).await.unwrap();
    sign_in(&world, &begun, &answer).await.unwrap();
    assert_eq!(refused(sign_in(&world, &begun, &answer).await), Refusal::CeremonyOver, "replayed");

    let other = world.vestibule.begin_passkey_sign_in(None).await.unwrap();
    assert_eq!(refused(sign_in(&world, &other, &answer).await), Refusal::SignInFailed, "to another challenge");
    let begun = world.vestibule.begin_passkey_sign_in(None).await.unwrap();
    assert_eq!(refused(sign_in(&world, &begun, "{}").await), Refusal::SignInFailed);
    let late = device.sign(&begun).await.unwrap();
    assert_eq!(refused(sign_in(&world, &begun, &late).await), Refusal::CeremonyOver, "one answer, right or wrong");

    let begun = world.vestibule.begin_passkey(&person).await.unwrap();
    let answer = made(&mut Device::default(), &begun).await;
    let broken = Answer { credential: "not JSON".to_owned(), ..answer.clone() };
    assert_eq!(refused(world.vestibule.finish_passkey(&person, &broken).await), Refusal::Passkey);
    assert_eq!(refused(world.vestibule.finish_passkey(&person, &answer).await), Refusal::CeremonyOver);
}

async fn a_ceremony_is_over_after_five_minutes(world: World) {
    let owner = world.owner().await;
    let (person, mut device) = holder(&world, &owner, "grace@navy.example").await;
    for (pass, expected) in [(CEREMONY - 1, None), (CEREMONY, Some(Refusal::CeremonyOver))] {
        let mut second = Device::default();
        let adding = world.vestibule.begin_passkey(&person).await.unwrap();
        let begun = world.vestibule.begin_passkey_sign_in(None).await.unwrap();
        let (answer, shown) = (made(&mut second, &adding).await, device.sign(&begun).await.unwrap());
        world.env.pass(pass);
        let added = world.vestibule.finish_passkey(&person, &answer).await;
        let entered = sign_in(&world, &begun, &shown).await;
        assert_eq!(added.err().and_then(|error| error.refusal().cloned()), expected);
        assert_eq!(entered.err().and_then(|error| error.refusal().cloned()), expected);
    }
}

async fn a_ceremony_is_its_users_own(world: World) {
    let owner = world.owner().await;
    let (grace, _) = holder(&world, &owner, "grace@navy.example").await;
    let (mallory, _) = holder(&world, &owner, "mallory@navy.example").await;
    let begun = world.vestibule.begin_passkey(&grace).await.unwrap();
    let answer = made(&mut Device::default(), &begun).await;
    assert_eq!(refused(world.vestibule.finish_passkey(&mallory, &answer).await), Refusal::CeremonyOver);
    let as_sign_in = world.vestibule.finish_passkey_sign_in(&begun.ceremony, &answer.credential, None).await;
    assert_eq!(refused(as_sign_in), Refusal::CeremonyOver, "nor another kind's");
    world.vestibule.finish_passkey(&grace, &answer).await.unwrap();
    assert_eq!(world.vestibule.own_passkeys(&mallory).await.unwrap().len(), 1);

    let passkey = &world.vestibule.own_passkeys(&grace).await.unwrap()[0].id;
    let rename = world.vestibule.rename_passkey(&mallory, passkey, "Mine").await;
    assert_eq!(refused(rename), Refusal::NotFound);
    assert_eq!(refused(world.vestibule.rename_passkey(&grace, passkey, " ").await), Refusal::Name);
    world.vestibule.rename_passkey(&grace, passkey, " My phone ").await.unwrap();
    assert_eq!(world.vestibule.own_passkeys(&grace).await.unwrap()[0].name, "My phone");
}

async fn another_origin_and_a_device_that_verifies_nobody_are_refused(world: World) {
    let owner = world.owner().await;
    let (person, device) = holder(&world, &owner, "grace@navy.example").await;
    for (origin, verifies) in [("https://evil.id.acme.example", true), (ORIGIN, false)] {
        let mut fresh = Device { origin, verifies, ..Device::default() };
        let mut known = Device { origin, verifies, ..device.copy() };
        let begun = world.vestibule.begin_passkey(&person).await.unwrap();
        let answer = made(&mut fresh, &begun).await;
        assert_eq!(refused(world.vestibule.finish_passkey(&person, &answer).await), Refusal::Passkey);
        let begun = world.vestibule.begin_passkey_sign_in(None).await.unwrap();
        let answer = known.sign(&begun).await.unwrap();
        assert_eq!(refused(sign_in(&world, &begun, &answer).await), Refusal::SignInFailed);
    }
    assert_eq!(world.vestibule.own_passkeys(&person).await.unwrap().len(), 1);
}

async fn sixteen_finishes_at_once_make_one_passkey(world: World) {
    let owner = world.owner().await;
    let redeemed = invited(&world, &owner, "grace@navy.example").await;
    let (begun, second) = (world.vestibule.begin_first_passkey(&redeemed).await.unwrap(), world.second().await);
    let answer = made(&mut Device::default(), &begun).await;
    let mut racers = Vec::new();
    for at in 0..16 {
        let vestibule = if at % 2 == 0 { world.vestibule.clone() } else { second.clone() };
        let (redeemed, answer) = (redeemed.clone(), answer.clone());
        racers.push(tokio::spawn(async move { vestibule.finish_first_passkey(&redeemed, &answer).await }));
    }
    let mut won = 0;
    for racer in racers {
        match racer.await.unwrap() {
            Ok(_) => won += 1,
            Err(error) => assert_eq!(error.refusal(), Some(&Refusal::CeremonyOver)),
        }
    }
    assert_eq!((won, world.db.count("passkey").await), (1, 1));
}

async fn without_a_host_name_there_are_no_passkeys(world: World) {
    let owner = world.owner().await;
    let (grace, _) = holder(&world, &owner, "grace@navy.example").await;
    let bare = world.vestibule.clone().with_relying_party("http://192.0.2.7:3000");
    assert!(world.vestibule.offers_passkeys() && !bare.offers_passkeys());
    assert_eq!(refused(bare.begin_passkey(&grace).await), Refusal::PasskeysOff);
    assert_eq!(refused(bare.begin_passkey_sign_in(None).await), Refusal::PasskeysOff);
    assert_eq!(bare.own_passkeys(&grace).await.unwrap().len(), 1);
}

async fn ceremonies_whose_time_is_over_are_swept(world: World) {
    for _ in 0..2 {
        world.vestibule.begin_passkey_sign_in(None).await.unwrap();
        world.env.pass(CEREMONY - MINUTE);
    }
    world.vestibule.sweep().await.unwrap();
    assert_eq!(world.db.count("ceremony").await, 1);
}
