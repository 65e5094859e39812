//! The users list: pages forth and back, tabs, search.

use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use vestibule_core::{
    env::Env,
    event::Standing,
    invite::InviteForm,
    user_list::{Cursor, PAGE, UserPage, UserQuery},
};

use crate::support::{World, people::form};

both! {
    pages_go_forth_and_back_without_loss,
    tabs_show_their_standing_only,
    a_search_takes_every_sign_as_it_is,
    a_search_follows_what_changes_and_pages_forward,
    a_search_finds_what_reading_every_line_finds,
}

async fn pages_go_forth_and_back_without_loss(world: World) {
    let owner = world.owner().await;
    for number in 0..(2 * PAGE + 9) {
        world.invite(&owner, &format!("grace{number}@navy.example")).await;
    }
    let list =
        async |cursor| world.vestibule.users(&owner, &UserQuery { cursor, ..UserQuery::default() }).await.unwrap();
    let first = list(Cursor::First).await;
    let second = list(first.next.unwrap()).await;
    let third = list(second.next.unwrap()).await;
    assert_eq!([first.users.len(), second.users.len(), third.users.len()], [PAGE, PAGE, 10]);
    assert_eq!((first.previous, third.next), (None, None));
    let mut ids: Vec<&str> = [&first, &second, &third].into_iter().flat_map(ids).collect();
    assert_eq!(ids[ids.len() - 1], owner.user_id(), "newest first");
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 2 * PAGE + 10);

    let back = list(third.previous.unwrap()).await;
    assert_eq!(self::ids(&back), self::ids(&second));
    let back = list(back.previous.unwrap()).await;
    assert_eq!(self::ids(&back), self::ids(&first));
    assert_eq!(back.previous, None);
    assert_eq!(self::ids(&list(back.next.unwrap()).await), self::ids(&second));
}

async fn tabs_show_their_standing_only(world: World) {
    let owner = world.owner().await;
    world.invite(&owner, "invited@navy.example").await;
    world.person(&owner, "unverified@navy.example").await;
    let verified = world.person(&owner, "verified@navy.example").await;
    world.vestibule.mark_verified(&owner, &verified.user_id, &verified.email_id, "met", None).await.unwrap();
    let disabled = world.person(&owner, "disabled@navy.example").await;
    world.vestibule.disable(&owner, &disabled.user_id).await.unwrap();
    let counts = world.vestibule.standings(&owner).await.unwrap();
    for standing in Standing::ALL {
        let query = UserQuery { standing: Some(*standing), ..UserQuery::default() };
        let found = world.vestibule.users(&owner, &query).await.unwrap().users;
        assert_eq!(counts.get(standing), i64::try_from(found.len()).ok().as_ref(), "{standing}");
        assert!(
            found.iter().any(|user| user.address.as_deref() == Some(&format!("{standing}@navy.example"))),
            "{standing}"
        );
        assert!(found.iter().all(|user| user.standing == *standing));
        let query = UserQuery { standing: Some(*standing), search: "NAVY".to_owned(), ..UserQuery::default() };
        assert_eq!(world.vestibule.users(&owner, &query).await.unwrap().users.len(), 1, "{standing}");
    }
}

async fn a_search_takes_every_sign_as_it_is(world: World) {
    let owner = world.owner().await;
    for (number, name) in [
        "Grace Hopper",
        "100% Cotton",
        "snake_case",
        "Anna \"Ace\" Lee",
        "O'Neill \\ Sons",
        "Jörg Müller",
        "ＡＬＡＮ Turing",
        "* OR NEAR(",
        "山田太郎さん",
    ]
    .into_iter()
    .enumerate()
    {
        let form = InviteForm { name: name.to_owned(), ..form(&format!("user{number}@navy.example")) };
        world.vestibule.invite(&owner, form).await.unwrap();
    }
    for (search, expected) in [
        ("hop", &["Grace Hopper"][..]),
        ("  GRACE h ", &["Grace Hopper"]),
        ("0% c", &["100% Cotton"]),
        ("%%%", &[]),
        ("___", &[]),
        ("e_c", &["snake_case"]),
        ("eac", &[]),
        ("\"ace\"", &["Anna \"Ace\" Lee"]),
        ("\"\"\"", &[]),
        ("l \\ s", &["O'Neill \\ Sons"]),
        ("o'n", &["O'Neill \\ Sons"]),
        ("jörg", &["Jörg Müller"]),
        ("MÜLL", &["Jörg Müller"]),
        ("jorg", &[]),
        ("alan", &["ＡＬＡＮ Turing"]),
        ("* or near(", &["* OR NEAR("]),
        ("太郎さ", &["山田太郎さん"]),
        ("user3@", &["Anna \"Ace\" Lee"]),
        ("\0\0\0", &["every"]),
        ("nobody", &[]),
    ] {
        let found = search_names(&world, &owner, search).await;
        if expected == ["every"] {
            assert_eq!(found.len(), 10, "{search:?}");
        } else {
            assert_eq!(found, expected, "{search:?}");
        }
    }
    assert_eq!(search_names(&world, &owner, "al").await.len(), 10, "too short to search for: everybody");
}

async fn a_search_follows_what_changes_and_pages_forward(world: World) {
    let owner = world.owner().await;
    let mut grace = world.person(&owner, "grace@navy.example").await;
    grace.email_id = world
        .vestibule
        .add_address(&owner, &grace.user_id, &crate::support::address("amazing@yale.example"))
        .await
        .unwrap();
    assert_eq!(search_names(&world, &owner, "amazing").await.len(), 1);
    world.vestibule.remove_address(&owner, &grace.user_id, &grace.email_id).await.unwrap();
    assert_eq!(search_names(&world, &owner, "amazing").await.len(), 0);
    for number in 0..PAGE {
        world.invite(&owner, &format!("many{number}@navy.example")).await;
    }
    let list = async |cursor| {
        world.vestibule.users(&owner, &UserQuery { cursor, search: "navy".to_owned(), standing: None }).await.unwrap()
    };
    let first = list(Cursor::First).await;
    let second = list(first.next.unwrap()).await;
    assert_eq!((first.users.len(), second.users.len(), second.next), (PAGE, 1, None));
    assert_eq!(second.users[0].id, grace.user_id);
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
        sql.push_str(&insert(&world, number, &lines[number]));
    }
    // Many by the count, so that the index is asked; of the others every line is read.
    sql.push_str(&format!(
        "INSERT INTO tally (organization_id, standing, slot, count) VALUES ('{}', 'verified', 7, 9000), ('{0}', 'invited', 7, 9000);",
        world.organization
    ));
    // What changes and goes is found as it is now.
    for number in (0..500).step_by(9) {
        lines[number].2 = random_line(&mut chance, number);
        sql.push_str(&format!("UPDATE users SET search = {} WHERE id = 'u{number}';", quoted(&lines[number].2)));
    }
    for number in (0..500).step_by(13) {
        lines[number].2.clear();
        sql.push_str(&format!("DELETE FROM users WHERE id = 'u{number}';"));
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

fn insert(world: &World, number: usize, (organization, standing, search): &Line) -> String {
    let organization = if *organization == "here" { &world.organization } else { *organization };
    let key = world.env.number();
    format!(
        "INSERT INTO users (id, number, organization_id, username, username_key, name, language, state, standing, standing_was,
            last_step, sequence, search, created_at, changed_at)
         VALUES ('u{number}', {key}, '{organization}', 'u{number}', 'u{number}', 'U', 'en', 'active', '{standing}', '{standing}',
            'user-created', 0, {}, 1, 1);",
        quoted(search)
    )
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn ids(page: &UserPage) -> Vec<&str> {
    page.users.iter().map(|user| user.id.as_str()).collect()
}

async fn search_names(world: &World, admin: &vestibule_core::actor::Admin, search: &str) -> Vec<String> {
    let query = UserQuery { search: search.to_owned(), ..UserQuery::default() };
    world.vestibule.users(admin, &query).await.unwrap().users.into_iter().map(|user| user.name).collect()
}
