//! A user's telephone numbers.

use http::StatusCode;
use serde_json::json;

use crate::{
    client::{Client, id_in, path_of},
    support::World,
};

both! {
    numbers_come_and_go,
    numbers_are_verified_by_word,
    a_number_is_refused_by_rule_and_by_field,
}

async fn numbers_come_and_go(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let path = format!("{}/phones", path_of(&user));
    let added = client.post(&path, json!({"phone_number": "+44 (151) 496-0453"})).await;
    snapshot!(added.changed(&user), @r#"
    {
      "phone_numbers": [
        {
          "id": "01977420-dc00-75d6-bc31-6e54105d35de",
          "phone": "+441514960453",
          "primary": true,
          "verified": false,
          "source": "monocloud",
          "verification_source": null,
          "authenticators": [],
          "idps": [
            "monocloud"
          ]
        }
      ]
    }
    "#);
    world.env.pass(1);
    let two = client.post(&path, json!({"phone_number": "+12025550123", "is_verified": true})).await.ok(200);
    let (first, second) = (id_in(&two, "phone_numbers", 0), id_in(&two, "phone_numbers", 1));
    let primary = client.delete(&format!("{path}/{first}")).await;
    snapshot!(primary.problem(), @r#"{"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"PrimaryIdentifier","description":"The primary telephone number cannot be removed while there are others."}]}"#);
    for _ in 0..2 {
        let made = client.press(&format!("{path}/{second}/primary")).await.ok(200);
        assert_eq!(id_in(&made, "phone_numbers", 0), second);
    }
    client.delete(&format!("{path}/{first}")).await.ok(200);
    assert_eq!(client.delete(&format!("{path}/{second}")).await.changed(&user), "{}");
    assert_eq!(client.delete(&format!("{path}/{second}")).await.status, StatusCode::NOT_FOUND);
}

async fn numbers_are_verified_by_word(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let path = format!("{}/phones", path_of(&user));
    let user = client.post(&path, json!({"phone_number": "+441514960453"})).await.ok(200);
    let phone = format!("{path}/{}", id_in(&user, "phone_numbers", 0));
    for (verb, verified) in [("verify", true), ("verify", true), ("unverify", false), ("unverify", false)] {
        let after = client.press(&format!("{phone}/{verb}")).await.ok(200);
        assert_eq!(after["phone_numbers"][0]["verified"], verified);
        assert_eq!(after["phone_numbers"][0]["verification_source"].is_string(), verified);
    }
    for verb in ["verify", "unverify", "primary"] {
        let email = id_in(&user, "emails", 0);
        assert_eq!(client.press(&format!("{path}/{email}/{verb}")).await.status, StatusCode::NOT_FOUND);
    }
}

async fn a_number_is_refused_by_rule_and_by_field(world: World) {
    let client = Client::new(&world).await;
    let path = format!("{}/phones", path_of(&client.grace().await));
    client.post(&path, json!({"phone_number": "+441514960453"})).await.ok(200);
    let mut told = Vec::new();
    for body in [
        json!({"phone_number": "+441514960453"}),
        json!({"phone_number": "01514960453"}),
        json!({"phone_number": 441_514_960_453_i64}),
        json!({"is_verified": true}),
    ] {
        told.push(client.post(&path, body).await.problem());
    }
    snapshot!(told.join("\n"), @r#"
    {"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"DuplicatePhoneNumber","description":"Another user has this telephone number."}]}
    {"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"InvalidPhoneNumber","description":"A telephone number is written in E.164: a plus sign and 7 to 15 digits."}]}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"phone_number":["It must be a string."]}}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"phone_number":["It is required."]}}
    "#);
}
