//! `vestibule migrate`.

use super::{failure::Failure, open, output::Output};
use crate::config::Config;

/// Brings the database up to this release; safe to run again and at once with others.
pub(super) async fn migrate(config: &Config, out: &mut Output) -> Result<(), Failure> {
    let store = open::store(config).await?;
    let done = async {
        let was_behind = store.is_behind().await?;
        store.migrate().await?;
        Ok::<_, Failure>(was_behind)
    };
    let done = done.await;
    store.close().await;
    out.remark(if done? { "The database was migrated." } else { "The database was up to date." });
    Ok(())
}
