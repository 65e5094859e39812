use std::{ffi::OsString, fs, path::PathBuf};

use vestibule_core::env::{Env, SystemEnv};

use super::*;

fn environment(pairs: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
    pairs.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))).collect()
}

fn read(pairs: &[(&str, &str)]) -> Result<Config, Problems> {
    Config::read(&Sources::gather([], environment(pairs), None)?)
}

fn problems(pairs: &[(&str, &str)]) -> Vec<String> {
    read(pairs).unwrap_err().0.iter().map(ToString::to_string).collect()
}

/// A file in the machine's temporary folder with this content.
fn file(content: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("vestibule-{}", SystemEnv::default().id()));
    fs::write(&path, content).unwrap();
    path
}

#[test]
fn nothing_need_be_chosen() {
    let config =
        read(&[("PATH", "/bin"), ("VESTIBULE_SMTP_URL", ""), ("VESTIBULE_BIN", "x"), ("VESTIBULE_TEST_PG", "y")])
            .unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(config.public_url.as_str(), "http://127.0.0.1:3000");
    assert_eq!(config.database, Database::Sqlite("data/vestibule.db".into()));
    assert_eq!(config.secret_key, KeySource::File("data/vestibule.db.key".into()));
    assert_eq!(config.mail_from.to_string(), "Vestibule <no-reply@localhost>");
    assert_eq!(config.organization, "Vestibule");
    assert!(config.smtp.is_none() && config.metrics_listen.is_none() && config.trusted_proxies.is_empty());
}

#[test]
fn a_flag_beats_the_environment_which_beats_the_file() {
    let path =
        file("listen = '127.0.0.1:1'\nlog = 'warn'\nlog_format = 'json'\ntrusted_proxies = ['10.0.0.0/8', '::1']\n");
    let variables = environment(&[("VESTIBULE_LISTEN", "127.0.0.1:2"), ("VESTIBULE_LOG", "debug")]);
    let sources = Sources::gather([("listen", "127.0.0.1:3".to_owned())], variables, Some(path.clone())).unwrap();
    let config = Config::read(&sources).unwrap();
    assert_eq!((config.listen.port(), config.log.as_str(), config.log_format), (3, "debug", LogFormat::Json));
    assert_eq!(config.trusted_proxies.len(), 2);
    fs::remove_file(path).unwrap();
}

#[test]
fn a_file_named_by_the_environment_is_read_and_its_unknown_keys_are_named() {
    let path = file("listne = '127.0.0.1:1'\nlog_format = 3\n");
    let found = problems(&[("VESTIBULE_CONFIG", path.to_str().unwrap())]);
    let place = path.display();
    assert_eq!(
        found,
        [
            format!("listne (file {place}): there is no such setting; did you mean listen?"),
            format!("log_format (file {place}): must be text, or a list of texts"),
        ]
    );
    fs::remove_file(path).unwrap();
}

#[test]
fn an_unknown_variable_is_named_with_the_one_that_was_meant() {
    assert_eq!(
        problems(&[("VESTIBULE_LISTNE", "127.0.0.1:1")]),
        ["VESTIBULE_LISTNE (environment): there is no such setting; did you mean VESTIBULE_LISTEN?"]
    );
}

#[test]
fn every_bad_value_is_told_at_once_with_setting_and_source() {
    let found = problems(&[
        ("VESTIBULE_LISTEN", "3000"),
        ("VESTIBULE_PUBLIC_URL", "https://acme.example/in"),
        ("VESTIBULE_TRUSTED_PROXIES", "10.0.0.0/8,proxy"),
        ("VESTIBULE_MAIL_FROM", "nobody"),
        ("VESTIBULE_LOG_FORMAT", "xml"),
    ]);
    assert_eq!(
        found,
        [
            "VESTIBULE_LISTEN (environment): \"3000\" is not an address with a port, such as 127.0.0.1:3000",
            "VESTIBULE_PUBLIC_URL (environment): must be scheme and host only, without path, query or fragment",
            "VESTIBULE_MAIL_FROM (environment): \"nobody\" is not a sender, such as Vestibule <no-reply@example.com>",
            "VESTIBULE_TRUSTED_PROXIES (environment): \"proxy\" is neither an address nor a network such as 10.0.0.0/8",
            "VESTIBULE_LOG_FORMAT (environment): \"xml\" is neither text nor json",
        ]
    );
}

#[test]
fn a_secret_comes_from_a_file_and_shows_nowhere() {
    let path = file("smtps://ada:lovelace@mail.example\n");
    let named = ("VESTIBULE_SMTP_URL_FILE", path.to_str().unwrap());
    let sources = Sources::gather([], environment(&[named]), None).unwrap();
    let config = Config::read(&sources).unwrap();
    assert_eq!(config.smtp.as_ref().map(SmtpUrl::host), Some("mail.example"));
    let shown = format!("{config:?} {sources:?} {:?}", report(&sources, &config));
    assert!(shown.contains("(hidden)") && !shown.contains("lovelace"));

    let twice = problems(&[named, ("VESTIBULE_SMTP_URL", "smtp://mail.example")]);
    assert_eq!(twice, ["VESTIBULE_SMTP_URL (environment): is given twice: also as VESTIBULE_SMTP_URL_FILE"]);
    fs::remove_file(path).unwrap();
}

#[test]
fn a_bad_secret_is_not_repeated() {
    let path = file("smtp_url = 'gopher://ada:lovelace@mail'\nbroken = 'lovelace\n");
    for pairs in [
        [("VESTIBULE_SMTP_URL", "gopher://ada:lovelace@mail")],
        [("VESTIBULE_SECRET_KEY", "lovelace")],
        [("DATABASE_URL", "oracle://ada:lovelace@db")],
        [("VESTIBULE_CONFIG", path.to_str().unwrap())],
    ] {
        assert!(!problems(&pairs).concat().contains("lovelace"));
    }
    fs::remove_file(path).unwrap();
}

#[test]
fn postgres_needs_a_key() {
    let database = ("DATABASE_URL", "postgres://db/vestibule");
    assert_eq!(problems(&[database]), ["VESTIBULE_SECRET_KEY (default): is required with Postgres"]);
    let key = "ab".repeat(32);
    let config = read(&[database, ("VESTIBULE_SECRET_KEY", &key)]).unwrap();
    assert!(matches!(config.secret_key, KeySource::Given(_)));
}
