//! What the index finds is what reading every line would find.

use std::fmt::Write;

use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use vestibule_core::{
    env::Env,
    event::Standing,
    user_list::{Cursor, UserQuery},
};

use super::search_names;
use crate::support::{self, Engine, World, sql::Db};

both! {
    a_search_finds_what_reading_every_line_finds,
    who_came_before_the_index_is_found_by_it,
}

/// A user as the test remembers them: organization, standing and what a search looks through.
type Line = (&'static str, Standing, String);

/// Signs of names and texts: few, so that texts meet; with those that mean something to a query language.
const SIGNS: &[&str] =
    &["a", "b", "é", "ß", "山", "😀", " ", "'", "\"", "%", "_", "\\", "*", ".", "-", ":", "&", "ə\u{301}"];

async fn a_search_finds_what_reading_every_line_finds(world: World) {
    let owner = world.owner().await;
    let mut chance = StdRng::seed_from_u64(3);
    let mut lines: Vec<Line> = Vec::new();
    let mut sql =
        String::from("INSERT INTO organization (id, name, policy, created_at) VALUES ('other', 'Other', '{}', 2);");
    for number in 0..500 {
        let organization = if chance.random_bool(0.2) { "other" } else { "here" };
        let standing = *Standing::ALL.choose(&mut chance).unwrap();
        lines.push((organization, standing, random_line(&mut chance, number)));
        if number % 60 == 0 && matches!(world.db, Db::Postgres(_)) {
            sql.push_str(&begin_shelf(&world.organization, world.env.number()));
        }
        sql.push_str(&insert(&world, number, &lines[number]));
    }
    // Many by the count, so that the index is asked; of the others every line is read.
    write!(
        sql,
        "INSERT INTO tally (organization_id, standing, slot, count) VALUES ('{}', 'verified', 7, 9000), ('{0}', 'invited', 7, 9000);",
        world.organization
    )
    .unwrap();
    // What changes and goes is found as it is now.
    for number in (0..500).step_by(9) {
        lines[number].2 = random_line(&mut chance, number);
        write!(sql, "UPDATE users SET search = {} WHERE id = 'u{number}';", quoted(&lines[number].2)).unwrap();
    }
    for number in (0..500).step_by(13) {
        lines[number].2.clear();
        write!(sql, "DELETE FROM users WHERE id = 'u{number}';").unwrap();
    }
    world.db.exec(&sql).await;

    let mut met = 0;
    for round in 0..300 {
        let standing = chance.random_bool(0.4).then(|| *Standing::ALL.choose(&mut chance).unwrap());
        let text = random_text(&mut chance, &lines);
        let wanted: String = text.chars().filter(|sign| !sign.is_control()).collect();
        let expected: Vec<String> = (0..lines.len())
            .rev()
            .filter(|number| lines[*number].0 == "here" && lines[*number].2.contains(&wanted))
            .filter(|number| standing.is_none_or(|standing| standing == lines[*number].1))
            .map(|number| format!("u{number}"))
            .collect();
        met += usize::from(!expected.is_empty());
        let (mut found, mut cursor) = (Vec::new(), Some(Cursor::First));
        while let Some(at) = cursor {
            let query = UserQuery { standing, search: text.clone(), cursor: at };
            let page = world.vestibule.users(&owner, &query).await.unwrap();
            found.extend(page.users.into_iter().map(|user| user.id).filter(|id| id != owner.user_id()));
            cursor = page.next;
        }
        assert_eq!(found, expected, "{text:?}, {standing:?}, round {round}");
    }
    assert!((100..290).contains(&met), "texts that somebody has and texts that nobody has: {met}");
}

/// A name, a user name and an address, as they are kept for searches.
fn random_line(chance: &mut StdRng, number: usize) -> String {
    let word = |chance: &mut StdRng| (0..chance.random_range(1..8)).map(|_| *SIGNS.choose(chance).unwrap()).collect();
    let name: [String; 2] = [word(chance), word(chance)];
    format!("{}\nu{number}\n{}{number}@{}.example", name.join(" "), name[1], ["navy", "yale"].choose(chance).unwrap())
}

/// A part of somebody's line, of the lines' ends, or anything; at times with a control sign in it. Never less than three signs.
fn random_text(chance: &mut StdRng, lines: &[Line]) -> String {
    loop {
        let mut text: Vec<char> = match chance.random_range(0..4) {
            0 => (0..chance.random_range(3..9)).flat_map(|_| SIGNS.choose(chance).unwrap().chars()).collect(),
            1 => ["example", "@navy.example", "y.exam", "9@yale.e", "ample"].choose(chance).unwrap().chars().collect(),
            _ => {
                let line: Vec<char> =
                    lines.choose(chance).unwrap().2.lines().last().unwrap_or_default().chars().collect();
                let from = chance.random_range(0..line.len().max(1));
                line.into_iter().skip(from).take(chance.random_range(3..20)).collect()
            }
        };
        if chance.random_bool(0.1) {
            text.insert(chance.random_range(0..=text.len()), *['\0', '\n', '\t', '\u{7f}'].choose(chance).unwrap());
        }
        let text = text.into_iter().collect::<String>().trim().to_owned();
        if text.chars().filter(|sign| !sign.is_control()).count() >= 3 {
            return text;
        }
    }
}

fn insert(world: &World, place: usize, line: &Line) -> String {
    insert_as(world, place, world.env.number(), line)
}

fn insert_as(world: &World, place: usize, number: i64, (organization, standing, search): &Line) -> String {
    let organization = if *organization == "here" { &world.organization } else { *organization };
    format!(
        "INSERT INTO users (id, number, organization_id, username, username_key, name, language, state, standing, standing_was,
            last_step, sequence, search, created_at, changed_at)
         VALUES ('u{place}', {number}, '{organization}', 'u{place}', 'u{place}', 'U', 'en', 'active', '{standing}', '{standing}',
            'user-created', 0, {}, 1, 1);",
        quoted(search)
    )
}

/// A shelf for the users from this number on.
fn begin_shelf(organization: &str, number: i64) -> String {
    format!("INSERT INTO search_shelf (organization_id, first_number) VALUES ('{organization}', {number});")
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

async fn who_came_before_the_index_is_found_by_it(world: World) {
    let owner = world.owner().await;
    world.invite(&owner, "amazing.grace@navy.example").await;
    let again: &[&str] = match &world.db {
        Db::Sqlite(_) => &[
            "DROP TRIGGER users_search_insert; DROP TRIGGER users_search_update; DROP TRIGGER users_search_delete;
             DROP TABLE user_search;",
            include_str!("../../../../../migrations/0002_search.sqlite.sql"),
            include_str!("../../../../../migrations/0003_places.sqlite.sql"),
        ],
        Db::Postgres(_) => &[
            "DROP TRIGGER users_search_kept ON users; DROP TRIGGER users_search_changed ON users;
             DROP FUNCTION follow_user_search; DROP TABLE user_search, search_shelf; DROP FUNCTION search_places, search_shelf_of;",
            include_str!("../../../../../migrations/0002_search.postgres.sql"),
            include_str!("../../../../../migrations/0003_places.postgres.sql"),
            include_str!("../../../../../migrations/0014_shelves.postgres.sql"),
        ],
    };
    for sql in again {
        world.db.exec(sql).await;
    }
    for text in ["navy.example", "amazi", "zing", "g.g"] {
        assert_eq!(search_names(&world, &owner, text).await.len(), 1, "{text}");
    }
}

/// One user in 65,536 begins a shelf a minute after the newest, and who comes until then stands on the one before.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_shelf_begins_a_minute_after_the_newest_user() {
    support::run(Engine::Postgres, |world| async move {
        const MINUTE: i64 = 60_000 << 20;
        let begins = "SELECT MIN(number) FROM generate_series(CAST(1 AS BIGINT), 3000000) AS number WHERE hashint8extended(number, 0) % 65536 = 0";
        let first = world.db.number(begins).await;
        // A clock that goes before the others'.
        let newest = first + 5;
        let begins_at = newest + MINUTE;
        let numbers = [newest, first, first + 1, begins_at - 1, begins_at];
        for (place, number) in numbers.into_iter().enumerate() {
            world.db.exec(&insert_as(&world, place, number, &("here", Standing::Verified, format!("u{place}")))).await;
        }
        let begun = format!("search_shelf WHERE organization_id = '{}' AND first_number = {begins_at}", world.organization);
        assert_eq!((world.db.count("search_shelf").await, world.db.count(&begun).await), (1, 1));
        let before = format!("user_search WHERE shelf = 0 AND number < {begins_at}");
        assert_eq!(world.db.count(&before).await, 4);
        assert_eq!(world.db.count("user_search WHERE shelf = (SELECT shelf FROM search_shelf)").await, 1);
    })
    .await;
}
