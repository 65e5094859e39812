//! `/openapi.json`, and `/docs`, which shows it.

mod packed;
mod page;
mod prose;
mod schema;

use std::sync::{Arc, OnceLock};

use axum::response::Response;
use http::{HeaderMap, HeaderValue, header};
use serde_json::Value;
use vestibule_api::{
    Operation, Routes,
    document::{About, document},
};

use self::packed::Packed;

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
    json: OnceLock<Packed>,
    page: OnceLock<Packed>,
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
    Routes::new()
        .add(document, async move |headers: HeaderMap| written(&book, headers, Book::answer_json).await)
        .add(page, async move |headers: HeaderMap| written(&pages, headers, Book::answer_page).await)
}

/// Writing and packing take a moment, in which other requests go on.
async fn written(book: &Arc<Book>, headers: HeaderMap, answer: fn(&Book, &HeaderMap) -> Response) -> Response {
    let book = book.clone();
    let written = tokio::task::spawn_blocking(move || answer(&book, &headers)).await;
    written.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

impl Book {
    fn answer_json(&self, asked: &HeaderMap) -> Response {
        let write = || Packed::new("application/json", serde_json::to_vec(self.document()).unwrap_or_default());
        self.json.get_or_init(write).answer(asked)
    }

    fn answer_page(&self, asked: &HeaderMap) -> Response {
        let write = || Packed::new("text/html; charset=utf-8", page::page(self.document()));
        let mut response = self.page.get_or_init(write).answer(asked);
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY);
        response
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
