//! The dialects through the router, without a socket, on both engines.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::format_push_string, reason = "what was told grows line by line")]
#![allow(clippy::too_many_lines, reason = "a table of cases, and what came of each")]

#[macro_use]
#[path = "../../../core/tests/it/support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the support of the core's tests; not all of it is needed here")]
mod support;

/// A snapshot that both engines must meet.
macro_rules! snapshot {
    ($value:expr, @$snapshot:literal) => {{
        let value = &$value;
        insta::allow_duplicates! { insta::assert_snapshot!(value, @$snapshot) }
    }};
}

mod access;
mod around;
mod creating;
mod documents;
mod emails;
mod errors;
mod hostile;
mod invites;
mod limits;
mod listing;
mod mine;
mod mutations;
mod passkeys;
mod passwords;
mod reading;
mod seeds;
mod spelling;
mod states;
mod templates;
mod transports;
mod updating;
mod wire;
