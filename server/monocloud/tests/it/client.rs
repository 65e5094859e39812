//! A client of MonoCloud's API as the vendor's own behaves: JSON announced with every request, body or none.

use axum::{Router, body::Body};
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::{Map, Value};
use tower::ServiceExt;
use vestibule_api::Api;
use vestibule_core::api_key::{Keeper, NewKey, Scope};

use crate::support::World;

#[derive(Clone, Debug)]
pub struct Client {
    router: Router,
    key: String,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

pub const URL: &str = "https://vestibule.example";

/// A key of the organization, allowed so much.
pub async fn key(world: &World, organization: &str, scopes: &[Scope], lifetime: Option<i64>) -> (String, String) {
    let new = NewKey { name: "integration".to_owned(), scopes: scopes.to_vec(), lifetime };
    let made = world.vestibule.create_api_key(Keeper::operator(organization), new).await.unwrap();
    (made.id, made.secret.reveal().to_owned())
}

pub fn router(world: &World) -> Router {
    let api = Api::new(world.vestibule.clone(), URL).with_smtp(true).with_rate(0);
    vestibule_monocloud::router(api)
}

impl Client {
    /// One that may do everything.
    pub async fn new(world: &World) -> Self {
        Self::with_scopes(world, Scope::ALL).await
    }

    pub async fn with_scopes(world: &World, scopes: &[Scope]) -> Self {
        let (_, key) = key(world, &world.organization, scopes, None).await;
        Self::with_key(world, &key)
    }

    pub fn with_key(world: &World, key: &str) -> Self {
        Self { router: router(world), key: key.to_owned() }
    }

    pub fn on(&self, router: Router) -> Self {
        Self { router, key: self.key.clone() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, None).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, path, None).await
    }

    /// Posts without a body.
    pub async fn press(&self, path: &str) -> Answer {
        self.ask(Method::POST, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::PUT, path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::PATCH, path, Some(body)).await
    }

    pub async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.send(self.request(method, path, body.map(|body| body.to_string()).unwrap_or_default())).await
    }

    pub fn request(&self, method: Method, path: &str, body: impl Into<Body>) -> Request<Body> {
        Request::builder()
            .method(method)
            .uri(path)
            .header("X-API-KEY", &self.key)
            .header(header::ACCEPT, "*/*")
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.into())
            .unwrap()
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Makes a user who has a password and one address that is not verified; gives the whole user.
    pub async fn grace(&self) -> Value {
        let body = serde_json::json!({
            "email": "Grace@example.com",
            "password": crate::support::secret_word(),
            "is_temporary_password": false,
            "name": "Grace Hopper",
        });
        self.post("/api/users", body).await.ok(201)
    }
}

impl Answer {
    /// The JSON of an answer of this status.
    #[track_caller]
    pub fn ok(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/json");
        serde_json::from_str(&self.body).unwrap()
    }

    /// What of a user is not as it was before, as JSON; always but for the time of the change.
    #[track_caller]
    pub fn changed(&self, before: &Value) -> String {
        let (mut changed, after) = (Map::new(), self.ok(200));
        for (name, value) in after.as_object().unwrap() {
            if before.get(name) != Some(value) && name != "last_updated" {
                changed.insert(name.clone(), value.clone());
            }
        }
        serde_json::to_string_pretty(&changed).unwrap()
    }

    /// A refusal as its reader gets it. The trace id is new with every answer, so only its form is looked at here.
    #[track_caller]
    pub fn problem(&self) -> String {
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json", "{}", self.body);
        let mut problem: Value = serde_json::from_str(&self.body).unwrap();
        assert_eq!(problem["status"], self.status.as_u16(), "the status inside is the one outside");
        let trace = problem.as_object_mut().unwrap().remove("traceId").unwrap();
        let parts: Vec<&str> = trace.as_str().unwrap().split('-').collect();
        let is_hex = |text: &str| text.bytes().all(|sign| sign.is_ascii_hexdigit());
        assert!(
            matches!(parts.as_slice(), ["00", trace, span, "01"] if trace.len() == 32 && is_hex(trace) && span.len() == 16 && is_hex(span)),
            "{trace}"
        );
        problem.to_string()
    }
}

/// The id of an identifier of a user, by its place in a list.
#[track_caller]
pub fn id_in(user: &Value, list: &str, at: usize) -> String {
    user[list][at]["id"].as_str().unwrap().to_owned()
}

/// Where a user lives.
#[track_caller]
pub fn path_of(user: &Value) -> String {
    format!("/api/users/{}", user["user_id"].as_str().unwrap())
}

/// Every byte of a text as a query carries it.
pub fn encoded(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut query, byte| {
        write!(query, "%{byte:02X}").unwrap();
        query
    })
}
