//! The process around the product: settings, command line, mail, and the routers that people and machines talk to.

pub mod assets;
pub mod cli;
pub mod config;
pub mod mail;
pub mod web;
