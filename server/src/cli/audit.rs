//! `vestibule audit verify`.

use serde::Serialize;

use super::{
    failure::Failure,
    open::{Migrations, Open},
    output::Output,
};
use crate::config::Config;

#[derive(Serialize)]
struct Report {
    whole: bool,
    /// Seals that fit, and the events in them.
    seals: i64,
    events: i64,
    first_broken_seal: Option<i64>,
}

/// Computes every seal of the log again. Whatever it finds, it changes nothing.
pub(super) async fn verify(config: &Config, json: bool, out: &mut Output) -> Result<(), Failure> {
    let open = Open::new(config, Migrations::Refuse).await?;
    let checked = open.vestibule.verify_seals().await;
    let checked = open.close(checked).await?;
    let (seals, events, broken) = (checked.seals, checked.events, checked.broken);
    if json {
        out.json(&Report { whole: broken.is_none(), seals, events, first_broken_seal: broken })?;
    }
    match broken {
        Some(seal) => Err(Failure::said(format!(
            "seal {seal} is broken: since it was made, it or an event in it was changed or taken away \
             (whole before it: seals {seals}, events {events})"
        ))),
        None if json => Ok(()),
        None => out.line(format_args!("the log is whole: seals {seals}, events {events}")),
    }
}
