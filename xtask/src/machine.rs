//! What a fresh machine lacks: looked for first, installed only when it is missing.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{cargo, run, run_quietly, which};

const WASM: &str = "wasm32-unknown-unknown";

/// How wasm can be compiled here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WasmTarget {
    /// The toolchain has the target.
    Installed,
    /// It has only the sources of the standard library, from which the target can be built.
    FromSource,
}

/// Sees to it that wasm can be compiled.
pub fn wasm_target() -> Result<WasmTarget> {
    let mut question = Command::new(rustc());
    question.args(["--print", "target-libdir", "--target", WASM]);
    let library = run_quietly(&mut question).unwrap_or_default();
    let installed = |library: &str| std::fs::read_dir(library).is_ok_and(|mut files| files.next().is_some());
    if installed(&library) {
        return Ok(WasmTarget::Installed);
    }
    if which("rustup").is_some() {
        eprintln!("adding the target {WASM}");
        if run(Command::new("rustup").args(["target", "add", WASM])).is_ok() && installed(&library) {
            return Ok(WasmTarget::Installed);
        }
    }
    let sysroot = run_quietly(Command::new(rustc()).args(["--print", "sysroot"]))?;
    if std::path::Path::new(&sysroot).join("lib/rustlib/src/rust/library/std").is_dir() && which("wasm-ld").is_some() {
        return Ok(WasmTarget::FromSource);
    }
    bail!(
        "this toolchain cannot compile {WASM} and rustup could not add it. Where rustup has no network, install a compiler \
         with the sources of its standard library and a linker for wasm (on Debian: apt-get install rustc-web cargo-web \
         rust-web-src lld) and try again with that compiler first in PATH"
    )
}

/// The compiler that cargo would use.
fn rustc() -> std::ffi::OsString {
    std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())
}

/// Formatter and linter, which minimal toolchains leave out.
pub fn rust_components() -> Result<()> {
    for (subcommand, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if run_quietly(cargo(&[subcommand, "--version"]).env_remove("RUSTC")).is_err() {
            run(Command::new("rustup").args(["component", "add", component]))
                .with_context(|| format!("{component} is missing"))?;
        }
    }
    Ok(())
}

/// Installs Debian packages; as somebody else than root only where sudo asks nothing.
pub fn apt_install(packages: &[&str]) -> Result<()> {
    if which("apt-get").is_none() {
        bail!("please install {} and try again", packages.join(" and "));
    }
    let apt = |arguments: &[&str]| {
        let mut command = if is_root() {
            Command::new("apt-get")
        } else {
            let mut sudo = Command::new("sudo");
            sudo.args(["--non-interactive", "apt-get"]);
            sudo
        };
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        run(&mut command)
    };
    eprintln!("installing {}", packages.join(" "));
    // Where the lists cannot be had anew, older ones may do.
    if let Err(error) = apt(&["update", "--quiet"]) {
        eprintln!("{error:#}");
    }
    apt(&[&["install", "--yes", "--quiet", "--no-install-recommends"], packages].concat())
        .with_context(|| format!("please install {} and try again", packages.join(" and ")))
}

/// Whether we run as root, which some programs refuse and others demand.
pub fn is_root() -> bool {
    run_quietly(Command::new("id").arg("-u")).is_ok_and(|id| id == "0")
}
