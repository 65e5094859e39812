//! API keys, clients and access tokens: what each lets in, for how long, and who is told.

use vestibule_core::{
    Refusal, Vestibule,
    actor::{Person, Principal, Role},
    api_key::{Keeper, KeyState, NewKey, Scope},
    code_request::CodeRequest,
    env::{DAY, Env, HOUR, MINUTE},
    secret::Token,
};

use crate::{
    roles::new_key,
    support::{World, address, refused, secret_word},
};

both! {
    a_key_may_what_its_scopes_say_and_no_more,
    a_key_ends_when_it_expires_or_is_revoked,
    a_key_without_name_scope_or_sound_lifetime_is_not_made,
    the_last_use_is_written_once_a_minute,
    a_client_changes_its_secret_for_a_token_of_an_hour,
    whatever_is_wrong_with_a_client_the_answer_is_the_same,
    a_revoked_client_takes_its_tokens_along,
    a_token_of_a_person_is_that_person_while_they_may_come_in,
    making_and_revoking_stand_in_the_owners_history,
    the_operator_needs_an_organization_and_no_role,
    tokens_whose_time_is_over_are_swept,
}

async fn a_key_may_what_its_scopes_say_and_no_more(world: World) {
    let owner = world.owner().await;
    let scopes = vec![Scope::Verify, Scope::Read, Scope::Verify];
    let made = world.vestibule.create_api_key(&owner, NewKey { scopes, ..new_key() }).await.unwrap();
    let principal = world.vestibule.principal(&made.secret).await.unwrap();
    let Principal::Client(client) = &principal else { panic!("{principal:?}") };
    assert_eq!((client.id(), client.name(), client.organization_id()), (&*made.id, "Payroll", &*world.organization));
    let operator = principal.operator().unwrap();
    assert_eq!(Scope::ALL.iter().map(|scope| operator.may(*scope)).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(world.vestibule.api_keys(&owner).await.unwrap()[0].scopes.as_slice(), [Scope::Read, Scope::Verify]);

    let stranger = Token::draw(world.env.as_ref());
    assert_eq!(refused(world.vestibule.principal(&stranger).await), Refusal::Forbidden);
}

async fn a_key_ends_when_it_expires_or_is_revoked(world: World) {
    let owner = world.owner().await;
    let short = NewKey { lifetime: Some(DAY), ..new_key() };
    let short = world.vestibule.create_api_key(&owner, short).await.unwrap();
    let long = world.vestibule.create_api_key(&owner, new_key()).await.unwrap();
    world.env.pass(DAY - 1);
    assert_eq!((is_known(&world, &short.secret).await, is_known(&world, &long.secret).await), (true, true));
    world.env.pass(1);
    assert_eq!((is_known(&world, &short.secret).await, is_known(&world, &long.secret).await), (false, true));

    let second = world.second().await;
    assert!(second.principal(&long.secret).await.is_ok());
    world.vestibule.revoke_api_key(&owner, &long.id).await.unwrap();
    assert_eq!(refused(second.principal(&long.secret).await), Refusal::Forbidden, "at once, on every instance");
    assert_eq!(refused(world.vestibule.revoke_api_key(&owner, &long.id).await), Refusal::Stale);
    assert_eq!(refused(world.vestibule.revoke_api_key(&owner, "nothing").await), Refusal::NotFound);

    let now = world.vestibule.now();
    let listed = world.vestibule.api_keys(&owner).await.unwrap();
    let states: Vec<_> = listed.iter().map(|key| (key.id.clone(), key.state(now))).collect();
    assert_eq!(states, [(short.id, KeyState::Expired), (long.id, KeyState::Revoked)]);
}

async fn a_key_without_name_scope_or_sound_lifetime_is_not_made(world: World) {
    let owner = world.owner().await;
    let before = world.db.dump().await;
    for (new, refusal) in [
        (NewKey { name: " ".to_owned(), ..new_key() }, Refusal::Name),
        (NewKey { scopes: Vec::new(), ..new_key() }, Refusal::Text),
        (NewKey { lifetime: Some(0), ..new_key() }, Refusal::Text),
        (NewKey { lifetime: Some(i64::MAX), ..new_key() }, Refusal::Text),
    ] {
        assert_eq!(refused(world.vestibule.create_api_key(&owner, new.clone()).await), refusal);
        assert_eq!(refused(world.vestibule.create_client(&owner, new).await), refusal);
    }
    assert_eq!(world.db.dump().await, before);
}

async fn the_last_use_is_written_once_a_minute(world: World) {
    let owner = world.owner().await;
    let key = world.vestibule.create_api_key(&owner, new_key()).await.unwrap().secret;
    let client = world.vestibule.create_client(&owner, new_key()).await.unwrap();
    let start = world.vestibule.now();
    assert_eq!(uses(&world, "api_key").await, Vec::<i64>::new());
    let token = world.vestibule.client_token(&client.id, &client.secret, &world.organization).await.unwrap().token;
    for (pass, written) in [(0, start), (MINUTE - 1, start), (1, start + MINUTE), (30, start + MINUTE)] {
        world.env.pass(pass);
        assert!(is_known(&world, &key).await && is_known(&world, &token).await);
        assert_eq!(uses(&world, "api_key").await, [written]);
        assert_eq!(uses(&world, "client").await, [written]);
    }
}

async fn a_client_changes_its_secret_for_a_token_of_an_hour(world: World) {
    let owner = world.owner().await;
    let made = world.vestibule.create_client(&owner, new_key()).await.unwrap();
    assert_eq!(uuid::Uuid::parse_str(&made.id).unwrap().to_string(), made.id, "a UUID in lower case");
    let access = world.vestibule.client_token(&made.id, &made.secret, &world.organization).await.unwrap();
    assert_eq!((access.expires_in, access.scopes.as_slice()), (3_600, &[Scope::Read][..]));
    let principal = world.vestibule.principal(&access.token).await.unwrap();
    let Principal::Client(client) = &principal else { panic!("{principal:?}") };
    assert_eq!((client.id(), client.may(Scope::Read), client.may(Scope::Write)), (&*made.id, true, false));
    assert!(!is_known(&world, &made.secret).await, "the secret itself is no bearer token");
    world.env.pass(HOUR - 1);
    assert!(is_known(&world, &access.token).await);
    world.env.pass(1);
    assert!(!is_known(&world, &access.token).await);
    world.vestibule.rename_client(&owner, &made.id, "Warehouse").await.unwrap();
    assert_eq!(world.vestibule.clients(&owner).await.unwrap()[0].name, "Warehouse");
}

async fn whatever_is_wrong_with_a_client_the_answer_is_the_same(world: World) {
    let owner = world.owner().await;
    let (vestibule, organization) = (&world.vestibule, world.organization.as_str());
    let good = vestibule.create_client(&owner, new_key()).await.unwrap();
    let short = NewKey { lifetime: Some(DAY), ..new_key() };
    let expired = vestibule.create_client(&owner, short).await.unwrap();
    let revoked = vestibule.create_client(&owner, new_key()).await.unwrap();
    vestibule.revoke_client(&owner, &revoked.id).await.unwrap();
    let key = vestibule.create_api_key(&owner, new_key()).await.unwrap();
    let (app, public) = (vestibule.create_client(&owner, new_key()), vestibule.create_client(&owner, new_key()));
    let (app, public) = (app.await.unwrap(), public.await.unwrap());
    world.db.exec(&format!("UPDATE client SET kind = 'app' WHERE id = '{}'", app.id)).await;
    world.db.exec(&format!("UPDATE client SET secret_hash = NULL WHERE id = '{}'", public.id)).await;
    world.env.pass(DAY);
    let before = world.db.dump().await;
    for (what, id, secret, organization) in [
        ("unknown", "nobody", &good.secret, organization),
        ("not an id", "no\0body", &good.secret, organization),
        ("wrong secret", &*good.id, &expired.secret, organization),
        ("another organization", &good.id, &good.secret, "other"),
        ("expired", &expired.id, &expired.secret, organization),
        ("revoked", &revoked.id, &revoked.secret, organization),
        ("an API key", &key.id, &key.secret, organization),
        ("an app", &app.id, &app.secret, organization),
        ("public", &public.id, &public.secret, organization),
    ] {
        assert_eq!(refused(vestibule.client_token(id, secret, organization).await), Refusal::SignInFailed, "{what}");
    }
    assert_eq!(world.db.dump().await, before);
    vestibule.client_token(&good.id, &good.secret, organization).await.unwrap();
}

async fn a_revoked_client_takes_its_tokens_along(world: World) {
    let owner = world.owner().await;
    let revoked = world.vestibule.create_client(&owner, new_key()).await.unwrap();
    let short = NewKey { lifetime: Some(MINUTE), ..new_key() };
    let short = world.vestibule.create_client(&owner, short).await.unwrap();
    let mut tokens = Vec::new();
    for client in [&revoked, &short] {
        let access = world.vestibule.client_token(&client.id, &client.secret, &world.organization).await;
        tokens.push(access.unwrap().token);
    }
    world.vestibule.revoke_client(&owner, &revoked.id).await.unwrap();
    assert_eq!((is_known(&world, &tokens[0]).await, is_known(&world, &tokens[1]).await), (false, true));
    world.env.pass(MINUTE);
    assert!(!is_known(&world, &tokens[1]).await, "nor does a token outlive the client's own end");
    assert_eq!(refused(world.vestibule.revoke_client(&owner, &revoked.id).await), Refusal::Stale);
}

async fn a_token_of_a_person_is_that_person_while_they_may_come_in(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let vera = address("vera@acme.example");
    let viewer = world.vestibule.create_administrator(&vera, "Vera", Role::Viewer, secret_word()).await.unwrap();
    let token = token_of(&world, &grace.user_id, "openid email").await;
    let principal = world.vestibule.principal(&token).await.unwrap();
    assert_eq!(principal.person().map(Person::user_id), Some(grace.user_id.as_str()));
    assert!(principal.operator().is_none(), "a person without a role acts for nobody else");
    let (eve, mail) = (address("eve@evil.example"), CodeRequest::default());
    let moved = world.vestibule.change_own_address(principal.person().unwrap(), &eve, mail).await;
    assert_eq!(refused(moved), Refusal::Forbidden, "an app that may only know her must not take her account over");

    let only_named = token_of(&world, &viewer, "openid email").await;
    assert!(world.vestibule.principal(&only_named).await.unwrap().operator().is_none(), "the app may only know her");
    let vera = token_of(&world, &viewer, "openid write").await;
    let operator = world.vestibule.principal(&vera).await.unwrap().operator().unwrap();
    assert_eq!(Scope::ALL.iter().map(|scope| operator.may(*scope)).collect::<Vec<_>>(), [true, false, false]);
    world.db.exec(&format!("DELETE FROM administrator WHERE user_id = '{viewer}'")).await;
    assert!(world.vestibule.principal(&vera).await.unwrap().operator().is_none());

    world.vestibule.disable(&owner, &grace.user_id).await.unwrap();
    assert_eq!(refused(world.vestibule.principal(&token).await), Refusal::Forbidden);
    world.vestibule.enable(&owner, &grace.user_id).await.unwrap();
    world.vestibule.principal(&token).await.unwrap();
    world.db.exec(&format!("UPDATE users SET locked_at = 1 WHERE id = '{}'", grace.user_id)).await;
    assert_eq!(refused(world.vestibule.principal(&token).await), Refusal::Forbidden);
    world.db.exec("UPDATE access_token SET revoked_at = 1").await;
    assert_eq!(refused(world.vestibule.principal(&vera).await), Refusal::Forbidden);
}

async fn making_and_revoking_stand_in_the_owners_history(world: World) {
    let owner = world.owner().await;
    let key = world.vestibule.create_api_key(&owner, new_key()).await.unwrap();
    let client = world.vestibule.create_client(&owner, new_key()).await.unwrap();
    world.vestibule.rename_client(&owner, &client.id, "Warehouse").await.unwrap();
    world.vestibule.revoke_client(&owner, &client.id).await.unwrap();
    world.vestibule.revoke_api_key(&owner, &key.id).await.unwrap();
    assert_eq!(refused(world.vestibule.revoke_api_key(&owner, &key.id).await), Refusal::Stale);
    let history = world.view(&owner, owner.user_id()).await.history;
    let lines: Vec<_> =
        history.iter().rev().map(|event| (event.kind.as_str(), event.data.reason.as_deref().unwrap_or(""))).collect();
    assert_eq!(
        lines[3..],
        [
            ("api-key-created", "Payroll"),
            ("client-created", "Payroll"),
            ("client-renamed", "Warehouse"),
            ("client-revoked", "Warehouse"),
            ("api-key-revoked", "Payroll"),
        ]
    );
    assert!(history[..5].iter().all(|event| event.actor == owner.actor()));
    assert_eq!(world.vestibule.api_keys(&owner).await.unwrap()[0].created_by.as_deref(), Some("Olga Owner"));
}

async fn the_operator_needs_an_organization_and_no_role(world: World) {
    let operator = || Keeper::operator(&world.organization);
    let key = world.vestibule.create_api_key(operator(), new_key()).await.unwrap();
    assert!(is_known(&world, &key.secret).await);
    assert_eq!(world.vestibule.api_keys(operator()).await.unwrap()[0].created_by, None);
    world.vestibule.revoke_api_key(operator(), &key.id).await.unwrap();
    assert!(!is_known(&world, &key.secret).await);
    let nowhere = Keeper::operator("nowhere");
    assert_eq!(refused(world.vestibule.create_api_key(nowhere.clone(), new_key()).await), Refusal::NotFound);
    assert_eq!(refused(world.vestibule.create_client(nowhere, new_key()).await), Refusal::NotFound);
}

async fn tokens_whose_time_is_over_are_swept(world: World) {
    let owner = world.owner().await;
    let client = world.vestibule.create_client(&owner, new_key()).await.unwrap();
    for _ in 0..2 {
        world.vestibule.client_token(&client.id, &client.secret, &world.organization).await.unwrap();
        world.env.pass(HOUR / 2);
    }
    world.vestibule.sweep().await.unwrap();
    assert_eq!(world.db.count("access_token").await, 1);
}

async fn is_known(world: &World, token: &Token) -> bool {
    match Vestibule::principal(&world.vestibule, token).await {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.refusal(), Some(&Refusal::Forbidden), "{error}");
            false
        }
    }
}

/// The last uses that a table holds.
async fn uses(world: &World, table: &str) -> Vec<i64> {
    let sql = format!("SELECT CAST(last_used_at AS TEXT) FROM {table} WHERE last_used_at IS NOT NULL");
    world.db.texts(&sql).await.iter().map(|text| text.parse().unwrap()).collect()
}

/// An access token that an app got for a person.
pub async fn token_of(world: &World, user_id: &str, scopes: &str) -> Token {
    let (token, id, organization) = (Token::draw(world.env.as_ref()), world.env.id(), &world.organization);
    let (hash, now) = (token.hash(), world.env.now());
    world
        .db
        .exec(&format!(
            "INSERT INTO client (id, organization_id, name, kind, scopes, created_at)
             VALUES ('{id}', '{organization}', 'Shop', 'app', 'openid', {now});
             INSERT INTO access_token (hash, organization_id, client_id, user_id, scopes, created_at, expires_at)
             VALUES ('{hash}', '{organization}', '{id}', '{user_id}', '{scopes}', {now}, {now} + {HOUR})"
        ))
        .await;
    token
}
