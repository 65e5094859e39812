//! Company accounts: the way there, and whoever comes back that did not set out, or not from here, or a second time.

#[path = "../../federation/tests/it/provider.rs"]
#[allow(dead_code, reason = "the provider of the federation's tests; here it is honest")]
mod provider;

use axum::{Json, Router, routing::get};
use http::StatusCode;
use serde_json::json;
use vestibule_core::{actor::Admin, authorization::NewApp, provider::NewProvider};

use crate::{
    browser::{Answer, Browser, encoded},
    support::{World, address, people::form, secret_word},
};

const OWNER: &str = "olga@acme.example";
const OVER: &str = "This sign-in is over";

both! {
    a_forged_callback_finds_nothing_to_finish,
    who_comes_back_is_in_as_by_any_other_way,
    a_way_is_finished_once_and_by_the_browser_that_set_out,
    a_refusal_of_the_provider_leads_on,
    a_provider_that_is_away_leaves_the_other_ways,
    the_first_account_needs_the_set_up_session,
    providers_are_added_checked_and_deleted_by_owners,
}

/// A provider that says what it is, and of whom every code is unknown.
async fn stub() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let said = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    });
    let router = Router::new()
        .route("/.well-known/openid-configuration", get(move || async move { Json(said) }))
        .route("/keys", get(|| async { Json(json!({ "keys": [] })) }));
    tokio::spawn(async move { axum::serve(listener, router).await });
    issuer
}

async fn add(world: &World, owner: &Admin, issuer: &str) -> String {
    let new = NewProvider {
        name: "Contoso".to_owned(),
        issuer: issuer.to_owned(),
        client_id: "vestibule".to_owned(),
        ..NewProvider::default()
    };
    world.vestibule.create_provider(owner, new).await.unwrap()
}

/// Sets out to sign in; gives the state that the provider is to send back.
async fn set_out(browser: &mut Browser, provider: &str) -> String {
    let begun = browser.post("/do/company_begin", &[("provider", provider), ("purpose", "sign-in")]).await;
    let page = browser.get(begun.location()).await;
    page.shows("Continue with Contoso").shows("code_challenge_method=S256").shows("scope=openid+email+profile");
    page.shows(&format!("redirect_uri={}", encoded("http://vestibule.example/company/callback").replace("%2E", ".")));
    let (_, state) = page.body.split_once("state=").unwrap();
    state.chars().take_while(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_')).collect()
}

fn nobody_is_in(answer: &Answer) {
    assert_eq!(answer.location(), "/sign-in");
}

async fn a_forged_callback_finds_nothing_to_finish(world: World) {
    world.owner().await;
    let mut browser = Browser::new(&world);
    let forged = "A".repeat(43);
    for query in ["", "?code=x", "?state=x&code=x", &format!("?state={forged}&code=x"), "?error=access_denied"] {
        let answer = browser.get(&format!("/company/callback{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        answer.shows(OVER).shows("href=\"/sign-in\"");
    }
    assert_eq!(browser.get("/company/leave/x").await.status, StatusCode::BAD_REQUEST);
    nobody_is_in(&browser.get("/me").await);
}

async fn a_way_is_finished_once_and_by_the_browser_that_set_out(world: World) {
    let owner = world.owner().await;
    let id = add(&world, &owner, &stub().await).await;
    let mut browser = Browser::new(&world);
    browser.get("/sign-in").await.shows("Continue with Contoso");
    let state = set_out(&mut browser, &id).await;
    let back = format!("/company/callback?state={state}&code=x");

    let mut other = browser.other();
    other.get(&back).await.shows(OVER);
    set_out(&mut other, &id).await;
    other.get(&back).await.shows(OVER);
    browser.head(&back).await;
    let foreign = browser.get(&format!("{back}&iss={}", encoded("https://elsewhere.example"))).await;
    foreign.shows(OVER);
    browser.get(&back).await.shows(OVER);

    let state = set_out(&mut browser, &id).await;
    let back = format!("/company/callback?state={state}&code=x");
    let failed = browser.get(&back).await;
    assert_eq!(failed.status, StatusCode::BAD_GATEWAY);
    failed.shows("Contoso does not answer as it should").shows("href=\"/sign-in\"");
    browser.get(&back).await.shows(OVER);

    let state = set_out(&mut browser, &id).await;
    world.env.pass(vestibule_core::provider::FLOW);
    browser.get(&format!("/company/callback?state={state}&code=x")).await.shows(OVER);
    nobody_is_in(&browser.get("/me").await);
}

/// Sets out; gives the address at the provider, with the state and the nonce in it.
async fn way_to(browser: &mut Browser, provider: &str, purpose: &str) -> (String, String, String) {
    let begun = browser.post("/do/company_begin", &[("provider", provider), ("purpose", purpose)]).await;
    let page = browser.get(begun.location()).await;
    let way = page.headers["refresh"].to_str().unwrap().strip_prefix("0; url=").unwrap().to_owned();
    assert!(page.body.replace("&amp;", "&").contains(&way), "a link leads there too");
    let part = |name: &str| {
        let (_, rest) = way.split_once(&format!("{name}=")).unwrap();
        rest.chars().take_while(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_')).collect()
    };
    (part("state"), part("nonce"), way)
}

async fn who_comes_back_is_in_as_by_any_other_way(world: World) {
    let owner = world.owner().await;
    let honest = provider::Provider::open(provider::Trick::Honest).await;
    let id = add(&world, &owner, &honest.issuer).await;
    let invited = world.vestibule.invite(&owner, form("grace@navy.example")).await.unwrap();
    let drawn = world.mailed(&invited.challenge_id).await;
    let mut browser = Browser::new(&world);
    browser.get(&format!("/invite/{}", drawn.token.reveal())).await;
    browser.post("/do/accept_invite", &[("challenge", invited.challenge_id.as_str())]).await;
    let (state, nonce, way) = way_to(&mut browser, &id, "first").await;
    assert!(way.contains("login_hint=grace%40navy.example"), "the provider need not ask: {way}");
    honest.nonce.lock().unwrap().clone_from(&nonce);
    let back = browser.get(&format!("/company/callback?state={state}&code=x")).await;
    assert_eq!(back.location(), "/welcome/done?by=company");
    browser.get("/me").await.shows("Grace Hopper").shows("Contoso");
    let session = format!("SELECT data FROM session WHERE user_id = '{}'", invited.user_id);
    assert!(world.db.texts(&session).await[0].contains(r#""methods":["fed"]"#));
    assert_eq!(browser.post("/do/sign_out", &[]).await.location(), "/sign-in?done=signed-out");

    let callback = "https://shop.example/callback".to_owned();
    let new = NewApp { name: "Shop".to_owned(), redirect_uris: vec![callback], ..NewApp::default() };
    let app = world.vestibule.create_app(&owner, new).await.unwrap();
    let waits = format!(
        "/oauth/v2/authorize?client_id={}&redirect_uri={}&response_type=code&scope=openid&code_challenge={}\
         &code_challenge_method=S256&login_hint={}",
        app.id,
        encoded("https://shop.example/callback"),
        "A".repeat(43),
        encoded("grace@navy.example")
    );
    assert_eq!(browser.get(&waits).await.location(), "/sign-in");
    browser.get("/sign-in").await.shows("value=\"grace@navy.example\"");
    let (state, nonce, way) = way_to(&mut browser, &id, "sign-in").await;
    assert!(way.contains("login_hint=grace%40navy.example"), "{way}");
    honest.nonce.lock().unwrap().clone_from(&nonce);
    let back = format!("/company/callback?state={state}&code=x");
    let next = browser.get(&back).await;
    assert!(next.location().starts_with("/oauth/v2/authorize/"), "to what waited: {}", next.location());
    browser.get(next.location()).await.shows("Shop would like to know who you are");
    assert!(world.db.texts(&session).await[0].contains(r#""methods":["fed"]"#));
    let count = format!("SELECT sign_ins FROM users WHERE id = '{}'", invited.user_id);
    assert_eq!(world.db.number(&count).await, 1);
    browser.get(&back).await.shows(OVER);
    browser.get("/me").await.shows("Grace Hopper");

    // Another nonce is another flow's, however well it is signed.
    browser.post("/do/sign_out", &[]).await;
    let (state, ..) = way_to(&mut browser, &id, "sign-in").await;
    let wrong = browser.get(&format!("/company/callback?state={state}&code=x")).await;
    assert_eq!(wrong.status, StatusCode::BAD_GATEWAY);
    nobody_is_in(&browser.get("/me").await);
}

async fn a_refusal_of_the_provider_leads_on(world: World) {
    let owner = world.owner().await;
    let id = add(&world, &owner, &stub().await).await;
    let mut browser = Browser::new(&world);
    for (error, text) in [
        ("access_denied", "Contoso says that you did not agree"),
        ("server_error", "Contoso answered that something went wrong there"),
    ] {
        let state = set_out(&mut browser, &id).await;
        let back = format!("/company/callback?state={state}&error={error}&error_description=%3Cb%3Etold%3C/b%3E");
        let answer = browser.get(&back).await;
        answer.shows(text).shows("Choose another way");
        assert!(!answer.body.contains("told"), "only our own words");
        browser.get(&back).await.shows(OVER);
    }
}

async fn a_provider_that_is_away_leaves_the_other_ways(world: World) {
    let owner = world.owner().await;
    let id = add(&world, &owner, "http://127.0.0.1:9").await;
    let mut browser = Browser::new(&world);
    let form = [("provider", id.as_str()), ("purpose", "sign-in")];
    let away = browser.post("/do/company_begin", &form).await;
    assert_eq!(away.location(), "/sign-in?problem=company-down");
    browser.get(away.location()).await.shows("does not answer as it should").shows("name=\"password\"");
    let unknown = browser.post("/do/company_begin", &[("provider", "x"), ("purpose", "sign-in")]).await;
    assert_eq!(unknown.location(), "/sign-in?problem=not-found");
}

async fn the_first_account_needs_the_set_up_session(world: World) {
    let owner = world.owner().await;
    let id = add(&world, &owner, &stub().await).await;
    let mut browser = Browser::new(&world);
    let first = [("provider", id.as_str()), ("purpose", "first")];
    assert_eq!(browser.post("/do/company_begin", &first).await.location(), "/welcome?problem=setup-over");
    let link = [("provider", id.as_str()), ("purpose", "link")];
    assert_eq!(browser.post("/do/company_begin", &link).await.location(), "/me?problem=forbidden");

    let invited = world.vestibule.invite(&owner, form("grace@navy.example")).await.unwrap();
    let drawn = world.mailed(&invited.challenge_id).await;
    browser.get(&format!("/invite/{}", drawn.token.reveal())).await;
    browser.post("/do/accept_invite", &[("challenge", invited.challenge_id.as_str())]).await;
    let page = browser.get("/welcome").await;
    page.shows("Continue with Contoso").shows("value=\"first\"");
    let begun = browser.post("/do/company_begin", &first).await;
    assert!(begun.location().starts_with("/company/leave/"), "{}", begun.location());
    world.vestibule.enable_provider(&owner, &id, false).await.unwrap();
    assert!(!browser.get("/welcome").await.body.contains("Contoso"), "not offered while disabled");
}

async fn providers_are_added_checked_and_deleted_by_owners(world: World) {
    world.owner().await;
    let issuer = stub().await;
    let mut console = Browser::signed_in(&world, OWNER).await;
    console
        .get("/console/providers")
        .await
        .shows("No providers yet.")
        .shows("http://vestibule.example/company/callback");
    let form = |issuer: &'static str| {
        [("name", "Contoso"), ("issuer", issuer), ("client_id", "v & co"), ("client_secret", "hush"), ("scopes", "")]
    };
    let refusal = console.post("/do/create_provider", &form("http://contoso.example")).await;
    assert!(refusal.location().ends_with("&problem=issuer") && !refusal.location().contains("hush"));
    console.get(refusal.location()).await.shows("Enter the issuer's https address").shows("value=\"v & co\"");
    let mut fields = form("");
    fields[1].1 = Box::leak(issuer.into_boxed_str());
    let added = console.post("/do/create_provider", &fields).await;
    let id = added.location().rsplit_once('=').unwrap().1.to_owned();
    let page = console.get(added.location()).await;
    page.shows("The provider is added").shows("with a secret").shows("Enabled");
    assert!(!page.body.contains("hush"), "never shown again");
    let checked = console.post("/do/check_provider", &[("provider", &id)]).await;
    console.get(checked.location()).await.shows("Contoso: It answers as it should.");
    let off = console.post("/do/enable_provider", &[("provider", &id), ("enabled", "false")]).await;
    assert_eq!(off.location(), "/console/providers?done=provider-disabled");
    console.get(&format!("/console/providers?ask=delete&provider={id}")).await.shows("Delete Contoso?");

    let max = address("max@acme.example");
    let role = vestibule_core::actor::Role::Manager;
    world.vestibule.create_administrator(&max, "Max", role, secret_word()).await.unwrap();
    let mut max = Browser::signed_in(&world, "max@acme.example").await;
    assert_eq!(max.get("/console/providers").await.status, StatusCode::FORBIDDEN);
    let refusal = max.post("/do/delete_provider", &[("provider", &id)]).await;
    assert!(refusal.location().ends_with("problem=forbidden"), "{}", refusal.location());
    let gone = console.post("/do/delete_provider", &[("provider", &id)]).await;
    assert_eq!(gone.location(), "/console/providers?done=provider-deleted");
    console.get(gone.location()).await.shows("No providers yet.");
}
