//! The console: who may, and what it shows.

use http::StatusCode;
use vestibule_core::actor::Role;

use crate::{
    browser::{Browser, PUBLIC_URL},
    support::{World, address, secret_word},
};

const OWNER: &str = "olga@acme.example";

both! {
    an_administrator_marks_an_address_verified,
    link_and_code_are_handed_over_once,
    a_refused_invite_keeps_what_was_typed,
    the_console_is_for_administrators,
    sessions_begin_and_end,
    the_list_searches,
}

/// Mark verified with a reason: codes die, the history names who, when and why.
async fn an_administrator_marks_an_address_verified(world: World) {
    let owner = world.owner().await;
    let person = world.person(&owner, "grace@example.com").await;
    let drawn = world.send_code(&owner, &person).await;
    let mut console = Browser::signed_in(&world, OWNER).await;
    let page = format!("/console/users/{}", person.user_id);
    console
        .get(&format!("{page}?ask=verify&email={}", person.email_id))
        .await
        .shows("Mark grace@example.com as verified?");
    let form = [
        ("user", person.user_id.as_str()),
        ("email", &person.email_id),
        ("reason", "Confirmed by phone, <ticket> 4812"),
    ];
    let done = console.post("/do/mark_verified", &form).await;
    assert_eq!(done.location(), format!("{page}?done=verified"));
    let shown = console.get(done.location()).await;
    shown.shows("Marked verified").shows("by Olga Owner").shows("Confirmed by phone, &lt;ticket&gt; 4812");
    let code = drawn.code.grouped();
    let late = console.other().post("/do/verify", &[("challenge", &drawn.challenge_id), ("code", &code)]).await;
    assert_eq!(late.location(), format!("/verify/{}?problem=already-verified", drawn.challenge_id));

    let without = [("user", person.user_id.as_str()), ("email", &person.email_id), ("reason", " ")];
    let question = format!("{page}?ask=unverify&email={}&typed=kept", person.email_id);
    assert_eq!(console.post("/do/unverify", &without).await.location(), format!("{question}&problem=text"));
    assert_eq!(console.post("/do/unverify", &form).await.location(), format!("{page}?done=unverified"));
    assert!(!world.is_verified(&owner, &person).await);
}

/// Without SMTP the link and code are shown once, and the link is built from the public URL.
async fn link_and_code_are_handed_over_once(world: World) {
    world.owner().await;
    let mut console = Browser::signed_in(&world, OWNER).await;
    let form = [
        ("name", "Grace Hopper"),
        ("email", "grace@example.com"),
        ("language", "de"),
        ("words", "Hallo"),
        ("days", "7"),
    ];
    let page = console.post("/do/invite", &form).await.location().to_owned();
    assert!(page.starts_with("/console/hand-over?challenge="), "{page}");
    let shown = console.get(&page).await;
    shown.shows(&format!("{PUBLIC_URL}/invite/"));
    assert_eq!(shown.headers["cache-control"], "no-store");
    assert_eq!(shown.headers["referrer-policy"], "no-referrer");
    console.get(&page).await.shows("There is nothing to show");
}

/// What was typed into the invite form survives a refusal, which names the field and the reason.
async fn a_refused_invite_keeps_what_was_typed(world: World) {
    world.owner().await;
    let mut console = Browser::signed_in(&world, OWNER).await;
    let form = [
        ("name", "Grace Hopper"),
        ("email", "grace@@example.com"),
        ("language", "fr"),
        ("words", "Salut"),
        ("days", "3"),
    ];
    let refused = console.post("/do/invite", &form).await;
    assert_eq!(refused.location(), "/console/invites/new?problem=address&why=two-ats");
    console
        .get(refused.location())
        .await
        .shows("Grace Hopper")
        .shows("grace@@example.com")
        .shows("Salut")
        .shows("two @ signs");
}

/// Nobody but an administrator gets into the console, and nobody acts beyond their role.
async fn the_console_is_for_administrators(world: World) {
    let owner = world.owner().await;
    let person = world.person(&owner, "grace@example.com").await;
    let form = [("user", person.user_id.as_str()), ("email", &person.email_id), ("reason", "because")];
    let mut nobody = Browser::new(&world);
    for page in [
        "/console",
        "/console/users",
        "/console/invites",
        "/console/invites/new",
        "/console/deliveries",
        "/console/hand-over",
    ] {
        let answer = nobody.get(page).await;
        assert_eq!(answer.location(), "/sign-in", "{page}");
    }
    let page = format!("/console/users/{}", person.user_id);
    assert_eq!(nobody.get(&page).await.location(), "/sign-in");
    let refused = |answer: &crate::browser::Answer| {
        let to = answer.location();
        to.starts_with(&format!("{page}?")) && to.ends_with("problem=forbidden")
    };
    assert!(refused(&nobody.post("/do/mark_verified", &form).await));
    world
        .vestibule
        .create_administrator(&address("vera@acme.example"), "Vera", Role::Viewer, secret_word())
        .await
        .unwrap();
    let mut viewer = Browser::signed_in(&world, "vera@acme.example").await;
    assert_eq!(viewer.get(&page).await.status, StatusCode::OK);
    for action in ["mark_verified", "unverify", "disable", "send_code", "make_primary", "remove_address"] {
        let answer = viewer.post(&format!("/do/{action}"), &form).await;
        assert!(refused(&answer), "{action}: {}", answer.location());
    }
    assert!(!world.is_verified(&owner, &person).await);
}

/// The session's id changes at sign-in, and a signed-out session is dead.
async fn sessions_begin_and_end(world: World) {
    world.owner().await;
    let mut browser = Browser::new(&world);
    browser.post("/do/verify_address", &[("email", "a@b.example"), ("code", "BBBB-BBBB")]).await;
    let before = browser.cookie("vestibule").unwrap().to_owned();
    let form = [("username", OWNER), ("password", &secret_word())];
    assert_eq!(browser.post("/do/sign_in", &form).await.location(), "/console");
    let after = browser.cookie("vestibule").unwrap().to_owned();
    assert_ne!(before, after);
    assert_eq!(browser.post("/do/sign_out", &[]).await.location(), "/sign-in?done=signed-out");
    let request = http::Request::get("/console").header("cookie", format!("vestibule={after}"));
    let answer = browser.other().send(request.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(answer.location(), "/sign-in");
}

/// The list finds by name and address, and shows text as text.
async fn the_list_searches(world: World) {
    let owner = world.owner().await;
    world.invite(&owner, "grace@example.com").await;
    let mut console = Browser::signed_in(&world, OWNER).await;
    console.get("/console/users?search=GRACE%40ex").await.shows("grace@example.com");
    console.get("/console/users?search=%3Cscript%3E").await.shows("holds that");
    console.get("/console/users?state=invited").await.shows("grace@example.com");
    console.get("/console/users?below=nonsense&state=nonsense").await.shows("grace@example.com");
}
