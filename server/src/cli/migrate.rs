//! `vestibule migrate`.

use vestibule_core::store::Schema;

use super::{failure::Failure, open, output::Output};
use crate::config::Config;

/// Brings the database up to this release; safe to run again and at once with others.
pub(super) async fn migrate(config: &Config, out: &mut Output) -> Result<(), Failure> {
    let store = open::store(config).await?;
    let done = async {
        let found = store.schema().await?;
        store.migrate().await?;
        Ok::<_, Failure>(found)
    };
    let done = done.await;
    store.close().await;
    out.remark(match done? {
        Schema::Current => "The database was up to date.",
        _ => "The database was migrated.",
    });
    Ok(())
}
