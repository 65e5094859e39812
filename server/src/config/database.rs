//! Which database, and where the SQLite file and the key beside it are.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
};

use vestibule_core::store::{is_postgres, sqlite_file};

use super::secret::Secret;

/// The two engines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    Sqlite(PathBuf),
    /// The whole URL: it holds the password.
    Postgres(Secret),
}

impl Database {
    /// The URL that the store opens.
    pub fn url(&self) -> Secret {
        match self {
            // With slashes of its own, so that those which the path begins with stay the path's.
            Self::Sqlite(path) => Secret::new(format!("sqlite://{}", path.display())),
            Self::Postgres(url) => url.clone(),
        }
    }

    /// The SQLite file.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }

    /// Where the secret key is kept when none is given: the database file with `.key` at its end.
    pub fn key_file(&self) -> Option<PathBuf> {
        self.file().map(|path| with_ending(path, ".key"))
    }
}

/// The path with something added to its file name.
pub fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut whole = path.as_os_str().to_owned();
    whole.push(ending);
    whole.into()
}

impl FromStr for Database {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            let unreadable =
                "is not postgres://USER:PASSWORD@HOST/NAME; what is special in them is written with a percent sign";
            return if is_postgres(text) { Ok(Self::Postgres(Secret::new(text))) } else { Err(unreadable) };
        }
        let path = sqlite_file(text).ok_or("must start with sqlite: or postgres://")?;
        if path.as_os_str().is_empty() || text.ends_with('/') {
            return Err("names no file after sqlite:");
        }
        if text.contains(":memory:") {
            return Err("must be a file: what is kept in memory only is lost at the next start");
        }
        if text.contains('?') {
            return Err("takes no parameters after the SQLite file's name");
        }
        Ok(Self::Sqlite(path.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_engines_are_read_and_nothing_else() {
        for (text, path) in [
            ("sqlite:data/v.db", "data/v.db"),
            ("sqlite://data/v.db", "data/v.db"),
            ("sqlite:/srv/v.db", "/srv/v.db"),
            ("sqlite:///srv/v.db", "/srv/v.db"),
            ("sqlite:////srv/v.db", "//srv/v.db"),
        ] {
            let database: Database = text.parse().unwrap();
            assert_eq!(database.file(), Some(Path::new(path)));
            assert_eq!(sqlite_file(database.url().reveal()), Some(Path::new(path)), "what the store opens");
            assert_eq!(database.key_file(), Some(PathBuf::from(format!("{path}.key"))));
        }
        let postgres: Database = "postgres://ada:lovelace@db/vestibule".parse().unwrap();
        assert!(!format!("{postgres:?}").contains("lovelace"));
        for text in [
            "",
            "mysql://db",
            "sqlite:",
            "sqlite::memory:",
            "sqlite:v.db?mode=ro",
            "data/v.db",
            "postgres://ada:love#lace@db/vestibule",
            "postgres://db:99999/vestibule",
            "postgres://db/vestibule?sslmode=perhaps",
        ] {
            assert!(text.parse::<Database>().is_err(), "{text}");
        }
    }
}
