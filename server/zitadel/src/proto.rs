//! The messages, and the descriptors that routes, limits and documents are built from.

use std::sync::LazyLock;

use prost_reflect::DescriptorPool;

// Written by the compiler.
#[allow(clippy::all, clippy::pedantic, dead_code)]
mod messages {
    include!(concat!(env!("OUT_DIR"), "/messages.rs"));
}

pub use messages::{google, validate, zitadel};

/// Every file of the protos, with the options that the services' own are written in.
pub static DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

/// The descriptors, ready to be asked.
pub static POOL: LazyLock<DescriptorPool> =
    LazyLock::new(|| DescriptorPool::decode(DESCRIPTORS).expect("the compiler that wrote them reads them"));
