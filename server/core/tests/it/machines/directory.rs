//! Looking for users by filter.

use serde_json::json;
use vestibule_core::{
    Refusal,
    actor::Client,
    api_key::Scope,
    directory::{AccountState, DirectoryQuery, Field, Filter, SortBy, Start, Test},
    user::{create::NewAccount, profile::Profile},
};

use super::ada;
use crate::support::{World, address, refused};

both! {
    texts_are_compared_as_asked,
    tests_can_be_put_together,
    what_is_kept_is_found_by_key_and_by_value,
    pages_follow_each_other_without_gap_or_double,
    a_filter_is_bounded_and_its_values_are_never_sql,
}

fn text(field: Field, test: Test, value: &str, fold: bool) -> Filter {
    Filter::Text { field, test, value: value.to_owned(), fold }
}

fn query(filter: Filter) -> DirectoryQuery {
    DirectoryQuery { filter, sort: SortBy::CreatedAt, descending: false, start: Start::Offset(0), limit: 100 }
}

async fn names(world: &World, robot: &Client, filter: Filter) -> Vec<String> {
    let page = world.vestibule.directory(robot, &query(filter)).await.unwrap();
    assert_eq!(page.total, i64::try_from(page.users.len()).unwrap());
    page.users.into_iter().map(|record| record.profile.given_name.unwrap_or_default()).collect()
}

async fn people(world: &World) -> Client {
    let robot = world.client(Scope::ALL).await;
    for (given, family, text) in [
        ("Ada", "Lovelace", "ada@engine.example"),
        ("Émilie", "du Châtelet", "emilie@cirey.example"),
        ("Grace", "Hopper", "grace@navy.example"),
    ] {
        world.env.pass(1_000);
        let profile =
            Profile { given_name: Some(given.into()), family_name: Some(family.into()), ..Profile::default() };
        world.account(&robot, NewAccount { profile, address: Some(address(text)), ..NewAccount::default() }).await;
    }
    robot
}

async fn texts_are_compared_as_asked(world: World) {
    let robot = people(&world).await;
    for (filter, found) in [
        (text(Field::GivenName, Test::Equals, "ada", false), vec![]),
        (text(Field::GivenName, Test::Equals, "ada", true), vec!["Ada"]),
        (text(Field::GivenName, Test::Equals, "ÉMILIE", true), vec!["Émilie"]),
        (text(Field::FamilyName, Test::StartsWith, "du C", false), vec!["Émilie"]),
        (text(Field::FamilyName, Test::EndsWith, "LACE", true), vec!["Ada"]),
        (text(Field::FamilyName, Test::EndsWith, "a much longer text than any name", true), vec![]),
        (text(Field::Email, Test::Equals, "GRACE@navy.example", true), vec!["Grace"]),
        (text(Field::Email, Test::Contains, "NAVY", true), vec!["Grace"]),
        (text(Field::Email, Test::Contains, "NAVY", false), vec![]),
        (text(Field::Username, Test::Equals, "Ada@engine.example", true), vec!["Ada"]),
        (text(Field::Name, Test::Contains, "châtelet", true), vec!["Émilie"]),
        (text(Field::Email, Test::Contains, "%", false), vec![]),
        (text(Field::Email, Test::StartsWith, "_da", false), vec![]),
        (Filter::Any("hopper".into()), vec!["Grace"]),
        (Filter::Email(vec!["ada@engine.example".into(), "GRACE@navy.example".into()]), vec!["Ada", "Grace"]),
    ] {
        assert_eq!(names(&world, &robot, filter.clone()).await, found, "{filter:?}");
    }
}

async fn tests_can_be_put_together(world: World) {
    let robot = people(&world).await;
    let page = world.vestibule.directory(&robot, &query(text(Field::GivenName, Test::Equals, "Ada", false))).await;
    let ada = page.unwrap().users[0].user.id.clone();
    world.vestibule.disable(&robot, &ada).await.unwrap();
    let is = |name: &str| text(Field::GivenName, Test::Equals, name, false);
    for (filter, found) in [
        (Filter::Always, vec!["Ada", "Émilie", "Grace"]),
        (Filter::Never, vec![]),
        (Filter::And(vec![]), vec!["Ada", "Émilie", "Grace"]),
        (Filter::Or(vec![]), vec![]),
        (Filter::Or(vec![is("Ada"), is("Grace")]), vec!["Ada", "Grace"]),
        (Filter::Not(Box::new(is("Ada"))), vec!["Émilie", "Grace"]),
        // What is not known is not equal to anything.
        (Filter::Not(Box::new(text(Field::Nickname, Test::Equals, "x", true))), vec!["Ada", "Émilie", "Grace"]),
        (Filter::Enabled(true), vec!["Émilie", "Grace"]),
        (Filter::State(AccountState::Inactive), vec!["Ada"]),
        (Filter::State(AccountState::Locked), vec![]),
        (Filter::Verified(false), vec!["Ada", "Émilie", "Grace"]),
        (Filter::Id(vec![ada.clone()]), vec!["Ada"]),
        (Filter::Id(vec![]), vec![]),
        (Filter::And(vec![Filter::Enabled(false), is("Grace")]), vec![]),
    ] {
        assert_eq!(names(&world, &robot, filter.clone()).await, found, "{filter:?}");
    }
}

async fn what_is_kept_is_found_by_key_and_by_value(world: World) {
    let robot = world.client(Scope::ALL).await;
    for (given, kept) in [
        ("Ada", json!({"Team.Engine": "analytical", "$.path": "x"})),
        ("Grace", json!({"team.navy": "compilers", "100%": "analytical"})),
        ("Nobody", json!({})),
    ] {
        let profile = Profile { given_name: Some(given.into()), ..Profile::default() };
        let metadata = kept.as_object().unwrap().clone();
        let new = NewAccount { profile, metadata, username: Some(given.into()), ..NewAccount::default() };
        world.account(&robot, new).await;
    }
    let key = |test, key: &str, fold| Filter::MetadataKey { test, key: key.to_owned(), fold };
    let value = |value: &str, is| Filter::MetadataValue { value: value.to_owned(), is };
    for (filter, found) in [
        (key(Test::Equals, "Team.Engine", false), vec!["Ada"]),
        (key(Test::Equals, "team.engine", false), vec![]),
        (key(Test::Equals, "TEAM.engine", true), vec!["Ada"]),
        (key(Test::StartsWith, "team.", false), vec!["Grace"]),
        (key(Test::StartsWith, "TEAM.", true), vec!["Ada", "Grace"]),
        (key(Test::EndsWith, "NAVY", true), vec!["Grace"]),
        (key(Test::EndsWith, "NAVY", false), vec![]),
        (key(Test::Contains, "m.E", false), vec!["Ada"]),
        (key(Test::Contains, "m.", true), vec!["Ada", "Grace"]),
        (key(Test::Contains, "", true), vec!["Ada", "Grace"]),
        (key(Test::Equals, "$.path", false), vec!["Ada"]),
        (key(Test::Contains, "%", false), vec!["Grace"]),
        (key(Test::StartsWith, "_00", true), vec![]),
        (Filter::Not(Box::new(key(Test::Contains, "team", true))), vec!["Nobody"]),
        (value("analytical", true), vec!["Ada", "Grace"]),
        (value("Analytical", true), vec![]),
        (value("compilers", true), vec!["Grace"]),
        (value("x", false), vec!["Ada", "Grace"]),
        (Filter::And(vec![value("analytical", true), key(Test::Contains, "navy", false)]), vec!["Grace"]),
    ] {
        assert_eq!(names(&world, &robot, filter.clone()).await, found, "{filter:?}");
    }
}

async fn pages_follow_each_other_without_gap_or_double(world: World) {
    let robot = world.client(Scope::ALL).await;
    for at in 0..7 {
        world.account(&robot, ada(&format!("ada{at}@engine.example"))).await;
    }
    let (mut seen, mut start) = (Vec::new(), Start::After(0));
    loop {
        let page = DirectoryQuery { start, limit: 3, ..query(Filter::Always) };
        let page = world.vestibule.directory(&robot, &page).await.unwrap();
        assert_eq!(page.total, 7);
        seen.extend(page.users.iter().map(|record| record.emails[0].address.clone()));
        match page.next {
            Some(number) => start = Start::After(number),
            None => break,
        }
    }
    let all: Vec<String> = (0..7).map(|at| format!("ada{at}@engine.example")).collect();
    assert_eq!(seen, all);
    let backwards = DirectoryQuery {
        sort: SortBy::Email,
        descending: true,
        start: Start::Offset(2),
        limit: 2,
        ..query(Filter::Always)
    };
    let page = world.vestibule.directory(&robot, &backwards).await.unwrap();
    let page: Vec<&str> = page.users.iter().map(|record| record.emails[0].address.as_str()).collect();
    assert_eq!(page, ["ada4@engine.example", "ada3@engine.example"]);
}

async fn a_filter_is_bounded_and_its_values_are_never_sql(world: World) {
    let robot = people(&world).await;
    let deep = (0..100).fold(Filter::Always, |filter, _| Filter::Not(Box::new(filter)));
    assert_eq!(refused(world.vestibule.directory(&robot, &query(deep)).await), Refusal::Text);
    let wide = Filter::Or(vec![Filter::Always; 1_000]);
    assert_eq!(refused(world.vestibule.directory(&robot, &query(wide)).await), Refusal::Text);
    for value in ["'; DROP TABLE users; --", "a\0b", "\\", "\"", "$1", "%' OR 1=1"] {
        for field in [
            Field::Username,
            Field::GivenName,
            Field::Email,
            Field::Profile("title"),
            Field::Profile("address.locality"),
        ] {
            for test in [Test::Equals, Test::StartsWith, Test::EndsWith, Test::Contains] {
                assert!(names(&world, &robot, text(field, test, value, true)).await.is_empty(), "{value:?}");
            }
        }
        assert!(names(&world, &robot, Filter::Any(value.to_owned())).await.is_empty(), "{value:?}");
        for test in [Test::Equals, Test::StartsWith, Test::EndsWith, Test::Contains] {
            let kept = Filter::MetadataKey { test, key: value.to_owned(), fold: true };
            assert!(names(&world, &robot, kept).await.is_empty(), "{value:?}");
        }
        let kept = Filter::MetadataValue { value: value.to_owned(), is: true };
        assert!(names(&world, &robot, kept).await.is_empty(), "{value:?}");
    }
    assert_eq!(names(&world, &robot, Filter::Always).await.len(), 3);
}
