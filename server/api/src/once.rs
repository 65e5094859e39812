//! `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-06): a request that is sent again is answered again, and
//! does nothing again.

use std::panic::AssertUnwindSafe;

use axum::response::Response;
use futures::FutureExt;
use http::{HeaderName, Method, uri::PathAndQuery};
use vestibule_core::{
    Error,
    idempotency::{Begun, IdempotencyKey, Run},
};

use crate::{Api, Asked, Credential, Problem, Unknown, kept::Kept, media_types};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Who runs a request that has a key.
pub enum Ticket {
    /// This one, and its answer is kept.
    First(Run),
    /// This one, and nothing is kept: nobody knows who asks, so the operation will refuse it.
    Stranger,
    /// Nobody: this is the answer that was given before.
    Again(Response),
}

/// Whether a request carries a key that counts.
pub fn has_key(asked: &Asked) -> bool {
    [Method::POST, Method::PUT, Method::PATCH].contains(&asked.method) && asked.headers.contains_key(KEY)
}

/// Decides who runs a request. Clients may write the key in quotes, as the draft has it, or without.
pub async fn ticket(api: &Api, credential: Credential, asked: &Asked, body: &[u8]) -> Result<Ticket, Problem> {
    let key = asked.headers.get(KEY).and_then(|key| key.to_str().ok()).ok_or(Problem::IdempotencyKey)?;
    let key = key.strip_prefix('"').and_then(|key| key.strip_suffix('"')).unwrap_or(key);
    let key = IdempotencyKey::parse(key).ok_or(Problem::IdempotencyKey)?;
    let principal = match api.principal(&asked.headers, credential).await {
        Ok(principal) => principal,
        Err(Unknown::Failed(error)) => return Err(unavailable(&error)),
        Err(Unknown::Missing | Unknown::NotBearer | Unknown::Invalid) => return Ok(Ticket::Stranger),
    };
    let path = asked.uri.path_and_query().map_or("/", PathAndQuery::as_str);
    let kinds = media_types(&asked.headers).join(",");
    let request = [asked.method.as_str().as_bytes(), path.as_bytes(), kinds.as_bytes(), body];
    match api.vestibule.begin_run(&principal, &key, &request).await.map_err(|error| unavailable(&error))? {
        Begun::First(run) => Ok(Ticket::First(run)),
        Begun::Again(answer) => Kept::read(&answer).map(Ticket::Again).ok_or(Problem::Unavailable),
        Begun::Busy => Err(Problem::IdempotencyBusy),
        Begun::Reused => Err(Problem::IdempotencyReused),
    }
}

/// Waits for the answer of a run and keeps it, unless it says that nothing was done.
pub async fn keep(api: &Api, run: Run, respond: impl Future<Output = Response>) -> Response {
    let response = match AssertUnwindSafe(respond).catch_unwind().await {
        Ok(response) => Kept::whole(response).await,
        Err(panic) => {
            settle(api.vestibule.forget_run(run).await);
            // It is dealt with where all are.
            std::panic::resume_unwind(panic);
        }
    };
    settle(match &response {
        Ok((_, kept)) if kept.says_done() => api.vestibule.keep_answer(run, &kept.write()).await,
        _ => api.vestibule.forget_run(run).await,
    });
    response.map_or_else(|problem| problem, |(response, _)| response)
}

/// Has something go on to its end if the client leaves or its time is up, so that the next request with the key finds
/// what came of it.
pub async fn to_the_end<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    match tokio::spawn(work).await {
        Ok(outcome) => outcome,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// What was done is done, and the client is told so; only the next request with the key will not know.
fn settle(stored: Result<(), Error>) {
    if let Err(error) = stored {
        tracing::error!(%error, "an answer could not be kept for its Idempotency-Key");
    }
}

fn unavailable(error: &Error) -> Problem {
    tracing::error!(%error, "an Idempotency-Key could not be looked up");
    Problem::Unavailable
}
