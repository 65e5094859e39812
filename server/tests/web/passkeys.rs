//! Passkeys through the router: who is offered one, what the script is told, where a mail's link leads. Ceremonies with
//! a device are the core's tests and the browser's.

use axum::body::Body;
use http::{Request, header};
use serde_json::Value;
use vestibule_core::{
    Vestibule,
    code_request::CodeRequest,
    organization::{Method, Policy},
};

use crate::{
    browser::{Answer, Browser},
    support::{World, secret_word},
};

both! {
    a_passkey_is_offered_beside_the_other_ways,
    where_browsers_make_none_nobody_is_offered_one,
    what_the_policy_leaves_out_is_not_offered,
    the_script_gets_a_ceremony_and_what_came_of_it,
    an_answer_that_is_none_leads_back_with_a_word,
    looking_at_a_link_changes_nothing_and_a_press_leads_to_the_passkey_alone,
    a_code_for_a_passkey_is_entered_with_its_address,
    ones_own_passkeys_are_ones_own,
}

async fn a_passkey_is_offered_beside_the_other_ways(world: World) {
    let mut browser = invited(&world).await;
    let page = browser.get("/welcome").await;
    page.shows("data-passkey=\"create\"").shows("Set up a passkey").shows("A passkey needs JavaScript");
    page.shows("Set password").shows("/passkey.js\"");
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
    let script = page.body.split("<script").find(|tag| tag.contains("passkey.js")).unwrap();
    assert!(script.contains(&format!("nonce=\"{nonce}\"")), "{script}");
    let part = page.body.split("<div").find(|tag| tag.contains("data-passkey=\"create\"")).unwrap();
    assert!(part.split('>').next().unwrap().contains(" hidden"), "until the script knows that it can: {part}");
    let page = browser.other().get("/sign-in").await;
    page.shows("data-passkey=\"sign-in\"").shows("autocomplete=\"username webauthn\"");
    page.shows("Sign in with a passkey");
}

async fn where_browsers_make_none_nobody_is_offered_one(world: World) {
    let mut bare = world.clone();
    bare.vestibule = world.vestibule.clone().with_relying_party("http://192.0.2.7:3000");
    let mut browser = invited(&bare).await;
    for path in ["/welcome", "/sign-in"] {
        let page = browser.get(path).await;
        assert!(!page.body.contains("data-passkey"), "{path}");
    }
    browser.get("/welcome").await.shows("Set password");
    let begun = script(&mut browser, "begin_passkey", "").await;
    assert_eq!((&begun["problem"], &begun["next"]), (&"passkeys-off".into(), &"/welcome?problem=passkeys-off".into()));
}

async fn what_the_policy_leaves_out_is_not_offered(world: World) {
    let mut browser = invited(&world).await;
    for (method, passkey, password) in [(Method::Passkey, true, false), (Method::Password, false, true)] {
        let policy = Policy { first_methods: vec![method], ..Policy::default() };
        world.vestibule.set_policy(&world.organization, &policy).await.unwrap();
        let page = browser.get("/welcome").await;
        assert_eq!(page.body.contains("data-passkey=\"create\""), passkey, "{method}");
        assert_eq!(page.body.contains("name=\"password\""), password, "{method}");
    }
}

async fn the_script_gets_a_ceremony_and_what_came_of_it(world: World) {
    let mut browser = invited(&world).await;
    let begun = script(&mut browser, "begin_passkey", "").await;
    let options: Value = serde_json::from_str(begun["options"].as_str().unwrap()).unwrap();
    assert_eq!((&begun["problem"], &options["user"]["displayName"]), (&Value::Null, &"Grace Hopper".into()));
    let ceremony = begun["ceremony"].as_str().unwrap();
    assert_eq!(world.db.texts("SELECT id FROM ceremony").await, [ceremony]);

    let done = script(&mut browser, "finish_passkey", &format!("ceremony={ceremony}&credential=%7B%7D")).await;
    assert_eq!((&done["problem"], &done["next"]), (&"passkey".into(), &"/welcome?problem=passkey".into()));
    browser.get("/welcome?problem=passkey").await.shows("nothing was stored");
    let again = script(&mut browser, "finish_passkey", &format!("ceremony={ceremony}&credential=%7B%7D")).await;
    assert_eq!(again["next"], "/welcome?problem=ceremony-over");
    browser.get("/welcome?problem=ceremony-over").await.shows("That took too long.");
    assert_eq!((world.db.count("passkey").await, world.db.count("ceremony").await), (0, 0));

    let mut stranger = browser.other();
    let refused = script(&mut stranger, "begin_passkey", "").await;
    assert_eq!(refused["next"], "/welcome?problem=setup-over");
}

async fn an_answer_that_is_none_leads_back_with_a_word(world: World) {
    let mut browser = Browser::new(&world);
    let begun = script(&mut browser, "begin_passkey_sign_in", "").await;
    let form = format!("ceremony={}&credential=%7B%7D", begun["ceremony"].as_str().unwrap());
    let done = script(&mut browser, "finish_passkey_sign_in", &form).await;
    assert_eq!(done["next"], "/sign-in?problem=passkey-sign-in");
    browser.get("/sign-in?problem=passkey-sign-in").await.shows("does not let anybody in here");
    let done = script(&mut browser, "finish_passkey_sign_in", &form).await;
    assert_eq!(done["next"], "/sign-in?problem=ceremony-over");
    let mut request = Browser::form("/do/begin_passkey_sign_in", "");
    request.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(browser.send(request).await.status, 403);
}

async fn looking_at_a_link_changes_nothing_and_a_press_leads_to_the_passkey_alone(world: World) {
    let (drawn, mut browser) = (mailed(&world).await, Browser::new(&world));
    let before = world.db.dump().await;
    let path = format!("/passkey/{}", drawn.token.reveal());
    let moved = browser.get(&path).await;
    assert_eq!(moved.location(), format!("/passkey/{}", drawn.challenge_id));
    browser.get(moved.location()).await.shows("gr•••@navy.example").shows("Go on");
    assert_eq!(world.db.dump().await, before);

    let pressed = browser.post("/do/redeem_passkey", &[("challenge", &drawn.challenge_id)]).await;
    assert_eq!(pressed.location(), "/passkey");
    browser.get("/passkey").await.shows("data-passkey=\"create\"").shows("Add a passkey");
    browser.get("/welcome").await.shows("That took a little long");
    let password = browser.post("/do/set_password", &[("password", &secret_word())]).await;
    assert_eq!(password.location(), "/welcome?problem=has-method");
    assert_eq!(browser.get("/me").await.location(), "/sign-in", "it signs nobody in");
    let begun = script(&mut browser, "begin_passkey", "").await;
    assert_eq!(begun["problem"], Value::Null);

    let mut later = browser.other();
    let moved = later.get(&path).await;
    later.get(moved.location()).await.shows("This link has been used");
    later.get("/passkey/nothing").await.shows("This link no longer works");
}

async fn a_code_for_a_passkey_is_entered_with_its_address(world: World) {
    let (drawn, mut browser) = (mailed(&world).await, Browser::new(&world));
    browser.get("/passkey").await.shows("the code from the mail");
    let code = drawn.code.grouped();
    let stranger = browser.post("/do/redeem_passkey_at", &[("email", "no@navy.example"), ("code", &code)]).await;
    assert_eq!(stranger.location(), "/passkey?problem=wrong&left=4");
    browser.get(stranger.location()).await.shows("Tries left: 4.").shows("value=\"no@navy.example\"");
    let known = browser.post("/do/redeem_passkey_at", &[("email", "Grace@NAVY.example"), ("code", &code)]).await;
    assert_eq!(known.location(), "/passkey");
    browser.get("/passkey").await.shows("data-passkey=\"create\"");
}

async fn ones_own_passkeys_are_ones_own(world: World) {
    world.owner().await;
    let mut owner = Browser::signed_in(&world, "olga@acme.example").await;
    owner.get("/me").await.shows("Passkeys").shows("Add a passkey");
    for action in ["rename_passkey", "remove_passkey"] {
        let form = [("passkey", "nothing"), ("name", "Mine")];
        assert!(owner.post(&format!("/do/{action}"), &form).await.location().starts_with("/me?problem="));
        assert!(owner.other().post(&format!("/do/{action}"), &form).await.location().ends_with("problem=forbidden"));
    }
}

/// A browser whose owner has accepted an invite.
async fn invited(world: &World) -> Browser {
    let owner = world.owner().await;
    let (invited, drawn) = world.invite_mailed(&owner, "grace@navy.example").await;
    let mut browser = Browser::new(world);
    browser.get(&format!("/invite/{}", drawn.token.reveal())).await;
    let accepted = browser.post("/do/accept_invite", &[("challenge", &invited.challenge_id)]).await;
    assert_eq!(accepted.location(), "/welcome");
    browser
}

/// What a mail about a passkey held, to somebody who has a password.
async fn mailed(world: &World) -> vestibule_core::outbox::Drawn {
    let mut browser = invited(world).await;
    let set = browser.post("/do/set_password", &[("password", &secret_word())]).await;
    assert_eq!(set.location(), "/welcome/done");
    let user_id = world.db.texts("SELECT user_id FROM email WHERE canonical = 'grace@navy.example'").await.remove(0);
    let owner = world.db.texts("SELECT user_id FROM administrator").await.remove(0);
    let (vestibule, owner): (&Vestibule, _) = (&world.vestibule, world.admin(&owner).await);
    let issued = vestibule.request_passkey_link(&owner, &user_id, CodeRequest::default()).await.unwrap();
    world.mailed(&issued.challenge_id).await
}

/// What a script gets from a server function.
async fn script(browser: &mut Browser, action: &str, form: &str) -> Value {
    let mut request: Request<Body> = Browser::form(&format!("/do/{action}"), form.to_owned());
    request.headers_mut().insert(header::ACCEPT, "application/json".parse().unwrap());
    let Answer { status, body, .. } = browser.send(request).await;
    assert_eq!(status, 200, "{body}");
    serde_json::from_str(&body).unwrap()
}
