//! All tests, in the order in which a mistake is found soonest and nothing is compiled twice.

use std::time::Instant;

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::command::{binary, cargo, run as run_command};
use crate::postgres::Postgres;
use crate::{browser, machine, run as release, schemathesis, wasm};

/// A share of the tests, for those who wait for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Formatting and lints
    Lint,
    /// Everything that `cargo test` runs
    Unit,
    /// Schemathesis against the release binary
    Api,
    /// Playwright against the release binary
    Browser,
}

/// Runs all parts, or `only` one, and stops at the first failure. The Postgres cluster goes with the value that holds it,
/// however this ends.
pub fn run(only: Option<Part>) -> Result<()> {
    let begun = Instant::now();
    let wanted = |part| only.is_none_or(|only| only == part);

    if wanted(Part::Lint) {
        step("toolchain", || machine::wasm_target().and_then(|_| machine::rust_components()))?;
        step("format", || run_command(&mut cargo(&["fmt", "--all", "--check"])))?;
    }
    // First what may be missing, so that nobody waits for the tests to hear of it.
    let tools = wanted(Part::Browser).then(|| step("browser", browser::install)).transpose()?;
    if wanted(Part::Api) || wanted(Part::Browser) {
        step("build", release::build)?;
    }
    if wanted(Part::Lint) {
        step("lint", lint_native)?;
        step("lint for wasm", lint_wasm)?;
    }
    let needs_postgres = wanted(Part::Unit) || wanted(Part::Browser);
    let postgres = needs_postgres.then(|| step("start Postgres", Postgres::start)).transpose()?;
    if let Some(postgres) = postgres.as_ref().filter(|_| wanted(Part::Unit)) {
        step("test", || unit(postgres))?;
    }
    if wanted(Part::Api) {
        step("no server error", schemathesis::run)?;
    }
    if let Some(postgres) = postgres.as_ref().filter(|_| wanted(Part::Browser)) {
        let tools = tools.as_ref().context("no browser was looked for")?;
        step("test in the browser", || in_browser(postgres, tools))?;
    }
    eprintln!("all passed in {:.0} s", begun.elapsed().as_secs_f64());
    Ok(())
}

/// Names and times a step, so that a failure or a slow one is found without reading what it printed.
fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("\n== {name}");
    let begun = Instant::now();
    let result = work().with_context(|| format!("FAILED: {name}"));
    if result.is_ok() {
        eprintln!("== {name}: {:.1} s", begun.elapsed().as_secs_f64());
    }
    result
}

fn lint_native() -> Result<()> {
    let mut clippy = cargo(&["clippy", "--workspace", "--exclude", "frontend", "--all-targets"]);
    clippy.args(["--", "-D", "warnings"]);
    run_command(&mut clippy)
}

/// Apart from the native lint, because `ssr` and `hydrate` must not meet in one build.
fn lint_wasm() -> Result<()> {
    run_command(wasm::cargo_for_wasm("clippy")?.args(["--", "-D", "warnings"]))
}

fn unit(postgres: &Postgres) -> Result<()> {
    let mut test = cargo(&["test", "--workspace", "--exclude", "frontend"]);
    test.env("VESTIBULE_TEST_POSTGRES", postgres.url());
    run_command(&mut test)
}

fn in_browser(postgres: &Postgres, tools: &browser::Tools) -> Result<()> {
    let mut playwright = tools.npx();
    playwright
        .args(["playwright", "test"])
        .env("VESTIBULE_BIN", binary())
        .env("VESTIBULE_TEST_POSTGRES", postgres.url())
        .env("CHROMIUM", &tools.chromium);
    run_command(&mut playwright)
}
