//! Embeds what `cargo xtask build` has made for the browser: `target/site/pkg/<hash>/*`.
//!
//! Without it (plain `cargo check` or `cargo test` in a fresh checkout) the table is empty and the hash is `dev`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=VESTIBULE_SITE_DIR");
    let packages = site_folder().join("pkg");
    // A folder that does not exist cannot be watched, and would make every build run this again.
    fs::create_dir_all(&packages)?;
    let packages = packages.canonicalize()?;
    println!("cargo::rerun-if-changed={}", packages.display());

    let folders = sorted_entries(&packages)?;
    let (hash, files) = match folders.as_slice() {
        [] => ("dev".to_owned(), Vec::new()),
        [folder] => (file_name(folder), sorted_entries(folder)?),
        several => panic!(
            "one site was expected in {}, not {}; please run cargo xtask build",
            packages.display(),
            several.len()
        ),
    };
    let table = out_folder().join("embedded.rs");
    fs::write(table, source(&hash, &files))
}

/// The table as Rust: file name and content, compressed variants as files of their own.
fn source(hash: &str, files: &[PathBuf]) -> String {
    let mut text = format!(
        "/// Names the content of the assets; another content has another name.\npub const HASH: &str = {hash:?};\n\
         /// Their folder without the leading slash: `site_pkg_dir` of the Leptos options.\n\
         pub const PKG_DIR: &str = \"pkg/{hash}\";\n"
    );
    text += "const EMBEDDED: &[(&str, &[u8])] = &[\n";
    for file in files {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "    ({:?}, include_bytes!({:?})),", file_name(file), file.display().to_string());
    }
    text += "];\n";
    text
}

fn site_folder() -> PathBuf {
    env::var_os("VESTIBULE_SITE_DIR").map_or_else(|| Path::new("../target/site").to_owned(), PathBuf::from)
}

fn out_folder() -> PathBuf {
    env::var_os("OUT_DIR").map(PathBuf::from).expect("cargo names a folder for what build scripts make")
}

fn sorted_entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    entries.sort();
    Ok(entries)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
