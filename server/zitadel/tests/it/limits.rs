//! The limits of the protos, told in the validator's words before anything is looked up.

use http::Method;
use serde_json::{Value, json};

use crate::{support::World, wire::Wire};

both!(texts, lengths_count_characters, the_first_field_is_told);

async fn texts(world: World) {
    let mut wire = Wire::new(world).await;
    let organization = wire.world.organization.clone();
    let (long, longer) = ("x".repeat(201), "x".repeat(21));
    let person = |email: Value| json!({"profile": {"givenName": "Ada", "familyName": "Lovelace"}, "email": email});
    let calls = [
        (Method::POST, "/v2/users/u1/invite_code/verify".to_owned(), json!({})),
        (Method::POST, "/v2/users/u1/invite_code/verify".to_owned(), json!({"verificationCode": longer})),
        (Method::POST, "/v2/users/u1/email/verify".to_owned(), json!({})),
        (Method::POST, format!("/v2/users/{long}/email/verify"), json!({"verificationCode": "x"})),
        (Method::POST, "/auth/v1/users/me/email/_verify".to_owned(), json!({})),
        (Method::POST, "/auth/v1/users/me/email/_verify".to_owned(), json!({"code": long})),
        (Method::PUT, "/auth/v1/users/me/email".to_owned(), json!({})),
        (Method::POST, "/v2/users/u1/email".to_owned(), json!({})),
        (Method::POST, "/v2/users/u1/email".to_owned(), json!({"email": "nobody"})),
        (Method::POST, "/v2/users/u1/email".to_owned(), json!({"email": "a b@c.example"})),
        (Method::POST, "/v2/users/u1/email".to_owned(), json!({"email": "a@-c.example"})),
        (Method::POST, "/v2/users/u1/email".to_owned(), json!({"email": "a@c_d.example"})),
        (Method::POST, "/v2/users/u1/email".to_owned(), json!({"email": "a@c..example"})),
        (Method::POST, "/v2/users/u1/email".to_owned(), json!({"email": format!("{}@c.example", "x".repeat(65))})),
        (Method::POST, "/v2/users/u1/email".to_owned(), json!({"email": "a@c.example", "isVerified": false})),
        (Method::POST, "/v2/users/u1/email/send".to_owned(), json!({"sendCode": {"urlTemplate": ""}})),
        (Method::POST, "/v2/users/u1/invite_code".to_owned(), json!({"sendCode": {"applicationName": long}})),
        (Method::POST, "/v2/users/human".to_owned(), json!({})),
        (Method::POST, "/v2/users/human".to_owned(), json!({"profile": {"givenName": "Ada"}})),
        (Method::POST, "/v2/users/human".to_owned(), json!({"profile": {"givenName": "Ada", "familyName": "L"}})),
        (Method::POST, "/v2/users/human".to_owned(), person(json!({"email": "nobody"}))),
        (Method::POST, "/v2/users/human".to_owned(), {
            let mut body = person(json!({"email": "a@c.example"}));
            body["metadata"] = json!([{"key": "k", "value": "eA=="}, {"key": "k"}]);
            body
        }),
        (Method::POST, "/v2/users/human".to_owned(), {
            let mut body = person(json!({"email": "a@c.example"}));
            body["phone"] = json!({"phone": "+441514960453", "isVerified": false});
            body
        }),
        (Method::POST, "/v2/users/human".to_owned(), {
            let mut body = person(json!({"email": "a@c.example"}));
            body["profile"]["preferredLanguage"] = "de-Latn-CH-1996".into();
            body
        }),
        (Method::POST, "/v2/users/new".to_owned(), json!({"organizationId": organization})),
        (Method::POST, "/v2/users/new".to_owned(), json!({"organizationId": organization, "human": {}})),
        (Method::PATCH, "/v2/users/u1".to_owned(), json!({"human": {"profile": {"givenName": ""}}})),
        (Method::POST, "/v2/users/u1/password".to_owned(), json!({"newPassword": {}})),
        (
            Method::POST,
            "/v2/users/u1/password".to_owned(),
            json!({"newPassword": {"password": "x"}, "verificationCode": longer}),
        ),
        (Method::POST, "/v2/users/u1/passkeys/p1".to_owned(), json!({})),
    ];
    for (method, path, body) in calls {
        let heard = wire.rest(&wire.key, method.clone(), &path, &body).await;
        assert_eq!((heard.status.as_u16(), heard.json().get("details")), (400, None), "{path} {body} {}", heard.line());
        let message = heard.json()["message"].as_str().unwrap().to_owned();
        let path = path.replace(&long, "…");
        wire.told += &format!("{method} {path}\n  {message}\n");
    }
    snapshot!(wire.told, @r#"
    POST /v2/users/u1/invite_code/verify
      invalid VerifyInviteCodeRequest.VerificationCode: value length must be between 1 and 20 runes, inclusive
    POST /v2/users/u1/invite_code/verify
      invalid VerifyInviteCodeRequest.VerificationCode: value length must be between 1 and 20 runes, inclusive
    POST /v2/users/u1/email/verify
      invalid VerifyEmailRequest.VerificationCode: value length must be between 1 and 20 runes, inclusive
    POST /v2/users/…/email/verify
      invalid VerifyEmailRequest.UserId: value length must be between 1 and 200 runes, inclusive
    POST /auth/v1/users/me/email/_verify
      invalid VerifyMyEmailRequest.Code: value length must be between 1 and 200 runes, inclusive
    POST /auth/v1/users/me/email/_verify
      invalid VerifyMyEmailRequest.Code: value length must be between 1 and 200 runes, inclusive
    PUT /auth/v1/users/me/email
      invalid SetMyEmailRequest.Email: value must be a valid email address | caused by: mail: no address
    POST /v2/users/u1/email
      invalid SetEmailRequest.Email: value length must be between 1 and 200 runes, inclusive
    POST /v2/users/u1/email
      invalid SetEmailRequest.Email: value must be a valid email address | caused by: mail: missing '@' or angle-addr
    POST /v2/users/u1/email
      invalid SetEmailRequest.Email: value must be a valid email address | caused by: mail: no angle-addr
    POST /v2/users/u1/email
      invalid SetEmailRequest.Email: value must be a valid email address | caused by: hostname parts cannot begin with hyphens
    POST /v2/users/u1/email
      invalid SetEmailRequest.Email: value must be a valid email address | caused by: hostname parts can only contain alphanumeric characters or hyphens, got '_'
    POST /v2/users/u1/email
      invalid SetEmailRequest.Email: value must be a valid email address | caused by: hostname part must be non-empty and cannot exceed 63 characters
    POST /v2/users/u1/email
      invalid SetEmailRequest.Email: value must be a valid email address | caused by: email address local phrase cannot exceed 64 characters
    POST /v2/users/u1/email
      invalid SetEmailRequest.IsVerified: value must equal true
    POST /v2/users/u1/email/send
      invalid SendEmailCodeRequest.SendCode: embedded message failed validation | caused by: invalid SendEmailVerificationCode.UrlTemplate: value length must be between 1 and 200 runes, inclusive
    POST /v2/users/u1/invite_code
      invalid CreateInviteCodeRequest.SendCode: embedded message failed validation | caused by: invalid SendInviteCode.ApplicationName: value length must be between 1 and 200 runes, inclusive
    POST /v2/users/human
      invalid AddHumanUserRequest.Profile: value is required
    POST /v2/users/human
      invalid AddHumanUserRequest.Profile: embedded message failed validation | caused by: invalid SetHumanProfile.FamilyName: value length must be between 1 and 200 runes, inclusive
    POST /v2/users/human
      invalid AddHumanUserRequest.Email: value is required
    POST /v2/users/human
      invalid AddHumanUserRequest.Email: embedded message failed validation | caused by: invalid SetHumanEmail.Email: value must be a valid email address | caused by: mail: missing '@' or angle-addr
    POST /v2/users/human
      invalid AddHumanUserRequest.Metadata[1]: embedded message failed validation | caused by: invalid SetMetadataEntry.Value: value length must be between 1 and 500000 bytes, inclusive
    POST /v2/users/human
      invalid AddHumanUserRequest.Phone: embedded message failed validation | caused by: invalid SetHumanPhone.IsVerified: value must equal true
    POST /v2/users/human
      invalid AddHumanUserRequest.Profile: embedded message failed validation | caused by: invalid SetHumanProfile.PreferredLanguage: value length must be at most 10 runes
    POST /v2/users/new
      invalid CreateUserRequest.UserType: value is required
    POST /v2/users/new
      invalid CreateUserRequest.Human: embedded message failed validation | caused by: invalid CreateUserRequest_Human.Profile: value is required
    PATCH /v2/users/u1
      invalid UpdateUserRequest.Human: embedded message failed validation | caused by: invalid UpdateUserRequest_Human.Profile: embedded message failed validation | caused by: invalid UpdateUserRequest_Human_Profile.GivenName: value length must be between 1 and 200 runes, inclusive
    POST /v2/users/u1/password
      invalid SetPasswordRequest.NewPassword: embedded message failed validation | caused by: invalid Password.Password: value length must be between 1 and 200 runes, inclusive
    POST /v2/users/u1/password
      invalid SetPasswordRequest.VerificationCode: value length must be between 1 and 20 runes, inclusive
    POST /v2/users/u1/passkeys/p1
      invalid VerifyPasskeyRegistrationRequest.PublicKeyCredential: value is required
    "#);
}

async fn lengths_count_characters(world: World) {
    let wire = Wire::new(world).await;
    let verify = async |code: String| {
        let heard = wire.post("/v2/users/nobody/email/verify", json!({"verificationCode": code})).await;
        heard.json()["details"][0]["id"].as_str().map(str::to_owned)
    };
    // Twenty of four bytes each are twenty; what they are is none of the limits' business.
    assert_eq!(verify("🦀".repeat(20)).await.as_deref(), Some("COMMAND-eis9R"));
    assert_eq!(verify("🦀".repeat(21)).await, None);
    assert_eq!(verify("x".repeat(20)).await.as_deref(), Some("COMMAND-eis9R"));
    let id = "ü".repeat(200);
    let heard = wire
        .get(&format!("/v2/users/{}", percent_encoding::utf8_percent_encode(&id, percent_encoding::NON_ALPHANUMERIC)))
        .await;
    assert_eq!(heard.status, 404);
}

async fn the_first_field_is_told(world: World) {
    let wire = Wire::new(world).await;
    let heard = wire.connect(&wire.key, "SetEmail", &json!({"isVerified": false})).await;
    assert!(heard.json()["message"].as_str().unwrap().starts_with("invalid SetEmailRequest.UserId:"));
    let heard = wire.connect(&wire.key, "SetEmail", &json!({"userId": "u1", "isVerified": false})).await;
    assert!(heard.json()["message"].as_str().unwrap().starts_with("invalid SetEmailRequest.Email:"));
    // Limits before existence.
    let heard = wire.post("/v2/users/nobody/email", json!({"email": "x"})).await;
    assert!(heard.json()["message"].as_str().unwrap().starts_with("invalid SetEmailRequest.Email:"));
}
