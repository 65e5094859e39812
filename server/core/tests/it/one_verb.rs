//! Rule 1: one verb proves. Read from the source, because a second one would do so unseen.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// An SQL text that writes to `email`, with the file that it stands in.
struct Writing {
    file: PathBuf,
    sql: String,
}

#[test]
fn one_statement_sets_verified_and_one_function_runs_it() {
    let server = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let sources = sources(server);
    let writings: Vec<Writing> = sources.iter().flat_map(|(file, text)| writings(file, text)).collect();
    // Adding, changing, un-verifying, making primary: were they not found, the one that is looked for might not be either.
    assert!(writings.len() >= 4, "only {} statements write addresses", writings.len());
    let setting: Vec<&Writing> = writings.iter().filter(|writing| sets_verified(&writing.sql)).collect();
    let [only] = setting[..] else {
        panic!(
            "{} statements set verified: {:?}",
            setting.len(),
            setting.iter().map(|one| &one.sql).collect::<Vec<_>>()
        )
    };
    assert!(only.file.ends_with("core/src/store/emails.rs"), "{}", only.file.display());

    let callers: Vec<_> = sources.iter().filter(|(_, text)| text.contains("emails::verify(")).collect();
    let [(file, text)] = callers[..] else { panic!("{} files run it", callers.len()) };
    assert!(file.ends_with("core/src/prove.rs") && text.matches("emails::verify(").count() == 1);
}

#[test]
fn a_second_one_would_be_seen() {
    for (sql, sets) in [
        ("UPDATE email SET verified_at = $2, proof = 'api' WHERE id = $1", true),
        ("UPDATE email SET is_primary = TRUE, proof = input.proof FROM input", true),
        ("INSERT INTO email (id, address, verified_at) VALUES ($1, $2, $3)", true),
        ("INSERT INTO email (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET verified_at = excluded.created_at", true),
        ("UPDATE email SET verified_at = NULL, proof = NULL, proof_reason = NULL WHERE verified_at IS NOT NULL", false),
        ("INSERT INTO email (id, address) VALUES ($1, $2)", false),
    ] {
        let found = writings(Path::new("x.rs"), &format!("exec!(tx, \"{sql}\")"));
        assert_eq!(found.len(), 1, "{sql}");
        assert_eq!(sets_verified(&found[0].sql), sets, "{sql}");
    }
}

/// Every source file of the server and its packages, without their tests.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("tests") && !path.ends_with("target") {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

fn writings(file: &Path, text: &str) -> Vec<Writing> {
    let starts = ["UPDATE email SET ", "INSERT INTO email "].into_iter().flat_map(|start| text.match_indices(start));
    starts
        .map(|(at, _)| {
            let sql = text[at..].split('"').next().unwrap_or_default();
            Writing { file: file.to_owned(), sql: sql.split_whitespace().collect::<Vec<_>>().join(" ") }
        })
        .collect()
}

/// Whether a statement gives `verified_at` or `proof` a value.
fn sets_verified(sql: &str) -> bool {
    let columns = if sql.starts_with("INSERT") { sql.split(')').next().unwrap_or_default() } else { "" };
    ["verified_at", "proof"].into_iter().any(|column| {
        let is_listed = columns.split(['(', ',']).any(|listed| listed.trim() == column);
        let setting = format!("{column} = ");
        is_listed || sql.split(setting.as_str()).skip(1).any(|value| !value.starts_with("NULL"))
    })
}
