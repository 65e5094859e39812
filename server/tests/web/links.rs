//! Rules 2 and 9: looking changes nothing, and links are built from the public URL.

use http::{StatusCode, header};

use vestibule_core::{code_request::CodeRequest, env::HOUR};

use crate::{
    browser::Browser,
    support::{World, address, secret_word},
};

both! {
    looking_at_a_link_changes_nothing,
    an_invite_leads_to_a_password_and_then_is_used,
    the_set_up_link_works_once,
    signs_behind_a_link_do_not_keep_its_secret_in_view,
    an_unknown_link_says_so,
    only_the_holder_declines,
    a_link_is_spent_on_its_own_page_alone,
    a_used_link_of_a_reset_speaks_of_passwords,
    who_cannot_sign_in_is_offered_no_new_password,
}

/// Rule 2: GET and HEAD of an invite's link, however often and by whomever, change nothing at all.
async fn looking_at_a_link_changes_nothing(world: World) {
    let owner = world.owner().await;
    let (invited, drawn) = world.invite_mailed(&owner, "grace@example.com").await;
    let link = format!("/invite/{}", drawn.token.reveal());
    let before = world.db.dump().await;
    let mut browser = Browser::new(&world);
    for _ in 0..5 {
        let redirect = browser.get(&link).await;
        assert_eq!(redirect.status, StatusCode::SEE_OTHER);
        let clean = format!("/invite/{}", invited.challenge_id);
        assert_eq!(redirect.location(), clean);
        assert_eq!(redirect.headers[header::REFERRER_POLICY], "no-referrer");
        assert_eq!(redirect.headers[header::CACHE_CONTROL], "no-store");
        browser.head(&link).await;
        browser.get(&clean).await.shows("invited you to Acme").shows("Accept the invite");
        browser.get(&format!("/decline/{}", drawn.token.reveal())).await;
        browser.get(&format!("{clean}/decline")).await.shows("Decline this invite?");
    }
    assert_eq!(world.db.dump().await, before);
}

/// The whole way of an invited person without script.
async fn an_invite_leads_to_a_password_and_then_is_used(world: World) {
    let owner = world.owner().await;
    let (invited, drawn) = world.invite_mailed(&owner, "grace@example.com").await;
    let mut browser = Browser::new(&world);
    browser.get(&format!("/invite/{}", drawn.token.reveal())).await;
    let accept = [("challenge", invited.challenge_id.as_str())];
    assert_eq!(browser.post("/do/accept_invite", &accept).await.location(), "/welcome");
    browser.get("/welcome").await.shows("At least 12 characters");
    assert_eq!(browser.get("/console").await.location(), "/sign-in", "a set-up session is no sign-in");
    assert_eq!(browser.get("/me").await.location(), "/sign-in", "verifying alone signs nobody in");

    let short = browser.post("/do/set_password", &[("password", "short")]).await;
    assert_eq!(short.location(), "/welcome?problem=password-short&min=12");
    browser.get(short.location()).await.shows("Use at least 12 characters");
    assert_eq!(browser.post("/do/set_password", &[("password", &secret_word())]).await.location(), "/welcome/done");
    browser.get("/me").await.shows("grace@example.com").shows("Verified");

    let mut later = browser.other();
    later.get(&format!("/invite/{}", drawn.token.reveal())).await;
    later.get(&format!("/invite/{}", invited.challenge_id)).await.shows("This invite has been used");
    let again = later.post("/do/accept_invite", &accept).await;
    assert_eq!(again.location(), format!("/invite/{}?problem=used", invited.challenge_id));
    assert_eq!(
        later.post("/do/set_password", &[("password", &secret_word())]).await.location(),
        "/welcome?problem=setup-over"
    );
}

/// The set-up link makes one owner.
async fn the_set_up_link_works_once(world: World) {
    let link = world.vestibule.open_setup_link().await.unwrap().unwrap();
    let mut browser = Browser::new(&world);
    assert_eq!(browser.get(&format!("/setup/{}", link.reveal())).await.location(), "/setup");
    browser.get("/setup").await.shows("You become its first owner");
    let form = [("name", "Olga"), ("email", "olga@acme.example"), ("password", &secret_word())];
    let mut other = browser.other();
    other.get(&format!("/setup/{}", link.reveal())).await;
    assert_eq!(browser.post("/do/set_up_owner", &form).await.location(), "/console");
    browser.get("/console").await.shows("Overview");
    assert_eq!(other.post("/do/set_up_owner", &form).await.location(), "/setup?problem=link-unknown");
    other.get("/setup").await.shows("This link no longer works");
}

/// Mail programs take what follows a link for a part of it.
async fn signs_behind_a_link_do_not_keep_its_secret_in_view(world: World) {
    let owner = world.owner().await;
    let (invited, drawn) = world.invite_mailed(&owner, "grace@example.com").await;
    for behind in [".", ",", ")", "/", "%3E", "%C2%A0", "./x"] {
        let mut browser = Browser::new(&world);
        let answer = browser.get(&format!("/invite/{}{behind}", drawn.token.reveal())).await;
        assert_eq!(answer.location(), format!("/invite/{}", invited.challenge_id), "{behind}");
        browser.get(answer.location()).await.shows("Accept the invite");
    }
}

/// A token that nobody drew leads to a page that says so.
async fn an_unknown_link_says_so(world: World) {
    let mut browser = Browser::new(&world);
    for (kind, way_on) in [("reset", r#"href="/forgot""#), ("passkey", r#"href="/sign-in""#)] {
        let answer = browser.get(&format!("/{kind}/{}", "A".repeat(43))).await;
        assert_eq!(answer.location(), format!("/{kind}/unknown"));
        browser.get(answer.location()).await.shows(way_on);
    }
    let answer = browser.get(&format!("/invite/{}", "A".repeat(43))).await;
    assert_eq!(answer.location(), "/verify/unknown");
    let page = browser.get("/verify/unknown").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    page.shows("This link does not work");
}

/// A declined invite stays declined, and only who has the link can decline.
async fn only_the_holder_declines(world: World) {
    let owner = world.owner().await;
    let (invited, drawn) = world.invite_mailed(&owner, "grace@example.com").await;
    let form = [("challenge", invited.challenge_id.as_str())];
    let mut browser = Browser::new(&world);
    let page = format!("/invite/{}", invited.challenge_id);
    assert_eq!(browser.post("/do/decline_invite", &form).await.location(), format!("{page}?problem=link-unknown"));
    browser.get(&format!("/decline/{}", drawn.token.reveal())).await;
    assert_eq!(browser.post("/do/decline_invite", &form).await.location(), page);
    browser.get(&page).await.shows("This invite was declined");
}

/// Who opened one mail and then the page of another does nothing with the first one's link there.
async fn a_link_is_spent_on_its_own_page_alone(world: World) {
    let owner = world.owner().await;
    let (invited, carried) = world.invite_mailed(&owner, "ada@example.com").await;
    let (other, _) = world.invite_mailed(&owner, "eve@example.com").await;
    let person = world.person(&owner, "grace@example.com").await;
    let code = world.send_code(&owner, &person).await;
    // Past the cool-down of the code.
    world.env.pass(HOUR);
    let passkey = world.vestibule.request_passkey_link(&owner, &person.user_id, CodeRequest::default()).await;
    let passkey = passkey.unwrap().challenge_id;
    let mut browser = Browser::with_mail(&world);
    browser.get(&format!("/invite/{}", carried.token.reveal())).await;
    for (page, action) in [
        (format!("/verify/{}", code.challenge_id), "verify"),
        (format!("/invite/{}", other.challenge_id), "accept_invite"),
        (format!("/invite/{}", other.challenge_id), "decline_invite"),
        (format!("/passkey/{passkey}"), "redeem_passkey"),
    ] {
        let challenge = page.rsplit('/').next().unwrap().to_owned();
        let refused = browser.post(&format!("/do/{action}"), &[("challenge", &challenge)]).await;
        assert_eq!(refused.location(), format!("{page}?problem=link-unknown"), "{action}");
        if !page.starts_with("/verify") {
            browser.get(&page).await.shows("name=\"code\"").hides("Not you? Decline");
        }
    }
    let page = format!("/invite/{}", invited.challenge_id);
    browser.get(&page).await.shows("Not you? Decline").hides("name=\"code\"");
    let accept = [("challenge", invited.challenge_id.as_str())];
    assert_eq!(browser.post("/do/accept_invite", &accept).await.location(), "/welcome");
}

/// A reset's link that is used says so of itself, and an unknown one leads to the code.
async fn a_used_link_of_a_reset_speaks_of_passwords(world: World) {
    let owner = world.owner().await;
    world.prove_own(&owner).await;
    world.vestibule.forgot_password(&address("olga@acme.example"), None).await.unwrap();
    let drawn = world.deliver().await.into_iter().find_map(|letter| letter.secret).unwrap();
    let mut browser = Browser::with_mail(&world);
    let page = browser.get(&format!("/reset/{}", drawn.token.reveal())).await.location().to_owned();
    let form = [("challenge", drawn.challenge_id.as_str()), ("password", "another fine long word")];
    assert_eq!(browser.post("/do/reset_password_by_link", &form).await.location(), "/sign-in?done=password");
    browser.get(&format!("/reset/{}", drawn.token.reveal())).await;
    let used = browser.get(&page).await;
    used.shows("This link has been used")
        .shows("A new password was chosen with it")
        .shows("href=\"/forgot\"")
        .hides("is verified");
    browser.get("/reset/unknown").await.shows("Enter the code from the mail instead").shows("href=\"/reset\"");

    let mut policy = world.vestibule.organization(&world.organization).await.unwrap().policy;
    policy.password_min = 19;
    world.vestibule.set_policy(&world.organization, &policy).await.unwrap();
    browser.get("/reset").await.shows("At least 19 characters");
}

/// A new password is sent only to who has a way to sign in.
async fn who_cannot_sign_in_is_offered_no_new_password(world: World) {
    let owner = world.owner().await;
    let (invited, _) = world.invite_mailed(&owner, "grace@example.com").await;
    world.vestibule.revoke_invite(&owner, &invited.id).await.unwrap();
    let page = format!("/invite/{}", invited.challenge_id);
    Browser::new(&world).get(&page).await.shows("This invite was taken back").hides("href=\"/forgot\"");
}
