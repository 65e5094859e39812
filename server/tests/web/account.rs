//! One's own account: the apps that were let in, and the password that goes.

use http::StatusCode;
use vestibule_core::{
    authorization::{Answer, Authenticated, CodeGrant, MadeApp, NewApp, Parameters, Step, Tokens},
    password::SignedIn,
};

use crate::{
    browser::{Browser, PUBLIC_URL, encoded},
    support::{World, by_link, secret_word},
};

const CALLBACK: &str = "https://shop.example/callback";
/// Of the challenge below (RFC 7636, appendix B).
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const GRACE: &str = "grace@navy.example";

both! {
    apps_are_listed_and_withdrawn_by_the_person_alone,
    what_apps_got_through_a_browser_ends_with_it_however_often_one_signed_in_there,
    the_password_is_removed_where_another_way_remains,
    setting_a_password_shows_nobody_anew,
    what_gives_lasting_control_waits_for_a_confirmation,
}

/// A person with a password, signed in.
async fn grace(world: &World) -> (SignedIn, Browser) {
    let owner = world.owner().await;
    let (_, drawn) = world.invite_mailed(&owner, GRACE).await;
    let redeemed = world.vestibule.redeem(by_link(&drawn.token)).await.unwrap();
    let signed_in = world.vestibule.set_first_password(&redeemed, secret_word()).await.unwrap();
    let mut browser = Browser::new(world);
    sign_in(&mut browser).await;
    (signed_in, browser)
}

async fn sign_in(browser: &mut Browser) {
    let form = [("username", GRACE), ("password", &secret_word())];
    assert_eq!(browser.post("/do/sign_in", &form).await.location(), "/me");
}

async fn app(world: &World) -> MadeApp {
    let owner = world.admin(&world.db.texts("SELECT user_id FROM administrator").await[0]).await;
    let new = NewApp { name: "Shop <1>".to_owned(), redirect_uris: vec![CALLBACK.to_owned()], ..NewApp::default() };
    world.vestibule.create_app(&owner, new).await.unwrap()
}

fn query(app: &MadeApp) -> String {
    format!(
        "client_id={}&redirect_uri={}&response_type=code&scope=openid+email&code_challenge={CHALLENGE}\
         &code_challenge_method=S256",
        app.id,
        encoded(CALLBACK)
    )
}

async fn redeem(world: &World, app: &MadeApp, code: String) -> Tokens {
    let secret = app.secret.as_ref().unwrap();
    let client = world.vestibule.calling_client(&app.id, Some(secret.reveal())).await.unwrap().unwrap();
    let grant = CodeGrant { code, redirect_uri: Some(CALLBACK.to_owned()), verifier: VERIFIER.to_owned() };
    world.vestibule.redeem_authorization(&client, grant, PUBLIC_URL).await.unwrap().unwrap()
}

/// Tokens of an app that the person has let in.
async fn tokens(world: &World, app: &MadeApp, user: &SignedIn) -> Tokens {
    let vestibule = &world.vestibule;
    let who = Authenticated {
        user_id: user.user_id.clone(),
        organization_id: world.organization.clone(),
        at: vestibule.now(),
        methods: Vec::new(),
        session: "elsewhere".to_owned(),
    };
    let request = vestibule.authorization_request(&Parameters::parse(&query(app)), PUBLIC_URL).await.unwrap().unwrap();
    let step = vestibule.authorize(&request, Some(&who), None, Some(Answer::Allow), PUBLIC_URL).await.unwrap();
    let Step::Leave(departure) = step else { panic!("{step:?}") };
    let code = departure.parameters.iter().find(|(name, _)| *name == "code").unwrap().1.clone();
    redeem(world, app, code).await
}

async fn apps_are_listed_and_withdrawn_by_the_person_alone(world: World) {
    let (user, mut browser) = grace(&world).await;
    let none = browser.get("/me").await;
    assert!(!none.body.contains("Apps that you let in"), "nothing where there is nothing");
    let app = app(&world).await;
    let tokens = tokens(&world, &app, &user).await;
    let page = browser.get("/me").await;
    page.shows("Apps that you let in").shows("Shop &lt;1&gt;").shows("Your email address, and whether it is verified");
    page.shows("Since 2025-06-15").shows("aria-label=\"Withdraw: Shop &lt;1&gt;\"");

    let form = [("app", app.id.as_str())];
    let mut olga = Browser::signed_in(&world, "olga@acme.example").await;
    assert_eq!(olga.post("/do/withdraw_app", &form).await.location(), "/me?problem=not-found");
    let nobody = browser.other().post("/do/withdraw_app", &form).await;
    assert_eq!(nobody.location(), "/me?problem=forbidden");
    let mut forged = Browser::form("/do/withdraw_app", format!("app={}", app.id));
    forged.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(browser.send(forged).await.status, StatusCode::FORBIDDEN);
    assert!(world.vestibule.principal(&tokens.access).await.is_ok());

    let done = browser.post("/do/withdraw_app", &form).await;
    assert_eq!(done.location(), "/me?done=app-withdrawn");
    let page = browser.get(done.location()).await;
    page.shows("The app may no longer know who you are.").shows("Access of apps changed");
    assert!(!page.body.contains("Apps that you let in"));
    assert!(world.vestibule.principal(&tokens.access).await.is_err());
}

async fn what_apps_got_through_a_browser_ends_with_it_however_often_one_signed_in_there(world: World) {
    let (_, mut browser) = grace(&world).await;
    let app = app(&world).await;
    // The person agrees once, and signs in again in the same browser before and after.
    sign_in(&mut browser).await;
    let waiting = browser.get(&format!("/oauth/v2/authorize?{}", query(&app))).await.location().to_owned();
    let id = waiting.rsplit('/').next().unwrap().to_owned();
    browser.post("/do/consent", &[("request", &id), ("answer", "allow")]).await;
    let leaving = browser.get(&waiting).await.headers["refresh"].to_str().unwrap().to_owned();
    let code = leaving.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let tokens = redeem(&world, &app, code).await;
    sign_in(&mut browser).await;

    let mut other = browser.other();
    sign_in(&mut other).await;
    let page = other.get("/me").await;
    let (_, rest) = page.body.split_once("name=\"session\" value=\"").unwrap();
    let session = rest.split('"').next().unwrap().to_owned();
    assert!(world.vestibule.principal(&tokens.access).await.is_ok());
    other.post("/do/end_own_session", &[("session", &session)]).await;
    assert_eq!(browser.get("/me").await.location(), "/sign-in");
    assert!(world.vestibule.principal(&tokens.access).await.is_err());
    other.get("/me").await.shows("this browser");
}

async fn the_password_is_removed_where_another_way_remains(world: World) {
    let (user, mut browser) = grace(&world).await;
    let page = browser.get("/me").await;
    assert!(!page.body.contains("remove_own_password"), "the last way is not offered for removal");
    let refused = browser.post("/do/remove_own_password", &[]).await;
    assert_eq!(refused.location(), "/me?problem=last-method");
    browser.get(refused.location()).await.shows("This is your only way to sign in, so it stays.");

    link_company_account(&world, &user.user_id).await;
    let mut other = browser.other();
    sign_in(&mut other).await;
    browser.get("/me").await.shows("Remove the password").shows("/do/remove_own_password");
    let done = browser.post("/do/remove_own_password", &[]).await;
    assert_eq!(done.location(), "/me?done=password-removed");
    browser.get(done.location()).await.shows("The password was removed.").shows("No password is set.");
    assert_eq!(other.get("/me").await.location(), "/sign-in", "signed out everywhere else");
    let form = [("username", GRACE), ("password", &secret_word())];
    assert_eq!(other.post("/do/sign_in", &form).await.location(), "/sign-in?problem=sign-in");
    assert_eq!(browser.other().post("/do/remove_own_password", &[]).await.location(), "/me?problem=forbidden");
}

/// Choosing a password in a session of long ago is no proof of who sits there now.
async fn setting_a_password_shows_nobody_anew(world: World) {
    world.owner().await;
    let mut owner = Browser::signed_in(&world, "olga@acme.example").await;
    link_company_account(&world, &world.db.texts("SELECT user_id FROM administrator").await[0]).await;
    world.env.pass(60 * 60_000);
    let make = [("name", "Payroll"), ("read", "true"), ("days", "30")];
    assert!(owner.post("/do/create_api_key", &make).await.location().starts_with("/confirm?back="));
    let change = [("old", &*secret_word()), ("password", "the analytical engine")];
    assert_eq!(owner.post("/do/set_own_password", &change).await.location(), "/me?done=password");
    assert!(owner.post("/do/create_api_key", &make).await.location().starts_with("/confirm?back="));
    owner.post("/do/remove_own_password", &[]).await;
    assert!(owner.post("/do/create_api_key", &make).await.location().starts_with("/confirm?back="));
    // The first one is a way in that whoever finds the browser open must not make.
    let set = owner.post("/do/set_own_password", &[("password", "the difference engine")]).await;
    assert_eq!(set.location(), "/confirm?back=%2Fme");
    owner.get("/me").await.shows("No password is set.");
}

async fn what_gives_lasting_control_waits_for_a_confirmation(world: World) {
    let (user, mut browser) = grace(&world).await;
    link_company_account(&world, &user.user_id).await;
    let second = [("email", "grace@example.com")];
    let added = browser.post("/do/add_own_address", &second).await.location().to_owned();
    assert!(added.starts_with("/verify/"), "{added}");
    let drawn = world.mailed(added.rsplit('/').next().unwrap()).await;
    world.vestibule.redeem(by_link(&drawn.token)).await.unwrap();
    let primary = world.db.texts("SELECT id FROM email WHERE canonical = 'grace@example.com'").await.remove(0);
    world.env.pass(16 * 60_000);
    for (action, form, back) in [
        ("add_own_address", [("email", "mallory@example.com")], "/me?typed=kept"),
        ("make_own_primary", [("email", primary.as_str())], "/me"),
    ] {
        let asked = browser.post(&format!("/do/{action}"), &form).await;
        assert_eq!(asked.location(), format!("/confirm?back={}", encoded(back)), "{action}");
    }
    let link = [("provider", "p"), ("purpose", "link")];
    assert_eq!(browser.post("/do/company_begin", &link).await.location(), "/confirm?back=%2Fme");
    browser.get("/me").await.hides("mallory@example.com");

    let confirm = [("password", &*secret_word()), ("back", "/me")];
    assert_eq!(browser.post("/do/confirm", &confirm).await.location(), "/me?done=confirmed");
    let done = browser.post("/do/make_own_primary", &[("email", &primary)]).await;
    assert_eq!(done.location(), "/me?done=primary");
    browser.post("/do/remove_own_password", &[]).await;
    let first = browser.post("/do/set_own_password", &[("password", "the analytical engine")]).await;
    assert_eq!(first.location(), "/me?done=password", "so shortly after");
}

async fn link_company_account(world: &World, user_id: &str) {
    let organization = &world.organization;
    world
        .db
        .exec(&format!(
            "INSERT INTO provider (id, organization_id, name, issuer, client_id, scopes, enabled, created_at, changed_at)
             VALUES ('p', '{organization}', 'Navy', 'https://idp.navy.example', 'c', 'openid', TRUE, 0, 0);
             INSERT INTO provider_link (provider_id, subject, user_id, claims, created_at)
             VALUES ('p', 's', '{user_id}', '{{}}', 0)"
        ))
        .await;
}
