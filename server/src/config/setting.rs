//! The one table of settings. Reading them, `vestibule config`, the flags and the README are all made from it.

/// One thing that an operator may choose.
#[derive(Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name in the TOML file.
    pub key: &'static str,
    /// The flag without its dashes. Secrets have none: other users of the machine see flags.
    pub flag: Option<&'static str>,
    /// The environment variable.
    pub variable: &'static str,
    /// What is used when nobody chooses, in words where it depends on another setting.
    pub default: &'static str,
    /// Never shown, and also read from a file that `…_FILE` names.
    pub secret: bool,
    /// One sentence for the operator.
    pub meaning: &'static str,
}

pub const LISTEN: Setting = Setting {
    key: "listen",
    flag: Some("listen"),
    variable: "VESTIBULE_LISTEN",
    default: "127.0.0.1:3000",
    secret: false,
    meaning: "Address and port that pages and APIs are served on.",
};
pub const PUBLIC_URL: Setting = Setting {
    key: "public_url",
    flag: Some("public-url"),
    variable: "VESTIBULE_PUBLIC_URL",
    default: "http:// and the listen address",
    secret: false,
    meaning: "Where people reach Vestibule; every link in mails and pages is built from it.",
};
pub const DATABASE_URL: Setting = Setting {
    key: "database_url",
    flag: None,
    variable: "DATABASE_URL",
    default: "sqlite:data/vestibule.db",
    secret: true,
    meaning: "Where everything is kept: sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME.",
};
pub const SMTP_URL: Setting = Setting {
    key: "smtp_url",
    flag: None,
    variable: "VESTIBULE_SMTP_URL",
    default: "none: mails wait in the outbox",
    secret: true,
    meaning: "The mail server: smtps://USER:PASSWORD@HOST, or smtp://… with ?tls=required for STARTTLS.",
};
pub const MAIL_FROM: Setting = Setting {
    key: "mail_from",
    flag: Some("mail-from"),
    variable: "VESTIBULE_MAIL_FROM",
    default: "Vestibule <no-reply@HOST> with the public URL's host",
    secret: false,
    meaning: "The sender of every mail: NAME <ADDRESS> or ADDRESS.",
};
pub const SECRET_KEY: Setting = Setting {
    key: "secret_key",
    flag: None,
    variable: "VESTIBULE_SECRET_KEY",
    default: "made once beside the SQLite file; required on Postgres",
    secret: true,
    meaning: "The key that guards codes: 32 bytes as 64 hexadecimal digits or base64.",
};
pub const TRUSTED_PROXIES: Setting = Setting {
    key: "trusted_proxies",
    flag: Some("trusted-proxies"),
    variable: "VESTIBULE_TRUSTED_PROXIES",
    default: "none",
    secret: false,
    meaning: "Networks or addresses of proxies whose word on the caller's address is taken, with commas between.",
};
pub const METRICS_LISTEN: Setting = Setting {
    key: "metrics_listen",
    flag: Some("metrics-listen"),
    variable: "VESTIBULE_METRICS_LISTEN",
    default: "none: no metrics are served",
    secret: false,
    meaning: "Address and port that /metrics is served on, apart from the public ones.",
};
pub const API_RATE: Setting = Setting {
    key: "api_rate",
    flag: Some("api-rate"),
    variable: "VESTIBULE_API_RATE",
    default: "300",
    secret: false,
    meaning: "Requests a second that one API client may make of one instance, twice as many at once; 0 for no limit.",
};
pub const ORGANIZATION: Setting = Setting {
    key: "organization",
    flag: Some("organization"),
    variable: "VESTIBULE_ORGANIZATION",
    default: "Vestibule",
    secret: false,
    meaning: "Name of the first organization, which the first start makes.",
};
pub const LOG: Setting = Setting {
    key: "log",
    flag: Some("log"),
    variable: "VESTIBULE_LOG",
    default: "info",
    secret: false,
    meaning: "What is logged: error, warn, info, debug or trace, or by module as in info,sqlx=debug.",
};
pub const LOG_FORMAT: Setting = Setting {
    key: "log_format",
    flag: Some("log-format"),
    variable: "VESTIBULE_LOG_FORMAT",
    default: "text",
    secret: false,
    meaning: "How log lines are written: text or json.",
};

/// Every setting, in the order in which they are shown.
pub const ALL: &[&Setting] = &[
    &LISTEN,
    &PUBLIC_URL,
    &DATABASE_URL,
    &SMTP_URL,
    &MAIL_FROM,
    &SECRET_KEY,
    &TRUSTED_PROXIES,
    &METRICS_LISTEN,
    &API_RATE,
    &ORGANIZATION,
    &LOG,
    &LOG_FORMAT,
];

/// Names the TOML file. It is no setting itself, since a file cannot name another.
pub const CONFIG_VARIABLE: &str = "VESTIBULE_CONFIG";

impl Setting {
    /// The variable that names a file with the value; only secrets have one.
    pub fn file_variable(&self) -> Option<String> {
        self.secret.then(|| format!("{}_FILE", self.variable))
    }

    /// The TOML key that names a file with the value; only secrets have one.
    pub fn file_key(&self) -> Option<String> {
        self.secret.then(|| format!("{}_file", self.key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_from_each_other() {
        for setting in ALL {
            let name = setting.variable.trim_start_matches("VESTIBULE_").to_lowercase();
            assert_eq!(name, setting.key);
            assert_eq!(setting.flag.map(str::to_owned), (!setting.secret).then(|| setting.key.replace('_', "-")));
            assert!(setting.meaning.ends_with('.'));
        }
    }

    /// The operator's guide must not tell other settings than the program reads.
    #[test]
    fn the_readme_names_every_setting() {
        let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md");
        let Ok(readme) = std::fs::read_to_string(readme) else { return };
        for setting in ALL {
            assert!(readme.contains(setting.variable), "README.md does not name {}", setting.variable);
        }
    }
}
