//! The older service: what a person does with their own account.

use http::Method;
use serde_json::{Value, json};

use crate::{support::World, wire::Wire};

both!(
    a_person,
    verifying,
    setting,
    sending,
    a_machine,
    an_app_that_may_only_know_who_they_are_is_not_let_in,
    an_app_does_what_it_was_let_do,
    links_of_their_own,
);

async fn a_person(world: World) {
    let mut wire = Wire::new(world).await;
    let token = wire.token_of(&wire.user("u1").await).await;
    wire.tell_as(&token, Method::GET, "/auth/v1/users/me", Value::Null).await;
    wire.tell_as(&token, Method::GET, "/auth/v1/users/me/email", Value::Null).await;
    snapshot!(wire.told, @r#"
    GET /auth/v1/users/me
    200 {"user":{"id":"u1","details":{"sequence":"1","creationDate":"2025-06-15T15:06:40Z","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"},"state":"USER_STATE_ACTIVE","userName":"u1@navy.example","loginNames":["u1@navy.example"],"preferredLoginName":"u1@navy.example","human":{"profile":{"firstName":"Grace","lastName":"Hopper","displayName":"Grace Hopper","preferredLanguage":"en"},"email":{"email":"u1@navy.example"}}}}

    GET /auth/v1/users/me/email
    200 {"details":{"sequence":"1","creationDate":"2025-06-15T15:06:40Z","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"},"email":{"email":"u1@navy.example"}}
    "#);
}

async fn verifying(world: World) {
    let mut wire = Wire::new(world).await;
    let token = wire.token_of(&wire.user("u1").await).await;
    let path = "/auth/v1/users/me/email/_verify";
    // None is pending.
    wire.tell_as(&token, Method::POST, path, json!({"code": "BBBBBBBB"})).await;
    let code = wire.email_code("u1").await;
    wire.tell_as(&token, Method::POST, path, json!({"code": "BBBBBBBB"})).await;
    wire.tell_as(&token, Method::POST, path, json!({"code": "?"})).await;
    wire.tell_as(&token, Method::POST, path, json!({"code": ""})).await;
    wire.world.env.pass(3 * 24 * 3_600_000);
    let token = wire.token_of("u1").await;
    wire.tell_as(&token, Method::POST, path, json!({"code": code})).await;
    let code = wire.email_code("u1").await;
    wire.tell_as(&token, Method::POST, path, json!({"code": code})).await;
    // Verified, so none is pending.
    wire.tell_as(&token, Method::POST, path, json!({"code": code})).await;
    snapshot!(wire.told, @r#"
    POST /auth/v1/users/me/email/_verify {"code":"BBBBBBBB"}
    404 {"code":5,"message":"Code not found (COMMAND-3n8ud)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-3n8ud","message":"Code not found"}]}

    POST /auth/v1/users/me/email/_verify {"code":"BBBBBBBB"}
    400 {"code":3,"message":"Code is invalid (COMMAND-Gdsgs)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-Gdsgs","message":"Code is invalid"}]}

    POST /auth/v1/users/me/email/_verify {"code":"?"}
    400 {"code":3,"message":"Code is invalid (COMMAND-Gdsgs)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-Gdsgs","message":"Code is invalid"}]}

    POST /auth/v1/users/me/email/_verify {"code":""}
    400 {"code":3,"message":"invalid VerifyMyEmailRequest.Code: value length must be between 1 and 200 runes, inclusive"}

    POST /auth/v1/users/me/email/_verify {"code":"WCGRRQVB"}
    400 {"code":3,"message":"Code is invalid (COMMAND-Gdsgs)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-Gdsgs","message":"Code is invalid"}]}

    POST /auth/v1/users/me/email/_verify {"code":"WJHGGCFS"}
    200 {"details":{"sequence":"5","changeDate":"2025-06-18T15:06:40.002Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}

    POST /auth/v1/users/me/email/_verify {"code":"WJHGGCFS"}
    404 {"code":5,"message":"Code not found (COMMAND-3n8ud)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-3n8ud","message":"Code not found"}]}
    "#);
}

async fn setting(world: World) {
    let mut wire = Wire::new(world).await;
    let token = wire.token_of(&wire.user("u1").await).await;
    wire.user("u2").await;
    for address in ["u1@navy.example", "u2@navy.example", "", "no address", "a@b", "grace@navy.example"] {
        wire.tell_as(&token, Method::PUT, "/auth/v1/users/me/email", json!({"email": address})).await;
    }
    let sent = wire.world.deliver().await.into_iter().find_map(|letter| letter.secret).unwrap();
    let body = json!({"code": sent.code.plain()});
    wire.tell_as(&token, Method::POST, "/auth/v1/users/me/email/_verify", body).await;
    snapshot!(wire.told, @r#"
    PUT /auth/v1/users/me/email {"email":"u1@navy.example"}
    400 {"code":9,"message":"Email not changed (COMMAND-2b7fM)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-2b7fM","message":"Email not changed"}]}

    PUT /auth/v1/users/me/email {"email":"u2@navy.example"}
    409 {"code":6,"message":"User already exists (V3-DKcYh)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"V3-DKcYh","message":"User already exists"}]}

    PUT /auth/v1/users/me/email {"email":""}
    400 {"code":3,"message":"invalid SetMyEmailRequest.Email: value must be a valid email address | caused by: mail: no address"}

    PUT /auth/v1/users/me/email {"email":"no address"}
    400 {"code":3,"message":"invalid SetMyEmailRequest.Email: value must be a valid email address | caused by: mail: missing '@' or angle-addr"}

    PUT /auth/v1/users/me/email {"email":"a@b"}
    400 {"code":3,"message":"Email is invalid (EMAIL-599BI)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"EMAIL-599BI","message":"Email is invalid"}]}

    PUT /auth/v1/users/me/email {"email":"grace@navy.example"}
    200 {"details":{"sequence":"3","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}

    POST /auth/v1/users/me/email/_verify {"code":"FCZLPPHT"}
    200 {"details":{"sequence":"5","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}
    "#);
}

async fn sending(world: World) {
    let mut wire = Wire::new(world).await;
    let token = wire.token_of(&wire.user("u1").await).await;
    let path = "/auth/v1/users/me/email/_resend_verification";
    wire.tell_as(&token, Method::POST, path, json!({})).await;
    // Too soon.
    wire.tell_as(&token, Method::POST, path, json!({})).await;
    let sent = wire.world.deliver().await.pop().unwrap().secret.unwrap();
    let body = json!({"code": sent.code.plain()});
    wire.tell_as(&token, Method::POST, "/auth/v1/users/me/email/_verify", body).await;
    wire.tell_as(&token, Method::POST, path, json!({})).await;
    snapshot!(wire.told, @r#"
    POST /auth/v1/users/me/email/_resend_verification {}
    200 {"details":{"sequence":"2","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}

    POST /auth/v1/users/me/email/_resend_verification {}
    429 {"code":8,"message":"Too many requests; try again later"}

    POST /auth/v1/users/me/email/_verify {"code":"WQKPDBHC"}
    200 {"details":{"sequence":"4","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}

    POST /auth/v1/users/me/email/_resend_verification {}
    400 {"code":9,"message":"Email is already verified (COMMAND-3M9ds)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-3M9ds","message":"Email is already verified"}]}
    "#);
}

async fn a_machine(world: World) {
    let mut wire = Wire::new(world).await;
    wire.tell(Method::GET, "/auth/v1/users/me", Value::Null).await;
    wire.tell(Method::GET, "/auth/v1/users/me/email", Value::Null).await;
    wire.tell(Method::PUT, "/auth/v1/users/me/email", json!({"email": "a@poet.example"})).await;
    wire.tell(Method::POST, "/auth/v1/users/me/email/_verify", json!({"code": "BBBBBBBB"})).await;
    wire.tell(Method::POST, "/auth/v1/users/me/email/_resend_verification", json!({})).await;
    snapshot!(wire.told, @r#"
    GET /auth/v1/users/me
    200 {"user":{"id":"01977420-dc00-77fe-b863-a232f14ed878","details":{"resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"},"state":"USER_STATE_ACTIVE","userName":"Portal","loginNames":["Portal"],"preferredLoginName":"Portal","machine":{"name":"Portal","hasSecret":true}}}

    GET /auth/v1/users/me/email
    400 {"code":9,"message":"The User must be personal (QUERY-pt7HY)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"QUERY-pt7HY","message":"The User must be personal"}]}

    PUT /auth/v1/users/me/email {"email":"a@poet.example"}
    400 {"code":9,"message":"Email not found (COMMAND-0Pe4r)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-0Pe4r","message":"Email not found"}]}

    POST /auth/v1/users/me/email/_verify {"code":"BBBBBBBB"}
    404 {"code":5,"message":"Code not found (COMMAND-3n8ud)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-3n8ud","message":"Code not found"}]}

    POST /auth/v1/users/me/email/_resend_verification {}
    404 {"code":5,"message":"Email not found (COMMAND-0Pe4r)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-0Pe4r","message":"Email not found"}]}
    "#);
}

/// What an app is answered on a person's behalf, by status and message.
async fn all_of_it(wire: &Wire, token: &str) -> String {
    let calls = [
        (Method::GET, "/auth/v1/users/me", Value::Null),
        (Method::GET, "/auth/v1/users/me/email", Value::Null),
        (Method::GET, "/v2/users/u1", Value::Null),
        (Method::POST, "/v2/users/u1/passkeys/_search", json!({})),
        (Method::POST, "/auth/v1/users/me/email/_resend_verification", json!({})),
        (Method::POST, "/v2/users/u1/email/send", json!({})),
        (Method::POST, "/v2/users/u1/passkeys", json!({})),
        (Method::POST, "/auth/v1/users/me/email/_verify", json!({"code": "BBBBBBBB"})),
        (Method::POST, "/v2/users/u1/email/verify", json!({"verificationCode": "BBBBBBBB"})),
        (Method::PUT, "/auth/v1/users/me/email", json!({"email": "grace@navy.example"})),
        (Method::PUT, "/auth/v1/users/me/email", json!({"email": ""})),
    ];
    let mut told = String::new();
    for (method, path, body) in calls {
        // Nobody is told that it is too soon.
        wire.world.env.pass(60_000);
        let heard = wire.rest(token, method.clone(), path, &body).await;
        let message = heard.json()["message"].as_str().unwrap_or_default().to_owned();
        told += format!("{method} {path} {} {message}", heard.status.as_u16()).trim_end();
        told.push('\n');
    }
    told
}

async fn an_app_that_may_only_know_who_they_are_is_not_let_in(world: World) {
    let mut wire = Wire::new(world).await;
    let id = wire.user("u1").await;
    let token = wire.token_through(&id, "openid profile email offline_access").await;
    let told = all_of_it(&wire, &token).await;
    assert_eq!(told.matches(" 403 No matching permissions found (AUTH-5mWD2)\n").count(), 11, "{told}");
    assert!(wire.world.deliver().await.is_empty());
    wire.tell_as(&token, Method::GET, "/auth/v1/users/me", Value::Null).await;
    wire.told += &format!("{}\n", wire.connect(&token, "GetUserByID", &json!({"userId": "u1"})).await.line());
    let heard = wire.framed(&token, "/zitadel.auth.v1.AuthService/GetMyUser", "application/grpc", b"").await;
    wire.told += &format!("{} {}\n", heard.header("grpc-status"), heard.header("grpc-message"));
    // Whoever asks may know whether it works at all.
    wire.tell_as(&token, Method::GET, "/auth/v1/healthz", Value::Null).await;
    snapshot!(wire.told, @r#"
    GET /auth/v1/users/me
    403 {"code":7,"message":"No matching permissions found (AUTH-5mWD2)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"AUTH-5mWD2","message":"No matching permissions found"}]}

    403 {"code":"permission_denied","message":"No matching permissions found (AUTH-5mWD2)","details":[{"type":"zitadel.v1.ErrorDetail","value":"CgpBVVRILTVtV0QyEh1ObyBtYXRjaGluZyBwZXJtaXNzaW9ucyBmb3VuZA","debug":{"id":"AUTH-5mWD2","message":"No matching permissions found"}}]}
    7 No%20matching%20permissions%20found%20(AUTH-5mWD2)
    GET /auth/v1/healthz
    200 {}
    "#);
}

async fn an_app_does_what_it_was_let_do(world: World) {
    let wire = Wire::new(world).await;
    let id = wire.user("u1").await;
    let mut told = String::new();
    for scopes in ["openid read", "openid write"] {
        let token = wire.token_through(&id, scopes).await;
        told += &format!("{scopes}\n{}\n", all_of_it(&wire, &token).await);
    }
    snapshot!(told, @r#"
    openid read
    GET /auth/v1/users/me 200
    GET /auth/v1/users/me/email 200
    GET /v2/users/u1 200
    POST /v2/users/u1/passkeys/_search 200
    POST /auth/v1/users/me/email/_resend_verification 403 No matching permissions found (AUTH-AWfge)
    POST /v2/users/u1/email/send 403 No matching permissions found (AUTH-AWfge)
    POST /v2/users/u1/passkeys 403 No matching permissions found (AUTH-AWfge)
    POST /auth/v1/users/me/email/_verify 404 Code not found (COMMAND-3n8ud)
    POST /v2/users/u1/email/verify 400 Code is invalid (COMMAND-eis9R)
    PUT /auth/v1/users/me/email 403 No matching permissions found (AUTH-AWfge)
    PUT /auth/v1/users/me/email 400 invalid SetMyEmailRequest.Email: value must be a valid email address | caused by: mail: no address

    openid write
    GET /auth/v1/users/me 200
    GET /auth/v1/users/me/email 200
    GET /v2/users/u1 200
    POST /v2/users/u1/passkeys/_search 200
    POST /auth/v1/users/me/email/_resend_verification 200
    POST /v2/users/u1/email/send 200
    POST /v2/users/u1/passkeys 200
    POST /auth/v1/users/me/email/_verify 400 Code is invalid (COMMAND-Gdsgs)
    POST /v2/users/u1/email/verify 400 Code is invalid (COMMAND-eis9R)
    PUT /auth/v1/users/me/email 200
    PUT /auth/v1/users/me/email 400 invalid SetMyEmailRequest.Email: value must be a valid email address | caused by: mail: no address
    "#);
}

/// A link that an app says on a person's behalf is checked as a machine's is; a code is never handed to it.
async fn links_of_their_own(world: World) {
    let mut wire = Wire::new(world).await;
    let token = wire.token_of(&wire.user("u1").await).await;
    let template = "https://app.example/v?u={{.UserID}}&c={{.Code}}";
    let with = |template: &str| json!({"sendCode": {"urlTemplate": template}});
    let set = |template: &str| json!({"email": "grace@navy.example", "sendCode": {"urlTemplate": template}});
    for template in ["https://app.example/{{.Code", "https://app.example/{{.LoginName}}", "javascript:{{.Code}}"] {
        for path in ["email/send", "email/resend"] {
            wire.tell_as(&token, Method::POST, &format!("/v2/users/u1/{path}"), with(template)).await;
        }
        wire.tell_as(&token, Method::POST, "/v2/users/u1/email", set(template)).await;
    }
    assert!(wire.world.deliver().await.is_empty());
    for (path, body) in [("email/send", with(template)), ("email/resend", with(template)), ("email", set(template))] {
        assert_eq!(wire.rest(&token, Method::POST, &format!("/v2/users/u1/{path}"), &body).await.status, 200, "{path}");
        let secret = wire.world.deliver().await.into_iter().find_map(|letter| letter.secret).unwrap();
        assert_eq!(secret.link, Some(format!("https://app.example/v?u=u1&c={}", secret.code.plain())), "{path}");
        wire.world.env.pass(60_000);
    }
    snapshot!(wire.told, @r#"
    POST /v2/users/u1/email/send {"sendCode":{"urlTemplate":"https://app.example/{{.Code"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-oGh5e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-oGh5e","message":"URL Template is invalid"}]}

    POST /v2/users/u1/email/resend {"sendCode":{"urlTemplate":"https://app.example/{{.Code"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-oGh5e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-oGh5e","message":"URL Template is invalid"}]}

    POST /v2/users/u1/email {"email":"grace@navy.example","sendCode":{"urlTemplate":"https://app.example/{{.Code"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-oGh5e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-oGh5e","message":"URL Template is invalid"}]}

    POST /v2/users/u1/email/send {"sendCode":{"urlTemplate":"https://app.example/{{.LoginName}}"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-ieYa7)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-ieYa7","message":"URL Template is invalid"}]}

    POST /v2/users/u1/email/resend {"sendCode":{"urlTemplate":"https://app.example/{{.LoginName}}"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-ieYa7)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-ieYa7","message":"URL Template is invalid"}]}

    POST /v2/users/u1/email {"email":"grace@navy.example","sendCode":{"urlTemplate":"https://app.example/{{.LoginName}}"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-ieYa7)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-ieYa7","message":"URL Template is invalid"}]}

    POST /v2/users/u1/email/send {"sendCode":{"urlTemplate":"javascript:{{.Code}}"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-oGh5e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-oGh5e","message":"URL Template is invalid"}]}

    POST /v2/users/u1/email/resend {"sendCode":{"urlTemplate":"javascript:{{.Code}}"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-oGh5e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-oGh5e","message":"URL Template is invalid"}]}

    POST /v2/users/u1/email {"email":"grace@navy.example","sendCode":{"urlTemplate":"javascript:{{.Code}}"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-oGh5e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-oGh5e","message":"URL Template is invalid"}]}
    "#);
}
