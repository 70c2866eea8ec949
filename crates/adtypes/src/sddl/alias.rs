//! The two-letter names of SIDs. [MS-DTYP] 2.5.1.1.

use crate::sid::Sid;

/// Under which SID an alias lies.
enum Home {
    /// It is this SID.
    Fixed(Sid),
    /// It is an account of the builtin domain.
    Builtin(u32),
    /// It is an account of the object's domain.
    Domain(u32),
    /// It is an account of the forest's root domain.
    Root(u32),
}

use Home::{Builtin, Domain, Fixed, Root};

const ALIASES: &[(&str, Home)] = &[
    ("AA", Builtin(579)),
    ("AC", Fixed(Sid::literal(15, &[2, 1]))),
    ("AN", Fixed(Sid::ANONYMOUS)),
    ("AO", Builtin(548)),
    ("AP", Domain(525)),
    ("AS", Fixed(Sid::literal(18, &[1]))),
    ("AU", Fixed(Sid::AUTHENTICATED_USERS)),
    ("BA", Builtin(544)),
    ("BG", Builtin(546)),
    ("BO", Builtin(551)),
    ("BU", Builtin(545)),
    ("CA", Domain(517)),
    ("CD", Builtin(574)),
    ("CG", Fixed(Sid::CREATOR_GROUP)),
    ("CN", Domain(522)),
    ("CO", Fixed(Sid::CREATOR_OWNER)),
    ("CY", Builtin(569)),
    ("DA", Domain(512)),
    ("DC", Domain(515)),
    ("DD", Domain(516)),
    ("DG", Domain(514)),
    ("DU", Domain(513)),
    ("EA", Root(519)),
    ("ED", Fixed(Sid::ENTERPRISE_DOMAIN_CONTROLLERS)),
    ("EK", Root(527)),
    ("ER", Builtin(573)),
    ("ES", Builtin(576)),
    ("HA", Builtin(578)),
    ("HI", Fixed(Sid::literal(16, &[12288]))),
    ("IS", Builtin(568)),
    ("IU", Fixed(Sid::INTERACTIVE)),
    ("KA", Domain(526)),
    ("LA", Domain(500)),
    ("LG", Domain(501)),
    ("LS", Fixed(Sid::LOCAL_SERVICE)),
    ("LU", Builtin(559)),
    ("LW", Fixed(Sid::literal(16, &[4096]))),
    ("ME", Fixed(Sid::literal(16, &[8192]))),
    ("MP", Fixed(Sid::literal(16, &[8448]))),
    ("MS", Builtin(577)),
    ("MU", Builtin(558)),
    ("NO", Builtin(556)),
    ("NS", Fixed(Sid::NETWORK_SERVICE)),
    ("NU", Fixed(Sid::NETWORK)),
    ("OW", Fixed(Sid::OWNER_RIGHTS)),
    ("PA", Domain(520)),
    ("PO", Builtin(550)),
    ("PS", Fixed(Sid::SELF)),
    ("PU", Builtin(547)),
    ("RA", Builtin(575)),
    ("RC", Fixed(Sid::RESTRICTED_CODE)),
    ("RD", Builtin(555)),
    ("RE", Builtin(552)),
    ("RM", Builtin(580)),
    ("RO", Root(498)),
    ("RS", Domain(553)),
    ("RU", Builtin(554)),
    ("SA", Root(518)),
    ("SI", Fixed(Sid::literal(16, &[16384]))),
    ("SO", Builtin(549)),
    ("SS", Fixed(Sid::literal(18, &[2]))),
    ("SU", Fixed(Sid::SERVICE)),
    ("SY", Fixed(Sid::SYSTEM)),
    ("UD", Fixed(Sid::literal(5, &[84, 0, 0, 0, 0, 0]))),
    ("WD", Fixed(Sid::EVERYONE)),
    ("WR", Fixed(Sid::WRITE_RESTRICTED_CODE)),
];

impl Home {
    fn sid(&self, domain: &Sid, root_domain: &Sid) -> Option<Sid> {
        match self {
            Fixed(sid) => Some(*sid),
            Builtin(rid) => Sid::BUILTIN.with_rid(*rid),
            Domain(rid) => domain.with_rid(*rid),
            Root(rid) => root_domain.with_rid(*rid),
        }
    }
}

/// The SID of an alias, of either case.
pub(super) fn sid_of(alias: &str, domain: &Sid, root_domain: &Sid) -> Option<Sid> {
    let (_, home) = ALIASES.iter().find(|(letters, _)| letters.eq_ignore_ascii_case(alias))?;
    home.sid(domain, root_domain)
}

/// The alias of a SID.
pub(super) fn alias_of(sid: &Sid, domain: &Sid, root_domain: &Sid) -> Option<&'static str> {
    let (letters, _) = ALIASES.iter().find(|(_, home)| home.sid(domain, root_domain).as_ref() == Some(sid))?;
    Some(letters)
}
