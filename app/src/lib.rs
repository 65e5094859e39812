//! What a browser sees of Vestibule.
//!
//! Built twice: with `ssr` into the server, where everything here exists, and with `hydrate` into wasm, where only the
//! islands do. What is not an island costs an invited person on a phone nothing.

// Component macros make a public builder for every component; nobody prints those.
#![allow(missing_debug_implementations)]
#![recursion_limit = "256"]

#[cfg(feature = "ssr")]
pub mod actions;
pub mod islands;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod parts;
#[cfg(feature = "ssr")]
mod problem;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub mod web;
#[cfg(feature = "ssr")]
pub mod words;
