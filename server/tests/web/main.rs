//! Pages and actions through the router, without a socket, on both engines.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[macro_use]
#[path = "../../core/tests/it/support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the support of the core's tests; not all of it is needed here")]
mod support;

mod apps;
mod browser;
mod codes;
mod company;
mod console;
mod guards;
mod keys;
mod links;
mod passkeys;
