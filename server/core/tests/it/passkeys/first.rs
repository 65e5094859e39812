//! The first passkey, and one by a mailed link.

use vestibule_core::{
    Refusal,
    code::Purpose,
    code_request::CodeRequest,
    env::HOUR,
    organization::{Method, Policy},
    outbox::{Drawn, MessageKind},
    redeem::{Redeemed, Secret, Try},
};

use super::{device::Device, holder, invited, made};
use crate::support::{World, address, by_link, refused, secret_word, typed, wrong};

both! {
    the_first_passkey_spends_the_invite_in_its_own_transaction,
    a_password_and_a_passkey_at_once_make_one_first_method,
    what_the_policy_leaves_out_cannot_be_first,
    a_mailed_link_adds_a_passkey_once,
    a_code_for_a_passkey_is_found_by_its_address,
}

async fn the_first_passkey_spends_the_invite_in_its_own_transaction(world: World) {
    let owner = world.owner().await;
    let (redeemed, mut device) = (invited(&world, &owner, "grace@navy.example").await, Device::default());
    let begun = world.vestibule.begin_first_passkey(&redeemed).await.unwrap();
    let answer = made(&mut device, &begun).await;
    let signed_in = world.vestibule.finish_first_passkey(&redeemed, &answer).await.unwrap();
    assert_eq!((signed_in.user_id.as_str(), signed_in.is_administrator), (&*redeemed.user_id, false));

    let record = world.vestibule.record(&owner, &redeemed.user_id).await.unwrap();
    let passkey = &record.passkeys[0];
    assert_eq!((passkey.id.as_str(), passkey.name.as_str()), (&*begun.ceremony, "iPhone"));
    assert_eq!((passkey.user_verified, passkey.aaguid.as_str()), (true, "07070707-0707-0707-0707-070707070707"));
    assert!(passkey.public_key.starts_with("pQECAyYgASFYI"), "a COSE key on P-256: {}", passkey.public_key);
    assert!(record.has_method());
    let steps = world.steps(&owner, &redeemed.user_id).await;
    assert_eq!(steps[steps.len() - 2..], ["passkey-added", "invite-ready"]);
    let told: Vec<MessageKind> = world.deliver().await.iter().map(|letter| letter.kind).collect();
    assert_eq!(told, [MessageKind::PasskeyAdded]);

    let before = world.db.dump().await;
    assert_eq!(refused(world.vestibule.begin_first_passkey(&redeemed).await), Refusal::HasMethod);
    let password = world.vestibule.set_first_password(&redeemed, secret_word()).await;
    assert_eq!(refused(password), Refusal::HasMethod);
    assert_eq!(world.db.dump().await, before);
}

async fn a_password_and_a_passkey_at_once_make_one_first_method(world: World) {
    let owner = world.owner().await;
    for round in 0..4 {
        let redeemed = invited(&world, &owner, &format!("grace{round}@navy.example")).await;
        let begun = world.vestibule.begin_first_passkey(&redeemed).await.unwrap();
        let answer = made(&mut Device::default(), &begun).await;
        let (a, b) = tokio::join!(
            world.vestibule.finish_first_passkey(&redeemed, &answer),
            world.vestibule.set_first_password(&redeemed, secret_word()),
        );
        assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
        let record = world.vestibule.record(&owner, &redeemed.user_id).await.unwrap();
        assert_eq!(record.passkeys.len() + usize::from(record.user.has_password), 1);
    }
}

async fn what_the_policy_leaves_out_cannot_be_first(world: World) {
    let owner = world.owner().await;
    let redeemed = invited(&world, &owner, "grace@navy.example").await;
    let begun = world.vestibule.begin_first_passkey(&redeemed).await.unwrap();
    let policy = Policy { first_methods: vec![Method::Password], ..Policy::default() };
    world.vestibule.change_policy(&owner, &policy).await.unwrap();
    let answer = made(&mut Device::default(), &begun).await;
    let finished = world.vestibule.finish_first_passkey(&redeemed, &answer).await;
    assert_eq!(refused(finished), Refusal::MethodNotAllowed);
    assert_eq!(refused(world.vestibule.begin_first_passkey(&redeemed).await), Refusal::MethodNotAllowed);
    world.vestibule.set_first_password(&redeemed, secret_word()).await.unwrap();
}

async fn a_mailed_link_adds_a_passkey_once(world: World) {
    let owner = world.owner().await;
    let (grace, _) = holder(&world, &owner, "grace@navy.example").await;
    let issued = world.vestibule.request_passkey_link(&owner, grace.user_id(), CodeRequest::default()).await.unwrap();
    assert_eq!(issued.expires_at, world.vestibule.now() + HOUR);
    let drawn = world.mailed(&issued.challenge_id).await;
    assert_eq!(refused(world.vestibule.redeem(by_link(&drawn.token)).await), Refusal::LinkUnknown, "proves no address");
    let redeemed = world.vestibule.redeem(link(&drawn)).await.unwrap();
    assert_eq!(refused(world.vestibule.redeem(link(&drawn)).await), Refusal::Used);
    let begun = world.vestibule.begin_first_passkey(&redeemed).await.unwrap();
    let answer = made(&mut Device::default(), &begun).await;
    let signed_in = world.vestibule.finish_first_passkey(&redeemed, &answer).await.unwrap();
    assert_eq!(signed_in.user_id, grace.user_id());
    assert_eq!(world.vestibule.own_passkeys(&grace).await.unwrap().len(), 2);
    let password = world.vestibule.set_first_password(&redeemed, secret_word()).await;
    assert_eq!(refused(password), Refusal::HasMethod, "it leads to a passkey and to nothing else");

    let invited = invited(&world, &owner, "ada@navy.example").await;
    let posing = Redeemed { purpose: Purpose::Passkey, ..invited };
    assert_eq!(refused(world.vestibule.begin_first_passkey(&posing).await), Refusal::SetupOver);
}

async fn a_code_for_a_passkey_is_found_by_its_address(world: World) {
    let owner = world.owner().await;
    let (grace, _) = holder(&world, &owner, "grace@navy.example").await;
    let issued = world.vestibule.request_passkey_link(&owner, grace.user_id(), CodeRequest::default()).await.unwrap();
    let drawn = world.mailed(&issued.challenge_id).await;
    let at = |text: &str, code| Try {
        secret: Secret::For(Purpose::Passkey, Box::new(Secret::CodeAt(address(text), code))),
        by: None,
        ip: None,
    };
    let nobody = world.vestibule.redeem(at("nobody@navy.example", typed(&drawn))).await;
    let miss = world.vestibule.redeem(at("grace@navy.example", wrong(&drawn))).await;
    assert_eq!((refused(nobody), refused(miss)), (Refusal::Wrong { left: 4 }, Refusal::Wrong { left: 4 }));
    let redeemed = world.vestibule.redeem(at("grace@navy.example", typed(&drawn))).await.unwrap();
    assert_eq!(redeemed.challenge_id, issued.challenge_id);
}

fn link(drawn: &Drawn) -> Try {
    let secret = Secret::For(Purpose::Passkey, Box::new(Secret::Link(drawn.token.clone())));
    Try { secret, by: None, ip: None }
}
