//! Organizations, their policy, and the database as a whole.

use vestibule_core::{
    Refusal,
    code::CodeStyle,
    event::EventKind,
    organization::Policy,
    store::{AHEAD, Schema, Store},
};

use crate::support::{World, refused};

both! {
    the_first_organization_is_made_once,
    a_policy_is_stored_whole_and_read_with_defaults,
    an_unsound_policy_is_refused,
    a_policy_rules_what_is_drawn,
    an_owners_change_of_the_policy_is_in_their_history,
    a_database_tells_how_far_it_is_migrated,
}

async fn the_first_organization_is_made_once(world: World) {
    assert_eq!(world.vestibule.first_organization("Other").await.unwrap().id, world.organization);
    world.db.exec("DELETE FROM organization").await;
    let second = world.second().await;
    let (one, two) = tokio::join!(world.vestibule.first_organization("One"), second.first_organization("Two"));
    assert_eq!(one.unwrap().id, two.unwrap().id);
    assert_eq!(world.db.count("organization").await, 1);
}

async fn a_policy_is_stored_whole_and_read_with_defaults(world: World) {
    let policy =
        Policy { code_style: CodeStyle::Digits, code_length: 6, tries: 3, password_min: 15, ..Policy::default() };
    world.vestibule.set_policy(&world.organization, &policy).await.unwrap();
    assert_eq!(world.vestibule.organization(&world.organization).await.unwrap().policy, policy);
    world.db.exec("UPDATE organization SET policy = '{\"tries\":4}'").await;
    let read = world.vestibule.organization(&world.organization).await.unwrap().policy;
    assert_eq!(read, Policy { tries: 4, ..Policy::default() });
    assert_eq!(refused(world.vestibule.set_policy("nobody", &policy).await), Refusal::NotFound);
}

async fn an_unsound_policy_is_refused(world: World) {
    for policy in [
        Policy { code_length: 5, ..Policy::default() },
        Policy { code_length: 13, ..Policy::default() },
        Policy { tries: 0, ..Policy::default() },
        Policy { tries: 11, ..Policy::default() },
        Policy { code_lifetime: 0, ..Policy::default() },
        Policy { cool_down: 0, ..Policy::default() },
        Policy { invite_lifetime: i64::MAX, ..Policy::default() },
        Policy { password_min: 7, ..Policy::default() },
        Policy { mails_a_day: 0, ..Policy::default() },
        Policy { first_methods: Vec::new(), ..Policy::default() },
    ] {
        assert_eq!(refused(world.vestibule.set_policy(&world.organization, &policy).await), Refusal::Text);
    }
    assert_eq!(world.vestibule.organization(&world.organization).await.unwrap().policy, Policy::default());
}

async fn a_policy_rules_what_is_drawn(world: World) {
    let owner = world.owner().await;
    let policy =
        Policy { code_style: CodeStyle::Digits, code_length: 6, code_lifetime: 120_000, tries: 2, ..Policy::default() };
    world.vestibule.set_policy(&world.organization, &policy).await.unwrap();
    let grace = world.person(&owner, "grace@navy.example").await;
    let drawn = world.send_code(&owner, &grace).await;
    let code = drawn.code.grouped();
    assert!(code.len() == 7 && code.replace('-', "").bytes().all(|sign| sign.is_ascii_digit()), "{code}");
    assert_eq!(drawn.expires_at, world.vestibule.now() + 120_000);
    let view = world.vestibule.challenge(&drawn.challenge_id).await.unwrap().unwrap();
    assert_eq!((view.tries_left, view.code_style, view.code_length), (2, CodeStyle::Digits, 6));
    assert_eq!((view.masked.as_str(), view.organization.as_str()), ("gr•••@navy.example", "Acme"));
}

async fn a_database_tells_how_far_it_is_migrated(world: World) {
    let store = Store::open(&world.url).await.unwrap();
    assert_eq!(store.schema().await.unwrap(), Schema::Current);
    store.migrate().await.unwrap();
    let newest = "version = (SELECT MAX(version) FROM _sqlx_migrations)";
    world.db.exec(&format!("UPDATE _sqlx_migrations SET version = version + 1000 WHERE {newest}")).await;
    assert_eq!(store.schema().await.unwrap(), Schema::Ahead);
    assert_eq!(store.migrate().await.unwrap_err().to_string(), AHEAD);
    world.db.exec(&format!("DELETE FROM _sqlx_migrations WHERE {newest}")).await;
    assert_eq!(store.schema().await.unwrap(), Schema::Behind);
    world.db.exec("ALTER TABLE _sqlx_migrations RENAME COLUMN success TO done").await;
    assert!(store.schema().await.is_err(), "what cannot be read is not taken for a database that needs migrating");
    world.db.exec("DROP TABLE _sqlx_migrations").await;
    assert_eq!(store.schema().await.unwrap(), Schema::New);
    store.close().await;
    world.vestibule.ready().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_holds_everything_and_opens_by_itself() {
    crate::support::run(crate::support::Engine::Sqlite, |world| async move {
        let owner = world.owner().await;
        world.invite(&owner, "grace@navy.example").await;
        let file = std::path::PathBuf::from(world.url.strip_prefix("sqlite:").unwrap()).with_extension("backup");
        world.vestibule.backup(&file).await.unwrap();
        assert!(world.vestibule.backup(&file).await.is_err(), "a backup overwrites nothing");
        let copy = crate::support::sql::Db::open(&format!("sqlite:{}", file.display())).await;
        for table in ["users", "email", "invite", "message", "event"] {
            assert_eq!(copy.count(table).await, world.db.count(table).await, "{table}");
        }
        let word = format!("{}navy", &world.organization[world.organization.len() - 4..]);
        let found = format!("SELECT COUNT(*) FROM user_search WHERE user_search MATCH '\"{word}\" *'");
        assert_eq!(copy.number(&found).await, 1, "the search, too");
        copy.close().await;
    })
    .await;
}

async fn an_owners_change_of_the_policy_is_in_their_history(world: World) {
    let owner = world.owner().await;
    let policy = Policy { tries: 3, ..Policy::default() };
    for _ in 0..2 {
        world.vestibule.change_policy(&owner, &policy).await.unwrap();
        let history = world.view(&owner, owner.user_id()).await.history;
        assert_eq!(history.iter().filter(|event| event.kind == EventKind::PolicyChanged).count(), 1);
        assert_eq!(history[0].data.reason.as_deref(), Some("tries: 5 → 3"));
    }
    assert_eq!(world.vestibule.organization(&world.organization).await.unwrap().policy, policy);
    let unsound = Policy { tries: 0, ..policy };
    assert_eq!(refused(world.vestibule.change_policy(&owner, &unsound).await), Refusal::Text);
}
