//! An administrator sees and touches one organization.

use vestibule_core::{Refusal, actor::Admin, env::Env, invite::InviteFilter, user_list::UserQuery};

use crate::{
    roles::{Target, VERBS, new_key},
    support::{Person, World, address, at_address, refused, typed},
};

both! {
    another_organizations_administrator_finds_nothing,
    the_same_address_is_another_user_elsewhere,
}

async fn another_organizations_administrator_finds_nothing(world: World) {
    let owner = world.owner().await;
    let invited = world.invite(&owner, "grace@navy.example").await;
    let person = Person {
        email_id: world.view(&owner, &invited.user_id).await.emails[0].email.id.clone(),
        user_id: invited.user_id,
        address: address("grace@navy.example"),
    };
    let message_id = world.vestibule.messages(&owner, None, None, None, 1).await.unwrap().remove(0).id;
    let key_id = world.vestibule.create_api_key(&owner, new_key()).await.unwrap().id;
    let client_id = world.vestibule.create_client(&owner, new_key()).await.unwrap().id;
    let (invite_id, challenge_id) = (invited.id, invited.challenge_id);
    let target = Target { person, invite_id, challenge_id, message_id, key_id, client_id };
    let other = other_owner(&world).await;

    let before = world.db.dump().await;
    for (name, _, _, verb) in VERBS.iter().filter(|(_, _, names, _)| *names) {
        assert_eq!(refused(verb(&world.vestibule, &other, &target).await), Refusal::NotFound, "{name}");
    }
    assert_eq!(world.db.dump().await, before);
    let users = world.vestibule.users(&other, &UserQuery::default()).await.unwrap().users;
    assert_eq!(users.iter().map(|user| user.name.as_str()).collect::<Vec<_>>(), ["Bella Boss"]);
    let search = UserQuery { search: "grace".to_owned(), ..UserQuery::default() };
    assert!(world.vestibule.users(&other, &search).await.unwrap().users.is_empty());
    assert!(world.vestibule.messages(&other, None, None, None, 10).await.unwrap().is_empty());
    assert!(world.vestibule.invites(&other, InviteFilter::All, None, 10).await.unwrap().is_empty());
    assert!(world.vestibule.api_keys(&other).await.unwrap().is_empty());
    assert!(world.vestibule.clients(&other).await.unwrap().is_empty());
    let overview = world.vestibule.overview(&other).await.unwrap();
    assert_eq!((overview.users(), overview.open_invites), (1, 0));
    assert!(overview.messages.is_empty());
    let lately = world.vestibule.lately(&other, 7).await.unwrap();
    assert_eq!((lately.verified, lately.ending_invites), (0, 0));
}

async fn the_same_address_is_another_user_elsewhere(world: World) {
    let owner = world.owner().await;
    let other = other_owner(&world).await;
    let here = world.person(&owner, "grace@navy.example").await;
    let there = world.person(&other, "grace@navy.example").await;
    assert_ne!(here.user_id, there.user_id);
    world.vestibule.mark_verified(&owner, &here.user_id, &here.email_id, "met her", None).await.unwrap();
    assert!(!world.is_verified(&other, &there).await);
    world.vestibule.request_code(&there.address, None).await.unwrap();
    let drawn = world.deliver().await.remove(0).secret.unwrap();
    world.vestibule.redeem(at_address(&there.address, typed(&drawn))).await.unwrap();
    assert!(world.is_verified(&other, &there).await);
}

/// An owner of an organization beside the first one.
async fn other_owner(world: &World) -> Admin {
    let (user, now) = (world.env.id(), world.env.now());
    world
        .db
        .exec(&format!(
            "INSERT INTO organization (id, name, policy, created_at) VALUES ('other', 'Other', '{{}}', {now} + 1);
         INSERT INTO users (id, number, organization_id, username, username_key, name, language, state,
            standing, standing_was, last_step, sequence, search, created_at, changed_at)
         VALUES ('{user}', {number}, 'other', 'bella', 'bella', 'Bella Boss', 'en', 'active',
            'unverified', 'unverified', 'user-created', 0, 'bella', {now}, {now});
         INSERT INTO tally (organization_id, standing, slot, count) VALUES ('other', 'unverified', 0, 1);
         INSERT INTO administrator (user_id, role, granted_at) VALUES ('{user}', 'owner', {now})",
            number = world.env.number(),
        ))
        .await;
    world.admin(&user).await
}
