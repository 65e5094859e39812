//! The dialect through its router, without a socket, on both engines.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::too_many_lines, reason = "a snapshot is as long as what it shows")]

#[macro_use]
#[path = "../../../core/tests/it/support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the support of the core's tests; not all of it is needed here")]
mod support;

/// A snapshot that both engines are held to.
macro_rules! snapshot {
    ($value:expr, @$snapshot:literal) => {{
        let value = &$value;
        insta::allow_duplicates! { insta::assert_snapshot!(value, @$snapshot) }
    }};
}

mod accepts;
mod access;
mod emails;
mod facets;
mod filters;
mod fuzz;
mod imports;
mod invites;
mod lists;
mod machine;
mod media;
mod mistakes;
mod passwords;
mod populations;
mod sending;
mod tokens;
mod updates;
mod users;
mod verify;
mod wire;
