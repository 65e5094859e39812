//! Keys and settings: owners make, see once, revoke and set; nobody else does.

use http::StatusCode;
use vestibule_core::{
    Refusal,
    actor::{Admin, Role},
    api_key::{NewKey, Scope},
    invite::InviteFilter,
    organization::{Method, Policy},
    secret::Token,
};

use crate::{
    browser::{Answer, Browser},
    support::{World, address, refused, secret_word},
};

const OWNER: &str = "olga@acme.example";

both! {
    a_key_is_shown_once_and_works_until_it_is_revoked,
    a_client_is_shown_with_its_id_renamed_and_revoked,
    a_refused_form_keeps_what_was_typed,
    keys_and_settings_are_for_owners,
    the_policy_is_set_in_units_that_people_use,
    what_is_out_of_bounds_is_said_at_its_field,
}

async fn a_key_is_shown_once_and_works_until_it_is_revoked(world: World) {
    let owner = world.owner().await;
    let mut console = Browser::signed_in(&world, OWNER).await;
    console.get("/console/keys").await.shows("No API keys yet.").shows("No OAuth clients yet.");
    let form = [("name", "Payroll"), ("read", "true"), ("verify", "true"), ("days", "30")];
    let made = console.post("/do/create_api_key", &form).await;
    assert_eq!(made.location(), "/console/keys", "no secret in an address");
    let page = console.get("/console/keys").await;
    assert_eq!(page.headers["cache-control"], "no-store");
    assert_eq!(page.headers["referrer-policy"], "no-referrer");
    let key = secret(&page);
    page.shows("Your new API key").shows("Payroll").shows("read, verify").shows("by Olga Owner").shows("never used");
    let again = console.get("/console/keys").await;
    assert!(!again.body.contains(key.reveal()), "shown once");
    assert_eq!(again.headers["referrer-policy"], "same-origin");

    assert!(world.vestibule.principal(&key).await.is_ok());
    console.get("/console/keys").await.shows("used just now");
    let id = world.vestibule.api_keys(&owner).await.unwrap().remove(0).id;
    console.get(&format!("/console/keys?ask=revoke&key={id}")).await.shows("Revoke Payroll?");
    let form = [("key", id.as_str())];
    assert_eq!(console.post("/do/revoke_api_key", &form).await.location(), "/console/keys?done=key-revoked");
    assert_eq!(refused(world.vestibule.principal(&key).await), Refusal::Forbidden);
    console.get("/console/keys?done=key-revoked").await.shows("The key is revoked.").shows("revoked <time");
    assert_eq!(console.post("/do/revoke_api_key", &form).await.location(), "/console/keys?problem=stale");
    console.get(&format!("/console/users/{}", owner.user_id())).await.shows("API key made").shows("API key revoked");
}

async fn a_client_is_shown_with_its_id_renamed_and_revoked(world: World) {
    let owner = world.owner().await;
    let mut console = Browser::signed_in(&world, OWNER).await;
    let form = [("name", "Shop <1>"), ("write", "true"), ("days", "0")];
    assert_eq!(console.post("/do/create_client", &form).await.location(), "/console/keys");
    let page = console.get("/console/keys").await;
    let id = world.vestibule.clients(&owner).await.unwrap().remove(0).id;
    page.shows("Client id").shows(&id).shows("Shop &lt;1&gt;").shows("never ends");
    let token = world.vestibule.client_token(&id, &secret(&page), &world.organization).await.unwrap();
    assert_eq!(token.scopes, [Scope::Write]);

    console.get(&format!("/console/keys?ask=rename&client={id}")).await.shows("Rename Shop");
    let form = [("client", id.as_str()), ("name", "Warehouse")];
    assert_eq!(console.post("/do/rename_client", &form).await.location(), "/console/keys?done=client-renamed");
    let form = [("client", id.as_str()), ("name", " ")];
    assert_eq!(console.post("/do/rename_client", &form).await.location(), "/console/keys?problem=name");
    console.get(&format!("/console/keys?ask=revoke&client={id}")).await.shows("Revoke Warehouse?");
    let form = [("client", id.as_str())];
    assert_eq!(console.post("/do/revoke_client", &form).await.location(), "/console/keys?done=client-revoked");
    assert_eq!(refused(world.vestibule.principal(&token.token).await), Refusal::Forbidden);
    let asked = console.get(&format!("/console/keys?ask=revoke&client={id}")).await;
    assert!(!asked.body.contains("<dialog"), "nothing is left to revoke");
}

async fn a_refused_form_keeps_what_was_typed(world: World) {
    let owner = world.owner().await;
    let mut console = Browser::signed_in(&world, OWNER).await;
    let nothing = console.post("/do/create_client", &[("name", "Ünder & over"), ("days", "90")]).await;
    let back = "/console/keys?for=client&name=%C3%9Cnder%20%26%20over&scopes=&days=90&problem=scopes";
    assert_eq!(nothing.location(), back);
    let page = console.get(back).await;
    page.shows("Choose at least one.").shows("value=\"Ünder & over\"").shows("<option value=\"90\" selected");
    let long = "x".repeat(201);
    let form = [("name", long.as_str()), ("verify", "true"), ("days", "0")];
    let refusal = console.post("/do/create_api_key", &form).await;
    assert!(refusal.location().ends_with("&scopes=verify&days=0&problem=name"), "{}", refusal.location());
    console.get(refusal.location()).await.shows("Enter a name of up to 200 characters.").shows("checked");
    assert!(world.vestibule.api_keys(&owner).await.unwrap().is_empty());
    assert!(world.vestibule.clients(&owner).await.unwrap().is_empty());
}

async fn keys_and_settings_are_for_owners(world: World) {
    let owner = world.owner().await;
    let new = || NewKey { name: "Payroll".to_owned(), scopes: vec![Scope::Read], lifetime: None };
    let key = world.vestibule.create_api_key(&owner, new()).await.unwrap().id;
    let client = world.vestibule.create_client(&owner, new()).await.unwrap().id;
    let max = address("max@acme.example");
    world.vestibule.create_administrator(&max, "Max", Role::Manager, secret_word()).await.unwrap();
    let mut nobody = Browser::new(&world);
    let mut max = Browser::signed_in(&world, "max@acme.example").await;
    for page in ["/console/keys", "/console/settings"] {
        assert_eq!(nobody.get(page).await.location(), "/sign-in");
        let answer = max.get(page).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{page}");
        answer.shows("Your role does not allow that.");
        assert!(!answer.body.contains("Payroll") && !answer.body.contains("<form class=\"card"), "{page}");
    }
    assert!(!max.get("/console").await.body.contains("/console/keys"), "not offered either");
    Browser::signed_in(&world, OWNER).await.get("/console").await.shows("/console/keys").shows("/console/settings");

    let before = rows(&world, &owner).await;
    for browser in [&mut nobody, &mut max] {
        for (action, form) in [
            ("create_api_key", &[("name", "Mine"), ("write", "true"), ("days", "0")][..]),
            ("create_client", &[("name", "Mine"), ("write", "true"), ("days", "0")]),
            ("revoke_api_key", &[("key", key.as_str())]),
            ("revoke_client", &[("client", client.as_str())]),
            ("rename_client", &[("client", client.as_str()), ("name", "Mine")]),
            ("change_policy", &policy_form("3")),
        ] {
            let answer = browser.post(&format!("/do/{action}"), form).await;
            assert!(answer.location().ends_with("problem=forbidden"), "{action}: {}", answer.location());
        }
    }
    assert_eq!(rows(&world, &owner).await, before);
}

async fn the_policy_is_set_in_units_that_people_use(world: World) {
    let owner = world.owner().await;
    let mut console = Browser::signed_in(&world, OWNER).await;
    let page = console.get("/console/settings").await;
    page.shows("<option value=\"minutes\" selected").shows("<option value=\"days\" selected");
    let done = console.post("/do/change_policy", &policy_form("3")).await;
    assert_eq!(done.location(), "/console/settings?done=policy-changed");
    console.get(done.location()).await.shows("The settings are changed.").shows("value=\"36\"");
    let policy = world.vestibule.organization(&world.organization).await.unwrap().policy;
    let hours_36 = 36 * 3_600_000;
    let expected = Policy {
        tries: 3,
        cool_down: 30_000,
        invite_lifetime: hours_36,
        mails_a_day: 20,
        first_methods: vec![Method::Password, Method::Provider],
        ..Policy::default()
    };
    assert_eq!(policy, expected);

    console.get("/console/invites/new").await.shows("<option value=\"\" selected>After 36 hours");
    let form = [("name", "Grace"), ("email", "grace@example.com"), ("language", "en"), ("words", ""), ("days", "")];
    console.post("/do/invite", &form).await.location();
    let invite = world.vestibule.invites(&owner, InviteFilter::All, None, 1).await.unwrap().remove(0);
    assert_eq!(invite.expires_at, world.vestibule.now() + hours_36);
}

async fn what_is_out_of_bounds_is_said_at_its_field(world: World) {
    world.owner().await;
    let mut console = Browser::signed_in(&world, OWNER).await;
    let refusal = console.post("/do/change_policy", &policy_form("11")).await;
    assert_eq!(refusal.location(), "/console/settings?problem=policy&field=tries");
    let page = console.get(refusal.location()).await;
    page.shows("Nothing was changed").shows("aria-describedby=\"tries-error tries-hint\"").shows("value=\"36\"");
    console.get("/console/settings").await.shows("value=\"5\"");
    let mut form = policy_form("3");
    form.retain(|(name, _)| !name.starts_with("policy[by_"));
    let refusal = console.post("/do/change_policy", &form).await;
    assert_eq!(refusal.location(), "/console/settings?problem=policy&field=first_methods");
    console.get(refusal.location()).await.shows("Choose at least one.");
    let policy = world.vestibule.organization(&world.organization).await.unwrap().policy;
    assert_eq!(policy, Policy::default());
}

/// The settings' form, filled in.
pub fn policy_form(tries: &str) -> Vec<(&'static str, &str)> {
    vec![
        ("policy[code_style]", "letters"),
        ("policy[code_length]", "8"),
        ("policy[code_lifetime]", "15"),
        ("policy[code_lifetime_unit]", "minutes"),
        ("policy[tries]", tries),
        ("policy[cool_down]", "30"),
        ("policy[cool_down_unit]", "seconds"),
        ("policy[mails_a_day]", "20"),
        ("policy[invite_lifetime]", "36"),
        ("policy[invite_lifetime_unit]", "hours"),
        ("policy[by_password]", "true"),
        ("policy[by_provider]", "true"),
        ("policy[password_min]", "12"),
    ]
}

/// The secret that a page shows.
#[track_caller]
fn secret(page: &Answer) -> Token {
    let value = page.body.split("id=\"made-secret\"").nth(1).and_then(|rest| rest.split("value=\"").nth(1));
    Token::parse(value.and_then(|rest| rest.split('"').next()).expect("a secret")).expect("a token")
}

/// Keys, clients and policy, as they are stored.
async fn rows(world: &World, owner: &Admin) -> String {
    let keys = world.vestibule.api_keys(owner).await.unwrap();
    let clients = world.vestibule.clients(owner).await.unwrap();
    let policy = world.vestibule.organization(&world.organization).await.unwrap().policy;
    format!("{keys:?} {clients:?} {policy:?}")
}
