//! What is said where no page could be made: one sentence, and for a browser a small page around it with a way back.

use app::{
    shell::Tongue,
    web::language::Reads,
    words::{PlainWords, Words, words},
};
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
    let words = words(Reads::of(request.uri().path(), request.headers()).language());
    let response = next.run(request).await;
    // The limit on bodies has words of its own, for nobody in particular.
    let silent =
        !response.headers().contains_key(header::CONTENT_TYPE) || response.status() == StatusCode::PAYLOAD_TOO_LARGE;
    let Some(sentence) = sentence(words.plain(), response.status()).filter(|_| silent) else { return response };

    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let (kind, body) = if wants_page {
        parts.headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
        ("text/html; charset=utf-8", page(words, sentence))
    } else {
        ("text/plain; charset=utf-8", sentence.to_owned())
    };
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    Response::from_parts(parts, Body::from(body))
}

fn sentence(texts: &PlainWords, status: StatusCode) -> Option<&'static str> {
    Some(match status {
        StatusCode::FORBIDDEN => texts.forbidden,
        StatusCode::PAYLOAD_TOO_LARGE => texts.too_large,
        StatusCode::UNPROCESSABLE_ENTITY => texts.unreadable,
        StatusCode::INTERNAL_SERVER_ERROR => texts.failed,
        StatusCode::SERVICE_UNAVAILABLE => texts.unavailable,
        _ => return None,
    })
}

fn page(words: &Words, sentence: &str) -> String {
    let (folder, home) = (assets::PKG_DIR, words.plain().to_start);
    let Tongue { lang, dir } = words.tongue;
    format!(
        r#"<!DOCTYPE html><html lang="{lang}" dir="{dir}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><link rel="stylesheet" href="/{folder}/vestibule.css"><title>{sentence}</title></head><body><div class="porch"><main><div class="card stack"><h1>{sentence}</h1><a class="button primary wide" href="/">{home}</a></div></main></div></body></html>"#
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
        ask(router, request).await
    }

    async fn ask(router: Router, request: Request) -> (StatusCode, String, String) {
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

    #[tokio::test]
    async fn it_is_said_in_the_readers_language() {
        for (name, value, lang, said) in [
            ("accept-language", "de-AT, en;q=0.5", "lang=\"de\" dir=\"ltr\"", "in einer Minute"),
            ("cookie", "vestibule_language=ar", "lang=\"ar\" dir=\"rtl\"", "إلى صفحة البداية"),
        ] {
            let router = Router::new().route("/late", get(StatusCode::SERVICE_UNAVAILABLE)).layer(from_fn(told));
            let request = Request::get("/late").header("accept", "text/html").header(name, value);
            let (_, _, page) = ask(router, request.body(Body::empty()).unwrap()).await;
            assert!(page.contains(lang) && page.contains(said), "{page}");
        }
    }
}
