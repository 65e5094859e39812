//! `Idempotency-Key` on real operations: one user, one mail, and the code that was returned is returned again.

use http::{Method, StatusCode};

use crate::{
    client::{asked, key, router, send},
    support::World,
};

both! {
    a_user_is_made_once,
    a_mail_is_sent_once,
}

async fn a_user_is_made_once(world: World) {
    let (router, key) = (router(&world), key(&world).await);
    let body = r#"{"username":"grace","email":"grace@navy.example","skip_conformance_checks":true}"#;
    let make =
        async || send(&router, asked(Method::POST, "/api/users", &key, &[("idempotency-key", "make")], body)).await;
    let (first, again) = (make().await, make().await);
    assert!(first.status.is_success(), "{first:?}");
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(world.db.count("users WHERE username = 'grace'").await, 1);
}

async fn a_mail_is_sent_once(world: World) {
    let (router, key) = (router(&world), key(&world).await);
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let path = format!("/v1/environments/{}/users/{}", world.organization, grace.user_id);
    let headers =
        [("idempotency-key", "send"), ("content-type", "application/vnd.pingidentity.user.sendVerificationCode+json")];
    let ask = async || send(&router, asked(Method::POST, &path, &key, &headers, "")).await;
    let mails = world.db.count("message").await;
    let (first, again) = (ask().await, ask().await);
    assert_eq!(first.status, StatusCode::OK, "{first:?}");
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!(world.db.count("message").await, mails + 1);
}
