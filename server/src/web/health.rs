//! Whether the process lives, and whether it can serve.

use axum::{Router, extract::State, routing::get};
use http::StatusCode;
use vestibule_core::Vestibule;

/// `/healthz`: the process answers. `/readyz`: the database does too; 503 while it does not.
pub fn router(vestibule: Vestibule) -> Router {
    Router::new().route("/healthz", get(|| async { "ok\n" })).route("/readyz", get(ready)).with_state(vestibule)
}

async fn ready(State(vestibule): State<Vestibule>) -> (StatusCode, &'static str) {
    match vestibule.ready().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
