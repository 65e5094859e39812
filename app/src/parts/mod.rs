//! What all pages are made of.

mod brand;
mod console_frame;
mod field;
pub mod icons;
mod notice;
mod porch;
mod state_badge;

pub use brand::Brand;
pub use console_frame::{ConsoleFrame, ConsoleWords, Counts, Person, Section};
pub use field::{Field, FieldFrame, described_by};
pub use notice::{Notice, NoticeKind};
pub use porch::Porch;
pub use state_badge::{StateBadge, StateKind};
