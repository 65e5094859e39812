//! Whether the process lives, and whether it can serve.

use axum::extract::State;
use http::StatusCode;
use serde_json::json;
use vestibule_api::{Api, Operation, Routes};

/// `/healthz`: the process answers. `/readyz`: the database does too; 503 while it does not.
pub fn routes() -> Routes {
    let text = || json!({ "type": "string" });
    let alive = Operation::get("/healthz", "getHealth")
        .tag("Operations")
        .summary("Whether the process lives")
        .answers_of(200, "It does", "text/plain", text());
    let readiness = Operation::get("/readyz", "getReadiness")
        .tag("Operations")
        .summary("Whether the process can serve")
        .answers_of(200, "It can", "text/plain", text())
        .answers_of(503, "The database does not answer", "text/plain", text());
    Routes::new().add(alive, async || "ok\n").add(readiness, ready)
}

async fn ready(State(api): State<Api>) -> (StatusCode, &'static str) {
    match api.vestibule.ready().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
