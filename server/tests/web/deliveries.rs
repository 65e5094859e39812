//! The list of mails, and what each role finds in the console.

use vestibule_core::{actor::Role, outbox::Delivery};

use crate::{
    browser::Browser,
    support::{World, address, secret_word},
};

const OWNER: &str = "olga@acme.example";

both! {
    search_and_tab_go_along,
    a_link_is_copied_where_no_mail_is_lost_by_it,
    nobody_is_shown_what_their_role_refuses,
    a_button_says_what_it_is_for,
}

async fn search_and_tab_go_along(world: World) {
    let owner = world.owner().await;
    for _ in 0..51 {
        world.vestibule.send_test_mail(&owner, &address("ada+b@example.com")).await.unwrap();
    }
    let mut console = Browser::signed_in(&world, OWNER).await;
    let page = console.get("/console/deliveries?state=waiting&search=ada%2Bb%40example.com").await;
    page.shows("?state=waiting&search=ada%2Bb%40example%2Ecom&before=");
    page.shows("<input type=\"hidden\" name=\"state\" value=\"waiting\"");
    console.get("/console/deliveries").await.hides("name=\"state\"").shows("value=\"/console/deliveries\"");
}

/// A mail that is still to go out would not, once its link is handed over.
async fn a_link_is_copied_where_no_mail_is_lost_by_it(world: World) {
    let owner = world.owner().await;
    world.invite(&owner, "ada@example.com").await;
    let (mut without, mut with) = (Browser::signed_in(&world, OWNER).await, Browser::with_mail(&world));
    with.sign_in(OWNER).await;
    with.get("/console/deliveries").await.shows("Waiting").hides("Copy link");
    without.get("/console/deliveries").await.shows("Waiting").shows("Copy link");
    let lease = world.vestibule.claim_message().await.unwrap().unwrap();
    world.vestibule.draft(&lease).await.unwrap();
    world.vestibule.settle(&lease, Delivery::Failed("550 no".to_owned())).await.unwrap();
    with.get("/console/deliveries").await.shows("550 no").shows("Copy link");
}

async fn nobody_is_shown_what_their_role_refuses(world: World) {
    let owner = world.owner().await;
    world.invite(&owner, "ada@example.com").await;
    for (role, invites, marks) in
        [(Role::Viewer, false, false), (Role::Support, false, true), (Role::Manager, true, true)]
    {
        let login = format!("{role}@acme.example");
        world.vestibule.create_administrator(&address(&login), "Max", role, secret_word()).await.unwrap();
        let mut browser = Browser::signed_in(&world, &login).await;
        for page in ["/console", "/console/users", "/console/invites"] {
            let shown = browser.get(page).await.body.contains("Invite a person");
            assert_eq!(shown, invites, "{role} {page}");
        }
        let form = browser.get("/console/invites/new").await;
        assert_eq!(form.body.contains("/do/invite"), invites, "{role}");
        assert_eq!(form.status == http::StatusCode::FORBIDDEN, !invites, "{role}");
        assert_eq!(browser.get("/console/users").await.body.contains("Mark verified…"), marks, "{role}");
    }
}

/// Among many buttons of one word, each has a name of its own.
async fn a_button_says_what_it_is_for(world: World) {
    let owner = world.owner().await;
    world.invite(&owner, "ada@example.com").await;
    let mut console = Browser::signed_in(&world, OWNER).await;
    console.get("/console/invites").await.shows("aria-label=\"Revoke… ada@example.com\"");
    console.get("/console/deliveries").await.shows("aria-label=\"Cancel ada@example.com\"");
}
