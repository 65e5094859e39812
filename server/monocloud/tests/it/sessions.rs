//! The browsers that a user is signed in with.

use http::StatusCode;
use serde_json::Value;
use vestibule_core::{
    api_key::Scope,
    env::{HOUR, MINUTE},
};

use crate::{
    client::{Client, key, path_of},
    support::World,
};

both! {
    sessions_are_listed_read_and_ended,
    a_list_of_sessions_is_sorted_and_paged,
    sessions_are_for_who_may,
}

/// Signs a user in with browsers that began and end so long from now.
async fn browsers(world: &World, user: &Value, browsers: &[(&str, i64, i64)]) {
    let now = world.vestibule.now();
    for (agent, since, left) in browsers {
        let at = now - since;
        let data = format!(r#"{{"visitor":"x","device":{{"agent":"{agent}","ip":"192.0.2.7","at":{at}}}}}"#);
        let id = user["user_id"].as_str().unwrap().to_owned();
        let made = world.vestibule.create_session((*agent).to_owned(), Some(id), data, now + left).await;
        assert!(made.unwrap());
    }
}

fn agents(list: &Value) -> Vec<&str> {
    let all = list.as_array().unwrap().iter();
    all.map(|session| session["last_metadata"]["user_agent"].as_str().unwrap()).collect()
}

async fn sessions_are_listed_read_and_ended(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let path = format!("{}/sessions", path_of(&user));
    assert_eq!(client.get(&path).await.ok(200), serde_json::json!([]));
    browsers(&world, &user, &[("Lynx", 2 * MINUTE, HOUR), ("w3m", MINUTE, HOUR), ("links", 0, 0)]).await;
    let list = client.get(&path).await.ok(200);
    assert_eq!(agents(&list), ["w3m", "Lynx"], "the newest first, and none that is over");
    let one = format!("{path}/{}", list[1]["session_id"].as_str().unwrap());
    assert_eq!(client.get(&one).await.ok(200), list[1]);
    snapshot!(serde_json::to_string_pretty(&list[1]).unwrap(), @r#"
    {
      "session_id": "d68bc4627f81600c492c85d77f29d2e45d27dac0f6682e63e1f7664b32f1dd40",
      "client_ids": [],
      "initiated_at": 1749999880,
      "expires_at": 1750003600,
      "last_updated": 1749999880,
      "last_metadata": {
        "ip_address": "192.0.2.7",
        "user_agent": "Lynx",
        "city": null,
        "country": null,
        "region": null,
        "latitude": null,
        "longitude": null
      }
    }
    "#);
    let ended = client.delete(&one).await;
    assert_eq!((ended.status, ended.body.as_str()), (StatusCode::NO_CONTENT, ""));
    assert_eq!(world.vestibule.load_session("Lynx").await.unwrap(), None);
    assert!(world.vestibule.load_session("w3m").await.unwrap().is_some());
    for again in [client.delete(&one).await, client.get(&one).await, client.get(&format!("{path}/Lynx")).await] {
        assert_eq!(again.status, StatusCode::NOT_FOUND);
        snapshot!(again.problem(), @r#"{"type":"https://httpstatuses.io/404","title":"Not Found","status":404}"#);
    }
    // What the list shows lets nobody in.
    assert_eq!(world.vestibule.load_session(list[0]["session_id"].as_str().unwrap()).await.unwrap(), None);
}

async fn a_list_of_sessions_is_sorted_and_paged(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let path = format!("{}/sessions", path_of(&user));
    browsers(&world, &user, &[("Lynx", 3, HOUR), ("w3m", 2, 3 * HOUR), ("links", 1, 2 * HOUR)]).await;
    for (query, found) in [
        ("sort=initiated_at:1", ["Lynx", "w3m", "links"]),
        ("sort=last_updated%3A-1", ["links", "w3m", "Lynx"]),
        ("sort=expires_at:1", ["Lynx", "links", "w3m"]),
        ("sort=expires_at:-1", ["w3m", "links", "Lynx"]),
    ] {
        assert_eq!(agents(&client.get(&format!("{path}?{query}")).await.ok(200)), found, "{query}");
    }
    let (up, down) = (
        client.get(&format!("{path}?sort=session_id:1")).await,
        client.get(&format!("{path}?sort=session_id:-1")).await,
    );
    let (up, mut down) = (up.ok(200), down.ok(200));
    down.as_array_mut().unwrap().reverse();
    assert_eq!(up, down);
    let page = client.get(&format!("{path}?page=2&size=2&sort=initiated_at:1")).await;
    assert_eq!(agents(&page.ok(200)), ["links"]);
    assert_eq!(
        page.headers["x-pagination"],
        r#"{"page_size":2,"current_page":2,"total_count":3,"has_previous":true,"has_next":false}"#
    );
    assert_eq!(agents(&client.get(&format!("{path}?page=9223372036854775807")).await.ok(200)), [""; 0]);
    assert_eq!(agents(&client.get(&format!("{path}?client_id=shop")).await.ok(200)), [""; 0]);
    for query in ["sort=user_agent:1", "sort=expires_at:0", "sort=expires_at", "page=0", "size=x"] {
        assert_eq!(client.get(&format!("{path}?{query}")).await.status, StatusCode::BAD_REQUEST, "{query}");
    }
}

async fn sessions_are_for_who_may(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let path = format!("{}/sessions", path_of(&user));
    browsers(&world, &user, &[("Lynx", 1, HOUR)]).await;
    let list = client.get(&path).await.ok(200);
    let one = format!("{path}/{}", list[0]["session_id"].as_str().unwrap());
    let (reader, writer) =
        (Client::with_scopes(&world, &[Scope::Read]).await, Client::with_scopes(&world, &[Scope::Write]).await);
    for answer in [reader.delete(&one).await, writer.get(&path).await, writer.get(&one).await] {
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        answer.problem();
    }
    world.db.exec("INSERT INTO organization (id, name, policy, created_at) VALUES ('o2', 'Other', '{}', 1)").await;
    let (_, key) = key(&world, "o2", Scope::ALL, None).await;
    let stranger = Client::with_key(&world, &key);
    let other =
        client.post("/api/users", serde_json::json!({"username": "ada", "skip_conformance_checks": true})).await;
    let another = format!("{}/sessions/{}", path_of(&other.ok(201)), list[0]["session_id"].as_str().unwrap());
    for answer in [
        stranger.get(&path).await,
        stranger.get(&one).await,
        stranger.delete(&one).await,
        client.delete(&another).await,
        client.get(&another).await,
        client.get("/api/users/nobody/sessions").await,
    ] {
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
    assert!(world.vestibule.load_session("Lynx").await.unwrap().is_some());
    assert_eq!(writer.delete(&one).await.status, StatusCode::NO_CONTENT);
}
