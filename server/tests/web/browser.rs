//! A browser without script: it keeps cookies and follows nothing by itself.

use std::collections::BTreeMap;

use axum::{Router, body::Body};
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use tower::ServiceExt;
use vestibule_server::{
    config::{Config, Sources},
    web,
};

use crate::support::World;

/// The public URL of every tested server; requests come under another name, which must show nowhere.
pub const PUBLIC_URL: &str = "http://vestibule.example";

pub struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: http::HeaderMap,
    pub body: String,
}

impl Browser {
    /// Of a server without SMTP, as one is that nobody has set up further.
    pub fn new(world: &World) -> Self {
        Self::of(world, None)
    }

    /// Of a server that sends mail.
    pub fn with_mail(world: &World) -> Self {
        Self::of(world, Some("smtp://127.0.0.1:9"))
    }

    fn of(world: &World, smtp: Option<&str>) -> Self {
        let mut config = Config::read(&Sources::default()).unwrap();
        config.public_url = PUBLIC_URL.parse().unwrap();
        config.smtp = smtp.map(|url| url.parse().unwrap());
        Self { router: web::router(world.vestibule.clone(), &config), cookies: BTreeMap::new() }
    }

    /// Another browser of the same server.
    pub fn other(&self) -> Self {
        Self { router: self.router.clone(), cookies: BTreeMap::new() }
    }

    /// Somebody who is signed in with the password of the tests.
    pub async fn signed_in(world: &World, login: &str) -> Self {
        let mut browser = Self::new(world);
        browser.sign_in(login).await;
        browser
    }

    /// Signs an administrator in.
    pub async fn sign_in(&mut self, login: &str) {
        let form = [("username", login), ("password", &crate::support::secret_word())];
        assert_eq!(self.post("/do/sign_in", &form).await.location(), "/console");
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub async fn head(&mut self, path: &str) -> Answer {
        self.send(Request::head(path).body(Body::empty()).unwrap()).await
    }

    /// Sends a form as a page of the site would.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body =
            fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&");
        self.send(Self::form(path, body)).await
    }

    pub fn form(path: &str, body: impl Into<Body>) -> Request<Body> {
        Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "text/html")
            .header("sec-fetch-site", "same-origin")
            .body(body.into())
            .unwrap()
    }

    pub async fn send(&mut self, mut request: Request<Body>) -> Answer {
        let headers = request.headers_mut();
        headers.entry(header::HOST).or_insert("forged.example".parse().unwrap());
        headers.entry(header::ACCEPT).or_insert("text/html".parse().unwrap());
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            headers.insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        self.keep_cookies(&response);
        let (parts, body) = response.into_parts();
        let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        assert!(!body.contains("forged.example"), "a page speaks of the Host header");
        Answer { status: parts.status, headers: parts.headers, body }
    }

    fn keep_cookies(&mut self, response: &Response<Body>) {
        for set in response.headers().get_all(header::SET_COOKIE) {
            let set = set.to_str().unwrap();
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            if set.contains("Max-Age=0") || value.is_empty() {
                self.cookies.remove(name);
            } else {
                let guarded = set.contains("SameSite=Lax") || set.contains("SameSite=Strict");
                assert!(set.contains("HttpOnly") && guarded, "{set}");
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

impl Answer {
    #[track_caller]
    pub fn location(&self) -> &str {
        assert!(self.status.is_redirection(), "{} {}", self.status, self.body);
        self.headers[header::LOCATION].to_str().unwrap()
    }

    #[track_caller]
    pub fn hides(&self, text: &str) -> &Self {
        assert!(!self.body.contains(text), "{} shows {text:?}:\n{}", self.status, self.body);
        self
    }

    #[track_caller]
    pub fn shows(&self, text: &str) -> &Self {
        let read = self.body.replace("<!>", "").replace("&amp;", "&");
        assert!(read.contains(text), "{} does not show {text:?}:\n{read}", self.status);
        self
    }
}

/// A value as it stands in a form or a query.
pub fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
