//! Who signs in with a password that must not last: until they have chosen another one they are nobody.

use axum::body::Body;
use http::{Request, StatusCode, header};
use vestibule_core::{
    actor::{Admin, Role},
    authorization::NewApp,
    env::MINUTE,
    organization::Policy,
    password::NewPassword,
};

use crate::{
    browser::{Browser, encoded},
    halfway::{by_passkey, prove, script, with_passkey},
    support::{World, address, secret_word},
};

const LOGIN: &str = "ada@acme.example";
const GIVEN: &str = "tall ships sail";
const CHOSEN: &str = "nine quiet rivers run";
const CHOOSE: &str = "/sign-in/password";
const CALLBACK: &str = "https://shop.example/callback";

both! {
    nothing_opens_before_another_password_is_chosen,
    an_administrator_goes_on_to_the_page_that_they_opened,
    the_app_that_waits_gets_its_code_afterwards,
    what_cannot_be_chosen_is_said_beside_the_field,
    it_ends_after_a_quarter_of_an_hour,
    a_form_that_is_sent_again_changes_nothing,
    what_was_done_meanwhile_counts,
    the_passkey_comes_first_and_is_no_way_round,
    a_passkey_alone_asks_for_no_password,
    it_speaks_every_language,
}

async fn nothing_opens_before_another_password_is_chosen(world: World) {
    let (owner, id) = ada(&world, None).await;
    let mut before = Browser::new(&world);
    assert_eq!(sign_in(&mut before, GIVEN).await, "/me");
    give(&world, &owner, &id, GIVEN, true).await;
    assert_eq!(before.get("/me").await.status, StatusCode::OK, "it is the next sign-in that asks");

    let mut browser = before.other();
    assert_eq!(sign_in(&mut browser, GIVEN).await, CHOOSE);
    for page in ["/me", "/console", "/console/users", "/confirm?back=%2Fme"] {
        assert_eq!(browser.get(page).await.location(), CHOOSE, "{page}");
    }
    let rows = world.db.dump().await;
    for action in ["set_own_language", "confirm", "end_other_sessions", "set_own_password", "remove_own_password"] {
        let fields = [("language", "de"), ("password", CHOSEN), ("old", GIVEN), ("back", "")];
        let answer = browser.post(&format!("/do/{action}"), &fields).await;
        assert!(answer.location().ends_with("problem=forbidden"), "{action}: {}", answer.location());
    }
    for action in ["begin_passkey", "begin_passkey_proof"] {
        assert_eq!(script(&mut browser, action, "").await["ceremony"], "", "{action}");
    }
    assert_eq!(world.db.dump().await, rows);

    let page = browser.get(CHOOSE).await;
    page.shows("Choose a new password").shows("action=\"/do/choose_password\"").shows("<span>Acme</span>");
    let cookie = browser.cookie("vestibule").map(str::to_owned);
    assert_eq!(choose(&mut browser, CHOSEN).await, "/me");
    assert_ne!(browser.cookie("vestibule").map(str::to_owned), cookie, "a session of its own");
    assert_eq!(browser.get("/me").await.status, StatusCode::OK);
    assert_eq!(before.get("/me").await.location(), "/sign-in", "the others have ended");
    assert_eq!(sign_in(&mut before, GIVEN).await, "/sign-in?problem=sign-in");
    assert_eq!(sign_in(&mut before, CHOSEN).await, "/me");
}

async fn an_administrator_goes_on_to_the_page_that_they_opened(world: World) {
    let (owner, id) = ada(&world, Some(Role::Viewer)).await;
    give(&world, &owner, &id, GIVEN, true).await;
    let mut browser = Browser::new(&world);
    browser.get("/console/users?state=verified").await;
    assert_eq!(sign_in(&mut browser, GIVEN).await, CHOOSE);
    assert_eq!(choose(&mut browser, CHOSEN).await, "/console/users?state=verified");
    assert_eq!(browser.get("/console/users").await.status, StatusCode::OK);
    assert_eq!(sign_in(&mut browser.other(), CHOSEN).await, "/console");
}

async fn the_app_that_waits_gets_its_code_afterwards(world: World) {
    let (owner, id) = ada(&world, None).await;
    give(&world, &owner, &id, GIVEN, true).await;
    let redirect_uris = vec![CALLBACK.to_owned()];
    let new = NewApp { name: "Shop".to_owned(), redirect_uris, first_party: true, ..NewApp::default() };
    let app = world.vestibule.create_app(&owner, new).await.unwrap();
    let request = format!(
        "/oauth/v2/authorize?client_id={}&redirect_uri={}&response_type=code&scope=openid&state=s\
         &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256",
        app.id,
        encoded(CALLBACK)
    );
    let mut browser = Browser::new(&world);
    assert_eq!(browser.get(&request).await.location(), "/sign-in");
    assert_eq!(sign_in(&mut browser, GIVEN).await, CHOOSE);
    // Asking once more helps nobody around it; and who is to sign in without a page is told that they must.
    let silent = browser.get(&format!("{request}&prompt=none")).await;
    assert!(silent.location().starts_with(CALLBACK) && silent.location().contains("login_required"));
    assert_eq!(browser.get(&request).await.location(), CHOOSE, "in another tab, on with what is left to do");
    let onward = choose(&mut browser, CHOSEN).await;
    assert!(onward.starts_with("/oauth/v2/authorize/"), "{onward}");
    browser.get(&onward).await.shows(&format!("href=\"{CALLBACK}?code="));
}

async fn what_cannot_be_chosen_is_said_beside_the_field(world: World) {
    let (owner, id) = ada(&world, None).await;
    give(&world, &owner, &id, GIVEN, true).await;
    let mut browser = Browser::new(&world);
    sign_in(&mut browser, GIVEN).await;
    for (password, says) in
        [(GIVEN, "That is the password that you have already."), ("short", "12"), ("Ada Lovelace", "name")]
    {
        let refused = choose(&mut browser, password).await;
        assert!(refused.starts_with("/sign-in/password?problem="), "{refused}");
        browser.get(&refused).await.shows("aria-invalid=\"true\"").shows(says);
    }
    assert_eq!(browser.get("/me").await.location(), CHOOSE);
    assert_eq!(choose(&mut browser, CHOSEN).await, "/me");
}

async fn it_ends_after_a_quarter_of_an_hour(world: World) {
    let (owner, id) = ada(&world, None).await;
    give(&world, &owner, &id, GIVEN, true).await;
    let mut browser = Browser::new(&world);
    sign_in(&mut browser, GIVEN).await;
    world.env.pass(15 * MINUTE + 1);
    is_over(&mut browser).await;
    assert_eq!(sign_in(&mut browser, GIVEN).await, CHOOSE);
    assert_eq!(choose(&mut browser, CHOSEN).await, "/me");
}

async fn a_form_that_is_sent_again_changes_nothing(world: World) {
    let (owner, id) = ada(&world, None).await;
    give(&world, &owner, &id, GIVEN, true).await;
    let (mut browser, mut elsewhere) = (Browser::new(&world), Browser::new(&world));
    for browser in [&mut browser, &mut elsewhere] {
        assert_eq!(sign_in(browser, GIVEN).await, CHOOSE);
    }
    assert_eq!(choose(&mut browser, CHOSEN).await, "/me");
    let hash = world.db.texts("SELECT hash FROM password ORDER BY user_id").await;
    assert_eq!(choose(&mut browser, "another one, please").await, "/sign-in/password?problem=forbidden");
    let told = browser.get("/sign-in/password?problem=forbidden").await.location().to_owned();
    assert_eq!(told, "/me?problem=forbidden");
    browser.get(&told).await.shows("That was not possible.");
    assert_eq!(browser.get(CHOOSE).await.location(), "/me");
    choose(&mut elsewhere, "another one, please").await;
    assert_eq!(elsewhere.get("/me").await.location(), "/sign-in");
    assert_eq!(choose(&mut browser.other(), "another one, please").await, "/sign-in/password?problem=forbidden");
    assert_eq!(browser.other().get(CHOOSE).await.location(), "/sign-in");
    assert_eq!(world.db.texts("SELECT hash FROM password ORDER BY user_id").await, hash);
}

async fn what_was_done_meanwhile_counts(world: World) {
    let (owner, id) = ada(&world, None).await;
    give(&world, &owner, &id, GIVEN, true).await;
    let mut browser = Browser::new(&world);
    sign_in(&mut browser, GIVEN).await;
    // Neither a password that lasts nor one that does not lets somebody in who has shown another one.
    for (set, lasts) in [("six grey owls hoot", true), ("five brown bears nap", false)] {
        give(&world, &owner, &id, set, !lasts).await;
        is_over(&mut browser).await;
    }
    sign_in(&mut browser, "five brown bears nap").await;
    world.vestibule.force_password_change(&owner, &id, false).await.unwrap();
    is_over(&mut browser).await;
    world.vestibule.force_password_change(&owner, &id, true).await.unwrap();
    sign_in(&mut browser, "five brown bears nap").await;
    world.vestibule.disable(&owner, &id).await.unwrap();
    assert_eq!(choose(&mut browser, CHOSEN).await, "/sign-in/password?problem=forbidden");
    for page in [CHOOSE, "/me"] {
        assert_eq!(browser.get(page).await.location(), "/sign-in", "{page}");
    }
}

async fn the_passkey_comes_first_and_is_no_way_round(world: World) {
    let (owner, id) = ada(&world, Some(Role::Viewer)).await;
    let admin = world.vestibule.visitor(&id).await.unwrap().unwrap().admin.unwrap();
    let mut device = with_passkey(&world, &admin).await;
    let rule = Policy { admin_passkey: true, ..Policy::default() };
    world.vestibule.set_policy(&world.organization, &rule).await.unwrap();
    give(&world, &owner, &id, GIVEN, true).await;
    let mut browser = Browser::new(&world);
    assert_eq!(sign_in(&mut browser, GIVEN).await, "/sign-in/passkey");
    assert_eq!(browser.get(CHOOSE).await.location(), "/sign-in/passkey");
    assert_eq!(choose(&mut browser, CHOSEN).await, "/sign-in/password?problem=forbidden");
    assert_eq!(prove(&mut browser, &mut device, "").await, CHOOSE);
    assert_eq!(browser.get("/console").await.location(), CHOOSE);
    assert_eq!(choose(&mut browser, CHOSEN).await, "/console");
    assert_eq!(browser.get("/console").await.status, StatusCode::OK);
}

async fn a_passkey_alone_asks_for_no_password(world: World) {
    let (owner, id) = ada(&world, Some(Role::Viewer)).await;
    let admin = world.vestibule.visitor(&id).await.unwrap().unwrap().admin.unwrap();
    let mut device = with_passkey(&world, &admin).await;
    give(&world, &owner, &id, GIVEN, true).await;
    let mut browser = Browser::new(&world);
    assert_eq!(sign_in(&mut browser, GIVEN).await, CHOOSE);
    // The same browser, once more and by another way.
    assert_eq!(by_passkey(&mut browser, &mut device).await, "/console");
    assert_eq!(browser.get("/console").await.status, StatusCode::OK);
    assert_eq!(sign_in(&mut browser, GIVEN).await, CHOOSE);
    assert_eq!(browser.get("/console").await.location(), CHOOSE);
}

async fn it_speaks_every_language(world: World) {
    let (owner, id) = ada(&world, None).await;
    give(&world, &owner, &id, GIVEN, true).await;
    let mut browser = Browser::new(&world);
    sign_in(&mut browser, GIVEN).await;
    for (language, says) in [
        ("en", "Choose another one now"),
        ("de", "Wählen Sie jetzt ein anderes"),
        ("fr", "Choisissez-en un autre maintenant"),
        ("es", "Elija otra ahora"),
        ("ja", "新しいパスワードを設定すると"),
        ("ar", "اختر الآن كلمة أخرى"),
    ] {
        let person = world.vestibule.visitor(&id).await.unwrap().unwrap().person();
        world.vestibule.set_own_language(&person, language.parse().unwrap()).await.unwrap();
        let request = Request::get(CHOOSE).header(header::ACCEPT_LANGUAGE, language).body(Body::empty()).unwrap();
        browser.send(request).await.shows(says).shows(&format!("lang=\"{language}\""));
    }
}

/// Nothing opens any more, and signing in once more is the way on.
async fn is_over(browser: &mut Browser) {
    assert_eq!(choose(browser, CHOSEN).await, "/sign-in/password?problem=forbidden");
    let told = browser.get("/sign-in/password?problem=forbidden").await.location().to_owned();
    assert_eq!(told, "/sign-in?problem=choosing-over");
    browser.get(&told).await.shows("Please sign in once more");
    assert_eq!(browser.get("/me").await.location(), "/sign-in");
}

async fn sign_in(browser: &mut Browser, password: &str) -> String {
    browser.post("/do/sign_in", &[("username", LOGIN), ("password", password)]).await.location().to_owned()
}

async fn choose(browser: &mut Browser, password: &str) -> String {
    browser.post("/do/choose_password", &[("password", password)]).await.location().to_owned()
}

/// Ada with a password that lasts, and an owner.
async fn ada(world: &World, role: Option<Role>) -> (Admin, String) {
    let owner = world.owner().await;
    let (login, role_for_now) = (address(LOGIN), Role::Viewer);
    let id = world.vestibule.create_administrator(&login, "Ada Lovelace", role_for_now, secret_word()).await.unwrap();
    if role != Some(role_for_now) {
        world.vestibule.grant_role(&owner, &id, role).await.unwrap();
    }
    give(world, &owner, &id, GIVEN, false).await;
    (owner, id)
}

async fn give(world: &World, owner: &Admin, id: &str, password: &str, must_change: bool) {
    let new = NewPassword::Clear { password: password.to_owned(), must_change, check: true };
    world.vestibule.set_password(owner, id, new, false).await.unwrap();
}
