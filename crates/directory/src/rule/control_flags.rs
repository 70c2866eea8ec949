//! Who may set which bits of userAccountControl: some take a right on the domain, some the privileges of administrators.
//! [MS-SAMR] 3.1.1.8.10, [MS-ADTS] 5.1.3.2.1.

use bailiwick_adtypes::guid::Guid;
use bailiwick_domain::Error;

use crate::access::{Access, Wanted};
use crate::record::Record;
use crate::rule::account::{PARTIAL_SECRETS, PASSWORD_DOES_NOT_EXPIRE, PASSWORD_NOT_REQUIRED, SERVER_TRUST};
use crate::schema::Attribute;

/// UF_ENCRYPTED_TEXT_PASSWORD_ALLOWED.
const REVERSIBLE_PASSWORD: u32 = 0x0080;
/// UF_TRUSTED_FOR_DELEGATION and UF_TRUSTED_TO_AUTHENTICATE_FOR_DELEGATION: SeEnableDelegationPrivilege, which
/// administrators have.
const DELEGATION: u32 = 0x0008_0000 | 0x0100_0000;

/// DS-Install-Replica.
const INSTALL_REPLICA: Guid = Guid::from_u128(0x9923a32a_3607_11d2_b9be_0000f87a36b2);
/// Bits that it takes a control access right on the domain's head to set.
const GUARDED: [(u32, Guid); 5] = [
    // Update-Password-Not-Required-Bit.
    (PASSWORD_NOT_REQUIRED, Guid::from_u128(0x280f369c_67c7_438e_ae98_1d46f3c6f541)),
    // Unexpire-Password.
    (PASSWORD_DOES_NOT_EXPIRE, Guid::from_u128(0xccc2dc7d_a6ad_4a7a_8846_c04e3cc53501)),
    // Enable-Per-User-Reversibly-Encrypted-Password.
    (REVERSIBLE_PASSWORD, Guid::from_u128(0x05c74c5e_4deb_43b4_bd9f_86664c2a7fd5)),
    (SERVER_TRUST, INSTALL_REPLICA),
    (PARTIAL_SECRETS, INSTALL_REPLICA),
];

/// Whether the attribute says to which services an account passes identities on: the same privilege writes it.
pub(crate) fn is_delegation(attribute: &Attribute) -> bool {
    &*attribute.name == "msDS-AllowedToDelegateTo"
}

/// Refuses bits that the requester may not set, and for delegation not clear either. `head` is the domain's head,
/// `before` what the account has or is born with, `after` what it shall have.
///
/// # Errors
/// `InsufficientRights`.
pub(crate) fn check(access: &Access<'_>, head: &Record<'_>, before: u32, after: u32) -> Result<(), Error> {
    if (before ^ after) & DELEGATION != 0 && !access.is_privileged() {
        return Err(Error::InsufficientRights);
    }
    for (bit, right) in GUARDED {
        if after & !before & bit != 0 && !access.allows(head, Wanted::Control(right))? {
            return Err(Error::InsufficientRights);
        }
    }
    Ok(())
}
