//! Users changed.

use http::Method;
use serde_json::{Value, json};

use crate::{
    support::{World, secret_word},
    wire::Wire,
};

both!(what_is_given_changes, the_older_way, the_address_and_the_number, refusals);

async fn what_is_given_changes(world: World) {
    let mut wire = Wire::new(world).await;
    wire.user("u1").await;
    let profile = json!({"givenName": "Ada", "nickName": "Countess", "displayName": "Ada L.", "preferredLanguage": "fr", "gender": "GENDER_DIVERSE"});
    wire.world.env.pass(1_234);
    let body =
        json!({"username": "ada", "human": {"profile": profile}, "metadata": [{"key": "team", "value": "cG9ldHM="}]});
    wire.tell(Method::PATCH, "/v2/users/u1", body).await;
    wire.tell(Method::GET, "/v2/users/u1", Value::Null).await;
    // What is said to be empty is removed.
    wire.tell(
        Method::PATCH,
        "/v2/users/u1",
        json!({"human": {"profile": {"nickName": "", "gender": "GENDER_UNSPECIFIED"}}}),
    )
    .await;
    let seen = wire.get("/v2/users/u1").await.json()["user"]["human"]["profile"].clone();
    assert_eq!((seen.get("nickName"), seen.get("gender"), &seen["givenName"]), (None, None, &json!("Ada")));
    snapshot!(wire.told, @r#"
    PATCH /v2/users/u1 {"username":"ada","human":{"profile":{"givenName":"Ada","nickName":"Countess","displayName":"Ada L.","preferredLanguage":"fr","gender":"GENDER_DIVERSE"}},"metadata":[{"key":"team","value":"cG9ldHM="}]}
    200 {"changeDate":"2025-06-15T15:06:41.234Z"}

    GET /v2/users/u1
    200 {"details":{"sequence":"2","changeDate":"2025-06-15T15:06:41.234Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69","creationDate":"2025-06-15T15:06:40Z"},"user":{"userId":"u1","state":"USER_STATE_ACTIVE","username":"ada","loginNames":["ada"],"preferredLoginName":"ada","human":{"userId":"u1","state":"USER_STATE_ACTIVE","username":"ada","loginNames":["ada"],"preferredLoginName":"ada","profile":{"givenName":"Ada","familyName":"Hopper","nickName":"Countess","displayName":"Ada L.","preferredLanguage":"fr","gender":"GENDER_DIVERSE"},"email":{"email":"u1@navy.example"}},"details":{"sequence":"2","changeDate":"2025-06-15T15:06:41.234Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69","creationDate":"2025-06-15T15:06:40Z"}}}

    PATCH /v2/users/u1 {"human":{"profile":{"nickName":"","gender":"GENDER_UNSPECIFIED"}}}
    200 {"changeDate":"2025-06-15T15:06:41.234Z"}
    "#);
}

async fn the_older_way(world: World) {
    let mut wire = Wire::new(world).await;
    wire.user("u1").await;
    let body = json!({
        "profile": {"givenName": "Ada", "familyName": "Lovelace"},
        "email": {"email": "ada@poet.example", "returnCode": {}},
        "password": {"password": {"password": secret_word()}},
    });
    wire.tell(Method::PUT, "/v2/users/human/u1", body).await;
    let seen = wire.get("/v2/users/u1").await.json();
    assert_eq!(seen["user"]["human"]["email"], json!({"email": "ada@poet.example"}));
    assert!(seen["user"]["human"].get("passwordChanged").is_some());
    snapshot!(wire.told, @r#"
    PUT /v2/users/human/u1 {"profile":{"givenName":"Ada","familyName":"Lovelace"},"email":{"email":"ada@poet.example","returnCode":{}},"password":{"password":{"password":"tall ships sail at dawn"}}}
    200 {"details":{"sequence":"5","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"},"emailCode":"JBTNFRKS"}
    "#);
}

async fn the_address_and_the_number(world: World) {
    let wire = Wire::new(world).await;
    wire.user("u1").await;
    let human = async |body: Value| {
        let heard = wire.rest(&wire.key, Method::PATCH, "/v2/users/u1", &json!({"human": body})).await;
        assert_eq!(heard.status, 200, "{}", heard.line());
        let seen = wire.get("/v2/users/u1").await.json()["user"]["human"].clone();
        format!("{} {}\n", seen["email"], seen["phone"])
    };
    let mut told = String::new();
    for body in [
        json!({"email": {"email": "u1@navy.example"}}),
        json!({"email": {"email": "u1@navy.example", "isVerified": true}}),
        json!({"phone": {"phone": "+441514960453"}}),
        json!({"phone": {"phone": "+441514960453", "isVerified": true}}),
        json!({"phone": {"phone": "+441514960454"}}),
        json!({"phone": {"phone": ""}}),
        json!({"email": {"email": "g@navy.example", "isVerified": false}}),
    ] {
        told += &human(body).await;
    }
    snapshot!(told, @r#"
    {"email":"u1@navy.example"} null
    {"email":"u1@navy.example","isVerified":true} null
    {"email":"u1@navy.example","isVerified":true} {"phone":"+441514960453"}
    {"email":"u1@navy.example","isVerified":true} {"phone":"+441514960453","isVerified":true}
    {"email":"u1@navy.example","isVerified":true} {"phone":"+441514960454"}
    {"email":"u1@navy.example","isVerified":true} null
    {"email":"g@navy.example"} null
    "#);
}

async fn refusals(world: World) {
    let mut wire = Wire::new(world).await;
    wire.user("u1").await;
    wire.user("u2").await;
    for (id, body) in [
        ("nobody", json!({})),
        ("u1", json!({"username": "u2@navy.example"})),
        ("u1", json!({"username": " "})),
        ("u1", json!({"human": {"profile": {"givenName": " "}}})),
        ("u1", json!({"human": {"email": {"email": "u2@navy.example"}}})),
        ("u1", json!({"human": {"phone": {"phone": "1"}}})),
        ("u1", json!({"human": {"password": {}}})),
    ] {
        wire.tell(Method::PATCH, &format!("/v2/users/{id}"), body).await;
    }
    snapshot!(wire.told, @r#"
    PATCH /v2/users/nobody {}
    404 {"code":5,"message":"User could not be found (COMMAND-ugjs0upun6)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-ugjs0upun6","message":"User could not be found"}]}

    PATCH /v2/users/u1 {"username":"u2@navy.example"}
    409 {"code":6,"message":"User already exists (V3-DKcYh)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"V3-DKcYh","message":"User already exists"}]}

    PATCH /v2/users/u1 {"username":" "}
    400 {"code":3,"message":"Errors.Invalid.Argument (V2-zzad3)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"V2-zzad3","message":"Errors.Invalid.Argument"}]}

    PATCH /v2/users/u1 {"human":{"profile":{"givenName":" "}}}
    400 {"code":3,"message":"First name in profile is empty (USER-UCej2)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"USER-UCej2","message":"First name in profile is empty"}]}

    PATCH /v2/users/u1 {"human":{"email":{"email":"u2@navy.example"}}}
    409 {"code":6,"message":"User already exists (V3-DKcYh)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"V3-DKcYh","message":"User already exists"}]}

    PATCH /v2/users/u1 {"human":{"phone":{"phone":"1"}}}
    400 {"code":3,"message":"Phone is invalid (PHONE-so0wa)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"PHONE-so0wa","message":"Phone is invalid"}]}

    PATCH /v2/users/u1 {"human":{"password":{}}}
    400 {"code":3,"message":"Password is empty (COMMAND-3M0fs)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-3M0fs","message":"Password is empty"}]}
    "#);
}
