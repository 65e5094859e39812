//! Making, changing and deleting whole users.

use serde_json::json;
use vestibule_core::{
    Refusal,
    api_key::Scope,
    code_request::CodeRequest,
    phone::PhoneNumber,
    user::{
        change::{AddressChange, AddressThen, Change},
        create::NewAccount,
        profile::{Profile, ProfileChange},
    },
};

use super::ada;
use crate::support::{World, address, refused};

both! {
    a_user_is_made_with_all_that_is_known,
    a_change_is_all_or_nothing,
    a_name_belongs_to_one_user,
    a_new_address_is_unverified_and_the_old_one_is_told,
    somebody_shut_out_gets_another_address_and_no_mail,
    a_deleted_user_is_gone_and_counted_out,
    a_locked_user_cannot_sign_in,
    telephone_numbers_have_one_primary,
    a_client_does_only_what_its_scopes_say,
    a_client_cannot_touch_an_owner,
    another_organizations_user_is_unknown,
    a_user_who_cannot_be_read_spoils_nobody_elses_answer,
}

async fn a_user_is_made_with_all_that_is_known(world: World) {
    let robot = world.client(Scope::ALL).await;
    let new = NewAccount {
        username: Some("ada".to_owned()),
        address_verified: true,
        phone: PhoneNumber::parse("+44 151 4960453").ok(),
        phone_verified: true,
        public_data: json!({"colour": "mauve"}).as_object().unwrap().clone(),
        ..ada("Ada@Engine.example")
    };
    let id = world.account(&robot, new).await;
    let record = world.vestibule.record(&robot, &id).await.unwrap();
    assert_eq!((record.user.name.as_str(), record.user.username.as_str()), ("Ada Lovelace", "ada"));
    assert!(record.user.username_id.is_some());
    let email = record.primary_email().unwrap();
    assert_eq!((email.address.as_str(), email.canonical.as_str()), ("Ada@Engine.example", "ada@engine.example"));
    assert_eq!(email.proof.unwrap().as_str(), "api");
    assert_eq!(record.phones[0].number, "+441514960453");
    assert!(record.phones[0].primary && record.phones[0].verified_at.is_some());
    assert_eq!(record.public_data["colour"], "mauve");
    assert!(!record.has_method());
    let owner = world.owner().await;
    assert_eq!(world.steps(&owner, &id).await, ["user-created", "phone-added", "phone-verified", "email-verified"]);
    assert_eq!(record.user.sequence, 4);
}

async fn a_change_is_all_or_nothing(world: World) {
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, ada("ada@engine.example")).await;
    world.account(&robot, NewAccount { username: Some("grace".to_owned()), ..NewAccount::default() }).await;
    let before = world.vestibule.record(&robot, &id).await.unwrap();
    let change = Change {
        address: Some(AddressChange { address: address("ada@new.example"), then: AddressThen::Nothing }),
        profile: Some(ProfileChange::Merge(json!({"nickname": "Ida"}).as_object().unwrap().clone())),
        username: Some(Some("Grace".to_owned())),
        ..Change::default()
    };
    assert_eq!(refused(world.vestibule.change_user(&robot, &id, change).await), Refusal::UsernameTaken);
    let after = world.vestibule.record(&robot, &id).await.unwrap();
    assert_eq!(
        (after.emails, after.profile, after.user.sequence),
        (before.emails, before.profile, before.user.sequence)
    );
}

async fn a_name_belongs_to_one_user(world: World) {
    let robot = world.client(Scope::ALL).await;
    let first = world.account(&robot, NewAccount { username: Some("Ada".to_owned()), ..NewAccount::default() }).await;
    let again = NewAccount { username: Some("ADA".to_owned()), ..NewAccount::default() };
    assert_eq!(refused(world.vestibule.create_account(&robot, again).await), Refusal::UsernameTaken);
    let same_id = NewAccount { id: Some(first), username: Some("other".to_owned()), ..NewAccount::default() };
    assert_eq!(refused(world.vestibule.create_account(&robot, same_id).await), Refusal::IdTaken);
    world.account(&robot, ada("ada@engine.example")).await;
    let same_address = NewAccount { username: Some("another".to_owned()), ..ada("ADA@engine.example") };
    assert_eq!(refused(world.vestibule.create_account(&robot, same_address).await), Refusal::AddressTaken);
    // Whoever was refused has left nothing behind.
    assert_eq!(world.db.count("users").await, 2);
    assert_eq!(world.db.texts("SELECT CAST(SUM(count) AS TEXT) FROM tally").await, ["2"]);
}

async fn a_new_address_is_unverified_and_the_old_one_is_told(world: World) {
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, NewAccount { address_verified: true, ..ada("ada@engine.example") }).await;
    let change = |text: &str, then| Change {
        address: Some(AddressChange { address: address(text), then }),
        ..Change::default()
    };
    let unchanged = world.vestibule.change_user(&robot, &id, change("ADA@engine.example", AddressThen::Nothing)).await;
    assert_eq!(refused(unchanged), Refusal::Unchanged);
    world.vestibule.change_user(&robot, &id, change("ada@new.example", AddressThen::Nothing)).await.unwrap();
    let record = world.vestibule.record(&robot, &id).await.unwrap();
    let email = record.primary_email().unwrap();
    assert_eq!((email.canonical.as_str(), email.verified_at, email.proof), ("ada@new.example", None, None));
    // A user name that nobody chose follows.
    assert_eq!(record.user.username, "ada@new.example");
    let letters = world.deliver().await;
    assert_eq!(letters.len(), 1);
    assert_eq!((letters[0].kind.as_str(), letters[0].recipient.as_str()), ("primary-changed", "ada@engine.example"));
    // The address that there is can be declared verified.
    world.vestibule.change_user(&robot, &id, change("ada@new.example", AddressThen::Verified)).await.unwrap();
    assert!(world.vestibule.record(&robot, &id).await.unwrap().emails[0].verified_at.is_some());
}

async fn somebody_shut_out_gets_another_address_and_no_mail(world: World) {
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, NewAccount { address_verified: true, ..ada("ada@engine.example") }).await;
    let change = async |text: &str, then| {
        let address = Some(AddressChange { address: address(text), then });
        world.vestibule.change_user(&robot, &id, Change { address, ..Change::default() }).await
    };
    world.vestibule.disable(&robot, &id).await.unwrap();
    change("ada@new.example", AddressThen::Nothing).await.unwrap();
    change("ada@newer.example", AddressThen::Verified).await.unwrap();
    let record = world.vestibule.record(&robot, &id).await.unwrap();
    let email = record.primary_email().unwrap();
    assert_eq!((email.address.as_str(), email.verified_at.is_some()), ("ada@newer.example", true));
    assert_eq!(refused(change("ada@newer.example", AddressThen::Nothing).await), Refusal::Unchanged);
    let sends = AddressThen::SendCode(CodeRequest::default());
    assert_eq!(refused(change("ada@newest.example", sends.clone()).await), Refusal::Disabled);
    assert!(world.deliver().await.is_empty());
    assert_eq!(world.db.texts("SELECT state FROM message").await, ["cancelled"], "the notice to the first address");
    world.vestibule.enable(&robot, &id).await.unwrap();
    change("ada@newest.example", sends).await.unwrap();
    assert_eq!(world.deliver().await.len(), 2);
}

async fn a_deleted_user_is_gone_and_counted_out(world: World) {
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, ada("ada@engine.example")).await;
    world.vestibule.delete_user(&robot, &id).await.unwrap();
    assert_eq!(refused(world.vestibule.record(&robot, &id).await), Refusal::NotFound);
    assert_eq!(refused(world.vestibule.delete_user(&robot, &id).await), Refusal::NotFound);
    assert_eq!(world.db.texts("SELECT CAST(SUM(count) AS TEXT) FROM tally").await, ["0"]);
    let last = world.db.texts("SELECT kind FROM event ORDER BY number DESC LIMIT 1").await;
    assert_eq!(last, ["user-deleted"]);
    // The address is free again.
    world.account(&robot, ada("ada@engine.example")).await;
}

async fn a_locked_user_cannot_sign_in(world: World) {
    let owner = world.owner().await;
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, ada("ada@engine.example")).await;
    let password = vestibule_core::password::NewPassword::Clear {
        password: "the analytical engine".to_owned(),
        must_change: false,
        check: true,
    };
    world.vestibule.set_password(&robot, &id, password, false).await.unwrap();
    let sign_in = || world.vestibule.sign_in("ada@engine.example", "the analytical engine".to_owned(), None);
    sign_in().await.unwrap();
    assert_eq!(world.vestibule.record(&robot, &id).await.unwrap().user.sign_ins, 1);
    world.vestibule.lock_user(&owner, &id).await.unwrap();
    assert_eq!(refused(world.vestibule.lock_user(&owner, &id).await), Refusal::Stale);
    assert_eq!(refused(sign_in().await), Refusal::SignInFailed);
    assert!(world.vestibule.visitor(&id).await.unwrap().is_none());
    world.vestibule.unlock_user(&owner, &id).await.unwrap();
    sign_in().await.unwrap();
    assert_eq!(refused(world.vestibule.lock_user(&owner, owner.user_id()).await), Refusal::Yourself);
}

async fn telephone_numbers_have_one_primary(world: World) {
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, ada("ada@engine.example")).await;
    let number = |text: &str| PhoneNumber::parse(text).unwrap();
    let first = world.vestibule.add_phone(&robot, &id, &number("+441514960453"), false).await.unwrap();
    let second = world.vestibule.add_phone(&robot, &id, &number("+441514960454"), true).await.unwrap();
    let taken = world.vestibule.add_phone(&robot, &id, &number("+44 151 496 0453"), false).await;
    assert_eq!(refused(taken), Refusal::PhoneTaken);
    let primaries = async || {
        let phones = world.vestibule.record(&robot, &id).await.unwrap().phones;
        phones.into_iter().filter(|phone| phone.primary).map(|phone| phone.id).collect::<Vec<_>>()
    };
    assert_eq!(primaries().await, std::slice::from_ref(&first));
    world.vestibule.make_phone_primary(&robot, &id, &second).await.unwrap();
    assert_eq!(primaries().await, std::slice::from_ref(&second));
    world.vestibule.mark_phone_verified(&robot, &id, &first).await.unwrap();
    world.vestibule.mark_phone_verified(&robot, &id, &first).await.unwrap();
    world.vestibule.unverify_phone(&robot, &id, &first).await.unwrap();
    assert_eq!(refused(world.vestibule.unverify_phone(&robot, &id, &first).await), Refusal::NotVerified);
    world.vestibule.remove_phone(&robot, &id, &second).await.unwrap();
    assert_eq!(primaries().await, [first]);
    assert_eq!(refused(world.vestibule.remove_phone(&robot, &id, &second).await), Refusal::NotFound);
}

async fn a_client_does_only_what_its_scopes_say(world: World) {
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, ada("ada@engine.example")).await;
    let email = world.vestibule.record(&robot, &id).await.unwrap().emails[0].id.clone();
    let (reader, writer, verifier) =
        (world.client(&[Scope::Read]).await, world.client(&[Scope::Write]).await, world.client(&[Scope::Verify]).await);
    assert_eq!(refused(world.vestibule.record(&writer, &id).await), Refusal::Forbidden);
    assert_eq!(refused(world.vestibule.delete_user(&reader, &id).await), Refusal::Forbidden);
    assert_eq!(refused(world.vestibule.mark_verified(&writer, &id, &email, "", None).await), Refusal::Forbidden);
    // Saying that a new address is verified is verifying.
    let proven = NewAccount { address_verified: true, ..ada("eve@engine.example") };
    assert_eq!(refused(world.vestibule.create_account(&writer, proven).await), Refusal::Forbidden);
    let change = Change {
        address: Some(AddressChange { address: address("eve@engine.example"), then: AddressThen::Verified }),
        ..Change::default()
    };
    assert_eq!(refused(world.vestibule.change_user(&writer, &id, change).await), Refusal::Forbidden);
    world.vestibule.mark_verified(&verifier, &id, &email, "", None).await.unwrap();
    world.vestibule.record(&reader, &id).await.unwrap();
    world.vestibule.delete_user(&writer, &id).await.unwrap();
}

async fn a_client_cannot_touch_an_owner(world: World) {
    let owner = world.owner().await;
    let robot = world.client(Scope::ALL).await;
    let id = owner.user_id();
    let password = vestibule_core::password::NewPassword::Clear {
        password: "mine from now on".to_owned(),
        must_change: false,
        check: true,
    };
    assert_eq!(refused(world.vestibule.set_password(&robot, id, password, true).await), Refusal::Forbidden);
    assert_eq!(refused(world.vestibule.delete_user(&robot, id).await), Refusal::Forbidden);
    assert_eq!(refused(world.vestibule.lock_user(&robot, id).await), Refusal::Forbidden);
    assert_eq!(refused(world.vestibule.remove_password(&robot, id).await), Refusal::Forbidden);
    let request = vestibule_core::code_request::CodeRequest {
        way: vestibule_core::code_request::Way::Return,
        ..Default::default()
    };
    let reset = world.vestibule.request_password_reset(&robot, id, request).await;
    assert_eq!(refused(reset), Refusal::Forbidden);
    let change = Change {
        address: Some(AddressChange { address: address("eve@evil.example"), then: AddressThen::Nothing }),
        ..Change::default()
    };
    assert_eq!(refused(world.vestibule.change_user(&robot, id, change).await), Refusal::Forbidden);
}

async fn another_organizations_user_is_unknown(world: World) {
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, ada("ada@engine.example")).await;
    let values = "('elsewhere', 'Elsewhere', '{}', 0)";
    world.db.exec(&format!("INSERT INTO organization (id, name, policy, created_at) VALUES {values}")).await;
    let stranger = world.client_of("elsewhere", Scope::ALL).await;
    assert_eq!(refused(world.vestibule.record(&stranger, &id).await), Refusal::NotFound);
    let change = Change { profile: Some(ProfileChange::Replace(Profile::default())), ..Change::default() };
    assert_eq!(refused(world.vestibule.change_user(&stranger, &id, change).await), Refusal::NotFound);
    assert_eq!(refused(world.vestibule.delete_user(&stranger, &id).await), Refusal::NotFound);
    assert_eq!(refused(world.vestibule.end_sessions(&stranger, &id).await), Refusal::NotFound);
    for odd in ["", "a\0b", "../x", &"x".repeat(300)] {
        assert_eq!(refused(world.vestibule.record(&robot, odd).await), Refusal::NotFound, "{odd:?}");
    }
}

/// What many ask for at once is read together.
async fn a_user_who_cannot_be_read_spoils_nobody_elses_answer(world: World) {
    let robot = world.client(Scope::ALL).await;
    let whole = world.account(&robot, ada("ada@engine.example")).await;
    let broken = world.account(&robot, ada("grace@navy.example")).await;
    world.db.exec(&format!("UPDATE users SET profile = 'no JSON' WHERE id = '{broken}'")).await;
    let asked = (0..32).map(|place| {
        let (vestibule, robot) = (world.vestibule.clone(), robot.clone());
        let id = if place % 2 == 0 { whole.clone() } else { broken.clone() };
        tokio::spawn(async move { vestibule.record(&robot, &id).await.is_ok() })
    });
    let answers = futures::future::join_all(asked).await.into_iter().map(|answer| answer.unwrap());
    assert!(answers.enumerate().all(|(place, came)| came == (place % 2 == 0)));
}
