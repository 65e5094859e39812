//! The provider: it does as a test tells it.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Form, Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use openidconnect::{
    JsonWebKeyId, PrivateSigningKey,
    core::{CoreEdDsaPrivateSigningKey, CoreJwsSigningAlgorithm},
};
use serde_json::{Value, json};

/// The client that it knows.
pub const CLIENT: &str = "vestibule";
/// What comes back in its ID tokens, until a test says otherwise.
pub const NONCE: &str = "of this flow alone";

/// More than is ever read of an answer.
const TOO_MUCH: usize = 300 * 1024;
/// Longer than a provider may take.
const TOO_LONG: Duration = Duration::from_secs(30);

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trick {
    Honest,
    /// The ID token is signed with a key that is not published.
    Signature,
    /// It is not signed at all (`alg: none`).
    Unsigned,
    Nonce,
    NoNonce,
    Audience,
    Expired,
    /// The ID token names another issuer.
    TokenIssuer,
    NoIdToken,
    /// It knows no such code.
    CodeUnknown,
    /// Discovery names another issuer.
    Issuer,
    DiscoveryTooLarge,
    DiscoverySlow,
    DiscoveryRedirected,
    /// The token endpoint is elsewhere and without TLS.
    Insecure,
    TokenTooLarge,
    TokenSlow,
    /// The address is told by the user info alone.
    UserInfo,
    UserInfoOfSomebodyElse,
    UserInfoTooLarge,
}

#[derive(Clone)]
pub struct Provider {
    pub issuer: String,
    pub trick: Trick,
    /// What an honest ID token names, as the way there did.
    pub nonce: Arc<Mutex<String>>,
    /// Which key signs; another one may take over.
    pub key: Arc<Mutex<u8>>,
    /// What came to the token endpoint: the form, and the `Authorization`.
    pub asked: Arc<Mutex<Vec<(Value, String)>>>,
}

impl Provider {
    pub async fn open(trick: Trick) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let nonce = Arc::new(Mutex::new(NONCE.to_owned()));
        let provider = Self { issuer, trick, nonce, key: Arc::new(Mutex::new(1)), asked: Arc::default() };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        provider
    }

    fn signs_with(&self) -> CoreEdDsaPrivateSigningKey {
        key(*self.key.lock().unwrap())
    }

    fn id_token(&self) -> String {
        let (trick, nonce) = (self.trick, self.nonce.lock().unwrap().clone());
        let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
        let issuer = if trick == Trick::TokenIssuer { "https://elsewhere.example" } else { self.issuer.as_str() };
        let mut claims = json!({
            "iss": issuer,
            "sub": "grace",
            "aud": if trick == Trick::Audience { "another client" } else { CLIENT },
            "iat": now - 60,
            "exp": if trick == Trick::Expired { now - 30 } else { now + 300 },
            "nonce": if trick == Trick::Nonce { "of another flow" } else { nonce.as_str() },
            "email": "grace@navy.example",
            "email_verified": true,
            "groups": ["pilots"],
        });
        let claimed = claims.as_object_mut().unwrap();
        if trick == Trick::NoNonce {
            claimed.remove("nonce");
        }
        if matches!(trick, Trick::UserInfo | Trick::UserInfoOfSomebodyElse | Trick::UserInfoTooLarge) {
            claimed.remove("email");
        }
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        if trick == Trick::Unsigned {
            return format!("{}.{}.", part(&json!({ "alg": "none" })), part(&claims));
        }
        let number = *self.key.lock().unwrap();
        let signed = format!("{}.{}", part(&json!({ "alg": "EdDSA", "kid": format!("k{number}") })), part(&claims));
        let key = if trick == Trick::Signature { key(99) } else { self.signs_with() };
        let signature = key.sign(&CoreJwsSigningAlgorithm::EdDsa, signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// An Ed25519 key of a seed, in the one form that can be read (RFC 8410 §7).
fn key(seed: u8) -> CoreEdDsaPrivateSigningKey {
    const HEAD: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    let der = [&HEAD[..], &[seed; 32]].concat();
    let label = "PRIVATE KEY";
    let pem = format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der));
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(JsonWebKeyId::new(format!("k{seed}")))).unwrap()
}

async fn discovery(State(provider): State<Provider>) -> Response {
    let issuer = provider.issuer.as_str();
    match provider.trick {
        Trick::DiscoverySlow => tokio::time::sleep(TOO_LONG).await,
        Trick::DiscoveryRedirected => return Redirect::temporary("https://elsewhere.example/").into_response(),
        _ => {}
    }
    let insecure = provider.trick == Trick::Insecure;
    let token = if insecure { "http://elsewhere.example/token".to_owned() } else { format!("{issuer}/token") };
    let mut said = json!({
        "issuer": if provider.trick == Trick::Issuer { "https://elsewhere.example" } else { issuer },
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": token,
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA", "none", "HS256"],
    });
    if provider.trick == Trick::DiscoveryTooLarge {
        said["padding"] = "x".repeat(TOO_MUCH).into();
    }
    Json(said).into_response()
}

async fn keys(State(provider): State<Provider>) -> Json<Value> {
    Json(json!({ "keys": [provider.signs_with().as_verification_key()] }))
}

async fn token(State(provider): State<Provider>, headers: HeaderMap, Form(form): Form<Value>) -> Response {
    let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    provider.asked.lock().unwrap().push((form, shown.to_owned()));
    let mut said = json!({ "access_token": "a", "token_type": "Bearer", "id_token": provider.id_token() });
    match provider.trick {
        Trick::CodeUnknown => {
            return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response();
        }
        Trick::TokenSlow => tokio::time::sleep(TOO_LONG).await,
        Trick::TokenTooLarge => said["padding"] = "x".repeat(TOO_MUCH).into(),
        Trick::NoIdToken => drop(said.as_object_mut().unwrap().remove("id_token")),
        _ => {}
    }
    Json(said).into_response()
}

async fn userinfo(State(provider): State<Provider>) -> Json<Value> {
    let sub = if provider.trick == Trick::UserInfoOfSomebodyElse { "ada" } else { "grace" };
    let padding = if provider.trick == Trick::UserInfoTooLarge { TOO_MUCH } else { 0 };
    Json(json!({ "sub": sub, "email": "grace@home.example", "email_verified": false, "padding": "x".repeat(padding) }))
}
