//! What opens somebody's account: who is handed it or has it sent, and where it is shown.

use vestibule_core::{actor::Role, env::MINUTE, outbox::Delivery};

use crate::{
    browser::{Browser, encoded},
    support::{World, address, secret_word},
};

const OWNER: &str = "olga@acme.example";
const GRACE: &str = "grace@example.com";

both! {
    it_is_for_who_has_shown_lately_who_they_are,
    a_new_invite_is_for_them_too_and_loses_nothing,
    it_is_shown_in_its_own_tab_with_whose_it_is,
    it_is_not_for_support,
    an_invite_to_a_stronger_role_is_not_for_a_manager,
    a_new_password_is_chosen_by_a_link_that_a_manager_sends,
}

async fn it_is_for_who_has_shown_lately_who_they_are(world: World) {
    let owner = world.owner().await;
    let invited = world.invite(&owner, "ada@example.com").await;
    let person = world.person(&owner, GRACE).await;
    let page = format!("/console/users/{}", person.user_id);
    let (mut console, mut mailing) = (Browser::signed_in(&world, OWNER).await, Browser::with_mail(&world));
    mailing.sign_in(OWNER).await;
    world.env.pass(15 * MINUTE + 1);
    let before = world.db.count("event").await;
    let again = |back: &str| format!("/confirm?back={}", encoded(back));
    let user = [("user", person.user_id.as_str())];
    for action in ["send_passkey_link", "send_password_reset"] {
        for browser in [&mut console, &mut mailing] {
            assert_eq!(browser.post(&format!("/do/{action}"), &user).await.location(), again(&page), "{action}");
        }
    }
    let list = "/console/invites?state=open&before=7";
    let invite = [("invite", invited.id.as_str()), ("user", &invited.user_id), ("back", list)];
    assert_eq!(console.post("/do/resend_invite", &invite).await.location(), again(list));
    let challenge = [("challenge", invited.challenge_id.as_str()), ("back", &page)];
    assert_eq!(console.post("/do/hand_over", &challenge).await.location(), again(&page));
    assert_eq!(world.db.count("event").await, before, "nothing was drawn");

    let drawn = world.send_code(&owner, &person).await;
    // A code only proves an address, and what goes by mail goes to its owner.
    let code = [("challenge", drawn.challenge_id.as_str()), ("back", &page)];
    assert!(console.post("/do/hand_over", &code).await.location().starts_with("/console/hand-over"));
    let sent = mailing.post("/do/resend_invite", &invite).await;
    assert_eq!(sent.location(), format!("{list}&done=invited"));
}

/// An invite replaces the open one of the same person.
async fn a_new_invite_is_for_them_too_and_loses_nothing(world: World) {
    let owner = world.owner().await;
    world.invite(&owner, "ada@example.com").await;
    let (mut console, mut mailing) = (Browser::signed_in(&world, OWNER).await, Browser::with_mail(&world));
    mailing.sign_in(OWNER).await;
    world.env.pass(15 * MINUTE + 1);
    let before = world.db.count("event").await;
    let ada = [("name", "Ada Lovelace"), ("email", "ada@example.com"), ("language", "fr"), ("words", "Bienvenue")];
    let asked = console.post("/do/invite", &ada).await.location().to_owned();
    let page = "/console/invites/new?typed=kept";
    assert_eq!(asked, format!("/confirm?back={}", encoded(page)));
    assert_eq!(world.db.count("event").await, before, "the invite that is out there goes on working");
    let (password, confirmed) = (secret_word(), format!("{page}&done=confirmed"));
    assert_eq!(console.post("/do/confirm", &[("password", &*password), ("back", page)]).await.location(), confirmed);
    let form = console.get(&confirmed).await;
    form.shows("Now do it again.").shows("value=\"Ada Lovelace\"").shows("value=\"ada@example.com\"");
    form.shows("<option value=\"fr\" selected").shows(">Bienvenue</textarea>");
    assert!(console.post("/do/invite", &ada).await.location().starts_with("/console/hand-over?challenge="));
    console.get(page).await.hides("Ada Lovelace");
    // What goes by mail goes to its owner.
    assert!(mailing.post("/do/invite", &ada).await.location().ends_with("?done=invited"));
}

/// One cookie serves all tabs of a browser.
async fn it_is_shown_in_its_own_tab_with_whose_it_is(world: World) {
    let owner = world.owner().await;
    let (ada, grace) = (world.invite(&owner, "ada@example.com").await, world.person(&owner, GRACE).await);
    let drawn = world.send_code(&owner, &grace).await;
    let mut console = Browser::signed_in(&world, OWNER).await;
    let mut hand_over = async |challenge: &str| {
        let form = [("challenge", challenge), ("back", "/console/deliveries")];
        console.post("/do/hand_over", &form).await.location().to_owned()
    };
    let first = hand_over(&ada.challenge_id).await;
    let second = hand_over(&drawn.challenge_id).await;
    console.get(&first).await.shows("There is nothing to show.").hides(&drawn.challenge_id).hides("/verify/");
    console.get("/console/hand-over").await.shows("There is nothing to show.");
    let shown = console.get(&second).await;
    shown.shows("/verify/").shows("Grace Hopper").shows(GRACE);
    shown.shows(&format!("href=\"/console/users/{}\" class=\"button\">Done", grace.user_id));
    console.get(&second).await.shows("There is nothing to show.");
}

async fn it_is_not_for_support(world: World) {
    let owner = world.owner().await;
    let invited = world.invite(&owner, "ada@example.com").await;
    let person = world.person(&owner, GRACE).await;
    let login = "sue@acme.example";
    world.vestibule.create_administrator(&address(login), "Sue", Role::Support, secret_word()).await.unwrap();
    let (mut without, mut with) = (Browser::signed_in(&world, login).await, Browser::with_mail(&world));
    with.sign_in(login).await;
    let page = format!("/console/users/{}", invited.user_id);
    for page in [page.as_str(), "/console/invites"] {
        with.get(page).await.shows("/do/resend_invite").hides("Show link and code");
        without.get(page).await.shows("ada@example.com").hides("/do/resend_invite").hides("Show link and code");
    }
    let before = world.db.count("event").await;
    world.env.pass(2 * MINUTE);
    let form = [("invite", invited.id.as_str())];
    let refused = without.post("/do/resend_invite", &form).await;
    assert_eq!(refused.location(), "/console/invites?problem=forbidden");
    assert_eq!(world.db.count("event").await, before, "the link that is out there goes on working");

    // In the list of mails too: a code is theirs to hand over, an invite is not.
    let lease = world.vestibule.claim_message().await.unwrap().unwrap();
    world.vestibule.draft(&lease).await.unwrap();
    world.vestibule.settle(&lease, Delivery::Failed("550 no".to_owned())).await.unwrap();
    with.get("/console/deliveries").await.shows("550 no").hides("Copy link");
    world
        .vestibule
        .send_code(&owner, &person.user_id, None, vestibule_core::code_request::CodeRequest::default())
        .await
        .unwrap();
    without.get("/console/deliveries").await.shows("Copy link");
}

async fn an_invite_to_a_stronger_role_is_not_for_a_manager(world: World) {
    let owner = world.owner().await;
    let invited = world.invite(&owner, "ada@example.com").await;
    let grace = world.invite(&owner, GRACE).await;
    let login = "max@acme.example";
    world.vestibule.create_administrator(&address(login), "Max", Role::Manager, secret_word()).await.unwrap();
    world.vestibule.grant_role(&owner, &invited.user_id, Some(Role::Owner)).await.unwrap();
    world.env.pass(2 * MINUTE);
    let mut console = Browser::signed_in(&world, login).await;
    let mails = console.get("/console/deliveries").await;
    mails.shows("Copy link grace@example.com").hides("Copy link ada@example.com");
    let before = world.db.dump().await;
    // Nor by saying that it is somebody else's.
    for (user, problem) in [(&invited.user_id, "forbidden"), (&grace.user_id, "not-found")] {
        let form = [("invite", invited.id.as_str()), ("user", user)];
        let refused = console.post("/do/resend_invite", &form).await.location().to_owned();
        assert_eq!(refused, format!("/console/invites?problem={problem}"));
    }
    assert_eq!(world.db.dump().await, before, "the link that is out there goes on working");
    let form = [("invite", grace.id.as_str()), ("user", &grace.user_id)];
    assert!(console.post("/do/resend_invite", &form).await.location().starts_with("/console/hand-over?challenge="));
}

async fn a_new_password_is_chosen_by_a_link_that_a_manager_sends(world: World) {
    let owner = world.owner().await;
    let person = world.person(&owner, GRACE).await;
    let login = "max@acme.example";
    let max = world.vestibule.create_administrator(&address(login), "Max", Role::Manager, secret_word()).await.unwrap();
    let mut console = Browser::signed_in(&world, OWNER).await;
    let page = format!("/console/users/{max}");
    console.get(&format!("/console/users/{}", person.user_id)).await.hides("/do/send_password_reset");
    console.get(&page).await.shows("Send a password reset");
    let handed = console.post("/do/send_password_reset", &[("user", &max)]).await.location().to_owned();
    let shown = console.get(&handed).await;
    shown.shows("http://vestibule.example/reset/").shows(login);
    let link = shown.body.split("vestibule.example").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    let mut person = console.other();
    let opened = person.get(&link).await;
    assert!(opened.location().starts_with("/reset/"), "{}", opened.location());

    world.env.pass(2 * MINUTE);
    let mut mailing = Browser::with_mail(&world);
    mailing.sign_in(OWNER).await;
    let sent = mailing.post("/do/send_password_reset", &[("user", &max)]).await;
    assert_eq!(sent.location(), format!("{page}?done=reset-sent"));
    mailing.get(sent.location()).await.shows("chooses a new password");

    // Whose role is the stronger one is not theirs to let in, or to change in any way.
    let mut manager = Browser::signed_in(&world, login).await;
    let shown = manager.get(&format!("/console/users/{}", owner.user_id())).await;
    shown.shows("Olga Owner");
    for hidden in
        ["send_password_reset", "send_passkey_link", "ask=disable", "add_address", "ask=unverify", "ask=remove"]
    {
        shown.hides(hidden);
    }
}
