//! One user, and the ways in that they have.

use http::Method;
use serde_json::{Value, json};

use crate::{support::World, wire::Wire};

both!(a_user_and_none, the_ways_in, an_id_comes_encoded);

async fn a_user_and_none(world: World) {
    let mut wire = Wire::new(world).await;
    wire.user("u1").await;
    wire.world.env.pass(60_123);
    wire.post("/v2/users/u1/lock", json!({})).await;
    wire.tell(Method::GET, "/v2/users/u1", Value::Null).await;
    wire.tell(Method::GET, "/v2/users/nobody", Value::Null).await;
    snapshot!(wire.told, @r#"
    GET /v2/users/u1
    200 {"details":{"sequence":"2","changeDate":"2025-06-15T15:07:40.123Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69","creationDate":"2025-06-15T15:06:40Z"},"user":{"userId":"u1","state":"USER_STATE_LOCKED","username":"u1@navy.example","loginNames":["u1@navy.example"],"preferredLoginName":"u1@navy.example","human":{"userId":"u1","state":"USER_STATE_LOCKED","username":"u1@navy.example","loginNames":["u1@navy.example"],"preferredLoginName":"u1@navy.example","profile":{"givenName":"Grace","familyName":"Hopper","displayName":"Grace Hopper","preferredLanguage":"en"},"email":{"email":"u1@navy.example"}},"details":{"sequence":"2","changeDate":"2025-06-15T15:07:40.123Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69","creationDate":"2025-06-15T15:06:40Z"}}}

    GET /v2/users/nobody
    404 {"code":5,"message":"User could not be found (QUERY-Dfbg2)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"QUERY-Dfbg2","message":"User could not be found"}]}
    "#);
}

async fn the_ways_in(world: World) {
    let mut wire = Wire::new(world).await;
    wire.user("u1").await;
    wire.user_with_password("u2").await;
    for id in ["u1", "u2", "nobody"] {
        wire.tell(Method::GET, &format!("/v2/users/{id}/authentication_methods"), Value::Null).await;
    }
    let path = "/v2/users/u2/authentication_methods?domainQuery.includeWithoutDomain=true&domain_query.domain=acme.example&other=1";
    wire.tell(Method::GET, path, Value::Null).await;
    let path = "/v2/users/u2/authentication_methods?domainQuery.domain=";
    wire.tell(Method::GET, path, Value::Null).await;
    let path = "/v2/users/u2/authentication_methods?domainQuery.includeWithoutDomain=perhaps";
    wire.tell(Method::GET, path, Value::Null).await;
    snapshot!(wire.told, @r#"
    GET /v2/users/u1/authentication_methods
    200 {"details":{"processedSequence":"1","timestamp":"2025-06-15T15:06:40Z"}}

    GET /v2/users/u2/authentication_methods
    200 {"details":{"totalResult":"1","processedSequence":"2","timestamp":"2025-06-15T15:06:40Z"},"authMethodTypes":["AUTHENTICATION_METHOD_TYPE_PASSWORD"]}

    GET /v2/users/nobody/authentication_methods
    200 {"details":{"timestamp":"2025-06-15T15:06:40Z"}}

    GET /v2/users/u2/authentication_methods?domainQuery.includeWithoutDomain=true&domain_query.domain=acme.example&other=1
    200 {"details":{"totalResult":"1","processedSequence":"2","timestamp":"2025-06-15T15:06:40Z"},"authMethodTypes":["AUTHENTICATION_METHOD_TYPE_PASSWORD"]}

    GET /v2/users/u2/authentication_methods?domainQuery.domain=
    400 {"code":3,"message":"invalid ListAuthenticationMethodTypesRequest.DomainQuery: embedded message failed validation | caused by: invalid DomainQuery.Domain: value length must be between 1 and 200 runes, inclusive"}

    GET /v2/users/u2/authentication_methods?domainQuery.includeWithoutDomain=perhaps
    400 {"code":3,"message":"proto: invalid type: string \"perhaps\", expected a boolean"}
    "#);
}

async fn an_id_comes_encoded(world: World) {
    let wire = Wire::new(world).await;
    let id = "a/b c|ü%";
    wire.user("plain").await;
    let body = json!({
        "userId": id,
        "profile": {"givenName": "Ada", "familyName": "Lovelace"},
        "email": {"email": "ada@poet.example", "isVerified": false},
    });
    assert_eq!(wire.post("/v2/users/human", body).await.status, 200);
    let heard = wire.get("/v2/users/a%2Fb%20c%7C%C3%BC%25").await;
    assert_eq!(heard.json()["user"]["userId"], id);
    let heard = wire.get("/v2/users/%FF").await;
    assert_eq!(heard.line(), r#"400 {"code":3,"message":"malformed path escape"}"#);
    // What the path says wins over the body.
    let heard = wire.post("/v2/users/plain/lock", json!({"userId": id})).await;
    assert_eq!(heard.status, 200);
    assert_eq!(wire.get("/v2/users/plain").await.json()["user"]["state"], "USER_STATE_LOCKED");
    // Ids that read like a part of another path.
    for id in ["human", "new"] {
        let heard = wire.get(&format!("/v2/users/{id}")).await;
        assert_eq!(heard.json()["details"][0]["id"], "QUERY-Dfbg2", "{}", heard.line());
        let heard = wire.rest(&wire.key, Method::DELETE, &format!("/v2/users/{id}"), &Value::Null).await;
        assert_eq!(heard.json()["details"][0]["id"], "COMMAND-bd4ir1mblj", "{}", heard.line());
    }
    let heard = wire.post("/v2/users/human/lock", json!({})).await;
    assert_eq!(heard.json()["details"][0]["id"], "COMMAND-450yxuqrh1", "{}", heard.line());
}
