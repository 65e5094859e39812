//! `vestibule audit verify`.

use serde::Serialize;
use vestibule_core::seal::SealReport;

use super::{failure::Failure, open::Open, output::Output};
use crate::config::Config;

#[derive(Serialize)]
struct Report {
    whole: bool,
    /// Seals that fit, and the events in them.
    seals: i64,
    events: i64,
    first_broken_seal: Option<i64>,
    /// Seals of older releases, which were made without the secret key.
    seals_without_key: i64,
    events_not_sealed_yet: i64,
    events_missing: i64,
}

/// Computes every seal of the log again. Whatever it finds, it changes nothing.
pub(super) async fn verify(config: &Config, json: bool, out: &mut Output) -> Result<(), Failure> {
    let open = Open::to_look(config).await?;
    if config.secret_key.existing()?.is_none() {
        let missing = "the secret key that the seals were made under is missing: put it in its place";
        return open.close(Err(Failure::said(missing))).await;
    }
    let checked = open.vestibule.verify_seals().await;
    let checked = open.close(checked).await?;
    let SealReport { seals, events, broken, unkeyed, unsealed, missing } = checked;
    if json {
        out.json(&Report {
            whole: broken.is_none() && missing == 0,
            seals,
            events,
            first_broken_seal: broken,
            seals_without_key: unkeyed,
            events_not_sealed_yet: unsealed,
            events_missing: missing,
        })?;
    }
    if let Some(seal) = broken {
        return Err(Failure::said(format!(
            "seal {seal} is broken: since it was made, it or an event in it was changed or taken away, or the secret key \
             is another one (whole before it: seals {seals}, events {events})"
        )));
    }
    if missing > 0 {
        return Err(Failure::said(format!(
            "events are missing: {missing} at the ends of histories were taken away, and seals with them if they were sealed"
        )));
    }
    if json {
        return Ok(());
    }
    let beside = [(unsealed, "not sealed yet"), (unkeyed, "seals without the secret key")];
    let beside = beside.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!(", {what} {count}"));
    out.line(format_args!("the log is whole: seals {seals}, events {events}{}", beside.collect::<String>()))
}
