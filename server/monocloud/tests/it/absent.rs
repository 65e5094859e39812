//! What there is no source for here: lists are empty, single ones do not exist.

use http::{Method, StatusCode};
use serde_json::json;

use crate::{
    client::{Client, path_of},
    support::World,
};

both! {
    lists_without_a_source_are_empty,
    single_ones_do_not_exist,
    nothing_is_blocked_so_nothing_has_to_be_unblocked,
    a_group_is_not_taken_for_a_user,
}

async fn lists_without_a_source_are_empty(world: World) {
    let client = Client::new(&world).await;
    let path = path_of(&client.grace().await);
    for list in [
        "blocked_ips",
        "groups",
        "grants/clients",
        "grants/consents",
        "grants/reference_tokens",
        "grants/refresh_tokens",
        "grants/codes",
    ] {
        let answer = client.get(&format!("{path}/{list}?size=5")).await;
        assert_eq!(answer.ok(200), json!([]), "{list}");
        assert_eq!(
            answer.headers["x-pagination"],
            r#"{"page_size":5,"current_page":1,"total_count":0,"has_previous":false,"has_next":false}"#
        );
        assert_eq!(client.get(&format!("/api/users/nobody/{list}")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(client.get(&format!("{path}/{list}?size=x")).await.status, StatusCode::BAD_REQUEST);
    }
}

async fn single_ones_do_not_exist(world: World) {
    let client = Client::new(&world).await;
    let path = path_of(&client.grace().await);
    for (method, one) in [
        (Method::GET, "groups/g"),
        (Method::POST, "groups/g"),
        (Method::DELETE, "groups/g"),
        (Method::DELETE, "grants/clients/c"),
        (Method::DELETE, "grants/consents/c"),
        (Method::DELETE, "grants/reference_tokens/t"),
        (Method::DELETE, "grants/refresh_tokens/t"),
        (Method::DELETE, "grants/codes/c"),
    ] {
        let answer = client.ask(method, &format!("{path}/{one}"), None).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{one}");
        answer.problem();
    }
}

async fn nothing_is_blocked_so_nothing_has_to_be_unblocked(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let unblock = format!("{}/blocked_ips/unblock", path_of(&user));
    for ip in ["all", "192.0.2.7", "2001:db8::1"] {
        assert_eq!(client.post(&unblock, json!({"ip_address": ip})).await.changed(&user), "{}");
    }
    let mut told = Vec::new();
    for body in [json!({"ip_address": "here"}), json!({})] {
        told.push(client.post(&unblock, body).await.problem());
    }
    snapshot!(told.join("\n"), @r#"
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"ip_address":["It must be an IP address or all."]}}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"ip_address":["It is required."]}}
    "#);
}

async fn a_group_is_not_taken_for_a_user(world: World) {
    let client = Client::new(&world).await;
    let answer = client.get("/api/users/groups/g/assigned?page=1").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    snapshot!(answer.problem(), @r#"{"type":"https://httpstatuses.io/404","title":"Not Found","status":404}"#);
    assert_eq!(client.get("/api/users/groups/g/assigned?sort=x").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(client.press("/api/users/groups/g/assigned").await.status, StatusCode::METHOD_NOT_ALLOWED);
}
