//! The Zitadel dialects.
mod proto;
