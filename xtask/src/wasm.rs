//! The browser's share: `frontend` as a wasm module and the script that loads it.

use std::process::Command;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::command::{cargo, run, target};
use crate::machine::{self, WasmTarget};
use crate::site::NAME;

/// What the browser loads.
pub struct Module {
    pub script: Vec<u8>,
    pub wasm: Vec<u8>,
}

/// Compiles and binds. `wasm-opt` is left out: it gains one per cent here and is one more thing to install.
pub fn compile() -> Result<Module> {
    run(cargo_for_wasm("build")?.args(["--profile", "wasm-release"]))?;
    bind()
}

/// The cargo that does so with `frontend`, whichever way it can be compiled here.
pub fn cargo_for_wasm(subcommand: &str) -> Result<Command> {
    let mut cargo = cargo(&[subcommand, "--package", "frontend", "--target", "wasm32-unknown-unknown"]);
    if machine::wasm_target()? == WasmTarget::FromSource {
        cargo.args(["-Z", "build-std=std,panic_abort"]);
        cargo.env("RUSTC_BOOTSTRAP", "1");
        cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld");
    }
    Ok(cargo)
}

fn bind() -> Result<Module> {
    let mut bindgen = Bindgen::new();
    bindgen
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .out_name(NAME)
        .input_path(target().join("wasm32-unknown-unknown/wasm-release/frontend.wasm"));
    let mut output = bindgen.generate_output().context("wasm-bindgen")?;
    let wasm = output.wasm_mut().emit_wasm();
    let script = without_comments(output.js()).into_bytes();
    Ok(Module { script, wasm })
}

/// The generated script documents itself at length. Only whole lines and whole blocks go, so that no string can be cut.
fn without_comments(script: &str) -> String {
    let mut inside_block = false;
    let mut kept = String::with_capacity(script.len());
    for line in script.lines().map(str::trim) {
        if inside_block || line.starts_with("/*") {
            inside_block = !line.ends_with("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::without_comments;

    #[test]
    fn only_comments_go() {
        let script = "/* eslint-disable */\n/**\n * @param {string} a\n */\nfunction f(a) {\n    // why\n    return `//${a}`;\n}\n";
        assert_eq!(without_comments(script), "function f(a) {\nreturn `//${a}`;\n}\n");
    }
}
