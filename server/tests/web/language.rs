//! In which language pages are read: the one that was chosen, else the person's, else what the browser asks for.

use axum::body::Body;
use http::{Request, header};

use crate::{
    browser::{Answer, Browser},
    support::{World, secret_word},
};

const GRACE: &str = "grace@navy.example";

both! {
    a_choice_goes_before_what_the_browser_asks_for_and_leads_back,
    the_pages_of_a_known_person_stay_in_their_language,
    whose_secret_was_shown_is_known_for_a_quarter_of_an_hour,
    the_console_speaks_english,
    a_choice_that_is_none_changes_nothing,
}

async fn in_french(browser: &mut Browser, page: &str) -> Answer {
    let request = Request::get(page).header(header::ACCEPT_LANGUAGE, "fr").body(Body::empty()).unwrap();
    browser.send(request).await
}

async fn a_choice_goes_before_what_the_browser_asks_for_and_leads_back(world: World) {
    let mut browser = Browser::with_mail(&world);
    let page = in_french(&mut browser, "/sign-in?problem=sign-in").await;
    page.shows("lang=\"fr\"").shows("/do/choose_language").shows("value=\"/sign-in?problem=sign-in\"");
    page.shows("aria-current=\"true\" class=\"button quiet small\">Français").shows("Langue: Français");
    let chosen = [("language", "ja"), ("back", "/sign-in?problem=sign-in")];
    assert_eq!(browser.post("/do/choose_language", &chosen).await.location(), "/sign-in?problem=sign-in");
    assert_eq!(browser.cookie("vestibule_language"), Some("ja"));
    in_french(&mut browser, "/sign-in").await.shows("lang=\"ja\"").shows("サインイン");
    in_french(&mut browser, "/nowhere").await.shows("lang=\"ja\"");
    let elsewhere = [("language", "ar"), ("back", "https://evil.example/")];
    assert_eq!(browser.post("/do/choose_language", &elsewhere).await.location(), "/");
    in_french(&mut browser, "/").await.shows("dir=\"rtl\"");
    let mut broken = Browser::form("/do/choose_language", "language=de");
    broken.headers_mut().insert(header::ACCEPT_LANGUAGE, "de".parse().unwrap());
    browser.other().send(broken).await.shows("Das Formular war nicht lesbar").shows("lang=\"de\"");
}

/// Grace's own language is English, and her browser's French.
async fn the_pages_of_a_known_person_stay_in_their_language(world: World) {
    let owner = world.owner().await;
    let (invited, drawn) = world.invite_mailed(&owner, GRACE).await;
    let mut browser = Browser::with_mail(&world);
    in_french(&mut browser, "/welcome").await.shows("lang=\"fr\"");
    browser.get(&format!("/invite/{}", drawn.token.reveal())).await;
    in_french(&mut browser, &format!("/invite/{}", invited.challenge_id)).await.shows("Accept the invite");
    browser.post("/do/accept_invite", &[("challenge", &invited.challenge_id)]).await;
    world.env.pass(16 * vestibule_core::env::MINUTE);
    in_french(&mut browser, "/welcome").await.shows("lang=\"fr\"");
    browser.get(&format!("/invite/{}", drawn.token.reveal())).await;
    browser.post("/do/accept_invite", &[("challenge", &invited.challenge_id)]).await;
    browser.post("/do/set_password", &[("password", &secret_word())]).await;
    for page in ["/welcome/done", "/me", "/confirm", "/verified"] {
        in_french(&mut browser, page).await.shows("lang=\"en\"");
    }
    browser.post("/do/set_own_language", &[("language", "es")]).await;
    in_french(&mut browser, "/me").await.shows("lang=\"es\"");
    browser.post("/do/choose_language", &[("language", "de"), ("back", "/me")]).await;
    in_french(&mut browser, "/me").await.shows("lang=\"de\"").shows("<option value=\"es\" lang=\"es\" selected");
}

/// Somebody else may sit there by then.
async fn whose_secret_was_shown_is_known_for_a_quarter_of_an_hour(world: World) {
    let owner = world.owner().await;
    let person = world.person(&owner, GRACE).await;
    let drawn = world.send_code(&owner, &person).await;
    let mut browser = Browser::with_mail(&world);
    let form = [("email", GRACE), ("code", &*drawn.code.grouped())];
    assert_eq!(browser.post("/do/verify_address", &form).await.location(), "/verified");
    in_french(&mut browser, "/verified").await.shows("lang=\"en\"").shows("It is gr•••@");
    world.env.pass(15 * vestibule_core::env::MINUTE);
    in_french(&mut browser, "/verified").await.shows("lang=\"fr\"").hides("gr•••@");
}

async fn the_console_speaks_english(world: World) {
    world.owner().await;
    let mut browser = Browser::signed_in(&world, "olga@acme.example").await;
    browser.post("/do/choose_language", &[("language", "de"), ("back", "/console")]).await;
    browser.get("/console").await.shows("lang=\"en\"").hides("/do/choose_language");
}

async fn a_choice_that_is_none_changes_nothing(world: World) {
    let mut browser = Browser::new(&world);
    browser.post("/do/choose_language", &[("language", "tlh"), ("back", "/")]).await;
    assert_eq!(browser.cookie("vestibule_language"), None);
}
