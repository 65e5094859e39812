//! A person between us and an app: signing in, agreeing, leaving, signing out, in a browser without script.

use http::{Request, StatusCode};
use vestibule_core::{
    actor::{Admin, Role},
    authorization::{CodeGrant, MadeApp, NewApp},
    env::{HOUR, MINUTE},
};

use crate::{
    browser::{Answer, Browser, PUBLIC_URL, encoded},
    support::{World, address, secret_word},
};

const CALLBACK: &str = "https://shop.example/callback";
const BYE: &str = "https://shop.example/bye";
/// Of the challenge below (RFC 7636, appendix B).
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const LOGIN: &str = "vera@acme.example";

both! {
    who_is_not_signed_in_signs_in_agrees_and_comes_back_with_a_code,
    who_declines_comes_back_with_nothing,
    the_own_app_of_who_is_signed_in_gets_its_code_at_once,
    what_is_not_certainly_an_apps_leads_nowhere,
    what_the_app_did_wrong_it_is_told,
    a_request_waits_while_an_invite_is_accepted,
    who_only_looks_gets_no_code,
    the_page_asks_in_the_persons_language,
    a_request_waits_for_its_own_browser_and_not_for_ever,
    a_form_carries_the_answer_where_the_app_wants_one,
    another_site_cannot_agree_for_the_person,
    an_app_may_ask_by_post,
    signing_in_again_is_asked_for_and_enough,
    signing_out_is_asked_about_and_leads_back,
    an_owner_makes_apps_in_the_console,
}

struct Shop {
    world: World,
    app: MadeApp,
    browser: Browser,
    owner: Admin,
}

impl Shop {
    async fn open(world: World, first_party: bool) -> Self {
        let owner = world.owner().await;
        let new = NewApp {
            name: "Shop <1>".to_owned(),
            redirect_uris: vec![CALLBACK.to_owned()],
            post_logout_uris: vec![BYE.to_owned()],
            first_party,
            ..NewApp::default()
        };
        let app = world.vestibule.create_app(&owner, new).await.unwrap();
        world
            .vestibule
            .create_administrator(&address(LOGIN), "Vera Viewer", Role::Viewer, secret_word())
            .await
            .unwrap();
        Self { browser: Browser::new(&world), app, owner, world }
    }

    fn path(&self, more: &str) -> String {
        format!(
            "/oauth/v2/authorize?client_id={}&redirect_uri={}&response_type=code&scope=openid+email&state=s%261\
             &code_challenge={CHALLENGE}&code_challenge_method=S256{more}",
            self.app.id,
            encoded(CALLBACK)
        )
    }

    /// Sends the sign-in form; gives where it leads.
    async fn sign_in(&mut self) -> String {
        let form = [("username", LOGIN), ("password", &secret_word())];
        self.browser.post("/do/sign_in", &form).await.location().to_owned()
    }

    /// Whether the code in an address is one.
    async fn redeems(&self, location: &str) -> bool {
        let code = parameter(location, "code").unwrap();
        let secret = self.app.secret.as_ref().unwrap();
        let client = self.world.vestibule.calling_client(&self.app.id, Some(secret.reveal())).await.unwrap().unwrap();
        let grant = CodeGrant { code, redirect_uri: Some(CALLBACK.to_owned()), verifier: VERIFIER.to_owned() };
        self.world.vestibule.redeem_authorization(&client, grant, PUBLIC_URL).await.unwrap().is_ok()
    }

    async fn codes(&self) -> i64 {
        self.world.db.count("authorizations").await
    }
}

fn parameter(location: &str, name: &str) -> Option<String> {
    let (_, query) = location.split_once('?')?;
    vestibule_core::authorization::Parameters::parse(query).get(name).map(str::to_owned)
}

/// Where a page leads on by itself.
#[track_caller]
fn leads_to(page: &Answer) -> String {
    let refresh = page.headers.get("refresh").unwrap_or_else(|| panic!("{}", page.body));
    let url = refresh.to_str().unwrap().strip_prefix("0; url=").unwrap().to_owned();
    let body = page.body.replace("&amp;", "&");
    assert!(body.contains("<title>Back to Shop &lt;1></title>"), "names are text: {body}");
    assert!(body.contains(&format!("href=\"{url}\"")), "the same as a link");
    page.hides("/do/choose_language");
    url
}

async fn who_is_not_signed_in_signs_in_agrees_and_comes_back_with_a_code(world: World) {
    let mut shop = Shop::open(world, false).await;
    let path = shop.path("&nonce=n");
    assert_eq!(shop.browser.get(&path).await.location(), "/sign-in");
    let next = shop.sign_in().await;
    assert!(next.starts_with("/oauth/v2/authorize/"), "{next}");
    let page = shop.browser.get(&next).await;
    page.shows("Shop &lt;1&gt; would like to know who you are").shows("Vera Viewer").shows("shop.example");
    page.shows("Your email address").shows("Allow").shows("Do not allow");
    assert_eq!((shop.codes().await, page.status), (0, StatusCode::OK));

    let id = next.rsplit('/').next().unwrap().to_owned();
    let allowed = shop.browser.post("/do/consent", &[("request", &id), ("answer", "allow")]).await;
    assert_eq!(allowed.location(), next, "a form leads nowhere else");
    let leaving = shop.browser.get(&next).await;
    let url = leads_to(&leaving);
    assert!(url.starts_with(&format!("{CALLBACK}?code=")), "{url}");
    assert_eq!(
        (parameter(&url, "state").as_deref(), parameter(&url, "iss").as_deref()),
        (Some("s&1"), Some(PUBLIC_URL))
    );
    assert!(shop.redeems(&url).await);
    let again = shop.browser.get(&next).await;
    assert_eq!((again.status, shop.codes().await), (StatusCode::GONE, 1));
    again.shows("This request is over").shows("href=\"/\"");

    let location = shop.browser.get(&path).await;
    assert!(shop.redeems(location.location()).await, "asked once");
}

async fn who_declines_comes_back_with_nothing(world: World) {
    let mut shop = Shop::open(world, false).await;
    shop.browser.get(&shop.path("")).await;
    let next = shop.sign_in().await;
    let id = next.rsplit('/').next().unwrap().to_owned();
    shop.browser.post("/do/consent", &[("request", &id), ("answer", "deny")]).await;
    let url = leads_to(&shop.browser.get(&next).await);
    assert_eq!((parameter(&url, "error").as_deref(), parameter(&url, "code")), (Some("access_denied"), None));
    assert_eq!(shop.codes().await, 0);
}

async fn the_own_app_of_who_is_signed_in_gets_its_code_at_once(world: World) {
    let mut shop = Shop::open(world, true).await;
    assert_eq!(shop.sign_in().await, "/console");
    let answer = shop.browser.get(&shop.path("")).await;
    assert_eq!(
        (answer.status, &answer.headers["cache-control"]),
        (StatusCode::SEE_OTHER, &"no-store".parse().unwrap())
    );
    assert!(shop.redeems(answer.location()).await);
    let silent = shop.browser.get(&shop.path("&prompt=none")).await;
    assert!(shop.redeems(silent.location()).await);
    let mut nobody = shop.browser.other();
    let location = nobody.get(&shop.path("&prompt=none")).await;
    assert_eq!(parameter(location.location(), "error").as_deref(), Some("login_required"));
}

async fn what_is_not_certainly_an_apps_leads_nowhere(world: World) {
    let mut shop = Shop::open(world, true).await;
    shop.sign_in().await;
    let whole = shop.path("");
    let evil = encoded("https://evil.example/");
    for (path, title) in [
        (whole.replace(&shop.app.id, "nobody"), "This app is not known here"),
        (whole.replace(&encoded(CALLBACK), &evil), "This app may not send you back there"),
        (whole.replace(&encoded(CALLBACK), ""), "This app may not send you back there"),
        (format!("{whole}&redirect_uri={evil}"), "This app may not send you back there"),
        ("/oauth/v2/authorize".to_owned(), "This app is not known here"),
    ] {
        let page = shop.browser.get(&path).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(!page.headers.contains_key("location") && !page.body.contains("evil.example"), "{path}");
        page.shows(title).shows("href=\"/\"");
    }
    assert_eq!(shop.codes().await, 0);
}

async fn what_the_app_did_wrong_it_is_told(world: World) {
    let mut shop = Shop::open(world, true).await;
    let answer = shop.browser.get(&shop.path("").replace("S256", "plain")).await;
    let location = answer.location();
    assert!(location.starts_with(&format!("{CALLBACK}?error=invalid_request&error_description=")), "{location}");
    assert_eq!(parameter(location, "state").as_deref(), Some("s&1"));
    let fragment = shop.browser.get(&shop.path("&response_mode=fragment&prompt=x")).await;
    assert!(fragment.location().starts_with(&format!("{CALLBACK}#error=invalid_request&")));
}

/// Somebody who was sent here by an app, and accepts their invite on the way, goes on to the app.
async fn a_request_waits_while_an_invite_is_accepted(world: World) {
    let mut shop = Shop::open(world, false).await;
    shop.browser.get(&shop.path("")).await;
    let (invited, drawn) = shop.world.invite_mailed(&shop.owner, "grace@navy.example").await;
    shop.browser.get(&format!("/invite/{}", drawn.token.reveal())).await;
    let accepted = shop.browser.post("/do/accept_invite", &[("challenge", &invited.challenge_id)]).await;
    assert_eq!(accepted.location(), "/welcome");
    let set = shop.browser.post("/do/set_password", &[("password", &secret_word())]).await;
    assert_eq!(set.location(), "/welcome/done");
    let done = shop.browser.get("/welcome/done").await;
    done.shows("Go on to Shop &lt;1&gt;").hides("href=\"/me\"");
    let next = done.body.split("href=\"/oauth/v2/authorize/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let asked = shop.browser.get(&format!("/oauth/v2/authorize/{next}")).await;
    asked.shows("would like to know who you are").shows("Grace Hopper");
}

async fn who_only_looks_gets_no_code(world: World) {
    let mut shop = Shop::open(world, true).await;
    shop.sign_in().await;
    let looked = shop.browser.head(&shop.path("")).await;
    assert!(!looked.headers.contains_key("location"));
    assert_eq!(shop.codes().await, 0);
}

async fn the_page_asks_in_the_persons_language(world: World) {
    let mut shop = Shop::open(world, false).await;
    shop.browser.get(&shop.path("")).await;
    let next = shop.sign_in().await;
    for (language, text) in [
        ("de", "möchte wissen, wer Sie sind"),
        ("fr", "souhaite savoir qui vous êtes"),
        ("es", "quiere saber quién es usted"),
        ("ja", "あなたの確認を求めています"),
        ("ar", "معرفة هويتك"),
    ] {
        shop.browser.post("/do/set_own_language", &[("language", language)]).await;
        shop.browser.get(&next).await.shows(text).shows(&format!("lang=\"{language}\""));
    }
}

async fn a_request_waits_for_its_own_browser_and_not_for_ever(world: World) {
    let mut shop = Shop::open(world, false).await;
    shop.browser.get(&shop.path("")).await;
    let next = shop.sign_in().await;
    let mut other = Browser::signed_in(&shop.world, "olga@acme.example").await;
    assert_eq!(other.get(&next).await.status, StatusCode::GONE);
    let id = next.rsplit('/').next().unwrap().to_owned();
    other.post("/do/consent", &[("request", &id), ("answer", "allow")]).await;
    shop.browser.get(&next).await.shows("would like to know who you are");
    shop.world.env.pass(30 * MINUTE);
    assert_eq!(shop.browser.get(&next).await.status, StatusCode::GONE);
    assert_eq!(shop.codes().await, 0);
}

async fn a_form_carries_the_answer_where_the_app_wants_one(world: World) {
    let mut shop = Shop::open(world, true).await;
    shop.sign_in().await;
    let page = shop.browser.get(&shop.path("&response_mode=form_post")).await;
    assert_eq!(page.status, StatusCode::OK);
    page.shows(&format!("action=\"{CALLBACK}\"")).shows("name=\"code\"").shows("name=\"state\" value=\"s&1\"");
    // Nothing waits any more to which it would lead back.
    page.hides("/do/choose_language");
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action *") && policy.contains("frame-ancestors 'none'"), "{policy}");
    let policy = shop.browser.get("/sign-in").await.headers["content-security-policy"].clone();
    assert!(policy.to_str().unwrap().contains("form-action 'self'"));
}

async fn another_site_cannot_agree_for_the_person(world: World) {
    let mut shop = Shop::open(world, false).await;
    shop.browser.get(&shop.path("")).await;
    let next = shop.sign_in().await;
    let id = next.rsplit('/').next().unwrap();
    for (path, body) in
        [("/do/consent", format!("request={id}&answer=allow")), ("/do/end_session", "query=".to_owned())]
    {
        let mut request = Browser::form(path, body);
        request.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
        assert_eq!(shop.browser.send(request).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    shop.browser.get(&next).await.shows("would like to know who you are");
}

async fn an_app_may_ask_by_post(world: World) {
    let mut shop = Shop::open(world, true).await;
    shop.sign_in().await;
    let path = shop.path("");
    let (page, form) = path.split_once('?').unwrap();
    let mut request = Browser::form(page, form.to_owned());
    request.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    let answer = shop.browser.send(request).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, path.as_str()));
    let form = "application/x-www-form-urlencoded";
    for (path, kind, body, status) in [
        (page, "application/json", "{}".to_owned(), StatusCode::BAD_REQUEST),
        (page, form, String::new(), StatusCode::BAD_REQUEST),
        (page, form, "a=\r\nb".to_owned(), StatusCode::BAD_REQUEST),
        (page, form, "a".repeat(17 * 1024), StatusCode::PAYLOAD_TOO_LARGE),
        ("/oidc/v1/end_session", "text/plain", "a=b".to_owned(), StatusCode::BAD_REQUEST),
    ] {
        let request = Request::post(path).header("content-type", kind).body(body.into()).unwrap();
        assert_eq!(shop.browser.send(request).await.status, status, "{kind}");
    }
}

async fn signing_in_again_is_asked_for_and_enough(world: World) {
    let mut shop = Shop::open(world, true).await;
    shop.sign_in().await;
    shop.world.env.pass(HOUR);
    for more in ["&prompt=login", "&max_age=60"] {
        assert_eq!(shop.browser.get(&shop.path(more)).await.location(), "/sign-in", "{more}");
        let next = shop.sign_in().await;
        let leaving = shop.browser.get(&next).await;
        assert!(shop.redeems(&leads_to(&leaving)).await, "{more}");
        shop.world.env.pass(HOUR);
    }
}

async fn signing_out_is_asked_about_and_leads_back(world: World) {
    let mut shop = Shop::open(world, true).await;
    let query = format!("client_id={}&post_logout_redirect_uri={}&state=x", shop.app.id, encoded(BYE));
    let path = format!("/oidc/v1/end_session?{query}");
    shop.sign_in().await;
    let page = shop.browser.get(&path).await;
    page.shows("Sign out here too?").shows("Shop &lt;1&gt; asks to sign you out here too.").shows("Vera Viewer");
    assert_eq!(shop.browser.get("/me").await.status, StatusCode::OK, "being asked signs nobody out");
    let done = shop.browser.post("/do/end_session", &[("query", &query)]).await;
    let done = shop.browser.get(done.location()).await;
    assert_eq!(leads_to(&done), format!("{BYE}?state=x"));
    assert_eq!(shop.browser.get("/me").await.location(), "/sign-in");
    assert_eq!(shop.browser.get(&path).await.location(), format!("{BYE}?state=x"), "nobody is left to ask");

    shop.sign_in().await;
    let evil = query.replace(&encoded(BYE), &encoded("https://evil.example/"));
    let done = shop.browser.post("/do/end_session", &[("query", &evil)]).await;
    assert_eq!(shop.browser.get(done.location()).await.location(), "/sign-in?done=signed-out");
    shop.world.vestibule.revoke_client(&shop.owner, &shop.app.id).await.unwrap();
    assert_eq!(shop.browser.get(&path).await.location(), "/sign-in?done=signed-out");
}

async fn an_owner_makes_apps_in_the_console(world: World) {
    world.owner().await;
    let mut console = Browser::signed_in(&world, "olga@acme.example").await;
    let addresses = "https://shop.example/callback\r\n\r\n http://127.0.0.1:4000/callback";
    let form = [("name", "Shop <1>"), ("redirect_uris", addresses), ("post_logout_uris", BYE), ("first_party", "true")];
    assert_eq!(console.post("/do/create_app", &form).await.location(), "/console/keys", "no secret in an address");
    let page = console.get("/console/keys").await;
    page.shows("Your new app").shows("Client id").shows("Client secret").shows("Shop &lt;1&gt;");
    let stored = world.db.texts("SELECT redirect_uris || post_logout_uris FROM client WHERE first_party").await;
    assert_eq!(stored, [format!("[\"{CALLBACK}\",\"http://127.0.0.1:4000/callback\"][\"{BYE}\"]")]);
    assert!(!console.get("/console/keys").await.body.contains("Your new app"), "shown once");

    let form = [("name", "Phone"), ("redirect_uris", "com.example.shop:/callback"), ("public", "true")];
    console.post("/do/create_app", &form).await;
    let page = console.get("/console/keys").await;
    page.shows("Your new app").shows("has no secret to keep");
    assert!(!page.body.contains("Client secret</label>"));

    let refused = console.post("/do/create_app", &[("name", "Bad"), ("redirect_uris", "http://shop.example/")]).await;
    let page = console.get(refused.location()).await;
    page.shows("Each address begins with https://").shows("value=\"Bad\"").shows("http://shop.example/</textarea>");
    let mut viewer = Browser::new(&world);
    assert_eq!(viewer.post("/do/create_app", &form).await.location().split('&').next_back(), Some("problem=forbidden"));
    assert_eq!(world.db.count("client").await, 2);
}
