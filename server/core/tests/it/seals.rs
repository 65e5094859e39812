//! Seals: a changed log shows, and sealers do not get in each other's way.

use futures::future::join_all;
use sha2::{Digest, Sha256};

use crate::support::{World, people::form};

both! {
    a_sealed_log_verifies_and_goes_on,
    tampering_shows,
    sealers_at_once_seal_every_event_once,
    a_sealer_that_was_overtaken_seals_nothing_again,
    what_has_gathered_is_sealed_in_one_go,
    who_has_not_the_key_makes_no_seal_that_fits,
    seals_of_older_releases_still_fit,
    what_was_taken_from_the_end_is_missed,
}

async fn a_sealed_log_verifies_and_goes_on(world: World) {
    let owner = world.owner().await;
    assert_eq!(world.vestibule.seal().await.unwrap(), 3);
    assert_eq!(world.vestibule.seal().await.unwrap(), 0);
    for number in 0..3 {
        world.invite(&owner, &format!("grace{number}@navy.example")).await;
        world.vestibule.seal().await.unwrap();
    }
    let report = world.vestibule.verify_seals().await.unwrap();
    assert_eq!((report.seals, report.events, report.broken), (4, 9, None));
}

async fn tampering_shows(world: World) {
    let owner = world.owner().await;
    world.vestibule.seal().await.unwrap();
    world.invite(&owner, "grace@navy.example").await;
    world.vestibule.seal().await.unwrap();
    world.invite(&owner, "alan@park.example").await;
    world.vestibule.seal().await.unwrap();
    let victim = "WHERE seal_number = 2 AND sequence = 1";
    for (column, forged) in [
        ("kind", "'email-verified'"),
        ("at", "at + 1"),
        ("actor", "'{\"kind\":\"system\"}'"),
        ("data", "'{}'"),
        ("number", "number + 1"),
        ("sequence", "77"),
        ("user_id", "'somebody'"),
        ("organization_id", "'elsewhere'"),
        ("seal_number", "3"),
    ] {
        world.db.exec("CREATE TABLE kept AS SELECT * FROM event").await;
        assert_eq!(world.db.exec(&format!("UPDATE event SET {column} = {forged} {victim}")).await, 1);
        assert_eq!(world.vestibule.verify_seals().await.unwrap().broken, Some(2), "{column}");
        world.db.exec("DELETE FROM event; INSERT INTO event SELECT * FROM kept; DROP TABLE kept").await;
        assert_eq!(world.vestibule.verify_seals().await.unwrap().broken, None, "{column} put back");
    }
    world.db.exec("UPDATE seal SET events = 1 WHERE number = 2").await;
    assert_eq!(world.vestibule.verify_seals().await.unwrap().broken, Some(2));
    world.db.exec("UPDATE seal SET events = 2 WHERE number = 2").await;
    world.db.exec(&format!("DELETE FROM event {victim}")).await;
    assert_eq!(world.vestibule.verify_seals().await.unwrap().broken, Some(2));
    world.db.exec("DELETE FROM event WHERE seal_number = 2; DELETE FROM seal WHERE number = 2").await;
    assert_eq!(world.vestibule.verify_seals().await.unwrap().broken, Some(3));
}

async fn sealers_at_once_seal_every_event_once(world: World) {
    let owner = world.owner().await;
    let second = world.second().await;
    for round in 0..8 {
        let form = form(&format!("grace{round}@navy.example"));
        let sealers = (0..6).map(|number| {
            let instance = if number % 2 == 0 { world.vestibule.clone() } else { second.clone() };
            tokio::spawn(async move { instance.seal().await })
        });
        let sealers: Vec<_> = sealers.collect();
        let (invited, sealed) = tokio::join!(world.vestibule.invite(&owner, form), join_all(sealers));
        invited.unwrap();
        for sealed in sealed {
            sealed.unwrap().unwrap();
        }
    }
    while world.vestibule.seal().await.unwrap() > 0 {}
    assert_all_sealed(&world).await;
}

/// Between what a sealer reads first and what it reads last, another one may have sealed the same events.
async fn a_sealer_that_was_overtaken_seals_nothing_again(world: World) {
    world.owner().await;
    let mut held = world.db.hold().await;
    held.lock("seal").await;
    let vestibule = world.vestibule.clone();
    let overtaken = tokio::spawn(async move { vestibule.seal().await });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    held.exec("INSERT INTO seal (number, sealed_at, events, hash) VALUES (1, 0, 3, 'h')").await;
    held.exec("UPDATE event SET seal_number = 1").await;
    held.commit().await;
    assert_eq!(overtaken.await.unwrap().unwrap(), 0);
    assert_eq!(world.db.count("event WHERE seal_number = 1").await, 3);
    assert_eq!(world.db.count("seal").await, 1);
}

async fn assert_all_sealed(world: &World) {
    let report = world.vestibule.verify_seals().await.unwrap();
    assert_eq!(report.broken, None);
    assert_eq!(report.events, world.db.count("event").await);
}

async fn what_has_gathered_is_sealed_in_one_go(world: World) {
    let owner = world.owner().await;
    let id = owner.user_id();
    world
        .db
        .exec(&format!(
            "WITH RECURSIVE place (at) AS (SELECT 101 UNION ALL SELECT at + 1 FROM place WHERE at < 2600)
             INSERT INTO event (user_id, sequence, number, organization_id, at, kind, actor, data)
             SELECT '{id}', at, at, '{}', 0, 'signed-in', '{{}}', '{{}}' FROM place",
            world.organization
        ))
        .await;
    assert_eq!(world.vestibule.verify_seals().await.unwrap().unsealed, 2_503);
    assert_eq!(world.vestibule.seal().await.unwrap(), 2_503);
    let report = world.vestibule.verify_seals().await.unwrap();
    assert_eq!((report.seals, report.events, report.unsealed, report.broken), (3, 2_503, 0, None));
}

async fn who_has_not_the_key_makes_no_seal_that_fits(world: World) {
    world.owner().await;
    world.with_other_key().await.seal().await.unwrap();
    let report = world.vestibule.verify_seals().await.unwrap();
    assert_eq!((report.seals, report.broken), (0, Some(1)));
}

/// The one seal of three events, as the first release made it: SHA-256 over what it covers.
async fn seals_of_older_releases_still_fit(world: World) {
    let owner = world.owner().await;
    world.vestibule.seal().await.unwrap();
    assert_eq!(world.vestibule.verify_seals().await.unwrap().unkeyed, 0);
    let rows =
        "SELECT user_id || '|' || sequence || '|' || number || '|' || organization_id || '|' || at || '|' || kind
                || '|' || actor || '|' || data FROM event ORDER BY number, user_id, sequence";
    let rows = world.db.texts(rows).await;
    let mut hash = Sha256::new();
    for part in std::iter::once("").chain(rows.iter().flat_map(|row| row.split('|'))) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let old = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    world.db.exec(&format!("UPDATE seal SET hash = '{old}'")).await;
    world.invite(&owner, "grace@navy.example").await;
    world.vestibule.seal().await.unwrap();
    let report = world.vestibule.verify_seals().await.unwrap();
    assert_eq!((report.seals, report.unkeyed, report.broken), (2, 1, None));
}

async fn what_was_taken_from_the_end_is_missed(world: World) {
    let owner = world.owner().await;
    world.vestibule.seal().await.unwrap();
    let invited = world.invite(&owner, "grace@navy.example").await;
    world.vestibule.seal().await.unwrap();
    assert_eq!(world.vestibule.verify_seals().await.unwrap().missing, 0);
    world.db.exec("DELETE FROM event WHERE seal_number = 2; DELETE FROM seal WHERE number = 2").await;
    let report = world.vestibule.verify_seals().await.unwrap();
    assert_eq!((report.broken, report.missing), (None, 2));
    assert_eq!(world.db.count(&format!("event WHERE user_id = '{}'", invited.user_id)).await, 0);
}
