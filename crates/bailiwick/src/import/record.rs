//! A record of LDIF as a change of the port.

use std::collections::HashSet;
use std::fmt;

use bailiwick_adtypes::dn::{Dn, ObjectName, Rdn};
use bailiwick_adtypes::ldif::{self, Record};
use bailiwick_domain::{Change, Rename};
use bailiwick_ldap::control::{PermissiveModify, TreeDelete};

use super::links::Links;

/// A record that waits to be applied.
pub struct Pending {
    /// Where it is in the input.
    pub line: u64,
    /// Its name as written.
    pub dn: String,
    /// How much of the input comes before it.
    pub octets_before: u64,
    /// What it does.
    pub change: Change,
    /// About how much memory its values take.
    pub octets: usize,
}

/// A record is no change that could be tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordError {
    /// A name cannot be read.
    Name {
        /// The name of the object as written.
        dn: String,
        /// The name that cannot be read.
        name: String,
    },
    /// The object would be of another domain.
    OtherBase {
        /// Its name as written.
        dn: String,
    },
    /// A critical control that is not known here.
    Control {
        /// The name of the object as written.
        dn: String,
        /// The control.
        oid: String,
    },
}

impl RecordError {
    /// The name of the object as written.
    pub fn dn(&self) -> &str {
        match self {
            RecordError::Name { dn, .. } | RecordError::OtherBase { dn } | RecordError::Control { dn, .. } => dn,
        }
    }
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecordError::Name { name, .. } => write!(f, "`{name}` is no name of an object"),
            RecordError::OtherBase { .. } => f.write_str("it is not of this domain"),
            RecordError::Control { oid, .. } => write!(f, "the control {oid} is not known"),
        }
    }
}

impl Pending {
    /// Reads a record that has this much of the input before it; attributes in `leave_out` (small letters) are left
    /// out.
    ///
    /// # Errors
    /// See [`RecordError`].
    pub fn new(
        record: Record,
        octets_before: u64,
        base: &Dn,
        leave_out: &HashSet<String>,
    ) -> Result<Pending, RecordError> {
        let Record { line, dn, controls, change, .. } = record;
        let name_of = |name: &str| {
            ObjectName::parse(name).map_err(|_| RecordError::Name { dn: dn.clone(), name: name.to_owned() })
        };
        let name = name_of(&dn)?;
        if let ObjectName::Dn(parsed) = &name
            && !parsed.ends_with_ignore_case(base)
        {
            return Err(RecordError::OtherBase { dn });
        }
        let (mut permissive, mut tree) = (false, false);
        for control in &controls {
            match control.oid.as_str() {
                PermissiveModify::OID => permissive = true,
                TreeDelete::OID => tree = true,
                _ if control.critical => return Err(RecordError::Control { dn, oid: control.oid.clone() }),
                _ => {}
            }
        }
        let is_left_out = |name: &str| {
            let name = name.split(';').next().unwrap_or(name);
            !leave_out.is_empty() && leave_out.contains(&name.to_ascii_lowercase())
        };
        let change = match change {
            ldif::Change::Add(mut attributes) => {
                attributes.retain(|attribute| !is_left_out(&attribute.name));
                Change::Add { name, attributes, sd_flags: None }
            }
            ldif::Change::Modify(mut modifications) => {
                modifications.retain(|modification| !is_left_out(&modification.attribute));
                Change::Modify { name, modifications, permissive, sd_flags: None }
            }
            ldif::Change::Delete => Change::Delete { name, tree },
            ldif::Change::Rename { new_rdn, delete_old, new_superior } => Change::Rename(Rename {
                name,
                new_rdn: Rdn::parse(&new_rdn)
                    .map_err(|_| RecordError::Name { dn: dn.clone(), name: new_rdn.clone() })?,
                delete_old_rdn: delete_old,
                new_superior: new_superior.as_deref().map(name_of).transpose()?,
            }),
        };
        let octets = octets(&change);
        Ok(Pending { line, dn, octets_before, change, octets })
    }

    /// Holds back the values of attributes that have named objects to come before: trying them first would cost a
    /// refused batch for each of them.
    pub fn hold_back(&mut self, links: &mut Links) {
        for name in links.pointing_forward() {
            links.take_from(&mut self.change, &name, self.line);
        }
    }
}

/// What a value costs beside its octets.
const VALUE_COST_OCTETS: usize = 48;

fn octets(change: &Change) -> usize {
    let sum = |values: &[Vec<u8>]| values.iter().map(|value| value.len() + VALUE_COST_OCTETS).sum::<usize>();
    match change {
        Change::Add { attributes, .. } => attributes.iter().map(|attribute| sum(&attribute.values)).sum(),
        Change::Modify { modifications, .. } => modifications.iter().map(|change| sum(&change.values)).sum(),
        Change::Rename(_) | Change::Delete { .. } => 0,
    }
}

#[cfg(test)]
mod tests {
    use bailiwick_adtypes::ldif::Reader;

    use super::*;

    fn pending(ldif: &str) -> Result<Pending, RecordError> {
        let record = Reader::new(ldif.as_bytes()).next_record().unwrap().unwrap();
        let leave_out = HashSet::from(["objectguid".to_owned()]);
        Pending::new(record, 0, &Dn::parse("DC=example,DC=com").unwrap(), &leave_out)
    }

    #[test]
    fn content_becomes_an_add_without_what_is_left_out() {
        let pending = pending("dn: CN=a,dc=Example,dc=com\ncn: a\nobjectGUID: x\n").unwrap();
        assert_eq!((pending.line, pending.dn.as_str()), (1, "CN=a,dc=Example,dc=com"));
        let Change::Add { attributes, .. } = pending.change else { panic!() };
        assert_eq!(attributes.len(), 1);
    }

    #[test]
    fn records_of_another_domain_are_told_apart() {
        let error = pending("dn: CN=a,DC=other,DC=org\ncn: a\n").err();
        assert_eq!(error, Some(RecordError::OtherBase { dn: "CN=a,DC=other,DC=org".into() }));
    }

    #[test]
    fn controls_reach_the_change() {
        let tree = "control: 1.2.840.113556.1.4.805 true\nchangetype: delete\n";
        let pending_tree = pending(&format!("dn: CN=a,DC=example,DC=com\n{tree}")).unwrap();
        assert!(matches!(pending_tree.change, Change::Delete { tree: true, .. }));
        let unknown = "dn: CN=a,DC=example,DC=com\ncontrol: 1.2.3 true\nchangetype: delete\n";
        assert!(matches!(pending(unknown).err(), Some(RecordError::Control { .. })));
    }
}
