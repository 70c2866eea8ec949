//! Rights by the names that people have for them, as entries of an access control list. [MS-ADTS] 5.1.3.2.

use bailiwick_adtypes::access_mask::AccessMask;
use bailiwick_adtypes::acl::{AccessEntry, Ace, AceEntry, AceFlags, AceKind, AceObject};
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::sid::Sid;

use super::Kind;

/// Something that can be delegated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Everything.
    FullControl,
    /// Reading every attribute that is not confidential.
    Read,
    /// Writing every attribute.
    Write,
    /// Setting users' passwords without knowing them.
    ResetPassword,
    /// Unlocking users.
    Unlock,
    /// Having users change their password at the next sign-in.
    RequirePasswordChange,
    /// Making and deleting users.
    CreateUsers,
    /// Making and deleting groups.
    CreateGroups,
    /// Making and deleting computers' accounts.
    CreateComputers,
    /// Changing who is in groups.
    ManageMembers,
}

/// The class of users.
const USER: Guid = Guid::from_u128(0xbf967aba_0de6_11d0_a285_00aa003049e2);
/// The class of groups.
const GROUP: Guid = Guid::from_u128(0xbf967a9c_0de6_11d0_a285_00aa003049e2);
/// The class of computers.
const COMPUTER: Guid = Guid::from_u128(0xbf967a86_0de6_11d0_a285_00aa003049e2);
/// The extended right User-Force-Change-Password.
const RESET_PASSWORD: Guid = Guid::from_u128(0x00299570_246d_11d0_a768_00aa006e0529);
/// The extended right User-Change-Password.
pub(super) const CHANGE_PASSWORD: Guid = Guid::from_u128(0xab721a53_1e2f_11d0_9819_00aa0040529b);
/// The attribute lockoutTime.
const LOCKOUT_TIME: Guid = Guid::from_u128(0x28630ebf_41d5_11d1_a9c1_0000f80367c1);
/// The attribute pwdLastSet.
const PWD_LAST_SET: Guid = Guid::from_u128(0xbf967a0a_0de6_11d0_a285_00aa003049e2);
/// The attribute member.
const MEMBER: Guid = Guid::from_u128(0xbf9679c0_0de6_11d0_a285_00aa003049e2);

/// Reading, as far as it concerns a directory.
const READ: AccessMask = AccessMask(
    AccessMask::READ_PROPERTY.0 | AccessMask::LIST_CONTENTS.0 | AccessMask::LIST_OBJECT.0 | AccessMask::READ_CONTROL.0,
);
/// Making and deleting children.
const CHILDREN: AccessMask = AccessMask(AccessMask::CREATE_CHILD.0 | AccessMask::DELETE_CHILD.0);

impl Right {
    /// The entry that grants it to `trustee`: on an account or group for itself, on a place for what lies below.
    pub fn entry(self, trustee: Sid, on: Kind) -> Ace {
        let (mask, object_type, class) = self.parts();
        let is_leaf = matches!(on, Kind::User | Kind::Group | Kind::Computer);
        let flags = match (is_leaf, class) {
            (true, _) => AceFlags::NONE,
            (false, None) => AceFlags::CONTAINER_INHERIT,
            (false, Some(_)) => AceFlags::CONTAINER_INHERIT.with(AceFlags::INHERIT_ONLY),
        };
        let inherited_object_type = if is_leaf { None } else { class };
        let is_plain = object_type.is_none() && inherited_object_type.is_none();
        let object = (!is_plain).then_some(AceObject { object_type, inherited_object_type });
        Ace { flags, entry: AceEntry::Access(AccessEntry { kind: AceKind::Allow, mask, trustee, object }) }
    }

    /// The bits, what they are about, and the class of objects that inherit them.
    fn parts(self) -> (AccessMask, Option<Guid>, Option<Guid>) {
        match self {
            Right::FullControl => (AccessMask::FULL_CONTROL, None, None),
            Right::Read => (READ, None, None),
            Right::Write => (AccessMask::WRITE_PROPERTY, None, None),
            Right::ResetPassword => (AccessMask::CONTROL_ACCESS, Some(RESET_PASSWORD), Some(USER)),
            Right::Unlock => (AccessMask::WRITE_PROPERTY, Some(LOCKOUT_TIME), Some(USER)),
            Right::RequirePasswordChange => (AccessMask::WRITE_PROPERTY, Some(PWD_LAST_SET), Some(USER)),
            Right::CreateUsers => (CHILDREN, Some(USER), None),
            Right::CreateGroups => (CHILDREN, Some(GROUP), None),
            Right::CreateComputers => (CHILDREN, Some(COMPUTER), None),
            Right::ManageMembers => (AccessMask::WRITE_PROPERTY, Some(MEMBER), Some(GROUP)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_on_a_place_reach_what_lies_below() {
        let on_unit = Right::ResetPassword.entry(Sid::BUILTIN_USERS, Kind::Unit);
        let AceEntry::Access(AccessEntry { object: Some(object), .. }) = on_unit.entry else { panic!("an object ACE") };
        assert_eq!(object.inherited_object_type, Some(USER));
        assert!(on_unit.flags.contains(AceFlags::INHERIT_ONLY));
        let on_user = Right::ResetPassword.entry(Sid::BUILTIN_USERS, Kind::User);
        assert!(on_user.flags.is_none());
    }
}
