//! ID tokens: what is believed, and what is not.

use base64::{Engine, engine::general_purpose::STANDARD};
use vestibule_federation::Federation;

use super::{
    CALLBACK, CLIENT, SECRET, flow, identify,
    provider::{Provider, Trick},
    registration, trouble,
};

#[tokio::test]
async fn an_honest_provider_says_who_came() {
    let provider = Provider::open(Trick::Honest).await;
    let (subject, claims) = identify(&Federation::default(), &provider.issuer).await.unwrap();
    assert_eq!((subject.as_str(), &claims.0["email"]), ("grace", &"grace@navy.example".into()));
    assert_eq!(claims.0["groups"], serde_json::json!(["pilots"]), "claims that no library knows are there too");
    let asked = provider.asked.lock().unwrap().clone();
    let (form, shown) = &asked[0];
    assert_eq!((&form["code_verifier"], &form["redirect_uri"]), (&"v".repeat(43).into(), &CALLBACK.into()));
    let secret = shown.strip_prefix("Basic ").map(|text| String::from_utf8(STANDARD.decode(text).unwrap()).unwrap());
    assert_eq!(secret.unwrap(), format!("{CLIENT}:{}", SECRET.replace(' ', "+")));
}

#[tokio::test]
async fn a_token_that_is_not_certainly_for_this_flow_is_not_believed() {
    for trick in [
        Trick::Signature,
        Trick::Unsigned,
        Trick::Nonce,
        Trick::NoNonce,
        Trick::Audience,
        Trick::Expired,
        Trick::TokenIssuer,
    ] {
        // What could not even be read is no better than what was read and is wrong.
        let word = trouble(trick).await;
        assert!(matches!(word, "untrusted" | "unreadable"), "{trick:?}: {word}");
    }
    assert_eq!(trouble(Trick::Signature).await, "untrusted");
    assert_eq!(trouble(Trick::Nonce).await, "untrusted");
    assert_eq!(trouble(Trick::NoIdToken).await, "incomplete");
    assert_eq!(trouble(Trick::CodeUnknown).await, "refused");
}

#[tokio::test]
async fn a_provider_that_begins_to_sign_with_another_key_is_asked_again() {
    let provider = Provider::open(Trick::Honest).await;
    let federation = Federation::default();
    identify(&federation, &provider.issuer).await.unwrap();
    *provider.key.lock().unwrap() = 2;
    identify(&federation, &provider.issuer).await.unwrap();
}

#[tokio::test]
async fn the_user_info_counts_for_the_same_person_alone() {
    let provider = Provider::open(Trick::UserInfo).await;
    let (_, claims) = identify(&Federation::default(), &provider.issuer).await.unwrap();
    assert_eq!(claims.0["email"], "grace@home.example");
    assert_eq!(claims.0["email_verified"], false, "the ID token's word was about another address");
    assert_eq!(trouble(Trick::UserInfoOfSomebodyElse).await, "untrusted");
    assert_eq!(trouble(Trick::UserInfoTooLarge).await, "unreadable");
}

#[tokio::test]
async fn the_way_there_holds_what_the_provider_needs_and_no_secret() {
    let provider = Provider::open(Trick::Honest).await;
    let (federation, registration) = (Federation::default(), registration(&provider.issuer));
    let hint = Some("grace+a@navy.example".to_owned());
    let way = federation.way(&registration, &flow(), CALLBACK, hint, false).await.unwrap();
    for part in ["code_challenge_method=S256", "scope=openid+email", "nonce=", "login_hint=grace%2Ba%40navy.example"] {
        assert!(way.contains(part), "{way}");
    }
    assert!(!way.contains(&"v".repeat(43)) && !way.contains("known"), "{way}");
    let way = federation.way(&registration, &flow(), CALLBACK, None, true).await.unwrap();
    assert!(!way.contains("login_hint") && way.contains("prompt=login") && way.contains("max_age=0"), "{way}");
}
