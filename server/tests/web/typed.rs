//! What was typed is there after a refusal and after showing again who one is, as it was typed.

use vestibule_core::{actor::Role, env::MINUTE};

use crate::{
    browser::{Browser, encoded},
    confirm::input,
    support::{World, address, secret_word},
};

const OWNER: &str = "olga@acme.example";
const GRACE: &str = "grace@example.com";

both! {
    a_reason_survives_a_confirmation_and_a_refusal,
    a_question_that_would_be_refused_is_not_asked,
    a_chosen_role_survives_a_confirmation,
    an_address_survives_a_confirmation_and_a_refusal,
    percent_signs_stay_as_they_are,
    refusals_of_forms_speak_of_the_form,
    the_address_of_a_reset_goes_along_and_nothing_secret_does,
    a_refused_password_leaves_its_form_open,
    a_refused_sign_in_is_told_where_it_can_be_read,
    strangers_keep_only_what_fits_its_field,
}

async fn old(world: &World) -> Browser {
    let browser = Browser::signed_in(world, OWNER).await;
    world.env.pass(15 * MINUTE + 1);
    browser
}

/// Follows the way to the question, answers it, and gives where it leads back to.
async fn confirm(browser: &mut Browser, asked: &str) -> String {
    let page = browser.get(asked).await;
    let back = page.body.split("name=\"back\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let back = back.replace("&amp;", "&");
    let form = [("password", secret_word()), ("back", back)];
    let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
    browser.post("/do/confirm", &form).await.location().to_owned()
}

async fn a_reason_survives_a_confirmation_and_a_refusal(world: World) {
    let owner = world.owner().await;
    let person = world.person(&owner, GRACE).await;
    let mut console = old(&world).await;
    let question = format!("/console/users/{}?ask=verify&email={}&typed=kept", person.user_id, person.email_id);
    let reason = format!("Ticket 4812: 100%20 \"sure\" {}", "and so on ".repeat(40));
    let form = [("user", person.user_id.as_str()), ("email", &person.email_id), ("reason", reason.trim())];
    let asked = console.post("/do/mark_verified", &form).await.location().to_owned();
    assert_eq!(asked, format!("/confirm?back={}", encoded(&question)), "the reason is in no address");
    let back = confirm(&mut console, &asked).await;
    assert_eq!(back, format!("{question}&done=confirmed"));
    let page = console.get(&back).await;
    page.shows("<dialog").shows(&format!("value=\"{}\"", reason.trim().replace('"', "&quot;")));

    let long = "x".repeat(501);
    let refused = [("user", person.user_id.as_str()), ("email", &person.email_id), ("reason", long.as_str())];
    let refused = console.post("/do/mark_verified", &refused).await.location().to_owned();
    assert_eq!(refused, format!("{question}&problem=text"));
    let page = console.get(&refused).await;
    page.shows("<dialog").shows(&long).shows("id=\"reason-error\" class=\"error\">Give a reason");
    console.get(&question.replace("&typed=kept", "")).await.shows("<dialog").hides(&long);

    let done = console.post("/do/mark_verified", &form).await.location().to_owned();
    assert!(done.ends_with("?done=verified"), "{done}");
    let undo = question.replace("ask=verify", "ask=unverify");
    let refused = console.post("/do/unverify", &[form[0], form[1], ("reason", " ")]).await.location().to_owned();
    assert_eq!(refused, format!("{undo}&problem=text"));
    console.get(&refused).await.shows("<dialog").shows("Give a reason");
}

/// A dialog whose answer the rules would refuse helps nobody.
async fn a_question_that_would_be_refused_is_not_asked(world: World) {
    let owner = world.owner().await;
    let person = world.person(&owner, GRACE).await;
    let login = "vera@acme.example";
    world.vestibule.create_administrator(&address(login), "Vera", Role::Viewer, secret_word()).await.unwrap();
    let (mut viewer, mut console) = (Browser::signed_in(&world, login).await, Browser::signed_in(&world, OWNER).await);
    let ask = |what: &str| format!("/console/users/{}?ask={what}&email={}", person.user_id, person.email_id);
    console.get(&ask("verify")).await.shows("<dialog");
    for what in ["verify", "unverify", "remove"] {
        viewer.get(&ask(what)).await.shows("Grace Hopper").hides("<dialog");
    }
    for what in ["unverify", "remove"] {
        console.get(&ask(what)).await.hides("<dialog");
    }
}

async fn a_chosen_role_survives_a_confirmation(world: World) {
    let owner = world.owner().await;
    let person = world.person(&owner, GRACE).await;
    let mut console = old(&world).await;
    let form = [("user", person.user_id.as_str()), ("role", "support")];
    let asked = console.post("/do/grant_role", &form).await.location().to_owned();
    let back = confirm(&mut console, &asked).await;
    console.get(&back).await.shows("<option value=\"support\" selected");
    let done = console.post("/do/grant_role", &form).await.location().to_owned();
    assert_eq!(done, format!("/console/users/{}?done=role", person.user_id));
}

async fn an_address_survives_a_confirmation_and_a_refusal(world: World) {
    let owner = world.owner().await;
    let person = world.person(&owner, GRACE).await;
    let mut console = old(&world).await;
    let asked = console.post("/do/add_own_address", &[("email", "olga+x%20@acme.example")]).await.location().to_owned();
    let back = confirm(&mut console, &asked).await;
    console.get(&back).await.shows("value=\"olga+x%20@acme.example\"");
    let refused = console.post("/do/add_own_address", &[("email", "olga@@acme")]).await.location().to_owned();
    assert_eq!(refused, "/me?problem=address&why=two-ats");
    console.get(&refused).await.shows("value=\"olga@@acme\"");
    console.get("/me").await.hides("olga@@acme");

    let form = [("user", person.user_id.as_str()), ("email", "grace@@navy")];
    let refused = console.post("/do/add_address", &form).await.location().to_owned();
    console.get(&refused).await.shows("value=\"grace@@navy\"");
}

/// Values in a page's address are decoded once.
async fn percent_signs_stay_as_they_are(world: World) {
    world.owner().await;
    let mut console = old(&world).await;
    let address = "https://a.example/cb?n=%2Fx+y&m=100%25";
    let form = [("name", "A %41 + b"), ("redirect_uris", address)];
    let asked = console.post("/do/create_app", &form).await.location().to_owned();
    let back = confirm(&mut console, &asked).await;
    let page = console.get(&back).await;
    page.shows("value=\"A %41 + b\"").shows(&format!(">{address}<"));
    // However long they are together: one that came back cut short would be stored so.
    let addresses: Vec<String> = (0..20).map(|n| format!("https://a.example/{}/{n}", "x".repeat(200))).collect();
    let form =
        [("name", "Long"), ("redirect_uris", &addresses.join("\n"))].map(|(name, value)| (name, value.to_owned()));
    world.env.pass(15 * MINUTE + 1);
    let asked = console.post("/do/create_app", &form.each_ref().map(|(name, value)| (*name, value.as_str()))).await;
    let asked = asked.location().to_owned();
    assert!(!asked.contains("example"), "{asked}");
    let back = confirm(&mut console, &asked).await;
    console.get(&back).await.shows(&format!(">{}<", addresses.join("\n")));
    console.get("/console/users?search=%2541+b%2Bc").await.shows("value=\"%41 b+c\"");
}

async fn refusals_of_forms_speak_of_the_form(world: World) {
    world.owner().await;
    let mut console = Browser::signed_in(&world, OWNER).await;
    let words = "x".repeat(5_000);
    let form = [("name", "Grace"), ("email", GRACE), ("language", "en"), ("words", words.as_str()), ("days", "7")];
    let refused = console.post("/do/invite", &form).await.location().to_owned();
    assert_eq!(refused, "/console/invites/new?problem=text");
    let page = console.get(&refused).await;
    page.shows("id=\"words-error\" class=\"error\"").shows("aria-describedby=\"words-error words-hint\"");
    page.hides("Give a reason");
}

async fn the_address_of_a_reset_goes_along_and_nothing_secret_does(world: World) {
    world.owner().await;
    let mut browser = Browser::with_mail(&world);
    let sent = browser.post("/do/forgot_password", &[("email", OWNER)]).await.location().to_owned();
    browser.get(&sent).await.shows("href=\"/reset?typed=kept\"");
    browser.get("/reset?typed=kept").await.shows(&format!("value=\"{OWNER}\""));
    browser.get("/reset").await.hides(OWNER);

    let form = |email, code, password| [("email", email), ("code", code), ("password", password)];
    let unreadable = form(GRACE, "no code", "a fine long word");
    let refused = browser.post("/do/reset_password", &unreadable).await.location().to_owned();
    assert_eq!(refused, "/reset?problem=unreadable");
    let page = browser.get(&refused).await;
    page.shows(&format!("value=\"{GRACE}\"")).shows("id=\"code-error\"").hides("no code").hides("a fine long word");
    page.hides("role=\"alert\"");
    let refused = browser.post("/do/reset_password", &form("olga@@acme", "BCDF", "x")).await.location().to_owned();
    browser.get(&refused).await.shows("value=\"olga@@acme\"").shows("id=\"email-error\"").hides("role=\"alert\"");
    browser.get("/reset?problem=password-short&min=12").await.shows("id=\"password-error\"").hides("role=\"alert\"");
    let sessions = world.db.texts("SELECT data FROM session").await.join(" ");
    assert!(!sessions.contains("no code") && !sessions.contains("fine long"), "{sessions}");
}

async fn a_refused_password_leaves_its_form_open(world: World) {
    world.owner().await;
    let mut browser = Browser::signed_in(&world, OWNER).await;
    browser.get("/me").await.hides("<details open");
    let form = [("old", "not the password"), ("password", "another fine long word")];
    let refused = browser.post("/do/set_own_password", &form).await.location().to_owned();
    let page = browser.get(&refused).await;
    page.shows("<details open").shows("id=\"old-error\"").shows("The present password is not right.");
    assert!(begins(&page.body, "old"), "a reader at the head of a long page would find nothing");
    assert_eq!(page.body.matches("The present password is not right.").count(), 1, "said at the field alone");
    page.hides("another fine long word");
    let (old, short) = (secret_word(), [("password", "short")]);
    let refused = browser.post("/do/set_own_password", &[("old", &*old), short[0]]).await.location().to_owned();
    let page = browser.get(&refused).await;
    page.shows("<details open").shows("id=\"password-error\"");
    assert!(begins(&page.body, "password"), "{}", page.body);
    let refused = browser.post("/do/add_own_address", &[("email", "olga@@acme")]).await.location().to_owned();
    let page = browser.get(&refused).await;
    page.shows("id=\"new-address-error\"").hides("<details open");
    assert!(begins(&page.body, "new-address"), "{}", page.body);
    browser.get("/me").await.hides("autofocus");
    let form = [
        ("name", "Contoso"),
        ("issuer", "http://contoso.example"),
        ("client_id", "x"),
        ("client_secret", ""),
        ("scopes", ""),
    ];
    let refused = browser.post("/do/create_provider", &form).await.location().to_owned();
    let page = browser.get(&refused).await;
    page.shows("id=\"provider-issuer-error\"");
    assert!(begins(&page.body, "provider-issuer") && !begins(&page.body, "provider-name"), "{}", page.body);
    browser.get("/console/providers").await.hides("autofocus");
}

/// Who has no password is asked for none, and is told at the head.
async fn a_refused_sign_in_is_told_where_it_can_be_read(world: World) {
    let owner = world.owner().await;
    let mut browser = Browser::signed_in(&world, OWNER).await;
    world.db.exec(&format!("DELETE FROM password WHERE user_id = '{}'", owner.user_id())).await;
    browser.get("/me?problem=sign-in").await.shows("role=\"alert\"").hides("id=\"old\"");
}

/// Whether a page begins at the input of an id.
fn begins(page: &str, id: &str) -> bool {
    input(page, id).contains("autofocus")
}

/// Anybody can begin a session: what it holds is not theirs to blow up.
async fn strangers_keep_only_what_fits_its_field(world: World) {
    world.owner().await;
    let huge = "x".repeat(30_000);
    let setup = format!("vestibule_setup={}", "a".repeat(43));
    for (action, email) in
        [("sign_in", "username"), ("forgot_password", "email"), ("reset_password", "email"), ("set_up_owner", "email")]
    {
        let form = |value: &str| format!("{email}={}&name={value}&code=x&password=x", encoded(value));
        for value in [huge.as_str(), &"x".repeat(255)] {
            let mut request = Browser::form(&format!("/do/{action}"), form(value));
            request.headers_mut().insert(http::header::COOKIE, setup.parse().unwrap());
            Browser::with_mail(&world).send(request).await.location();
        }
    }
    let sessions = world.db.texts("SELECT data FROM session").await;
    assert!(!sessions.is_empty() && sessions.iter().all(|data| data.len() < 1_000), "{sessions:?}");
    let fits = format!("{}@example.com", "x".repeat(62));
    let mut browser = Browser::new(&world);
    let form = [("username", fits.as_str()), ("password", "x")];
    let refused = browser.post("/do/sign_in", &form).await.location().to_owned();
    browser.get(&refused).await.shows(&fits);
}
