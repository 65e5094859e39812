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

use vestibule_core::Vestibule;

pub use bearer::{Credential, Unknown};
pub use client_ip::ClientIp;
pub use dress::{BODY, TIMEOUT, dress, span};
pub use operation::{Operation, Schema, Security};
pub use problem::{Asked, Dialect, Problem};
pub use routes::{Routes, media_types};

use rate::Limiter;

/// What a dialect's handlers share; its router's state.
#[derive(Clone, Debug)]
pub struct Api {
    pub vestibule: Vestibule,
    /// Scheme and host that links are built from, without a slash at the end; never a request's `Host`.
    pub public_url: String,
    limiter: Limiter,
}

impl Api {
    pub fn new(vestibule: Vestibule, public_url: impl Into<String>) -> Self {
        Self { vestibule, public_url: public_url.into(), limiter: Limiter::new(rate::RATE) }
    }

    /// Lets each client make so many requests a second, whichever dialects it speaks; zero for no limit.
    #[must_use]
    pub fn with_rate(mut self, rate: u32) -> Self {
        self.limiter = Limiter::new(rate);
        self
    }
}
