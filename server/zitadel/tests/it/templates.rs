//! Links that a client writes: checked when they are said, values escaped when they are written.

use http::Method;
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::json;

use crate::{support::World, wire::Wire};

both!(what_cannot_be_written_is_told_at_once, values_cannot_break_out, nonsense_is_refused_and_never_fails);

async fn what_cannot_be_written_is_told_at_once(world: World) {
    let mut wire = Wire::new(world).await;
    wire.user("u1").await;
    for template in [
        "https://app.example/{{.Code",
        "https://app.example/{{.LoginName}}",
        "https://app.example/{{.CodeID}}",
        "https://app.example/{{if .Code}}x{{end}}",
        "javascript:alert({{.Code}})",
    ] {
        for path in ["invite_code", "email/send", "email/resend"] {
            let body = json!({"sendCode": {"urlTemplate": template}});
            wire.tell(Method::POST, &format!("/v2/users/u1/{path}"), body).await;
        }
        let body = json!({"sendLink": {"urlTemplate": template}});
        wire.tell(Method::POST, "/v2/users/u1/password_reset", body).await;
        let body = json!({"email": "grace@navy.example", "sendCode": {"urlTemplate": template}});
        wire.tell(Method::POST, "/v2/users/u1/email", body).await;
    }
    assert!(wire.world.deliver().await.is_empty());
    snapshot!(wire.told, @r#"
    POST /v2/users/u1/invite_code {"sendCode":{"urlTemplate":"https://app.example/{{.Code"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-oGh5e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-oGh5e","message":"URL Template is invalid"}]}

    POST /v2/users/u1/email/send {"sendCode":{"urlTemplate":"https://app.example/{{.Code"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-oGh5e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-oGh5e","message":"URL Template is invalid"}]}

    POST /v2/users/u1/email/resend {"sendCode":{"urlTemplate":"https://app.example/{{.Code"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-oGh5e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-oGh5e","message":"URL Template is invalid"}]}

    POST /v2/users/u1/password_reset {"sendLink":{"urlTemplate":"https://app.example/{{.Code"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-oGh5e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-oGh5e","message":"URL Template is invalid"}]}

    POST /v2/users/u1/email {"email":"grace@navy.example","sendCode":{"urlTemplate":"https://app.example/{{.Code"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-oGh5e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-oGh5e","message":"URL Template is invalid"}]}

    POST /v2/users/u1/invite_code {"sendCode":{"urlTemplate":"https://app.example/{{.LoginName}}"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-ieYa7)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-ieYa7","message":"URL Template is invalid"}]}

    POST /v2/users/u1/email/send {"sendCode":{"urlTemplate":"https://app.example/{{.LoginName}}"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-ieYa7)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-ieYa7","message":"URL Template is invalid"}]}

    POST /v2/users/u1/email/resend {"sendCode":{"urlTemplate":"https://app.example/{{.LoginName}}"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-ieYa7)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-ieYa7","message":"URL Template is invalid"}]}

    POST /v2/users/u1/password_reset {"sendLink":{"urlTemplate":"https://app.example/{{.LoginName}}"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-ieYa7)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-ieYa7","message":"URL Template is invalid"}]}

    POST /v2/users/u1/email {"email":"grace@navy.example","sendCode":{"urlTemplate":"https://app.example/{{.LoginName}}"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-ieYa7)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-ieYa7","message":"URL Template is invalid"}]}

    POST /v2/users/u1/invite_code {"sendCode":{"urlTemplate":"https://app.example/{{.CodeID}}"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-ieYa7)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-ieYa7","message":"URL Template is invalid"}]}

    POST /v2/users/u1/email/send {"sendCode":{"urlTemplate":"https://app.example/{{.CodeID}}"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-ieYa7)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-ieYa7","message":"URL Template is invalid"}]}

    POST /v2/users/u1/email/resend {"sendCode":{"urlTemplate":"https://app.example/{{.CodeID}}"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-ieYa7)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-ieYa7","message":"URL Template is invalid"}]}

    POST /v2/users/u1/password_reset {"sendLink":{"urlTemplate":"https://app.example/{{.CodeID}}"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-ieYa7)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-ieYa7","message":"URL Template is invalid"}]}

    POST /v2/users/u1/email {"email":"grace@navy.example","sendCode":{"urlTemplate":"https://app.example/{{.CodeID}}"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-ieYa7)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-ieYa7","message":"URL Template is invalid"}]}

    POST /v2/users/u1/invite_code {"sendCode":{"urlTemplate":"https://app.example/{{if .Code}}x{{end}}"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-oGh5e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-oGh5e","message":"URL Template is invalid"}]}

    POST /v2/users/u1/email/send {"sendCode":{"urlTemplate":"https://app.example/{{if .Code}}x{{end}}"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-oGh5e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-oGh5e","message":"URL Template is invalid"}]}

    POST /v2/users/u1/email/resend {"sendCode":{"urlTemplate":"https://app.example/{{if .Code}}x{{end}}"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-oGh5e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-oGh5e","message":"URL Template is invalid"}]}

    POST /v2/users/u1/password_reset {"sendLink":{"urlTemplate":"https://app.example/{{if .Code}}x{{end}}"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-oGh5e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-oGh5e","message":"URL Template is invalid"}]}

    POST /v2/users/u1/email {"email":"grace@navy.example","sendCode":{"urlTemplate":"https://app.example/{{if .Code}}x{{end}}"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-oGh5e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-oGh5e","message":"URL Template is invalid"}]}

    POST /v2/users/u1/invite_code {"sendCode":{"urlTemplate":"javascript:alert({{.Code}})"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-oGh5e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-oGh5e","message":"URL Template is invalid"}]}

    POST /v2/users/u1/email/send {"sendCode":{"urlTemplate":"javascript:alert({{.Code}})"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-oGh5e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-oGh5e","message":"URL Template is invalid"}]}

    POST /v2/users/u1/email/resend {"sendCode":{"urlTemplate":"javascript:alert({{.Code}})"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-oGh5e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-oGh5e","message":"URL Template is invalid"}]}

    POST /v2/users/u1/password_reset {"sendLink":{"urlTemplate":"javascript:alert({{.Code}})"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-oGh5e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-oGh5e","message":"URL Template is invalid"}]}

    POST /v2/users/u1/email {"email":"grace@navy.example","sendCode":{"urlTemplate":"javascript:alert({{.Code}})"}}
    400 {"code":3,"message":"URL Template is invalid (DOMAIN-oGh5e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"DOMAIN-oGh5e","message":"URL Template is invalid"}]}
    "#);
}

async fn values_cannot_break_out(world: World) {
    let wire = Wire::new(world).await;
    let id = "a&b=#?/\"<ü>";
    let template = "https://app.example/v?u={{ .UserID }}&c={{.Code}}&o={{- .OrgID -}} #end";
    let body = json!({
        "userId": id,
        "profile": {"givenName": "Ada", "familyName": "Lovelace"},
        "email": {"email": "ada@poet.example", "sendCode": {"urlTemplate": template}},
    });
    assert_eq!(wire.post("/v2/users/human", body).await.status, 200);
    let sent = wire.world.deliver().await.pop().unwrap().secret.unwrap();
    let (code, organization) = (sent.code.plain(), &wire.world.organization);
    let link = format!("https://app.example/v?u=a%26b%3D%23%3F%2F%22%3C%C3%BC%3E&c={code}&o={organization}#end");
    assert_eq!(sent.link, Some(link));
}

async fn nonsense_is_refused_and_never_fails(world: World) {
    let wire = Wire::new(world).await;
    wire.user("u1").await;
    let mut chance = StdRng::seed_from_u64(7);
    let pieces = [
        "https://",
        "a.example",
        "/",
        "{{",
        "}}",
        ".Code",
        ".UserID",
        " ",
        "-",
        "{{-",
        "-}}",
        "?",
        "&",
        "ü",
        "\u{0}",
        "{{.Code}}",
        "|",
        "\\",
        "\n",
    ];
    for _ in 0..300 {
        let template: String =
            (0..chance.random_range(1..12)).map(|_| pieces[chance.random_range(0..pieces.len())]).collect();
        let template = if chance.random_bool(0.5) { format!("https://a.example/{template}") } else { template };
        let heard = wire.post("/v2/users/u1/email/send", json!({"sendCode": {"urlTemplate": template}})).await;
        let id = heard.json()["details"][0]["id"].as_str().unwrap_or_default().to_owned();
        let legal = matches!(heard.status.as_u16(), 200 | 429) || id == "DOMAIN-oGh5e" || id == "DOMAIN-ieYa7";
        assert!(legal, "{template:?}: {}", heard.line());
    }
}
