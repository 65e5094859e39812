//! Pages and actions through the router, without a socket, on both engines.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[macro_use]
#[path = "../../core/tests/it/support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the support of the core's tests; not all of it is needed here")]
mod support;

/// A person's device, as in the core's tests.
#[path = "../../core/tests/it/passkeys/device.rs"]
#[allow(dead_code, reason = "not all of it is needed here")]
mod device;

mod account;
mod apps;
mod arrival;
mod away;
mod browser;
mod choose;
mod codes;
mod company;
mod confirm;
mod console;
mod deliveries;
mod guards;
mod halfway;
mod handing_over;
mod keys;
mod language;
mod lasting;
mod links;
mod methods;
mod no_mail;
mod over;
mod passkeys;
mod questions;
mod typed;
mod who;
