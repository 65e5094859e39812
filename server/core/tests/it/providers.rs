//! Company accounts: providers of an organization, the first account, signing in by it, more of them.

mod unlinking;

use serde_json::{Value, json};
use vestibule_core::{
    Refusal,
    actor::{Admin, Person, Role},
    organization::{Method, Policy},
    prove::ProofKind,
    provider::{Claims, FLOW, NewProvider, ProviderChange, SCOPES, Subject},
    redeem::Redeemed,
};

use crate::support::{World, address, by_link, refused, secret_word};

both! {
    a_provider_is_stored_without_its_secret_in_the_clear,
    providers_are_the_business_of_owners_of_the_organization,
    a_flow_is_taken_once_in_time_by_its_own_user,
    sixteen_who_come_back_with_one_state_are_one,
    the_first_account_spends_the_invite_in_its_own_transaction,
    an_account_without_the_invited_address_is_refused_with_what_explains,
    only_what_is_allowed_and_open_leads_to_a_first_account,
    sixteen_first_accounts_at_once_make_one,
    signing_in_writes_down_what_the_provider_says,
    who_may_not_come_in_by_a_provider_does_not,
    further_accounts_are_linked_and_taken_away_but_for_the_last_way_in,
    a_provider_that_is_deleted_takes_its_links_along,
}

const EMAIL: &str = "grace@navy.example";

fn new() -> NewProvider {
    NewProvider {
        name: "Contoso".to_owned(),
        issuer: "https://login.contoso.example".to_owned(),
        client_id: "vestibule".to_owned(),
        client_secret: "a secret that nobody reads".to_owned(),
        scopes: String::new(),
    }
}

fn subject(text: &str) -> Subject {
    Subject::parse(text).unwrap()
}

fn claims(value: Value) -> Claims {
    Claims(value.as_object().unwrap().clone())
}

/// What a provider says of somebody with a verified address.
fn vouched(email: &str) -> Claims {
    claims(json!({ "sub": "s", "email": email, "email_verified": true, "nonce": "n" }))
}

async fn provider(world: &World, owner: &Admin) -> String {
    world.vestibule.create_provider(owner, new()).await.unwrap()
}

/// Somebody who has redeemed an invite and has no way to sign in yet.
async fn invited(world: &World, owner: &Admin, email: &str) -> Redeemed {
    let (_, drawn) = world.invite_mailed(owner, email).await;
    world.vestibule.redeem(by_link(&drawn.token)).await.unwrap()
}

/// Somebody whose only way to sign in is their company account.
async fn holder(world: &World, owner: &Admin, provider_id: &str) -> Person {
    let redeemed = invited(world, owner, EMAIL).await;
    let linked = world.vestibule.link_first_provider(&redeemed, provider_id, subject("grace"), vouched(EMAIL)).await;
    world.vestibule.visitor(&linked.unwrap().user_id).await.unwrap().unwrap().person()
}

async fn a_provider_is_stored_without_its_secret_in_the_clear(world: World) {
    let owner = world.owner().await;
    let id = provider(&world, &owner).await;
    let shown = world.vestibule.providers(&owner).await.unwrap().remove(0);
    assert_eq!((shown.has_secret, shown.enabled, shown.scopes.as_str(), shown.links), (true, true, SCOPES, 0));
    let registration = world.vestibule.registration(&id).await.unwrap();
    assert_eq!(registration.client_secret.as_deref(), Some("a secret that nobody reads"));
    assert_eq!(registration.scopes, ["openid", "email", "profile"]);
    assert!(!world.db.dump().await.contains("nobody reads"), "sealed");
    assert!(!format!("{registration:?} {:?}", new()).contains("nobody reads"));

    let change =
        ProviderChange { name: "Fabrikam".to_owned(), client_id: "v2".to_owned(), ..ProviderChange::default() };
    world.vestibule.change_provider(&owner, &id, change.clone()).await.unwrap();
    let changed = world.vestibule.registration(&id).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.client_id.as_str()), ("Fabrikam", "v2"));
    assert_eq!(changed.client_secret, registration.client_secret, "a blank one stays");
    let change = ProviderChange { client_secret: "another".to_owned(), ..change };
    world.vestibule.change_provider(&owner, &id, change).await.unwrap();
    assert_eq!(world.vestibule.registration(&id).await.unwrap().client_secret.as_deref(), Some("another"));

    world.vestibule.enable_provider(&owner, &id, false).await.unwrap();
    assert_eq!(refused(world.vestibule.registration(&id).await), Refusal::NotFound);
    assert!(world.vestibule.registration_to_check(&owner, &id).await.is_ok());
    assert_eq!(world.vestibule.providers_of(&world.organization).await.unwrap(), []);
    assert_eq!(world.vestibule.sign_in_providers().await.unwrap(), []);
    world.vestibule.enable_provider(&owner, &id, true).await.unwrap();
    assert_eq!(world.vestibule.providers_of(&world.organization).await.unwrap()[0].name, "Fabrikam");
    world.vestibule.delete_provider(&owner, &id).await.unwrap();
    assert_eq!(world.vestibule.providers(&owner).await.unwrap(), []);
    let steps = world.steps(&owner, owner.user_id()).await;
    let changed = ["provider-changed"; 4];
    assert_eq!(steps[steps.len() - 6..], [&["provider-added"], &changed[..], &["provider-removed"]].concat());

    for (wrong, refusal) in [
        (NewProvider { name: " ".to_owned(), ..new() }, Refusal::Name),
        (NewProvider { issuer: "http://login.contoso.example".to_owned(), ..new() }, Refusal::Issuer),
        (NewProvider { client_id: " ".to_owned(), ..new() }, Refusal::Text),
        (NewProvider { client_secret: "a\nb".to_owned(), ..new() }, Refusal::Text),
        (NewProvider { scopes: "email".to_owned(), ..new() }, Refusal::Text),
    ] {
        assert_eq!(refused(world.vestibule.create_provider(&owner, wrong).await), refusal);
    }
}

async fn providers_are_the_business_of_owners_of_the_organization(world: World) {
    let owner = world.owner().await;
    let id = provider(&world, &owner).await;
    let max = address("max@acme.example");
    let max = world.vestibule.create_administrator(&max, "Max", Role::Manager, secret_word()).await.unwrap();
    let max = world.admin(&max).await;
    let before = world.db.dump().await;
    let vestibule = &world.vestibule;
    assert_eq!(refused(vestibule.providers(&max).await), Refusal::Forbidden);
    assert_eq!(refused(vestibule.create_provider(&max, new()).await), Refusal::Forbidden);
    assert_eq!(refused(vestibule.enable_provider(&max, &id, false).await), Refusal::Forbidden);
    assert_eq!(refused(vestibule.delete_provider(&max, &id).await), Refusal::Forbidden);
    assert_eq!(refused(vestibule.registration_to_check(&max, &id).await), Refusal::Forbidden);
    assert_eq!(refused(vestibule.delete_provider(&owner, "another").await), Refusal::NotFound);
    assert_eq!(world.db.dump().await, before);
}

async fn a_flow_is_taken_once_in_time_by_its_own_user(world: World) {
    let owner = world.owner().await;
    let id = provider(&world, &owner).await;
    let vestibule = &world.vestibule;
    let flow = vestibule.begin_company(&id, None, Some("192.0.2.1")).await.unwrap();
    assert!((43..=128).contains(&flow.verifier.len()) && flow.nonce != flow.verifier);
    assert!(!world.db.dump().await.contains(flow.state.reveal()), "only its hash is stored");
    assert!(vestibule.take_company(&flow.state, Some(owner.user_id())).await.unwrap().is_none(), "nobody's flow");
    let (provider_id, again) = vestibule.take_company(&flow.state, None).await.unwrap().unwrap();
    assert_eq!((provider_id, again.nonce, again.verifier), (id.clone(), flow.nonce, flow.verifier));
    assert!(vestibule.take_company(&flow.state, None).await.unwrap().is_none(), "once");

    let flow = vestibule.begin_company(&id, Some(owner.user_id()), None).await.unwrap();
    assert!(vestibule.take_company(&flow.state, None).await.unwrap().is_none(), "somebody's flow");
    world.env.pass(FLOW);
    assert!(vestibule.take_company(&flow.state, Some(owner.user_id())).await.unwrap().is_none(), "too late");
    vestibule.begin_company(&id, None, None).await.unwrap();
    world.env.pass(FLOW);
    vestibule.sweep().await.unwrap();
    assert_eq!(world.db.number("SELECT COUNT(*) FROM company_flow").await, 0);

    for _ in 0..60 {
        vestibule.begin_company(&id, None, Some("192.0.2.2")).await.unwrap();
    }
    let more = refused(vestibule.begin_company(&id, None, Some("192.0.2.2")).await);
    assert!(matches!(more, Refusal::Limited { .. }), "{more:?}");
    vestibule.enable_provider(&owner, &id, false).await.unwrap();
    assert_eq!(refused(vestibule.begin_company(&id, None, None).await), Refusal::NotFound);
}

async fn sixteen_who_come_back_with_one_state_are_one(world: World) {
    let owner = world.owner().await;
    let id = provider(&world, &owner).await;
    let flow = world.vestibule.begin_company(&id, None, None).await.unwrap();
    let racers: Vec<_> = (0..16)
        .map(|_| {
            let (vestibule, state) = (world.vestibule.clone(), flow.state.clone());
            tokio::spawn(async move { vestibule.take_company(&state, None).await.unwrap().is_some() })
        })
        .collect();
    let mut won = 0;
    for racer in racers {
        won += i32::from(racer.await.unwrap());
    }
    assert_eq!(won, 1);
}

async fn the_first_account_spends_the_invite_in_its_own_transaction(world: World) {
    let owner = world.owner().await;
    let id = provider(&world, &owner).await;
    let redeemed = invited(&world, &owner, EMAIL).await;
    let link =
        |name: &str| world.vestibule.link_first_provider(&redeemed, &id, subject(name), vouched("Grace@NAVY.example"));
    let signed_in = link("grace").await.unwrap();
    assert_eq!((signed_in.user_id.as_str(), signed_in.is_administrator), (&*redeemed.user_id, false));
    let record = world.vestibule.record(&owner, &redeemed.user_id).await.unwrap();
    let linked = &record.providers[0];
    assert_eq!((linked.provider_id.as_str(), linked.provider_name.as_str()), (&*id, "Contoso"));
    assert_eq!(linked.subject, "grace");
    assert_eq!(
        Value::Object(linked.claims.clone()),
        json!({ "sub": "s", "email": "Grace@NAVY.example", "email_verified": true })
    );
    assert!(record.has_method());
    let steps = world.steps(&owner, &redeemed.user_id).await;
    assert_eq!(steps[steps.len() - 2..], ["provider-linked", "invite-ready"]);

    let before = world.db.dump().await;
    assert_eq!(refused(link("another").await), Refusal::HasMethod);
    assert_eq!(refused(world.vestibule.set_first_password(&redeemed, secret_word()).await), Refusal::HasMethod);
    assert_eq!(world.db.dump().await, before);
}

async fn an_account_without_the_invited_address_is_refused_with_what_explains(world: World) {
    let owner = world.owner().await;
    let id = provider(&world, &owner).await;
    let redeemed = invited(&world, &owner, EMAIL).await;
    let before = world.db.dump().await;
    let mismatch = |found: Option<&str>, verified| Refusal::ProviderMismatch {
        found: found.map(str::to_owned),
        expected: "gr•••@navy.example".to_owned(),
        verified,
    };
    for (said, refusal) in [
        (vouched("ada@navy.example"), mismatch(Some("a•••@navy.example"), true)),
        (claims(json!({ "email": EMAIL, "email_verified": false })), mismatch(Some("gr•••@navy.example"), false)),
        (claims(json!({ "email": EMAIL })), mismatch(Some("gr•••@navy.example"), false)),
        (claims(json!({ "email_verified": true })), mismatch(None, false)),
        (vouched("grace@navy.example.evil.example"), mismatch(Some("gr•••@navy.example.evil.example"), true)),
    ] {
        let answer = world.vestibule.link_first_provider(&redeemed, &id, subject("grace"), said).await;
        assert_eq!(refused(answer), refusal);
    }
    assert_eq!(world.db.dump().await, before, "nothing half-made");
    world.vestibule.set_first_password(&redeemed, secret_word()).await.unwrap();
}

async fn only_what_is_allowed_and_open_leads_to_a_first_account(world: World) {
    let owner = world.owner().await;
    let id = provider(&world, &owner).await;
    let redeemed = invited(&world, &owner, EMAIL).await;
    let link = |id: &str| {
        let id = id.to_owned();
        let (vestibule, redeemed) = (world.vestibule.clone(), redeemed.clone());
        async move { vestibule.link_first_provider(&redeemed, &id, subject("grace"), vouched(EMAIL)).await }
    };
    let policy = |methods: &[Method]| Policy { first_methods: methods.to_vec(), ..Policy::default() };
    world.vestibule.change_policy(&owner, &policy(&[Method::Password])).await.unwrap();
    assert_eq!(refused(link(&id).await), Refusal::MethodNotAllowed);
    world.vestibule.change_policy(&owner, &policy(&[Method::Provider])).await.unwrap();
    assert_eq!(refused(link("another").await), Refusal::NotFound);
    world.vestibule.enable_provider(&owner, &id, false).await.unwrap();
    assert_eq!(refused(link(&id).await), Refusal::NotFound);
    world.vestibule.enable_provider(&owner, &id, true).await.unwrap();
    world.vestibule.disable(&owner, &redeemed.user_id).await.unwrap();
    assert_eq!(refused(link(&id).await), Refusal::Disabled);
    world.vestibule.enable(&owner, &redeemed.user_id).await.unwrap();
    world.vestibule.invite(&owner, crate::support::people::form(EMAIL)).await.unwrap();
    assert_eq!(refused(link(&id).await), Refusal::SetupOver, "a newer invite has replaced it");
}

async fn sixteen_first_accounts_at_once_make_one(world: World) {
    let owner = world.owner().await;
    let id = provider(&world, &owner).await;
    let redeemed = invited(&world, &owner, EMAIL).await;
    let racers: Vec<_> = (0..16)
        .map(|number| {
            let (vestibule, redeemed, id) = (world.vestibule.clone(), redeemed.clone(), id.clone());
            let subject = subject(&format!("grace-{number}"));
            tokio::spawn(
                async move { vestibule.link_first_provider(&redeemed, &id, subject, vouched(EMAIL)).await.is_ok() },
            )
        })
        .collect();
    let mut won = 0;
    for racer in racers {
        won += i32::from(racer.await.unwrap());
    }
    assert_eq!((won, world.db.number("SELECT COUNT(*) FROM provider_link").await), (1, 1));
}

async fn signing_in_writes_down_what_the_provider_says(world: World) {
    let owner = world.owner().await;
    let id = provider(&world, &owner).await;
    let grace = holder(&world, &owner, &id).await;
    world.vestibule.add_address(&owner, grace.user_id(), &address("hopper@navy.example")).await.unwrap();
    let ip = Some("192.0.2.1".to_owned());
    let said = vouched("hopper@navy.example");
    let signed_in = world.vestibule.sign_in_by_provider(&id, subject("grace"), said, ip).await.unwrap();
    assert_eq!((signed_in.user_id.as_str(), signed_in.is_administrator), (grace.user_id(), false));
    let record = world.vestibule.record(&owner, grace.user_id()).await.unwrap();
    assert_eq!((record.user.sign_ins, record.user.last_sign_in_ip.as_deref()), (1, Some("192.0.2.1")));
    assert_eq!(record.providers[0].claims["email"], "hopper@navy.example", "what it says now");
    let proven = record.emails.iter().find(|email| email.canonical == "hopper@navy.example").unwrap();
    assert_eq!(proven.proof, Some(ProofKind::Idp), "a verified address proves the same one here");
    let steps = world.steps(&owner, grace.user_id()).await;
    assert_eq!(steps[steps.len() - 2..], ["signed-in", "email-verified"]);

    let said = claims(json!({ "email": "hopper@navy.example", "email_verified": false }));
    world.vestibule.unverify(&owner, grace.user_id(), &proven.id, "a test").await.unwrap();
    world.vestibule.sign_in_by_provider(&id, subject("grace"), said, None).await.unwrap();
    let record = world.vestibule.record(&owner, grace.user_id()).await.unwrap();
    assert!(record.emails.iter().any(|email| email.verified_at.is_none()), "an unverified one proves nothing");
}

async fn who_may_not_come_in_by_a_provider_does_not(world: World) {
    let owner = world.owner().await;
    let id = provider(&world, &owner).await;
    let grace = holder(&world, &owner, &id).await;
    let sign_in = |name: &str, said: Claims| world.vestibule.sign_in_by_provider(&id, subject(name), said, None);
    let stranger = sign_in("somebody", vouched(EMAIL)).await;
    assert_eq!(refused(stranger), Refusal::ProviderUnknown, "an address alone opens no account");
    world.vestibule.lock_user(&owner, grace.user_id()).await.unwrap();
    assert_eq!(refused(sign_in("grace", vouched(EMAIL)).await), Refusal::Disabled);
    world.vestibule.unlock_user(&owner, grace.user_id()).await.unwrap();
    world.vestibule.disable(&owner, grace.user_id()).await.unwrap();
    assert_eq!(refused(sign_in("grace", vouched(EMAIL)).await), Refusal::Disabled);
    world.vestibule.enable(&owner, grace.user_id()).await.unwrap();
    world.vestibule.enable_provider(&owner, &id, false).await.unwrap();
    assert_eq!(refused(sign_in("grace", vouched(EMAIL)).await), Refusal::NotFound);
    assert_eq!(world.vestibule.record(&owner, grace.user_id()).await.unwrap().user.sign_ins, 0);
}

async fn further_accounts_are_linked_and_taken_away_but_for_the_last_way_in(world: World) {
    let owner = world.owner().await;
    let id = provider(&world, &owner).await;
    let grace = holder(&world, &owner, &id).await;
    let vestibule = &world.vestibule;
    assert_eq!(refused(vestibule.unlink_provider(&grace, &id, "grace").await), Refusal::LastMethod);
    let mine = vestibule.link_provider(&grace, &id, subject("grace"), Claims::default()).await;
    assert_eq!(refused(mine), Refusal::Unchanged);
    vestibule.link_provider(&grace, &id, subject("grace-2"), vouched("other@else.example")).await.unwrap();
    let olga = vestibule.visitor(owner.user_id()).await.unwrap().unwrap().person();
    let taken = vestibule.link_provider(&olga, &id, subject("grace-2"), Claims::default()).await;
    assert_eq!(refused(taken), Refusal::ProviderTaken);
    assert_eq!(refused(vestibule.unlink_provider(&grace, &id, "another").await), Refusal::NotFound);
    vestibule.unlink_provider(&grace, &id, "grace").await.unwrap();
    assert_eq!(refused(vestibule.unlink_provider(&grace, &id, "grace-2").await), Refusal::LastMethod);
    vestibule.link_provider(&olga, &id, subject("olga"), Claims::default()).await.unwrap();
    assert_eq!(refused(vestibule.unlink_provider(&olga, &id, "grace-2").await), Refusal::NotFound, "another's");
    let steps = world.steps(&owner, grace.user_id()).await;
    assert_eq!(steps[steps.len() - 2..], ["provider-linked", "provider-unlinked"]);
}

async fn a_provider_that_is_deleted_takes_its_links_along(world: World) {
    let owner = world.owner().await;
    let id = provider(&world, &owner).await;
    let grace = holder(&world, &owner, &id).await;
    assert_eq!(world.vestibule.providers(&owner).await.unwrap()[0].links, 1);
    world.vestibule.delete_provider(&owner, &id).await.unwrap();
    assert!(!world.vestibule.record(&owner, grace.user_id()).await.unwrap().has_method());
    assert_eq!(world.steps(&owner, grace.user_id()).await.last(), Some(&"provider-unlinked"));
}
