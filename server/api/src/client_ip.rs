//! The network address behind a request.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::request::Parts;

/// Where a request came from, as a history keeps it; a request's extension, set by what stands before every router.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientIp(pub Option<String>);

impl<S: Sync> FromRequestParts<S> for ClientIp {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}
