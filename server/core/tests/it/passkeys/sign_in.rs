//! Signing in: whom a passkey lets in, and how often.

use serde_json::Value;
use vestibule_core::{Refusal, env::HOUR};

use super::{device::Device, holder, made, sign_in};
use crate::support::{World, refused};

both! {
    a_passkey_signs_in_and_its_use_is_written_down,
    sixteen_sign_ins_with_one_answer_make_one,
    who_may_not_come_in_is_answered_like_a_stranger,
    a_copied_passkey_shows_by_its_counter,
}

async fn a_passkey_signs_in_and_its_use_is_written_down(world: World) {
    let owner = world.owner().await;
    let (person, mut device) = holder(&world, &owner, "grace@navy.example").await;
    for (pass, count) in [(0, 1), (HOUR, 2)] {
        world.env.pass(pass);
        let begun = world.vestibule.begin_passkey_sign_in(Some("192.0.2.1")).await.unwrap();
        let answer = device.sign(&begun).await.unwrap();
        let ip = Some("192.0.2.1".to_owned());
        let signed_in = world.vestibule.finish_passkey_sign_in(&begun.ceremony, &answer, ip).await.unwrap();
        assert_eq!(signed_in.user_id, person.user_id());
        let user = world.vestibule.record(&owner, person.user_id()).await.unwrap().user;
        assert_eq!((user.sign_ins, user.last_sign_in_ip.as_deref()), (count, Some("192.0.2.1")));
        let last_used_at = world.vestibule.own_passkeys(&person).await.unwrap()[0].last_used_at;
        assert_eq!(last_used_at, Some(world.vestibule.now()));
    }
    let newest = world.view(&owner, person.user_id()).await.history.remove(0);
    assert_eq!((newest.kind.as_str(), newest.data.ip.as_deref()), ("signed-in", Some("192.0.2.1")));
    assert_eq!(world.db.number("SELECT COUNT(*) FROM bucket WHERE key LIKE 'sign-in:ip:%' AND count > 0").await, 0);
}

async fn sixteen_sign_ins_with_one_answer_make_one(world: World) {
    let owner = world.owner().await;
    let (person, mut device) = holder(&world, &owner, "grace@navy.example").await;
    let begun = world.vestibule.begin_passkey_sign_in(None).await.unwrap();
    let answer = device.sign(&begun).await.unwrap();
    let racers: Vec<_> = (0..16)
        .map(|_| {
            let (vestibule, begun, answer) = (world.vestibule.clone(), begun.clone(), answer.clone());
            tokio::spawn(async move { vestibule.finish_passkey_sign_in(&begun.ceremony, &answer, None).await.is_ok() })
        })
        .collect();
    let mut won = 0;
    for racer in racers {
        won += i32::from(racer.await.unwrap());
    }
    let user = world.vestibule.record(&owner, person.user_id()).await.unwrap().user;
    assert_eq!((won, user.sign_ins), (1, 1));
}

async fn who_may_not_come_in_is_answered_like_a_stranger(world: World) {
    let owner = world.owner().await;
    let (grace, mut device) = holder(&world, &owner, "grace@navy.example").await;
    let mut stranger = Device::default();
    let begun = world.vestibule.begin_passkey(&grace).await.unwrap();
    made(&mut stranger, &begun).await;
    let answers = |world: World, mut device: Device| async move {
        let begun = world.vestibule.begin_passkey_sign_in(None).await.unwrap();
        let answer = device.sign(&begun).await.unwrap();
        sign_in(&world, &begun, &answer).await.err().and_then(|error| error.refusal().cloned())
    };
    assert_eq!(answers(world.clone(), stranger).await, Some(Refusal::SignInFailed), "nobody's passkey");
    world.vestibule.lock_user(&owner, grace.user_id()).await.unwrap();
    assert_eq!(answers(world.clone(), device.copy()).await, Some(Refusal::SignInFailed));
    world.vestibule.unlock_user(&owner, grace.user_id()).await.unwrap();
    world.vestibule.disable(&owner, grace.user_id()).await.unwrap();
    assert_eq!(answers(world.clone(), device.copy()).await, Some(Refusal::SignInFailed));
    assert_eq!(refused(world.vestibule.begin_passkey(&grace).await), Refusal::Disabled);
    world.vestibule.enable(&owner, grace.user_id()).await.unwrap();

    // Somebody else's passkey under this user's handle, and this user's under another.
    let begun = world.vestibule.begin_passkey_sign_in(None).await.unwrap();
    let mut answer: Value = serde_json::from_str(&device.sign(&begun).await.unwrap()).unwrap();
    answer["response"]["userHandle"] = "AAAAAAAAAAAAAAAAAAAAAA".into();
    assert_eq!(refused(sign_in(&world, &begun, &answer.to_string()).await), Refusal::SignInFailed);
    assert_eq!(answers(world.clone(), device).await, None);
}

async fn a_copied_passkey_shows_by_its_counter(world: World) {
    let owner = world.owner().await;
    let (_, mut device) = holder(&world, &owner, "grace@navy.example").await;
    let mut copy = device.copy();
    let begun = world.vestibule.begin_passkey_sign_in(None).await.unwrap();
    let answer = device.sign(&begun).await.unwrap();
    sign_in(&world, &begun, &answer).await.unwrap();
    let begun = world.vestibule.begin_passkey_sign_in(None).await.unwrap();
    let answer = copy.sign(&begun).await.unwrap();
    assert_eq!(refused(sign_in(&world, &begun, &answer).await), Refusal::SignInFailed);
}
