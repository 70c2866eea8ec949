//! Controls: the list that a message carries, and one file for each control. RFC 4511 section 4.1.11, [MS-ADTS] 3.1.1.3.4.1.
//!
//! A control that this crate does not know stays raw, with its criticality; whether it is supported, and for which
//! operations, is the server's to say.

pub mod domain_scope;
pub mod extended_dn;
pub mod manage_dsa_it;
pub mod paged_results;
pub mod permissive_modify;
pub mod sd_flags;
pub mod search_options;
pub mod server_side_sort;
pub mod show_deactivated_link;
pub mod show_deleted;
pub mod show_recycled;
pub mod tree_delete;

use std::fmt;

use crate::ber::{Reader, Tag, Writer};
use crate::malformed::{Items, Malformed, count};

pub use domain_scope::DomainScope;
pub use extended_dn::ExtendedDn;
pub use manage_dsa_it::ManageDsaIt;
pub use paged_results::PagedResults;
pub use permissive_modify::PermissiveModify;
pub use sd_flags::SdFlags;
pub use search_options::SearchOptions;
pub use server_side_sort::{ServerSideSort, ServerSideSortResponse, SortKey};
pub use show_deactivated_link::ShowDeactivatedLink;
pub use show_deleted::ShowDeleted;
pub use show_recycled::ShowRecycled;
pub use tree_delete::TreeDelete;

const CONTROLS: Tag = Tag::context_constructed(0);

/// How many controls a message may carry.
pub const CONTROLS_PER_MESSAGE_MAX: usize = 64;

/// The request controls that this crate can read, by OID and the name that [MS-ADTS] or the RFC gives them.
pub const TABLE: &[(&str, &str)] = &[
    (PagedResults::OID, "LDAP_PAGED_RESULT_OID_STRING"),
    (SdFlags::OID, "LDAP_SERVER_SD_FLAGS_OID"),
    (ServerSideSort::OID, "LDAP_SERVER_SORT_OID"),
    (ShowDeleted::OID, "LDAP_SERVER_SHOW_DELETED_OID"),
    (ExtendedDn::OID, "LDAP_SERVER_EXTENDED_DN_OID"),
    (TreeDelete::OID, "LDAP_SERVER_TREE_DELETE_OID"),
    (DomainScope::OID, "LDAP_SERVER_DOMAIN_SCOPE_OID"),
    (SearchOptions::OID, "LDAP_SERVER_SEARCH_OPTIONS_OID"),
    (PermissiveModify::OID, "LDAP_SERVER_PERMISSIVE_MODIFY_OID"),
    (ShowRecycled::OID, "LDAP_SERVER_SHOW_RECYCLED_OID"),
    (ShowDeactivatedLink::OID, "LDAP_SERVER_SHOW_DEACTIVATED_LINK_OID"),
    (ManageDsaIt::OID, "manageDsaIT"),
];

/// One control of a message, still without meaning.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Control<'a> {
    /// The OID as the peer wrote it.
    pub oid: &'a str,
    /// Whether the operation must fail if the control is not supported.
    pub critical: bool,
    /// What the control says; absent and empty differ.
    pub value: Option<&'a [u8]>,
}

impl<'a> Control<'a> {
    /// A control that must be honoured.
    pub const fn critical(oid: &'a str, value: Option<&'a [u8]>) -> Self {
        Self { oid, critical: true, value }
    }

    /// A control that may be ignored; controls of responses are such.
    pub const fn optional(oid: &'a str, value: Option<&'a [u8]>) -> Self {
        Self { oid, critical: false, value }
    }

    fn read(mut reader: Reader<'a>) -> Result<Self, Malformed> {
        let control = Self {
            oid: reader.string(Tag::OCTET_STRING)?,
            critical: reader.boolean_or_false(Tag::BOOLEAN)?,
            value: reader.optional(Tag::OCTET_STRING)?,
        };
        reader.ignore_extensions()?;
        Ok(control)
    }

    fn write(&self, writer: &mut Writer<'_>) {
        let control = writer.start(Tag::SEQUENCE);
        writer.string(Tag::OCTET_STRING, self.oid);
        if self.critical {
            writer.boolean(Tag::BOOLEAN, true);
        }
        if let Some(value) = self.value {
            writer.octets(Tag::OCTET_STRING, value);
        }
        writer.end(control);
    }
}

impl fmt::Debug for Control<'_> {
    /// Shows the length of the value only: what an unknown control holds may be a secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Control")
            .field("oid", &self.oid)
            .field("critical", &self.critical)
            .field("value_octets", &self.value.map(<[u8]>::len))
            .finish()
    }
}

/// The controls of a message in the peer's order, at most [`CONTROLS_PER_MESSAGE_MAX`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Controls<'a> {
    list: Vec<Control<'a>>,
}

impl<'a> Controls<'a> {
    /// No controls; costs nothing.
    pub const NONE: Self = Self { list: Vec::new() };

    /// The controls as a slice.
    pub fn as_slice(&self) -> &[Control<'a>] {
        &self.list
    }

    /// The controls in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Control<'a>> {
        self.list.iter()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The first control with this OID.
    pub fn find(&self, oid: &str) -> Option<&Control<'a>> {
        self.list.iter().find(|control| control.oid == oid)
    }
}

impl<'a> From<Vec<Control<'a>>> for Controls<'a> {
    fn from(list: Vec<Control<'a>>) -> Self {
        Self { list }
    }
}

impl<'s, 'a> IntoIterator for &'s Controls<'a> {
    type Item = &'s Control<'a>;
    type IntoIter = std::slice::Iter<'s, Control<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Reads what follows the operation of a message: controls or nothing, then extensions.
#[inline]
pub(crate) fn read(mut reader: Reader<'_>) -> Result<Controls<'_>, Malformed> {
    if reader.is_empty() {
        return Ok(Controls::NONE);
    }
    let mut controls = Vec::new();
    if let Some(contents) = reader.optional(CONTROLS)? {
        let mut list = Reader::new(contents);
        let mut left = CONTROLS_PER_MESSAGE_MAX;
        while !list.is_empty() {
            count(&mut left, Items::Controls, CONTROLS_PER_MESSAGE_MAX)?;
            controls.push(Control::read(list.constructed(Tag::SEQUENCE)?)?);
        }
    }
    reader.ignore_extensions()?;
    Ok(Controls { list: controls })
}

/// Writes the list, or nothing when it is empty.
#[inline]
pub(crate) fn write(writer: &mut Writer<'_>, controls: &[Control<'_>]) {
    if controls.is_empty() {
        return;
    }
    let list = writer.start(CONTROLS);
    for control in controls {
        control.write(writer);
    }
    writer.end(list);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_oid_is_in_the_table_twice() {
        let mut oids: Vec<_> = TABLE.iter().map(|(oid, _)| oid).collect();
        oids.sort_unstable();
        oids.dedup();
        assert_eq!(oids.len(), TABLE.len());
    }

    fn written(count: usize) -> Vec<u8> {
        let mut out = Vec::new();
        write(&mut Writer::new(&mut out), &vec![Control::optional("1.2", None); count]);
        out
    }

    #[test]
    fn a_message_carries_a_bounded_number_of_controls() {
        let most = written(CONTROLS_PER_MESSAGE_MAX);
        assert!(read(Reader::new(&most)).is_ok());
        let more = written(CONTROLS_PER_MESSAGE_MAX + 1);
        assert_eq!(
            read(Reader::new(&more)),
            Err(Malformed::TooMany { items: Items::Controls, maximum: CONTROLS_PER_MESSAGE_MAX })
        );
    }

    #[test]
    fn controls_without_a_value_take_an_empty_one_but_no_other() {
        assert_eq!(TreeDelete::decode(None), Ok(TreeDelete));
        assert_eq!(TreeDelete::decode(Some(b"")), Ok(TreeDelete));
        assert_eq!(TreeDelete::decode(Some(b"x")), Err(Malformed::ValueUnexpected));
    }

    #[test]
    fn debug_shows_no_value() {
        let shown = format!("{:?}", Control::critical("1.2", Some(b"sesame")));
        assert!(!shown.contains("sesame") && !shown.contains("115"), "{shown}");
    }
}
