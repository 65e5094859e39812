//! An answer as it is kept.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use http_body_util::{BodyExt, Full};
use serde::{Deserialize, Serialize};

use crate::Problem;

/// Says that an answer is one that was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// The gRPC codes that say that nothing was done, or that nobody knows: unknown, deadline exceeded, permission denied,
/// resource exhausted, internal, unavailable, data loss, unauthenticated.
const GRPC_FAILED: [&str; 8] = ["2", "4", "7", "8", "13", "14", "15", "16"];

#[derive(Debug, Serialize, Deserialize)]
pub struct Kept {
    status: u16,
    headers: Vec<(String, String)>,
    trailers: Vec<(String, String)>,
    /// As base64.
    body: String,
}

impl Kept {
    /// The response, once it is whole, and what is to be kept of it.
    pub async fn whole(response: Response) -> Result<(Response, Self), Response> {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(|_| Problem::Unavailable.into_response())?;
        let trailers = body.trailers().cloned();
        let body = body.to_bytes();
        let kept = Self {
            status: parts.status.as_u16(),
            headers: pairs(&parts.headers),
            trailers: trailers.as_ref().map(pairs).unwrap_or_default(),
            body: STANDARD.encode(&body),
        };
        Ok((Response::from_parts(parts, with_trailers(body.into(), trailers)), kept))
    }

    /// Whether the answer is about something that was done or will never be: not a failure of ours, nor the refusal of a
    /// caller who may come back with more rights or later.
    pub fn says_done(&self) -> bool {
        let grpc = self.headers.iter().chain(&self.trailers).find(|(name, _)| name == "grpc-status");
        let grpc_failed = grpc.is_some_and(|(_, status)| GRPC_FAILED.contains(&status.as_str()));
        self.status < 500 && ![401, 403, 429].contains(&self.status) && !grpc_failed
    }

    pub fn write(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The answer again.
    pub fn read(text: &[u8]) -> Option<Response> {
        let kept: Self = serde_json::from_slice(text).ok()?;
        let body = STANDARD.decode(&kept.body).ok()?;
        let trailers = (!kept.trailers.is_empty()).then(|| map(&kept.trailers));
        let mut response = Response::new(with_trailers(body.into(), trailers));
        *response.status_mut() = StatusCode::from_u16(kept.status).ok()?;
        *response.headers_mut() = map(&kept.headers);
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        Some(response)
    }
}

/// What the answer says by its headers; its length and its date follow from the sending.
fn pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    let of_sending = [header::CONTENT_LENGTH, header::DATE, header::TRANSFER_ENCODING, header::CONNECTION];
    let said = headers.iter().filter(|(name, _)| !of_sending.contains(name));
    said.filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned()))).collect()
}

fn map(pairs: &[(String, String)]) -> HeaderMap {
    pairs.iter().filter_map(|(name, value)| Some((name.parse().ok()?, value.parse().ok()?))).collect::<HeaderMap>()
}

fn with_trailers(body: Full<axum::body::Bytes>, trailers: Option<HeaderMap>) -> Body {
    match trailers {
        Some(trailers) => Body::new(body.with_trailers(std::future::ready(Some(Ok(trailers))))),
        None => Body::new(body),
    }
}
