//! What is said where no page could be made: one sentence, and for a browser a small page around it with a way back.

use axum::{body::Body, extract::Request, middleware::Next, response::Response};
use http::{HeaderValue, StatusCode, header};

use crate::assets;

/// Nothing but our own styles.
const POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'");

/// Gives words to an answer that is nothing but a status. Whoever is within has only the status to choose.
pub async fn told(request: Request, next: Next) -> Response {
    let mut accepted = request.headers().get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let wants_page = accepted.any(|accepted| accepted.contains("text/html"));
    let response = next.run(request).await;
    // The limit on bodies has words of its own, for nobody in particular.
    let silent =
        !response.headers().contains_key(header::CONTENT_TYPE) || response.status() == StatusCode::PAYLOAD_TOO_LARGE;
    let Some(sentence) = sentence(response.status()).filter(|_| silent) else { return response };

    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let (kind, body) = if wants_page {
        parts.headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
        ("text/html; charset=utf-8", page(sentence))
    } else {
        ("text/plain; charset=utf-8", sentence.to_owned())
    };
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    Response::from_parts(parts, Body::from(body))
}

fn sentence(status: StatusCode) -> Option<&'static str> {
    Some(match status {
        StatusCode::FORBIDDEN => "This request did not come from a page of this site.",
        StatusCode::PAYLOAD_TOO_LARGE => "The form is too large.",
        StatusCode::UNPROCESSABLE_ENTITY => "The form could not be read: a field is missing or malformed.",
        StatusCode::INTERNAL_SERVER_ERROR => "Something went wrong on our side. Nothing was changed.",
        StatusCode::SERVICE_UNAVAILABLE => "Something on our side is not answering. Try again in a minute.",
        _ => return None,
    })
}

fn page(sentence: &str) -> String {
    let folder = assets::PKG_DIR;
    format!(
        r#"<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><link rel="stylesheet" href="/{folder}/vestibule.css"><title>{sentence}</title></head><body><div class="porch"><main><div class="card stack"><h1>{sentence}</h1><a class="button primary wide" href="/">To the start page</a></div></main></div></body></html>"#
    )
}

#[cfg(test)]
mod tests {
    use axum::{Router, middleware::from_fn, routing::get};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    async fn answer(path: &str, accept: &str) -> (StatusCode, String, String) {
        let said = (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n");
        let router = Router::new()
            .route("/late", get(StatusCode::SERVICE_UNAVAILABLE))
            .route("/said", get(said))
            .route("/none", get(StatusCode::NO_CONTENT))
            .layer(from_fn(told));
        let request = Request::get(path).header("accept", accept).body(Body::empty()).unwrap();
        let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
        let kind = parts.headers.get(header::CONTENT_TYPE).map_or("", |kind| kind.to_str().unwrap()).to_owned();
        (parts.status, kind, String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap())
    }

    #[tokio::test]
    async fn only_who_reads_pages_gets_one_and_only_where_nothing_was_said() {
        let (status, kind, page) = answer("/late", "text/html,application/xhtml+xml,*/*;q=0.8").await;
        assert_eq!((status, kind.as_str()), (StatusCode::SERVICE_UNAVAILABLE, "text/html; charset=utf-8"));
        assert!(page.contains("Try again in a minute.") && page.contains(r#"href="/""#), "{page}");
        let (status, kind, text) = answer("/late", "*/*").await;
        assert_eq!((status, kind.as_str()), (StatusCode::SERVICE_UNAVAILABLE, "text/plain; charset=utf-8"));
        assert_eq!(text, "Something on our side is not answering. Try again in a minute.");
        assert_eq!(answer("/said", "text/html").await.2, "the database does not answer\n");
        assert_eq!(answer("/none", "text/html").await.2, "");
    }
}
