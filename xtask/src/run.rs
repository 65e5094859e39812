//! The release binary, and running it.

use std::ffi::OsString;
use std::process::Command;

use anyhow::Result;

use crate::command::{binary, cargo, root, run};
use crate::site;

/// Makes the site, then the binary that holds it.
pub fn build() -> Result<()> {
    site::build()?;
    run(&mut cargo(&["build", "--release", "--package", "server"]))
}

/// Builds and becomes the server, so that signals and the exit code are its own.
pub fn serve(arguments: &[OsString]) -> Result<()> {
    build()?;
    let mut server = Command::new(binary());
    server.arg("serve").args(arguments).current_dir(root());
    become_process(server)
}

#[cfg(unix)]
fn become_process(mut command: Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(command.exec().into())
}

#[cfg(not(unix))]
fn become_process(mut command: Command) -> Result<()> {
    run(&mut command)
}
