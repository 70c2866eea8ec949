//! What people type for attributes and passwords.

use std::io::{BufRead, IsTerminal};
use std::path::PathBuf;
use std::str::FromStr;

use bailiwick_adtypes::modification::{Attribute, Modification, Operation};
use bailiwick_credential::Password;
use bailiwick_server::provisioning::read_password;
use clap::Args;

use crate::exit::Failure;

/// One wish for an attribute: `name=value`, `name+=value`, `name-=value`, or `name=` for none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    attribute: String,
    operation: Operation,
    value: String,
}

impl FromStr for Assignment {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Assignment, &'static str> {
        let (name, value) = text.split_once('=').ok_or("an attribute is NAME=VALUE")?;
        let (name, operation) = match (name.strip_suffix('+'), name.strip_suffix('-')) {
            (Some(name), _) => (name, Operation::Add),
            (None, Some(name)) => (name, Operation::Delete),
            (None, None) => (name, Operation::Replace),
        };
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-.;".contains(c));
        match is_name {
            true => Ok(Assignment { attribute: name.to_owned(), operation, value: value.to_owned() }),
            false => Err("an attribute is NAME=VALUE"),
        }
    }
}

/// The attributes of a new object: values of the same name together.
pub fn attributes(assignments: &[Assignment]) -> Vec<Attribute> {
    let mut attributes: Vec<Attribute> = Vec::new();
    for Assignment { attribute, value, .. } in assignments.iter().filter(|assignment| !assignment.value.is_empty()) {
        match attributes.iter_mut().find(|known| known.name.eq_ignore_ascii_case(attribute)) {
            Some(known) => known.values.push(value.clone().into_bytes()),
            None => attributes.push(Attribute { name: attribute.clone(), values: vec![value.clone().into_bytes()] }),
        }
    }
    attributes
}

/// The modifications of an object: several plain values of the same name replace its values together.
pub fn modifications(assignments: &[Assignment]) -> Vec<Modification> {
    let mut modifications: Vec<Modification> = Vec::new();
    for Assignment { attribute, operation, value } in assignments {
        let values = if value.is_empty() { Vec::new() } else { vec![value.clone().into_bytes()] };
        let same = modifications.iter_mut().find(|known| {
            known.operation == *operation && known.attribute.eq_ignore_ascii_case(attribute) && !values.is_empty()
        });
        match same {
            Some(known) => known.values.extend(values),
            None => modifications.push(Modification { operation: *operation, attribute: attribute.clone(), values }),
        }
    }
    modifications
}

/// Where a password comes from; never from the command line, which every user of the machine can read.
#[derive(Args, Clone)]
pub struct PasswordSource {
    /// Read the password from the first line of a file; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
}

impl PasswordSource {
    /// The password, if there is to be one.
    ///
    /// # Errors
    /// The file cannot be read, or has no password.
    pub fn password(&self) -> Result<Option<Password>, Failure> {
        match &self.password_file {
            Some(path) if path.as_os_str() == "-" => read_line().map(Some),
            Some(path) => Ok(Some(read_password(path)?)),
            None => Ok(None),
        }
    }

    /// The password, from standard input when no file is named.
    ///
    /// # Errors
    /// The file cannot be read, or there is no password.
    pub fn required_password(&self) -> Result<Password, Failure> {
        match self.password()? {
            Some(password) => Ok(password),
            None => {
                if std::io::stdin().is_terminal() {
                    eprint!("New password (it is shown): ");
                }
                read_line()
            }
        }
    }
}

fn read_line() -> Result<Password, Failure> {
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    read.map_err(|source| Failure::System { doing: "standard input".into(), source })?;
    let password = Password::new(line.trim_end_matches(['\r', '\n']).as_bytes());
    match password.expose().is_empty() {
        true => Err(Failure::Usage { text: "the password is missing: --password-file FILE, or standard input" }),
        false => Ok(password),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &[&str], expected: &[(Operation, &str, usize)]) {
        let assignments: Vec<Assignment> = text.iter().map(|text| text.parse().unwrap()).collect();
        let found = modifications(&assignments);
        let found: Vec<_> = found.iter().map(|m| (m.operation, m.attribute.as_str(), m.values.len())).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn assignments_replace_add_and_remove() {
        check(&["title=Chief"], &[(Operation::Replace, "title", 1)]);
        check(&["url=a", "url=b"], &[(Operation::Replace, "url", 2)]);
        check(&["url+=a", "url-=b"], &[(Operation::Add, "url", 1), (Operation::Delete, "url", 1)]);
        check(&["title="], &[(Operation::Replace, "title", 0)]);
        check(&["info=a=b"], &[(Operation::Replace, "info", 1)]);
        assert!("title".parse::<Assignment>().is_err());
        assert!("=x".parse::<Assignment>().is_err());
    }
}
