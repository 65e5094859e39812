//! What the endpoints say of themselves.

use crate::{support::World, wire::Wire};

both! {
    both_documents_say_what_is_where,
}

async fn both_documents_say_what_is_where(world: World) {
    let wire = Wire::new(&world);
    let answer = wire.get("/.well-known/openid-configuration", &[]).await;
    assert_eq!(answer.headers["cache-control"], "public, max-age=3600");
    let server = wire.get("/.well-known/oauth-authorization-server", &[]).await;
    assert_eq!(server.body, answer.body);
    let mut lines: Vec<String> =
        answer.body.as_object().unwrap().iter().map(|(name, value)| format!("{name}: {value}")).collect();
    lines.sort();
    insta::allow_duplicates! { insta::assert_snapshot!(lines.join("\n"), @r#"
    authorization_endpoint: "http://vestibule.example/oauth/v2/authorize"
    authorization_response_iss_parameter_supported: true
    claims_parameter_supported: false
    claims_supported: ["sub","iss","aud","exp","iat","auth_time","nonce","at_hash","amr","sid","email","email_verified","phone_number","phone_number_verified","address","name","given_name","family_name","middle_name","nickname","preferred_username","profile","picture","website","gender","birthdate","zoneinfo","locale","updated_at"]
    code_challenge_methods_supported: ["S256"]
    end_session_endpoint: "http://vestibule.example/oidc/v1/end_session"
    grant_types_supported: ["authorization_code","refresh_token","client_credentials"]
    id_token_signing_alg_values_supported: ["RS256"]
    introspection_endpoint: "http://vestibule.example/oauth/v2/introspect"
    introspection_endpoint_auth_methods_supported: ["client_secret_basic","client_secret_post"]
    issuer: "http://vestibule.example"
    jwks_uri: "http://vestibule.example/oauth/v2/keys"
    prompt_values_supported: ["none","login","consent","select_account"]
    request_parameter_supported: false
    request_uri_parameter_supported: false
    response_modes_supported: ["query","fragment","form_post"]
    response_types_supported: ["code"]
    revocation_endpoint: "http://vestibule.example/oauth/v2/revoke"
    revocation_endpoint_auth_methods_supported: ["client_secret_basic","client_secret_post","none"]
    scopes_supported: ["openid","profile","email","phone","address","offline_access","read","write","verify"]
    subject_types_supported: ["public"]
    token_endpoint: "http://vestibule.example/oauth/v2/token"
    token_endpoint_auth_methods_supported: ["client_secret_basic","client_secret_post","none"]
    userinfo_endpoint: "http://vestibule.example/oidc/v1/userinfo"
    "#) }
}

#[test]
fn every_operation_is_documented_once() {
    let mut ids: Vec<String> =
        vestibule_oauth::operations().into_iter().map(|operation| operation.id.into_owned()).collect();
    ids.sort();
    assert_eq!(
        ids,
        [
            "createToken",
            "getAuthorizationServer",
            "getKeys",
            "getOpenidConfiguration",
            "getUserinfo",
            "introspectToken",
            "postAuthorize",
            "postEndSession",
            "postUserinfo",
            "revokeToken",
        ]
    );
}
