//! Users made.

use http::Method;
use serde_json::{Value, json};

use crate::{
    support::{World, secret_word},
    wire::Wire,
};

both!(
    the_older_way,
    the_newer_way,
    what_is_done_about_the_address,
    all_that_can_be_said_is_kept,
    refusals,
    people_only,
);

fn person(address: &str) -> Value {
    json!({"profile": {"givenName": "Ada", "familyName": "Lovelace"}, "email": {"email": address}})
}

async fn the_older_way(world: World) {
    let mut wire = Wire::new(world).await;
    let mut body = person("ada@poet.example");
    body["userId"] = "ada".into();
    body["email"]["returnCode"] = json!({});
    let code = wire.tell(Method::POST, "/v2/users/human", body).await.json()["emailCode"].clone();
    assert!(wire.world.deliver().await.is_empty());
    wire.tell(Method::POST, "/v2/users/ada/email/verify", json!({"verificationCode": code})).await;
    wire.tell(Method::GET, "/v2/users/ada", Value::Null).await;
    snapshot!(wire.told, @r#"
    POST /v2/users/human {"profile":{"givenName":"Ada","familyName":"Lovelace"},"email":{"email":"ada@poet.example","returnCode":{}},"userId":"ada"}
    200 {"userId":"ada","details":{"sequence":"2","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"},"emailCode":"PHZPBXQP"}

    POST /v2/users/ada/email/verify {"verificationCode":"PHZPBXQP"}
    200 {"details":{"sequence":"3","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}

    GET /v2/users/ada
    200 {"details":{"sequence":"3","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69","creationDate":"2025-06-15T15:06:40Z"},"user":{"userId":"ada","state":"USER_STATE_ACTIVE","username":"ada@poet.example","loginNames":["ada@poet.example"],"preferredLoginName":"ada@poet.example","human":{"userId":"ada","state":"USER_STATE_ACTIVE","username":"ada@poet.example","loginNames":["ada@poet.example"],"preferredLoginName":"ada@poet.example","profile":{"givenName":"Ada","familyName":"Lovelace","displayName":"Ada Lovelace","preferredLanguage":"en"},"email":{"email":"ada@poet.example","isVerified":true}},"details":{"sequence":"3","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69","creationDate":"2025-06-15T15:06:40Z"}}}
    "#);
}

async fn the_newer_way(world: World) {
    let mut wire = Wire::new(world).await;
    let body = json!({
        "organizationId": wire.world.organization,
        "userId": "ada",
        "username": "enchantress",
        "human": person("ada@poet.example"),
    });
    wire.tell(Method::POST, "/v2/users/new", body).await;
    assert_eq!(wire.world.deliver().await.len(), 1);
    wire.tell(Method::GET, "/v2/users/ada", Value::Null).await;
    snapshot!(wire.told, @r#"
    POST /v2/users/new {"organizationId":"01977420-dc00-7118-b0d3-641a68f94a69","userId":"ada","username":"enchantress","human":{"profile":{"givenName":"Ada","familyName":"Lovelace"},"email":{"email":"ada@poet.example"}}}
    200 {"id":"ada","creationDate":"2025-06-15T15:06:40Z"}

    GET /v2/users/ada
    200 {"details":{"sequence":"3","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69","creationDate":"2025-06-15T15:06:40Z"},"user":{"userId":"ada","state":"USER_STATE_ACTIVE","username":"enchantress","loginNames":["enchantress"],"preferredLoginName":"enchantress","human":{"userId":"ada","state":"USER_STATE_ACTIVE","username":"enchantress","loginNames":["enchantress"],"preferredLoginName":"enchantress","profile":{"givenName":"Ada","familyName":"Lovelace","displayName":"Ada Lovelace","preferredLanguage":"en"},"email":{"email":"ada@poet.example"}},"details":{"sequence":"3","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69","creationDate":"2025-06-15T15:06:40Z"}}}
    "#);
}

async fn what_is_done_about_the_address(world: World) {
    let wire = Wire::new(world).await;
    let mut told = String::new();
    let template = json!({"sendCode": {"urlTemplate": "https://app.example/v?c={{.Code}}"}});
    for (place, wish) in [
        json!({}),
        json!({"sendCode": {}}),
        template,
        json!({"returnCode": {}}),
        json!({"isVerified": true}),
        json!({"isVerified": false}),
    ]
    .into_iter()
    .enumerate()
    {
        let mut body = person(&format!("ada{place}@poet.example"));
        for (name, value) in wish.as_object().unwrap() {
            body["email"][name] = value.clone();
        }
        let heard = wire.post("/v2/users/human", body).await.json();
        let returned = heard.get("emailCode").is_some();
        let seen = wire.get(&format!("/v2/users/{}", heard["userId"].as_str().unwrap())).await.json();
        let verified = seen["user"]["human"]["email"].get("isVerified").is_some();
        let letters = wire.world.deliver().await;
        let link = letters.first().and_then(|letter| letter.secret.as_ref()?.link.clone());
        told += &format!("{wish}: returned {returned}, mails {}, to {link:?}, verified {verified}\n", letters.len());
    }
    snapshot!(told, @r#"
    {}: returned false, mails 1, to None, verified false
    {"sendCode":{}}: returned false, mails 1, to None, verified false
    {"sendCode":{"urlTemplate":"https://app.example/v?c={{.Code}}"}}: returned false, mails 1, to Some("https://app.example/v?c=HPJTSQGC"), verified false
    {"returnCode":{}}: returned true, mails 0, to None, verified false
    {"isVerified":true}: returned false, mails 0, to None, verified true
    {"isVerified":false}: returned false, mails 0, to None, verified false
    "#);
}

async fn all_that_can_be_said_is_kept(world: World) {
    let wire = Wire::new(world).await;
    let body = json!({
        "userId": "ada",
        "username": "ada",
        "profile": {
            "givenName": "Ada", "familyName": "Lovelace", "nickName": "Countess", "displayName": "Ada, Countess of Lovelace",
            "preferredLanguage": "de-CH", "gender": "GENDER_FEMALE",
        },
        "email": {"email": "ada@poet.example", "isVerified": true},
        "phone": {"phone": "+44 151 496 0453", "isVerified": true},
        "metadata": [{"key": "team", "value": "cG9ldHM="}, {"key": "raw", "value": "//79"}],
        "password": {"password": secret_word(), "changeRequired": true},
    });
    let heard = wire.post("/v2/users/human", body).await;
    assert_eq!(heard.status, 200, "{}", heard.line());
    let mut seen = wire.get("/v2/users/ada").await.json();
    seen.as_object_mut().unwrap().remove("details");
    snapshot!(serde_json::to_string_pretty(&seen).unwrap(), @r#"
    {
      "user": {
        "userId": "ada",
        "state": "USER_STATE_ACTIVE",
        "username": "ada",
        "loginNames": [
          "ada"
        ],
        "preferredLoginName": "ada",
        "human": {
          "userId": "ada",
          "state": "USER_STATE_ACTIVE",
          "username": "ada",
          "loginNames": [
            "ada"
          ],
          "preferredLoginName": "ada",
          "profile": {
            "givenName": "Ada",
            "familyName": "Lovelace",
            "nickName": "Countess",
            "displayName": "Ada, Countess of Lovelace",
            "preferredLanguage": "de-CH",
            "gender": "GENDER_FEMALE"
          },
          "email": {
            "email": "ada@poet.example",
            "isVerified": true
          },
          "phone": {
            "phone": "+441514960453",
            "isVerified": true
          },
          "passwordChangeRequired": true,
          "passwordChanged": "2025-06-15T15:06:40Z"
        },
        "details": {
          "sequence": "5",
          "changeDate": "2025-06-15T15:06:40Z",
          "resourceOwner": "01977420-dc00-7118-b0d3-641a68f94a69",
          "creationDate": "2025-06-15T15:06:40Z"
        }
      }
    }
    "#);
    let record = wire.world.vestibule.record(&wire.owner, "ada").await.unwrap();
    assert_eq!(Value::Object(record.metadata), json!({"team": "poets", "raw": "base64://79"}));
    let hash = "$2a$04$NoHIWt7T47.cskEn0vHmhu93X/zTNs6M.X8s4AdTfNJdlzFY3m2z2";
    let mut body = person("b@poet.example");
    body["hashedPassword"] = json!({"hash": hash});
    body["userId"] = "b".into();
    assert_eq!(wire.post("/v2/users/human", body).await.status, 200);
    let heard = wire.get("/v2/users/b/authentication_methods").await.json();
    assert_eq!(heard["authMethodTypes"], json!(["AUTHENTICATION_METHOD_TYPE_PASSWORD"]));
}

async fn refusals(world: World) {
    let mut wire = Wire::new(world).await;
    wire.user("u1").await;
    let with = |name: &str, value: Value| {
        let mut body = person("ada@poet.example");
        body[name] = value;
        body
    };
    let profile = |given: &str, family: &str| json!({"givenName": given, "familyName": family});
    for body in [
        with("userId", "u1".into()),
        with("username", "U1@navy.example".into()),
        with("username", "  ".into()),
        with("profile", profile(" ", "Lovelace")),
        with("profile", profile("Ada", " ")),
        with("email", json!({"email": "u1@navy.example"})),
        with("email", json!({"email": "ada@poet"})),
        with("password", json!({"password": "short"})),
        with("hashedPassword", json!({"hash": "nonsense"})),
        with("phone", json!({"phone": "0151"})),
        with("phone", json!({"phone": "+441514960453", "returnCode": {}})),
        with("idpLinks", json!([{"idpId": "1", "userId": "2", "userName": "3"}])),
        with("totpSecret", "JBSWY3DPEHPK3PXP".into()),
    ] {
        wire.tell(Method::POST, "/v2/users/human", body).await;
    }
    snapshot!(wire.told, @r#"
    POST /v2/users/human {"profile":{"givenName":"Ada","familyName":"Lovelace"},"email":{"email":"ada@poet.example"},"userId":"u1"}
    400 {"code":9,"message":"Errors.User.AlreadyExisting (COMMAND-7yiox1isql)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-7yiox1isql","message":"Errors.User.AlreadyExisting"}]}

    POST /v2/users/human {"profile":{"givenName":"Ada","familyName":"Lovelace"},"email":{"email":"ada@poet.example"},"username":"U1@navy.example"}
    409 {"code":6,"message":"User already exists (V3-DKcYh)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"V3-DKcYh","message":"User already exists"}]}

    POST /v2/users/human {"profile":{"givenName":"Ada","familyName":"Lovelace"},"email":{"email":"ada@poet.example"},"username":"  "}
    400 {"code":3,"message":"Errors.Invalid.Argument (V2-zzad3)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"V2-zzad3","message":"Errors.Invalid.Argument"}]}

    POST /v2/users/human {"profile":{"givenName":" ","familyName":"Lovelace"},"email":{"email":"ada@poet.example"}}
    400 {"code":3,"message":"First name in profile is empty (USER-UCej2)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"USER-UCej2","message":"First name in profile is empty"}]}

    POST /v2/users/human {"profile":{"givenName":"Ada","familyName":" "},"email":{"email":"ada@poet.example"}}
    400 {"code":3,"message":"Last name in profile is empty (USER-4hB7d)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"USER-4hB7d","message":"Last name in profile is empty"}]}

    POST /v2/users/human {"profile":{"givenName":"Ada","familyName":"Lovelace"},"email":{"email":"u1@navy.example"}}
    409 {"code":6,"message":"User already exists (V3-DKcYh)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"V3-DKcYh","message":"User already exists"}]}

    POST /v2/users/human {"profile":{"givenName":"Ada","familyName":"Lovelace"},"email":{"email":"ada@poet"}}
    400 {"code":3,"message":"Email is invalid (EMAIL-599BI)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"EMAIL-599BI","message":"Email is invalid"}]}

    POST /v2/users/human {"profile":{"givenName":"Ada","familyName":"Lovelace"},"email":{"email":"ada@poet.example"},"password":{"password":"short"}}
    400 {"code":3,"message":"Password is too short (DOMAIN-HuJf6)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-HuJf6","message":"Password is too short"}]}

    POST /v2/users/human {"profile":{"givenName":"Ada","familyName":"Lovelace"},"email":{"email":"ada@poet.example"},"hashedPassword":{"hash":"nonsense"}}
    400 {"code":3,"message":"Password hash is not supported (USER-JDk4t)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"USER-JDk4t","message":"Password hash is not supported"}]}

    POST /v2/users/human {"profile":{"givenName":"Ada","familyName":"Lovelace"},"email":{"email":"ada@poet.example"},"phone":{"phone":"0151"}}
    400 {"code":3,"message":"Phone is invalid (PHONE-so0wa)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"PHONE-so0wa","message":"Phone is invalid"}]}

    POST /v2/users/human {"profile":{"givenName":"Ada","familyName":"Lovelace"},"email":{"email":"ada@poet.example"},"phone":{"phone":"+441514960453","returnCode":{}}}
    501 {"code":12,"message":"Telephone numbers are not verified by code here"}

    POST /v2/users/human {"profile":{"givenName":"Ada","familyName":"Lovelace"},"email":{"email":"ada@poet.example"},"idpLinks":[{"idpId":"1","userId":"2","userName":"3"}]}
    400 {"code":9,"message":"Identity Provider Configuration doesn't exist (COMMAND-39nfs)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"COMMAND-39nfs","message":"Identity Provider Configuration doesn't exist"}]}

    POST /v2/users/human {"profile":{"givenName":"Ada","familyName":"Lovelace"},"email":{"email":"ada@poet.example"},"totpSecret":"JBSWY3DPEHPK3PXP"}
    501 {"code":12,"message":"One-time passwords of apps are not kept here"}
    "#);
}

async fn people_only(world: World) {
    let mut wire = Wire::new(world).await;
    let body = json!({"organizationId": wire.world.organization, "machine": {"name": "robot"}});
    wire.tell(Method::POST, "/v2/users/new", body).await;
    wire.user("u1").await;
    wire.tell(Method::PATCH, "/v2/users/u1", json!({"machine": {"name": "robot"}})).await;
    snapshot!(wire.told, @r#"
    POST /v2/users/new {"organizationId":"01977420-dc00-7118-b0d3-641a68f94a69","machine":{"name":"robot"}}
    501 {"code":12,"message":"Users are people here; machines have keys and clients"}

    PATCH /v2/users/u1 {"machine":{"name":"robot"}}
    501 {"code":12,"message":"Users are people here; machines have keys and clients"}
    "#);
}
