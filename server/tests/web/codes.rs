//! The code page and the page of a challenge.

use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode};
use tokio::time::timeout;
use vestibule_api::Stop;
use vestibule_core::env::MINUTE;

use crate::{browser::Browser, support::World};

both! {
    a_sloppy_code_verifies,
    a_stranger_learns_nothing_on_the_code_page,
    a_new_code_replaces_the_old_one,
    a_page_that_waits_is_let_go_when_the_process_is_to_end,
    an_expired_code_offers_a_new_one,
    pages_speak_the_readers_language,
    what_cannot_be_a_code_costs_no_try_on_any_page,
}

/// A code for an address, typed as people type.
async fn a_sloppy_code_verifies(world: World) {
    let owner = world.owner().await;
    let person = world.person(&owner, "grace@example.com").await;
    let drawn = world.send_code(&owner, &person).await;
    let sloppy = format!(" {} ", drawn.code.grouped().to_lowercase().replace('-', " "));
    let mut browser = Browser::new(&world);
    let form = [("email", "Grace@Example.com"), ("code", sloppy.as_str())];
    assert_eq!(browser.post("/do/verify_address", &form).await.location(), "/verified");
    browser.get("/verified").await.shows("Your email address is verified").shows("It is gr•••@");
    assert!(world.is_verified(&owner, &person).await);
    // The same once more: the holder is told the truth.
    assert_eq!(browser.post("/do/verify_address", &form).await.location(), "/?problem=used");
    browser.get("/?problem=used").await.shows("This code has been used");
}

/// Wrong, unreadable and out of tries each say what they are, alike for an address that nobody has.
async fn a_stranger_learns_nothing_on_the_code_page(world: World) {
    let owner = world.owner().await;
    let person = world.person(&owner, "grace@example.com").await;
    let drawn = world.send_code(&owner, &person).await;
    let guess = if drawn.code.grouped() == "BBBB-BBBB" { "CCCC-CCCC" } else { "BBBB-BBBB" };
    let mut told = Vec::new();
    for address in ["grace@example.com", "nobody@example.com"] {
        let mut browser = Browser::new(&world);
        let mut answers = Vec::new();
        for _ in 0..6 {
            let answer = browser.post("/do/verify_address", &[("email", address), ("code", guess)]).await;
            answers.push(answer.location().to_owned());
        }
        let unreadable = browser.post("/do/verify_address", &[("email", address), ("code", "what?")]).await;
        answers.push(unreadable.location().to_owned());
        told.push(answers);
    }
    assert_eq!(told[0], told[1]);
    assert_eq!(told[0][0], "/?problem=wrong&left=4");
    assert_eq!(told[0][4], "/?problem=out-of-tries");
    assert_eq!(told[0][6], "/?problem=unreadable");
    let mut browser = Browser::with_mail(&world);
    browser.get("/?problem=wrong&left=4").await.shows("Tries left: 4");
    browser.get("/?problem=out-of-tries").await.shows("This code is out of tries").shows("Send me a code");
}

/// A stop takes no longer because somebody waits for a code.
async fn a_page_that_waits_is_let_go_when_the_process_is_to_end(world: World) {
    let owner = world.owner().await;
    let (invited, _) = world.invite_mailed(&owner, "grace@example.com").await;
    let (tell, stop) = Stop::channel();
    let mut request = Request::get(format!("/wait/{}", invited.challenge_id)).body(Body::empty()).unwrap();
    request.extensions_mut().insert(stop);
    let mut browser = Browser::new(&world);
    let waiting = browser.send(request);
    tokio::pin!(waiting);
    timeout(Duration::from_millis(300), &mut waiting).await.unwrap_err();
    tell.send(true).unwrap();
    let told = timeout(Duration::from_secs(5), waiting).await.expect("the end of the answer");
    assert_eq!((told.status, told.body.as_str()), (StatusCode::OK, ""), "nothing is over");
}

/// "Send again" obeys the cool-down, replaces the code, and says so to who has the old one.
async fn a_new_code_replaces_the_old_one(world: World) {
    let owner = world.owner().await;
    let person = world.person(&owner, "grace@example.com").await;
    let old = world.send_code(&owner, &person).await;
    let page = format!("/verify/{}", old.challenge_id);
    let mut browser = Browser::with_mail(&world);
    let again = [("challenge", old.challenge_id.as_str())];
    let early = browser.post("/do/resend", &again).await;
    assert!(early.location().starts_with(&format!("{page}?problem=cooling&until=")), "{}", early.location());
    browser.get(early.location()).await.shows("The next one can be sent in");
    world.env.pass(MINUTE);
    assert_eq!(browser.post("/do/resend", &again).await.location(), format!("{page}?done=sent"));
    let new = world.mailed(&old.challenge_id).await;
    let verify = |code: String| [("challenge".to_owned(), old.challenge_id.clone()), ("code".to_owned(), code)];
    let form = verify(old.code.grouped());
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(browser.post("/do/verify", &form).await.location(), format!("{page}?problem=replaced"));
    let told = browser.get(&format!("{page}?problem=replaced")).await;
    told.shows("There is a newer code").shows("A newer mail has replaced this one.").shows("Send again in");
    told.shows("name=\"code\"").shows("/do/verify");
    let form = verify(new.code.grouped());
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(browser.post("/do/verify", &form).await.location(), "/verified");
}

/// An expired code offers a new one on the same page.
async fn an_expired_code_offers_a_new_one(world: World) {
    let owner = world.owner().await;
    let person = world.person(&owner, "grace@example.com").await;
    let drawn = world.send_code(&owner, &person).await;
    world.env.pass(16 * MINUTE);
    let page = format!("/verify/{}", drawn.challenge_id);
    let mut browser = Browser::with_mail(&world);
    browser.get(&page).await.shows("This code has expired").shows("Codes work for 15 minutes");
    let again = [("challenge", drawn.challenge_id.as_str())];
    assert_eq!(browser.post("/do/resend", &again).await.location(), format!("{page}?done=sent"));
    browser.get(&page).await.shows("Enter your code");
}

/// The pages speak the language of the person, and of the browser where nobody is known.
async fn pages_speak_the_readers_language(world: World) {
    let mut browser = Browser::new(&world);
    let request =
        http::Request::get("/").header("accept-language", "ar-EG, en;q=0.5").body(axum::body::Body::empty()).unwrap();
    let page = browser.send(request).await;
    page.shows("lang=\"ar\"").shows("dir=\"rtl\"");
}

/// Input is forgiven: what cannot be a code is told so, and all tries are left for the one that is.
async fn what_cannot_be_a_code_costs_no_try_on_any_page(world: World) {
    let owner = world.owner().await;
    let person = world.person(&owner, "grace@example.com").await;
    let drawn = world.send_code(&owner, &person).await;
    let id = drawn.challenge_id.as_str();
    let mut browser = Browser::new(&world);
    for junk in ["", "BCD", "hello, is this the code?", "ÄÖÜÄÖÜÄÖ", "BCDF\0GHJ", "123456789012345678901234567890"]
    {
        let answer = browser.post("/do/verify_address", &[("email", "grace@example.com"), ("code", junk)]).await;
        assert_eq!(answer.location(), "/?problem=unreadable", "{junk:?}");
        let answer = browser.post("/do/verify", &[("challenge", id), ("code", junk)]).await;
        // Without any code, that page asks by the link which the browser carries, and this one carries none.
        let problem = if junk.is_empty() { "link-unknown" } else { "unreadable" };
        assert_eq!(answer.location(), format!("/verify/{id}?problem={problem}"), "{junk:?}");
    }
    let left = || async { world.vestibule.challenge(id).await.unwrap().unwrap().tries_left };
    assert_eq!(left().await, 5);
    // The same path does count what could be one.
    let guess = if drawn.code.grouped() == "BBBB-BBBB" { "CCCC-CCCC" } else { "BBBB-BBBB" };
    browser.post("/do/verify", &[("challenge", id), ("code", guess)]).await;
    assert_eq!(left().await, 4);
    let right = drawn.code.grouped();
    assert_eq!(browser.post("/do/verify", &[("challenge", id), ("code", &right)]).await.location(), "/verified");
}
