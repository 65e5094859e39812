//! An HTTP client of the endpoints.

use axum::{Router, body::Body};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;
use vestibule_api::Api;

use crate::support::World;

pub const ISSUER: &str = "http://vestibule.example";

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    /// Status and error word of a refusal, which is never kept and always explained.
    #[track_caller]
    pub fn refusal(&self) -> (u16, &str) {
        assert_eq!(self.headers[header::CACHE_CONTROL], "no-store");
        assert!(self.body["error_description"].as_str().is_some_and(|why| why.ends_with('.')), "{self:?}");
        assert_eq!(
            self.status == StatusCode::UNAUTHORIZED,
            self.headers.contains_key(header::WWW_AUTHENTICATE),
            "{self:?}"
        );
        (self.status.as_u16(), self.body["error"].as_str().unwrap())
    }

    #[track_caller]
    pub fn text(&self, name: &str) -> &str {
        self.body[name].as_str().unwrap_or_else(|| panic!("{name} in {self:?}"))
    }
}

#[derive(Clone)]
pub struct Wire {
    router: Router,
}

impl Wire {
    pub fn new(world: &World) -> Self {
        let api = Api::new(world.vestibule.clone(), ISSUER).with_rate(0);
        Self { router: vestibule_oauth::router(api) }
    }

    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(Method::GET, path, headers, String::new()).await
    }

    /// A form, with the client's secret by Basic.
    pub async fn post(&self, path: &str, client: &(String, String), form: &str) -> Answer {
        let basic = format!("Basic {}", STANDARD.encode(format!("{}:{}", client.0, client.1)));
        self.form(path, &[("authorization", &basic)], form).await
    }

    pub async fn form(&self, path: &str, headers: &[(&str, &str)], form: &str) -> Answer {
        let kind = ("content-type", "application/x-www-form-urlencoded");
        self.send(Method::POST, path, &[headers, &[kind]].concat(), form.to_owned()).await
    }

    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: String) -> Answer {
        let request = Request::builder().method(method).uri(path);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let body = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() };
        Answer { status: parts.status, headers: parts.headers, body }
    }
}
