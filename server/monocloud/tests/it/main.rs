//! The dialect through its router, without a socket, on both engines.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::too_many_lines, reason = "answers are long, and stand in the tests whole")]

#[macro_use]
#[path = "../../../core/tests/it/support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the support of the core's tests; not all of it is needed here")]
mod support;

/// An inline snapshot that every engine, and every turn of a loop, must agree on.
macro_rules! snapshot {
    ($value:expr, @$snapshot:literal) => {
        let value = $value;
        insta::allow_duplicates! { insta::assert_snapshot!(value, @$snapshot) }
    };
}

mod absent;
mod client;
mod emails;
mod filters;
mod keys;
mod lists;
mod methods;
mod passwords;
mod phones;
mod profiles;
mod replays;
mod requests;
mod seed;
mod sessions;
mod users;
