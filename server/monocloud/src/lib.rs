//! The dialect.
