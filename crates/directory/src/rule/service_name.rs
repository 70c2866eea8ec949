//! Service principal names: the services that answer under a computer's `host` name, and names that follow those of
//! their computer. [MS-ADTS] 3.1.1.5.1.3, [MS-DRSR] 4.1.4.2.19 (sPNMappings), RFC 4120 section 6.2.
//!
//! A name is `class/instance` or `class/instance/service`; an instance may end in a port.

use bailiwick_domain::{AttributeFault, Error};

use crate::access::{Access, Heuristics};
use crate::native::Native;
use crate::record::{Draft, Record, Snapshot};
use crate::schema::{AttributeNumber, Known};

/// Which classes of services stand for which others: `host` for most that Windows has.
pub(crate) struct Aliases(Vec<(String, Vec<String>)>);

impl Aliases {
    /// Reads values such as `host=alerter,http,www`. What cannot be read says nothing.
    pub fn parse<'v>(values: impl Iterator<Item = &'v [u8]>) -> Aliases {
        let lower = |text: &str| text.trim().to_ascii_lowercase();
        let read = |value: &[u8]| {
            let text = String::from_utf8_lossy(value);
            let (class, aliases) = text.split_once('=')?;
            Some((lower(class), aliases.split(',').map(lower).collect()))
        };
        Aliases(values.filter_map(read).collect())
    }

    /// The names that stand for this one, and those that this one stands for.
    fn of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = String> + 'a {
        let (class, rest) = name.split_once('/').unwrap_or_default();
        let class = class.to_ascii_lowercase();
        let related = self.0.iter().flat_map(move |(standing, aliases)| match *standing == class {
            true => aliases.as_slice(),
            false if aliases.contains(&class) => std::slice::from_ref(standing),
            false => &[],
        });
        related.map(move |class| format!("{class}/{rest}"))
    }
}

/// Refuses new names of another form, which no client could ask for. `name` is what the client called the attribute.
///
/// # Errors
/// `Unacceptable`.
pub(crate) fn check_form(known: &Known, before: Option<&Draft>, draft: &Draft, name: &str) -> Result<(), Error> {
    match new_names(known, before, draft).all(|value| is_well_formed(value)) {
        true => Ok(()),
        false => Err(Error::attribute(name, AttributeFault::Unacceptable)),
    }
}

fn is_well_formed(name: &[u8]) -> bool {
    let parts = name.split(|octet| *octet == b'/');
    let (count, is_empty) = parts.fold((0, false), |(count, is_empty), part| (count + 1, is_empty || part.is_empty()));
    (2..=3).contains(&count) && !is_empty
}

fn new_names<'d>(known: &Known, before: Option<&'d Draft>, draft: &'d Draft) -> impl Iterator<Item = &'d Vec<u8>> {
    let old = before.map_or(&[][..], |before| before.values(known.service_principal_name));
    draft.values(known.service_principal_name).iter().filter(|value| !old.contains(value))
}

/// Refuses new names that another account has by an alias: `http/pc7` where `host/pc7` is another's, and the other way
/// round. Whoever could take the name away from that account may share it out, as administrators do for services that
/// run under a user's account. `name` is what the client called the attribute.
///
/// # Errors
/// `NotUnique`.
pub(crate) fn check_aliases(
    native: &Native,
    access: &Access<'_>,
    snapshot: Snapshot<'_>,
    before: Option<&Draft>,
    draft: &Draft,
    name: &str,
) -> Result<(), Error> {
    let number = snapshot.schema.known().service_principal_name;
    let mut new = new_names(snapshot.schema.known(), before, draft).peekable();
    if new.peek().is_none() {
        return Ok(());
    }
    let (Some(attribute), Some(mappings)) =
        (snapshot.schema.attribute(number), snapshot.schema.attribute_named("sPNMappings"))
    else {
        return Ok(());
    };
    if !Heuristics::read(native, snapshot)?.uniqueness.aliases {
        return Ok(());
    }
    let settings = native.settings(snapshot)?;
    let aliases = Aliases::parse(settings.values(mappings.number));
    for value in new {
        for related in aliases.of(&String::from_utf8_lossy(value)) {
            let is_another = |record: &Record<'_>| !record.is_deleted() && record.id() != draft.id;
            let Some(holder) = snapshot.first_with(number, related.as_bytes(), is_another)? else { continue };
            if access.require_write(&snapshot.existing(holder)?, attribute).is_err() {
                return Err(Error::attribute(name, AttributeFault::NotUnique));
            }
        }
    }
    Ok(())
}

/// Makes a computer's names follow when its account name or DNS name changes, in the place of the old ones.
pub(crate) fn follow(known: &Known, before: &Draft, draft: &mut Draft) {
    let renamed: Vec<(String, String)> = [known.sam_account_name, known.dns_host_name]
        .into_iter()
        .filter_map(|attribute| Some((host_name(before, attribute)?, host_name(draft, attribute)?)))
        .filter(|(old, new)| old != new)
        .collect();
    if renamed.is_empty() {
        return;
    }
    let mut names: Vec<Vec<u8>> = Vec::new();
    for value in draft.values(known.service_principal_name) {
        let name = String::from_utf8_lossy(value);
        let new = renamed.iter().find_map(|(old, new)| with_host(&name, old, new));
        let value = new.map_or_else(|| value.clone(), String::into_bytes);
        if !names.iter().any(|name| name.eq_ignore_ascii_case(&value)) {
            names.push(value);
        }
    }
    draft.attributes.insert(known.service_principal_name, names);
}

/// The name of a host as names of services have it.
fn host_name(draft: &Draft, attribute: AttributeNumber) -> Option<String> {
    let text = std::str::from_utf8(draft.value(attribute)?).ok()?;
    Some(text.strip_suffix('$').unwrap_or(text).to_owned())
}

/// The name with another host; none when its host is not `old`.
fn with_host(name: &str, old: &str, new: &str) -> Option<String> {
    let (class, rest) = name.split_once('/')?;
    let end = rest.find(['/', ':']).unwrap_or(rest.len());
    let (host, rest) = rest.split_at(end);
    host.eq_ignore_ascii_case(old).then(|| format!("{class}/{new}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_stands_for_those_that_are_mapped_to_it() {
        let values = [b"host=http, WWW,cifs".as_slice(), b"nonsense", b"ldap=gc"];
        let aliases = Aliases::parse(values.into_iter());
        for (name, expected) in [
            ("http/pc7", &["host/pc7"][..]),
            ("Www/pc7.example.com/x", &["host/pc7.example.com/x"]),
            ("GC/dc1", &["ldap/dc1"]),
            ("Host/pc7", &["http/pc7", "www/pc7", "cifs/pc7"]),
            ("MSSQLSvc/pc7:1433", &[]),
            ("http", &[]),
        ] {
            assert_eq!(aliases.of(name).collect::<Vec<_>>(), expected, "{name}");
        }
    }

    #[test]
    fn a_name_has_two_parts_or_three() {
        for (name, expected) in [
            ("host/pc7", true),
            ("MSSQLSvc/pc7:1433", true),
            ("ldap/pc7/example.com", true),
            ("pc7", false),
            ("/pc7", false),
            ("host/", false),
            ("host//example.com", false),
            ("ldap/pc7/example.com/x", false),
        ] {
            assert_eq!(is_well_formed(name.as_bytes()), expected, "{name}");
        }
    }

    #[test]
    fn only_the_host_of_a_name_is_replaced() {
        for (name, expected) in [
            ("host/pc7", Some("host/pc8")),
            ("HOST/PC7", Some("HOST/pc8")),
            ("MSSQLSvc/pc7:1433", Some("MSSQLSvc/pc8:1433")),
            ("ldap/pc7/example.com", Some("ldap/pc8/example.com")),
            ("host/pc77", None),
            ("host/pc7.example.com", None),
            ("pc7", None),
        ] {
            assert_eq!(with_host(name, "pc7", "pc8").as_deref(), expected, "{name}");
        }
    }
}
