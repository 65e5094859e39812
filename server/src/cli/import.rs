//! `vestibule import`.

use std::{fs, path::Path};

use serde::Serialize;
use vestibule_core::{
    Vestibule,
    api_key::Keeper,
    import::{Column, Fault, Found, HeaderFault, Outcome, Problem, ROWS, Reader, Row},
};

use super::{
    api_key::{existing, keeper},
    arguments::ImportArguments,
    failure::Failure,
    open::{Migrations, Open},
    output::Output,
    refusal::sentence,
};
use crate::config::Config;

/// What became of a file, or would become of it.
#[derive(Debug, Default, Serialize)]
struct Report {
    dry_run: bool,
    new: usize,
    known: usize,
    problems: Vec<Trouble>,
}

#[derive(Debug, Serialize)]
struct Trouble {
    line: u64,
    column: Option<String>,
    reason: String,
}

/// Makes users of the rows of a CSV file, or only says what would become of them. Rows with a problem are left out, all are
/// told, and the command then ends as failed.
pub(super) async fn import(config: &Config, asked: ImportArguments, out: &mut Output) -> Result<(), Failure> {
    // Read before a database is made for it.
    let text = read(&asked.file)?;
    let open = if asked.dry_run { Open::to_look(config).await? } else { Open::new(config, Migrations::Apply).await? };
    let done = async {
        let wanted = asked.at.org.as_deref();
        let by = if asked.dry_run {
            Keeper::operator(&existing(&open.vestibule, wanted).await?.id)
        } else {
            keeper(&open.vestibule, config, wanted).await?
        };
        let name = asked.file.file_name().unwrap_or_default().to_string_lossy();
        let mut desk =
            Desk { vestibule: &open.vestibule, by, report: Report { dry_run: asked.dry_run, ..Report::default() } };
        desk.take(&name, &text, out).await?;
        Ok::<_, Failure>(desk.report)
    };
    let done = done.await;
    open.close(done).await?.tell(asked.json, out)
}

/// The text of a file that is UTF-8, without the mark that some programs begin it with.
fn read(file: &Path) -> Result<String, Failure> {
    let bytes = fs::read(file).map_err(|error| Failure::io(format!("read {}", file.display()), error))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = before.split(|byte| *byte == b'\n').count();
        Failure::said(format!("line {line} of {} is not UTF-8; save it as UTF-8 and try again", file.display()))
    })?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// What parts the headings: spreadsheets write semicolons where decimals have a comma, and some write tabs.
fn delimiter(text: &str) -> u8 {
    let headings = text.lines().next().unwrap_or_default();
    let often = |delimiter: &u8| headings.bytes().filter(|byte| byte == delimiter).count();
    b"\t;,".iter().copied().max_by_key(often).unwrap_or(b',')
}

/// Where a file is worked through.
struct Desk<'a> {
    vestibule: &'a Vestibule,
    by: Keeper,
    report: Report,
}

impl Desk<'_> {
    async fn take(&mut self, name: &str, text: &str, out: &mut Output) -> Result<(), Failure> {
        let unreadable = |error| Failure::said(format!("{name} cannot be read: {error}"));
        let mut table =
            csv::ReaderBuilder::new().delimiter(delimiter(text)).flexible(true).from_reader(text.as_bytes());
        let mut reader = Reader::new(name, table.headers().map_err(unreadable)?).map_err(unusable)?;
        let mut waiting: Vec<(u64, Row)> = Vec::with_capacity(ROWS);
        let mut lines = Lines { text, at: 0, line: 1 };
        for record in table.records() {
            let record = record.map_err(unreadable)?;
            let line = lines.at(record.position().map_or(0, csv::Position::byte));
            match reader.read(line, &record.iter().collect::<Vec<_>>()) {
                Ok(row) => waiting.push((line, row)),
                Err(problem) => self.report.add(line, Err(problem)),
            }
            if waiting.len() == ROWS {
                self.carry_out(std::mem::take(&mut waiting), out).await?;
            }
        }
        self.carry_out(waiting, out).await?;
        self.report.problems.sort_by_key(|problem| problem.line);
        Ok(())
    }

    async fn carry_out(&mut self, rows: Vec<(u64, Row)>, out: &mut Output) -> Result<(), Failure> {
        let (lines, rows): (Vec<u64>, Vec<Row>) = rows.into_iter().unzip();
        let first = lines.first().copied();
        let done = if self.report.dry_run {
            self.vestibule.preview_import(self.by.clone(), &rows).await
        } else {
            self.vestibule.import(self.by.clone(), rows).await
        };
        let outcomes = done.inspect_err(|_| {
            if let Some(line) = first.filter(|_| !self.report.dry_run) {
                out.remark(format_args!("Lines before {line} are in; the same file once more goes on where it ended."));
            }
        })?;
        lines.into_iter().zip(outcomes).for_each(|(line, outcome)| self.report.add(line, outcome));
        Ok(())
    }
}

/// Counts lines as an editor does. The parser tells where it began to look for a record, which may be an empty line, or the
/// second half of a line end.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the record that begins at this byte or after line ends; records come one after the other.
    fn at(&mut self, byte: u64) -> u64 {
        let rest = usize::try_from(byte).ok().and_then(|byte| self.text.get(byte..)).unwrap_or_default();
        let start = self.text.len() - rest.trim_start_matches(['\r', '\n']).len();
        let passed = self.text.get(self.at..start).unwrap_or_default();
        self.line += passed.matches('\n').map(|_| 1).sum::<u64>();
        self.at = start;
        self.line
    }
}

impl Report {
    fn add(&mut self, line: u64, outcome: Outcome) {
        match outcome {
            Ok(Found::New) => self.new += 1,
            Ok(Found::Known) => self.known += 1,
            Err(problem) => self.problems.push(Trouble {
                line,
                column: problem.column.as_ref().map(|column| column.as_str().to_owned()),
                reason: reason(&problem),
            }),
        }
    }

    fn tell(&self, json: bool, out: &mut Output) -> Result<(), Failure> {
        if json {
            out.json(self)?;
        } else {
            for Trouble { line, column, reason } in &self.problems {
                let column = column.as_ref().map(|column| format!(", {column}")).unwrap_or_default();
                out.line(format_args!("line {line}{column}: {reason}"))?;
            }
            let problems = self.problems.len();
            out.line(format_args!("new {}, known {}, with a problem {problems}", self.new, self.known))?;
            if self.dry_run {
                out.remark("Nothing was changed.");
            }
        }
        let fate = if self.dry_run { "would be" } else { "were" };
        match self.problems.len() {
            0 => Ok(()),
            1 => Err(Failure::said(format!("one row has a problem and {} left out", fate.replace("were", "was")))),
            many => Err(Failure::said(format!("{many} rows have a problem and {fate} left out"))),
        }
    }
}

fn reason(problem: &Problem) -> String {
    match &problem.fault {
        Fault::Refused(refusal) => sentence(refusal),
        Fault::Language => "it is none of en, de, fr, es, ja, ar".to_owned(),
        Fault::Flag => "it is neither yes nor no".to_owned(),
        Fault::Repeated { line } => format!("it stands on line {line} already"),
        Fault::Cells { found, expected } => format!("cells {found}, headings {expected}"),
    }
}

fn unusable(fault: HeaderFault) -> Failure {
    Failure::said(match fault {
        HeaderFault::Unknown(heading) => format!(
            "there is no column {heading:?}; there are email, name, username, language, verified, password_hash and the \
             texts of a profile by their names in OpenID Connect (given_name, family_name, …)"
        ),
        HeaderFault::Twice(column) => format!("the column {} is there twice", Column::as_str(&column)),
        HeaderFault::NoEmail => "the first line must name the columns, and one of them must be email".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_headings_say_what_parts_them() {
        for (headings, parted) in [("email", b','), ("email,name", b','), ("email;name", b';'), ("email\tname", b'\t')]
        {
            assert_eq!(delimiter(headings), parted, "{headings}");
        }
    }
}
