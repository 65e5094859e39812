//! `Idempotency-Key`: the same request again is answered again and does nothing again.

use http::{Method, StatusCode};
use serde_json::json;

use crate::{
    client::{Answer, Client, id_in, path_of},
    support::World,
};

both! {
    a_user_is_made_once,
    a_link_is_mailed_once,
    a_refusal_is_told_again_word_for_word,
}

async fn again(client: &Client, path: &str, body: &serde_json::Value) -> Answer {
    let mut request = client.request(Method::POST, path, body.to_string());
    request.headers_mut().insert("idempotency-key", "\"8e03978e\"".parse().unwrap());
    client.send(request).await
}

async fn a_user_is_made_once(world: World) {
    let client = Client::new(&world).await;
    let body = json!({"email": "grace@example.com", "email_verified": true});
    let (first, second) = (again(&client, "/api/users", &body).await, again(&client, "/api/users", &body).await);
    assert_eq!(first.ok(201), second.ok(201));
    assert_eq!(client.get("/api/users").await.ok(200).as_array().unwrap().len(), 1);
    let other = again(&client, "/api/users", &json!({"email": "ada@example.com"})).await;
    snapshot!(other.problem(), @r#"{"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"Idempotency-Key":["The Idempotency-Key was used for a different request."]}}"#);
}

async fn a_link_is_mailed_once(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    world.deliver().await;
    let link = format!("{}/emails/{}/verify/link", path_of(&user), id_in(&user, "emails", 0));
    let (first, second) = (again(&client, &link, &json!({})).await, again(&client, &link, &json!({})).await);
    assert_eq!(first.ok(200), second.ok(200));
    assert_eq!(world.deliver().await.len(), 1);
}

async fn a_refusal_is_told_again_word_for_word(world: World) {
    let client = Client::new(&world).await;
    let (first, second) =
        (again(&client, "/api/users", &json!({})).await, again(&client, "/api/users", &json!({})).await);
    assert_eq!(first.status, StatusCode::UNPROCESSABLE_ENTITY);
    first.problem();
    assert_eq!((first.body, &first.headers["content-type"]), (second.body, &second.headers["content-type"]));
}
