//! Vestibule's rules, each held against SQLite and Postgres.
//!
//! Postgres is the server that `VESTIBULE_TEST_POSTGRES` names; every test makes a database of its own there and drops
//! it. `cargo xtask test` starts one.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[macro_use]
mod support;

mod account;
mod addresses;
mod at_rest;
mod atomic;
mod bound;
mod first_password;
mod handed;
mod history;
mod idempotency;
mod import;
mod invites;
mod keys;
mod lifetimes;
mod limits;
mod link_templates;
mod list;
mod machines;
mod metrics;
mod notices;
mod oauth;
mod one_verb;
mod opening;
mod organizations;
mod outbox;
mod passkeys;
mod prove;
mod providers;
mod races;
mod random;
mod reach;
mod roles;
mod seals;
mod secrets;
mod sessions;
mod setup;
mod shared;
mod sign_in;
mod strangers;
mod tenants;
mod tries;
mod ways_in;
