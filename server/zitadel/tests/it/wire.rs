//! A client of the dialects, and what it heard.

use axum::{Router, body::Body};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use prost::Message;
use serde_json::{Value, json};
use tonic::codegen::http::uri::PathAndQuery;
use tower::ServiceExt;
use vestibule_api::Api;
use vestibule_core::{
    actor::Admin,
    api_key::{Keeper, NewKey, Scope},
    secret::Token,
};

use crate::support::{World, secret_word};

/// An answer, whole.
#[derive(Clone, Debug)]
pub struct Heard {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Heard {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{self:?}"))
    }

    /// Status and body in one line.
    pub fn line(&self) -> String {
        format!("{} {}", self.status.as_u16(), self.text())
    }

    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// A client with a key that may do everything.
#[derive(Clone, Debug)]
pub struct Wire {
    pub world: World,
    pub router: Router,
    pub owner: Admin,
    pub key: String,
    /// What was asked and answered.
    pub told: String,
}

impl Wire {
    pub async fn new(world: World) -> Self {
        let api = Api::new(world.vestibule.clone(), "https://id.acme.example").with_rate(0);
        let owner = world.owner().await;
        let router = vestibule_zitadel::router(api);
        let mut wire = Self { world, router, owner, key: String::new(), told: String::new() };
        wire.key = wire.key_for(Scope::ALL).await;
        wire
    }

    /// A key with these scopes.
    pub async fn key_for(&self, scopes: &[Scope]) -> String {
        let new = NewKey { name: "Portal".to_owned(), scopes: scopes.to_vec(), lifetime: None };
        let made = self.world.vestibule.create_api_key(Keeper::operator(&self.world.organization), new).await;
        made.unwrap().secret.reveal().to_owned()
    }

    /// An access token of a person, as an app of the organization's own gets one.
    pub async fn token_of(&self, user_id: &str) -> String {
        self.token(user_id, "", true).await
    }

    /// An access token of a person, as somebody else's app gets one with these scopes.
    pub async fn token_through(&self, user_id: &str, scopes: &str) -> String {
        self.token(user_id, scopes, false).await
    }

    async fn token(&self, user_id: &str, scopes: &str, first_party: bool) -> String {
        let (organization, now) = (&self.world.organization, self.world.vestibule.now());
        let token = Token::draw(self.world.env.as_ref());
        let app = format!("app-{}", &token.hash()[..8]);
        let new = NewKey { name: app, scopes: vec![Scope::Read], lifetime: None };
        let client = self.world.vestibule.create_client(Keeper::operator(organization), new).await.unwrap().id;
        self.world.db.exec(&format!("UPDATE client SET first_party = {first_party} WHERE id = '{client}'")).await;
        let columns = "access_token (hash, organization_id, client_id, user_id, scopes, created_at, expires_at)";
        let values = format!(
            "('{}', '{organization}', '{client}', '{user_id}', '{scopes}', {now}, {})",
            token.hash(),
            now + 3_600_000
        );
        self.world.db.exec(&format!("INSERT INTO {columns} VALUES {values}")).await;
        token.reveal().to_owned()
    }

    pub async fn send(&self, request: Request<Body>) -> Heard {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap();
        let mut headers = parts.headers;
        if let Some(trailers) = body.trailers() {
            headers.extend(trailers.clone());
        }
        Heard { status: parts.status, headers, body: body.to_bytes().to_vec() }
    }

    /// A request with a token, where it is not empty, and a body as it is.
    pub async fn raw(&self, token: &str, method: Method, path: &str, media_type: &str, body: impl Into<Body>) -> Heard {
        let mut request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, media_type);
        if !token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        self.send(request.body(body.into()).unwrap()).await
    }

    /// A request to the gateway.
    pub async fn rest(&self, token: &str, method: Method, path: &str, body: &Value) -> Heard {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.raw(token, method, path, "application/json", body).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Heard {
        self.rest(&self.key, Method::POST, path, &body).await
    }

    pub async fn get(&self, path: &str) -> Heard {
        self.rest(&self.key, Method::GET, path, &Value::Null).await
    }

    /// A request with the key, written down with its answer.
    pub async fn tell(&mut self, method: Method, path: &str, body: Value) -> Heard {
        let key = self.key.clone();
        self.tell_as(&key, method, path, body).await
    }

    pub async fn tell_as(&mut self, token: &str, method: Method, path: &str, body: Value) -> Heard {
        let heard = self.rest(token, method.clone(), path, &body).await;
        let body = if body.is_null() { String::new() } else { format!(" {body}") };
        self.told += &format!("{method} {path}{body}\n{}\n\n", heard.line());
        heard
    }

    /// Makes a user of this id whose address is not verified, and who was sent nothing.
    pub async fn user(&self, id: &str) -> String {
        let body = json!({
            "userId": id,
            "profile": {"givenName": "Grace", "familyName": "Hopper"},
            "email": {"email": format!("{id}@navy.example"), "isVerified": false},
        });
        let heard = self.post("/v2/users/human", body).await;
        assert_eq!(heard.status, 200, "{}", heard.line());
        id.to_owned()
    }

    /// Makes a user with a password.
    pub async fn user_with_password(&self, id: &str) -> String {
        let id = self.user(id).await;
        let heard =
            self.post(&format!("/v2/users/{id}/password"), json!({"newPassword": {"password": secret_word()}})).await;
        assert_eq!(heard.status, 200, "{}", heard.line());
        id
    }

    /// A code that is returned for a user's address.
    pub async fn email_code(&self, id: &str) -> String {
        // What was sent to the user before is older.
        self.world.env.pass(1);
        let heard = self.post(&format!("/v2/users/{id}/email/send"), json!({"returnCode": {}})).await;
        heard.json()["verificationCode"].as_str().unwrap_or_else(|| panic!("{}", heard.line())).to_owned()
    }

    /// A code of an invite that is returned.
    pub async fn invite_code(&self, id: &str) -> String {
        self.world.env.pass(1);
        let heard = self.post(&format!("/v2/users/{id}/invite_code"), json!({"returnCode": {}})).await;
        heard.json()["inviteCode"].as_str().unwrap_or_else(|| panic!("{}", heard.line())).to_owned()
    }

    /// A call by Connect in JSON.
    pub async fn connect(&self, token: &str, method: &str, body: &Value) -> Heard {
        let path = format!("/zitadel.user.v2.UserService/{method}");
        self.raw(token, Method::POST, &path, "application/json", body.to_string()).await
    }

    /// A call by gRPC with tonic's own client.
    pub async fn grpc<Q, A>(&self, token: &str, path: &str, message: Q) -> Result<tonic::Response<A>, tonic::Status>
    where
        Q: Message + 'static,
        A: Message + Default + 'static,
    {
        let mut client = tonic::client::Grpc::new(self.router.clone());
        client.ready().await.unwrap();
        let mut request = tonic::Request::new(message);
        if !token.is_empty() {
            request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        }
        client.unary(request, PathAndQuery::try_from(path).unwrap(), tonic_prost::ProstCodec::<Q, A>::default()).await
    }

    /// A gRPC or gRPC-Web request of one message as bytes.
    pub async fn framed(&self, token: &str, path: &str, media_type: &str, message: &[u8]) -> Heard {
        let mut request = Request::builder()
            .method(Method::POST)
            .version(http::Version::HTTP_2)
            .uri(path)
            .header(header::CONTENT_TYPE, media_type)
            .header(header::TE, "trailers");
        if !token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        self.send(request.body(Body::from(frame(message))).unwrap()).await
    }
}

/// A message as gRPC frames it: not compressed, its length, itself.
pub fn frame(message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    [&[0], length.as_slice(), message].concat()
}

/// The frames of an answer: flag and content.
pub fn frames(mut body: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut frames = Vec::new();
    while let [flag, a, b, c, d, rest @ ..] = body {
        let length = usize::try_from(u32::from_be_bytes([*a, *b, *c, *d])).unwrap();
        frames.push((*flag, rest[..length].to_vec()));
        body = &rest[length..];
    }
    frames
}

pub fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap()
}
