//! Signing in. RFC 4511 section 4.2.

use std::fmt;

use crate::ber::{self, Reader, Tag, Writer};
use crate::malformed::Malformed;

const SIMPLE: Tag = Tag::context(0);
const SASL: Tag = Tag::context_constructed(3);

/// The protocol version that this crate speaks; a server answers others with protocolError.
pub const VERSION: u8 = 3;

/// A wish to sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BindRequest<'a> {
    /// The protocol version, 1 to 127.
    pub version: u8,
    /// Who wants to sign in: a DN or another name form of [MS-ADTS] 5.1.1.1.1; empty for anonymous and for SASL.
    pub name: &'a str,
    /// The proof.
    pub authentication: Authentication<'a>,
}

/// How a client proves who it is.
#[derive(Clone, PartialEq, Eq)]
pub enum Authentication<'a> {
    /// A password; empty asks for anonymous or unauthenticated access.
    Simple(&'a [u8]),
    /// A step of a SASL mechanism; an empty mechanism name ends an exchange.
    Sasl {
        /// The mechanism as the client wrote it.
        mechanism: &'a str,
        /// What the mechanism says; absent and empty differ.
        credentials: Option<&'a [u8]>,
    },
    /// Another choice, such as AD's NTLM without SASL (9 to 11); a server answers authMethodNotSupported.
    Unknown(Tag),
}

impl<'a> BindRequest<'a> {
    /// A simple bind.
    pub const fn simple(name: &'a str, password: &'a [u8]) -> Self {
        Self { version: VERSION, name, authentication: Authentication::Simple(password) }
    }

    /// A SASL EXTERNAL bind: the connection itself proves who the client is. RFC 4422 appendix A.
    pub const fn external() -> Self {
        Self {
            version: VERSION,
            name: "",
            authentication: Authentication::Sasl { mechanism: "EXTERNAL", credentials: None },
        }
    }

    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, Malformed> {
        let version = match u8::try_from(reader.unsigned(Tag::INTEGER)?) {
            Ok(version @ 1..=127) => version,
            _ => return Err(Malformed::IntegerRange),
        };
        let name = reader.string(Tag::OCTET_STRING)?;
        let authentication = Authentication::read(&mut reader)?;
        reader.ignore_extensions()?;
        Ok(Self { version, name, authentication })
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.integer(Tag::INTEGER, i64::from(self.version));
        writer.string(Tag::OCTET_STRING, self.name);
        match self.authentication {
            Authentication::Simple(password) => writer.octets(SIMPLE, password),
            Authentication::Sasl { mechanism, credentials } => {
                let sasl = writer.start(SASL);
                writer.string(Tag::OCTET_STRING, mechanism);
                if let Some(credentials) = credentials {
                    writer.octets(Tag::OCTET_STRING, credentials);
                }
                writer.end(sasl);
            }
            Authentication::Unknown(tag) => writer.null(tag),
        }
    }
}

impl<'a> Authentication<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let (tag, contents) = reader.element()?;
        match tag {
            SIMPLE => Ok(Self::Simple(contents)),
            SASL => {
                let mut sasl = Reader::new(contents);
                let mechanism = ber::text(sasl.expect(Tag::OCTET_STRING)?)?;
                let credentials = sasl.optional(Tag::OCTET_STRING)?;
                sasl.ignore_extensions()?;
                Ok(Self::Sasl { mechanism, credentials })
            }
            tag => Ok(Self::Unknown(tag)),
        }
    }
}

impl fmt::Debug for Authentication<'_> {
    /// Shows the method only; passwords and credentials are never printed.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Simple(_) => formatter.debug_tuple("Simple").finish_non_exhaustive(),
            Self::Sasl { mechanism, .. } => {
                formatter.debug_struct("Sasl").field("mechanism", mechanism).finish_non_exhaustive()
            }
            Self::Unknown(tag) => formatter.debug_tuple("Unknown").field(tag).finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_password() {
        let simple = format!("{:?}", BindRequest::simple("cn=x", b"sesame"));
        assert!(!simple.contains("sesame") && !simple.contains("115"), "{simple}");
        let sasl = format!("{:?}", Authentication::Sasl { mechanism: "PLAIN", credentials: Some(b"sesame") });
        assert!(sasl.contains("PLAIN"));
        assert!(!sasl.contains("sesame") && !sasl.contains("115"), "{sasl}");
    }
}
