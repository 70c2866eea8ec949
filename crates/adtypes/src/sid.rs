//! Security identifiers: octets and the `S-1-…` text. [MS-DTYP] 2.4.2.

use std::fmt;
use std::str::FromStr;

/// How many sub-authorities a SID may have. [MS-DTYP] 2.4.2.2.
pub const SUB_AUTHORITIES_MAX: usize = 15;
/// How many octets a SID may have.
pub const SID_OCTETS_MAX: usize = SID_HEADER_OCTETS + 4 * SUB_AUTHORITIES_MAX;

const SID_HEADER_OCTETS: usize = 8;
const SID_REVISION: u8 = 1;
/// The identifier authority is a number of 48 bits.
const AUTHORITY_MAX: u64 = (1 << 48) - 1;

/// A security identifier of revision 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sid {
    authority: u64,
    count: u8,
    sub_authorities: [u32; SUB_AUTHORITIES_MAX],
}

/// Why octets or a text are no SID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SidError {
    /// The octets end early, or go on after the last sub-authority.
    Length {
        /// How many there are.
        octets: usize,
    },
    /// The revision is not 1.
    Revision {
        /// The revision that was stated.
        revision: u8,
    },
    /// More than 15 sub-authorities.
    TooManySubAuthorities,
    /// The text does not start with `S-1-`.
    Prefix,
    /// Part of the text is no number, or one that is too big for its place; 0 is the identifier authority.
    Number {
        /// Which part.
        part: usize,
    },
}

impl Sid {
    /// S-1-0-0, Nobody.
    pub const NULL: Sid = Sid::literal(0, &[0]);
    /// S-1-1-0, Everyone.
    pub const EVERYONE: Sid = Sid::literal(1, &[0]);
    /// S-1-3-0, Creator Owner.
    pub const CREATOR_OWNER: Sid = Sid::literal(3, &[0]);
    /// S-1-3-1, Creator Group.
    pub const CREATOR_GROUP: Sid = Sid::literal(3, &[1]);
    /// S-1-3-4, Owner Rights.
    pub const OWNER_RIGHTS: Sid = Sid::literal(3, &[4]);
    /// S-1-5-2, Network.
    pub const NETWORK: Sid = Sid::literal(5, &[2]);
    /// S-1-5-4, Interactive.
    pub const INTERACTIVE: Sid = Sid::literal(5, &[4]);
    /// S-1-5-6, Service.
    pub const SERVICE: Sid = Sid::literal(5, &[6]);
    /// S-1-5-7, Anonymous Logon.
    pub const ANONYMOUS: Sid = Sid::literal(5, &[7]);
    /// S-1-5-9, Enterprise Domain Controllers.
    pub const ENTERPRISE_DOMAIN_CONTROLLERS: Sid = Sid::literal(5, &[9]);
    /// S-1-5-10, Principal Self.
    pub const SELF: Sid = Sid::literal(5, &[10]);
    /// S-1-5-11, Authenticated Users.
    pub const AUTHENTICATED_USERS: Sid = Sid::literal(5, &[11]);
    /// S-1-5-12, Restricted Code.
    pub const RESTRICTED_CODE: Sid = Sid::literal(5, &[12]);
    /// S-1-5-15, This Organization.
    pub const THIS_ORGANIZATION: Sid = Sid::literal(5, &[15]);
    /// S-1-5-18, Local System.
    pub const SYSTEM: Sid = Sid::literal(5, &[18]);
    /// S-1-5-19, Local Service.
    pub const LOCAL_SERVICE: Sid = Sid::literal(5, &[19]);
    /// S-1-5-20, Network Service.
    pub const NETWORK_SERVICE: Sid = Sid::literal(5, &[20]);
    /// S-1-5-33, Write Restricted Code.
    pub const WRITE_RESTRICTED_CODE: Sid = Sid::literal(5, &[33]);
    /// S-1-5-32, the builtin domain.
    pub const BUILTIN: Sid = Sid::literal(5, &[32]);
    /// S-1-5-32-544, Administrators.
    pub const BUILTIN_ADMINISTRATORS: Sid = Sid::literal(5, &[32, 544]);
    /// S-1-5-32-545, Users.
    pub const BUILTIN_USERS: Sid = Sid::literal(5, &[32, 545]);
    /// S-1-5-32-546, Guests.
    pub const BUILTIN_GUESTS: Sid = Sid::literal(5, &[32, 546]);
    /// S-1-5-32-548, Account Operators.
    pub const BUILTIN_ACCOUNT_OPERATORS: Sid = Sid::literal(5, &[32, 548]);
    /// S-1-5-32-549, Server Operators.
    pub const BUILTIN_SERVER_OPERATORS: Sid = Sid::literal(5, &[32, 549]);
    /// S-1-5-32-550, Print Operators.
    pub const BUILTIN_PRINT_OPERATORS: Sid = Sid::literal(5, &[32, 550]);
    /// S-1-5-32-551, Backup Operators.
    pub const BUILTIN_BACKUP_OPERATORS: Sid = Sid::literal(5, &[32, 551]);
    /// S-1-5-32-552, Replicator.
    pub const BUILTIN_REPLICATOR: Sid = Sid::literal(5, &[32, 552]);
    /// S-1-5-32-554, Pre-Windows 2000 Compatible Access.
    pub const BUILTIN_PRE_WINDOWS_2000_COMPATIBLE_ACCESS: Sid = Sid::literal(5, &[32, 554]);
    /// S-1-5-32-560, Windows Authorization Access Group.
    pub const BUILTIN_WINDOWS_AUTHORIZATION_ACCESS: Sid = Sid::literal(5, &[32, 560]);

    /// The SID with this authority (48 bits) and these sub-authorities; `None` when either is too much.
    pub const fn new(authority: u64, sub_authorities: &[u32]) -> Option<Sid> {
        if authority > AUTHORITY_MAX || sub_authorities.len() > SUB_AUTHORITIES_MAX {
            return None;
        }
        // Unused places stay zero, so that the derived comparisons see only what is there.
        let mut places = [0; SUB_AUTHORITIES_MAX];
        let mut index = 0;
        while index < sub_authorities.len() {
            places[index] = sub_authorities[index];
            index += 1;
        }
        Some(Sid { authority, count: sub_authorities.len() as u8, sub_authorities: places })
    }

    /// For constants, where too many sub-authorities fail the build.
    pub(crate) const fn literal(authority: u64, sub_authorities: &[u32]) -> Sid {
        match Sid::new(authority, sub_authorities) {
            Some(sid) => sid,
            None => panic!("a constant has too wide an authority or more than 15 sub-authorities"),
        }
    }

    /// Reads a SID that fills all the octets.
    ///
    /// # Errors
    /// `Length`, `Revision`, `TooManySubAuthorities`.
    pub fn from_bytes(octets: &[u8]) -> Result<Sid, SidError> {
        let (sid, used) = Sid::read(octets)?;
        match used == octets.len() {
            true => Ok(sid),
            false => Err(SidError::Length { octets: octets.len() }),
        }
    }

    /// Reads a SID from the start of the octets and says how many it took; for structures that hold one.
    ///
    /// # Errors
    /// `Length`, `Revision`, `TooManySubAuthorities`.
    pub fn read(octets: &[u8]) -> Result<(Sid, usize), SidError> {
        let length = SidError::Length { octets: octets.len() };
        let (header, rest) = octets.split_first_chunk::<SID_HEADER_OCTETS>().ok_or(length)?;
        let [revision, count, a, b, c, d, e, f] = *header;
        if revision != SID_REVISION {
            return Err(SidError::Revision { revision });
        }
        let places = usize::from(count);
        if places > SUB_AUTHORITIES_MAX {
            return Err(SidError::TooManySubAuthorities);
        }
        let mut sub_authorities = [0; SUB_AUTHORITIES_MAX];
        let (numbers, _) = rest.as_chunks::<4>();
        let numbers = numbers.get(..places).ok_or(length)?;
        for (place, number) in sub_authorities.iter_mut().zip(numbers) {
            *place = u32::from_le_bytes(*number);
        }
        let authority = u64::from_be_bytes([0, 0, a, b, c, d, e, f]);
        Ok((Sid { authority, count, sub_authorities }, SID_HEADER_OCTETS + 4 * places))
    }

    /// The octets: revision, count, six octets of authority, then the sub-authorities in little-endian order.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut octets = Vec::with_capacity(self.octets());
        self.write_bytes(&mut octets);
        octets
    }

    /// Appends the octets that [`Sid::to_bytes`] makes.
    pub fn write_bytes(&self, out: &mut Vec<u8>) {
        out.extend([SID_REVISION, self.count]);
        out.extend(&self.authority.to_be_bytes()[2..]);
        for number in self.sub_authorities() {
            out.extend(number.to_le_bytes());
        }
    }

    /// How many octets [`Sid::to_bytes`] makes.
    pub fn octets(&self) -> usize {
        SID_HEADER_OCTETS + 4 * usize::from(self.count)
    }

    /// The identifier authority; 5 is the NT authority.
    pub fn authority(&self) -> u64 {
        self.authority
    }

    /// The sub-authorities, the RID last.
    pub fn sub_authorities(&self) -> &[u32] {
        &self.sub_authorities[..usize::from(self.count)]
    }

    /// The SID of the account `rid` in the domain that `self` names; `None` when there is no place left.
    pub fn with_rid(&self, rid: u32) -> Option<Sid> {
        let mut account = *self;
        *account.sub_authorities.get_mut(usize::from(self.count))? = rid;
        account.count += 1;
        Some(account)
    }

    /// The last sub-authority: the relative identifier of an account.
    pub fn rid(&self) -> Option<u32> {
        self.sub_authorities().last().copied()
    }

    /// The SID without its last sub-authority: the domain of an account.
    pub fn domain(&self) -> Option<Sid> {
        let (_, domain) = self.sub_authorities().split_last()?;
        Sid::new(self.authority, domain)
    }
}

impl FromStr for Sid {
    type Err = SidError;

    /// Reads `S-1-5-21-…`; the authority may be decimal or `0x` and hexadecimal digits.
    fn from_str(text: &str) -> Result<Sid, SidError> {
        let (prefix, rest) = text.split_at_checked(4).ok_or(SidError::Prefix)?;
        if !prefix.eq_ignore_ascii_case("S-1-") {
            return Err(SidError::Prefix);
        }
        let mut parts = rest.split('-');
        let authority = parts.next().and_then(authority_from_text).ok_or(SidError::Number { part: 0 })?;
        let mut sub_authorities = [0; SUB_AUTHORITIES_MAX];
        let mut count = 0;
        for part in parts {
            let place = sub_authorities.get_mut(count).ok_or(SidError::TooManySubAuthorities)?;
            count += 1;
            let number = decimal(part).and_then(|number| u32::try_from(number).ok());
            *place = number.ok_or(SidError::Number { part: count })?;
        }
        Ok(Sid { authority, count: count as u8, sub_authorities })
    }
}

fn authority_from_text(text: &str) -> Option<u64> {
    let number = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) if digits.bytes().all(|octet| octet.is_ascii_hexdigit()) => {
            u64::from_str_radix(digits, 16).ok()?
        }
        Some(_) => return None,
        None => decimal(text)?,
    };
    (number <= AUTHORITY_MAX).then_some(number)
}

/// A number of digits only: the standard parser also takes a plus sign.
fn decimal(text: &str) -> Option<u64> {
    text.bytes().all(|octet| octet.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

impl fmt::Display for Sid {
    /// Writes `S-1-…`; an authority of more than 32 bits is written in hexadecimal, as [MS-DTYP] 2.4.2.1 wants.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match u32::try_from(self.authority) {
            Ok(authority) => write!(f, "S-1-{authority}")?,
            Err(_) => write!(f, "S-1-0x{:012X}", self.authority)?,
        }
        self.sub_authorities().iter().try_for_each(|number| write!(f, "-{number}"))
    }
}

impl fmt::Debug for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sid({self})")
    }
}

impl fmt::Display for SidError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SidError::Length { octets } => write!(f, "{octets} octets do not hold exactly one SID"),
            SidError::Revision { revision } => write!(f, "SID revision {revision} is unknown"),
            SidError::TooManySubAuthorities => write!(f, "a SID has at most {SUB_AUTHORITIES_MAX} sub-authorities"),
            SidError::Prefix => write!(f, "a SID starts with S-1-"),
            SidError::Number { part } => write!(f, "part {part} of the SID is no number in range"),
        }
    }
}

impl std::error::Error for SidError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_and_text_say_the_same() {
        let octets = [1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 0xf4, 1, 0, 0];
        let sid = Sid::from_bytes(&octets).unwrap();
        assert_eq!(sid.to_string(), "S-1-5-21-1-2-3-500");
        assert_eq!("s-1-5-21-1-2-3-500".parse(), Ok(sid));
        assert_eq!(sid.to_bytes(), octets);
        assert_eq!(sid.octets(), octets.len());
    }

    #[test]
    fn a_wide_authority_is_hexadecimal() {
        let sid = Sid::new(0x1_0000_0000, &[7]).unwrap();
        assert_eq!(sid.to_string(), "S-1-0x000100000000-7");
        assert_eq!(sid.to_string().parse(), Ok(sid));
        assert_eq!("S-1-0x5-18".parse(), Ok(Sid::SYSTEM));
    }

    #[test]
    fn accounts_and_domains_are_one_rid_apart() {
        let domain: Sid = "S-1-5-21-1-2-3".parse().unwrap();
        let account = domain.with_rid(512).unwrap();
        assert_eq!(account.rid(), Some(512));
        assert_eq!(account.domain(), Some(domain));
        assert_eq!(Sid::BUILTIN.with_rid(544), Some(Sid::BUILTIN_ADMINISTRATORS));
        assert_eq!(Sid::new(5, &[0; 15]).unwrap().with_rid(1), None);
        assert_eq!(Sid::new(5, &[]).unwrap().domain(), None);
    }

    #[test]
    fn malformed_octets_are_refused() {
        let refuse = |octets: &[u8], error| assert_eq!(Sid::from_bytes(octets), Err(error));
        refuse(&[], SidError::Length { octets: 0 });
        refuse(&[1, 1, 0, 0, 0, 0, 0, 5], SidError::Length { octets: 8 });
        refuse(&[1, 0, 0, 0, 0, 0, 0, 5, 0], SidError::Length { octets: 9 });
        refuse(&[2, 0, 0, 0, 0, 0, 0, 5], SidError::Revision { revision: 2 });
        refuse(&[1, 16, 0, 0, 0, 0, 0, 5], SidError::TooManySubAuthorities);
    }

    #[test]
    fn malformed_texts_are_refused() {
        let refuse = |text: &str, error| assert_eq!(text.parse::<Sid>(), Err(error), "{text}");
        refuse("", SidError::Prefix);
        refuse("S-2-5-18", SidError::Prefix);
        refuse("S-1-", SidError::Number { part: 0 });
        refuse("S-1-5-", SidError::Number { part: 1 });
        refuse("S-1-5-+18", SidError::Number { part: 1 });
        refuse("S-1-5-18-4294967296", SidError::Number { part: 2 });
        refuse("S-1-0x1000000000000-1", SidError::Number { part: 0 });
        refuse("S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16", SidError::TooManySubAuthorities);
    }
}
