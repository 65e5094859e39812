//! Administrators who show a passkey as well: until they have they are nobody, and for a quarter of an hour.

use http::StatusCode;
use serde_json::Value;
use vestibule_core::{
    actor::{Admin, Role},
    env::MINUTE,
    organization::Policy,
    passkey::{Answer, Begun},
};

use crate::{
    browser::{Browser, encoded},
    device::Device,
    support::{World, address, secret_word},
};

const OWNER: &str = "olga@acme.example";
const HALFWAY: &str = "/sign-in/passkey";

both! {
    after_the_password_nothing_opens_before_the_passkey,
    it_ends_after_a_quarter_of_an_hour,
    who_has_none_makes_one_first_and_only_one,
    a_passkey_alone_lets_in,
    the_rule_is_made_by_who_has_a_passkey_and_holds_at_once,
    others_come_in_as_before,
    an_administrator_asks_it_of_themselves,
}

async fn after_the_password_nothing_opens_before_the_passkey(world: World) {
    let owner = world.owner().await;
    let mut device = with_passkey(&world, &owner).await;
    demand(&world).await;
    let mut browser = Browser::new(&world);
    assert_eq!(by_password(&mut browser).await, HALFWAY);
    let before = browser.cookie("vestibule").map(str::to_owned);
    for page in ["/console", "/console/settings", "/console/users", "/me", "/confirm?back=%2Fconsole"] {
        assert_eq!(browser.get(page).await.location(), HALFWAY, "{page}");
    }
    let rows = world.db.dump().await;
    let other =
        [("name", "Mine"), ("read", "true"), ("days", "0"), ("language", "de"), ("password", "x"), ("back", "")];
    for action in ["create_api_key", "set_own_language", "confirm", "end_other_sessions", "rename_passkey"] {
        let fields = [&other[..], &[("email", "x@acme.example"), ("words", ""), ("passkey", "x")]].concat();
        let answer = browser.post(&format!("/do/{action}"), &fields).await;
        assert!(answer.location().ends_with("problem=forbidden"), "{action}: {}", answer.location());
    }
    // Whoever knows the password alone makes no passkey of their own.
    let begun = script(&mut browser, "begin_passkey", "").await;
    assert_eq!((&begun["problem"], &begun["ceremony"]), (&"has-method".into(), &"".into()));
    assert_eq!(world.db.dump().await, rows);

    browser
        .get(HALFWAY)
        .await
        .shows("Now your passkey")
        .shows("To open the console of Acme")
        .shows("data-passkey=\"prove\"");
    let next = prove(&mut browser, &mut device, "").await;
    assert_eq!(next, "/console");
    assert_ne!(browser.cookie("vestibule").map(str::to_owned), before, "a session of its own");
    assert_eq!(browser.get("/console").await.status, StatusCode::OK);
    assert_eq!(browser.get(HALFWAY).await.location(), "/sign-in", "nothing is left to show");
}

async fn it_ends_after_a_quarter_of_an_hour(world: World) {
    let owner = world.owner().await;
    let mut device = with_passkey(&world, &owner).await;
    demand(&world).await;
    let mut browser = Browser::new(&world);
    by_password(&mut browser).await;
    let begun = script(&mut browser, "begin_passkey_proof", "").await;
    let answer = device.sign(&read(&begun)).await.unwrap();
    world.env.pass(15 * MINUTE + 1);
    let done = finish(&mut browser, "finish_passkey_proof", &begun, &answer, "").await;
    assert_eq!(done["problem"], "forbidden");
    for page in ["/console", HALFWAY] {
        assert_eq!(browser.get(page).await.location(), "/sign-in", "{page}");
    }
    assert_eq!(script(&mut browser, "begin_passkey_proof", "").await["problem"], "forbidden");
}

async fn who_has_none_makes_one_first_and_only_one(world: World) {
    world.owner().await;
    demand(&world).await;
    let (mut browser, mut thief) = (Browser::new(&world), Browser::new(&world));
    for browser in [&mut browser, &mut thief] {
        assert_eq!(by_password(browser).await, HALFWAY);
        browser.get(HALFWAY).await.shows("Set up your passkey").shows("data-passkey=\"create\"");
    }
    let begun = [script(&mut browser, "begin_passkey", "").await, script(&mut thief, "begin_passkey", "").await];
    let (mut device, mut other) = (Device::default(), Device::default());
    let answer = device.make(&read(&begun[0])).await.unwrap();
    let done = finish(&mut browser, "finish_passkey", &begun[0], &answer, "").await;
    assert_eq!((&done["problem"], &done["next"]), (&Value::Null, &"/console".into()));
    assert_eq!(browser.get("/console").await.status, StatusCode::OK);

    let answer = other.make(&read(&begun[1])).await.unwrap();
    let done = finish(&mut thief, "finish_passkey", &begun[1], &answer, "").await;
    assert_eq!(done["problem"], "has-method");
    assert_eq!(thief.get("/console").await.location(), HALFWAY);
    thief.get(HALFWAY).await.shows("Now your passkey");
    assert_eq!(world.db.count("passkey").await, 1);
}

async fn a_passkey_alone_lets_in(world: World) {
    let owner = world.owner().await;
    let mut device = with_passkey(&world, &owner).await;
    demand(&world).await;
    let mut browser = Browser::new(&world);
    assert_eq!(by_passkey(&mut browser, &mut device).await, "/console");
    assert_eq!(browser.get("/console").await.status, StatusCode::OK);
    // A password that is changed in between takes nothing of it away.
    let fields = [("old", secret_word()), ("password", "nine quiet rivers run".to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(browser.post("/do/set_own_password", &fields).await.location(), "/me?done=password");
    assert_eq!(browser.get("/console").await.status, StatusCode::OK);
}

async fn the_rule_is_made_by_who_has_a_passkey_and_holds_at_once(world: World) {
    let owner = world.owner().await;
    let mut browser = Browser::signed_in(&world, OWNER).await;
    let mut form = crate::keys::policy_form("3");
    form.push(("policy[admin_passkey]", "true"));
    let refusal = browser.post("/do/change_policy", &form).await;
    assert_eq!(refusal.location(), "/console/settings?typed=kept&problem=passkey-needed");
    let page = browser.get(refusal.location()).await;
    page.shows("you need a passkey yourself first").shows("name=\"policy[admin_passkey]\" value=\"true\" checked");
    assert_eq!(world.vestibule.organization(&world.organization).await.unwrap().policy, Policy::default());

    let mut device = with_passkey(&world, &owner).await;
    let done = browser.post("/do/change_policy", &form).await;
    assert_eq!(done.location(), "/console/settings?done=policy-changed");
    assert_eq!(browser.get(done.location()).await.location(), HALFWAY, "and asked for it, not shut out");
    assert_eq!(prove(&mut browser, &mut device, "").await, "/console");
    form.retain(|(name, _)| *name != "policy[admin_passkey]");
    assert_eq!(browser.post("/do/change_policy", &form).await.location(), "/console/settings?done=policy-changed");
    assert_eq!(by_password(&mut browser.other()).await, "/console");
}

async fn others_come_in_as_before(world: World) {
    let owner = world.owner().await;
    with_passkey(&world, &owner).await;
    let ada = address("ada@acme.example");
    let ada = world.vestibule.create_administrator(&ada, "Ada", Role::Viewer, secret_word()).await.unwrap();
    world.vestibule.grant_role(&owner, &ada, None).await.unwrap();
    demand(&world).await;
    let mut browser = Browser::new(&world);
    let form = [("username", "ada@acme.example"), ("password", &secret_word())];
    assert_eq!(browser.post("/do/sign_in", &form).await.location(), "/me");
    // With the role comes the rule.
    world.vestibule.grant_role(&owner, &ada, Some(Role::Viewer)).await.unwrap();
    assert_eq!(browser.get("/me").await.location(), HALFWAY);
    assert_eq!(browser.post("/do/sign_out", &[]).await.location(), "/sign-in?done=signed-out");
    assert_eq!(browser.get("/me").await.location(), "/sign-in");
}

async fn an_administrator_asks_it_of_themselves(world: World) {
    let owner = world.owner().await;
    let mut browser = Browser::signed_in(&world, OWNER).await;
    assert!(!browser.get("/me").await.body.contains("ask_own_passkey"), "there is none to ask for");
    let asks = [("asks", "true")];
    assert_eq!(browser.post("/do/ask_own_passkey", &asks).await.location(), "/me?problem=passkey-needed");
    let mut device = with_passkey(&world, &owner).await;
    browser.get("/me").await.shows("Ask for a passkey as well");
    assert_eq!(browser.post("/do/ask_own_passkey", &asks).await.location(), "/me?done=saved");
    assert_eq!(browser.get("/me").await.location(), HALFWAY);
    assert_eq!(by_password(&mut browser.other()).await, HALFWAY);
    assert_eq!(prove(&mut browser, &mut device, "").await, "/console");
    browser.get("/me").await.shows("name=\"asks\" value=\"true\" checked");
    // Ending it is for who is surely there.
    world.env.pass(15 * MINUTE + 1);
    assert_eq!(browser.post("/do/ask_own_passkey", &[]).await.location(), "/confirm?back=%2Fme");
    assert_eq!(prove(&mut browser, &mut device, "/me").await, "/me?done=confirmed");
    assert_eq!(browser.post("/do/ask_own_passkey", &[]).await.location(), "/me?done=saved");
    assert_eq!(by_password(&mut browser.other()).await, "/console");
}

async fn by_password(browser: &mut Browser) -> String {
    let form = [("username", OWNER), ("password", &secret_word())];
    browser.post("/do/sign_in", &form).await.location().to_owned()
}

/// Signs in with the passkey of a device alone; gives where it leads.
pub async fn by_passkey(browser: &mut Browser, device: &mut Device) -> String {
    let begun = script(browser, "begin_passkey_sign_in", "").await;
    let answer = device.sign(&read(&begun)).await.unwrap();
    let done = finish(browser, "finish_passkey_sign_in", &begun, &answer, "").await;
    done["next"].as_str().unwrap().to_owned()
}

/// Shows the passkey of a device as the page's script does; gives where it leads.
pub async fn prove(browser: &mut Browser, device: &mut Device, back: &str) -> String {
    let begun = script(browser, "begin_passkey_proof", &format!("back={}", encoded(back))).await;
    let answer = device.sign(&read(&begun)).await.unwrap();
    let done = finish(browser, "finish_passkey_proof", &begun, &answer, back).await;
    done["next"].as_str().unwrap().to_owned()
}

async fn finish(browser: &mut Browser, action: &str, begun: &Value, answer: &str, back: &str) -> Value {
    let ceremony = begun["ceremony"].as_str().unwrap();
    let form = format!("ceremony={ceremony}&credential={}&back={}", encoded(answer), encoded(back));
    script(browser, action, &form).await
}

/// What a script gets from a server function.
pub async fn script(browser: &mut Browser, action: &str, form: &str) -> Value {
    let mut request = Browser::form(&format!("/do/{action}"), form.to_owned());
    request.headers_mut().insert(http::header::ACCEPT, "application/json".parse().unwrap());
    serde_json::from_str(&browser.send(request).await.body).unwrap()
}

fn read(begun: &Value) -> Begun {
    let options = begun["options"].as_str().expect("a ceremony");
    let ceremony = begun["ceremony"].as_str().unwrap().to_owned();
    Begun { ceremony, options: serde_json::from_str(options).unwrap_or_else(|_| panic!("{begun}")) }
}

/// Gives an administrator a passkey.
pub async fn with_passkey(world: &World, admin: &Admin) -> Device {
    let person = world.vestibule.visitor(admin.user_id()).await.unwrap().unwrap().person();
    let (begun, mut device) = (world.vestibule.begin_passkey(&person).await.unwrap(), Device::default());
    let credential = device.make(&begun).await.unwrap();
    let ceremony = begun.ceremony.clone();
    let answer = Answer { ceremony, credential, name: String::new(), user_agent: String::new() };
    world.vestibule.finish_passkey(&person, &answer).await.unwrap();
    device
}

async fn demand(world: &World) {
    let rule = Policy { admin_passkey: true, ..Policy::default() };
    world.vestibule.set_policy(&world.organization, &rule).await.unwrap();
}
