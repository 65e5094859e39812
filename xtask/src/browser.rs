//! What the browser tests need: a Node that is new enough, npm packages and a Chromium.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::command::{root, run, run_quietly, target, which};
use crate::machine::apt_install;

/// Where the tools are.
pub struct Tools {
    path: OsString,
    pub chromium: PathBuf,
}

impl Tools {
    /// `npx` in the folder of the browser tests, on the Node that they need.
    pub fn npx(&self) -> Command {
        program("npx", &self.path)
    }
}

/// The oldest major version of Node that Playwright runs on, and the one that is fetched where there is none such.
const OLDEST_NODE: u32 = 20;
const NODE: &str = "22";

/// Finds or installs everything.
pub fn install() -> Result<Tools> {
    if which("npm").is_none() {
        apt_install(&["nodejs", "npm"])?;
    }
    let path = path_to_node()?;
    if !packages_are_current(&folder()) {
        let mut npm = program("npm", &path);
        run(npm.args(["ci", "--no-audit", "--no-fund"]).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))?;
    }
    let chromium = chromium(&path)?;
    Ok(Tools { path, chromium })
}

fn folder() -> PathBuf {
    root().join("end2end")
}

fn program(name: &str, path: &OsString) -> Command {
    let mut command = Command::new(which(name).unwrap_or_else(|| name.into()));
    command.current_dir(folder()).env("PATH", path);
    command
}

/// A `PATH` whose Node is new enough: the machine's own, else one from npm that is kept beside what cargo makes.
fn path_to_node() -> Result<OsString> {
    let own = std::env::var_os("PATH").unwrap_or_default();
    let fits = |path: &OsString| {
        let printed = run_quietly(Command::new("node").arg("--version").env("PATH", path)).ok();
        let major = printed.and_then(|text| text.trim().trim_start_matches('v').split('.').next()?.parse::<u32>().ok());
        major.is_some_and(|major| major >= OLDEST_NODE)
    };
    if fits(&own) {
        return Ok(own);
    }
    let home = target().join("node").join(NODE);
    let places = std::iter::once(home.join("node_modules/node/bin")).chain(std::env::split_paths(&own));
    let with_newer = std::env::join_paths(places)?;
    if !fits(&with_newer) {
        eprintln!("the browser tests need Node {OLDEST_NODE} or newer: fetching one");
        fs::create_dir_all(&home)?;
        let mut npm = program("npm", &own);
        npm.args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(&home).arg(format!("node@{NODE}"));
        run(&mut npm)?;
    }
    if fits(&with_newer) {
        return Ok(with_newer);
    }
    bail!("the browser tests need Node {OLDEST_NODE} or newer, and npm could not fetch one")
}

/// npm writes a copy of the lock file into what it has installed, and does so last.
fn packages_are_current(folder: &Path) -> bool {
    let changed = |path: PathBuf| fs::metadata(path).and_then(|file| file.modified());
    match (changed(folder.join("node_modules/.package-lock.json")), changed(folder.join("package-lock.json"))) {
        (Ok(installed), Ok(locked)) => installed >= locked,
        _ => false,
    }
}

fn chromium(path: &OsString) -> Result<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from).filter(|path| path.is_file());
    if let Some(found) = named.or_else(on_path) {
        return Ok(found);
    }
    let playwrights = || {
        let script = "process.stdout.write(require('playwright-core').chromium.executablePath())";
        let mut node = Command::new("node");
        let printed = run_quietly(node.args(["-e", script]).current_dir(folder()).env("PATH", path)).ok()?;
        Some(PathBuf::from(printed)).filter(|path| path.is_file())
    };
    // With the system's libraries where it may install them, else without. Two failures are not the end: the distribution
    // has a browser too.
    for arguments in [&["playwright", "install", "--with-deps", "chromium"][..], &["playwright", "install", "chromium"]]
    {
        if let Some(found) = playwrights() {
            return Ok(found);
        }
        let _ = run(program("npx", path).args(arguments).stdin(Stdio::null()));
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
