//! Compiles the protos. What comes out is the messages, and the descriptors that routes, limits and documents are
//! built from.

use std::{env, error::Error, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=proto");
    let mut compiler = protox::Compiler::new(["proto"])?;
    compiler.include_imports(true).include_source_info(true);
    compiler.open_files([
        "zitadel/user/v2/user_service.proto",
        "zitadel/auth/v1/auth.proto",
        "google/rpc/status.proto",
    ])?;

    // From the compiler's own hand: what prost's descriptors decode, they decode without the options in it.
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("descriptors.bin"), compiler.encode_file_descriptor_set())?;
    let mut messages = prost_build::Config::new();
    messages.enable_type_names().include_file("messages.rs");
    messages.compile_fds(compiler.file_descriptor_set())?;
    Ok(())
}
