//! Passkeys registered around what a browser does, by everybody who may, and listed.

#[path = "../../../core/tests/it/passkeys/device.rs"]
#[allow(dead_code, reason = "here nobody signs in")]
mod device;

use http::Method;
use prost::Message;
use prost_types::{Struct, Value as Field, value::Kind};
use serde_json::{Map, Value, json};
use vestibule_core::{actor::Actor, api_key::Scope, event::EventKind, outbox::MessageKind, passkey::Begun};
use vestibule_zitadel::proto::zitadel::user::v2::{
    RegisterPasskeyRequest, RegisterPasskeyResponse, VerifyPasskeyRegistrationRequest,
    VerifyPasskeyRegistrationResponse,
};

use self::device::Device;
use crate::{
    support::World,
    wire::{Heard, Wire, frames},
};

both!(
    registered_and_listed,
    every_transport_carries_the_ceremony,
    a_code_is_all_that_is_needed_and_good_once,
    a_link_goes_by_mail,
    who_may_register,
    what_is_no_passkey,
);

/// What a browser makes of an answer to `RegisterPasskey`, as the last call takes it.
async fn made(device: &mut Device, registered: &Value) -> Value {
    let options = registered["publicKeyCredentialCreationOptions"]["publicKey"].clone();
    let begun = Begun { ceremony: String::new(), options };
    serde_json::from_str(&device.make(&begun).await.unwrap()).unwrap()
}

impl Wire {
    /// Ends a registration; what was made stays out of what is told.
    async fn end(&mut self, token: &str, user: &str, registered: &Value, credential: &Value) -> Heard {
        let path = format!("/v2/users/{user}/passkeys/{}", registered["passkeyId"].as_str().unwrap());
        let body = json!({"publicKeyCredential": credential, "passkeyName": "Key"});
        let heard = self.rest(token, Method::POST, &path, &body).await;
        self.told += &format!("POST {path}\n{}\n\n", heard.line());
        heard
    }

    /// What was told, with a word for each challenge: chance that is not ours.
    fn told_without_challenges(&self, registered: &[&Value]) -> String {
        registered.iter().fold(self.told.clone(), |told, one| {
            let challenge = one["publicKeyCredentialCreationOptions"]["publicKey"]["challenge"].as_str().unwrap();
            assert_eq!(challenge.len(), 43, "32 bytes");
            told.replace(challenge, "CHALLENGE")
        })
    }
}

async fn registered_and_listed(world: World) {
    let mut wire = Wire::new(world).await;
    let (id, key) = (wire.user("u1").await, wire.key.clone());
    // Only an address that was proven is told of what happens to an account.
    let vestibule = &wire.world.vestibule;
    let email = vestibule.user(&wire.owner, &id, None).await.unwrap().emails[0].email.id.clone();
    vestibule.mark_verified(&wire.owner, &id, &email, "met", None).await.unwrap();
    wire.tell(Method::POST, "/v2/users/u1/passkeys/_search", json!({})).await;
    let body = json!({"authenticator": "PASSKEY_AUTHENTICATOR_PLATFORM", "domain": "id.acme.example"});
    let registered = wire.tell(Method::POST, "/v2/users/u1/passkeys", body).await.json();
    let credential = made(&mut Device::default(), &registered).await;
    wire.end(&key, &id, &registered, &credential).await;
    // Again: it is over.
    wire.end(&key, &id, &registered, &credential).await;
    wire.tell(Method::POST, "/v2/users/u1/passkeys/_search", json!({})).await;
    wire.tell(Method::GET, "/v2/users/u1/authentication_methods", Value::Null).await;
    wire.tell(Method::POST, "/v2/users/nobody/passkeys/_search", json!({})).await;
    let letters = wire.world.deliver().await;
    assert!(letters.iter().any(|letter| letter.kind == MessageKind::PasskeyAdded), "its owner is told");
    let view = wire.world.vestibule.user(&wire.owner, "u1", None).await.unwrap();
    let added = view.history.into_iter().find(|event| event.kind == EventKind::PasskeyAdded).unwrap();
    assert!(matches!(added.actor, Actor::Client { name, .. } if name == "Portal"));
    snapshot!(wire.told_without_challenges(&[&registered]), @r#"
    POST /v2/users/u1/passkeys/_search {}
    200 {"details":{"processedSequence":"2","timestamp":"2025-06-15T15:06:40Z"}}

    POST /v2/users/u1/passkeys {"authenticator":"PASSKEY_AUTHENTICATOR_PLATFORM","domain":"id.acme.example"}
    200 {"details":{"sequence":"2","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"},"passkeyId":"01977420-dc00-78b3-b396-9a0d05f4673e","publicKeyCredentialCreationOptions":{"publicKey":{"attestation":"none","authenticatorSelection":{"authenticatorAttachment":"platform","requireResidentKey":true,"residentKey":"required","userVerification":"required"},"challenge":"CHALLENGE","excludeCredentials":[],"extensions":{"credProps":true,"credentialProtectionPolicy":"userVerificationRequired","enforceCredentialProtectionPolicy":false,"uvm":true},"pubKeyCredParams":[{"alg":-7,"type":"public-key"},{"alg":-35,"type":"public-key"},{"alg":-257,"type":"public-key"}],"rp":{"id":"id.acme.example","name":"Acme"},"timeout":300000,"user":{"displayName":"Grace Hopper","id":"Y8brPg3sjsaTBC2Yrb16gg","name":"u1@navy.example"}}}}

    POST /v2/users/u1/passkeys/01977420-dc00-78b3-b396-9a0d05f4673e
    200 {"details":{"sequence":"3","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}

    POST /v2/users/u1/passkeys/01977420-dc00-78b3-b396-9a0d05f4673e
    400 {"code":9,"message":"No such registration is under way (WEBAU-5M9so)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"WEBAU-5M9so","message":"No such registration is under way"}]}

    POST /v2/users/u1/passkeys/_search {}
    200 {"details":{"totalResult":"1","processedSequence":"3","timestamp":"2025-06-15T15:06:40Z"},"result":[{"id":"01977420-dc00-78b3-b396-9a0d05f4673e","state":"AUTH_FACTOR_STATE_READY","name":"Key"}]}

    GET /v2/users/u1/authentication_methods
    200 {"details":{"totalResult":"1","processedSequence":"3","timestamp":"2025-06-15T15:06:40Z"},"authMethodTypes":["AUTHENTICATION_METHOD_TYPE_PASSKEY"]}

    POST /v2/users/nobody/passkeys/_search {}
    200 {"details":{"timestamp":"2025-06-15T15:06:40Z"}}
    "#);
}

/// A message through one of the services' transports: sent and answered in bytes.
async fn carry(wire: &Wire, media_type: &str, method: &str, message: Vec<u8>) -> Vec<u8> {
    let path = format!("/zitadel.user.v2.UserService/{method}");
    if media_type == "application/proto" {
        let heard = wire.raw(&wire.key, Method::POST, &path, media_type, message).await;
        assert_eq!(heard.status, 200, "{}", heard.line());
        return heard.body;
    }
    let heard = wire.framed(&wire.key, &path, media_type, &message).await;
    assert_eq!(heard.status, 200, "{}", heard.line());
    frames(&heard.body).into_iter().next().unwrap_or_else(|| panic!("{heard:?}")).1
}

async fn every_transport_carries_the_ceremony(world: World) {
    let wire = Wire::new(world).await;
    wire.user("u1").await;
    for media_type in ["application/grpc", "application/grpc-web+proto", "application/proto"] {
        // The list is in the order of their making.
        wire.world.env.pass(1);
        let request = RegisterPasskeyRequest { user_id: "u1".to_owned(), ..RegisterPasskeyRequest::default() };
        let answer = carry(&wire, media_type, "RegisterPasskey", request.encode_to_vec()).await;
        let registered = RegisterPasskeyResponse::decode(answer.as_slice()).unwrap();
        let options = object(registered.public_key_credential_creation_options.unwrap());
        let registered = json!({"publicKeyCredentialCreationOptions": options, "passkeyId": registered.passkey_id});
        let request = VerifyPasskeyRegistrationRequest {
            user_id: "u1".to_owned(),
            passkey_id: registered["passkeyId"].as_str().unwrap().to_owned(),
            public_key_credential: Some(structure(made(&mut Device::default(), &registered).await)),
            passkey_name: media_type.to_owned(),
        };
        let answer = carry(&wire, media_type, "VerifyPasskeyRegistration", request.encode_to_vec()).await;
        let verified = VerifyPasskeyRegistrationResponse::decode(answer.as_slice()).unwrap();
        assert_eq!(verified.details.unwrap().resource_owner, wire.world.organization);
    }
    wire.world.env.pass(1);
    let registered = wire.connect(&wire.key, "RegisterPasskey", &json!({"userId": "u1"})).await.json();
    let credential = made(&mut Device::default(), &registered).await;
    let body = json!({
        "userId": "u1",
        "passkeyId": registered["passkeyId"],
        "publicKeyCredential": credential,
        "passkeyName": "application/json",
    });
    assert_eq!(wire.connect(&wire.key, "VerifyPasskeyRegistration", &body).await.status, 200);
    let listed = wire.connect(&wire.key, "ListPasskeys", &json!({"userId": "u1"})).await.json();
    let names: Vec<&str> =
        listed["result"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        ["application/grpc", "application/grpc-web+proto", "application/proto", "application/json"],
        "{listed}"
    );
}

async fn a_code_is_all_that_is_needed_and_good_once(world: World) {
    let mut wire = Wire::new(world).await;
    let (id, reader) = (wire.user("u1").await, wire.key_for(&[Scope::Read]).await);
    wire.user("u2").await;
    let body = json!({"returnCode": {}});
    let drawn = wire.tell(Method::POST, "/v2/users/u1/passkeys/registration_link", body).await.json()["code"].clone();
    assert!(wire.world.deliver().await.is_empty());
    let mut wrong = drawn.clone();
    wrong["code"] = "BBBBBBBBBBBB".into();
    let mut unreadable = drawn.clone();
    unreadable["code"] = "?".into();
    for (user, code) in [("u1", &wrong), ("u1", &unreadable), ("u2", &drawn), ("nobody", &drawn)] {
        wire.tell_as(&reader, Method::POST, &format!("/v2/users/{user}/passkeys"), json!({"code": code})).await;
    }
    let body = json!({"code": drawn});
    let registered = wire.rest(&reader, Method::POST, "/v2/users/u1/passkeys", &body).await.json();
    let credential = made(&mut Device::default(), &registered).await;
    assert_eq!(wire.end(&reader, &id, &registered, &credential).await.status, 200);
    wire.tell_as(&reader, Method::POST, "/v2/users/u1/passkeys", body).await;
    snapshot!(wire.told, @r#"
    POST /v2/users/u1/passkeys/registration_link {"returnCode":{}}
    200 {"details":{"sequence":"2","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"},"code":{"id":"01977420-dc00-70aa-a53c-a305cc06f5c9","code":"LRBTWCGRRQVB"}}

    POST /v2/users/u1/passkeys {"code":{"id":"01977420-dc00-70aa-a53c-a305cc06f5c9","code":"BBBBBBBBBBBB"}}
    400 {"code":3,"message":"Code is invalid (COMMAND-Eeb2a)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-Eeb2a","message":"Code is invalid"}]}

    POST /v2/users/u1/passkeys {"code":{"id":"01977420-dc00-70aa-a53c-a305cc06f5c9","code":"?"}}
    400 {"code":3,"message":"Code is invalid (COMMAND-Eeb2a)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-Eeb2a","message":"Code is invalid"}]}

    POST /v2/users/u2/passkeys {"code":{"id":"01977420-dc00-70aa-a53c-a305cc06f5c9","code":"LRBTWCGRRQVB"}}
    400 {"code":3,"message":"Code is invalid (COMMAND-Eeb2a)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-Eeb2a","message":"Code is invalid"}]}

    POST /v2/users/nobody/passkeys {"code":{"id":"01977420-dc00-70aa-a53c-a305cc06f5c9","code":"LRBTWCGRRQVB"}}
    400 {"code":3,"message":"Code is invalid (COMMAND-Eeb2a)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-Eeb2a","message":"Code is invalid"}]}

    POST /v2/users/u1/passkeys/01977420-dc00-7497-b461-980eb9dac7e3
    200 {"details":{"sequence":"4","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}

    POST /v2/users/u1/passkeys {"code":{"id":"01977420-dc00-70aa-a53c-a305cc06f5c9","code":"LRBTWCGRRQVB"}}
    400 {"code":3,"message":"Code is invalid (COMMAND-Eeb2a)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-Eeb2a","message":"Code is invalid"}]}
    "#);
}

async fn a_link_goes_by_mail(world: World) {
    let mut wire = Wire::new(world).await;
    wire.user("u1").await;
    let path = "/v2/users/u1/passkeys/registration_link";
    let template = "https://app.example/p?i={{.CodeID}}&c={{.Code}}&u={{.UserID}}&o={{.OrgID}}";
    wire.tell(Method::POST, path, json!({"sendLink": {"urlTemplate": template}})).await;
    let letter = wire.world.deliver().await.pop().unwrap();
    assert_eq!(letter.kind, MessageKind::PasskeyLink);
    let sent = letter.secret.unwrap();
    let (handle, code, organization) = (&sent.challenge_id, sent.code.plain(), &wire.world.organization);
    assert_eq!(sent.link, Some(format!("https://app.example/p?i={handle}&c={code}&u=u1&o={organization}")));
    let body = json!({"code": {"id": handle, "code": code}});
    assert_eq!(wire.post("/v2/users/u1/passkeys", body).await.status, 200);
    // Too soon, and then without a template of its own.
    wire.tell(Method::POST, path, json!({"sendLink": {}})).await;
    wire.world.env.pass(60_000);
    wire.tell(Method::POST, path, json!({})).await;
    let sent = wire.world.deliver().await.pop().unwrap().secret.unwrap();
    assert_eq!((sent.link, sent.code.plain().len()), (None, 12));
    wire.tell(Method::POST, path, json!({"sendLink": {"urlTemplate": "https://app.example/{{.LoginName}}"}})).await;
    wire.tell(Method::POST, path, json!({"sendLink": {"urlTemplate": "javascript:{{.Code}}"}})).await;
    wire.tell(Method::POST, "/v2/users/nobody/passkeys/registration_link", json!({})).await;
    snapshot!(wire.told, @r#"
    POST /v2/users/u1/passkeys/registration_link {"sendLink":{"urlTemplate":"https://app.example/p?i={{.CodeID}}&c={{.Code}}&u={{.UserID}}&o={{.OrgID}}"}}
    200 {"details":{"sequence":"2","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}

    POST /v2/users/u1/passkeys/registration_link {"sendLink":{}}
    429 {"code":8,"message":"Too many requests; try again later"}

    POST /v2/users/u1/passkeys/registration_link {}
    200 {"details":{"sequence":"4","changeDate":"2025-06-15T15:07:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}

    POST /v2/users/u1/passkeys/registration_link {"sendLink":{"urlTemplate":"https://app.example/{{.LoginName}}"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-ieYa7)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-ieYa7","message":"URL Template is invalid"}]}

    POST /v2/users/u1/passkeys/registration_link {"sendLink":{"urlTemplate":"javascript:{{.Code}}"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-oGh5e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-oGh5e","message":"URL Template is invalid"}]}

    POST /v2/users/nobody/passkeys/registration_link {}
    404 {"code":5,"message":"User could not be found (COMMAND-M9dsd)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-M9dsd","message":"User could not be found"}]}
    "#);
}

async fn who_may_register(world: World) {
    let mut wire = Wire::new(world).await;
    let (id, other) = (wire.user("u1").await, wire.user("u2").await);
    let reader = wire.key_for(&[Scope::Read]).await;
    let verifier = wire.key_for(&[Scope::Verify]).await;
    let (own, others) = (wire.token_of(&id).await, wire.token_of(&other).await);
    let reading = wire.token_through(&id, "openid read").await;
    for token in [&reader, &verifier, &others, &reading] {
        wire.tell_as(token, Method::POST, "/v2/users/u1/passkeys", json!({})).await;
    }
    for token in [&reader, &own] {
        wire.tell_as(token, Method::POST, "/v2/users/u1/passkeys/registration_link", json!({})).await;
    }
    for token in [&verifier, &others] {
        wire.tell_as(token, Method::POST, "/v2/users/u1/passkeys/_search", json!({})).await;
    }
    wire.tell(Method::POST, "/v2/users/nobody/passkeys", json!({})).await;
    wire.tell(Method::POST, "/v2/users/u1/passkeys", json!({"domain": "evil.example"})).await;
    // The user themselves may, by an app of the organization's own.
    let registered = wire.rest(&own, Method::POST, "/v2/users/u1/passkeys", &json!({})).await.json();
    let credential = made(&mut Device::default(), &registered).await;
    assert_eq!(wire.end(&own, &id, &registered, &credential).await.status, 200);
    wire.tell_as(&own, Method::POST, "/v2/users/u1/passkeys/_search", json!({})).await;
    let view = wire.world.vestibule.user(&wire.owner, "u1", None).await.unwrap();
    let added = view.history.into_iter().find(|event| event.kind == EventKind::PasskeyAdded).unwrap();
    assert_eq!(added.actor, Actor::Person { id });
    snapshot!(wire.told, @r#"
    POST /v2/users/u1/passkeys {}
    403 {"code":7,"message":"No matching permissions found (AUTH-AWfge)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"AUTH-AWfge","message":"No matching permissions found"}]}

    POST /v2/users/u1/passkeys {}
    403 {"code":7,"message":"No matching permissions found (AUTH-AWfge)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"AUTH-AWfge","message":"No matching permissions found"}]}

    POST /v2/users/u1/passkeys {}
    404 {"code":5,"message":"membership not found (AUTHZ-cdgFk)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"AUTHZ-cdgFk","message":"membership not found"}]}

    POST /v2/users/u1/passkeys {}
    403 {"code":7,"message":"No matching permissions found (AUTH-AWfge)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"AUTH-AWfge","message":"No matching permissions found"}]}

    POST /v2/users/u1/passkeys/registration_link {}
    403 {"code":7,"message":"No matching permissions found (AUTH-5mWD2)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"AUTH-5mWD2","message":"No matching permissions found"}]}

    POST /v2/users/u1/passkeys/registration_link {}
    404 {"code":5,"message":"membership not found (AUTHZ-cdgFk)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"AUTHZ-cdgFk","message":"membership not found"}]}

    POST /v2/users/u1/passkeys/_search {}
    403 {"code":7,"message":"No matching permissions found (AUTH-AWfge)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"AUTH-AWfge","message":"No matching permissions found"}]}

    POST /v2/users/u1/passkeys/_search {}
    404 {"code":5,"message":"membership not found (AUTHZ-cdgFk)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"AUTHZ-cdgFk","message":"membership not found"}]}

    POST /v2/users/nobody/passkeys {}
    404 {"code":5,"message":"User could not be found (COMMAND-M9dsd)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-M9dsd","message":"User could not be found"}]}

    POST /v2/users/u1/passkeys {"domain":"evil.example"}
    400 {"code":3,"message":"Passkeys are made for another domain (VESTIBULE-Domain)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"VESTIBULE-Domain","message":"Passkeys are made for another domain"}]}

    POST /v2/users/u1/passkeys/01977420-dc00-7f19-8d51-3f6720124647
    200 {"details":{"sequence":"2","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}

    POST /v2/users/u1/passkeys/_search {}
    200 {"details":{"totalResult":"1","processedSequence":"2","timestamp":"2025-06-15T15:06:40Z"},"result":[{"id":"01977420-dc00-7f19-8d51-3f6720124647","state":"AUTH_FACTOR_STATE_READY","name":"Key"}]}
    "#);
}

async fn what_is_no_passkey(world: World) {
    let mut wire = Wire::new(world).await;
    let (id, key) = (wire.user("u1").await, wire.key.clone());
    wire.user("u2").await;
    let nonsense = json!({"id": "x", "response": {"clientDataJSON": [1.5, null, {}]}});
    for credential in [json!({}), nonsense] {
        let registered = wire.post("/v2/users/u1/passkeys", json!({})).await.json();
        wire.end(&key, &id, &registered, &credential).await;
    }
    // Made where somebody else led the person to.
    let registered = wire.post("/v2/users/u1/passkeys", json!({})).await.json();
    let mut elsewhere = Device { origin: "https://evil.example", ..Device::default() };
    let mut lured = registered.clone();
    lured["publicKeyCredentialCreationOptions"]["publicKey"]["rp"]["id"] = "evil.example".into();
    let credential = made(&mut elsewhere, &lured).await;
    wire.end(&key, &id, &registered, &credential).await;
    // Another user's ceremony, and none at all; it goes on for whom it was begun.
    let registered = wire.post("/v2/users/u1/passkeys", json!({})).await.json();
    let credential = made(&mut Device::default(), &registered).await;
    wire.end(&key, "u2", &registered, &credential).await;
    wire.end(&key, &id, &json!({"passkeyId": "none"}), &credential).await;
    assert_eq!(wire.end(&key, &id, &registered, &credential).await.status, 200);
    // Too late.
    let registered = wire.post("/v2/users/u1/passkeys", json!({})).await.json();
    let credential = made(&mut Device::default(), &registered).await;
    wire.world.env.pass(5 * 60_000);
    wire.end(&key, &id, &registered, &credential).await;
    assert_eq!(wire.world.db.count("passkey").await, 1);
    snapshot!(wire.told, @r#"
    POST /v2/users/u1/passkeys/01977420-dc00-7a00-b65f-1e53354322cf
    400 {"code":3,"message":"The passkey is invalid (WEBAU-3Vb9s)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"WEBAU-3Vb9s","message":"The passkey is invalid"}]}

    POST /v2/users/u1/passkeys/01977420-dc00-7656-ab30-9d77f4286650
    400 {"code":3,"message":"The passkey is invalid (WEBAU-3Vb9s)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"WEBAU-3Vb9s","message":"The passkey is invalid"}]}

    POST /v2/users/u1/passkeys/01977420-dc00-7e67-8170-5ac1f259c85a
    400 {"code":3,"message":"The passkey is invalid (WEBAU-3Vb9s)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"WEBAU-3Vb9s","message":"The passkey is invalid"}]}

    POST /v2/users/u2/passkeys/01977420-dc00-7503-9279-5d0b3f0c00aa
    400 {"code":9,"message":"No such registration is under way (WEBAU-5M9so)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"WEBAU-5M9so","message":"No such registration is under way"}]}

    POST /v2/users/u1/passkeys/none
    400 {"code":9,"message":"No such registration is under way (WEBAU-5M9so)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"WEBAU-5M9so","message":"No such registration is under way"}]}

    POST /v2/users/u1/passkeys/01977420-dc00-7503-9279-5d0b3f0c00aa
    200 {"details":{"sequence":"2","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}

    POST /v2/users/u1/passkeys/01977420-dc00-70f2-a8cb-270abd43bc0d
    400 {"code":9,"message":"No such registration is under way (WEBAU-5M9so)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"WEBAU-5M9so","message":"No such registration is under way"}]}
    "#);
}

fn object(read: Struct) -> Value {
    let value = |field: Field| match field.kind.unwrap() {
        Kind::NullValue(_) => Value::Null,
        Kind::BoolValue(truth) => truth.into(),
        // All numbers of the options are whole.
        Kind::NumberValue(number) => format!("{number:.0}").parse::<i64>().unwrap().into(),
        Kind::StringValue(text) => text.into(),
        Kind::ListValue(list) => list
            .values
            .into_iter()
            .map(|one| object(Struct { fields: [(String::new(), one)].into() })[""].take())
            .collect(),
        Kind::StructValue(inner) => object(inner),
    };
    read.fields.into_iter().map(|(name, field)| (name, value(field))).collect::<Map<_, _>>().into()
}

fn structure(value: Value) -> Struct {
    let field = |value: Value| match value {
        Value::Null => Kind::NullValue(0),
        Value::Bool(truth) => Kind::BoolValue(truth),
        Value::Number(number) => Kind::NumberValue(number.as_f64().unwrap()),
        Value::String(text) => Kind::StringValue(text),
        Value::Array(values) => {
            let one = |value| structure(json!({ "": value })).fields.remove("").unwrap();
            Kind::ListValue(prost_types::ListValue { values: values.into_iter().map(one).collect() })
        }
        object @ Value::Object(_) => Kind::StructValue(structure(object)),
    };
    let Value::Object(map) = value else { panic!("{value} is no object") };
    Struct { fields: map.into_iter().map(|(name, value)| (name, Field { kind: Some(field(value)) })).collect() }
}
