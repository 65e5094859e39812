//! Mail: a [`Letter`](vestibule_core::outbox::Letter) is written in the reader's language, rendered, sent and settled.

mod date;
mod html;
mod plain;
mod probe;
mod render;
mod sheet;
mod smtp;
mod words;
mod worker;

pub use probe::{Stage, Trouble, probe};
pub use render::{Sender, Unwritable, render};
pub use smtp::Mailer;
pub use worker::Worker;

#[cfg(test)]
mod tests;
