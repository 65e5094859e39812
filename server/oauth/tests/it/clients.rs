//! How a client says who it is, at every endpoint that asks.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::Method;

use crate::{
    app::{Shop, by_code},
    support::World,
};

both! {
    a_client_shows_its_secret_by_basic_or_in_the_form_and_never_in_both,
    whoever_is_not_the_client_is_refused_everywhere,
    what_is_no_request_is_refused,
}

const ENDPOINTS: [&str; 3] = ["/oauth/v2/token", "/oauth/v2/revoke", "/oauth/v2/introspect"];

async fn a_client_shows_its_secret_by_basic_or_in_the_form_and_never_in_both(world: World) {
    let shop = Shop::open(world).await;
    let (id, secret) = shop.client.clone();
    let form = by_code(&shop.code("openid").await);
    let in_form =
        shop.wire.form("/oauth/v2/token", &[], &format!("{form}&client_id={id}&client_secret={secret}")).await;
    assert_eq!((in_form.status.as_u16(), in_form.text("token_type")), (200, "Bearer"));

    // RFC 6749 §2.3.1: both parts are encoded as in a form.
    let escaped = (id.replace('-', "%2D"), secret.clone());
    let escaped = shop.wire.post("/oauth/v2/token", &escaped, &by_code(&shop.code("openid").await)).await;
    assert_eq!(escaped.status, 200, "{escaped:?}");

    let named = format!("{}&client_id={id}", by_code(&shop.code("openid").await));
    assert_eq!(shop.token(&named).await.status, 200, "naming itself besides is no second way");
    for more in ["client_secret=x", "client_id=another"] {
        let answer = shop.token(&format!("{}&{more}", by_code("x"))).await;
        assert_eq!(answer.refusal(), (400, "invalid_request"), "{more}");
    }
    let public = shop.public().await;
    let form = format!("{}&client_id={public}", by_code(&shop.code_for(&public, "openid").await));
    assert_eq!(shop.wire.form("/oauth/v2/token", &[], &form).await.status, 200);
}

async fn whoever_is_not_the_client_is_refused_everywhere(world: World) {
    let shop = Shop::open(world).await;
    let (id, secret) = shop.client.clone();
    let public = shop.public().await;
    let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
    for path in ENDPOINTS {
        for header in [
            basic(&format!("{id}:wrong")),
            basic(&format!("nobody:{secret}")),
            basic(&format!("{public}:{secret}")),
            basic(&format!("{id}:")),
            basic("nothing"),
            "Basic %%%".to_owned(),
            format!("Bearer {secret}"),
        ] {
            let answer = shop.wire.form(path, &[("authorization", &header)], "token=x&grant_type=refresh_token").await;
            assert_eq!(answer.refusal(), (401, "invalid_client"), "{path} {header}");
            assert_eq!(answer.headers["www-authenticate"], "Basic realm=\"Vestibule\", charset=\"UTF-8\"");
        }
        for form in
            ["token=x".to_owned(), format!("token=x&client_id={id}"), format!("client_id={public}&client_secret=x")]
        {
            let answer = shop.wire.form(path, &[], &form).await;
            assert_eq!(answer.refusal(), (401, "invalid_client"), "{path} {form}");
        }
    }
}

async fn what_is_no_request_is_refused(world: World) {
    let shop = Shop::open(world).await;
    for path in ENDPOINTS {
        let json = shop.wire.send(Method::POST, path, &[("content-type", "application/json")], "{}".to_owned()).await;
        assert_eq!(json.refusal(), (400, "invalid_request"), "{path}");
        let none = shop.wire.post(path, &shop.client, "").await;
        assert_eq!(none.refusal(), (400, "invalid_request"), "{path}");
        let twice = shop.wire.post(path, &shop.client, "token=a&token=b&grant_type=refresh_token").await;
        assert_eq!(twice.refusal(), (400, "invalid_request"), "{path}");
        let get = shop.wire.get(path, &[]).await;
        assert_eq!(
            (get.refusal(), &get.headers["allow"]),
            ((405, "invalid_request"), &"POST".parse().unwrap()),
            "{path}"
        );
    }
    assert_eq!(shop.wire.get("/oauth/v2/nothing", &[]).await.refusal(), (404, "invalid_request"));
    for (form, error) in [
        ("grant_type=password&username=a&password=b", "unsupported_grant_type"),
        ("code=x", "invalid_request"),
        ("grant_type=authorization_code&code=x", "invalid_request"),
        ("grant_type=authorization_code&code_verifier=x", "invalid_request"),
        ("grant_type=refresh_token", "invalid_request"),
    ] {
        assert_eq!(shop.token(form).await.refusal(), (400, error), "{form}");
    }
}
