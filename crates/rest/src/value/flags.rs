//! Flags by name: `userAccountControl` ([MS-ADTS] 2.2.16) and `groupType` ([MS-ADTS] 2.2.12).

use std::fmt;

/// One flag of a set.
#[derive(Clone, Copy, Debug)]
pub struct Flag {
    /// What replies call it.
    pub name: &'static str,
    /// What else requests may call it: the name in Microsoft's own documents. Empty when there is none.
    pub alias: &'static str,
    /// Its bit.
    pub bit: u32,
}

const fn flag(name: &'static str, bit: u32, alias: &'static str) -> Flag {
    Flag { name, alias, bit }
}

/// The flags of `userAccountControl`, ascending.
pub const ACCOUNT_FLAGS: [Flag; 25] = [
    flag("Script", 0x1, "SCRIPT"),
    flag("Disabled", 0x2, "ACCOUNTDISABLE"),
    flag("HomeDirectoryIsRequired", 0x8, "HOMEDIR_REQUIRED"),
    flag("LockedOut", 0x10, "LOCKOUT"),
    flag("PasswordNotRequired", 0x20, "PASSWD_NOTREQD"),
    flag("CannotChangePassword", 0x40, "PASSWD_CANT_CHANGE"),
    flag("CanSendEncryptedTextPassword", 0x80, "ENCRYPTED_TEXT_PWD_ALLOWED"),
    flag("TempDuplicateAccount", 0x100, "TEMP_DUPLICATE_ACCOUNT"),
    flag("NormalUser", 0x200, "NORMAL_ACCOUNT"),
    flag("InterDomainTrustAccount", 0x800, "INTERDOMAIN_TRUST_ACCOUNT"),
    flag("WorkstationTrustAccount", 0x1000, "WORKSTATION_TRUST_ACCOUNT"),
    flag("ServerTrustAccount", 0x2000, "SERVER_TRUST_ACCOUNT"),
    flag("Unused1", 0x4000, ""),
    flag("Unused2", 0x8000, ""),
    flag("PasswordNeverExpires", 0x1_0000, "DONT_EXPIRE_PASSWORD"),
    flag("LogonAccountForMNS", 0x2_0000, "MNS_LOGON_ACCOUNT"),
    flag("SmartcardRequired", 0x4_0000, "SMARTCARD_REQUIRED"),
    flag("TrustedForDelegation", 0x8_0000, "TRUSTED_FOR_DELEGATION"),
    flag("NeverTrustedForDelegation", 0x10_0000, "NOT_DELEGATED"),
    flag("UseDESKeyOnly", 0x20_0000, "USE_DES_KEY_ONLY"),
    flag("DONT_REQUIRE_PREAUTH", 0x40_0000, "DONT_REQ_PREAUTH"),
    flag("PasswordExpired", 0x80_0000, "PASSWORD_EXPIRED"),
    flag("TrustedToAuthenticateForDelegation", 0x100_0000, "TRUSTED_TO_AUTH_FOR_DELEGATION"),
    flag("PartialSecretsAccount", 0x400_0000, "PARTIAL_SECRETS_ACCOUNT"),
    flag("UseAESKeys", 0x800_0000, "USE_AES_KEYS"),
];

/// The flags of `userAccountControl` that the directory computes, so that nobody sets them: locked out, may not change
/// the password, password expired.
pub const ACCOUNT_FLAGS_COMPUTED: u32 = 0x10 | 0x40 | 0x80_0000;

/// The flags of `groupType`, ascending as unsigned numbers.
pub const GROUP_FLAGS: [Flag; 5] = [
    flag("BuiltIn", 0x1, "BUILTIN_LOCAL_GROUP"),
    flag("Global", 0x2, "ACCOUNT_GROUP"),
    flag("DomainLocal", 0x4, "RESOURCE_GROUP"),
    flag("Universal", 0x8, "UNIVERSAL_GROUP"),
    flag("Security", 0x8000_0000, "SECURITY_ENABLED"),
];

/// A part of a list of flags is no flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFlag {
    /// The part; empty where nothing stands between two commas.
    pub token: String,
}

/// Reads flags separated by commas: names and aliases in any case, decimal numbers and `0x` numbers, in any mixture.
///
/// # Errors
/// The first part that is none of them.
pub fn parse(flags: &[Flag], text: &str) -> Result<u32, UnknownFlag> {
    text.split(',').map(str::trim).try_fold(0, |bits, token| {
        let bit = named(flags, token).or_else(|| number(token));
        bit.map(|bit| bits | bit).ok_or_else(|| UnknownFlag { token: token.to_owned() })
    })
}

/// The names of all bits that are set, ascending; none when a bit has no name, or none is set.
pub fn names(flags: &[Flag], bits: u32) -> Option<String> {
    let set: Vec<&Flag> = flags.iter().filter(|flag| bits & flag.bit != 0).collect();
    let named = set.iter().fold(0, |named, flag| named | flag.bit);
    (bits != 0 && named == bits).then(|| set.iter().map(|flag| flag.name).collect::<Vec<_>>().join(", "))
}

fn named(flags: &[Flag], token: &str) -> Option<u32> {
    let is_named = |name: &str| !token.is_empty() && token.eq_ignore_ascii_case(name);
    flags.iter().find(|flag| is_named(flag.name) || is_named(flag.alias)).map(|flag| flag.bit)
}

/// A number of 32 bits, signed or not; a signed one stands for its bit pattern.
fn number(token: &str) -> Option<u32> {
    let number: i64 = match token.strip_prefix("0x").or_else(|| token.strip_prefix("0X")) {
        Some(digits) if digits.starts_with(['+', '-']) => return None,
        Some(digits) => i64::from_str_radix(digits, 16).ok()?,
        None => token.parse().ok()?,
    };
    u32::try_from(number).ok().or_else(|| i32::try_from(number).ok().map(|number| number as u32))
}

impl fmt::Display for UnknownFlag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}' is neither the name of a flag nor a number.", self.token)
    }
}

impl std::error::Error for UnknownFlag {}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(text: &str) -> Result<u32, UnknownFlag> {
        parse(&ACCOUNT_FLAGS, text)
    }

    #[test]
    fn every_flag_reads_back_by_name_number_and_alias() {
        for flags in [&ACCOUNT_FLAGS[..], &GROUP_FLAGS[..]] {
            for flag in flags {
                assert_eq!(names(flags, flag.bit).as_deref(), Some(flag.name));
                assert_eq!(parse(flags, flag.name), Ok(flag.bit));
                assert_eq!(parse(flags, &flag.bit.to_string()), Ok(flag.bit));
                assert_eq!(parse(flags, &format!("0x{:X}", flag.bit)), Ok(flag.bit));
                assert_eq!(parse(flags, &(flag.bit as i32).to_string()), Ok(flag.bit));
                if !flag.alias.is_empty() {
                    assert_eq!(parse(flags, flag.alias), Ok(flag.bit));
                }
            }
            assert!(flags.is_sorted_by_key(|flag| flag.bit));
        }
    }

    #[test]
    fn the_samples_of_section_11_are_written_so() {
        for (number, text) in [
            (512, "NormalUser"),
            (514, "Disabled, NormalUser"),
            (544, "PasswordNotRequired, NormalUser"),
            (546, "Disabled, PasswordNotRequired, NormalUser"),
            (66048, "NormalUser, PasswordNeverExpires"),
            (66050, "Disabled, NormalUser, PasswordNeverExpires"),
            (4096, "WorkstationTrustAccount"),
            (532_480, "ServerTrustAccount, TrustedForDelegation"),
        ] {
            assert_eq!(names(&ACCOUNT_FLAGS, number).as_deref(), Some(text));
            assert_eq!(account(text), Ok(number));
        }
        for (number, text) in [
            (-2_147_483_646_i32, "Global, Security"),
            (8, "Universal"),
            (-2_147_483_643, "BuiltIn, DomainLocal, Security"),
        ] {
            assert_eq!(names(&GROUP_FLAGS, number as u32).as_deref(), Some(text));
            assert_eq!(parse(&GROUP_FLAGS, text), Ok(number as u32));
        }
    }

    #[test]
    fn bits_without_a_name_have_no_text() {
        for number in [0, 4, 512 | 1024, 0x200_0000, 0x1000_0000] {
            assert_eq!(names(&ACCOUNT_FLAGS, number), None);
        }
    }

    #[test]
    fn d_02_names_in_any_case_aliases_numbers_and_mixtures_are_read() {
        assert_eq!(account("normaluser"), Ok(512));
        assert_eq!(account(" NORMAL_ACCOUNT ,ACCOUNTDISABLE"), Ok(514));
        assert_eq!(account("NormalUser, 2"), Ok(514));
        assert_eq!(account("0x202"), Ok(514));
        assert_eq!(account("+514"), Ok(514));
    }

    #[test]
    fn d_02_a_bad_part_is_named() {
        for (text, token) in [
            ("NormalUser, Disabeld", "Disabeld"),
            ("", ""),
            ("NormalUser,", ""),
            ("4294967296", "4294967296"),
            ("-2147483649", "-2147483649"),
            ("0x-1", "0x-1"),
            ("true", "true"),
        ] {
            assert_eq!(account(text), Err(UnknownFlag { token: token.to_owned() }), "{text}");
        }
    }

    #[test]
    fn d_03_numbers_with_bits_that_have_no_name_stay_numbers() {
        assert_eq!(account("518, PasswordNotRequired"), Ok(518 | 32));
    }
}
