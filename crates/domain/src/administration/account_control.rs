//! The flags of an account, userAccountControl. [MS-ADTS] 2.2.16.

/// A set of flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccountControl(pub u32);

impl AccountControl {
    /// ADS_UF_ACCOUNT_DISABLE.
    pub const DISABLED: AccountControl = AccountControl(0x0002);
    /// ADS_UF_PASSWD_NOTREQD: the password may be empty.
    pub const PASSWORD_NOT_REQUIRED: AccountControl = AccountControl(0x0020);
    /// ADS_UF_NORMAL_ACCOUNT: a user.
    pub const NORMAL: AccountControl = AccountControl(0x0200);
    /// ADS_UF_WORKSTATION_TRUST_ACCOUNT: a computer.
    pub const WORKSTATION: AccountControl = AccountControl(0x1000);
    /// ADS_UF_DONT_EXPIRE_PASSWD.
    pub const PASSWORD_NEVER_EXPIRES: AccountControl = AccountControl(0x1_0000);

    /// Whether all flags of `other` are set.
    pub const fn contains(self, other: AccountControl) -> bool {
        self.0 & other.0 == other.0
    }

    /// The flags of both.
    #[must_use]
    pub const fn with(self, other: AccountControl) -> AccountControl {
        AccountControl(self.0 | other.0)
    }

    /// The flags that `other` does not have.
    #[must_use]
    pub const fn without(self, other: AccountControl) -> AccountControl {
        AccountControl(self.0 & !other.0)
    }

    /// Reads a value of the attribute, which is a signed number.
    pub fn parse(text: &str) -> Option<AccountControl> {
        text.parse::<i32>().ok().map(|number| AccountControl(number as u32))
    }

    /// The value of the attribute.
    pub fn to_value(self) -> Vec<u8> {
        (self.0 as i32).to_string().into_bytes()
    }
}
