//! A body that stays the same as long as the process lives: as small as its reader can take it, and not at all to who
//! has it already.

use std::{
    io::{self, Write},
    sync::OnceLock,
};

use axum::{
    body::{Body, Bytes},
    response::{IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use sha2::{Digest, Sha256};

use crate::assets;

/// Keeps what is fetched as long as a release may live unnoticed.
const SHORTLY: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// Each coding is made when first asked for, and kept: the process starts at once, and nobody waits twice.
#[derive(Debug)]
pub struct Packed {
    content_type: HeaderValue,
    plain: Bytes,
    hash: String,
    brotli: OnceLock<Option<Bytes>>,
    gzip: OnceLock<Option<Bytes>>,
}

impl Packed {
    pub fn new(content_type: &'static str, plain: impl Into<Bytes>) -> Self {
        let plain = plain.into();
        let hash = Sha256::digest(&plain)[..12].iter().fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"));
        Self {
            content_type: HeaderValue::from_static(content_type),
            plain,
            hash,
            brotli: OnceLock::new(),
            gzip: OnceLock::new(),
        }
    }

    /// The answer to who accepts these codings and knows these tags.
    pub fn answer(&self, asked: &HeaderMap) -> Response {
        let (coding, body) = self.smallest(asked);
        // Each coding is another representation (RFC 9110 §8.8.3.3).
        let tag = format!("\"{}{}\"", self.hash, coding.map(|coding| format!("-{coding}")).unwrap_or_default());
        let mut response = if knows(asked, &tag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let mut response = Response::new(Body::from(body));
            response.headers_mut().insert(header::CONTENT_TYPE, self.content_type.clone());
            response
                .headers_mut()
                .extend(coding.map(|name| (header::CONTENT_ENCODING, HeaderValue::from_static(name))));
            response
        };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, SHORTLY);
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.extend(HeaderValue::try_from(tag).ok().map(|tag| (header::ETAG, tag)));
        response
    }

    fn smallest(&self, asked: &HeaderMap) -> (Option<&'static str>, Bytes) {
        let made = |kept: &OnceLock<Option<Bytes>>, pack: fn(&[u8]) -> io::Result<Vec<u8>>| {
            kept.get_or_init(|| pack(&self.plain).ok().map(Bytes::from)).clone()
        };
        for (coding, kept, pack) in [("br", &self.brotli, brotli as fn(&[u8]) -> _), ("gzip", &self.gzip, gzip)] {
            if assets::accepts(asked, coding)
                && let Some(packed) = made(kept, pack)
            {
                return (Some(coding), packed);
            }
        }
        (None, self.plain.clone())
    }
}

/// Whether the asker has what it would get (RFC 9110 §13.1.2).
fn knows(asked: &HeaderMap, tag: &str) -> bool {
    let values = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut tags = values.flat_map(|value| value.split(',')).map(str::trim);
    tags.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

/// As small as it gets without anybody noticing the time.
fn brotli(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 5, lgwin: 20, ..Default::default() };
    brotli::BrotliCompress(&mut &content[..], &mut packed, &parameters)?;
    Ok(packed)
}

fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(headers: &[(header::HeaderName, &str)]) -> Response {
        let headers = headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        Packed::new("text/plain", "over and over ".repeat(40)).answer(&headers)
    }

    fn told<'r>(response: &'r Response, name: &header::HeaderName) -> &'r str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[test]
    fn each_coding_has_a_tag_of_its_own() {
        let mut tags = Vec::new();
        for (accepted, coding) in [("", ""), ("gzip", "gzip"), ("gzip, deflate, br", "br"), ("br;q=0", "")] {
            let response = ask(&[(header::ACCEPT_ENCODING, accepted)]);
            assert_eq!(told(&response, &header::CONTENT_ENCODING), coding);
            assert_eq!(told(&response, &header::VARY), "accept-encoding");
            tags.push(told(&response, &header::ETAG).to_owned());
        }
        assert_eq!(tags[0], tags[3]);
        tags.truncate(3);
        tags.dedup();
        assert_eq!(tags.len(), 3);
    }

    #[test]
    fn what_is_known_is_not_sent_again() {
        let tag = told(&ask(&[(header::ACCEPT_ENCODING, "br")]), &header::ETAG).to_owned();
        let again =
            |accepted: &str, known: &str| ask(&[(header::ACCEPT_ENCODING, accepted), (header::IF_NONE_MATCH, known)]);
        for known in [tag.clone(), format!("W/{tag}"), format!("\"x\" , {tag}"), "*".to_owned()] {
            let response = again("br", &known);
            assert_eq!(response.status(), StatusCode::NOT_MODIFIED, "{known}");
            assert_eq!(told(&response, &header::ETAG), tag);
            assert_eq!(told(&response, &header::CONTENT_TYPE), "");
        }
        assert_eq!(again("gzip", &tag).status(), StatusCode::OK, "of another coding it is another one");
        assert_eq!(again("br", "\"x\"").status(), StatusCode::OK);
    }
}
