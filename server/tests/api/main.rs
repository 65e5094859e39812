//! What stands around every dialect, through the real router: the document, `Idempotency-Key`, limits, last resorts, and
//! the ways to connect.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[macro_use]
#[path = "../../core/tests/it/support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the support of the core's tests; not all of it is needed here")]
mod support;

mod client;
mod document;
mod dress;
mod idempotency;
mod last_resorts;
mod shapes;
mod wire;
mod zitadel_client;
