//! What works no more says why, each end in its own words, and what to do now.

use vestibule_core::{
    actor::Admin,
    code_request::CodeRequest,
    env::{DAY, HOUR, MINUTE},
    invite::InviteForm,
    outbox::Drawn,
};

use crate::{
    browser::Browser,
    support::{World, address, by_link, people::form, secret_word},
};

const OLGA: &str = "olga@acme.example";
const GRACE: &str = "grace@navy.example";

both! {
    an_expired_invite_says_whom_to_ask_and_offers_no_code,
    each_end_of_a_reset_reads_differently,
    each_end_of_a_link_for_a_passkey_reads_differently,
    a_code_for_a_new_password_that_is_over_speaks_of_passwords,
}

async fn an_expired_invite_says_whom_to_ask_and_offers_no_code(world: World) {
    let owner = world.owner().await;
    let invited = InviteForm { lifetime: Some(DAY), ..form(GRACE) };
    let invited = world.vestibule.invite(&owner, invited).await.unwrap();
    let drawn = world.mailed(&invited.challenge_id).await;
    world.env.pass(DAY);
    let mut browser = Browser::with_mail(&world);
    let page = browser.get(&format!("/invite/{}", drawn.token.reveal())).await.location().to_owned();
    let over = browser.get(&page).await;
    over.shows("This invite has expired")
        .shows("It could be accepted until 2025-")
        .shows("Ask Olga Owner to invite you");
    over.hides("/do/resend").hides("Send me a code").hides("/do/sign_in_instead");

    let entered = [("email", GRACE), ("code", &*drawn.code.grouped())];
    let refused = browser.post("/do/verify_address", &entered).await.location().to_owned();
    assert_eq!(refused, "/?problem=invite-expired");
    let over = browser.get(&refused).await;
    over.shows("This invite has expired").shows("Ask whoever invited you").hides("Send me a code");
    let asked = browser.post("/do/resend", &[("challenge", &*invited.challenge_id), ("invite", "true")]).await;
    assert!(asked.location().starts_with(&page), "{}", asked.location());
}

/// The mail by which somebody chooses a new password, and the page of its link in their browser.
async fn reset(world: &World, browser: &mut Browser) -> (Drawn, String) {
    world.vestibule.forgot_password(&address(OLGA), None).await.unwrap();
    let drawn = world.deliver().await.into_iter().find_map(|letter| letter.secret).unwrap();
    let page = browser.get(&format!("/reset/{}", drawn.token.reveal())).await.location().to_owned();
    (drawn, page)
}

async fn each_end_of_a_reset_reads_differently(world: World) {
    let owner = world.owner().await;
    world.prove_own(&owner).await;
    let mut browser = Browser::with_mail(&world);
    let (drawn, page) = reset(&world, &mut browser).await;
    browser.get(&page).await.shows("Choose a new password");
    let chosen = [("challenge", drawn.challenge_id.as_str()), ("password", "another fine long word")];
    assert_eq!(browser.post("/do/reset_password_by_link", &chosen).await.location(), "/sign-in?done=password");
    browser.get(&format!("/reset/{}", drawn.token.reveal())).await;
    let used = browser.get(&page).await;
    used.shows("This link has been used").shows("A new password was chosen with it").shows("href=\"/forgot\"");
    used.shows("/do/sign_in_instead").hides("is verified");

    world.env.pass(HOUR);
    let (_, page) = reset(&world, &mut browser).await;
    world.env.pass(DAY);
    let expired = browser.get(&page).await;
    expired.shows("This link has expired").shows("Your password is as it was").shows("href=\"/forgot\"");
}

async fn passkey_mail(world: &World, owner: &Admin) -> Drawn {
    let user_id = world.db.texts(&format!("SELECT user_id FROM email WHERE canonical = '{GRACE}'")).await.remove(0);
    let issued = world.vestibule.request_passkey_link(owner, &user_id, CodeRequest::default()).await.unwrap();
    world.mailed(&issued.challenge_id).await
}

async fn each_end_of_a_link_for_a_passkey_reads_differently(world: World) {
    let owner = world.owner().await;
    let (_, invite) = world.invite_mailed(&owner, GRACE).await;
    let redeemed = world.vestibule.redeem(by_link(&invite.token)).await.unwrap();
    world.vestibule.set_first_password(&redeemed, secret_word()).await.unwrap();
    world.env.pass(5 * MINUTE);
    let (used, mut browser) = (passkey_mail(&world, &owner).await, Browser::with_mail(&world));
    let page = browser.get(&format!("/passkey/{}", used.token.reveal())).await.location().to_owned();
    assert_eq!(browser.post("/do/redeem_passkey", &[("challenge", &used.challenge_id)]).await.location(), "/passkey");
    let mut later = browser.other();
    later.get(&format!("/passkey/{}", used.token.reveal())).await;
    later.get(&page).await.shows("This link has been used").shows("If you have a passkey by now").shows("Sign in");

    world.env.pass(5 * MINUTE);
    let expired = passkey_mail(&world, &owner).await;
    world.env.pass(30 * DAY);
    let page = later.get(&format!("/passkey/{}", expired.token.reveal())).await.location().to_owned();
    later.get(&page).await.shows("This link has expired").shows("Ask an administrator for a new one");
    later.get("/passkey/nothing").await.shows("This link no longer works");
}

async fn a_code_for_a_new_password_that_is_over_speaks_of_passwords(world: World) {
    world.owner().await;
    let mut browser = Browser::with_mail(&world);
    let used = browser.get("/reset?problem=used").await;
    used.shows("Choose a new password").shows("A new password was chosen with it").hides("is verified");
    // A code that was typed is no link.
    used.hides("This link");
    browser.get("/passkey?problem=used").await.shows("If you have a passkey by now").hides("is verified");
}
