//! What matters most asks again who it is once the sign-in is a quarter of an hour old, and loses nothing of what was
//! typed.

use vestibule_core::{
    actor::Admin,
    api_key::{NewKey, Scope},
    env::MINUTE,
    organization::Policy,
    provider::{Claims, NewProvider, Subject},
};

use crate::{
    browser::{Browser, encoded},
    halfway::{prove, script, with_passkey},
    keys::policy_form,
    support::{World, secret_word},
};

const OWNER: &str = "olga@acme.example";

both! {
    what_matters_most_waits_for_a_confirmation,
    a_provider_that_was_typed_in_is_there_afterwards,
    settings_that_were_changed_are_there_afterwards,
    a_passkey_is_added_only_by_who_is_surely_there,
    a_passkey_confirms_and_leads_back,
    a_company_account_is_offered_where_it_is_ones_own,
    somebody_elses_confirmation_is_none,
}

async fn what_matters_most_waits_for_a_confirmation(world: World) {
    let owner = world.owner().await;
    let provider = provider(&world, &owner).await;
    let new = || NewKey { name: "Payroll".to_owned(), scopes: vec![Scope::Read], lifetime: None };
    let key = world.vestibule.create_api_key(&owner, new()).await.unwrap().id;
    let client = world.vestibule.create_client(&owner, new()).await.unwrap().id;
    let mut console = old(&world).await;
    let before = rows(&world, &owner).await;
    let typed = [("name", "Typed"), ("issuer", "https://t.example"), ("client_id", "t"), ("scopes", "openid")];
    let typed = [&typed[..], &[("client_secret", "hush"), ("provider", &provider), ("enabled", "false")]].concat();
    let policy = policy_form("3");
    for (action, form, back) in [
        ("create_provider", &typed[..], "/console/providers?for=new&typed=kept"),
        ("change_provider", &typed, "/console/providers?ask=change&provider="),
        ("enable_provider", &typed, "/console/providers"),
        ("delete_provider", &typed, "/console/providers?ask=delete&provider="),
        ("revoke_api_key", &[("key", key.as_str())], "/console/keys?ask=revoke&key="),
        ("revoke_client", &[("client", client.as_str())], "/console/keys?ask=revoke&client="),
        (
            "create_api_key",
            &[("name", "N"), ("read", "true"), ("days", "0")],
            "/console/keys?for=key&name=N&scopes=read",
        ),
        ("change_policy", &policy, "/console/settings?typed=kept"),
    ] {
        let asked = console.post(&format!("/do/{action}"), form).await;
        let way = format!("/confirm?back={}", encoded(back));
        assert!(asked.location().starts_with(&way), "{action}: {} {way}", asked.location());
        assert!(!asked.location().contains("hush"), "no secret in an address");
        console.get(asked.location()).await.shows("Is it still you?").shows("name=\"password\"");
    }
    assert_eq!(rows(&world, &owner).await, before);

    confirm(&mut console, "/console").await;
    let disabled = console.post("/do/enable_provider", &typed).await;
    assert_eq!(disabled.location(), "/console/providers?done=provider-disabled");
    let revoked = console.post("/do/revoke_api_key", &[("key", key.as_str())]).await;
    assert_eq!(revoked.location(), "/console/keys?done=key-revoked");
}

async fn a_provider_that_was_typed_in_is_there_afterwards(world: World) {
    let owner = world.owner().await;
    let mut console = old(&world).await;
    let form = [
        ("name", "Contoso & Söhne"),
        ("issuer", "https://contoso.example/a?b"),
        ("client_id", "x\" y"),
        ("client_secret", "hush"),
        ("scopes", "openid email"),
    ];
    let asked = console.post("/do/create_provider", &form).await;
    let page = console.get(asked.location()).await;
    let back = page.body.split("name=\"back\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let back = confirm(&mut console, &back.replace("&amp;", "&")).await;
    assert!(back.ends_with("&done=confirmed"), "{back}");
    let page = console.get(&back).await;
    page.shows("Now do it again.").shows("<details open class=\"body\"").shows("value=\"Contoso & Söhne\"");
    page.shows("value=\"https://contoso.example/a?b\"").shows("value=\"openid email\"");
    // Of the secret only that there was one: left blank, it would silently not be stored.
    page.hides("hush").shows("Type the secret again: it was not kept.");
    assert!(input(&page.body, "provider-secret").contains("required"), "{}", page.body);
    console.get("/console/providers").await.hides("Type the secret again").hides("contoso.example");

    let id = provider(&world, &owner).await;
    world.env.pass(15 * MINUTE + 1);
    let typed =
        [("provider", id.as_str()), ("name", "Contoso"), ("client_id", "v"), ("client_secret", "hush"), ("scopes", "")];
    console.post("/do/change_provider", &typed).await.location();
    let back = confirm(&mut console, &format!("/console/providers?ask=change&provider={id}&typed=kept")).await;
    let page = console.get(&back).await;
    page.shows("<dialog").shows("Type the secret again");
    assert!(input(&page.body, "new-secret").contains("required"), "{}", page.body);
    let refused = [typed[0], typed[1], typed[2], ("client_secret", ""), ("scopes", "email")];
    let refused = console.post("/do/change_provider", &refused).await.location().to_owned();
    let page = console.get(&refused).await;
    page.shows("<dialog").shows("id=\"new-scopes-error\" class=\"error\">Enter scopes").hides("Type the secret again");
    assert!(input(&page.body, "new-scopes").contains("autofocus"), "a screen reader begins there");
}

/// The input of an id.
pub fn input<'a>(page: &'a str, id: &str) -> &'a str {
    let input = page.split("<input").find(|input| input.contains(&format!("id=\"{id}\"")));
    input.and_then(|input| input.split('>').next()).unwrap_or_default()
}

async fn settings_that_were_changed_are_there_afterwards(world: World) {
    world.owner().await;
    let mut console = old(&world).await;
    console.post("/do/change_policy", &policy_form("3")).await.location();
    let back = confirm(&mut console, "/console/settings?typed=kept").await;
    for _ in 0..2 {
        // However often it is looked at.
        console.head(&back).await;
        console.get(&back).await.shows("Now do it again.").shows("value=\"36\"");
    }
    console.get("/console/settings").await.shows("value=\"5\"");
    assert_eq!(world.vestibule.organization(&world.organization).await.unwrap().policy, Policy::default());
}

async fn a_passkey_is_added_only_by_who_is_surely_there(world: World) {
    world.owner().await;
    let mut browser = old(&world).await;
    let asked = script(&mut browser, "begin_passkey", "").await;
    assert_eq!((&asked["next"], &asked["ceremony"]), (&"/confirm?back=%2Fme".into(), &"".into()));
    assert_eq!(world.db.count("ceremony").await, 0);
    let back = confirm(&mut browser, "/me").await;
    assert_eq!(back, "/me?done=confirmed");
    browser.get(&back).await.shows("Thank you. Now do it again.");
    assert_eq!(script(&mut browser, "begin_passkey", "").await["problem"], serde_json::Value::Null);
}

async fn a_passkey_confirms_and_leads_back(world: World) {
    let owner = world.owner().await;
    let mut device = with_passkey(&world, &owner).await;
    let mut console = old(&world).await;
    console
        .get("/confirm?back=%2Fconsole%2Fkeys")
        .await
        .shows("Confirm with a passkey")
        .shows("data-back=\"/console/keys\"");
    let before = console.cookie("vestibule").map(str::to_owned);
    assert_eq!(prove(&mut console, &mut device, "/console/keys").await, "/console/keys?done=confirmed");
    assert_ne!(console.cookie("vestibule").map(str::to_owned), before);
    let form = [("name", "Payroll"), ("read", "true"), ("days", "0")];
    assert_eq!(console.post("/do/create_api_key", &form).await.location(), "/console/keys");
    // And nowhere else.
    world.env.pass(15 * MINUTE + 1);
    assert_eq!(prove(&mut console, &mut device, "https://evil.example").await, "/console?done=confirmed");
    world.env.pass(15 * MINUTE + 1);
    let begun = script(&mut console, "begin_passkey_proof", "back=%2Fme").await;
    let form = format!("ceremony={}&credential=%7B%7D&back=%2Fme", begun["ceremony"].as_str().unwrap());
    let done = script(&mut console, "finish_passkey_proof", &form).await;
    assert_eq!(done["next"], "/confirm?back=%2Fme&problem=passkey");
    console.get("/confirm?back=%2Fme&problem=passkey").await.shows("That was not a passkey of yours.");
    assert!(script(&mut console, "begin_passkey", "").await["next"].as_str().unwrap().starts_with("/confirm"));
}

async fn a_company_account_is_offered_where_it_is_ones_own(world: World) {
    let owner = world.owner().await;
    let id = provider(&world, &owner).await;
    let mut console = old(&world).await;
    assert!(!console.get("/confirm?back=%2Fme").await.body.contains("Contoso"), "not linked");
    let olga = world.vestibule.visitor(owner.user_id()).await.unwrap().unwrap().person();
    let subject = Subject::parse("olga").unwrap();
    world.vestibule.link_provider(&olga, &id, subject, Claims::default()).await.unwrap();
    let page = console.get("/confirm?back=%2Fme").await;
    page.shows("Confirm with Contoso").shows("value=\"confirm\"").shows("name=\"back\" value=\"/me\"");
    let form = [("provider", id.as_str()), ("purpose", "confirm"), ("back", "/me")];
    let away = console.post("/do/company_begin", &form).await;
    assert_eq!(away.location(), "/confirm?back=%2Fme&problem=company-down");
    let stranger = console.other().post("/do/company_begin", &form).await.location().to_owned();
    assert_eq!(stranger, "/confirm?back=%2Fme&problem=forbidden");
}

async fn somebody_elses_confirmation_is_none(world: World) {
    let owner = world.owner().await;
    let id = provider(&world, &owner).await;
    let ada = world.person(&owner, "ada@navy.example").await;
    let person = |user_id: String| {
        let vestibule = world.vestibule.clone();
        async move { vestibule.visitor(&user_id).await.unwrap().unwrap().person() }
    };
    let (olga, ada) = (person(owner.user_id().to_owned()).await, person(ada.user_id).await);
    let subject = |text: &str| Subject::parse(text).unwrap();
    world.vestibule.link_provider(&ada, &id, subject("ada"), Claims::default()).await.unwrap();
    let confirm_with = |text: &str, claims: Claims| {
        let (vestibule, olga, id, subject) = (world.vestibule.clone(), olga.clone(), id.clone(), subject(text));
        async move {
            let since = vestibule.now();
            let confirmed = vestibule.confirm_by_provider(&olga, &id, &subject, &claims, since).await;
            confirmed.err().and_then(|error| error.refusal().cloned())
        }
    };
    let confirm = |text: &str| confirm_with(text, Claims::default());
    assert_eq!(confirm("ada").await, Some(vestibule_core::Refusal::ProviderTaken));
    assert_eq!(confirm("nobody").await, Some(vestibule_core::Refusal::ProviderUnknown));
    world.vestibule.link_provider(&olga, &id, subject("olga"), Claims::default()).await.unwrap();
    assert_eq!(confirm("olga").await, None);
    // What the provider knows from before is no proof of now; its clock may be a little behind.
    let known_for = |seconds: i64| {
        let at = world.vestibule.now() / 1_000 - seconds;
        Claims(serde_json::json!({ "auth_time": at }).as_object().unwrap().clone())
    };
    assert_eq!(confirm_with("olga", known_for(3_600)).await, Some(vestibule_core::Refusal::ProviderNotAnew));
    assert_eq!(confirm_with("olga", known_for(30)).await, None);
    world.vestibule.enable_provider(&owner, &id, false).await.unwrap();
    assert_eq!(confirm("olga").await, Some(vestibule_core::Refusal::NotFound));
}

/// The owner's browser, a good quarter of an hour after signing in.
async fn old(world: &World) -> Browser {
    let browser = Browser::signed_in(world, OWNER).await;
    world.env.pass(15 * MINUTE + 1);
    browser
}

/// Confirms by the password; gives where it leads.
async fn confirm(browser: &mut Browser, back: &str) -> String {
    let form = [("password", secret_word()), ("back", back.to_owned())];
    let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
    browser.post("/do/confirm", &form).await.location().to_owned()
}

async fn provider(world: &World, owner: &Admin) -> String {
    let (name, issuer) = ("Contoso".to_owned(), "http://127.0.0.1:9".to_owned());
    let new = NewProvider { name, issuer, client_id: "v".to_owned(), ..NewProvider::default() };
    world.vestibule.create_provider(owner, new).await.unwrap()
}

/// Providers, keys, clients and policy, as they are stored.
async fn rows(world: &World, owner: &Admin) -> String {
    let vestibule = &world.vestibule;
    let (providers, keys) = (vestibule.providers(owner).await.unwrap(), vestibule.api_keys(owner).await.unwrap());
    let clients = vestibule.clients(owner).await.unwrap();
    format!("{providers:?} {keys:?} {clients:?} {:?}", vestibule.organization(&world.organization).await.unwrap())
}
