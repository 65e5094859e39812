//! Bad input and hostile requests.

use axum::body::Body;
use http::{Request, StatusCode};
use tower::ServiceExt;
use vestibule_server::{
    config::{Config, Sources},
    web,
};

use crate::{
    browser::{Browser, encoded},
    support::World,
};

both! {
    cross_site_requests_are_refused,
    bodies_that_cannot_be_read_are_refused,
    a_script_gets_json,
    odd_signs_do_no_harm,
    pages_carry_their_guards,
    only_this_host_is_bound_to_tls,
    what_cannot_be_stored_is_told,
}

/// Another site cannot make the browser act.
async fn cross_site_requests_are_refused(world: World) {
    let mut browser = Browser::new(&world);
    for (name, value) in
        [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "http://evil.example")]
    {
        let request = Request::post("/do/sign_out").header(name, value);
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(Body::empty()).unwrap();
        let answer = browser.send(request).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {value}");
        answer.shows("<h1>This request did not come from a page of this site.</h1>");
    }
}

/// Too large, unreadable, unknown: told so by status.
async fn bodies_that_cannot_be_read_are_refused(world: World) {
    let mut browser = Browser::new(&world);
    let large = browser.send(Browser::form("/do/verify", format!("challenge=a&code={}", "B".repeat(10 << 20)))).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE, "{large:?}");
    assert_eq!(large.headers["content-type"], "text/html; charset=utf-8", "a person sees it");
    large.shows("<h1>The form is too large.</h1>").shows(r#"href="/""#);
    assert!(large.headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'; style-src"));
    assert_eq!(large.headers["cache-control"], "no-store");
    for body in ["", "code=1", "%%%", "\0\0", "{\"challenge\":1}"] {
        let answer = browser.send(Browser::form("/do/verify", body)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body:?}");
        answer.shows("<h1>The form could not be read: a field is missing or malformed.</h1>");
    }
    let unknown = browser.send(Browser::form("/do/nothing", "a=b")).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/do/sign_out").await.status, StatusCode::METHOD_NOT_ALLOWED);
    let request = Request::delete("/").header("sec-fetch-site", "same-origin").body(Body::empty()).unwrap();
    assert_eq!(browser.send(request).await.status, StatusCode::METHOD_NOT_ALLOWED);
}

/// A script gets the same outcome as JSON.
async fn a_script_gets_json(world: World) {
    let mut browser = Browser::new(&world);
    let request = Request::post("/do/verify_address")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from("email=nobody@example.com&code=what"))
        .unwrap();
    let answer = browser.send(request).await;
    assert_eq!(answer.body, r#"{"next":"/?problem=unreadable","problem":"unreadable"}"#);
}

/// NULs and other odd signs in any field are refused or shown as text, on both engines.
async fn odd_signs_do_no_harm(world: World) {
    world.owner().await;
    let mut console = Browser::signed_in(&world, "olga@acme.example").await;
    for odd in ["\0", "a\0b", "\u{202e}", "'; DROP TABLE users; --", "%00", "\u{feff}"] {
        let fields = [
            ("user", odd),
            ("email", odd),
            ("reason", odd),
            ("challenge", odd),
            ("code", odd),
            ("username", odd),
            ("password", odd),
            ("name", odd),
            ("language", odd),
            ("invite", odd),
            ("message", odd),
            ("back", odd),
        ];
        for action in [
            "mark_verified",
            "verify",
            "verify_address",
            "request_code",
            "add_address",
            "invite",
            "hand_over",
            "retry_message",
            "revoke_invite",
            "resend",
            "disable",
            "accept_invite",
            "sign_in",
        ] {
            let answer = console.post(&format!("/do/{action}"), &fields).await;
            assert!(
                answer.status.is_redirection() || answer.status.is_client_error(),
                "{action} {odd:?}: {}",
                answer.status
            );
            if answer.status.is_redirection() {
                assert_ne!(answer.location(), "/unavailable", "{action} {odd:?}");
            }
        }
        let search = encoded(odd);
        for page in ["users", "deliveries", "invites"] {
            assert_eq!(
                console.get(&format!("/console/{page}?search={search}xyz&state={search}")).await.status,
                StatusCode::OK
            );
        }
        assert_eq!(console.get(&format!("/console/users/{search}")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(console.get(&format!("/verify/{search}")).await.status, StatusCode::NOT_FOUND);
    }
}

/// Pages carry the policy that lets only them run, and are kept in no cache.
async fn pages_carry_their_guards(world: World) {
    let mut browser = Browser::new(&world);
    let (one, two) = (browser.get("/").await, browser.get("/").await);
    let policy =
        |answer: &crate::browser::Answer| answer.headers["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy(&one).starts_with("default-src 'none'; script-src 'nonce-"));
    assert_ne!(policy(&one), policy(&two), "a nonce is used once");
    assert_eq!(one.headers["cache-control"], "no-store");
    assert_eq!(one.headers["x-content-type-options"], "nosniff");
    assert!(!one.body.contains("style="), "the policy refuses styles in attributes");
    assert_eq!(browser.get("/healthz").await.status, StatusCode::OK);
    assert_eq!(browser.get("/readyz").await.status, StatusCode::OK);
}

/// Other hosts of the domain may do without.
async fn only_this_host_is_bound_to_tls(world: World) {
    let mut config = Config::read(&Sources::default()).unwrap();
    config.public_url = "https://vestibule.example".parse().unwrap();
    let request = Request::get("/").body(Body::empty()).unwrap();
    let answer = web::router(world.vestibule.clone(), &config).oneshot(request).await.unwrap();
    assert_eq!(answer.headers()["strict-transport-security"], "max-age=31536000");
}

/// A database that refuses a session makes a 503, and everything works again when it does.
async fn what_cannot_be_stored_is_told(world: World) {
    let mut browser = Browser::new(&world);
    let form = [("email", "grace@example.com"), ("code", "what?")];
    world.db.break_inserts("session").await;
    let refused = browser.post("/do/verify_address", &form).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    refused.shows("<h1>Something on our side is not answering.");
    world.db.mend("session").await;
    assert_eq!(browser.post("/do/verify_address", &form).await.location(), "/?problem=unreadable");
}
