//! What all creations have in common: a name in a place, and one add.

use bailiwick_adtypes::dn::{Dn, Rdn};
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::modification::Attribute;
use bailiwick_adtypes::object_name::ObjectName;
use bailiwick_credential::Password;

use super::Error;
use crate::{Change, Context, Directory, PasswordFault};

/// An object that was made.
#[derive(Clone, Debug)]
pub struct Created {
    /// Its name.
    pub dn: Dn,
    /// Its identity.
    pub guid: Guid,
}

/// The attributes of a new object, with those that the caller chose himself.
pub(super) struct Draft(Vec<Attribute>);

impl Draft {
    /// Begins with what the caller chose and the class, which nobody else chooses.
    pub fn new(class: &str, chosen: Vec<Attribute>) -> Draft {
        let mut draft = Draft(chosen);
        draft.set("objectClass", class.as_bytes());
        draft
    }

    /// Sets an attribute that the use-case owns.
    pub fn set(&mut self, name: &str, value: impl Into<Vec<u8>>) {
        self.0.retain(|attribute| !attribute.name.eq_ignore_ascii_case(name));
        self.0.push(Attribute { name: name.to_owned(), values: vec![value.into()] });
    }

    /// Gives the account its first password.
    pub fn set_password(&mut self, password: &Password) -> Result<(), PasswordFault> {
        // A password has the same form in an add as in a modification, which has a name for it.
        let nobody = ObjectName::Dn(Dn::default());
        if let Change::Modify { modifications, .. } = Change::set_password(nobody, password)? {
            for modification in modifications {
                self.set(&modification.attribute, modification.values.concat());
            }
        }
        Ok(())
    }

    /// Makes the object: one change.
    pub fn create(
        self,
        directory: &dyn Directory,
        context: &Context<'_>,
        rdn_attribute: &str,
        name: &str,
        place: &Dn,
    ) -> Result<Created, Error> {
        let dn = child(place, rdn_attribute, name)?;
        let change = Change::Add { name: dn.clone().into(), attributes: self.0, sd_flags: None };
        let applied = directory.apply(context, &[change])?;
        let guid = applied.first().map_or(Guid::NIL, |applied| applied.guid);
        Ok(Created { dn, guid })
    }
}

/// The name of a child; an empty one is none.
pub(super) fn child(place: &Dn, attribute: &str, name: &str) -> Result<Dn, Error> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Error::InvalidName { text: name.to_owned() });
    }
    Ok(place.child(Rdn { attribute: attribute.to_owned(), value: name.to_owned() }))
}
