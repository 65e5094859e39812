//! `cargo xtask bench`: builds, makes room, runs the measuring program beside.

use std::{ffi::OsString, fs, process};

use anyhow::{Context, Result};

use crate::{
    command::{self, binary, cargo, fresh_folder, target},
    postgres::{Postgres, programs},
    run::build,
};

/// Measures the release binary. The program that measures is a package of its own, because it is built in release mode.
pub fn run(arguments: &[OsString]) -> Result<()> {
    build()?;
    command::run(&mut cargo(&["build", "--release", "--package", "bench"]))?;
    let postgres = Postgres::start_durable()?;
    // Beside what is built, which is on a disk: where things are temporary may be memory, and commits there cost nothing.
    let folder = fresh_folder(&target(), "bench")?;
    let mut command = process::Command::new(target().join("release/bench"));
    command.arg("--binary").arg(binary()).arg("--folder").arg(&folder).arg("--postgres").arg(postgres.url());
    // What is found on the path may be a link to one program only; pgbench lies beside the real one.
    let initdb = programs().context("Postgres has no programs")?.join("initdb").canonicalize()?;
    command.arg("--programs").arg(initdb.parent().context("a program lies in a folder")?);
    let measured = command::run(command.args(arguments));
    fs::remove_dir_all(&folder)?;
    measured
}
