//! A link or a code for one person in the browser of another, and an invite for who can sign in already.

use axum::body::Body;
use http::{Request, header};
use vestibule_core::{
    code_request::CodeRequest,
    env::{HOUR, MINUTE},
    outbox::Drawn,
};

use crate::{
    browser::Browser,
    support::{World, address, secret_word},
};

const OTHER: &str = "You are signed in as somebody else";
const OLGA: &str = "olga@acme.example";
const GRACE: &str = "grace@navy.example";

both! {
    an_invite_in_another_persons_browser_asks_first_and_one_press_goes_on,
    every_kind_of_link_says_whom_it_is_for,
    a_code_redeemed_in_another_persons_browser_waits_for_their_word,
    ones_own_link_asks_nothing,
    a_used_invite_leads_to_signing_in,
    who_set_a_method_meanwhile_signs_in_instead,
}

async fn an_invite_in_another_persons_browser_asks_first_and_one_press_goes_on(world: World) {
    let owner = world.owner().await;
    let (invited, drawn) = world.invite_mailed(&owner, GRACE).await;
    let mut browser = Browser::signed_in(&world, OLGA).await;
    let before = world.db.dump().await;
    let page = browser.get(&format!("/invite/{}", drawn.token.reveal())).await.location().to_owned();
    let asked = browser.get(&page).await;
    asked.shows(OTHER).shows(OLGA).shows("gr•••@navy.example").shows("Stay signed in as");
    assert!(!asked.body.contains(GRACE) && !asked.body.contains("/do/accept_invite"), "{}", asked.body);
    assert_eq!(world.db.dump().await, before, "looking changes nothing");
    let pressed_all_the_same = browser.post("/do/accept_invite", &[("challenge", &invited.challenge_id)]).await;
    assert_eq!(pressed_all_the_same.location(), page);
    browser.get("/me").await.shows("Olga Owner");

    let old = browser.cookie("vestibule").unwrap().to_owned();
    assert_eq!(browser.post("/do/switch_account", &[("back", &page)]).await.location(), page);
    browser.get(&page).await.shows("Accept the invite");
    assert_eq!(browser.get("/me").await.location(), "/sign-in");
    let kept = Request::get("/me").header(header::COOKIE, format!("vestibule={old}")).body(Body::empty()).unwrap();
    assert_eq!(browser.other().send(kept).await.location(), "/sign-in", "the other session is over everywhere");
    let accepted = browser.post("/do/accept_invite", &[("challenge", &invited.challenge_id)]).await;
    assert_eq!(accepted.location(), "/welcome", "the link has come along");
    assert_eq!(browser.post("/do/set_password", &[("password", &secret_word())]).await.location(), "/welcome/done");
    browser.get("/me").await.shows("Grace Hopper");
}

async fn every_kind_of_link_says_whom_it_is_for(world: World) {
    let owner = world.owner().await;
    let person = world.person(&owner, GRACE).await;
    let vestibule = &world.vestibule;
    let mut links: Vec<(&str, Drawn, &str)> = vec![("verify", world.send_code(&owner, &person).await, "/do/verify")];
    world.env.pass(5 * MINUTE);
    let reset = vestibule.request_password_reset(&owner, &person.user_id, CodeRequest::default()).await.unwrap();
    links.push(("reset", world.mailed(&reset.challenge_id).await, "/do/reset_password_by_link"));
    world.env.pass(5 * MINUTE);
    let passkey = vestibule.request_passkey_link(&owner, &person.user_id, CodeRequest::default()).await.unwrap();
    links.push(("passkey", world.mailed(&passkey.challenge_id).await, "/do/redeem_passkey"));
    for (kind, drawn, action) in links {
        let mut browser = Browser::signed_in(&world, OLGA).await;
        let page = browser.get(&format!("/{kind}/{}", drawn.token.reveal())).await.location().to_owned();
        browser.get(&page).await.shows(OTHER).shows(OLGA).shows("gr•••@navy.example");
        assert_eq!(browser.post("/do/switch_account", &[("back", &page)]).await.location(), page);
        browser.get(&page).await.shows(&format!("action=\"{action}\""));
    }
    let mut browser = Browser::signed_in(&world, OLGA).await;
    let elsewhere = browser.post("/do/switch_account", &[("back", "https://evil.example/")]).await;
    assert_eq!(elsewhere.location(), "/");
}

async fn a_code_redeemed_in_another_persons_browser_waits_for_their_word(world: World) {
    let owner = world.owner().await;
    let (_, drawn) = world.invite_mailed(&owner, GRACE).await;
    let mut browser = Browser::signed_in(&world, OLGA).await;
    let code = drawn.code.grouped();
    let redeemed = browser.post("/do/verify_address", &[("email", GRACE), ("code", &code)]).await;
    assert_eq!(redeemed.location(), "/welcome");
    browser.get("/welcome").await.shows(OTHER).shows(OLGA).shows("gr•••@navy.example");
    browser.get("/me").await.shows("Olga Owner");
    let too_early = browser.post("/do/set_password", &[("password", &secret_word())]).await;
    assert_eq!(too_early.location(), "/welcome?problem=setup-over");

    assert_eq!(browser.post("/do/switch_account", &[("back", "/welcome")]).await.location(), "/welcome");
    browser.get("/welcome").await.shows("Welcome, Grace Hopper");
    assert_eq!(browser.get("/me").await.location(), "/sign-in");

    // Who goes on with something else does not take the offer along, and an old one is none.
    let mut other = Browser::signed_in(&world, OLGA).await;
    other.post("/do/verify_address", &[("email", GRACE), ("code", &code)]).await;
    other.post("/do/switch_account", &[("back", "/invite/x")]).await;
    other.get("/welcome").await.shows("That took a little long");
    let mut late = Browser::signed_in(&world, OLGA).await;
    late.post("/do/verify_address", &[("email", GRACE), ("code", &code)]).await;
    world.env.pass(HOUR);
    late.get("/welcome").await.shows("That took a little long");
}

async fn ones_own_link_asks_nothing(world: World) {
    let owner = world.owner().await;
    world.prove_own(&owner).await;
    world.vestibule.forgot_password(&address(OLGA), None).await.unwrap();
    let drawn = world.deliver().await.into_iter().find_map(|letter| letter.secret).unwrap();
    let mut browser = Browser::signed_in(&world, OLGA).await;
    let page = browser.get(&format!("/reset/{}", drawn.token.reveal())).await.location().to_owned();
    browser.get(&page).await.shows("/do/reset_password_by_link");
}

async fn a_used_invite_leads_to_signing_in(world: World) {
    let owner = world.owner().await;
    let (invited, drawn) = world.invite_mailed(&owner, GRACE).await;
    let link = format!("/invite/{}", drawn.token.reveal());
    let page = format!("/invite/{}", invited.challenge_id);
    let mut first = Browser::new(&world);
    first.get(&link).await;
    first.post("/do/accept_invite", &[("challenge", &invited.challenge_id)]).await;
    first.post("/do/set_password", &[("password", &secret_word())]).await;
    first.get(&link).await;
    first.get(&page).await.shows("This invite has been used").shows("Go to your account");

    let mut later = first.other();
    later.get(&link).await;
    let used = later.get(&page).await;
    used.shows("This invite has been used").shows("href=\"/forgot\"");
    assert!(!used.body.contains(GRACE), "the page itself tells no address");
    assert_eq!(later.post("/do/sign_in_instead", &[]).await.location(), "/sign-in");
    later.get("/sign-in").await.shows(&format!("value=\"{GRACE}\""));

    let mut handle_alone = first.other();
    handle_alone.get(&page).await.shows("This invite has been used");
    assert_eq!(handle_alone.post("/do/sign_in_instead", &[]).await.location(), "/sign-in");
    assert!(!handle_alone.get("/sign-in").await.body.contains(GRACE), "who has no secret learns no address");
}

async fn who_set_a_method_meanwhile_signs_in_instead(world: World) {
    let owner = world.owner().await;
    let (invited, drawn) = world.invite_mailed(&owner, GRACE).await;
    let (mut one, mut two) = (Browser::new(&world), Browser::new(&world));
    for browser in [&mut one, &mut two] {
        browser.get(&format!("/invite/{}", drawn.token.reveal())).await;
        let accepted = browser.post("/do/accept_invite", &[("challenge", &invited.challenge_id)]).await;
        assert_eq!(accepted.location(), "/welcome");
    }
    one.post("/do/set_password", &[("password", &secret_word())]).await;
    let late = two.post("/do/set_password", &[("password", &secret_word())]).await;
    assert_eq!(late.location(), "/welcome?problem=has-method");
    let ready = two.get(late.location()).await;
    ready.shows("You can sign in already").shows("/do/sign_in_instead").shows("href=\"/forgot\"");
    assert!(!ready.body.contains("/do/set_password"), "no dead end");
    two.post("/do/sign_in_instead", &[]).await;
    two.get("/sign-in").await.shows(&format!("value=\"{GRACE}\""));
    let form = [("username", GRACE), ("password", &secret_word())];
    assert_eq!(two.post("/do/sign_in", &form).await.location(), "/me");
}
