//! A machine with a key.

use std::{net::SocketAddr, sync::Arc};

use axum::{Router, body::Body};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use tokio::net::TcpListener;
use tower::ServiceExt;
use vestibule_api::Stop;
use vestibule_core::{
    Vestibule,
    api_key::{Keeper, NewKey, Scope},
    secret::Token,
};
use vestibule_server::{
    config::{Config, Sources},
    web::{self, Patience},
};

use crate::support::World;

pub const PUBLIC_URL: &str = "http://vestibule.example";

/// The whole router, as the process serves it.
pub fn router(world: &World) -> Router {
    router_of(&world.vestibule)
}

/// The same of another Vestibule.
pub fn router_of(vestibule: &Vestibule) -> Router {
    web::router(vestibule.clone(), &config())
}

/// Serves on a port of its own as the process does, for as long as the test runs.
pub async fn serve(world: &World) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (vestibule, config) = (world.vestibule.clone(), Arc::new(config()));
    tokio::spawn(web::serve(listener, None, vestibule, config, Patience::default(), Stop::default()));
    address
}

fn config() -> Config {
    let mut config = Config::read(&Sources::default()).unwrap();
    config.public_url = PUBLIC_URL.parse().unwrap();
    config
}

/// A key that may do everything.
pub async fn key(world: &World) -> Token {
    let new = NewKey { name: "Payroll".to_owned(), scopes: Scope::ALL.to_vec(), lifetime: None };
    world.vestibule.create_api_key(Keeper::operator(&world.organization), new).await.unwrap().secret
}

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub async fn send(router: &Router, request: Request<Body>) -> Answer {
    let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    let body = String::from_utf8_lossy(&body.collect().await.unwrap().to_bytes()).into_owned();
    Answer { status: parts.status, headers: parts.headers, body }
}

/// A request with a key and a JSON body.
pub fn asked(method: Method, path: &str, key: &Token, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let request =
        Request::builder().method(method).uri(path).header("authorization", format!("Bearer {}", key.reveal()));
    let request = request.header("content-type", "application/json");
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.body(Body::from(body.to_owned())).unwrap()
}
