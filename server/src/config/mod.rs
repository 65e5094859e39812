//! What the operator chose: read once at the start, sound or refused with a reason for each setting.

mod database;
mod key;
mod problem;
mod public_url;
mod report;
mod secret;
pub mod setting;
mod smtp_url;
mod source;

use std::{fmt::Display, net::SocketAddr, str::FromStr};

use ipnet::IpNet;
use lettre::message::Mailbox;
use tracing_subscriber::{EnvFilter, filter::LevelFilter};

pub use database::{Database, with_ending};
pub use key::{KeyError, KeySource};
pub use problem::{Problem, Problems};
pub use public_url::PublicUrl;
pub use report::{Line, report};
pub use secret::Secret;
pub use smtp_url::SmtpUrl;
pub use source::{Given, Source, Sources};

use setting::Setting;

/// All settings, parsed. Nothing secret shows in its `Debug`.
#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    pub public_url: PublicUrl,
    pub database: Database,
    /// Without it mails wait in the outbox, and codes and links are handed to the administrator.
    pub smtp: Option<SmtpUrl>,
    /// The sender of every mail.
    pub mail_from: Mailbox,
    pub secret_key: KeySource,
    /// Only from these is a caller's address taken from a header.
    pub trusted_proxies: Vec<IpNet>,
    pub metrics_listen: Option<SocketAddr>,
    /// Requests a second that one API client may make of this instance; zero for no limit.
    pub api_rate: u32,
    /// The name that the first organization gets.
    pub organization: String,
    /// A filter that [`EnvFilter`] has accepted.
    pub log: String,
    pub log_format: LogFormat,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

impl Config {
    /// Reads every setting and tells everything that is wrong with them at once.
    pub fn read(sources: &Sources) -> Result<Self, Problems> {
        let mut reader = Reader { sources, problems: sources.problems.clone() };
        let config = reader.config();
        match config {
            Some(config) if reader.problems.is_empty() => Ok(config),
            _ => Err(Problems(reader.problems)),
        }
    }
}

/// Reads setting by setting and remembers what was wrong, after what was wrong with the sources. A reading is `None` only
/// where a problem was noted.
struct Reader<'s> {
    sources: &'s Sources,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn config(&mut self) -> Option<Config> {
        let listen = self.required(&setting::LISTEN, setting::LISTEN.default, listener);
        let public_url = self.optional(&setting::PUBLIC_URL, parsed::<PublicUrl>);
        let database = self.required(&setting::DATABASE_URL, setting::DATABASE_URL.default, parsed::<Database>);
        let smtp = self.optional(&setting::SMTP_URL, parsed::<SmtpUrl>);
        let mail_from = self.optional(&setting::MAIL_FROM, sender);
        let key = self.optional(&setting::SECRET_KEY, KeySource::given);
        let trusted_proxies = self.required(&setting::TRUSTED_PROXIES, "", networks);
        let metrics_listen = self.optional(&setting::METRICS_LISTEN, listener);
        let api_rate = self.required(&setting::API_RATE, setting::API_RATE.default, rate);
        let organization = self.required(&setting::ORGANIZATION, setting::ORGANIZATION.default, name);
        let log = self.required(&setting::LOG, setting::LOG.default, log_filter);
        let log_format = self.required(&setting::LOG_FORMAT, setting::LOG_FORMAT.default, log_format);

        let public_url = public_url?.or(listen.map(PublicUrl::of_listener))?;
        let default_sender = format!("Vestibule <no-reply@{}>", public_url.mail_domain());
        let mail_from = match mail_from? {
            Some(mailbox) => mailbox,
            None => self.required(&setting::MAIL_FROM, &default_sender, sender)?,
        };
        Some(Config {
            listen: listen?,
            secret_key: self.key_source(key?, database.as_ref()?)?,
            public_url,
            database: database?,
            smtp: smtp?,
            mail_from,
            trusted_proxies: trusted_proxies?,
            metrics_listen: metrics_listen?,
            api_rate: api_rate?,
            organization: organization?,
            log: log?,
            log_format: log_format?,
        })
    }

    /// The setting's value, or its default.
    fn required<T>(&mut self, setting: &Setting, default: &str, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let given = self.sources.get(setting);
        let (value, source) = given.map_or((default, &Source::Default), |given| (given.value.as_str(), &given.source));
        match read(value) {
            Ok(value) => Some(value),
            Err(what) => self.complain(setting, source.clone(), what),
        }
    }

    /// The setting's value where somebody chose one. The outer `None` means that a problem was noted.
    #[expect(
        clippy::option_option,
        reason = "the outer one is the failure that was noted, the inner one a setting left out"
    )]
    fn optional<T>(&mut self, setting: &Setting, read: impl Fn(&str) -> Result<T, String>) -> Option<Option<T>> {
        let Some(given) = self.sources.get(setting) else { return Some(None) };
        match read(&given.value) {
            Ok(value) => Some(Some(value)),
            Err(what) => self.complain(setting, given.source.clone(), what),
        }
    }

    fn key_source(&mut self, given: Option<KeySource>, database: &Database) -> Option<KeySource> {
        match given.or_else(|| database.key_file().map(KeySource::File)) {
            Some(source) => Some(source),
            None => self.complain(&setting::SECRET_KEY, Source::Default, "is required with Postgres".to_owned()),
        }
    }

    fn complain<T>(&mut self, setting: &Setting, source: Source, what: String) -> Option<T> {
        self.problems.push(Problem { name: setting.variable.to_owned(), source, what });
        None
    }
}

/// For types that tell by themselves what is wrong, without the value.
fn parsed<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|problem: T::Err| problem.to_string())
}

fn listener(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("{text:?} is not an address with a port, such as 127.0.0.1:3000"))
}

fn sender(text: &str) -> Result<Mailbox, String> {
    text.parse().map_err(|_| format!("{text:?} is not a sender, such as Vestibule <no-reply@example.com>"))
}

fn networks(text: &str) -> Result<Vec<IpNet>, String> {
    let network = |entry: &str| {
        let single = || entry.parse::<std::net::IpAddr>().map(IpNet::from);
        let problem = |_| format!("{entry:?} is neither an address nor a network such as 10.0.0.0/8");
        entry.parse::<IpNet>().or_else(|_| single()).map_err(problem)
    };
    text.split(',').map(str::trim).filter(|entry| !entry.is_empty()).map(network).collect()
}

fn rate(text: &str) -> Result<u32, String> {
    let rate = text.parse().ok().filter(|rate| *rate <= 1_000_000);
    rate.ok_or_else(|| format!("{text:?} is not a number of requests from 0 to 1000000"))
}

fn name(text: &str) -> Result<String, String> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > 100 || name.contains(char::is_control) {
        return Err("must be 1 to 100 characters on one line".to_owned());
    }
    Ok(name.to_owned())
}

fn log_filter(text: &str) -> Result<String, String> {
    EnvFilter::try_new(text).map_err(|error| format!("{text:?} is not a log filter: {error}"))?;
    // The filter takes a bare word that is no level for a module, and then logs nothing else.
    let is_word = |part: &&str| !part.is_empty() && part.chars().all(|sign| sign.is_alphanumeric() || sign == '_');
    let mut words = text.split(',').map(str::trim).filter(is_word);
    match words.find(|word| word.parse::<LevelFilter>().is_err()) {
        Some(word) => Err(format!(
            "{word:?} is no level: off, error, warn, info, debug or trace; a module takes one, as in sqlx=debug"
        )),
        None => Ok(text.to_owned()),
    }
}

fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(format!("{text:?} is neither text nor json")),
    }
}

#[cfg(test)]
mod tests;
