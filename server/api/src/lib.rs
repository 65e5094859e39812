//! What every API dialect stands on. A dialect is a router without sessions: parse, call one verb, answer in its own
//! shape.

pub mod bearer;
mod client_ip;
pub mod document;
mod dress;
mod kept;
mod once;
pub mod operation;
mod problem;
pub mod rate;
mod routes;
mod stop;

use vestibule_core::Vestibule;

pub use bearer::{Credential, Unknown};
pub use client_ip::ClientIp;
pub use dress::{BODY, TIMEOUT, dress, span};
pub use operation::{Operation, Schema, Security};
pub use problem::{Asked, Dialect, Problem};
pub use routes::{Routes, media_types};
pub use stop::Stop;

use rate::Limiter;

/// What a dialect's handlers share; its router's state.
#[derive(Clone, Debug)]
pub struct Api {
    pub vestibule: Vestibule,
    /// Scheme and host that links are built from, without a slash at the end; never a request's `Host`.
    pub public_url: String,
    /// Whether mails leave; without a mail server they are kept in the outbox.
    pub has_smtp: bool,
    limiter: Limiter,
}

impl Api {
    pub fn new(vestibule: Vestibule, public_url: impl Into<String>) -> Self {
        Self { vestibule, public_url: public_url.into(), has_smtp: false, limiter: Limiter::new(rate::RATE) }
    }

    /// Says whether a mail server is set up.
    #[must_use]
    pub fn with_smtp(mut self, has_smtp: bool) -> Self {
        self.has_smtp = has_smtp;
        self
    }

    /// Lets each client make so many requests a second, whichever dialects it speaks; zero for no limit.
    #[must_use]
    pub fn with_rate(mut self, rate: u32) -> Self {
        self.limiter = Limiter::new(rate);
        self
    }
}
