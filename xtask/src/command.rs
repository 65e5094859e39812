//! Starting other programs, and saying which of them failed.

use std::fs;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};

/// Where the workspace lies.
pub fn root() -> &'static Path {
    // This package is a direct child of the workspace, so the parent exists.
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// Where cargo puts what it makes, which a variable or a file of its settings may have moved.
pub fn target() -> PathBuf {
    static TARGET: OnceLock<PathBuf> = OnceLock::new();
    TARGET.get_or_init(|| told_target().unwrap_or_else(|| root().join("target"))).clone()
}

fn told_target() -> Option<PathBuf> {
    let mut metadata = bare_cargo();
    metadata.args(["metadata", "--no-deps", "--format-version", "1"]);
    let told: serde_json::Value = serde_json::from_str(&run_quietly(&mut metadata).ok()?).ok()?;
    Some(told["target_directory"].as_str()?.into())
}

/// Makes an empty folder of which nobody else knows the name.
pub fn fresh_folder(within: &Path, what: &str) -> Result<PathBuf> {
    // The standard library seeds its hashes by chance.
    let chance = RandomState::new().build_hasher().finish();
    let folder = within.join(format!("vestibule-{what}-{chance:016x}"));
    fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

/// The release binary.
pub fn binary() -> PathBuf {
    target().join("release/vestibule")
}

/// The cargo that started us, in the workspace.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = bare_cargo();
    command.args(arguments);
    // Ours speak of this package; a build script that reads them must not see them.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CARGO_PKG_") || name == "CARGO_MANIFEST_DIR" {
            command.env_remove(name);
        }
    }
    // Only where it is not where the server looks by itself: a variable that comes and goes would rebuild the server.
    if target() != root().join("target") {
        command.env("VESTIBULE_SITE_DIR", target().join("site"));
    }
    command
}

fn bare_cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Runs to the end, in view of the person who waits; fails if the program does.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", shown(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", shown(command));
    }
    Ok(())
}

/// Runs to the end in silence; a failure shows what the program had said.
pub fn run_quietly(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start {}", shown(command)))?;
    if !output.status.success() {
        bail!(
            "{} ended with {}\n{}{}",
            shown(command),
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The program of that name, if it is on the path.
pub fn which(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(name)).find(|path| path.is_file())
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    command
        .get_args()
        .fold(program.to_string_lossy().into_owned(), |line, argument| line + " " + &argument.to_string_lossy())
}
