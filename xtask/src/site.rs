//! What a browser fetches, under a name that changes with its content: `target/site/pkg/<hash>/`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Context, Result};
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};

use crate::command::{root, target};
use crate::{css, wasm};

/// The stem of every file in the folder, as Leptos' `output_name` has it.
pub const NAME: &str = "vestibule";

/// Makes the folder, unless it is there already: its name says what is in it.
pub fn build() -> Result<()> {
    let module = wasm::compile()?;
    let files = [
        (format!("{NAME}_bg.wasm"), module.wasm),
        (format!("{NAME}.js"), module.script),
        (format!("{NAME}.css"), css::bundle()?),
        // Each is loaded only by the pages that it is about.
        ("passkey.js".to_owned(), fs::read(root().join("app/src/shell/passkey.js"))?),
        ("strength.js".to_owned(), fs::read(root().join("app/src/shell/strength.js"))?),
        ("wait.js".to_owned(), fs::read(root().join("app/src/shell/wait.js"))?),
    ];
    let hash = content_hash(&files);
    let folder = target().join("site/pkg").join(&hash);
    if !folder.is_dir() {
        write_folder(&folder, &files).with_context(|| format!("writing {}", folder.display()))?;
    }
    report(&folder, &files)
}

/// Over names and contents, with lengths so that no byte can move from one file to the next unseen.
fn content_hash(files: &[(String, Vec<u8>)]) -> String {
    let mut hash = Sha256::new();
    for (name, content) in files {
        hash.update(name.as_bytes());
        hash.update(content.len().to_le_bytes());
        hash.update(content);
    }
    hash.finalize().iter().take(8).fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

/// Written aside and renamed, so that a build broken off leaves no half folder under a name that promises a whole one.
/// Earlier contents go: the server embeds exactly one.
fn write_folder(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<()> {
    let fresh = target().join("site/fresh");
    remove_folder(&fresh)?;
    fs::create_dir_all(&fresh)?;
    for (name, content) in files {
        fs::write(fresh.join(name), content)?;
        fs::write(fresh.join(format!("{name}.br")), brotli(content)?)?;
        fs::write(fresh.join(format!("{name}.gz")), gzip(content)?)?;
    }
    let all: PathBuf = target().join("site/pkg");
    remove_folder(&all)?;
    fs::create_dir_all(&all)?;
    fs::rename(fresh, folder)?;
    Ok(())
}

fn remove_folder(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

fn brotli(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    brotli::BrotliCompress(&mut &content[..], &mut packed, &parameters)?;
    Ok(packed)
}

fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    encoder.finish()
}

/// What an invited person on a phone pays.
#[allow(clippy::cast_precision_loss)]
fn report(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<()> {
    let mut total = 0;
    for (name, _) in files {
        let packed = fs::metadata(folder.join(format!("{name}.br")))?.len();
        eprintln!("{name:>18} {:6.1} kB by Brotli", packed as f64 / 1000.0);
        total += packed;
    }
    eprintln!("{:>18} {:6.1} kB", "together", total as f64 / 1000.0);
    Ok(())
}
