//! `vestibule restore`.

use std::{
    fs,
    io::{self, ErrorKind, Read},
    os::unix::fs::{MetadataExt, chown},
    path::Path,
};

use time::{Duration, OffsetDateTime, macros::format_description};
use vestibule_core::{
    env::{Env, SystemEnv},
    store::{Folded, Schema, Store, fold},
};

use super::{failure::Failure, open::make_private, output::Output};
use crate::config::{Config, Database, KeySource, with_ending};

/// What every SQLite file begins with.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// The database and what SQLite keeps beside it.
const PARTS: [&str; 3] = ["", "-wal", "-shm"];

/// Puts a backup in the database's place. The copy is opened and migrated, and the database in nobody's use, before
/// anything is replaced.
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
    let copied = copied(file, target, &draft, &whole).await;
    remove(&draft);
    let ready = match copied {
        Ok(()) => unused(target).await,
        failed => failed,
    };
    if let Err(failure) = ready {
        remove(&whole);
        return Err(failure);
    }
    let kept = with_ending(target, &format!(".before-restore-{}", time_now()));
    // The finished copy stays if this fails.
    replace(target, &whole, &kept)
        .map_err(|error| Failure::io(format!("put {} in the place of {}", whole.display(), target.display()), error))?;
    out.line(target.display())?;
    if kept.exists() {
        out.remark(format_args!("The database that was there is kept as {}.", kept.display()));
    }
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

/// Who has the replaced file open would go on writing to it, and nobody would ever read that.
async fn unused(target: &Path) -> Result<(), Failure> {
    if !target.exists() {
        return Ok(());
    }
    match fold(target).await? {
        Folded::InUse => {
            Err(Failure::said(format!("the database {} is in use; stop Vestibule first", target.display())))
        }
        // A damaged one may be what is to be replaced; it is kept with all that is beside it.
        Folded::Whole | Folded::Damaged => Ok(()),
    }
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
    let wal = with_ending(file, "-wal");
    if fs::metadata(&wal).is_ok_and(|wal| wal.len() > 0) {
        return Err(Failure::said(format!(
            "{} holds what {} lacks: it is in use, or was copied while it was; `vestibule backup` makes a whole copy",
            wal.display(),
            file.display()
        )));
    }
    remove(draft);
    remove(whole);
    make_private(draft).map_err(writing)?;
    let mut copy = fs::OpenOptions::new().write(true).open(draft).map_err(writing)?;
    io::copy(&mut fs::File::open(file).map_err(reading)?, &mut copy).map_err(writing)?;
    make_private(whole).map_err(writing)?;

    let store = Store::open(Database::Sqlite(draft.to_owned()).url().reveal()).await?;
    let migrated = async {
        if store.schema().await? == Schema::New {
            return Err(Failure::said(format!("{} is not a database of Vestibule", file.display())));
        }
        store.migrate().await?;
        Ok(store.backup(whole).await?)
    };
    let migrated = migrated.await;
    store.close().await;
    migrated?;
    fs::File::open(whole).and_then(|whole| whole.sync_all()).map_err(writing)
}

/// Gives the copy the database's name. What was there has a second name by then, so that at no moment one is missing; a
/// link never replaces what was kept before.
fn replace(target: &Path, whole: &Path, kept: &Path) -> io::Result<()> {
    if let Ok(was) = fs::metadata(target) {
        let is = fs::metadata(whole)?;
        // Root restores for whom Vestibule runs as.
        if (was.uid(), was.gid()) != (is.uid(), is.gid()) {
            chown(whole, Some(was.uid()), Some(was.gid()))?;
        }
    }
    for part in PARTS {
        match fs::hard_link(with_ending(target, part), with_ending(kept, part)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    // SQLite would take them for the copy's.
    for part in &PARTS[1..] {
        remove_one(&with_ending(target, part))?;
    }
    fs::rename(whole, target)?;
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(folder)?.sync_all()
}

/// To the millisecond, as part of a file's name.
fn time_now() -> String {
    let format = format_description!("[year][month][day]T[hour][minute][second].[subsecond digits:3]Z");
    let now = OffsetDateTime::UNIX_EPOCH + Duration::milliseconds(SystemEnv::default().now());
    now.format(format).unwrap_or_default()
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
