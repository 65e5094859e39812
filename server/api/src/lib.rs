//! What every API dialect stands on. A dialect is a router without sessions: parse, call one verb, answer in its own
//! shape.

pub mod bearer;

use vestibule_core::Vestibule;

pub use bearer::{Credential, Unknown};

/// What a dialect's handlers share; its router's state.
#[derive(Clone, Debug)]
pub struct Api {
    pub vestibule: Vestibule,
    /// Scheme and host that links are built from, without a slash at the end; never a request's `Host`.
    pub public_url: String,
}
