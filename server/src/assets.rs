//! Styles, script and wasm for the browser, out of the binary itself.
//!
//! Their address holds a hash of their content, so they never change and are kept for ever.

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const FOR_A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");
const SVG: HeaderValue = HeaderValue::from_static("image/svg+xml");

/// The arch of the brand, in the accent of the scheme that the browser is in.
const FAVICON: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><style>path{stroke:#0d5c55}@media(prefers-color-scheme:dark){path{stroke:#6fd3c3}}</style><path d="M4 21V9a8 8 0 0 1 16 0v12"/><path d="M9 21V11a3 3 0 0 1 6 0v10"/><path d="M2 21h20"/></svg>"#;

/// Serves `/pkg/<hash>/<file>` and `/favicon.svg`.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/pkg/{hash}/{file}", get(asset)).route("/favicon.svg", get(favicon))
}

async fn asset(Path((hash, file)): Path<(String, String)>, headers: HeaderMap) -> Response {
    if hash != HASH {
        return StatusCode::NOT_FOUND.into_response();
    }
    answer(EMBEDDED, &file, &headers)
}

async fn favicon() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, SVG), (header::CACHE_CONTROL, FOR_A_DAY)], FAVICON)
}

/// The smallest variant of `file` that the browser can read.
fn answer(files: &'static [(&str, &[u8])], file: &str, headers: &HeaderMap) -> Response {
    let Some(content_type) = content_type(file) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let find = |name: &str| files.iter().find(|(known, _)| *known == name).map(|(_, content)| *content);
    let Some(plain) = find(file) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let packed = [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(coding, _)| accepts(headers, coding))
        .find_map(|(coding, extension)| Some((coding, find(&format!("{file}.{extension}"))?)));

    let mut response = Response::new(Body::from(packed.map_or(plain, |(_, content)| content)));
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, content_type);
    answer.insert(header::CACHE_CONTROL, FOR_EVER);
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some((coding, _)) = packed {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

/// Only what a page asks for by name; the compressed variants have no address of their own.
fn content_type(file: &str) -> Option<HeaderValue> {
    let (_, extension) = file.rsplit_once('.')?;
    Some(HeaderValue::from_static(match extension {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        // Browsers compile while they download only under exactly this type.
        "wasm" => "application/wasm",
        _ => return None,
    }))
}

/// Whether `coding` is among the accepted ones and not refused by `q=0`.
pub fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|entry| {
            let mut parts = entry.split(';').map(str::trim);
            let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
            let weight = parts.find_map(|part| part.strip_prefix("q="));
            named && weight.is_none_or(|weight| weight.parse().is_ok_and(|weight: f32| weight > 0.0))
        })
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use tower::ServiceExt;

    use super::*;

    const FILES: &[(&str, &[u8])] =
        &[("v.css", b"plain"), ("v.css.br", b"brotli"), ("v.css.gz", b"gzip"), ("v_bg.wasm", b"module")];

    fn ask(file: &str, accepted: &'static str) -> Response {
        let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted))]);
        answer(FILES, file, &headers)
    }

    fn coding(response: &Response) -> Option<&str> {
        response.headers().get(header::CONTENT_ENCODING)?.to_str().ok()
    }

    async fn status(method: &str, path: &str) -> StatusCode {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        router::<()>().oneshot(request).await.unwrap().status()
    }

    #[test]
    fn the_smallest_accepted_variant_is_sent() {
        assert_eq!(coding(&ask("v.css", "gzip, deflate, br, zstd")), Some("br"));
        assert_eq!(coding(&ask("v.css", "gzip, br;q=0")), Some("gzip"));
        assert_eq!(coding(&ask("v.css", "BR;q=0.5")), Some("br"));
        assert_eq!(coding(&ask("v.css", "identity")), None);
        assert_eq!(coding(&ask("v_bg.wasm", "br, gzip")), None);
    }

    #[test]
    fn an_asset_is_kept_for_ever_and_for_each_coding_apart() {
        let response = ask("v_bg.wasm", "");
        let headers = response.headers();
        assert_eq!(headers[header::CONTENT_TYPE], "application/wasm");
        assert_eq!(headers[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(headers[header::VARY], "accept-encoding");
    }

    #[test]
    fn only_named_files_have_an_address() {
        assert_eq!(ask("v.css.br", "br").status(), StatusCode::NOT_FOUND);
        assert_eq!(ask("w.css", "br").status(), StatusCode::NOT_FOUND);
    }

    #[tokio::test]
    async fn the_icon_answers_get_and_head_and_other_hashes_nothing() {
        assert_eq!(status("GET", "/favicon.svg").await, StatusCode::OK);
        assert_eq!(status("HEAD", "/favicon.svg").await, StatusCode::OK);
        assert_eq!(status("GET", "/pkg/other/vestibule.css").await, StatusCode::NOT_FOUND);
        assert_eq!(status("GET", &format!("/{PKG_DIR}/nothing.css")).await, StatusCode::NOT_FOUND);
    }
}
