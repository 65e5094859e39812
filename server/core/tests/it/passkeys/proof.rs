//! A passkey shown by who is known already: it must be theirs, once; and the rule that administrators have one.

use vestibule_core::{
    Refusal,
    actor::{Admin, Person, Role},
    organization::Policy,
};

use super::{device::Device, holder, made, sign_in};
use crate::support::{World, refused};

both! {
    a_proof_is_the_persons_own_and_counts_once,
    a_ceremony_of_sign_in_proves_nothing_and_a_proof_signs_nobody_in,
    sixteen_proofs_with_one_answer_make_one,
    who_is_shut_out_or_has_none_proves_nothing,
    who_makes_the_rule_has_a_passkey,
    the_rule_holds_for_administrators_alone,
    a_needed_passkey_is_the_first_or_none,
    the_last_needed_passkey_stays,
    an_administrator_may_ask_it_of_themselves,
}

async fn a_proof_is_the_persons_own_and_counts_once(world: World) {
    let owner = world.owner().await;
    let (grace, mut device) = holder(&world, &owner, "grace@navy.example").await;
    let (ada, mut other) = holder(&world, &owner, "ada@navy.example").await;
    let begun = world.vestibule.begin_passkey_proof(&grace).await.unwrap();
    assert_eq!(begun.options["allowCredentials"].as_array().map(Vec::len), Some(1));
    assert_eq!(begun.options["userVerification"], "required");
    let answer = device.sign(&begun).await.unwrap();
    let foreign = world.vestibule.finish_passkey_proof(&ada, &begun.ceremony, &answer).await;
    assert_eq!(refused(foreign), Refusal::CeremonyOver, "begun for another person");
    world.vestibule.finish_passkey_proof(&grace, &begun.ceremony, &answer).await.unwrap();
    let again = world.vestibule.finish_passkey_proof(&grace, &begun.ceremony, &answer).await;
    assert_eq!(refused(again), Refusal::CeremonyOver);
    let used = world.vestibule.own_passkeys(&grace).await.unwrap()[0].last_used_at;
    assert_eq!(used, Some(world.vestibule.now()));

    // Ada's passkey for Grace, and what is no answer at all.
    let begun = world.vestibule.begin_passkey_proof(&grace).await.unwrap();
    let mut theirs = begun.clone();
    theirs.options["allowCredentials"] = serde_json::json!([]);
    let answer = other.sign(&theirs).await.unwrap();
    let stolen = world.vestibule.finish_passkey_proof(&grace, &begun.ceremony, &answer).await;
    assert_eq!(refused(stolen), Refusal::Passkey);
    let begun = world.vestibule.begin_passkey_proof(&grace).await.unwrap();
    assert_eq!(refused(world.vestibule.finish_passkey_proof(&grace, &begun.ceremony, "{}").await), Refusal::Passkey);
    assert_eq!(world.db.count("ceremony").await, 0, "spent whatever came of it");
}

async fn a_ceremony_of_sign_in_proves_nothing_and_a_proof_signs_nobody_in(world: World) {
    let owner = world.owner().await;
    let (grace, mut device) = holder(&world, &owner, "grace@navy.example").await;
    let begun = world.vestibule.begin_passkey_sign_in(None).await.unwrap();
    let answer = device.sign(&begun).await.unwrap();
    let proof = world.vestibule.finish_passkey_proof(&grace, &begun.ceremony, &answer).await;
    assert_eq!(refused(proof), Refusal::CeremonyOver);
    let begun = world.vestibule.begin_passkey_proof(&grace).await.unwrap();
    let answer = device.sign(&begun).await.unwrap();
    assert_eq!(refused(sign_in(&world, &begun, &answer).await), Refusal::CeremonyOver);
    world.vestibule.finish_passkey_proof(&grace, &begun.ceremony, &answer).await.unwrap();
}

async fn sixteen_proofs_with_one_answer_make_one(world: World) {
    let owner = world.owner().await;
    let (grace, mut device) = holder(&world, &owner, "grace@navy.example").await;
    let begun = world.vestibule.begin_passkey_proof(&grace).await.unwrap();
    let answer = device.sign(&begun).await.unwrap();
    let racers: Vec<_> = (0..16)
        .map(|_| {
            let (vestibule, grace) = (world.vestibule.clone(), grace.clone());
            let (begun, answer) = (begun.clone(), answer.clone());
            tokio::spawn(async move { vestibule.finish_passkey_proof(&grace, &begun.ceremony, &answer).await.is_ok() })
        })
        .collect();
    let mut won = 0;
    for racer in racers {
        won += i32::from(racer.await.unwrap());
    }
    assert_eq!(won, 1);
}

async fn who_is_shut_out_or_has_none_proves_nothing(world: World) {
    let owner = world.owner().await;
    assert_eq!(refused(world.vestibule.begin_passkey_proof(&person(&world, &owner).await).await), Refusal::NotFound);
    let (grace, mut device) = holder(&world, &owner, "grace@navy.example").await;
    let begun = world.vestibule.begin_passkey_proof(&grace).await.unwrap();
    let answer = device.sign(&begun).await.unwrap();
    world.vestibule.disable(&owner, grace.user_id()).await.unwrap();
    let proof = world.vestibule.finish_passkey_proof(&grace, &begun.ceremony, &answer).await;
    assert_eq!(refused(proof), Refusal::Passkey);
}

async fn who_makes_the_rule_has_a_passkey(world: World) {
    let owner = world.owner().await;
    let rule = Policy { admin_passkey: true, ..Policy::default() };
    assert_eq!(refused(world.vestibule.change_policy(&owner, &rule).await), Refusal::PasskeyNeeded);
    assert!(!world.vestibule.organization(&world.organization).await.unwrap().policy.admin_passkey);
    let off = world.vestibule.clone().with_relying_party("http://192.0.2.7");
    assert_eq!(refused(off.change_policy(&owner, &rule).await), Refusal::PasskeysOff);
    add_passkey(&world, &owner).await;
    world.vestibule.change_policy(&owner, &rule).await.unwrap();
    // Another change of the policy asks for nothing more, and the operator can take the rule back.
    world.vestibule.change_policy(&owner, &Policy { tries: 3, ..rule }).await.unwrap();
    world.vestibule.set_policy(&world.organization, &Policy::default()).await.unwrap();
}

async fn the_rule_holds_for_administrators_alone(world: World) {
    let owner = world.owner().await;
    let (grace, _) = holder(&world, &owner, "grace@navy.example").await;
    let needs = |user_id: String| {
        let vestibule = world.vestibule.clone();
        async move { vestibule.visitor(&user_id).await.unwrap().unwrap().needs_passkey }
    };
    let (olga, hers) = (owner.user_id().to_owned(), grace.user_id().to_owned());
    assert!(!needs(olga.clone()).await);
    demand(&world).await;
    assert_eq!((needs(olga).await, needs(hers.clone()).await), (true, false));
    world.vestibule.grant_role(&owner, &hers, Some(Role::Viewer)).await.unwrap();
    assert!(needs(hers).await, "with the role, at once");
}

async fn a_needed_passkey_is_the_first_or_none(world: World) {
    let owner = world.owner().await;
    let olga = person(&world, &owner).await;
    let mut answers = Vec::new();
    for _ in 0..8 {
        let begun = world.vestibule.begin_passkey(&olga).await.unwrap();
        answers.push(made(&mut Device::default(), &begun).await);
    }
    let racers: Vec<_> = answers
        .into_iter()
        .map(|answer| {
            let (vestibule, olga) = (world.vestibule.clone(), olga.clone());
            tokio::spawn(async move { vestibule.finish_needed_passkey(&olga, &answer).await })
        })
        .collect();
    let mut won = 0;
    for racer in racers {
        match racer.await.unwrap() {
            Ok(()) => won += 1,
            refusal => assert_eq!(refused(refusal), Refusal::HasMethod),
        }
    }
    assert_eq!((won, world.vestibule.own_passkeys(&olga).await.unwrap().len()), (1, 1));
}

async fn the_last_needed_passkey_stays(world: World) {
    let owner = world.owner().await;
    add_passkey(&world, &owner).await;
    let olga = person(&world, &owner).await;
    let first = world.vestibule.own_passkeys(&olga).await.unwrap().remove(0).id;
    demand(&world).await;
    assert_eq!(refused(world.vestibule.remove_passkey(&olga, &first).await), Refusal::PasskeyNeeded);
    add_passkey(&world, &owner).await;
    world.vestibule.remove_passkey(&olga, &first).await.unwrap();
}

async fn an_administrator_may_ask_it_of_themselves(world: World) {
    let owner = world.owner().await;
    let olga = person(&world, &owner).await;
    let needs = || {
        let (vestibule, id) = (world.vestibule.clone(), owner.user_id().to_owned());
        async move { vestibule.visitor(&id).await.unwrap().unwrap().needs_passkey }
    };
    assert_eq!(refused(world.vestibule.ask_own_passkey(&olga, true).await), Refusal::PasskeyNeeded);
    add_passkey(&world, &owner).await;
    world.vestibule.ask_own_passkey(&olga, true).await.unwrap();
    assert!(needs().await && world.vestibule.asks_own_passkey(&olga).await.unwrap());
    let only = world.vestibule.own_passkeys(&olga).await.unwrap().remove(0).id;
    assert_eq!(refused(world.vestibule.remove_passkey(&olga, &only).await), Refusal::PasskeyNeeded);
    world.vestibule.ask_own_passkey(&olga, false).await.unwrap();
    assert!(!needs().await);
    let (grace, _) = holder(&world, &owner, "grace@navy.example").await;
    assert_eq!(refused(world.vestibule.ask_own_passkey(&grace, true).await), Refusal::Forbidden);

    // The operator's way out ends both.
    world.vestibule.ask_own_passkey(&olga, true).await.unwrap();
    demand(&world).await;
    world.vestibule.forgo_passkeys(&world.organization).await.unwrap();
    assert!(!needs().await);
}

async fn person(world: &World, admin: &Admin) -> Person {
    world.vestibule.visitor(admin.user_id()).await.unwrap().unwrap().person()
}

async fn add_passkey(world: &World, admin: &Admin) {
    super::add(world, &person(world, admin).await).await;
}

async fn demand(world: &World) {
    let rule = Policy { admin_passkey: true, ..Policy::default() };
    world.vestibule.set_policy(&world.organization, &rule).await.unwrap();
}
