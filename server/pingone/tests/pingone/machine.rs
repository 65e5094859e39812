//! A machine that speaks the dialect.

use axum::{Router, body::Body};
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;
use vestibule_api::Api;
use vestibule_core::{
    api_key::{Keeper, NewKey, Scope},
    secret::Token,
};

use crate::support::World;

pub const JSON: &str = "application/json";

/// The vendor's type of a name: `user.verify`.
pub fn vendor(name: &str) -> String {
    format!("application/vnd.pingidentity.{name}+json")
}

/// A machine with a key for one environment.
#[derive(Clone, Debug)]
pub struct Machine {
    pub world: World,
    pub router: Router,
    pub environment: String,
    /// What it shows as its bearer token.
    pub token: String,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Machine {
    /// One that may do everything.
    pub async fn new(world: &World) -> Self {
        Self::with(world, Scope::ALL).await
    }

    pub async fn with(world: &World, scopes: &[Scope]) -> Self {
        let router = vestibule_pingone::router(Api::new(world.vestibule.clone(), "http://vestibule.example"));
        let environment = world.organization.clone();
        let key = NewKey { name: "HR".to_owned(), scopes: scopes.to_vec(), lifetime: None };
        let made = world.vestibule.create_api_key(Keeper::operator(&environment), key).await.unwrap();
        Self { world: world.clone(), router, environment, token: made.secret.reveal().to_owned() }
    }

    /// A request below the environment, with as many `Content-Type` lines as given.
    pub async fn send(&self, method: Method, path: &str, types: &[&str], body: impl Into<Body>) -> Answer {
        let uri = format!("/v1/environments/{}/{path}", self.environment);
        let mut request = Request::builder().method(method).uri(uri.trim_end_matches('/'));
        request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        for line in types {
            request = request.header(header::CONTENT_TYPE, *line);
        }
        self.call(request.body(body.into()).unwrap()).await
    }

    pub async fn call(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(body.to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Body::empty()).await
    }

    /// An operation that the vendor's type of this name chooses.
    pub async fn post(&self, path: &str, name: &str, body: Value) -> Answer {
        self.send(Method::POST, path, &[&vendor(name)], body.to_string()).await
    }

    /// The same without a body.
    pub async fn post_bare(&self, path: &str, name: &str) -> Answer {
        self.send(Method::POST, path, &[&vendor(name)], Body::empty()).await
    }

    /// Plain JSON.
    pub async fn json(&self, method: Method, path: &str, body: Value) -> Answer {
        self.send(method, path, &[JSON], body.to_string()).await
    }

    /// Makes a user by import; gives the id.
    pub async fn import(&self, body: Value) -> String {
        self.post("users", "user.import", body).await.id()
    }

    /// A user whose account waits for its code; gives the id.
    pub async fn waiting(&self, address: &str) -> String {
        self.import(serde_json::json!({
            "username": address, "email": address,
            "lifecycle": { "status": "VERIFICATION_REQUIRED", "suppressVerificationCode": true },
        }))
        .await
    }

    /// The code of the newest mail.
    pub async fn mailed_code(&self) -> String {
        let secret = self.world.deliver().await.into_iter().rev().find_map(|letter| letter.secret);
        secret.expect("a mail with a code").code.plain().to_owned()
    }

    /// The same for a person who came through an app, with what their role lets them do.
    pub async fn of_person(&self, user_id: &str) -> Self {
        let app = Keeper::operator(&self.environment);
        let key = NewKey { name: "App".to_owned(), scopes: Scope::ALL.to_vec(), lifetime: None };
        let app = self.world.vestibule.create_client(app, key).await.unwrap().id;
        let token = Token::draw(self.world.env.as_ref());
        let (hash, now, organization) = (token.hash(), self.world.vestibule.now(), &self.environment);
        let columns = "access_token (hash, organization_id, client_id, user_id, scopes, created_at, expires_at)";
        let values =
            format!("('{hash}', '{organization}', '{app}', '{user_id}', 'read write verify', {now}, {now} + 3600000)");
        self.world.db.exec(&format!("INSERT INTO {columns} VALUES {values}")).await;
        Self { token: token.reveal().to_owned(), ..self.clone() }
    }

    /// A key and an environment of somebody else.
    pub async fn elsewhere(&self) -> Self {
        let environment = self.world.vestibule.new_id();
        let columns = "organization (id, name, policy, created_at)";
        self.world.db.exec(&format!("INSERT INTO {columns} VALUES ('{environment}', 'Other', '{{}}', 1)")).await;
        let key = NewKey { name: "Other".to_owned(), scopes: Scope::ALL.to_vec(), lifetime: None };
        let made = self.world.vestibule.create_api_key(Keeper::operator(&environment), key).await.unwrap();
        Self { environment, token: made.secret.reveal().to_owned(), ..self.clone() }
    }
}

impl Answer {
    /// The body; a text where it is no JSON.
    pub fn body(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| self.text.clone().into())
    }

    /// The id of what was made.
    #[track_caller]
    pub fn id(&self) -> String {
        assert!(self.status.is_success(), "{}", self.told());
        self.body()["id"].as_str().unwrap().to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The status, the headers that tell one answer from another, and the body as it was written, only indented.
    pub fn told(&self) -> String {
        let mut told = self.status.to_string();
        for name in ["location", "retry-after", "allow", "www-authenticate"] {
            if self.headers.contains_key(name) {
                told.extend(["\n", name, ": ", self.header(name)]);
            }
        }
        format!("{told}\n{}", indented(&self.text))
    }

    /// Status, `code`, and each detail in a line.
    pub fn brief(&self) -> String {
        let body = self.body();
        let mut brief = format!("{} {}", self.status.as_u16(), body["code"].as_str().unwrap_or_default());
        for detail in body["details"].as_array().into_iter().flatten() {
            let text = |name: &str| detail[name].as_str().unwrap_or("-").to_owned();
            brief.extend(["\n  ", &text("code"), " ", &text("target"), ": ", &text("message")]);
            if detail["innerError"].is_object() {
                brief.extend([" ", &detail["innerError"].to_string()]);
            }
        }
        brief
    }
}

/// JSON with its keys in the order in which they came; what holds no other object or list stays on its line.
fn indented(text: &str) -> String {
    let (mut out, mut depth, mut at) = (String::new(), 0_usize, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some(flat) = flat(rest) {
            out.push_str(&flat.replace("\":", "\": ").replace("{\"", "{ \"").replace(",\"", ", \"").replace('}', " }"));
            at += flat.len();
            continue;
        }
        let length = if rest.starts_with('"') { quoted(rest) } else { 1 };
        match &rest[..length] {
            open @ ("{" | "[") => {
                depth += 1;
                out.extend([open, "\n", &"  ".repeat(depth)]);
            }
            close @ ("}" | "]") => {
                depth = depth.saturating_sub(1);
                out.extend(["\n", &"  ".repeat(depth), close]);
            }
            "," => out.extend([",\n", &"  ".repeat(depth)]),
            ":" => out.push_str(": "),
            other => out.push_str(other),
        }
        at += length;
    }
    out
}

/// How long a string in quotes is.
fn quoted(text: &str) -> usize {
    let mut escaped = true;
    let ends = |sign: char| {
        let ends = sign == '"' && !escaped;
        escaped = sign == '\\' && !escaped;
        ends
    };
    // The first quote counts as escaped, and so opens.
    text.find(ends).map_or(text.len(), |end| end + 1)
}

/// An object or list, if it comes next, is not long, and holds no other.
fn flat(text: &str) -> Option<&str> {
    let close = match text.chars().next()? {
        '{' => '}',
        '[' => ']',
        _ => return None,
    };
    let end = text.find(close)? + 1;
    let inner = &text[1..end - 1];
    (!inner.contains(['{', '[', '\\']) && end < 180).then_some(&text[..end])
}

/// Every byte percent-encoded.
pub fn encoded(text: &str) -> String {
    let digits = |byte: u8| ['%', hex(byte >> 4), hex(byte & 15)];
    text.bytes().flat_map(digits).collect()
}

fn hex(digit: u8) -> char {
    char::from_digit(digit.into(), 16).unwrap()
}
