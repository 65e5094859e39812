//! The secret key: given by the operator, or made once beside the SQLite file.

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io::{self, ErrorKind, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use vestibule_core::{env::Env, secret::SecretKey};

use super::{database::with_ending, secret::Secret};

/// Where the key comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// Text that [`SecretKey::parse`] reads.
    Given(Secret),
    /// Made there at the first start, with mode 600.
    File(PathBuf),
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the key file {} cannot be {what}: {error}", .path.display())]
    Io { path: PathBuf, what: &'static str, error: io::Error },
    #[error("{0} holds no key: 32 bytes as 64 hexadecimal digits or base64 are needed")]
    Unreadable(String),
}

impl KeySource {
    /// Takes a key that the operator gave.
    pub(super) fn given(text: &str) -> Result<Self, String> {
        let problem = "is not 32 bytes as 64 hexadecimal digits or base64; `openssl rand -hex 32` makes one";
        SecretKey::parse(text).map(|_| Self::Given(Secret::new(text))).ok_or_else(|| problem.to_owned())
    }

    /// The key, if there is one already.
    pub fn existing(&self) -> Result<Option<SecretKey>, KeyError> {
        match self {
            Self::Given(text) => readable(text.reveal(), || "the setting".to_owned()).map(Some),
            Self::File(path) => match fs::read_to_string(path) {
                Ok(text) => readable(&text, || path.display().to_string()).map(Some),
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
                Err(error) => Err(KeyError::Io { path: path.clone(), what: "read", error }),
            },
        }
    }

    /// The key; a file that is missing is made. Processes that start at once end with the same key.
    pub fn obtain(&self, env: &dyn Env) -> Result<SecretKey, KeyError> {
        if let Some(key) = self.existing()? {
            return Ok(key);
        }
        if let Self::File(path) = self {
            make(path, env).map_err(|error| KeyError::Io { path: path.clone(), what: "made", error })?;
            tracing::info!(file = %path.display(), "made the secret key; keep a copy of it apart from the database's backups");
        }
        self.existing()?.ok_or_else(|| KeyError::Unreadable("the key file".to_owned()))
    }
}

fn readable(text: &str, place: impl Fn() -> String) -> Result<SecretKey, KeyError> {
    SecretKey::parse(text).ok_or_else(|| KeyError::Unreadable(place()))
}

/// Writes a key under a name of its own and gives it the real name only when it is complete. A link never replaces
/// a file, so of several processes one wins and nobody reads half a key.
fn make(path: &Path, env: &dyn Env) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let draft = with_ending(path, &format!(".{}", env.id()));
    let linked = write_private(&draft, &SecretKey::draw(env).1).and_then(|()| fs::hard_link(&draft, path));
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    // The name must survive a power cut as surely as what is signed with the key.
    File::open(folder)?.sync_all()
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    // The process's umask can only have taken rights away; this gives the owner's back.
    file.set_permissions(Permissions::from_mode(0o600))?;
    writeln!(file, "{text}")?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use vestibule_core::env::SystemEnv;

    use super::*;

    #[test]
    fn processes_that_start_at_once_end_with_the_same_private_key() {
        let folder = std::env::temp_dir().join(format!("vestibule-key-{}", SystemEnv::default().id()));
        let source = KeySource::File(folder.join("v.db.key"));
        assert!(source.existing().unwrap().is_none());
        let start = std::sync::Barrier::new(8);
        let macs: Vec<String> = std::thread::scope(|scope| {
            let racer = || {
                start.wait();
                source.obtain(&SystemEnv::default()).unwrap().mac(&["same"])
            };
            let racers: Vec<_> = (0..8).map(|_| scope.spawn(racer)).collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).collect()
        });
        assert!(macs.iter().all(|mac| *mac == macs[0]));
        let left: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap()).collect();
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);
        fs::remove_dir_all(folder).unwrap();
    }
}
