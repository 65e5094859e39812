//! What the document says is what the router does.

use http::Method;
use vestibule_api::operation::Security;

use crate::{support::World, wire::Wire};

both!(every_operation_is_served);

async fn every_operation_is_served(world: World) {
    let wire = Wire::new(world).await;
    let operations = vestibule_zitadel::operations();
    // 25 of the newer service, twice, 6 of the older, and two probes.
    assert_eq!(operations.len(), 58);
    for operation in operations {
        assert!(vestibule_zitadel::claims(&operation.path), "{}", operation.path);
        assert!(!operation.summary.is_empty(), "{}", operation.id);
        let path = operation.path.replace("{user_id}", "1").replace("{passkey_id}", "2");
        let heard = wire.raw("", operation.method.clone(), &path, "application/json", "").await;
        let expected = if operation.security == Security::Open { 200 } else { 401 };
        assert_eq!(heard.status, expected, "{} {path}", operation.method);
    }
    for path in [
        "/v2",
        "/v2/users",
        "/v2beta/users",
        "/auth/v1/x",
        "/debug/healthz",
        "/zitadel.x.Y/Z",
        "/grpc.health.v1.Health/Check",
    ] {
        assert!(vestibule_zitadel::claims(path), "{path}");
    }
    for path in ["/", "/v2x", "/v1/environments", "/authx", "/api/users", "/verify", "/oauth/v2/token"] {
        assert!(!vestibule_zitadel::claims(path), "{path}");
    }
    assert_eq!(wire.raw("", Method::GET, "/v2/users", "", "").await.status, 405);
}
