use std::{ffi::OsString, fs, path::PathBuf};

use vestibule_core::env::{Env, SystemEnv};

use super::*;

fn environment(pairs: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
    pairs.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))).collect()
}

fn read(pairs: &[(&str, &str)]) -> Result<Config, Problems> {
    Config::read(&Sources::gather([], environment(pairs), None))
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
    let sources = Sources::gather([("listen", "127.0.0.1:3".to_owned())], variables, Some(path.clone()));
    let config = Config::read(&sources).unwrap();
    assert_eq!((config.listen.port(), config.log.as_str(), config.log_format), (3, "debug", LogFormat::Json));
    assert_eq!(config.trusted_proxies.len(), 2);
    fs::remove_file(path).unwrap();
}

#[test]
fn a_file_named_by_the_environment_is_read_and_its_unknown_keys_are_named() {
    let path = file("listne = '127.0.0.1:1'\nlog_format = 3.5\napi_rate = 5000000\n");
    let found = problems(&[("VESTIBULE_CONFIG", path.to_str().unwrap()), ("VESTIBULE_LOG_FORMAT", "xml")]);
    let place = path.display();
    assert_eq!(
        found,
        [
            format!("listne (file {place}): there is no such setting; did you mean listen?"),
            format!("log_format (file {place}): must be text, a whole number, or a list of texts"),
            format!("VESTIBULE_API_RATE (file {place}): \"5000000\" is not a number of requests from 0 to 1000000"),
            "VESTIBULE_LOG_FORMAT (environment): \"xml\" is neither text nor json".to_owned(),
        ]
    );
    fs::remove_file(path).unwrap();
}

#[test]
fn a_number_in_the_file_needs_no_quotes() {
    let path = file("api_rate = 100\n");
    assert_eq!(read(&[("VESTIBULE_CONFIG", path.to_str().unwrap())]).unwrap().api_rate, 100);
    fs::remove_file(path).unwrap();
}

#[test]
fn what_an_orchestrator_tells_of_its_services_is_no_setting() {
    read(&[
        ("VESTIBULE_SERVICE_HOST", "10.0.0.1"),
        ("VESTIBULE_SERVICE_PORT", "3000"),
        ("VESTIBULE_SERVICE_PORT_HTTP", "3000"),
        ("VESTIBULE_PORT", "tcp://10.0.0.1:3000"),
        ("VESTIBULE_PORT_3000_TCP", "tcp://10.0.0.1:3000"),
        ("VESTIBULE_PORT_3000_TCP_PROTO", "tcp"),
        ("VESTIBULE_METRICS_SERVICE_HOST", "10.0.0.2"),
    ])
    .unwrap();
    assert_eq!(problems(&[("VESTIBULE_PORT", "8080")]).len(), 1, "somebody meant VESTIBULE_LISTEN");
}

#[test]
fn a_word_that_is_no_level_does_not_end_the_log() {
    for sound in ["off", "WARN", "info,sqlx=debug", "vestibule_server::web", "warn,vestibule_core=trace"] {
        assert_eq!(read(&[("VESTIBULE_LOG", sound)]).unwrap().log, sound);
    }
    for slip in ["inof", "info,sqlx", "sqlx=loud"] {
        assert_eq!(problems(&[("VESTIBULE_LOG", slip)]).len(), 1, "{slip}");
    }
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
    let sources = Sources::gather([], environment(&[named]), None);
    let config = Config::read(&sources).unwrap();
    assert_eq!(config.smtp.as_ref().map(SmtpUrl::host), Some("mail.example"));
    let shown = format!("{config:?} {sources:?} {:?}", report(&sources, Some(&config)));
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
