//! Without SMTP: nothing is sent, pages say so, and what an administrator handed over goes on working.

use vestibule_core::env::{HOUR, MINUTE};

use crate::{
    browser::Browser,
    support::{World, address, by_link, people::form, secret_word},
};

const OWNER: &str = "olga@acme.example";
const GRACE: &str = "grace@example.com";
const NO_MAIL: &str = "This service sends no mail at present.";

both! {
    nobody_ends_a_code_that_was_handed_over,
    strangers_are_answered_alike,
    pages_offer_no_mail,
    an_invite_that_is_sent_again_is_handed_over,
    a_new_password_is_not_asked_for_by_mail,
}

async fn nobody_ends_a_code_that_was_handed_over(world: World) {
    let owner = world.owner().await;
    let person = world.person(&owner, GRACE).await;
    let drawn = world.send_code(&owner, &person).await;
    let invited = world.invite(&owner, "ada@example.com").await;
    let invite = world.vestibule.hand_over(&owner, &invited.challenge_id).await.unwrap();
    world.env.pass(2 * MINUTE);
    let before = world.db.dump().await;
    let mut stranger = Browser::new(&world);
    for (challenge, kind) in [(&drawn.challenge_id, "verify"), (&invited.challenge_id, "invite")] {
        let form = [("challenge", challenge.as_str()), ("invite", if kind == "invite" { "true" } else { "false" })];
        assert_eq!(stranger.post("/do/resend", &form).await.location(), format!("/{kind}/{challenge}"));
    }
    assert_eq!(world.db.dump().await, before, "nothing has changed");
    for email in [GRACE, "ada@example.com"] {
        assert_eq!(stranger.post("/do/request_code", &[("email", email)]).await.location(), "/");
        assert_eq!(stranger.post("/do/forgot_password", &[("email", email)]).await.location(), "/forgot");
    }
    let form = [("email", GRACE), ("code", &drawn.code.grouped())];
    assert_eq!(stranger.post("/do/verify_address", &form).await.location(), "/verified");
    assert!(world.vestibule.redeem(by_link(&invite.token)).await.is_ok());
}

async fn strangers_are_answered_alike(world: World) {
    let owner = world.owner().await;
    world.person(&owner, GRACE).await;
    let mut told = Vec::new();
    for email in [GRACE, OWNER, "nobody@example.com"] {
        let mut stranger = Browser::new(&world);
        let asked = stranger.post("/do/request_code", &[("email", email)]).await.location().to_owned();
        let page = stranger.get(&asked).await;
        page.shows(NO_MAIL);
        let forgot = stranger.post("/do/forgot_password", &[("email", email)]).await.location().to_owned();
        told.push((asked, page.status, forgot));
    }
    assert!(told.iter().all(|answer| *answer == told[0]), "{told:?}");
}

async fn pages_offer_no_mail(world: World) {
    let owner = world.owner().await;
    let person = world.person(&owner, GRACE).await;
    let drawn = world.send_code(&owner, &person).await;
    let (invited, _) = world.invite_mailed(&owner, "ada@example.com").await;
    let verify = format!("/verify/{}", drawn.challenge_id);
    let pages = ["/", &verify, &format!("/invite/{}", invited.challenge_id), "/forgot"];
    let (mut without, mut with) = (Browser::new(&world), Browser::with_mail(&world));
    for page in pages {
        without
            .get(page)
            .await
            .shows(NO_MAIL)
            .hides("/do/resend")
            .hides("/do/request_code")
            .hides("/do/forgot_password");
        with.get(page).await.shows("/do/").hides(NO_MAIL);
    }
    with.get("/").await.shows("/do/request_code");
    with.get(&verify).await.shows("/do/resend");
    world.env.pass(HOUR);
    without.get(&verify).await.shows("This code has expired").shows(NO_MAIL).hides("/do/resend");
    with.get(&verify).await.shows("This code has expired").shows("Send me a code");
}

async fn an_invite_that_is_sent_again_is_handed_over(world: World) {
    let owner = world.owner().await;
    let invited = world.invite(&owner, GRACE).await;
    let first = world.vestibule.hand_over(&owner, &invited.challenge_id).await.unwrap();
    world.env.pass(2 * MINUTE);
    let mut console = Browser::signed_in(&world, OWNER).await;
    let again = [("invite", invited.id.as_str()), ("user", &invited.user_id)];
    let handed = console.post("/do/resend_invite", &again).await.location().to_owned();
    assert_eq!(handed, format!("/console/hand-over?challenge={}", invited.challenge_id));
    let page = console.get(&handed).await;
    page.shows("/invite/").hides(first.token.reveal());
    let link = page.body.split("vestibule.example").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    let mut person = console.other();
    let invite = person.get(&link).await.location().to_owned();
    let accept = [("challenge", invited.challenge_id.as_str())];
    person.get(&invite).await.shows("Accept the invite");
    assert_eq!(person.post("/do/accept_invite", &accept).await.location(), "/welcome");

    world.env.pass(2 * MINUTE);
    let mut mailing = Browser::with_mail(&world);
    mailing.sign_in(OWNER).await;
    let other = world.vestibule.invite(&owner, form("ada@example.com")).await.unwrap();
    world.env.pass(2 * MINUTE);
    let sent = mailing.post("/do/resend_invite", &[("invite", &other.id)]).await;
    assert_eq!(sent.location(), "/console/invites?done=invited");
}

async fn a_new_password_is_not_asked_for_by_mail(world: World) {
    let owner = world.owner().await;
    world.prove_own(&owner).await;
    world.vestibule.forgot_password(&address(OWNER), None).await.unwrap();
    let drawn = world.deliver().await.into_iter().find_map(|letter| letter.secret).unwrap();
    world.env.pass(2 * MINUTE);
    let mut person = Browser::new(&world);
    person.post("/do/forgot_password", &[("email", OWNER)]).await;
    let code = drawn.code.grouped();
    let form = [("email", OWNER), ("code", &code), ("password", &format!("{} again", secret_word()))];
    assert_eq!(person.post("/do/reset_password", &form).await.location(), "/sign-in?done=password");
}
