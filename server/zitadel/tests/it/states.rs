//! Shut out, let in, locked, unlocked, removed.

use http::Method;
use serde_json::{Value, json};

use crate::{support::World, wire::Wire};

both!(there_and_back, a_removed_user_is_gone, nobody);

async fn there_and_back(world: World) {
    let mut wire = Wire::new(world).await;
    wire.user("u1").await;
    for step in ["deactivate", "deactivate", "reactivate", "reactivate", "lock", "lock", "unlock", "unlock"] {
        wire.tell(Method::POST, &format!("/v2/users/u1/{step}"), json!({})).await;
        let state = wire.get("/v2/users/u1").await.json()["user"]["state"].clone();
        wire.told += &format!("{state}\n\n");
    }
    snapshot!(wire.told, @r#"
    POST /v2/users/u1/deactivate {}
    200 {"details":{"sequence":"2","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}

    "USER_STATE_INACTIVE"

    POST /v2/users/u1/deactivate {}
    400 {"code":9,"message":"User is already inactive (COMMAND-5gunjw0cd7)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-5gunjw0cd7","message":"User is already inactive"}]}

    "USER_STATE_INACTIVE"

    POST /v2/users/u1/reactivate {}
    200 {"details":{"sequence":"3","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}

    "USER_STATE_ACTIVE"

    POST /v2/users/u1/reactivate {}
    400 {"code":9,"message":"User is not inactive (COMMAND-s5qqcz97hf)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-s5qqcz97hf","message":"User is not inactive"}]}

    "USER_STATE_ACTIVE"

    POST /v2/users/u1/lock {}
    200 {"details":{"sequence":"4","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}

    "USER_STATE_LOCKED"

    POST /v2/users/u1/lock {}
    400 {"code":9,"message":"User is not active or initial (COMMAND-lgws8wtsqf)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-lgws8wtsqf","message":"User is not active or initial"}]}

    "USER_STATE_LOCKED"

    POST /v2/users/u1/unlock {}
    200 {"details":{"sequence":"5","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}

    "USER_STATE_ACTIVE"

    POST /v2/users/u1/unlock {}
    400 {"code":9,"message":"User is not locked (COMMAND-olb9vb0oca)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-olb9vb0oca","message":"User is not locked"}]}

    "USER_STATE_ACTIVE"
    "#);
}

async fn a_removed_user_is_gone(world: World) {
    let mut wire = Wire::new(world).await;
    wire.user("u1").await;
    wire.tell(Method::DELETE, "/v2/users/u1", Value::Null).await;
    wire.tell(Method::DELETE, "/v2/users/u1", Value::Null).await;
    assert_eq!(wire.get("/v2/users/u1").await.status, 404);
    snapshot!(wire.told, @r#"
    DELETE /v2/users/u1
    200 {"details":{"sequence":"2","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}

    DELETE /v2/users/u1
    404 {"code":5,"message":"User could not be found (COMMAND-bd4ir1mblj)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-bd4ir1mblj","message":"User could not be found"}]}
    "#);
}

async fn nobody(world: World) {
    let mut wire = Wire::new(world).await;
    for step in ["deactivate", "reactivate", "lock", "unlock"] {
        wire.tell(Method::POST, &format!("/v2/users/nobody/{step}"), json!({})).await;
    }
    snapshot!(wire.told, @r#"
    POST /v2/users/nobody/deactivate {}
    404 {"code":5,"message":"User could not be found (COMMAND-5gp2p62iin)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-5gp2p62iin","message":"User could not be found"}]}

    POST /v2/users/nobody/reactivate {}
    404 {"code":5,"message":"User could not be found (COMMAND-9hy5kzbuk6)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-9hy5kzbuk6","message":"User could not be found"}]}

    POST /v2/users/nobody/lock {}
    404 {"code":5,"message":"User could not be found (COMMAND-450yxuqrh1)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-450yxuqrh1","message":"User could not be found"}]}

    POST /v2/users/nobody/unlock {}
    404 {"code":5,"message":"User could not be found (COMMAND-x377t913pw)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-x377t913pw","message":"User could not be found"}]}
    "#);
}
