//! Renaming and moving an entry. RFC 4511 section 4.9.

use crate::ber::{Reader, Tag, Writer};
use crate::malformed::Malformed;

const NEW_SUPERIOR: Tag = Tag::context(0);

/// A wish to rename an entry, to move it, or both; what lies below goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModifyDnRequest<'a> {
    /// The name of the entry.
    pub entry: &'a str,
    /// Its new first part.
    pub new_rdn: &'a str,
    /// Whether the values of the old first part go away. AD knows only that they do.
    pub delete_old_rdn: bool,
    /// The new parent; absent when the entry stays where it is.
    pub new_superior: Option<&'a str>,
}

impl<'a> ModifyDnRequest<'a> {
    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, Malformed> {
        let entry = reader.string(Tag::OCTET_STRING)?;
        let new_rdn = reader.string(Tag::OCTET_STRING)?;
        let delete_old_rdn = reader.boolean(Tag::BOOLEAN)?;
        let new_superior = reader.optional_string(NEW_SUPERIOR)?;
        reader.ignore_extensions()?;
        Ok(Self { entry, new_rdn, delete_old_rdn, new_superior })
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.string(Tag::OCTET_STRING, self.entry);
        writer.string(Tag::OCTET_STRING, self.new_rdn);
        writer.boolean(Tag::BOOLEAN, self.delete_old_rdn);
        if let Some(new_superior) = self.new_superior {
            writer.string(NEW_SUPERIOR, new_superior);
        }
    }
}
