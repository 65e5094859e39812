//! Requests of apps, and apps themselves.

use vestibule_core::{
    Refusal,
    api_key::Scope,
    authorization::{NewApp, Parameters, RequestProblem, ResponseMode},
};

use super::{CALLBACK, ISSUER, Shop, machine, new_app, pkce};
use crate::support::{World, refused};

both! {
    nothing_is_sent_to_an_address_that_is_not_certainly_the_apps,
    what_else_is_wrong_is_told_to_the_app,
    what_is_right_is_read,
    an_app_needs_sound_addresses_and_an_owner,
}

async fn problem(shop: &Shop, query: &str) -> RequestProblem {
    shop.world.vestibule.authorization_request(&Parameters::parse(query), ISSUER).await.unwrap().expect_err(query)
}

async fn nothing_is_sent_to_an_address_that_is_not_certainly_the_apps(world: World) {
    let shop = Shop::open(world).await;
    let whole = shop.query("scope=openid");
    let with = |address: &str| whole.replace(CALLBACK, address);
    for query in [
        with(""),
        with("https://shop.example/callback/"),
        with("https://shop.example/callback?x"),
        with("https://shop.example/CALLBACK"),
        with("https://shop.example:443/callback"),
        with("https://evil.example/callback"),
        with("https://shop.example/bye"),
        format!("{whole}&redirect_uri=https://evil.example/"),
        format!("{whole}&redirect_uri={CALLBACK}"),
    ] {
        assert_eq!(problem(&shop, &query).await, RequestProblem::RedirectAddress, "{query}");
    }
    let machine = machine(&shop.world).await;
    let id = shop.app.id.as_str();
    for query in [
        whole.replace(id, "nobody"),
        whole.replace(id, ""),
        whole.replace(id, "%00"),
        whole.replace(id, &machine.app().id),
        format!("{whole}&client_id={id}"),
    ] {
        assert_eq!(problem(&shop, &query).await, RequestProblem::UnknownClient, "{query}");
    }
    shop.world.vestibule.revoke_client(&shop.owner, id).await.unwrap();
    assert_eq!(problem(&shop, &whole).await, RequestProblem::UnknownClient);
}

async fn what_else_is_wrong_is_told_to_the_app(world: World) {
    let shop = Shop::open(world).await;
    let whole = shop.query("scope=openid&state=a%26b");
    let pkce = pkce();
    let (long, no_pkce) = ("x".repeat(513), whole.replace(&pkce, ""));
    for (query, error) in [
        (whole.replace("response_type=code", "response_type=token"), "unsupported_response_type"),
        (whole.replace("response_type=code", "response_type=code+id_token"), "unsupported_response_type"),
        (whole.replace("response_type=code", ""), "invalid_request"),
        (no_pkce.clone(), "invalid_request"),
        (whole.replace("S256", "plain"), "invalid_request"),
        (format!("{no_pkce}&code_challenge=short&code_challenge_method=S256"), "invalid_request"),
        (whole.replace("scope=openid", ""), "invalid_scope"),
        (whole.replace("scope=openid", "scope=nonsense"), "invalid_scope"),
        (whole.replace("scope=openid", "scope=openid+read"), "invalid_scope"),
        (format!("{whole}&prompt=none+login"), "invalid_request"),
        (format!("{whole}&prompt=create"), "invalid_request"),
        (format!("{whole}&max_age=-1"), "invalid_request"),
        (format!("{whole}&max_age=soon"), "invalid_request"),
        (format!("{whole}&response_mode=web_message"), "invalid_request"),
        (format!("{whole}&nonce={long}"), "invalid_request"),
        (format!("{whole}&nonce=a&nonce=b"), "invalid_request"),
        (format!("{whole}&request=e30.e30."), "request_not_supported"),
        (format!("{whole}&request_uri=https://shop.example/r"), "request_uri_not_supported"),
        (format!("{whole}&registration=%7B%7D"), "registration_not_supported"),
    ] {
        let RequestProblem::Told(departure) = problem(&shop, &query).await else { panic!("{query}") };
        assert_eq!((departure.to.as_str(), departure.mode), (CALLBACK, ResponseMode::Query), "{query}");
        let get = |name| departure.parameters.iter().find(|(own, _)| *own == name).map(|(_, value)| value.as_str());
        assert_eq!((get("error"), get("state"), get("iss")), (Some(error), Some("a&b"), Some(ISSUER)), "{query}");
        assert!(get("error_description").is_some_and(|why| why.ends_with('.')), "{query}");
    }
    let query = format!("{whole}&response_mode=fragment&prompt=what");
    let RequestProblem::Told(departure) = problem(&shop, &query).await else { panic!() };
    assert!(departure.url().starts_with("https://shop.example/callback#error=invalid_request&"), "{}", departure.url());
}

async fn what_is_right_is_read(world: World) {
    let mut shop = Shop::open(world).await;
    let app = NewApp { scopes: vec![Scope::Read], ..new_app() };
    shop.app = shop.world.vestibule.create_app(&shop.owner, app).await.unwrap();
    let more = "scope=email+openid+openid+read+custom&state=s&nonce=n&prompt=login+consent&max_age=60\
                &login_hint=grace%40navy.example&response_mode=form_post&display=page&ui_locales=de";
    let request = shop.request(more).await;
    assert_eq!(
        (request.scopes.to_string(), request.response_mode),
        ("openid email read".to_owned(), ResponseMode::FormPost)
    );
    assert_eq!(
        (request.state.as_deref(), request.nonce.as_deref(), request.max_age),
        (Some("s"), Some("n"), Some(60_000))
    );
    assert!(request.prompt.login && request.prompt.consent && !request.prompt.none);
    assert_eq!(request.login_hint.as_deref(), Some("grace@navy.example"));
}

async fn an_app_needs_sound_addresses_and_an_owner(world: World) {
    let shop = Shop::open(world).await;
    let vestibule = &shop.world.vestibule;
    let before = shop.world.db.dump().await;
    let addresses = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let many: Vec<String> = (0..21).map(|at| format!("https://shop.example/{at}")).collect();
    for new in [
        NewApp { redirect_uris: Vec::new(), ..new_app() },
        NewApp { redirect_uris: addresses(&[" "]), ..new_app() },
        NewApp { redirect_uris: addresses(&["http://shop.example/"]), ..new_app() },
        NewApp { redirect_uris: addresses(&["com.example.shop:/callback"]), ..new_app() },
        NewApp { redirect_uris: many, ..new_app() },
        NewApp { post_logout_uris: addresses(&["https://shop.example/#bye"]), ..new_app() },
    ] {
        assert_eq!(refused(vestibule.create_app(&shop.owner, new.clone()).await), Refusal::Text, "{new:?}");
    }
    let nameless = NewApp { name: " ".to_owned(), ..new_app() };
    assert_eq!(refused(vestibule.create_app(&shop.owner, nameless).await), Refusal::Name);
    assert_eq!(shop.world.db.dump().await, before);
}
