//! The recipient attributes of Exchange, whose numbers replies show by name. Requests write them as numbers.

/// How an attribute's number is shown.
struct Names {
    attribute: &'static str,
    /// Whether a number may be several values at once.
    flags: bool,
    values: &'static [(&'static str, i64)],
}

const CLEAR: (&str, i64) = ("Clear", -0x8000_0000);

const NAMES: [Names; 3] = [
    Names {
        attribute: "msExchRecipientDisplayType",
        flags: false,
        values: &[
            CLEAR,
            ("MailUserRemoteUserMailbox", -2_147_483_642),
            ("MailUserRemoteRoomMailbox", -2_147_481_850),
            ("MailUserRemoteEquipmentMailbox", -2_147_481_594),
            ("SharedUserMailbox", 0),
            ("MailUniversalDistributionGroup", 1),
            ("MailContact", 6),
            ("RoomUserMailbox", 7),
            ("EquipmentUserMailbox", 8),
            ("UserMailbox", 0x4000_0000),
            ("MailUniversalSecurityGroup", 0x4000_0009),
        ],
    },
    Names {
        attribute: "msExchRecipientTypeDetails",
        flags: true,
        values: &[
            CLEAR,
            ("UserMailbox", 1),
            ("LinkedMailbox", 2),
            ("SharedMailbox", 4),
            ("RoomMailbox", 16),
            ("EquipmentMailbox", 32),
            ("MailUser", 128),
            ("RemoteUserMailbox", 0x8000_0000),
            ("RemoteRoomMailbox", 0x2_0000_0000),
            ("RemoteEquipmentMailbox", 0x4_0000_0000),
            ("RemoteSharedMailbox", 0x8_0000_0000),
        ],
    },
    Names {
        attribute: "msExchRemoteRecipientType",
        flags: true,
        values: &[
            CLEAR,
            ("ProvisionMailbox", 1),
            ("ProvisionArchive", 2),
            ("MigratedUserMailbox", 4),
            ("DeprovisionMailbox", 8),
            ("DeprovisionArchive", 16),
            ("RoomMailbox", 32),
            ("EquipmentMailbox", 64),
            ("SharedMailbox", 96),
        ],
    },
];

/// Whether the attribute is shown by name.
pub(super) fn is_named(attribute: &str) -> bool {
    NAMES.iter().any(|names| names.attribute.eq_ignore_ascii_case(attribute))
}

/// The names that a number of the attribute stands for; none when it has none.
pub(super) fn names(attribute: &str, number: i64) -> Option<String> {
    let names = NAMES.iter().find(|names| names.attribute.eq_ignore_ascii_case(attribute))?;
    if !names.flags || number == 0 {
        return names.values.iter().find(|(_, value)| *value == number).map(|(name, _)| (*name).to_owned());
    }
    // Greater values come first, compared without a sign: 100 is 96 and 4, not 64 and 32 and 4.
    let mut values = names.values.to_vec();
    values.sort_unstable_by_key(|(_, value)| std::cmp::Reverse(*value as u64));
    let mut rest = number;
    values.retain(|(_, value)| {
        let matches = rest & value == *value && rest != 0;
        rest &= if matches { !value } else { !0 };
        matches
    });
    values.reverse();
    (rest == 0).then(|| values.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_names_of_section_11_4() {
        let check = |attribute, number, expected: Option<&str>| {
            assert_eq!(names(attribute, number).as_deref(), expected, "{attribute} {number}");
        };
        check("msExchRemoteRecipientType", 100, Some("MigratedUserMailbox, SharedMailbox"));
        check("msexchremoterecipienttype", 3, Some("ProvisionMailbox, ProvisionArchive"));
        check("msExchRemoteRecipientType", 0, None);
        check("msExchRemoteRecipientType", 128, None);
        check("msExchRecipientTypeDetails", 0x8000_0000, Some("RemoteUserMailbox"));
        check("msExchRecipientTypeDetails", -0x8000_0000, Some("Clear"));
        check("msExchRecipientTypeDetails", 129, Some("UserMailbox, MailUser"));
        check("msExchRecipientDisplayType", 0, Some("SharedUserMailbox"));
        check("msExchRecipientDisplayType", -2_147_483_642, Some("MailUserRemoteUserMailbox"));
        check("msExchRecipientDisplayType", 14, None);
        check("mail", 1, None);
        assert!(is_named("MSEXCHRECIPIENTTYPEDETAILS") && !is_named("msExchVersion"));
    }
}
