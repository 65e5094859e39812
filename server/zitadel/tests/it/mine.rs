//! The older service: what a person does with their own account.

use http::Method;
use serde_json::{Value, json};

use crate::{support::World, wire::Wire};

both!(a_person, verifying, setting, sending, a_machine);

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
