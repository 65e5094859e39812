//! `vestibule backup`.

use std::path::Path;

use super::{failure::Failure, open, output::Output};
use crate::config::{Config, Database, KeySource};

/// Copies the SQLite database to a new private file.
///
/// The secret key stays out of it on purpose: who finds a backup must not find what guards its codes beside it. Without
/// the key a restored database works, but codes and links that are under way do not.
pub(super) async fn backup(config: &Config, file: &Path, out: &mut Output) -> Result<(), Failure> {
    let Database::Sqlite(path) = &config.database else {
        return Err(Failure::said("a Postgres database is backed up with pg_dump"));
    };
    if !path.exists() {
        return Err(Failure::said(format!("there is no database at {}", path.display())));
    }
    // SQLite fills an empty file that is there; made here it is ours alone, and nothing is ever overwritten.
    open::make_private(file).map_err(|error| Failure::io(format!("make {}", file.display()), error))?;
    let copied = match open::store(config).await {
        Ok(store) => {
            let copied = store.backup(file).await;
            store.close().await;
            copied.map_err(Failure::from)
        }
        Err(failure) => Err(failure),
    };
    if let Err(failure) = copied {
        let _ = std::fs::remove_file(file);
        return Err(failure);
    }
    out.line(file.display())?;
    if let KeySource::File(key) = &config.secret_key {
        out.remark(format_args!(
            "The secret key {} is not in the backup; keep a copy of it in another place.",
            key.display()
        ));
    }
    Ok(())
}
