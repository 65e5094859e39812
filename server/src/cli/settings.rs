//! `vestibule config`.

use super::{failure::Failure, output::Output};
use crate::config::{Config, Sources, report};

/// Every setting. Secrets are told only as set or not.
pub(super) fn show(sources: &Sources, config: &Config, json: bool, out: &mut Output) -> Result<(), Failure> {
    let lines = report(sources, config);
    if json {
        return out.json(&lines);
    }
    for line in lines {
        let names =
            [Some(line.variable.to_owned()), line.file_variable, line.flag, Some(format!("{} in TOML", line.setting))];
        out.line(format_args!("{} = {}  ({})", line.setting, line.value, line.source))?;
        out.line(format_args!("    {}", line.meaning))?;
        out.line(format_args!(
            "    default: {}; set by {}",
            line.default,
            names.into_iter().flatten().collect::<Vec<_>>().join(", ")
        ))?;
    }
    Ok(())
}
