//! The controls of a request, read once and by name. RFC 4511 section 4.1.11, [MS-ADTS] 3.1.1.3.4.1.

use bailiwick_ldap::control::{
    Control, Controls, DomainScope, ExtendedDn, ManageDsaIt, PagedResults, PermissiveModify, SdFlags, SearchOptions,
    ServerSideSort, ShowDeactivatedLink, ShowDeleted, ShowRecycled, TreeDelete,
};
use bailiwick_ldap::malformed::Malformed;

/// The controls that are honoured, as the root DSE lists them.
pub const SUPPORTED: &[&str] = &[
    PagedResults::OID,
    ServerSideSort::OID,
    ShowDeleted::OID,
    ShowRecycled::OID,
    ShowDeactivatedLink::OID,
    ExtendedDn::OID,
    SdFlags::OID,
    TreeDelete::OID,
    PermissiveModify::OID,
    DomainScope::OID,
    SearchOptions::OID,
    ManageDsaIt::OID,
];

/// What the controls of one request ask for; the default is no control at all.
#[derive(Debug, Default)]
pub struct RequestControls<'a> {
    /// A page of the results.
    pub paged: Option<PagedResults<'a>>,
    /// An order of the results.
    pub sort: Option<Sort<'a>>,
    /// Tombstones and recycled objects are visible.
    pub show_deleted: bool,
    /// Names with GUID and SID in front.
    pub extended_dn: Option<ExtendedDn>,
    /// Parts of a security descriptor.
    pub sd_flags: Option<u32>,
    /// A delete takes everything below with it.
    pub tree_delete: bool,
    /// A modify that changes nothing is no error.
    pub permissive_modify: bool,
    /// No references to other naming contexts.
    pub domain_scope: bool,
    /// Flags of the search options control.
    pub search_options: Option<u32>,
}

/// An order that is asked for.
#[derive(Debug)]
pub struct Sort<'a> {
    /// The keys.
    pub wanted: ServerSideSort<'a>,
    /// Whether results in another order are of no use.
    pub critical: bool,
}

/// The controls cannot be honoured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ControlError {
    /// A critical control that nobody here knows.
    UnknownCritical,
    /// A control whose value cannot be read.
    Malformed(Malformed),
}

impl From<Malformed> for ControlError {
    fn from(malformed: Malformed) -> ControlError {
        ControlError::Malformed(malformed)
    }
}

impl<'a> RequestControls<'a> {
    /// Reads the controls of a message. Known controls that do not fit the operation have no effect on it.
    ///
    /// # Errors
    /// `UnknownCritical`, and `Malformed` for a known control that cannot be read.
    pub fn read(controls: &Controls<'a>) -> Result<RequestControls<'a>, ControlError> {
        let mut read = RequestControls::default();
        for control in controls {
            read.take(control)?;
        }
        Ok(read)
    }

    fn take(&mut self, control: &Control<'a>) -> Result<(), ControlError> {
        let value = control.value;
        match control.oid {
            PagedResults::OID => self.paged = Some(PagedResults::decode(value)?),
            ServerSideSort::OID => {
                let wanted = ServerSideSort::decode(value)?;
                self.sort = Some(Sort { wanted, critical: control.critical });
            }
            ShowDeleted::OID => {
                ShowDeleted::decode(value)?;
                self.show_deleted = true;
            }
            ShowRecycled::OID => {
                // Without the recycle bin every deleted object is shown by either control.
                ShowRecycled::decode(value)?;
                self.show_deleted = true;
            }
            // Links of deleted objects are removed, so there are none to show.
            ShowDeactivatedLink::OID => _ = ShowDeactivatedLink::decode(value)?,
            ExtendedDn::OID => self.extended_dn = Some(ExtendedDn::decode(value)?),
            SdFlags::OID => self.sd_flags = Some(SdFlags::decode(value)?.flags),
            TreeDelete::OID => {
                TreeDelete::decode(value)?;
                self.tree_delete = true;
            }
            PermissiveModify::OID => {
                PermissiveModify::decode(value)?;
                self.permissive_modify = true;
            }
            DomainScope::OID => {
                DomainScope::decode(value)?;
                self.domain_scope = true;
            }
            SearchOptions::OID => self.search_options = Some(SearchOptions::decode(value)?.flags),
            // Objects that hold referrals are always treated as plain ones, so it changes nothing.
            ManageDsaIt::OID => _ = ManageDsaIt::decode(value)?,
            _ if control.critical => return Err(ControlError::UnknownCritical),
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(controls: Vec<Control<'_>>) -> Result<(), ControlError> {
        RequestControls::read(&Controls::from(controls)).map(|_| ())
    }

    #[test]
    fn only_critical_unknown_controls_are_refused() {
        assert_eq!(read(vec![Control::optional("1.2.3", None)]), Ok(()));
        assert_eq!(read(vec![Control::critical("1.2.3", None)]), Err(ControlError::UnknownCritical));
    }

    #[test]
    fn every_supported_control_is_known() {
        for oid in SUPPORTED {
            assert_ne!(read(vec![Control::critical(oid, None)]), Err(ControlError::UnknownCritical), "{oid}");
        }
    }

    #[test]
    fn a_control_that_cannot_be_read_is_refused() {
        assert!(matches!(
            read(vec![Control::optional(PagedResults::OID, Some(b"x"))]),
            Err(ControlError::Malformed(_))
        ));
    }
}
