//! Claims, and what clients keep.

use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    client::{Client, path_of},
    support::World,
};

both! {
    claims_are_changed_one_by_one,
    claims_are_refused_by_field,
    a_name_that_is_taken_away_is_made_of_its_parts,
    data_is_merged_by_key,
    data_is_an_object_of_bounded_size,
}

async fn claims_are_changed_one_by_one(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let path = format!("{}/claims", path_of(&user));
    let all = json!({
        "name": "Admiral Hopper",
        "given_name": "Grace",
        "middle_name": "Brewster",
        "family_name": "Hopper",
        "nickname": "Amazing Grace",
        "picture": "https://pictures.example/grace.png",
        "preferred_username": "grace",
        "profile": "https://people.example/grace",
        "birthdate": "1906-12-09",
        "website": "http://grace.example/",
        "gender": "female",
        "zoneinfo": "America/New_York",
        "locale": "en-US",
        "address": {"locality": "Arlington", "country": "US", "region": null, "planet": "Earth"},
        "title": "Rear Admiral",
    });
    snapshot!(client.patch(&path, all).await.changed(&user), @r#"
    {
      "claims": {
        "given_name": "Grace",
        "family_name": "Hopper",
        "middle_name": "Brewster",
        "nickname": "Amazing Grace",
        "preferred_username": "grace",
        "profile": "https://people.example/grace",
        "picture": "https://pictures.example/grace.png",
        "website": "http://grace.example/",
        "gender": "female",
        "birthdate": "1906-12-09",
        "zoneinfo": "America/New_York",
        "locale": "en-US",
        "address": {
          "locality": "Arlington",
          "country": "US"
        },
        "name": "Admiral Hopper"
      }
    }
    "#);
    let fewer = json!({"nickname": null, "address": null, "middle_name": "B.", "picture": null});
    let fewer = client.patch(&path, fewer).await.ok(200);
    snapshot!(fewer["claims"].to_string(), @r#"{"given_name":"Grace","family_name":"Hopper","middle_name":"B.","preferred_username":"grace","profile":"https://people.example/grace","website":"http://grace.example/","gender":"female","birthdate":"1906-12-09","zoneinfo":"America/New_York","locale":"en-US","name":"Admiral Hopper"}"#);
    let none = client.ask(http::Method::PATCH, &path, None).await.ok(200);
    assert_eq!(none["claims"], fewer["claims"]);
}

async fn claims_are_refused_by_field(world: World) {
    let client = Client::new(&world).await;
    let path = format!("{}/claims", path_of(&client.grace().await));
    let mut told = Vec::new();
    for body in [
        json!({"name": 7, "nickname": ["x"], "address": "here", "picture": "grace.png", "website": "javascript:x"}),
        json!({"name": " "}),
        json!({"birthdate": "9 December 1906"}),
        json!({"locale": ""}),
        json!({"address": {"locality": 7}}),
        json!({"address": {"locality": "x".repeat(257)}}),
        json!({"picture": "grace.png", "gender": "a\u{1b}b", "skip_conformance_checks": true}),
    ] {
        told.push(client.patch(&path, body).await.problem());
    }
    snapshot!(told.join("\n"), @r#"
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"address":["It must be an object."],"name":["It must be a string."],"nickname":["It must be a string."],"picture":["It must be an address of the web."],"website":["It must be an address of the web."]}}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"name":["1 to 200 characters, none of which controls."]}}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"birthdate":["It is malformed or too long."]}}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"locale":["It is malformed or too long."]}}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"address.locality":["It must be a string."]}}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"address.locality":["It is malformed or too long."]}}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"gender":["It is malformed or too long."]}}
    "#);
    let waived = json!({"picture": "grace.png", "skip_conformance_checks": true});
    assert_eq!(client.patch(&path, waived).await.ok(200)["claims"]["picture"], "grace.png");
}

async fn a_name_that_is_taken_away_is_made_of_its_parts(world: World) {
    let client = Client::new(&world).await;
    let path = format!("{}/claims", path_of(&client.grace().await));
    let name = async |body: Value| client.patch(&path, body).await.ok(200)["claims"]["name"].clone();
    assert_eq!(name(json!({"name": null})).await, "Grace@example.com");
    assert_eq!(name(json!({"name": null, "given_name": "Grace", "family_name": "Hopper"})).await, "Grace Hopper");
    assert_eq!(name(json!({"name": null, "family_name": null})).await, "Grace");
}

async fn data_is_merged_by_key(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    for kind in ["public_data", "private_data"] {
        let path = format!("{}/{kind}", path_of(&user));
        assert_eq!(client.get(&path).await.ok(200), json!({ kind: {} }));
        let first = json!({ kind: {"a": {"b": [1, null]}, "c": "ü", "d": 1.5} });
        assert_eq!(client.patch(&path, first.clone()).await.ok(200), first);
        let second = client.patch(&path, json!({ kind: {"a": {"x": 1}, "c": null, "e": true} })).await.ok(200);
        assert_eq!(second, json!({ kind: {"a": {"x": 1}, "d": 1.5, "e": true} }));
        assert_eq!(client.patch(&path, json!({ kind: null })).await.ok(200), second);
        assert_eq!(client.get(&path).await.ok(200), second);
    }
    let after = client.get(&path_of(&user)).await.ok(200);
    assert_eq!(after["public_data"], after["private_data"]);
}

async fn data_is_an_object_of_bounded_size(world: World) {
    let client = Client::new(&world).await;
    let path = path_of(&client.grace().await);
    let mut told = Vec::new();
    for (kind, body) in [
        ("public_data", json!({"public_data": [1]})),
        ("public_data", json!({"public_data": {"a": "x".repeat(65_536)}})),
        ("private_data", json!({"private_data": {"a\u{0}": 1}})),
        ("private_data", json!({"private_data": {"a": ["\u{0}"]}})),
    ] {
        told.push(client.patch(&format!("{path}/{kind}"), body).await.problem());
    }
    snapshot!(told.join("\n"), @r#"
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"public_data":["It must be an object."]}}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"public_data":["Together it would be more than 64 KiB."]}}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"private_data":["It holds a NUL."]}}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"private_data":["It holds a NUL."]}}
    "#);
    assert_eq!(client.get("/api/users/nobody/public_data").await.status, StatusCode::NOT_FOUND);
    assert_eq!(client.patch("/api/users/nobody/private_data", json!({})).await.status, StatusCode::NOT_FOUND);
}
