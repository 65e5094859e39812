//! The users list: pages forth and back, tabs, search.

mod index;

use vestibule_core::{
    env::Env,
    event::Standing,
    invite::InviteForm,
    user_list::{Cursor, PAGE, UserPage, UserQuery},
};

use crate::support::{World, people::form, sql::Db};

both! {
    pages_go_forth_and_back_without_loss,
    tabs_show_their_standing_only,
    a_search_takes_every_sign_as_it_is,
    a_search_follows_what_changes_and_pages_forward,
    a_search_that_takes_long_goes_on_with_the_next_page,
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
    let counts = world.vestibule.overview(&owner).await.unwrap().standings;
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

fn ids(page: &UserPage) -> Vec<&str> {
    page.users.iter().map(|user| user.id.as_str()).collect()
}

async fn search_names(world: &World, admin: &vestibule_core::actor::Admin, search: &str) -> Vec<String> {
    let query = UserQuery { search: search.to_owned(), ..UserQuery::default() };
    world.vestibule.users(admin, &query).await.unwrap().users.into_iter().map(|user| user.name).collect()
}

/// One in a hundred of more users than a page of a search looks at.
async fn a_search_that_takes_long_goes_on_with_the_next_page(world: World) {
    let owner = world.owner().await;
    for chunk in 0..4 {
        let rows: Vec<String> = (chunk * 3_000..(chunk + 1) * 3_000)
            .map(|place| {
                let (number, name) = (world.env.number(), if place % 100 == 0 { "grace" } else { "alan" });
                format!(
                    "('u{place}', {number}, '{}', 'u{place}', 'u{place}', 'U', 'en', 'active', 'verified', 'verified', 'user-created', 0, '{name}', 1, 1)",
                    world.organization
                )
            })
            .collect();
        world
            .db
            .exec(&format!(
                "INSERT INTO users (id, number, organization_id, username, username_key, name, language, state, standing, standing_was,
                     last_step, sequence, search, created_at, changed_at) VALUES {}",
                rows.join(", ")
            ))
            .await;
    }
    let sql = format!(
        "INSERT INTO tally (organization_id, standing, slot, count) VALUES ('{}', 'verified', 7, 12000)",
        world.organization
    );
    world.db.exec(&sql).await;
    let expected: Vec<String> = (0..120).rev().map(|number| format!("u{}", number * 100)).collect();
    for (standing, others) in [(None, 0), (Some(Standing::Verified), 0), (Some(Standing::Verified), 90_000)] {
        // Where most have the standing, other lines are read than where few have it.
        let sql = format!(
            "INSERT INTO tally (organization_id, standing, slot, count) VALUES ('{}', 'disabled', 7, {others})
             ON CONFLICT (organization_id, standing, slot) DO UPDATE SET count = excluded.count",
            world.organization
        );
        world.db.exec(&sql).await;
        let (mut found, mut cursor, mut pages) = (Vec::new(), Some(Cursor::First), 0);
        while let Some(at) = cursor {
            let query = UserQuery { standing, search: "grace".to_owned(), cursor: at };
            let page = world.vestibule.users(&owner, &query).await.unwrap();
            found.extend(page.users.into_iter().map(|user| user.id));
            (cursor, pages) = (page.next, pages + 1);
        }
        assert_eq!(found, expected);
        let bounded = matches!(world.db, Db::Postgres(_));
        assert_eq!(pages, if bounded { 5 } else { 3 }, "{standing:?}, {others}");
    }
}
