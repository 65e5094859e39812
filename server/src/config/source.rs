//! Where values come from. Flag before environment before file before default.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    fmt,
    path::{Path, PathBuf},
};

use super::{
    problem::{Problem, nearest},
    setting::{ALL, CONFIG_VARIABLE, Setting},
};

/// Who said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    Default,
    File(PathBuf),
    Environment,
    /// The file that a `…_FILE` variable or a `…_file` key names.
    SecretFile(PathBuf),
    Flag,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) | Self::SecretFile(path) => write!(f, "file {}", path.display()),
            Self::Environment => f.write_str("environment"),
            Self::Flag => f.write_str("flag"),
        }
    }
}

/// A value that somebody chose.
#[derive(Clone, PartialEq, Eq)]
pub struct Given {
    pub value: String,
    pub source: Source,
}

/// Nothing of the value: it may be a secret.
impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Given").field("source", &self.source).finish_non_exhaustive()
    }
}

/// Everything that was chosen, by the setting's key, and what was wrong about how it was said.
#[derive(Debug, Default)]
pub struct Sources {
    chosen: BTreeMap<&'static str, Given>,
    pub(super) problems: Vec<Problem>,
}

impl Sources {
    /// Gathers the three sources. `flags` are pairs of key and value; `file` is the flag that names the TOML file.
    pub fn gather(
        flags: impl IntoIterator<Item = (&'static str, String)>,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        file: Option<PathBuf>,
    ) -> Self {
        let mut problems = Vec::new();
        let variables = variables(environment, &mut problems);
        let mut all = BTreeMap::new();
        if let Some(path) = file.or_else(|| variables.get(CONFIG_VARIABLE).map(PathBuf::from)) {
            let from_file = toml_file(&path, &mut problems);
            let source = Source::File(path);
            choose(
                &mut all,
                &from_file,
                &source,
                |setting| (setting.key.to_owned(), setting.file_key()),
                &mut problems,
            );
        }
        let names = |setting: &Setting| (setting.variable.to_owned(), setting.file_variable());
        choose(&mut all, &variables, &Source::Environment, names, &mut problems);
        all.extend(flags.into_iter().map(|(key, value)| (key, Given { value, source: Source::Flag })));
        Self { chosen: all, problems }
    }

    /// What was chosen for a setting, if anything.
    pub fn get(&self, setting: &Setting) -> Option<&Given> {
        self.chosen.get(setting.key)
    }
}

/// Variables that only tests and tools read.
fn is_foreign(name: &str) -> bool {
    name.starts_with("VESTIBULE_TEST_") || matches!(name, "VESTIBULE_SITE_DIR" | "VESTIBULE_BIN")
}

/// What Kubernetes and Docker put into every container for a service whose name begins with *vestibule*.
fn is_service_link(name: &str, value: &OsStr) -> bool {
    name.ends_with("_SERVICE_HOST")
        || name.contains("_SERVICE_PORT")
        || name.split_once("_PORT_").is_some_and(|(_, rest)| rest.starts_with(|sign: char| sign.is_ascii_digit()))
        // An operator's own try at this name holds no URL.
        || name.ends_with("_PORT") && value.to_string_lossy().contains("://")
}

/// Our variables. An empty one is one that is not set: container files cannot leave a variable out.
fn variables(
    environment: impl IntoIterator<Item = (OsString, OsString)>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, String> {
    let files: Vec<String> = ALL.iter().filter_map(|setting| setting.file_variable()).collect();
    let known: Vec<&str> = ALL
        .iter()
        .map(|setting| setting.variable)
        .chain(files.iter().map(String::as_str))
        .chain([CONFIG_VARIABLE])
        .collect();
    let mut found = BTreeMap::new();
    for (name, value) in environment {
        let Ok(name) = name.into_string() else { continue };
        let mut complain = |what| problems.push(Problem { name: name.clone(), source: Source::Environment, what });
        if known.contains(&name.as_str()) {
            match value.into_string() {
                Ok(value) if value.is_empty() => {}
                Ok(value) => drop(found.insert(name, value)),
                Err(_) => complain("is not UTF-8".to_owned()),
            }
        } else if name.starts_with("VESTIBULE_") && !is_foreign(&name) && !is_service_link(&name, &value) {
            complain(unknown(&name, &known));
        }
    }
    found
}

fn unknown(name: &str, known: &[&str]) -> String {
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("there is no such setting; did you mean {near}?"),
        None => "there is no such setting; `vestibule config` lists them".to_owned(),
    }
}

/// The file's keys as text. Lists become what the variable would hold: entries with commas between.
fn toml_file(path: &Path, problems: &mut Vec<Problem>) -> BTreeMap<String, String> {
    let source = Source::File(path.to_owned());
    let mut complain =
        |name: &str, what| problems.push(Problem { name: name.to_owned(), source: source.clone(), what });
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            complain(CONFIG_VARIABLE, format!("cannot be read: {error}"));
            return BTreeMap::new();
        }
    };
    let table: toml::Table = match toml::from_str(&text) {
        Ok(table) => table,
        Err(error) => {
            let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].lines().count().max(1));
            // Only the parser's own words: the whole error would show the line, which may hold a secret.
            complain(CONFIG_VARIABLE, format!("line {line} is not TOML: {}", error.message()));
            return BTreeMap::new();
        }
    };
    let files: Vec<String> = ALL.iter().filter_map(|setting| setting.file_key()).collect();
    let known: Vec<&str> = ALL.iter().map(|setting| setting.key).chain(files.iter().map(String::as_str)).collect();
    let mut found = BTreeMap::new();
    for (key, value) in table {
        if !known.contains(&key.as_str()) {
            complain(&key, unknown(&key, &known));
        } else if let Some(value) = as_text(&value) {
            found.insert(key, value);
        } else {
            complain(&key, "must be text, a whole number, or a list of texts".to_owned());
        }
    }
    found
}

fn as_text(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Array(list) => {
            list.iter().map(toml::Value::as_str).collect::<Option<Vec<_>>>().map(|list| list.join(","))
        }
        _ => None,
    }
}

/// Takes over what one source says, reading the files that it names for secrets.
fn choose(
    all: &mut BTreeMap<&'static str, Given>,
    said: &BTreeMap<String, String>,
    source: &Source,
    names: impl Fn(&Setting) -> (String, Option<String>),
    problems: &mut Vec<Problem>,
) {
    for setting in ALL {
        let (name, file_name) = names(setting);
        let (value, file) = (said.get(&name), file_name.as_ref().and_then(|name| said.get(name)));
        let mut complain =
            |source: &Source, what| problems.push(Problem { name: name.clone(), source: source.clone(), what });
        let given = match (value, file) {
            (None, None) => continue,
            (Some(value), None) => Given { value: value.clone(), source: source.clone() },
            (Some(_), Some(_)) => {
                complain(source, format!("is given twice: also as {}", file_name.unwrap_or_default()));
                continue;
            }
            (None, Some(path)) => {
                let source = Source::SecretFile(PathBuf::from(path));
                match std::fs::read_to_string(path) {
                    Ok(value) => Given { value: value.trim().to_owned(), source },
                    Err(error) => {
                        complain(&source, format!("cannot be read: {error}"));
                        continue;
                    }
                }
            }
        };
        all.insert(setting.key, given);
    }
}
