//! A user's ways to sign in, and the apps of an organization, in the console.

use http::StatusCode;
use vestibule_core::{actor::Role, authorization::NewApp};

use crate::{
    browser::Browser,
    support::{World, address, secret_word},
};

const OWNER: &str = "olga@acme.example";
const CALLBACK: &str = "https://shop.example/callback";

both! {
    a_users_methods_are_seen_and_a_passkey_is_taken_away,
    a_passkey_link_is_sent_or_handed_over,
    an_owner_edits_an_app,
}

/// A user with a passkey, a company account and nothing else.
async fn holder(world: &World) -> String {
    let owner = world.admin(&world.db.texts("SELECT user_id FROM administrator").await[0]).await;
    let user = world.person(&owner, "grace@navy.example").await.user_id;
    let organization = &world.organization;
    world
        .db
        .exec(&format!(
            "INSERT INTO passkey (id, user_id, credential_id, name, public_key, aaguid, backup_eligible, backup_state,
                user_verified, user_agent, credential, created_at)
             VALUES ('pk', '{user}', 'c', 'Phone <1>', 'k', 'a', TRUE, TRUE, TRUE, 'Lynx', '{{}}', 1750000000000);
             INSERT INTO provider (id, organization_id, name, issuer, client_id, scopes, enabled, created_at, changed_at)
             VALUES ('p', '{organization}', 'Contoso', 'https://idp.example', 'c', 'openid', TRUE, 0, 0);
             INSERT INTO provider_link (provider_id, subject, user_id, claims, created_at)
             VALUES ('p', 's', '{user}', '{{\"email\":\"grace@contoso.example\"}}', 1750000000000)"
        ))
        .await;
    user
}

async fn colleague(world: &World, role: Role) -> Browser {
    let login = format!("{role}@acme.example");
    world.vestibule.create_administrator(&address(&login), "Max", role, secret_word()).await.unwrap();
    Browser::signed_in(world, &login).await
}

async fn a_users_methods_are_seen_and_a_passkey_is_taken_away(world: World) {
    world.owner().await;
    let user = holder(&world).await;
    let page = format!("/console/users/{user}");
    let mut console = Browser::signed_in(&world, OWNER).await;
    let shown = console.get(&page).await;
    shown.shows("Passkey: Phone &lt;1&gt;").shows("added 15 Jun 2025, 15:06 UTC, never used");
    shown.shows("Company account: Contoso").shows("grace@contoso.example, linked 15 Jun 2025, 15:06 UTC");
    let asked = console.get(&format!("{page}?ask=remove-passkey&passkey=pk")).await;
    asked.shows("Remove the passkey “Phone &lt;1&gt;”?");
    assert!(!console.get(&format!("{page}?ask=remove-passkey&passkey=no")).await.body.contains("<dialog"));

    let form = [("user", user.as_str()), ("passkey", "pk")];
    for role in [Role::Support, Role::Viewer] {
        let mut browser = colleague(&world, role).await;
        let shown = browser.get(&page).await;
        shown.shows("Passkey: Phone");
        assert!(!shown.body.contains("remove-passkey") && !shown.body.contains("send_passkey_link"), "{role}");
        assert_eq!(browser.post("/do/remove_passkey_of", &form).await.location(), format!("{page}?problem=forbidden"));
    }
    let done = console.post("/do/remove_passkey_of", &form).await;
    assert_eq!(done.location(), format!("{page}?done=passkey-removed"));
    let shown = console.get(done.location()).await;
    shown.shows("The passkey is removed.").shows("Passkey removed").shows("by Olga Owner · “Phone &lt;1&gt;”");
    assert!(!shown.body.contains("Passkey: Phone"));
    assert_eq!(console.post("/do/remove_passkey_of", &form).await.location(), format!("{page}?problem=not-found"));
}

/// Without SMTP the link and the code are shown once; they are for managers, and nobody's own.
async fn a_passkey_link_is_sent_or_handed_over(world: World) {
    let owner = world.owner().await;
    let user = holder(&world).await;
    let page = format!("/console/users/{user}");
    let form = [("user", user.as_str())];
    let mut support = colleague(&world, Role::Support).await;
    assert_eq!(support.post("/do/send_passkey_link", &form).await.location(), format!("{page}?problem=forbidden"));
    let mut manager = colleague(&world, Role::Manager).await;
    manager.get(&page).await.shows("Send a passkey link");
    let own = [("user", owner.user_id())];
    let stronger = manager.post("/do/send_passkey_link", &own).await;
    assert!(stronger.location().ends_with("problem=forbidden"), "{}", stronger.location());
    let handed = manager.post("/do/send_passkey_link", &form).await.location().to_owned();
    let shown = manager.get(&handed).await;
    shown.shows("http://vestibule.example/passkey/").shows("Code");
    manager.get(&handed).await.shows("There is nothing to show.");
    manager.get(&page).await.shows("Link and code handed over");
    let mut console = Browser::signed_in(&world, OWNER).await;
    let own = console.get(&format!("/console/users/{}", owner.user_id())).await;
    assert!(!own.body.contains("send_passkey_link"), "one's own are in one's own account");
}

async fn an_owner_edits_an_app(world: World) {
    let owner = world.owner().await;
    let new = NewApp { name: "Shop".to_owned(), redirect_uris: vec![CALLBACK.to_owned()], ..NewApp::default() };
    let app = world.vestibule.create_app(&owner, new).await.unwrap().id;
    let mut console = Browser::signed_in(&world, OWNER).await;
    let page = format!("/console/keys?ask=edit&client={app}");
    console.get("/console/keys").await.shows("Edit… Shop");
    console.get(&page).await.shows("Edit Shop").shows(&format!("{CALLBACK}</textarea>")).shows("value=\"Shop\"");
    let form = |addresses: &'static str| {
        [
            ("client", Box::leak(app.clone().into_boxed_str()) as &str),
            ("name", "Market & co"),
            ("redirect_uris", addresses),
            ("post_logout_uris", ""),
            ("first_party", "true"),
            ("write", "true"),
        ]
    };
    let refused = console.post("/do/change_app", &form("http://shop.example/")).await;
    let again = console.get(refused.location()).await;
    again
        .shows("Each address begins with https://")
        .shows("value=\"Market & co\"")
        .shows("http://shop.example/</textarea>");
    let both = "https://market.example/back\r\nhttps://shop.example/callback";
    let done = console.post("/do/change_app", &form(both)).await;
    assert_eq!(done.location(), "/console/keys?done=app-changed");
    console.get(done.location()).await.shows("The app is changed.").shows("Edit… Market & co");
    let stored = "SELECT name || redirect_uris || scopes FROM client WHERE first_party";
    let expected = format!("Market & co[\"https://market.example/back\",\"{CALLBACK}\"]write");
    assert_eq!(world.db.texts(stored).await, [expected]);

    let mut manager = colleague(&world, Role::Manager).await;
    assert_eq!(manager.get(&page).await.status, StatusCode::FORBIDDEN);
    assert!(manager.post("/do/change_app", &form(both)).await.location().contains("problem=forbidden"));
    world.env.pass(60 * 60_000);
    assert!(console.post("/do/change_app", &form(both)).await.location().starts_with("/confirm?back="));
}
