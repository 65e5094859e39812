//! Coming in: the page that was opened, what was typed, and under whose name pages stand.

use axum::body::Body;
use http::{Request, StatusCode};
use vestibule_core::{organization::Method, provider::NewProvider};

use crate::{
    browser::Browser,
    support::{World, by_link, secret_word},
};

const OWNER: &str = "olga@acme.example";
const GRACE: &str = "grace@navy.example";

both! {
    sign_in_leads_to_the_page_that_was_opened,
    nowhere_else_is_led_to,
    who_has_no_role_is_told_so,
    what_was_typed_stays_in_small_forms,
    pages_stand_under_the_organizations_name,
    who_verifies_while_signed_in_goes_back_to_their_account,
    set_up_speaks_the_readers_language,
    where_nothing_can_be_chosen_the_page_says_so,
}

async fn sign_in(browser: &mut Browser, login: &str) -> String {
    let form = [("username", login), ("password", &*secret_word())];
    browser.post("/do/sign_in", &form).await.location().to_owned()
}

/// A person with a password.
async fn grace(world: &World) {
    let owner = world.owner().await;
    let (_, drawn) = world.invite_mailed(&owner, GRACE).await;
    let redeemed = world.vestibule.redeem(by_link(&drawn.token)).await.unwrap();
    world.vestibule.set_first_password(&redeemed, secret_word()).await.unwrap();
}

async fn sign_in_leads_to_the_page_that_was_opened(world: World) {
    world.owner().await;
    let mut browser = Browser::new(&world);
    let opened = browser.get("/console/users?state=verified&search=a%2Bb&problem=forbidden").await;
    assert_eq!(opened.location(), "/sign-in");
    browser.get("/sign-in").await.shows("Sign in to go on to the page that you opened.");
    assert_eq!(sign_in(&mut browser, OWNER).await, "/console/users?state=verified&search=a%2Bb");
    browser.post("/do/sign_out", &[]).await;
    browser.get("/sign-in").await.hides("Sign in to go on");
    assert_eq!(sign_in(&mut browser, OWNER).await, "/console", "once");
}

async fn nowhere_else_is_led_to(world: World) {
    world.owner().await;
    for cookie in ["https://evil.example/", "//evil.example", "/do/sign_out", "/oauth/v2/authorize"] {
        let browser = Browser::new(&world);
        let body = format!("username=olga%40acme.example&password={}", crate::browser::encoded(&secret_word()));
        let mut request = Browser::form("/do/sign_in", body);
        request.headers_mut().insert("cookie", format!("vestibule_wanted={cookie}").parse().unwrap());
        assert_eq!(browser.other().send(request).await.location(), "/console", "{cookie}");
    }
    let mut looking = Browser::new(&world);
    looking.head("/console/users").await;
    assert_eq!(looking.cookie("vestibule_wanted"), None, "who only looks wants nothing");
}

async fn who_has_no_role_is_told_so(world: World) {
    grace(&world).await;
    let mut browser = Browser::new(&world);
    assert_eq!(sign_in(&mut browser, GRACE).await, "/me");
    for page in ["/console", "/console/users", "/console/keys"] {
        let told = browser.get(page).await;
        assert_eq!(told.status, StatusCode::FORBIDDEN, "{page}");
        told.shows("Not for this account").shows("href=\"/me\"");
    }
}

async fn what_was_typed_stays_in_small_forms(world: World) {
    let link = world.vestibule.open_setup_link().await.unwrap().unwrap();
    let mut browser = Browser::with_mail(&world);
    browser.get(&format!("/setup/{}", link.reveal())).await;
    let form = [("name", "Olga & Co"), ("email", OWNER), ("password", "short")];
    let refused = browser.post("/do/set_up_owner", &form).await.location().to_owned();
    browser.get(&refused).await.shows("value=\"Olga & Co\"").shows(&format!("value=\"{OWNER}\""));

    let form = [("username", "olga the owner"), ("password", "wrong")];
    let refused = browser.post("/do/sign_in", &form).await.location().to_owned();
    assert_eq!(refused, "/sign-in?problem=sign-in");
    browser.get(&refused).await.shows("value=\"olga the owner\"");
    browser.get("/sign-in").await.hides("olga the owner");

    let refused = browser.post("/do/forgot_password", &[("email", "olga@@acme")]).await.location().to_owned();
    browser.get(&refused).await.shows("value=\"olga@@acme\"");
}

async fn pages_stand_under_the_organizations_name(world: World) {
    grace(&world).await;
    let mut browser = Browser::with_mail(&world);
    for page in ["/", "/sign-in", "/verified", "/forgot", "/reset", "/reset/x", "/passkey", "/welcome", "/verify/x"] {
        browser.get(page).await.shows("<span>Acme</span>").hides("<span>Vestibule</span>");
    }
}

async fn who_verifies_while_signed_in_goes_back_to_their_account(world: World) {
    grace(&world).await;
    let mut browser = Browser::new(&world);
    browser.get("/verified").await.shows("href=\"/sign-in\"");
    sign_in(&mut browser, GRACE).await;
    browser.get("/verified").await.shows("href=\"/me\"").hides("href=\"/sign-in\"");
}

async fn set_up_speaks_the_readers_language(world: World) {
    let mut browser = Browser::new(&world);
    let request = Request::get("/setup").header("accept-language", "ar").body(Body::empty()).unwrap();
    browser.send(request).await.shows("lang=\"ar\"").shows("dir=\"rtl\"").shows("لم يعد هذا الرابط يعمل");
    grace(&world).await;
    sign_in(&mut browser, OWNER).await;
    browser.post("/do/set_own_language", &[("language", "es")]).await;
    browser.get("/me").await.shows(">Consola<").shows("2025-06-15 ").hides("Jun 2025");
}

async fn where_nothing_can_be_chosen_the_page_says_so(world: World) {
    let owner = world.owner().await;
    let mut policy = world.vestibule.organization(&world.organization).await.unwrap().policy;
    policy.first_methods = vec![Method::Provider];
    world.vestibule.set_policy(&world.organization, &policy).await.unwrap();
    let (invited, drawn) = world.invite_mailed(&owner, GRACE).await;
    let mut browser = Browser::new(&world);
    browser.get(&format!("/invite/{}", drawn.token.reveal())).await;
    browser.post("/do/accept_invite", &[("challenge", &invited.challenge_id)]).await;
    let page = browser.get("/welcome").await;
    page.shows("Ask your administrator").hides("Choose the password").hides("/do/set_password");

    let (name, issuer) = ("Contoso".to_owned(), "http://127.0.0.1:9".to_owned());
    let new = NewProvider { name, issuer, client_id: "v".to_owned(), ..NewProvider::default() };
    world.vestibule.create_provider(&owner, new).await.unwrap();
    let page = browser.get("/welcome").await;
    page.shows("Continue with Contoso").hides("Choose the password").hides("Ask your administrator");
}
