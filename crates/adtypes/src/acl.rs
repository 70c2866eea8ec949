//! Access control lists and their entries as octets. [MS-DTYP] 2.4.4 and 2.4.5.

use crate::access_mask::AccessMask;
use crate::bits::bit_set;
use crate::guid::Guid;
use crate::security_descriptor::SecurityDescriptorError;
use crate::sid::Sid;

/// How many octets a list may have: its own length field has 16 bits.
pub const ACL_OCTETS_MAX: usize = 0xffff;

const ACL_HEADER_OCTETS: usize = 8;
const ACE_HEADER_OCTETS: usize = 4;
const ACL_REVISION: u8 = 2;
/// The revision of a list with object ACEs.
const ACL_REVISION_DS: u8 = 4;

const OBJECT_TYPE_PRESENT: u32 = 1;
const INHERITED_OBJECT_TYPE_PRESENT: u32 = 2;

/// A list of entries, in the order in which they are evaluated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Acl {
    /// The entries.
    pub aces: Vec<Ace>,
}

/// One entry of a list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ace {
    /// How it is inherited and audited.
    pub flags: AceFlags,
    /// What it says.
    pub entry: AceEntry,
}

/// What an entry says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AceEntry {
    /// An entry that directories evaluate.
    Access(AccessEntry),
    /// An entry of another type (conditional, mandatory label, resource attribute, …), kept as it came and evaluated by nobody.
    Raw {
        /// The type octet.
        ace_type: u8,
        /// The octets behind the header; a multiple of four of them.
        body: Vec<u8>,
    },
}

/// Rights of a trustee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AccessEntry {
    /// Whether they are granted, denied or audited.
    pub kind: AceKind,
    /// The rights.
    pub mask: AccessMask,
    /// Whose rights.
    pub trustee: Sid,
    /// `None` in a plain ACE; an object ACE has it even when both of its types are absent.
    pub object: Option<AceObject>,
}

/// What an entry does with its rights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AceKind {
    /// Grants them.
    Allow,
    /// Denies them.
    Deny,
    /// Has their use logged.
    Audit,
    /// Reserved by the specification.
    Alarm,
}

/// What the rights of an object ACE are about, and which classes inherit it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct AceObject {
    /// An attribute, property set, class, extended right or validated write; `None` is all.
    pub object_type: Option<Guid>,
    /// The class of objects that inherit the entry; `None` is all.
    pub inherited_object_type: Option<Guid>,
}

/// How an entry is inherited and audited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AceFlags(pub u8);

bit_set!(AceFlags);

impl AceFlags {
    /// OI: objects that are no containers inherit it. Every directory object is a container.
    pub const OBJECT_INHERIT: AceFlags = AceFlags(0x01);
    /// CI: containers inherit it.
    pub const CONTAINER_INHERIT: AceFlags = AceFlags(0x02);
    /// NP: children inherit it, their children do not.
    pub const NO_PROPAGATE_INHERIT: AceFlags = AceFlags(0x04);
    /// IO: it says nothing about the object that holds it.
    pub const INHERIT_ONLY: AceFlags = AceFlags(0x08);
    /// ID: it came from the parent.
    pub const INHERITED: AceFlags = AceFlags(0x10);
    /// SA: log successes.
    pub const SUCCESSFUL_ACCESS: AceFlags = AceFlags(0x40);
    /// FA: log failures.
    pub const FAILED_ACCESS: AceFlags = AceFlags(0x80);
}

impl AceKind {
    /// The type octet of a plain ACE of this kind; that of an object ACE is higher by 5.
    const fn plain_type(self) -> u8 {
        match self {
            AceKind::Allow => 0,
            AceKind::Deny => 1,
            AceKind::Audit => 2,
            AceKind::Alarm => 3,
        }
    }

    /// The kind of a type octet, and whether it is an object ACE.
    const fn of_type(ace_type: u8) -> Option<(AceKind, bool)> {
        match ace_type {
            0 => Some((AceKind::Allow, false)),
            1 => Some((AceKind::Deny, false)),
            2 => Some((AceKind::Audit, false)),
            3 => Some((AceKind::Alarm, false)),
            5 => Some((AceKind::Allow, true)),
            6 => Some((AceKind::Deny, true)),
            7 => Some((AceKind::Audit, true)),
            8 => Some((AceKind::Alarm, true)),
            _ => None,
        }
    }
}

impl Acl {
    /// Reads a list from the start of the octets; what follows it belongs to others.
    ///
    /// # Errors
    /// `Acl` and `Ace`, see [`SecurityDescriptorError`].
    pub fn read(octets: &[u8]) -> Result<Acl, SecurityDescriptorError> {
        let header = octets.first_chunk::<ACL_HEADER_OCTETS>().ok_or(SecurityDescriptorError::Acl)?;
        let [revision, _, size_low, size_high, count_low, count_high, _, _] = *header;
        let size = usize::from(u16::from_le_bytes([size_low, size_high]));
        let count = usize::from(u16::from_le_bytes([count_low, count_high]));
        if !(ACL_REVISION..=ACL_REVISION_DS).contains(&revision) {
            return Err(SecurityDescriptorError::Acl);
        }
        let mut rest = octets.get(ACL_HEADER_OCTETS..size).ok_or(SecurityDescriptorError::Acl)?;
        // The count is only believed as far as entries of the least size would fit.
        let mut aces = Vec::with_capacity(count.min(rest.len() / ACE_HEADER_OCTETS));
        for index in 0..count {
            let (ace, behind) = Ace::read(rest).ok_or(SecurityDescriptorError::Ace { index })?;
            aces.push(ace);
            rest = behind;
        }
        Ok(Acl { aces })
    }

    /// Appends the octets of the list.
    ///
    /// # Errors
    /// `AclTooLarge` when they are more than [`ACL_OCTETS_MAX`].
    pub fn write_bytes(&self, out: &mut Vec<u8>) -> Result<(), SecurityDescriptorError> {
        let size = self.octets();
        let too_large = SecurityDescriptorError::AclTooLarge { octets: size };
        let size = u16::try_from(size).map_err(|_| too_large)?;
        let count = u16::try_from(self.aces.len()).map_err(|_| too_large)?;
        let plain = self.aces.iter().all(|ace| matches!(ace.entry, AceEntry::Access(AccessEntry { object: None, .. })));
        out.extend([if plain { ACL_REVISION } else { ACL_REVISION_DS }, 0]);
        out.extend(size.to_le_bytes());
        out.extend(count.to_le_bytes());
        out.extend([0, 0]);
        self.aces.iter().for_each(|ace| ace.write_bytes(out));
        Ok(())
    }

    /// How many octets [`Acl::write_bytes`] makes.
    pub fn octets(&self) -> usize {
        ACL_HEADER_OCTETS + self.aces.iter().map(Ace::octets).sum::<usize>()
    }
}

impl Ace {
    /// The entry, if it is one that directories evaluate.
    pub fn access(&self) -> Option<&AccessEntry> {
        match &self.entry {
            AceEntry::Access(entry) => Some(entry),
            AceEntry::Raw { .. } => None,
        }
    }

    /// How many octets the entry has.
    pub fn octets(&self) -> usize {
        ACE_HEADER_OCTETS
            + match &self.entry {
                AceEntry::Access(entry) => entry.octets(),
                AceEntry::Raw { body, .. } => body.len().next_multiple_of(4),
            }
    }

    /// Reads one entry and returns what is behind it; `None` when its size or its parts do not fit.
    fn read(octets: &[u8]) -> Option<(Ace, &[u8])> {
        let [ace_type, flags, size_low, size_high] = *octets.first_chunk::<ACE_HEADER_OCTETS>()?;
        let size = usize::from(u16::from_le_bytes([size_low, size_high]));
        if !size.is_multiple_of(4) {
            return None;
        }
        let (ace, behind) = octets.split_at_checked(size)?;
        let body = ace.get(ACE_HEADER_OCTETS..)?;
        let entry = match AceKind::of_type(ace_type) {
            Some((kind, is_object)) => AceEntry::Access(AccessEntry::read(kind, is_object, body)?),
            None => AceEntry::Raw { ace_type, body: body.to_vec() },
        };
        Some((Ace { flags: AceFlags(flags), entry }, behind))
    }

    /// Appends the octets. The caller has made sure that the list, and so the entry, fits into 16 bits.
    fn write_bytes(&self, out: &mut Vec<u8>) {
        let ace_type = match &self.entry {
            AceEntry::Access(AccessEntry { kind, object: None, .. }) => kind.plain_type(),
            AceEntry::Access(AccessEntry { kind, object: Some(_), .. }) => kind.plain_type() + 5,
            AceEntry::Raw { ace_type, .. } => *ace_type,
        };
        out.extend([ace_type, self.flags.0]);
        out.extend((self.octets() as u16).to_le_bytes());
        match &self.entry {
            AceEntry::Access(entry) => entry.write_bytes(out),
            AceEntry::Raw { body, .. } => {
                out.extend_from_slice(body);
                out.resize(out.len() + body.len().next_multiple_of(4) - body.len(), 0);
            }
        }
    }
}

impl AccessEntry {
    fn octets(&self) -> usize {
        let guids = self.object.map_or(0, |object| {
            4 + 16 * (usize::from(object.object_type.is_some()) + usize::from(object.inherited_object_type.is_some()))
        });
        4 + guids + self.trustee.octets()
    }

    /// Reads the octets behind the header. Padding behind the SID is not kept.
    fn read(kind: AceKind, is_object: bool, body: &[u8]) -> Option<AccessEntry> {
        let (mask, mut rest) = body.split_first_chunk::<4>()?;
        let mask = AccessMask(u32::from_le_bytes(*mask));
        let mut object = None;
        if is_object {
            let (present, behind) = rest.split_first_chunk::<4>()?;
            let present = u32::from_le_bytes(*present);
            rest = behind;
            let mut guid = |flag| {
                if present & flag == 0 {
                    return Some(None);
                }
                let (octets, behind) = rest.split_first_chunk::<16>()?;
                rest = behind;
                Some(Some(Guid::from_bytes(*octets)))
            };
            let object_type = guid(OBJECT_TYPE_PRESENT)?;
            let inherited_object_type = guid(INHERITED_OBJECT_TYPE_PRESENT)?;
            object = Some(AceObject { object_type, inherited_object_type });
        }
        let (trustee, _) = Sid::read(rest).ok()?;
        Some(AccessEntry { kind, mask, trustee, object })
    }

    fn write_bytes(&self, out: &mut Vec<u8>) {
        out.extend(self.mask.0.to_le_bytes());
        if let Some(AceObject { object_type, inherited_object_type }) = self.object {
            let mut present = 0;
            if object_type.is_some() {
                present |= OBJECT_TYPE_PRESENT;
            }
            if inherited_object_type.is_some() {
                present |= INHERITED_OBJECT_TYPE_PRESENT;
            }
            out.extend(u32::to_le_bytes(present));
            for guid in [object_type, inherited_object_type].into_iter().flatten() {
                out.extend(guid.as_bytes());
            }
        }
        self.trustee.write_bytes(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ace(kind: AceKind, object: Option<AceObject>) -> Ace {
        let entry = AccessEntry { kind, mask: AccessMask::READ_PROPERTY, trustee: Sid::SYSTEM, object };
        Ace { flags: AceFlags::CONTAINER_INHERIT, entry: AceEntry::Access(entry) }
    }

    fn written(aces: Vec<Ace>) -> Vec<u8> {
        let mut out = Vec::new();
        Acl { aces }.write_bytes(&mut out).unwrap();
        out
    }

    #[test]
    fn a_plain_entry_has_golden_octets() {
        let octets = written(vec![ace(AceKind::Allow, None)]);
        let golden = [
            2, 0, 28, 0, 1, 0, 0, 0, // revision, size, count
            0, 2, 20, 0, // type, flags, size
            0x10, 0, 0, 0, // mask
            1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0, // S-1-5-18
        ];
        assert_eq!(octets, golden);
    }

    #[test]
    fn all_kinds_come_back() {
        let guid = Some(Guid::from_u128(7));
        let mut aces = Vec::new();
        for kind in [AceKind::Allow, AceKind::Deny, AceKind::Audit, AceKind::Alarm] {
            aces.push(ace(kind, None));
            for (object_type, inherited_object_type) in [(None, None), (guid, None), (None, guid), (guid, guid)] {
                aces.push(ace(kind, Some(AceObject { object_type, inherited_object_type })));
            }
        }
        aces.push(Ace { flags: AceFlags::NONE, entry: AceEntry::Raw { ace_type: 0x11, body: vec![1, 2, 3, 4] } });
        let acl = Acl { aces };
        let mut octets = Vec::new();
        acl.write_bytes(&mut octets).unwrap();
        assert_eq!(octets.len(), acl.octets());
        octets.extend([0xff; 9]);
        assert_eq!(Acl::read(&octets), Ok(acl));
    }

    #[test]
    fn sizes_that_do_not_fit_are_refused() {
        let good = written(vec![ace(AceKind::Allow, None)]);
        let refuse = |at: usize, octet: u8, error| {
            let mut bad = good.clone();
            bad[at] = octet;
            assert_eq!(Acl::read(&bad), Err(error), "octet {at} = {octet}");
        };
        refuse(0, 1, SecurityDescriptorError::Acl);
        refuse(0, 5, SecurityDescriptorError::Acl);
        refuse(2, 7, SecurityDescriptorError::Acl);
        refuse(2, 29, SecurityDescriptorError::Acl);
        refuse(2, 24, SecurityDescriptorError::Ace { index: 0 });
        refuse(4, 2, SecurityDescriptorError::Ace { index: 1 });
        for size in [0, 3, 16, 18, 24] {
            refuse(10, size, SecurityDescriptorError::Ace { index: 0 });
        }
        refuse(8, 5, SecurityDescriptorError::Ace { index: 0 });
        assert_eq!(Acl::read(&[]), Err(SecurityDescriptorError::Acl));
    }

    #[test]
    fn a_list_of_more_than_64_kib_is_refused() {
        let acl = Acl { aces: vec![ace(AceKind::Allow, None); 4000] };
        let error = SecurityDescriptorError::AclTooLarge { octets: 80_008 };
        assert_eq!(acl.write_bytes(&mut Vec::new()), Err(error));
    }
}
