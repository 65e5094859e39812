//! What the browser tests need: npm packages and a Chromium.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::command::{root, run, run_quietly, which};
use crate::machine::apt_install;

/// Where the tools are.
pub struct Tools {
    pub npx: PathBuf,
    pub chromium: PathBuf,
}

/// Finds or installs everything.
pub fn install() -> Result<Tools> {
    if which("npm").is_none() {
        apt_install(&["nodejs", "npm"])?;
    }
    let npm = which("npm").context("npm is missing")?;
    let npx = which("npx").context("npx is missing")?;
    let folder = root().join("end2end");
    if !packages_are_current(&folder) {
        run(Command::new(npm)
            .args(["ci", "--no-audit", "--no-fund"])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            .current_dir(&folder))?;
    }
    let chromium = chromium(&npx, &folder)?;
    Ok(Tools { npx, chromium })
}

/// npm writes a copy of the lock file into what it has installed, and does so last.
fn packages_are_current(folder: &Path) -> bool {
    let changed = |path: PathBuf| fs::metadata(path).and_then(|file| file.modified());
    match (changed(folder.join("node_modules/.package-lock.json")), changed(folder.join("package-lock.json"))) {
        (Ok(installed), Ok(locked)) => installed >= locked,
        _ => false,
    }
}

fn chromium(npx: &Path, folder: &Path) -> Result<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from).filter(|path| path.is_file());
    if let Some(found) = named.or_else(on_path) {
        return Ok(found);
    }
    let playwrights = || {
        let script = "process.stdout.write(require('playwright-core').chromium.executablePath())";
        let path = run_quietly(Command::new("node").args(["-e", script]).current_dir(folder)).ok()?;
        Some(PathBuf::from(path)).filter(|path| path.is_file())
    };
    if playwrights().is_none() {
        // A failure is not the end: the distribution has one too.
        let _ = run(Command::new(npx).args(["playwright", "install", "--with-deps", "chromium"]).current_dir(folder));
    }
    if let Some(found) = playwrights() {
        return Ok(found);
    }
    apt_install(&["chromium"])?;
    on_path().context("Chromium is missing after its installation")
}

fn on_path() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].into_iter().find_map(which)
}
