//! `/openapi.json`, and `/docs`, which shows it.

mod page;
mod prose;
mod schema;

use std::sync::{Arc, OnceLock};

use axum::{
    body::Bytes,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use serde_json::Value;
use vestibule_api::{
    Operation, Routes,
    document::{About, document},
};

/// Keeps what is fetched as long as a release may live unnoticed.
const SHORTLY: HeaderValue = HeaderValue::from_static("public, max-age=300");
/// The page has a style sheet and an icon, and nothing that runs.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
);

/// All operations of the process, written down when first asked for.
#[derive(Debug)]
struct Book {
    operations: Vec<Operation>,
    public_url: String,
    document: OnceLock<Value>,
    json: OnceLock<Bytes>,
    page: OnceLock<Bytes>,
}

/// Serves the document of these operations and of its own two.
pub fn routes(others: Vec<Operation>, public_url: &str) -> Routes {
    let document = Operation::get("/openapi.json", "getOpenApi").tag("Documents").summary("This document").answers_of(
        200,
        "The document, as OpenAPI 3.1",
        "application/json",
        serde_json::json!({ "type": "object" }),
    );
    let page = Operation::get("/docs", "getDocs").tag("Documents").summary("This document as a page").answers_of(
        200,
        "The page",
        "text/html",
        serde_json::json!({ "type": "string" }),
    );
    let mut operations = others;
    operations.extend([document.clone(), page.clone()]);
    let book = Arc::new(Book {
        operations,
        public_url: public_url.to_owned(),
        document: OnceLock::new(),
        json: OnceLock::new(),
        page: OnceLock::new(),
    });
    let pages = book.clone();
    Routes::new().add(document, async move || book.answer_json()).add(page, async move || pages.answer_page())
}

impl Book {
    fn answer_json(&self) -> Response {
        let json = self.json.get_or_init(|| serde_json::to_vec(self.document()).unwrap_or_default().into());
        let headers =
            [(header::CONTENT_TYPE, HeaderValue::from_static("application/json")), (header::CACHE_CONTROL, SHORTLY)];
        (headers, json.clone()).into_response()
    }

    fn answer_page(&self) -> Response {
        let page = self.page.get_or_init(|| page::page(self.document()).into());
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
            (header::CACHE_CONTROL, SHORTLY),
            (header::CONTENT_SECURITY_POLICY, POLICY),
        ];
        (headers, page.clone()).into_response()
    }

    fn document(&self) -> &Value {
        self.document.get_or_init(|| {
            document(
                &self.operations,
                &About {
                    title: "Vestibule",
                    description: "Invites people, proves that their email addresses are theirs, and lets them set up their \
                        first way to sign in. The dialects share one domain: a code that was made through one is \
                        redeemed through any other.\n\n\
                        An API key is accepted as `X-API-KEY` and as `Authorization: Bearer`. Each client may make so \
                        many requests a second; `RateLimit-Policy` and `RateLimit` \
                        (draft-ietf-httpapi-ratelimit-headers-09) tell how many, and 429 comes with `Retry-After`. A wrong \
                        code never makes a 429.",
                    version: env!("CARGO_PKG_VERSION"),
                    public_url: &self.public_url,
                },
            )
        })
    }
}
