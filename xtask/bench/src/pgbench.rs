//! The statements sent singly by pgbench: what Postgres itself makes of them with 16 clients.

use std::{fmt::Write, path::Path, process::Command};

use anyhow::{Context, Result, ensure};

use crate::{hand::STATEMENTS, seed::Database};

pub fn run(programs: &Path, database: &Database, challenges: usize) -> Result<()> {
    let mut script = format!("\\set place random(0, {})\nBEGIN;\n", challenges - 1);
    for statement in STATEMENTS {
        let statement = statement.replace("$1", "'challenge-' || :place").replace("$2", "1800000000000");
        let guarded =
            if statement.starts_with("INSERT") { format!("{statement} ON CONFLICT DO NOTHING") } else { statement };
        writeln!(script, "{guarded};")?;
    }
    script.push_str("COMMIT;\n");
    let file = std::env::temp_dir().join(format!("vestibule-pgbench-{}.sql", std::process::id()));
    std::fs::write(&file, script)?;
    for mode in ["simple", "prepared"] {
        let output = Command::new(programs.join("pgbench"))
            .args(["-n", "-c", "16", "-j", "1", "-T", "5", "-M", mode, "-f"])
            .arg(&file)
            .arg(database.url())
            .output()
            .context("pgbench")?;
        let text = String::from_utf8_lossy(&output.stdout);
        ensure!(output.status.success(), "pgbench failed: {}", String::from_utf8_lossy(&output.stderr));
        let figure = text.lines().find(|line| line.starts_with("tps")).unwrap_or("no figure");
        println!("| pgbench, 16 clients, {mode} protocol | {figure} |");
    }
    std::fs::remove_file(&file)?;
    Ok(())
}
