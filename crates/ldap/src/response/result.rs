//! The result that ends an operation, and referrals. RFC 4511 sections 4.1.9 and 4.1.10.

use crate::ber::{Reader, Tag, Writer};
use crate::malformed::{Items, Malformed, count};
use crate::result_code::ResultCode;

const REFERRAL: Tag = Tag::context_constructed(3);

/// How many addresses a client accepts in one referral or search reference.
pub const REFERRALS_MAX: usize = 256;

/// How an operation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LdapResult<'a> {
    /// The code.
    pub code: ResultCode,
    /// The deepest entry that was found on the way to a missing one; otherwise empty.
    pub matched_dn: &'a str,
    /// Words for a person; AD begins them with a Win32 code. May be empty.
    pub diagnostic: &'a str,
    /// Where else to ask, as LDAP URLs; empty unless the code is `Referral`.
    pub referrals: Vec<&'a str>,
}

impl<'a> LdapResult<'a> {
    /// Success, with nothing to say.
    pub const SUCCESS: Self = Self::new(ResultCode::Success, "");

    /// A code and words.
    pub const fn new(code: ResultCode, diagnostic: &'a str) -> Self {
        Self { code, matched_dn: "", diagnostic, referrals: Vec::new() }
    }

    /// Reads the fields and leaves the reader behind them, where some responses have more.
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let code = reader.unsigned(Tag::ENUMERATED)?;
        let matched_dn = reader.string(Tag::OCTET_STRING)?;
        let diagnostic = reader.string(Tag::OCTET_STRING)?;
        let referrals = match reader.optional(REFERRAL)? {
            Some(contents) => read_addresses(Reader::new(contents))?,
            None => Vec::new(),
        };
        Ok(Self { code: ResultCode::from_number(code), matched_dn, diagnostic, referrals })
    }

    /// Reads a response that has nothing more.
    pub(super) fn read_whole(mut reader: Reader<'a>) -> Result<Self, Malformed> {
        let result = Self::read(&mut reader)?;
        reader.ignore_extensions()?;
        Ok(result)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.integer(Tag::ENUMERATED, i64::from(self.code.number()));
        writer.string(Tag::OCTET_STRING, self.matched_dn);
        writer.string(Tag::OCTET_STRING, self.diagnostic);
        if !self.referrals.is_empty() {
            let referral = writer.start(REFERRAL);
            for address in &self.referrals {
                writer.string(Tag::OCTET_STRING, address);
            }
            writer.end(referral);
        }
    }
}

/// Reads the URLs of a referral or search reference.
pub(super) fn read_addresses(mut reader: Reader<'_>) -> Result<Vec<&str>, Malformed> {
    let mut addresses = Vec::new();
    let mut left = REFERRALS_MAX;
    while !reader.is_empty() {
        count(&mut left, Items::Referrals, REFERRALS_MAX)?;
        addresses.push(reader.string(Tag::OCTET_STRING)?);
    }
    Ok(addresses)
}
