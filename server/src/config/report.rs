//! What `vestibule config` shows of every setting.

use serde::Serialize;

use super::{Config, setting::ALL, source::Sources};

/// One setting with its value, as a record.
#[derive(Debug, Serialize)]
pub struct Line {
    pub setting: &'static str,
    pub variable: &'static str,
    /// For secrets: the variable that names a file with the value.
    pub file_variable: Option<String>,
    /// With its dashes; secrets have none.
    pub flag: Option<String>,
    pub default: &'static str,
    /// What is in force; of a secret only that it was set.
    pub value: String,
    /// Where the value comes from.
    pub source: String,
    pub meaning: &'static str,
}

/// Every setting in the table's order; as it was written where the settings are not sound.
pub fn report(sources: &Sources, config: Option<&Config>) -> Vec<Line> {
    ALL.iter()
        .map(|setting| {
            let given = sources.get(setting);
            let value = match (config.and_then(|config| in_force(setting.key, config)), given) {
                (Some(value), _) => value,
                (None, Some(_)) if setting.secret => "(hidden)".to_owned(),
                (None, Some(given)) => given.value.clone(),
                (None, None) => setting.default.to_owned(),
            };
            Line {
                setting: setting.key,
                variable: setting.variable,
                file_variable: setting.file_variable(),
                flag: setting.flag.map(|flag| format!("--{flag}")),
                default: setting.default,
                value,
                source: given.map_or_else(|| "default".to_owned(), |given| given.source.to_string()),
                meaning: setting.meaning,
            }
        })
        .collect()
}

/// The value after defaults that follow from other settings, unless it may be secret.
fn in_force(key: &str, config: &Config) -> Option<String> {
    Some(match key {
        "listen" => config.listen.to_string(),
        "public_url" => config.public_url.to_string(),
        // A file's name is no secret; a Postgres URL holds the password.
        "database_url" => format!("sqlite:{}", config.database.file()?.display()),
        "mail_from" => config.mail_from.to_string(),
        "trusted_proxies" => config.trusted_proxies.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
        "api_rate" => config.api_rate.to_string(),
        "metrics_listen" => config.metrics_listen.map(|address| address.to_string()).unwrap_or_default(),
        "organization" => config.organization.clone(),
        "log" => config.log.clone(),
        "log_format" => format!("{:?}", config.log_format).to_lowercase(),
        _ => return None,
    })
}
