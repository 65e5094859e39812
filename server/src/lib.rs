//! The process around the product: settings, command line, mail, and the routers that people and machines talk to.

// Views nest their types; the last crate computes the layout of all of them.
#![recursion_limit = "512"]

pub mod assets;
pub mod cli;
pub mod config;
pub mod mail;
pub mod web;
