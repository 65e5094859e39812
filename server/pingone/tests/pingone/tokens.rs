//! Access tokens.

use axum::body::Body;
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{Method, Request, header};
use vestibule_core::{
    api_key::{Keeper, NewKey, Scope},
    env::HOUR,
};

use crate::{
    machine::{Answer, Machine},
    support::World,
};

both! {
    a_client_gets_a_token_that_works_for_an_hour,
    what_is_wrong_is_told_as_oauth_does,
    a_client_of_another_environment_is_unknown,
}

const FORM: &str = "application/x-www-form-urlencoded";

/// An OAuth client: its id and secret.
async fn client(machine: &Machine) -> (String, String) {
    let key = NewKey { name: "Worker".to_owned(), scopes: Scope::ALL.to_vec(), lifetime: None };
    let made = machine.world.vestibule.create_client(Keeper::operator(&machine.environment), key).await.unwrap();
    (made.id, made.secret.reveal().to_owned())
}

async fn ask(machine: &Machine, basic: Option<&str>, kind: &str, body: &str) -> Answer {
    let mut request = Request::post(format!("/{}/as/token", machine.environment)).header(header::CONTENT_TYPE, kind);
    if let Some(joined) = basic {
        request = request.header(header::AUTHORIZATION, format!("Basic {}", STANDARD.encode(joined)));
    }
    machine.call(request.body(Body::from(body.to_owned())).unwrap()).await
}

async fn a_client_gets_a_token_that_works_for_an_hour(world: World) {
    let machine = Machine::new(&world).await;
    let (id, secret) = client(&machine).await;
    // As the vendor's client writes it.
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}&scope=undefined");
    let posted = ask(&machine, None, FORM, &form).await;
    snapshot!(posted.told(), @r#"
    200 OK
    { "access_token": "CUC9JCXWvDFuVBBdNd5gJMl2mjX7E23kpPRVfxf--GM", "token_type": "Bearer", "expires_in": 3600 }
    "#);
    assert!(posted.header("cache-control").contains("no-store"));
    let basic = format!("{}:{}", id.replace('-', "%2D"), secret.replace('-', "%2D"));
    let body = "grant_type=client_credentials";
    let by_basic = ask(&machine, Some(&basic), "Application/X-WWW-Form-Urlencoded; charset=UTF-8", body).await;
    for answer in [&posted, &by_basic] {
        let token = answer.body()["access_token"].as_str().unwrap().to_owned();
        let holder = Machine { token, ..machine.clone() };
        assert_eq!(holder.get("users").await.status, 200);
    }
    let token = by_basic.body()["access_token"].as_str().unwrap().to_owned();
    world.env.pass(HOUR);
    let late = Machine { token, ..machine.clone() };
    assert_eq!(late.get("users").await.status, 401);
}

async fn what_is_wrong_is_told_as_oauth_does(world: World) {
    let machine = Machine::new(&world).await;
    let (id, secret) = client(&machine).await;
    let with =
        |grant: &str, id: &str, secret: &str| format!("grant_type={grant}&client_id={id}&client_secret={secret}");
    let other = "A".repeat(43);
    let mut told = Vec::new();
    for (basic, kind, body) in [
        (None, FORM, with("client_credentials", &id, &other)),
        (None, FORM, with("client_credentials", "nobody", &secret)),
        (None, FORM, with("client_credentials", "%00", &secret)),
        (None, FORM, with("client_credentials", &id, "short")),
        (None, FORM, format!("grant_type=client_credentials&client_id={id}")),
        (None, FORM, "grant_type=client_credentials".to_owned()),
        (Some(id.as_str()), FORM, "grant_type=client_credentials".to_owned()),
        (None, FORM, with("password", &id, &secret)),
        (None, FORM, with("", &id, &secret)),
        (None, "application/json", with("client_credentials", &id, &secret)),
    ] {
        told.push(ask(&machine, basic, kind, &body).await.told());
    }
    snapshot!(told.join("\n"), @r#"
    401 Unauthorized
    www-authenticate: Basic realm="Vestibule"
    {
      "error": "invalid_client",
      "error_description": "Request denied: Unsupported authentication method (Correlation ID: 01977420-dc00-7861-84ef-a39affcd0295). The client id or the client secret is wrong, or the client is of another environment."
    }
    401 Unauthorized
    www-authenticate: Basic realm="Vestibule"
    {
      "error": "invalid_client",
      "error_description": "Request denied: Unsupported authentication method (Correlation ID: 01977420-dc00-7940-bd24-25d6bc316e54). The client id or the client secret is wrong, or the client is of another environment."
    }
    401 Unauthorized
    www-authenticate: Basic realm="Vestibule"
    {
      "error": "invalid_client",
      "error_description": "Request denied: Unsupported authentication method (Correlation ID: 01977420-dc00-75de-a024-c9769a35fb13). The client id or the client secret is wrong, or the client is of another environment."
    }
    401 Unauthorized
    www-authenticate: Basic realm="Vestibule"
    {
      "error": "invalid_client",
      "error_description": "Request denied: Unsupported authentication method (Correlation ID: 01977420-dc00-74f4-957f-17fef863a232). The client id or the client secret is wrong, or the client is of another environment."
    }
    401 Unauthorized
    www-authenticate: Basic realm="Vestibule"
    {
      "error": "invalid_client",
      "error_description": "Request denied: Unsupported authentication method (Correlation ID: 01977420-dc00-7878-88e1-d9d87054ed4c). The client secret is missing."
    }
    401 Unauthorized
    www-authenticate: Basic realm="Vestibule"
    {
      "error": "invalid_client",
      "error_description": "Request denied: Unsupported authentication method (Correlation ID: 01977420-dc00-781f-9b7d-6c24c39b0f84). The request names no client."
    }
    401 Unauthorized
    www-authenticate: Basic realm="Vestibule"
    {
      "error": "invalid_client",
      "error_description": "Request denied: Unsupported authentication method (Correlation ID: 01977420-dc00-7f90-8a43-03aecc3ef99b). The Authorization header does not hold a client id and a client secret by Basic."
    }
    400 Bad Request
    { "error": "unsupported_grant_type", "error_description": "Request denied: Only client_credentials is supported. (Correlation ID: 01977420-dc00-7e81-b59f-c8b373969a0d)" }
    400 Bad Request
    { "error": "invalid_request", "error_description": "Request denied: The parameter grant_type is missing. (Correlation ID: 01977420-dc00-773e-b5a1-bf418b0bdcee)" }
    400 Bad Request
    { "error": "invalid_request", "error_description": "Request denied: The body must be application/x-www-form-urlencoded. (Correlation ID: 01977420-dc00-7a00-b65f-1e53354322cf)" }
    "#);
    let raw = Request::post(format!("/{}/as/token", machine.environment)).header(header::CONTENT_TYPE, FORM);
    assert_eq!(machine.call(raw.body(Body::from(vec![0xff, 0xfe])).unwrap()).await.status, 400);
    let large = "x".repeat(10 * 1024 * 1024);
    snapshot!(ask(&machine, None, FORM, &large).await.told(), @r#"
    413 Payload Too Large
    { "error": "invalid_request", "error_description": "Request denied: The body is larger than 1048576 bytes. (Correlation ID: 01977420-dc00-7e67-8170-5ac1f259c85a)" }
    "#);
    let got = Request::builder().method(Method::GET).uri(format!("/{}/as/token", machine.environment));
    snapshot!(machine.call(got.body(Body::empty()).unwrap()).await.told(), @r#"
    405 Method Not Allowed
    allow: POST
    { "error": "invalid_request", "error_description": "Request denied: This path does not take this method. (Correlation ID: 01977420-dc00-7503-9279-5d0b3f0c00aa)" }
    "#);
}

async fn a_client_of_another_environment_is_unknown(world: World) {
    let machine = Machine::new(&world).await;
    let (id, secret) = client(&machine).await;
    let other = machine.elsewhere().await;
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    for environment in [other.environment.as_str(), "nowhere", "%00", "%ff"] {
        let stray = Machine { environment: environment.to_owned(), ..machine.clone() };
        let answer = ask(&stray, None, FORM, &form).await;
        assert_eq!(answer.body()["error"], "invalid_client", "{}", answer.told());
    }
}
