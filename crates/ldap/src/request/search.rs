//! Reading entries. RFC 4511 section 4.5.1.

use bailiwick_adtypes::filter::Filter;

use super::filter;
use crate::ber::{Reader, Tag, Writer};
use crate::malformed::{Items, Malformed, count};

/// How many attributes a search may ask for.
pub const ATTRIBUTES_PER_SEARCH_MAX: usize = 4096;

/// A wish to read entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchRequest<'a> {
    /// Where to begin: a DN, or a form such as `<GUID=…>`; empty for the root DSE.
    pub base: &'a str,
    /// How far to go down.
    pub scope: Scope,
    /// What to do with aliases; AD has none.
    pub dereference_aliases: DereferenceAliases,
    /// How many entries at most; 0 sets no limit.
    pub size_limit: u32,
    /// How many seconds at most; 0 sets no limit.
    pub time_limit_seconds: u32,
    /// Whether attributes come without their values.
    pub types_only: bool,
    /// Which entries.
    pub filter: Filter,
    /// Which attributes, as the client wrote them; none means all user attributes.
    pub attributes: Vec<&'a str>,
}

/// How far a search goes down from its base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The base only.
    Base,
    /// The children of the base.
    OneLevel,
    /// The base and all below.
    Subtree,
}

/// When a search follows aliases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DereferenceAliases {
    /// Never.
    Never,
    /// Below the base.
    Searching,
    /// At the base.
    Finding,
    /// Always.
    Always,
}

impl<'a> SearchRequest<'a> {
    #[inline]
    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, Malformed> {
        let base = reader.string(Tag::OCTET_STRING)?;
        let scope = Scope::from_number(reader.integer(Tag::ENUMERATED)?)?;
        let dereference_aliases = DereferenceAliases::from_number(reader.integer(Tag::ENUMERATED)?)?;
        let size_limit = reader.unsigned(Tag::INTEGER)?;
        let time_limit_seconds = reader.unsigned(Tag::INTEGER)?;
        let types_only = reader.boolean(Tag::BOOLEAN)?;
        let filter = filter::read(&mut reader)?;
        let attributes = read_attributes(reader.constructed(Tag::SEQUENCE)?)?;
        reader.ignore_extensions()?;
        Ok(Self { base, scope, dereference_aliases, size_limit, time_limit_seconds, types_only, filter, attributes })
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.string(Tag::OCTET_STRING, self.base);
        writer.integer(Tag::ENUMERATED, self.scope.number());
        writer.integer(Tag::ENUMERATED, self.dereference_aliases.number());
        writer.integer(Tag::INTEGER, i64::from(self.size_limit));
        writer.integer(Tag::INTEGER, i64::from(self.time_limit_seconds));
        writer.boolean(Tag::BOOLEAN, self.types_only);
        filter::write(writer, &self.filter);
        let attributes = writer.start(Tag::SEQUENCE);
        for attribute in &self.attributes {
            writer.string(Tag::OCTET_STRING, attribute);
        }
        writer.end(attributes);
    }
}

#[inline]
fn read_attributes(mut list: Reader<'_>) -> Result<Vec<&str>, Malformed> {
    let mut attributes = Vec::new();
    let mut left = ATTRIBUTES_PER_SEARCH_MAX;
    while !list.is_empty() {
        count(&mut left, Items::SearchAttributes, ATTRIBUTES_PER_SEARCH_MAX)?;
        attributes.push(list.string(Tag::OCTET_STRING)?);
    }
    Ok(attributes)
}

impl Scope {
    const fn from_number(number: i64) -> Result<Self, Malformed> {
        match number {
            0 => Ok(Self::Base),
            1 => Ok(Self::OneLevel),
            2 => Ok(Self::Subtree),
            _ => Err(Malformed::UnknownEnumerated(number)),
        }
    }

    const fn number(self) -> i64 {
        match self {
            Self::Base => 0,
            Self::OneLevel => 1,
            Self::Subtree => 2,
        }
    }
}

impl DereferenceAliases {
    const fn from_number(number: i64) -> Result<Self, Malformed> {
        match number {
            0 => Ok(Self::Never),
            1 => Ok(Self::Searching),
            2 => Ok(Self::Finding),
            3 => Ok(Self::Always),
            _ => Err(Malformed::UnknownEnumerated(number)),
        }
    }

    const fn number(self) -> i64 {
        match self {
            Self::Never => 0,
            Self::Searching => 1,
            Self::Finding => 2,
            Self::Always => 3,
        }
    }
}
