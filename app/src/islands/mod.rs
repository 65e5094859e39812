//! The pieces of a page that wake up in the browser. Every one of them is complete and usable before it wakes, and stays
//! so where script never runs.
//!
//! They change their few elements directly, by event handlers and directives. Signals and effects would be the usual way
//! and cost a quarter of the code page's budget, for values that nothing else on the page depends on.

mod code_input;
mod confirm_dialog;
mod copy_button;
mod countdown;
mod grouping;

pub use code_input::CodeInput;
pub use confirm_dialog::ConfirmDialog;
pub use copy_button::CopyButton;
pub use countdown::Countdown;
