//! Histories: numbered without gaps, right whoever writes beside whom.

use futures::future::join_all;
use vestibule_core::code_request::CodeRequest;
use vestibule_core::event::Standing;

use crate::support::{World, address, at_handle, wrong};

both! {
    numbers_have_no_gap_under_concurrent_writers,
    a_standing_is_derived_from_what_the_other_writer_wrote,
    a_page_goes_back_from_a_number,
}

async fn numbers_have_no_gap_under_concurrent_writers(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let drawn = world.send_code(&owner, &grace).await;
    let second = world.second().await;
    let tasks = (0..24).map(|number| {
        let instance = if number % 2 == 0 { world.vestibule.clone() } else { second.clone() };
        let (owner, user_id, email_id) = (owner.clone(), grace.user_id.clone(), grace.email_id.clone());
        let attempt = at_handle(&drawn.challenge_id, wrong(&drawn));
        tokio::spawn(async move {
            match number % 3 {
                0 => drop(
                    instance.add_address(&owner, &user_id, &address(&format!("g{number}@navy.example"))).await.unwrap(),
                ),
                1 => drop(instance.redeem(attempt).await),
                _ => instance.mark_verified(&owner, &user_id, &email_id, "met her", None).await.unwrap(),
            }
        })
    });
    for task in join_all(tasks).await {
        task.unwrap();
    }
    let gaps = format!("SELECT MAX(sequence) - COUNT(*) FROM event WHERE user_id = '{}'", grace.user_id);
    assert_eq!(world.db.number(&gaps).await, 0);
    let view = world.view(&owner, &grace.user_id).await;
    assert_eq!(view.user.sequence, view.history[0].sequence);
    assert_eq!(view.user.standing, Standing::Verified);
    assert_eq!(world.db.count("event WHERE kind = 'email-verified'").await, 1);
    assert_eq!(world.db.count("event WHERE kind = 'email-added'").await, 8);
}

/// A writer that waited for another one must derive the standing from what that one wrote.
async fn a_standing_is_derived_from_what_the_other_writer_wrote(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let mut held = world.db.hold().await;
    held.exec(&format!("UPDATE email SET verified_at = 1, proof = 'admin' WHERE id = '{}'", grace.email_id)).await;
    held.exec(&format!("UPDATE users SET standing = 'verified' WHERE id = '{}'", grace.user_id)).await;
    let (vestibule, admin, person) = (world.vestibule.clone(), owner.clone(), grace.clone());
    let beside = tokio::spawn(async move {
        vestibule.send_code(&admin, &person.user_id, Some(&person.email_id), CodeRequest::default()).await
    });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    held.commit().await;
    // On SQLite it has not begun before, so it sees that there is nothing left to prove.
    let _ = beside.await.unwrap();
    assert_eq!(world.view(&owner, &grace.user_id).await.user.standing, Standing::Verified);
}

async fn a_page_goes_back_from_a_number(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    for number in 0..60 {
        world
            .vestibule
            .add_address(&owner, &grace.user_id, &address(&format!("g{number}@navy.example")))
            .await
            .unwrap();
    }
    let first = world.view(&owner, &grace.user_id).await.history;
    assert_eq!((first.len(), first[0].sequence, first[49].sequence), (50, 63, 14));
    let second = world.vestibule.user(&owner, &grace.user_id, Some(14)).await.unwrap().history;
    assert_eq!((second.len(), second[0].sequence, second[12].sequence), (13, 13, 1));
    assert_eq!(second[12].actor, owner.actor());
}
