//! `vestibule restore`.

use std::{
    fs,
    io::{self, ErrorKind, Read},
    path::Path,
};

use vestibule_core::store::Store;

use super::{failure::Failure, open::make_private, output::Output};
use crate::config::{Config, Database, KeySource, with_ending};

/// What every SQLite file begins with.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// The database and what SQLite keeps beside it.
const PARTS: [&str; 3] = ["", "-wal", "-shm"];

/// Puts a backup in the database's place. The copy is opened and migrated before anything is replaced.
pub(super) async fn restore(config: &Config, file: &Path, force: bool, out: &mut Output) -> Result<(), Failure> {
    let Database::Sqlite(target) = &config.database else {
        return Err(Failure::said("a Postgres database is restored with pg_restore"));
    };
    if target.exists() && !force {
        let what =
            format!("there is a database at {}; stop Vestibule and give --force to replace it", target.display());
        return Err(Failure::said(what));
    }
    let (draft, whole) = (with_ending(target, ".restoring"), with_ending(target, ".restored"));
    let replaced = match copied(file, target, &draft, &whole).await {
        Ok(()) => replace(target, &whole).map_err(|error| Failure::io(format!("replace {}", target.display()), error)),
        Err(failure) => Err(failure),
    };
    remove(&draft);
    remove(&whole);
    replaced?;
    out.line(target.display())?;
    if let KeySource::File(key) = &config.secret_key
        && !key.exists()
    {
        out.remark(format_args!(
            "There is no secret key at {}: put the copy of it there, or a new one is made and open codes end.",
            key.display()
        ));
    }
    Ok(())
}

/// Makes `whole`: a private, migrated copy beside the target, so that the last step is a change of names.
///
/// It is written by SQLite from a first copy. That reads every page, so a damaged file ends here, and it leaves one file
/// with nothing beside it.
async fn copied(file: &Path, target: &Path, draft: &Path, whole: &Path) -> Result<(), Failure> {
    let reading = |error| Failure::io(format!("read {}", file.display()), error);
    let writing = |error| Failure::io(format!("write beside {}", target.display()), error);
    let mut start = [0; 16];
    fs::File::open(file).and_then(|mut file| file.read_exact(&mut start)).map_err(reading)?;
    if &start != MAGIC {
        return Err(Failure::said(format!("{} is not a SQLite database", file.display())));
    }
    remove(draft);
    remove(whole);
    make_private(draft).map_err(writing)?;
    let mut copy = fs::OpenOptions::new().write(true).open(draft).map_err(writing)?;
    io::copy(&mut fs::File::open(file).map_err(reading)?, &mut copy).map_err(writing)?;
    make_private(whole).map_err(writing)?;

    let store = Store::open(Database::Sqlite(draft.to_owned()).url().reveal()).await?;
    let migrated = async {
        store.migrate().await?;
        store.backup(whole).await
    };
    let migrated = migrated.await;
    store.close().await;
    migrated?;
    fs::File::open(whole).and_then(|whole| whole.sync_all()).map_err(writing)
}

/// Keeps what was there under another name and gives the copy the database's name.
fn replace(target: &Path, whole: &Path) -> io::Result<()> {
    for part in PARTS {
        let kept = with_ending(target, &format!(".before-restore{part}"));
        remove_one(&kept)?;
        match fs::rename(with_ending(target, part), &kept) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    fs::rename(whole, target)
}

/// What is left of a copy, as far as it can be removed; the next restore tries again.
fn remove(copy: &Path) {
    for part in PARTS {
        let _ = remove_one(&with_ending(copy, part));
    }
}

fn remove_one(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
