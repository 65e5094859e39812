//! Passkeys: made once a ceremony, by whom it was begun for, where it was begun; signed in with; never the last way.

mod ceremonies;
mod device;
mod first;
mod keep;
mod proof;
mod sign_in;

use vestibule_core::{
    actor::{Admin, Person},
    passkey::{Answer, Begun},
    password::SignedIn,
    redeem::Redeemed,
};

use self::device::Device;
use crate::support::{World, by_link};

/// A person whose invite is redeemed and who has nothing yet.
async fn invited(world: &World, owner: &Admin, text: &str) -> Redeemed {
    let (_, drawn) = world.invite_mailed(owner, text).await;
    world.vestibule.redeem(by_link(&drawn.token)).await.unwrap()
}

/// A person whose first method is a passkey, with the device that holds it.
async fn holder(world: &World, owner: &Admin, text: &str) -> (Person, Device) {
    let (redeemed, mut device) = (invited(world, owner, text).await, Device::default());
    let begun = world.vestibule.begin_first_passkey(&redeemed).await.unwrap();
    let answer = made(&mut device, &begun).await;
    let signed_in = world.vestibule.finish_first_passkey(&redeemed, &answer).await.unwrap();
    let visitor = world.vestibule.visitor(&signed_in.user_id).await.unwrap().unwrap();
    world.deliver().await;
    (visitor.person(), device)
}

/// Gives somebody another passkey.
pub async fn add(world: &World, person: &Person) {
    let begun = world.vestibule.begin_passkey(person).await.unwrap();
    let answer = made(&mut Device::default(), &begun).await;
    world.vestibule.finish_passkey(person, &answer).await.unwrap();
}

async fn made(device: &mut Device, begun: &Begun) -> Answer {
    Answer {
        ceremony: begun.ceremony.clone(),
        credential: device.make(begun).await.unwrap(),
        name: String::new(),
        user_agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X)".to_owned(),
    }
}

async fn sign_in(world: &World, begun: &Begun, answer: &str) -> vestibule_core::Result<SignedIn> {
    world.vestibule.finish_passkey_sign_in(&begun.ceremony, answer, None).await
}
