//! A user's email addresses.

use http::StatusCode;
use serde_json::json;
use vestibule_core::env::MINUTE;

use crate::{
    client::{Client, URL, id_in, path_of, router},
    support::{World, by_link},
};

both! {
    addresses_come_and_go,
    an_address_is_refused_by_rule_and_by_field,
    the_primary_address_stays_until_another_one_is,
    verification_is_taken_back,
    a_link_goes_by_mail_and_is_not_told,
    links_are_sent_within_bounds,
}

async fn addresses_come_and_go(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let path = format!("{}/emails", path_of(&user));
    let added = client.post(&path, json!({"email": "hopper@example.com"})).await;
    snapshot!(added.changed(&user), @r#"
    {
      "emails": [
        {
          "id": "01977420-dc00-7cc4-9669-6589ef0ff135",
          "email": "Grace@example.com",
          "primary": true,
          "verified": false,
          "source": "monocloud",
          "verification_source": null,
          "authenticators": [
            "password"
          ],
          "idps": [
            "monocloud"
          ]
        },
        {
          "id": "01977420-dc00-75d6-bc31-6e54105d35de",
          "email": "hopper@example.com",
          "primary": false,
          "verified": false,
          "source": "monocloud",
          "verification_source": null,
          "authenticators": [
            "password"
          ],
          "idps": [
            "monocloud"
          ]
        }
      ]
    }
    "#);
    world.env.pass(1);
    let verified = client
        .post(&path, json!({"email": "g@example.com", "is_verified": true, "skip_restriction_checks": true}))
        .await;
    let verified = verified.ok(200);
    assert_eq!((&verified["emails"][2]["verified"], &verified["emails"][2]["primary"]), (&json!(true), &json!(false)));
    for at in [2, 1] {
        client.delete(&format!("{path}/{}", id_in(&verified, "emails", at))).await.ok(200);
    }
    assert_eq!(client.get(&path_of(&user)).await.changed(&user), "{}");
    let again = client.delete(&format!("{path}/{}", id_in(&verified, "emails", 1))).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

async fn an_address_is_refused_by_rule_and_by_field(world: World) {
    let client = Client::new(&world).await;
    let path = format!("{}/emails", path_of(&client.grace().await));
    let mut told = Vec::new();
    for body in [
        json!({"email": "grace@EXAMPLE.com"}),
        json!({"email": "a b@example.com"}),
        json!({"email": ""}),
        json!({}),
        json!({"email": null, "is_verified": 1}),
        json!({"email": "a@example.com\u{0}"}),
    ] {
        told.push(client.post(&path, body).await.problem());
    }
    snapshot!(told.join("\n"), @r#"
    {"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"DuplicateEmail","description":"Another user has this email address."}]}
    {"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"InvalidEmail","description":"The email address holds signs that it cannot hold."}]}
    {"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"InvalidEmail","description":"The email address is empty."}]}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"email":["It is required."]}}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"email":["It is required."],"is_verified":["It must be true or false."]}}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"email":["It holds a NUL."]}}
    "#);
}

async fn the_primary_address_stays_until_another_one_is(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let path = format!("{}/emails", path_of(&user));
    let user = client.post(&path, json!({"email": "hopper@example.com"})).await.ok(200);
    let (first, second) = (id_in(&user, "emails", 0), id_in(&user, "emails", 1));
    let unverified = client.press(&format!("{path}/{second}/primary")).await;
    snapshot!(unverified.problem(), @r#"{"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"IdentifierNotVerified","description":"It is not verified."}]}"#);
    let primary = client.delete(&format!("{path}/{first}")).await;
    snapshot!(primary.problem(), @r#"{"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"PrimaryIdentifier","description":"The primary email address cannot be removed."}]}"#);
    client.press(&format!("{path}/{second}/verify")).await.ok(200);
    for _ in 0..2 {
        let made = client.press(&format!("{path}/{second}/primary")).await.ok(200);
        assert_eq!(id_in(&made, "emails", 0), second);
        let primary: Vec<bool> =
            made["emails"].as_array().unwrap().iter().map(|email| email["primary"].as_bool().unwrap()).collect();
        assert_eq!(primary, [true, false]);
    }
    client.delete(&format!("{path}/{first}")).await.ok(200);
}

async fn verification_is_taken_back(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let email = format!("{}/emails/{}", path_of(&user), id_in(&user, "emails", 0));
    client.press(&format!("{email}/verify")).await.ok(200);
    for _ in 0..2 {
        assert_eq!(client.press(&format!("{email}/unverify")).await.changed(&user), "{}");
    }
}

/// The link proves the address; only the mail has it.
async fn a_link_goes_by_mail_and_is_not_told(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    world.deliver().await;
    let email = format!("{}/emails/{}", path_of(&user), id_in(&user, "emails", 0));
    let answer = client.post(&format!("{email}/verify/link"), json!({"expiry": 3_600})).await;
    snapshot!(answer.ok(200), @r#"{"expires_at":1750003600,"email_sent":true}"#);
    let letters = world.deliver().await;
    let drawn = letters.into_iter().find_map(|letter| letter.secret).unwrap();
    assert_eq!(drawn.expires_at, 1_750_000_000_000 + 60 * MINUTE);
    world.vestibule.redeem(by_link(&drawn.token)).await.unwrap();
    assert_eq!(client.get(&path_of(&user)).await.ok(200)["emails"][0]["verified"], true);
    // One that is verified already may be proven again.
    world.env.pass(MINUTE);
    client.press(&format!("{email}/verify/link")).await.ok(200);
    // Without a mail server nothing leaves, and that is said.
    world.env.pass(MINUTE);
    let api = vestibule_api::Api::new(world.vestibule.clone(), URL).with_rate(0);
    let kept = client.on(vestibule_monocloud::router(api)).press(&format!("{email}/verify/link")).await;
    assert_eq!(kept.ok(200)["email_sent"], false);
}

async fn links_are_sent_within_bounds(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let link = format!("{}/emails/{}/verify/link", path_of(&user), id_in(&user, "emails", 0));
    let mut told = Vec::new();
    for body in [json!({"expiry": 59}), json!({"expiry": 7_776_001}), json!({"expiry": "1h"}), json!({"expiry": 60.5})]
    {
        told.push(client.post(&link, body).await.problem());
    }
    client.post(&link, json!({"expiry": null})).await.ok(200);
    world.env.pass(1_500);
    let soon = client.press(&link).await;
    assert_eq!(soon.headers["retry-after"], "59");
    told.push(soon.problem());
    client.press(&format!("{}/disable", path_of(&user))).await.ok(200);
    told.push(client.press(&link).await.problem());
    snapshot!(told.join("\n"), @r#"
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"expiry":["It must be 60 to 7776000 seconds."]}}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"expiry":["It must be 60 to 7776000 seconds."]}}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"expiry":["It must be a whole number."]}}
    {"type":"https://httpstatuses.io/422#validation-error","title":"Unprocessable Entity","status":422,"errors":{"expiry":["It must be a whole number."]}}
    {"type":"https://httpstatuses.io/429","title":"Too Many Requests","status":429,"detail":"The last mail to this address was sent a moment ago."}
    {"type":"https://httpstatuses.io/422#identity-validation-error","title":"Unprocessable Entity","status":422,"errors":[{"code":"UserDisabled","description":"The user is disabled."}]}
    "#);
    client.press(&format!("{}/enable", path_of(&user))).await.ok(200);
    let elsewhere = client.on(router(&world)).press(&link.replace("/emails/", "/emails/x")).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
}
