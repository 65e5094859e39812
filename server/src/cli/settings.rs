//! `vestibule config`.

use super::{failure::Failure, output::Output};
use crate::config::{Config, Line, Problems, Sources, report};

/// Every setting, and then what is wrong with them. Secrets are told only as set or not.
pub(super) fn show(
    sources: &Sources,
    config: Result<&Config, &Problems>,
    json: bool,
    out: &mut Output,
) -> Result<(), Failure> {
    let lines = report(sources, config.ok());
    if json {
        out.json(&lines)?;
    } else {
        table(lines, out)?;
    }
    match config {
        Ok(_) => Ok(()),
        Err(problems) => Err(problems.clone().into()),
    }
}

fn table(lines: Vec<Line>, out: &mut Output) -> Result<(), Failure> {
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
