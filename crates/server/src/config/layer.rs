//! The places a value can come from, and which of them wins: flag, environment, file, default.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::setting::{FILE_NAME, SETTINGS, Setting};

/// How large a configuration file may be.
const FILE_OCTETS_MAX: u64 = 1 << 20;

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A flag of the command line.
    Flag,
    /// An environment variable.
    Environment,
    /// The file, with the line.
    File {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// Nobody set it.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Flag => f.write_str("flag"),
            Origin::Environment => f.write_str("environment"),
            Origin::File { path, line } => write!(f, "{}:{line}", path.display()),
            Origin::Default => f.write_str("default"),
        }
    }
}

/// A value in force, still as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The text; empty when nothing is set.
    pub text: String,
    /// Where it came from.
    pub origin: Origin,
}

/// The value in force of every setting, in the table's order.
#[derive(Clone, Debug)]
pub struct Values {
    values: BTreeMap<&'static str, Value>,
}

/// What the layers are read from. Tests hand in maps instead of a process's own environment.
pub struct Sources<'a> {
    /// Flags that were given: setting name and text.
    pub flags: &'a BTreeMap<&'static str, String>,
    /// Looks up an environment variable.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
    /// The file named by `--config` or `BAILIWICK_CONFIG`; it must exist. None: the data folder's own, if there.
    pub file: Option<PathBuf>,
}

/// The configuration cannot be read.
#[derive(Debug)]
pub enum ConfigError {
    /// The file cannot be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not TOML.
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What the parser says.
        message: String,
    },
    /// The file has a key that is no setting.
    UnknownKey {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The key.
        key: String,
        /// A setting with a similar name.
        similar: Option<&'static str>,
    },
    /// A value is not what its setting takes.
    Invalid {
        /// The setting.
        name: &'static str,
        /// The value as given.
        value: String,
        /// Where it was given.
        origin: Origin,
        /// What the setting takes.
        expected: &'static str,
    },
    /// One setting needs another.
    Needs {
        /// The setting that is there.
        name: &'static str,
        /// The one that is missing.
        needs: &'static str,
    },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConfigError::Unreadable { path, source } => write!(f, "cannot read {}: {source}", path.display()),
            ConfigError::Syntax { path, line, message } => {
                write!(f, "{}:{line}: {}", path.display(), message.lines().next().unwrap_or("not TOML"))
            }
            ConfigError::UnknownKey { path, line, key, similar } => {
                write!(f, "{}:{line}: there is no setting `{key}`", path.display())?;
                match similar {
                    Some(similar) => write!(f, "; did you mean `{similar}`?"),
                    None => f.write_str("; `bailiwick config` lists them all"),
                }
            }
            ConfigError::Invalid { name, value, origin, expected } => {
                write!(f, "{name} (from {origin}) takes {expected}, not `{value}`")
            }
            ConfigError::Needs { name, needs } => write!(f, "{name} needs {needs} beside it"),
        }
    }
}

impl std::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ConfigError::Unreadable { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl Values {
    /// Reads all layers.
    ///
    /// # Errors
    /// A file that cannot be read, is not TOML, or has a key that is no setting.
    pub fn read(sources: &Sources<'_>) -> Result<Values, ConfigError> {
        let mut values = BTreeMap::new();
        for setting in SETTINGS {
            values.insert(setting.name, without_file(sources, setting));
        }
        let data = PathBuf::from(&values["data"].text);
        let (path, required) = match &sources.file {
            Some(path) => (path.clone(), true),
            None => (data.join(FILE_NAME), false),
        };
        if let Some(text) = read_file(&path, required)? {
            for (name, value) in parse_file(&path, &text)? {
                let slot = values.entry(name).or_insert_with(|| value.clone());
                if slot.origin == Origin::Default {
                    *slot = value;
                }
            }
        }
        Ok(Values { values })
    }

    /// The value of a setting of the table.
    pub fn value(&self, name: &str) -> &Value {
        static UNSET: Value = Value { text: String::new(), origin: Origin::Default };
        self.values.get(name).unwrap_or(&UNSET)
    }

    /// All settings with their values, in the table's order.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Setting, &Value)> {
        SETTINGS.iter().map(|setting| (setting, self.value(setting.name)))
    }
}

fn without_file(sources: &Sources<'_>, setting: &Setting) -> Value {
    if let Some(text) = sources.flags.get(setting.name) {
        return Value { text: text.clone(), origin: Origin::Flag };
    }
    match (sources.environment)(&setting.variable()) {
        Some(text) => Value { text, origin: Origin::Environment },
        None => Value { text: setting.default.to_owned(), origin: Origin::Default },
    }
}

fn read_file(path: &Path, required: bool) -> Result<Option<String>, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.len() > FILE_OCTETS_MAX => Err(unreadable(std::io::ErrorKind::FileTooLarge.into())),
        Ok(_) => std::fs::read_to_string(path).map(Some).map_err(unreadable),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !required => Ok(None),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory && !required => Ok(None),
        Err(error) => Err(unreadable(error)),
    }
}

fn parse_file(path: &Path, text: &str) -> Result<Vec<(&'static str, Value)>, ConfigError> {
    let line_of = |offset: usize| text.as_bytes()[..offset.min(text.len())].iter().filter(|&&b| b == b'\n').count() + 1;
    let table = DeTable::parse(text).map_err(|error| ConfigError::Syntax {
        path: path.to_owned(),
        line: line_of(error.span().map_or(0, |span| span.start)),
        message: error.message().to_owned(),
    })?;
    let mut values = Vec::new();
    for (key, value) in table.get_ref() {
        let line = line_of(key.span().start);
        let Some(setting) = Setting::find(key.get_ref()) else {
            return Err(ConfigError::UnknownKey {
                path: path.to_owned(),
                line,
                key: key.get_ref().to_string(),
                similar: similar(key.get_ref()),
            });
        };
        let origin = Origin::File { path: path.to_owned(), line };
        let text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(number) => number.to_string(),
            DeValue::Boolean(value) => value.to_string(),
            _ => {
                return Err(ConfigError::Invalid {
                    name: setting.name,
                    value: text.lines().nth(line - 1).unwrap_or_default().trim().to_owned(),
                    origin,
                    expected: "a text, a number, or true or false",
                });
            }
        };
        values.push((setting.name, Value { text, origin }));
    }
    Ok(values)
}

/// How many letters may differ between a key and the setting that was meant.
const TYPOS_MAX: usize = 2;
/// How long a shared start must be to tell what was meant.
const SHARED_START: usize = 4;

/// The setting that was most likely meant, when that can be told.
fn similar(key: &str) -> Option<&'static str> {
    let key = key.to_ascii_lowercase().replace('_', "-");
    let names = || SETTINGS.iter().map(|setting| setting.name);
    let closest = names().min_by_key(|name| distance(name, &key))?;
    if distance(closest, &key) <= TYPOS_MAX {
        return Some(closest);
    }
    let shared = |name: &str| name.bytes().zip(key.bytes()).take_while(|(a, b)| a == b).count();
    names().max_by_key(|name| (shared(name), usize::MAX - name.len())).filter(|name| shared(name) >= SHARED_START)
}

/// How many octets must be changed, added or removed to make one text the other.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (index, from) in a.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (column, to) in b.bytes().enumerate() {
            let replaced = diagonal + usize::from(from != to);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_told_from_typos_and_shared_starts() {
        assert_eq!(similar("ldpa"), Some("ldap"));
        assert_eq!(similar("Log_Format"), Some("log-format"));
        assert_eq!(similar("http-body"), Some("http-body-octets-max"));
        assert_eq!(similar("colour-of-the-logo"), None);
    }
}
