//! When the process is about to end.

use std::{convert::Infallible, future::pending};

use axum::extract::FromRequestParts;
use http::request::Parts;
use tokio::sync::watch;

/// Tells everybody who asks that the process was asked to end; a request's extension, set where its connection is
/// served, by which an answer without an end of its own knows when to end.
#[derive(Clone, Debug, Default)]
pub struct Stop(Option<watch::Receiver<bool>>);

impl Stop {
    /// One that is asked by sending `true`.
    pub fn channel() -> (watch::Sender<bool>, Self) {
        let (tell, told) = watch::channel(false);
        (tell, Self(Some(told)))
    }

    /// Resolves once the process was asked to end; never where nobody can ask.
    pub async fn asked(self) {
        match self.0 {
            // An error means that nobody listens for signals any more: then it is time to go as well.
            Some(mut told) => drop(told.wait_for(|asked| *asked).await),
            None => pending().await,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Stop {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}
