//! Who may call, and what everybody else is told.

use http::{Method, Request, header};
use serde_json::{Value, json};
use vestibule_core::api_key::Scope;

use crate::{support::World, wire::Wire};

both!(
    anybody_may_try_a_code,
    without_a_live_token_nobody_is_let_in,
    a_missing_token_is_told_before_all_that_is_wrong_with_the_body,
    an_organization_of_others_does_not_exist,
    a_key_does_what_its_scopes_say,
    a_person_without_a_role_has_no_membership,
    a_person_may_what_is_their_own,
);

async fn without_a_live_token_nobody_is_let_in(world: World) {
    let mut wire = Wire::new(world).await;
    for header in [None, Some("Basic abc"), Some("Bearer"), Some("Bearer nonsense")] {
        let mut request = Request::builder().uri("/v2/users/1");
        if let Some(header) = header {
            request = request.header(header::AUTHORIZATION, header);
        }
        let heard = wire.send(request.body(axum::body::Body::empty()).unwrap()).await;
        let asks = heard.header("www-authenticate").to_owned();
        wire.told += &format!("{header:?}\n{}\nWWW-Authenticate: {asks}\n\n", heard.line());
    }
    snapshot!(wire.told, @r#"
    None
    401 {"code":16,"message":"auth header missing"}
    WWW-Authenticate: auth header missing

    Some("Basic abc")
    401 {"code":16,"message":"invalid auth header (AUTH-toLo1)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"AUTH-toLo1","message":"invalid auth header"}]}
    WWW-Authenticate: invalid auth header (AUTH-toLo1)

    Some("Bearer")
    401 {"code":16,"message":"invalid auth header (AUTH-toLo1)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"AUTH-toLo1","message":"invalid auth header"}]}
    WWW-Authenticate: invalid auth header (AUTH-toLo1)

    Some("Bearer nonsense")
    401 {"code":16,"message":"Errors.Token.Invalid (AUTH-7fs1e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"AUTH-7fs1e","message":"Errors.Token.Invalid"}]}
    WWW-Authenticate: Errors.Token.Invalid (AUTH-7fs1e)
    "#);
}

async fn a_missing_token_is_told_before_all_that_is_wrong_with_the_body(world: World) {
    let wire = Wire::new(world).await;
    for body in ["{", "[]", "{}", r#"{"verificationCode":7}"#] {
        let heard = wire.raw("", Method::POST, "/v2/users/1/invite_code/verify", "application/json", body).await;
        assert_eq!(heard.line(), r#"401 {"code":16,"message":"auth header missing"}"#);
        let path = "/zitadel.user.v2.UserService/VerifyInviteCode";
        let heard = wire.raw("", Method::POST, path, "application/json", body).await;
        assert_eq!(heard.line(), r#"401 {"code":"unauthenticated","message":"auth header missing"}"#);
        let heard = wire.framed("", path, "application/grpc", body.as_bytes()).await;
        assert_eq!((heard.header("grpc-status"), heard.header("grpc-message")), ("16", "auth%20header%20missing"));
    }
}

async fn an_organization_of_others_does_not_exist(world: World) {
    let mut wire = Wire::new(world).await;
    let id = wire.user("u1").await;
    for organization in ["nobody", &wire.world.organization.clone(), ""] {
        let request = Request::builder()
            .uri(format!("/v2/users/{id}/authentication_methods"))
            .header(header::AUTHORIZATION, format!("Bearer {}", wire.key))
            .header("x-zitadel-orgid", organization);
        let heard = wire.send(request.body(axum::body::Body::empty()).unwrap()).await;
        wire.told += &format!("{}\n", heard.line());
    }
    let mut body = json!({
        "profile": {"givenName": "Ada", "familyName": "Lovelace"},
        "email": {"email": "ada@poet.example"},
        "organization": {"orgId": "nobody"},
    });
    wire.tell(Method::POST, "/v2/users/human", body.clone()).await;
    body["organization"] = json!({"orgDomain": "acme.example"});
    wire.tell(Method::POST, "/v2/users/human", body).await;
    let body = json!({
        "organizationId": "nobody",
        "human": {"profile": {"givenName": "Ada", "familyName": "Lovelace"}, "email": {"email": "ada@poet.example"}},
    });
    wire.tell(Method::POST, "/v2/users/new", body).await;
    snapshot!(wire.told, @r#"
    403 {"code":7,"message":"Organisation doesn't exist (AUTH-Bs7Ds)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"AUTH-Bs7Ds","message":"Organisation doesn't exist"}]}
    200 {"details":{"processedSequence":"1","timestamp":"2025-06-15T15:06:40Z"}}
    200 {"details":{"processedSequence":"1","timestamp":"2025-06-15T15:06:40Z"}}
    POST /v2/users/human {"profile":{"givenName":"Ada","familyName":"Lovelace"},"email":{"email":"ada@poet.example"},"organization":{"orgId":"nobody"}}
    403 {"code":7,"message":"Organisation doesn't exist (AUTH-Bs7Ds)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"AUTH-Bs7Ds","message":"Organisation doesn't exist"}]}

    POST /v2/users/human {"profile":{"givenName":"Ada","familyName":"Lovelace"},"email":{"email":"ada@poet.example"},"organization":{"orgDomain":"acme.example"}}
    403 {"code":7,"message":"Organisation doesn't exist (AUTH-Bs7Ds)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"AUTH-Bs7Ds","message":"Organisation doesn't exist"}]}

    POST /v2/users/new {"organizationId":"nobody","human":{"profile":{"givenName":"Ada","familyName":"Lovelace"},"email":{"email":"ada@poet.example"}}}
    403 {"code":7,"message":"No matching permissions found (AUTH-AWfge)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"AUTH-AWfge","message":"No matching permissions found"}]}
    "#);
}

/// What each call of a table answers, by status and id.
async fn table(wire: &Wire, token: &str, id: &str) -> String {
    let profile = json!({"givenName": "Ada", "familyName": "Lovelace"});
    let email = json!({"email": "ada@poet.example"});
    let calls = [
        (Method::GET, format!("/v2/users/{id}"), Value::Null),
        (Method::POST, "/v2/users".to_owned(), json!({})),
        (Method::GET, format!("/v2/users/{id}/authentication_methods"), Value::Null),
        (Method::POST, "/v2/users/human".to_owned(), json!({"profile": profile, "email": email})),
        (
            Method::POST,
            "/v2/users/new".to_owned(),
            json!({"organizationId": wire.world.organization, "human": {"profile": profile, "email": {"email": "b@poet.example"}}}),
        ),
        (Method::PATCH, format!("/v2/users/{id}"), json!({"human": {"profile": {"nickName": "Amazing"}}})),
        (Method::POST, format!("/v2/users/{id}/invite_code"), json!({"returnCode": {}})),
        (Method::POST, format!("/v2/users/{id}/invite_code/resend"), json!({})),
        (Method::POST, format!("/v2/users/{id}/invite_code/verify"), json!({"verificationCode": "BBBBBBBBBBBBBBB"})),
        (Method::POST, format!("/v2/users/{id}/email/send"), json!({})),
        (Method::POST, format!("/v2/users/{id}/email/send"), json!({"returnCode": {}})),
        (Method::POST, format!("/v2/users/{id}/email/verify"), json!({"verificationCode": "BBBBBBBB"})),
        (Method::POST, format!("/v2/users/{id}/email"), json!({"email": "g@navy.example", "isVerified": true})),
        (Method::POST, format!("/v2/users/{id}/password_reset"), json!({"returnCode": {}})),
        (
            Method::POST,
            format!("/v2/users/{id}/password"),
            json!({"newPassword": {"password": "tall ships sail at dawn"}}),
        ),
        (Method::POST, format!("/v2/users/{id}/lock"), json!({})),
        (Method::DELETE, format!("/v2/users/{id}"), Value::Null),
        (Method::GET, "/v2/users/nobody".to_owned(), Value::Null),
        (Method::POST, "/v2/users/nobody/email/send".to_owned(), json!({})),
    ];
    let mut told = String::new();
    for (method, path, body) in calls {
        let heard = wire.rest(token, method.clone(), &path, &body).await;
        let message = heard.json()["message"].as_str().unwrap_or_default().to_owned();
        told += format!("{method} {path} {} {message}", heard.status.as_u16()).trim_end();
        told.push('\n');
    }
    told
}

async fn a_key_does_what_its_scopes_say(world: World) {
    let wire = Wire::new(world).await;
    let mut told = String::new();
    for (place, scope) in Scope::ALL.iter().enumerate() {
        let id = wire.user(&format!("u{place}")).await;
        let key = wire.key_for(&[*scope]).await;
        told += &format!("{scope}\n{}\n", table(&wire, &key, &id).await);
    }
    snapshot!(told, @r#"
    read
    GET /v2/users/u0 200
    POST /v2/users 200
    GET /v2/users/u0/authentication_methods 200
    POST /v2/users/human 403 No matching permissions found (AUTH-5mWD2)
    POST /v2/users/new 403 No matching permissions found (AUTH-AWfge)
    PATCH /v2/users/u0 403 No matching permissions found (AUTH-AWfge)
    POST /v2/users/u0/invite_code 403 No matching permissions found (AUTH-AWfge)
    POST /v2/users/u0/invite_code/resend 403 No matching permissions found (AUTH-AWfge)
    POST /v2/users/u0/invite_code/verify 400 Code is invalid (COMMAND-Wgn4q)
    POST /v2/users/u0/email/send 403 No matching permissions found (AUTH-AWfge)
    POST /v2/users/u0/email/send 403 No matching permissions found (AUTH-AWfge)
    POST /v2/users/u0/email/verify 400 Code is invalid (COMMAND-eis9R)
    POST /v2/users/u0/email 403 No matching permissions found (AUTH-AWfge)
    POST /v2/users/u0/password_reset 403 No matching permissions found (AUTH-AWfge)
    POST /v2/users/u0/password 403 No matching permissions found (AUTH-AWfge)
    POST /v2/users/u0/lock 403 No matching permissions found (AUTH-AWfge)
    DELETE /v2/users/u0 403 No matching permissions found (AUTH-AWfge)
    GET /v2/users/nobody 404 User could not be found (QUERY-Dfbg2)
    POST /v2/users/nobody/email/send 404 Email not found (COMMAND-ieJ2e)

    write
    GET /v2/users/u1 403 No matching permissions found (AUTH-AWfge)
    POST /v2/users 403 No matching permissions found (AUTH-AWfge)
    GET /v2/users/u1/authentication_methods 403 No matching permissions found (AUTH-AWfge)
    POST /v2/users/human 200
    POST /v2/users/new 200
    PATCH /v2/users/u1 200
    POST /v2/users/u1/invite_code 200
    POST /v2/users/u1/invite_code/resend 400 Code not found (COMMAND-Wr3gq)
    POST /v2/users/u1/invite_code/verify 400 Code is invalid (COMMAND-Wgn4q)
    POST /v2/users/u1/email/send 200
    POST /v2/users/u1/email/send 200
    POST /v2/users/u1/email/verify 400 Code is invalid (COMMAND-eis9R)
    POST /v2/users/u1/email 403 No matching permissions found (AUTH-AWfge)
    POST /v2/users/u1/password_reset 200
    POST /v2/users/u1/password 200
    POST /v2/users/u1/lock 200
    DELETE /v2/users/u1 200
    GET /v2/users/nobody 403 No matching permissions found (AUTH-AWfge)
    POST /v2/users/nobody/email/send 404 Email not found (COMMAND-ieJ2e)

    verify
    GET /v2/users/u2 403 No matching permissions found (AUTH-AWfge)
    POST /v2/users 403 No matching permissions found (AUTH-AWfge)
    GET /v2/users/u2/authentication_methods 403 No matching permissions found (AUTH-AWfge)
    POST /v2/users/human 403 No matching permissions found (AUTH-5mWD2)
    POST /v2/users/new 403 No matching permissions found (AUTH-AWfge)
    PATCH /v2/users/u2 403 No matching permissions found (AUTH-AWfge)
    POST /v2/users/u2/invite_code 403 No matching permissions found (AUTH-AWfge)
    POST /v2/users/u2/invite_code/resend 400 Code not found (COMMAND-Wr3gq)
    POST /v2/users/u2/invite_code/verify 400 Code is invalid (COMMAND-Wgn4q)
    POST /v2/users/u2/email/send 200
    POST /v2/users/u2/email/send 403 No matching permissions found (AUTH-AWfge)
    POST /v2/users/u2/email/verify 400 Code is invalid (COMMAND-eis9R)
    POST /v2/users/u2/email 403 No matching permissions found (AUTH-AWfge)
    POST /v2/users/u2/password_reset 403 No matching permissions found (AUTH-AWfge)
    POST /v2/users/u2/password 403 No matching permissions found (AUTH-AWfge)
    POST /v2/users/u2/lock 403 No matching permissions found (AUTH-AWfge)
    DELETE /v2/users/u2 403 No matching permissions found (AUTH-AWfge)
    GET /v2/users/nobody 403 No matching permissions found (AUTH-AWfge)
    POST /v2/users/nobody/email/send 404 Email not found (COMMAND-ieJ2e)
    "#);
}

async fn a_person_without_a_role_has_no_membership(world: World) {
    let wire = Wire::new(world).await;
    let (id, other) = (wire.user("u1").await, wire.user("u2").await);
    let told = table(&wire, &wire.token_of(&id).await, &other).await;
    snapshot!(told, @r#"
    GET /v2/users/u2 404 membership not found (AUTHZ-cdgFk)
    POST /v2/users 200
    GET /v2/users/u2/authentication_methods 404 membership not found (AUTHZ-cdgFk)
    POST /v2/users/human 404 membership not found (AUTHZ-cdgFk)
    POST /v2/users/new 404 membership not found (AUTHZ-cdgFk)
    PATCH /v2/users/u2 404 membership not found (AUTHZ-cdgFk)
    POST /v2/users/u2/invite_code 404 membership not found (AUTHZ-cdgFk)
    POST /v2/users/u2/invite_code/resend 404 membership not found (AUTHZ-cdgFk)
    POST /v2/users/u2/invite_code/verify 400 Code is invalid (COMMAND-Wgn4q)
    POST /v2/users/u2/email/send 404 membership not found (AUTHZ-cdgFk)
    POST /v2/users/u2/email/send 404 membership not found (AUTHZ-cdgFk)
    POST /v2/users/u2/email/verify 400 Code is invalid (COMMAND-eis9R)
    POST /v2/users/u2/email 404 membership not found (AUTHZ-cdgFk)
    POST /v2/users/u2/password_reset 404 membership not found (AUTHZ-cdgFk)
    POST /v2/users/u2/password 404 membership not found (AUTHZ-cdgFk)
    POST /v2/users/u2/lock 404 membership not found (AUTHZ-cdgFk)
    DELETE /v2/users/u2 404 membership not found (AUTHZ-cdgFk)
    GET /v2/users/nobody 404 membership not found (AUTHZ-cdgFk)
    POST /v2/users/nobody/email/send 404 membership not found (AUTHZ-cdgFk)
    "#);
}

async fn a_person_may_what_is_their_own(world: World) {
    let wire = Wire::new(world).await;
    let id = wire.user("u1").await;
    let told = table(&wire, &wire.token_of(&id).await, &id).await;
    snapshot!(told, @r#"
    GET /v2/users/u1 200
    POST /v2/users 200
    GET /v2/users/u1/authentication_methods 200
    POST /v2/users/human 404 membership not found (AUTHZ-cdgFk)
    POST /v2/users/new 404 membership not found (AUTHZ-cdgFk)
    PATCH /v2/users/u1 404 membership not found (AUTHZ-cdgFk)
    POST /v2/users/u1/invite_code 403 No matching permissions found (AUTH-AWfge)
    POST /v2/users/u1/invite_code/resend 403 No matching permissions found (AUTH-AWfge)
    POST /v2/users/u1/invite_code/verify 400 Code is invalid (COMMAND-Wgn4q)
    POST /v2/users/u1/email/send 200
    POST /v2/users/u1/email/send 404 membership not found (AUTHZ-cdgFk)
    POST /v2/users/u1/email/verify 400 Code is invalid (COMMAND-eis9R)
    POST /v2/users/u1/email 404 membership not found (AUTHZ-cdgFk)
    POST /v2/users/u1/password_reset 404 membership not found (AUTHZ-cdgFk)
    POST /v2/users/u1/password 404 membership not found (AUTHZ-cdgFk)
    POST /v2/users/u1/lock 404 membership not found (AUTHZ-cdgFk)
    DELETE /v2/users/u1 404 membership not found (AUTHZ-cdgFk)
    GET /v2/users/nobody 404 membership not found (AUTHZ-cdgFk)
    POST /v2/users/nobody/email/send 404 membership not found (AUTHZ-cdgFk)
    "#);
}

/// Anybody with a token may try a code for any user; what came of it is told as far as they may see the user.
async fn anybody_may_try_a_code(world: World) {
    let mut wire = Wire::new(world).await;
    let token = wire.token_of(&wire.user("u1").await).await;
    wire.user("u2").await;
    let code = wire.email_code("u2").await;
    wire.tell_as(&token, Method::POST, "/v2/users/u2/email/verify", json!({"verificationCode": code})).await;
    assert_eq!(wire.get("/v2/users/u2").await.json()["user"]["human"]["email"]["isVerified"], true);
    snapshot!(wire.told, @r#"
    POST /v2/users/u2/email/verify {"verificationCode":"WQKPDBHC"}
    200 {"details":{"changeDate":"2025-06-15T15:06:40.001Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}
    "#);
}
