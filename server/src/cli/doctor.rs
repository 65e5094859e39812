//! `vestibule doctor`: looks at everything that keeps Vestibule from working, and changes nothing.

use std::{os::unix::fs::PermissionsExt, time::Duration};

use serde::Serialize;
use tokio::time::timeout;
use vestibule_core::{
    env::{Env, SystemEnv},
    password::time_a_hash,
    store::{AHEAD, Schema, Store},
};

use super::{failure::Failure, open::shown, output::Output};
use crate::{
    config::{Config, KeySource, Problems},
    mail::probe,
};

/// How long the database may take to open and to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// The start of 2026 in unix milliseconds. No clock that is right shows less.
const WRITTEN_AT: i64 = 1_767_225_600_000;

/// How one check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Ok,
    /// It works, but an operator should know.
    Warning,
    Failed,
}

#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    verdict: Verdict,
    detail: String,
}

pub(super) async fn doctor(config: Result<&Config, &Problems>, json: bool, out: &mut Output) -> Result<(), Failure> {
    let findings = match config {
        Ok(config) => vec![
            ("settings", (Verdict::Ok, "sound".to_owned())),
            ("database", database(config).await),
            ("key", key(config)),
            ("mail", mail(config).await),
            ("public url", public_url(config)),
            ("passkeys", passkeys(config)),
            ("clock", clock(&SystemEnv::default())),
            ("passwords", passwords(&SystemEnv::default()).await),
        ],
        // The other checks ask what the settings name.
        Err(Problems(problems)) => {
            let all = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            vec![("settings", (Verdict::Failed, all))]
        }
    };
    let checks: Vec<Check> =
        findings.into_iter().map(|(name, (verdict, detail))| Check { name, verdict, detail }).collect();
    if json {
        out.json(&checks)?;
    } else {
        for check in &checks {
            let word = format!("{:?}", check.verdict).to_lowercase();
            out.line(format_args!("{word:8}{:12}{}", check.name, check.detail))?;
        }
    }
    match checks.iter().filter(|check| check.verdict == Verdict::Failed).count() {
        0 => Ok(()),
        1 => Err(Failure::said("one check failed")),
        failed => Err(Failure::said(format!("{failed} checks failed"))),
    }
}

type Finding = (Verdict, String);

async fn database(config: &Config) -> Finding {
    // Opening would make the file.
    if let Some(file) = config.database.file().filter(|file| !file.exists()) {
        return (Verdict::Warning, format!("{} is not there yet; the first start makes it", file.display()));
    }
    let place = shown(&config.database);
    let url = config.database.url();
    let asked = async {
        let store = Store::open(url.reveal()).await?;
        let schema = store.schema().await;
        Ok::<_, vestibule_core::Error>((store, schema))
    };
    let (store, schema) = match timeout(PATIENCE, asked).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => return (Verdict::Failed, format!("{place}: {error}")),
        Err(_) => {
            return (Verdict::Failed, format!("{place} does not answer within {} seconds", PATIENCE.as_secs()));
        }
    };
    // It reads every page, and a large file is no fault.
    let faults = store.check().await;
    store.close().await;
    match faults.and_then(|faults| Ok((faults, schema?))) {
        Ok((faults, _)) if !faults.is_empty() => {
            (Verdict::Failed, format!("{place} is damaged: {}", faults.join("; ")))
        }
        Ok((_, Schema::Current)) => (Verdict::Ok, format!("{place} answers and is up to date")),
        Ok((_, Schema::New | Schema::Behind)) => (
            Verdict::Warning,
            format!("{place} answers and needs migrating; the next start or `vestibule migrate` does it"),
        ),
        Ok((_, Schema::Ahead)) => (Verdict::Failed, format!("{place}: {AHEAD}")),
        Err(error) => (Verdict::Failed, format!("{place}: {error}")),
    }
}

fn key(config: &Config) -> Finding {
    let path = match &config.secret_key {
        KeySource::Given(_) => return (Verdict::Ok, "given by the settings".to_owned()),
        KeySource::File(path) => path,
    };
    match config.secret_key.existing() {
        Ok(Some(_)) => match path.metadata().map(|file| file.permissions().mode() & 0o077) {
            Ok(0) => (Verdict::Ok, path.display().to_string()),
            _ => (Verdict::Failed, format!("others can read {}; `chmod 600` keeps it secret", path.display())),
        },
        Ok(None) if config.database.file().is_some_and(std::path::Path::exists) => (
            Verdict::Warning,
            format!("{} is missing; the next start makes a new one, and open codes end", path.display()),
        ),
        Ok(None) => (Verdict::Ok, "the first start makes it".to_owned()),
        Err(error) => (Verdict::Failed, error.to_string()),
    }
}

async fn mail(config: &Config) -> Finding {
    let Some(smtp) = &config.smtp else {
        return (Verdict::Warning, "no mail server is set; mails wait in the outbox".to_owned());
    };
    match probe(smtp).await {
        Ok(_) if smtp.is_encrypted() || matches!(smtp.host(), "localhost" | "127.0.0.1" | "[::1]") => {
            (Verdict::Ok, format!("{} port {} answers", smtp.host(), smtp.port()))
        }
        Ok(_) => (Verdict::Warning, format!("{} answers, but mails and password may travel unencrypted", smtp.host())),
        Err(trouble) => (Verdict::Failed, trouble.to_string()),
    }
}

fn public_url(config: &Config) -> Finding {
    let url = &config.public_url;
    match (url.secure(), url.is_local()) {
        (true, false) => (Verdict::Ok, url.to_string()),
        (_, true) => {
            (Verdict::Warning, format!("{url} opens on this machine only, so links in mails lead nowhere else"))
        }
        (false, false) => (Verdict::Failed, format!("{url} is not https: passwords and codes would travel readable")),
    }
}

/// Browsers make passkeys for a host name alone (Web Authentication Level 2 §5.1.2).
fn passkeys(config: &Config) -> Finding {
    let url = &config.public_url;
    if url.is_address() {
        let detail = format!("{url} is a network address: browsers make passkeys only for a host name, so nobody can");
        return (Verdict::Warning, detail);
    }
    (Verdict::Ok, format!("people can make them for {}", url.host()))
}

fn clock(env: &dyn Env) -> Finding {
    match env.now() {
        now if now < WRITTEN_AT => {
            (Verdict::Failed, "the clock is years behind; codes would never expire as promised".to_owned())
        }
        _ => (Verdict::Ok, "plausible".to_owned()),
    }
}

/// Hashing slows guessing down, and must not slow people down as well.
async fn passwords(env: &dyn Env) -> Finding {
    match time_a_hash(env).await.map(|time| time.as_millis()) {
        Ok(time) if time > 1_000 => {
            (Verdict::Warning, format!("one hash takes {time} ms: sign-ins will feel slow here"))
        }
        Ok(time) => (Verdict::Ok, format!("one hash takes {time} ms")),
        Err(error) => (Verdict::Failed, error.to_string()),
    }
}
