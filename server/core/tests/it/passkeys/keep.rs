//! Passkeys of an account: one more, one less, never the last; by the person and by machines.

use serde_json::Value;
use vestibule_core::{
    Refusal,
    actor::Person,
    api_key::Scope,
    code_request::{CodeRequest, Way},
    event::EventKind,
    passkey::{Answer, Registrar},
};

use super::{device::Device, holder, made, sign_in};
use crate::support::{World, refused, typed, wrong};

both! {
    the_last_way_to_sign_in_stays,
    two_removals_at_once_leave_one_way,
    an_operator_takes_the_last_one_too,
    an_administrator_keeps_a_way_of_their_own,
    a_device_makes_no_second_passkey_for_one_account,
    a_client_registers_a_passkey_by_itself_or_by_code,
}

async fn the_last_way_to_sign_in_stays(world: World) {
    let owner = world.owner().await;
    let (grace, _) = holder(&world, &owner, "grace@navy.example").await;
    let first = world.vestibule.own_passkeys(&grace).await.unwrap().remove(0).id;
    assert_eq!(refused(world.vestibule.remove_passkey(&grace, &first).await), Refusal::LastMethod);
    let second = add(&world, &grace).await;
    world.vestibule.remove_passkey(&grace, &first).await.unwrap();
    let newest = world.view(&owner, grace.user_id()).await.history.remove(0);
    assert_eq!((newest.kind.as_str(), newest.data.reason.as_deref()), ("passkey-removed", Some("iPhone")));
    let told = world.deliver().await;
    let told: Vec<_> = told.iter().map(|letter| (letter.kind.as_str(), letter.data.what.as_str())).collect();
    assert_eq!(told, [("passkey-added", "iPhone"), ("passkey-removed", "iPhone")]);
    assert_eq!(refused(world.vestibule.remove_passkey(&grace, &second).await), Refusal::LastMethod);

    link_company_account(&world, grace.user_id()).await;
    assert_eq!(refused(world.vestibule.remove_passkey(&grace, &first).await), Refusal::NotFound);
    world.vestibule.remove_passkey(&grace, &second).await.unwrap();
    assert!(world.vestibule.own_passkeys(&grace).await.unwrap().is_empty());
}

async fn two_removals_at_once_leave_one_way(world: World) {
    let owner = world.owner().await;
    let second = world.second().await;
    for round in 0..4 {
        let (grace, _) = holder(&world, &owner, &format!("grace{round}@navy.example")).await;
        let (one, two) = (world.vestibule.own_passkeys(&grace).await.unwrap().remove(0).id, add(&world, &grace).await);
        let (a, b) = tokio::join!(world.vestibule.remove_passkey(&grace, &one), second.remove_passkey(&grace, &two));
        assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
        assert_eq!(world.vestibule.own_passkeys(&grace).await.unwrap().len(), 1);
    }
}

async fn an_operator_takes_the_last_one_too(world: World) {
    let owner = world.owner().await;
    let (grace, mut device) = holder(&world, &owner, "grace@navy.example").await;
    let robot = world.client(Scope::ALL).await;
    let passkey = world.vestibule.passkeys(&robot, grace.user_id()).await.unwrap().remove(0).id;
    let unknown = world.vestibule.remove_passkey_of(&robot, owner.user_id(), &passkey).await;
    assert!(matches!(refused(unknown), Refusal::Forbidden | Refusal::NotFound), "not this user's");
    world.vestibule.remove_passkey_of(&robot, grace.user_id(), &passkey).await.unwrap();
    let again = world.vestibule.remove_passkey_of(&robot, grace.user_id(), &passkey).await;
    assert_eq!(refused(again), Refusal::NotFound);
    let begun = world.vestibule.begin_passkey_sign_in(None).await.unwrap();
    let answer = device.sign(&begun).await.unwrap();
    assert_eq!(refused(sign_in(&world, &begun, &answer).await), Refusal::SignInFailed);
}

async fn an_administrator_keeps_a_way_of_their_own(world: World) {
    let owner = world.owner().await;
    let own = world.vestibule.visitor(owner.user_id()).await.unwrap().unwrap().person();
    let id = add(&world, &own).await;
    world.vestibule.remove_own_password(&own).await.unwrap();
    let last = world.vestibule.remove_passkey_of(&owner, owner.user_id(), &id).await;
    assert_eq!(refused(last), Refusal::LastMethod);
}

async fn a_device_makes_no_second_passkey_for_one_account(world: World) {
    let owner = world.owner().await;
    let (grace, mut device) = holder(&world, &owner, "grace@navy.example").await;
    let begun = world.vestibule.begin_passkey(&grace).await.unwrap();
    assert!(device.make(&begun).await.is_err(), "the browser is told what there is");
    let (ada, _) = holder(&world, &owner, "ada@navy.example").await;
    let begun = world.vestibule.begin_passkey(&ada).await.unwrap();
    let answer = made(&mut Device::default(), &begun).await;
    let id = made_id(&answer);
    world.db.exec(&format!("UPDATE passkey SET credential_id = '{id}' WHERE user_id = '{}'", grace.user_id())).await;
    assert_eq!(refused(world.vestibule.finish_passkey(&ada, &answer).await), Refusal::PasskeyTaken);
}

async fn a_client_registers_a_passkey_by_itself_or_by_code(world: World) {
    let owner = world.owner().await;
    let (grace, _) = holder(&world, &owner, "grace@navy.example").await;
    let (ada, _) = holder(&world, &owner, "ada@navy.example").await;
    let (robot, vestibule) = (world.client(Scope::ALL).await, &world.vestibule);
    let begun = vestibule.register_passkey(Registrar::Operator((&robot).into()), grace.user_id()).await.unwrap();
    let answer = made(&mut Device::default(), &begun).await;
    let verify = async |user: &str| {
        let (organization, id) = (&world.organization, &begun.ceremony);
        let by = robot.actor();
        vestibule.verify_passkey_registration(by, organization, user, id, &answer.credential, "Key").await
    };
    assert_eq!(refused(verify(ada.user_id()).await), Refusal::CeremonyOver);
    verify(grace.user_id()).await.unwrap();
    let listed = vestibule.passkeys(&robot, grace.user_id()).await.unwrap();
    assert_eq!((listed[1].id.as_str(), listed[1].name.as_str()), (&*begun.ceremony, "Key"));
    let history = world.view(&owner, grace.user_id()).await.history;
    let added = history.iter().find(|event| event.kind == EventKind::PasskeyAdded).unwrap();
    assert_eq!(added.actor, robot.actor());

    let as_other = vestibule.register_passkey(Registrar::Person(ada.clone()), grace.user_id()).await;
    assert_eq!(refused(as_other), Refusal::Forbidden);
    vestibule.register_passkey(Registrar::Person(grace.clone()), grace.user_id()).await.unwrap();

    let request = CodeRequest { way: Way::Return, ..CodeRequest::default() };
    let drawn = vestibule.request_passkey_link(&robot, grace.user_id(), request).await.unwrap().drawn.unwrap();
    let by_code = |code| Registrar::Code {
        by: robot.actor(),
        organization_id: world.organization.clone(),
        challenge_id: drawn.challenge_id.clone(),
        code,
    };
    let stranger = vestibule.register_passkey(by_code(typed(&drawn)), ada.user_id()).await;
    assert_eq!(refused(stranger), Refusal::NoneOpen, "for which no code is spent");
    let miss = vestibule.register_passkey(by_code(wrong(&drawn)), grace.user_id()).await;
    assert_eq!(refused(miss), Refusal::Wrong { left: 4 });
    vestibule.register_passkey(by_code(typed(&drawn)), grace.user_id()).await.unwrap();
    let again = vestibule.register_passkey(by_code(typed(&drawn)), grace.user_id()).await;
    assert_eq!(refused(again), Refusal::Used);
}

/// Adds a passkey of a new device to an account; gives its id.
async fn add(world: &World, person: &Person) -> String {
    let begun = world.vestibule.begin_passkey(person).await.unwrap();
    let answer = made(&mut Device::default(), &begun).await;
    world.vestibule.finish_passkey(person, &answer).await.unwrap()
}

fn made_id(answer: &Answer) -> String {
    let json: Value = serde_json::from_str(&answer.credential).unwrap();
    json["id"].as_str().unwrap().to_owned()
}

async fn link_company_account(world: &World, user_id: &str) {
    let organization = &world.organization;
    world
        .db
        .exec(&format!(
            "INSERT INTO provider (id, organization_id, name, issuer, client_id, scopes, enabled, created_at, changed_at)
             VALUES ('p', '{organization}', 'Navy', 'https://idp.navy.example', 'c', 'openid', TRUE, 0, 0);
             INSERT INTO provider_link (provider_id, subject, user_id, claims, created_at)
             VALUES ('p', 's', '{user_id}', '{{}}', 0)"
        ))
        .await;
}
