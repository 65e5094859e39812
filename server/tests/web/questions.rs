//! What is asked before it is done, where an action leads back to, and what the page of a user says.

use vestibule_core::{actor::Role, outbox::Delivery};

use crate::{
    browser::{Browser, encoded},
    support::{World, address, secret_word},
};

const OWNER: &str = "olga@acme.example";
const GRACE: &str = "grace@example.com";

both! {
    nobody_is_disabled_by_one_press,
    no_invite_is_taken_back_by_one_press,
    a_list_keeps_its_place,
    who_was_locked_is_seen_and_unlocked,
    a_history_says_what_a_role_became,
}

async fn nobody_is_disabled_by_one_press(world: World) {
    let owner = world.owner().await;
    let person = world.person(&owner, GRACE).await;
    let page = format!("/console/users/{}", person.user_id);
    let mut console = Browser::signed_in(&world, OWNER).await;
    console.get(&page).await.shows("?ask=disable").hides("/do/disable");
    let asked = console.get(&format!("{page}?ask=disable")).await;
    asked.shows("<dialog").shows("Disable Grace Hopper?").shows("/do/disable");
    let done = console.post("/do/disable", &[("user", &person.user_id)]).await;
    assert_eq!(done.location(), format!("{page}?done=disabled"));
    console.get(&format!("{page}?ask=disable")).await.hides("<dialog").shows("/do/enable");
    let own = format!("/console/users/{}?ask=disable", owner.user_id());
    console.get(&own).await.hides("<dialog").hides("Disable…");
}

async fn no_invite_is_taken_back_by_one_press(world: World) {
    let owner = world.owner().await;
    let (invited, other) = (world.invite(&owner, "ada@example.com").await, world.invite(&owner, GRACE).await);
    let mut console = Browser::signed_in(&world, OWNER).await;
    let page = format!("/console/users/{}", invited.user_id);
    for (back, asks) in [
        (page.clone(), format!("{page}?ask=revoke")),
        (
            "/console/invites?state=open".to_owned(),
            format!("/console/invites?state=open&ask=revoke&invite={}", other.id),
        ),
    ] {
        console.get(&back).await.shows(&asks).hides("/do/revoke_invite");
        let asked = console.get(&asks).await;
        asked.shows("<dialog").shows("/do/revoke_invite").shows(&format!("name=\"back\" value=\"{back}\""));
        let id = if back == page { &invited.id } else { &other.id };
        let done = console.post("/do/revoke_invite", &[("invite", id), ("back", &back)]).await.location().to_owned();
        assert!(done.starts_with(&back) && done.ends_with("done=revoked"), "{done}");
        console.get(&done).await.shows("The invite is taken back.");
        console.get(&asks).await.hides("<dialog");
    }
    // Back to one of our own pages, whatever the form says.
    let form = [("invite", invited.id.as_str()), ("back", "https://evil.example")];
    assert_eq!(console.post("/do/revoke_invite", &form).await.location(), "/console/invites?problem=revoked");
}

async fn a_list_keeps_its_place(world: World) {
    let owner = world.owner().await;
    world.invite(&owner, "ada+b@example.com").await;
    let lease = world.vestibule.claim_message().await.unwrap().unwrap();
    world.vestibule.draft(&lease).await.unwrap();
    world.vestibule.settle(&lease, Delivery::Failed("550 no".to_owned())).await.unwrap();
    let mut console = Browser::with_mail(&world);
    console.sign_in(OWNER).await;
    let here = format!("/console/deliveries?state=failed&search={}&before={}", encoded("ada+b@example.com"), i64::MAX);
    let page = console.get(&here).await;
    page.shows(&format!("name=\"back\" value=\"{here}\""));
    let message = page.body.split("name=\"message\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let done = console.post("/do/retry_message", &[("message", message), ("back", &here)]).await.location().to_owned();
    assert_eq!(done, format!("{here}&done=retried"));
    let cancelled = console.post("/do/cancel_message", &[("message", message), ("back", &here)]).await;
    assert_eq!(cancelled.location(), format!("{here}&done=cancelled"));
    let late = console.post("/do/cancel_message", &[("message", message)]).await;
    assert_eq!(late.location(), "/console/deliveries?problem=stale");
}

async fn who_was_locked_is_seen_and_unlocked(world: World) {
    let owner = world.owner().await;
    let person = world.person(&owner, GRACE).await;
    let page = format!("/console/users/{}", person.user_id);
    let mut console = Browser::signed_in(&world, OWNER).await;
    console.get(&page).await.hides(">Locked<").hides("/do/unlock");
    world.vestibule.lock_user(&owner, &person.user_id).await.unwrap();
    console.get(&page).await.shows(">Locked</span>").shows("/do/unlock");
    let login = "sue@acme.example";
    world.vestibule.create_administrator(&address(login), "Sue", Role::Support, secret_word()).await.unwrap();
    let mut support = Browser::signed_in(&world, login).await;
    support.get(&page).await.shows(">Locked</span>").hides("/do/unlock");
    let form = [("user", person.user_id.as_str())];
    assert_eq!(support.post("/do/unlock", &form).await.location(), format!("{page}?problem=forbidden"));
    let done = console.post("/do/unlock", &form).await.location().to_owned();
    assert_eq!(done, format!("{page}?done=unlocked"));
    console.get(&done).await.shows("The user is unlocked").hides(">Locked</span>");
}

async fn a_history_says_what_a_role_became(world: World) {
    let owner = world.owner().await;
    let person = world.person(&owner, GRACE).await;
    let page = format!("/console/users/{}", person.user_id);
    let mut console = Browser::signed_in(&world, OWNER).await;
    for (role, line) in [("manager", "Role changed to manager"), ("", "Role taken away")] {
        let form = [("user", person.user_id.as_str()), ("role", role)];
        assert_eq!(console.post("/do/grant_role", &form).await.location(), format!("{page}?done=role"));
        let shown = console.get(&page).await;
        shown.shows(line).hides("Role granted").hides("“none”");
        let unchanged = console.post("/do/grant_role", &form).await.location().to_owned();
        assert_eq!(unchanged, format!("{page}?role={role}&problem=unchanged"));
        console
            .get(&unchanged)
            .await
            .shows("Nothing was changed: that is their role already.")
            .hides("Somebody was quicker");
    }
    // The exact time stands there for who cannot point at the other.
    let shown = console.get(&page).await;
    let exact = shown.body.split("<time datetime=\"").nth(1).and_then(|time| time.split(['"', '>']).nth(2)).unwrap();
    shown.shows(&format!(" · {exact}</small>"));
}
