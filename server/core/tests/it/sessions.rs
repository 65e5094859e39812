//! Browser sessions, and who is behind one.

use vestibule_core::{
    Refusal,
    api_key::Scope,
    code_request::CodeRequest,
    env::{HOUR, MINUTE},
};

use crate::support::{World, by_link, refused, secret_word};

both! {
    a_session_lives_until_it_ends_or_is_deleted,
    disabling_ends_sessions_and_shuts_out,
    disabling_blocks_every_code,
    nobody_disables_themselves,
    an_operator_sees_and_ends_a_users_sessions,
    only_who_may_sees_or_ends_a_session,
}

async fn a_session_lives_until_it_ends_or_is_deleted(world: World) {
    let until = world.vestibule.now() + HOUR;
    let make = |id: &str| world.vestibule.create_session(id.to_owned(), None, "{}".to_owned(), until);
    assert!(make("one").await.unwrap());
    assert!(!make("one").await.unwrap(), "the id is taken");
    assert!(make("two").await.unwrap());
    world.vestibule.save_session("one".to_owned(), None, "{\"a\":1}".to_owned(), until + HOUR).await.unwrap();
    assert_eq!(world.vestibule.load_session("one").await.unwrap(), Some(("{\"a\":1}".to_owned(), until + HOUR)));
    world.vestibule.delete_session("two".to_owned()).await.unwrap();
    world.vestibule.save_session("two".to_owned(), None, "{}".to_owned(), until).await.unwrap();
    assert_eq!(world.vestibule.load_session("two").await.unwrap(), None, "a deleted session does not come back");
    world.env.pass(2 * HOUR);
    assert_eq!(world.vestibule.load_session("one").await.unwrap(), None);
}

async fn disabling_ends_sessions_and_shuts_out(world: World) {
    let owner = world.owner().await;
    let (invited, drawn) = world.invite_mailed(&owner, "grace@navy.example").await;
    let redeemed = world.vestibule.redeem(by_link(&drawn.token)).await.unwrap();
    world.vestibule.set_first_password(&redeemed, secret_word()).await.unwrap();
    session(&world, "hers", &invited.user_id).await;
    session(&world, "ours", owner.user_id()).await;
    assert!(world.vestibule.visitor(&invited.user_id).await.unwrap().unwrap().admin.is_none());

    world.vestibule.disable(&owner, &invited.user_id).await.unwrap();
    assert_eq!(world.vestibule.load_session("hers").await.unwrap(), None);
    assert!(world.vestibule.load_session("ours").await.unwrap().is_some());
    assert!(world.vestibule.visitor(&invited.user_id).await.unwrap().is_none());
    assert_eq!(
        refused(world.vestibule.sign_in("grace@navy.example", secret_word(), None).await),
        Refusal::SignInFailed
    );
    assert_eq!(refused(world.vestibule.disable(&owner, &invited.user_id).await), Refusal::Stale);

    world.vestibule.enable(&owner, &invited.user_id).await.unwrap();
    world.vestibule.sign_in("grace@navy.example", secret_word(), None).await.unwrap();
    assert_eq!(refused(world.vestibule.enable(&owner, &invited.user_id).await), Refusal::Stale);
}

async fn disabling_blocks_every_code(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let drawn = world.send_code(&owner, &grace).await;
    world.vestibule.disable(&owner, &grace.user_id).await.unwrap();
    assert_eq!(refused(world.vestibule.redeem(by_link(&drawn.token)).await), Refusal::Disabled);
    assert_eq!(
        refused(world.vestibule.send_code(&owner, &grace.user_id, Some(&grace.email_id), CodeRequest::default()).await),
        Refusal::Disabled
    );
    world.env.pass(60_000);
    assert_eq!(refused(world.vestibule.resend(&drawn.challenge_id, None).await), Refusal::Disabled);
    world.vestibule.request_code(&grace.address, None).await.unwrap();
    assert!(world.deliver().await.is_empty());
    assert!(!world.is_verified(&owner, &grace).await);
    world.vestibule.enable(&owner, &grace.user_id).await.unwrap();
    world.vestibule.redeem(by_link(&drawn.token)).await.unwrap();
}

async fn nobody_disables_themselves(world: World) {
    let owner = world.owner().await;
    assert_eq!(refused(world.vestibule.disable(&owner, owner.user_id()).await), Refusal::Yourself);
}

async fn an_operator_sees_and_ends_a_users_sessions(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let robot = world.client(Scope::ALL).await;
    let until = world.vestibule.now() + HOUR;
    let data = |at: i64, sid: &str| {
        format!(
            r#"{{"device":{{"agent":"Lynx","ip":"192.0.2.1","at":{at}}},"signed_in":{{"at":{at},"session":"{sid}"}}}}"#
        )
    };
    for (id, data, until) in [
        ("first", data(1, "s-1"), until),
        ("second", data(2, "s-2"), until),
        ("odd", r#"{"device":null,"signed_in":7}"#.to_owned(), until),
        ("over", data(4, "s-4"), world.vestibule.now() + MINUTE),
    ] {
        world.vestibule.create_session(id.to_owned(), Some(grace.user_id.clone()), data, until).await.unwrap();
    }
    session(&world, "ours", owner.user_id()).await;
    world.env.pass(MINUTE);
    let app = crate::oauth::new_app();
    let app = world.vestibule.create_app(&owner, app).await.unwrap().id;
    let columns = "id, organization_id, client_id, user_id, scopes, signed_in_at, methods, session, code_hash, redirect_uri, challenge, created_at, code_expires_at, expires_at, revoked_at";
    for (id, session, revoked) in [("a", "s-1", "NULL"), ("b", "s-1", "NULL"), ("c", "s-2", "5")] {
        let row = format!(
            "'{id}', '{}', '{app}', '{}', 'openid', 1, 'pwd', '{session}', '{id}', '', '', 1, 1, {until}, {revoked}",
            world.organization, grace.user_id
        );
        world.db.exec(&format!("INSERT INTO authorizations ({columns}) VALUES ({row})")).await;
    }

    let seen = world.vestibule.sessions_of(&robot, &grace.user_id).await.unwrap();
    let told: Vec<(i64, &str, usize)> = seen
        .iter()
        .map(|session| (session.device.at, session.device.agent.as_str(), session.client_ids.len()))
        .collect();
    assert_eq!(
        told,
        [(2, "Lynx", 0), (1, "Lynx", 1), (0, "", 0)],
        "the newest first, without what is over or another's"
    );
    assert_eq!(seen[1].client_ids, [app]);
    for session in &seen {
        assert!(!["first", "second", "odd"].contains(&session.id.as_str()), "it is not what the browser holds");
        assert_eq!(world.vestibule.load_session(&session.id).await.unwrap(), None, "nobody comes in with it");
    }

    world.add_webhook().await;
    world.vestibule.end_session_of(&robot, &grace.user_id, &seen[0].id).await.unwrap();
    assert_eq!(world.vestibule.load_session("second").await.unwrap(), None);
    assert!(world.vestibule.load_session("first").await.unwrap().is_some());
    assert_eq!(world.steps(&owner, &grace.user_id).await.pop(), Some("session-ended"));
    assert_eq!(world.db.count("webhook").await, 1);
    let again = world.vestibule.end_session_of(&robot, &grace.user_id, &seen[0].id).await;
    assert_eq!(refused(again), Refusal::NotFound);
    assert_eq!(world.vestibule.sessions_of(&owner, &grace.user_id).await.unwrap().len(), 2);
}

async fn only_who_may_sees_or_ends_a_session(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    session(&world, "hers", &grace.user_id).await;
    session(&world, "ours", owner.user_id()).await;
    let hers = world.vestibule.sessions_of(&owner, &grace.user_id).await.unwrap().remove(0).id;
    let ours = world.vestibule.sessions_of(&owner, owner.user_id()).await.unwrap().remove(0).id;
    let vestibule = &world.vestibule;
    let (writer, reader) = (world.client(&[Scope::Write]).await, world.client(&[Scope::Read]).await);
    assert_eq!(refused(vestibule.sessions_of(&writer, &grace.user_id).await), Refusal::Forbidden);
    assert_eq!(refused(vestibule.end_session_of(&reader, &grace.user_id, &hers).await), Refusal::Forbidden);
    assert_eq!(refused(vestibule.end_session_of(&writer, owner.user_id(), &ours).await), Refusal::Forbidden);
    assert_eq!(refused(vestibule.end_session_of(&writer, &grace.user_id, &ours).await), Refusal::NotFound);
    world.db.exec("INSERT INTO organization (id, name, policy, created_at) VALUES ('o2', 'Other', '{}', 1)").await;
    let stranger = world.client_of("o2", Scope::ALL).await;
    assert_eq!(refused(vestibule.sessions_of(&stranger, &grace.user_id).await), Refusal::NotFound);
    assert_eq!(refused(vestibule.end_session_of(&stranger, &grace.user_id, &hers).await), Refusal::NotFound);
    for id in ["hers", "ours"] {
        assert!(vestibule.load_session(id).await.unwrap().is_some());
    }
}

async fn session(world: &World, id: &str, user_id: &str) {
    let until = world.vestibule.now() + HOUR;
    assert!(
        world.vestibule.create_session(id.to_owned(), Some(user_id.to_owned()), "{}".to_owned(), until).await.unwrap()
    );
}
