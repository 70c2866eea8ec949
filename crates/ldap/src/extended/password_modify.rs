//! Setting a password without knowing where it is kept. RFC 3062. AD lacks this operation.

use std::fmt;

use crate::ber::Tag;
use crate::malformed::Malformed;
use crate::value;

/// The OID of the operation; its response has no name.
pub const OID: &str = "1.3.6.1.4.1.4203.1.11.1";

const IDENTITY: Tag = Tag::context(0);
const OLD_PASSWORD: Tag = Tag::context(1);
const NEW_PASSWORD: Tag = Tag::context(2);
const GENERATED_PASSWORD: Tag = Tag::context(0);

/// A wish for another password.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct PasswordModify<'a> {
    /// Whose; absent means the requester's own.
    pub identity: Option<&'a [u8]>,
    /// The password so far.
    pub old_password: Option<&'a [u8]>,
    /// The wanted one; absent asks the server to make one.
    pub new_password: Option<&'a [u8]>,
}

impl<'a> PasswordModify<'a> {
    /// Reads the request's value, which may be absent.
    ///
    /// # Errors
    /// What is wrong with the encoding.
    pub fn decode(value: Option<&'a [u8]>) -> Result<Self, Malformed> {
        if value.is_none() {
            return Ok(Self::default());
        }
        let mut sequence = value::sequence(value)?;
        let request = Self {
            identity: sequence.optional(IDENTITY)?,
            old_password: sequence.optional(OLD_PASSWORD)?,
            new_password: sequence.optional(NEW_PASSWORD)?,
        };
        sequence.ignore_extensions()?;
        Ok(request)
    }

    /// The request's value.
    pub fn encode(&self) -> Vec<u8> {
        sequence_of(&[(IDENTITY, self.identity), (OLD_PASSWORD, self.old_password), (NEW_PASSWORD, self.new_password)])
    }
}

impl fmt::Debug for PasswordModify<'_> {
    /// Shows no password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PasswordModify")
            .field("identity", &self.identity.map(String::from_utf8_lossy))
            .finish_non_exhaustive()
    }
}

/// What the server answers.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct PasswordModifyResponse<'a> {
    /// The password that the server made, if it made one.
    pub generated_password: Option<&'a [u8]>,
}

impl<'a> PasswordModifyResponse<'a> {
    /// Reads the response's value, which may be absent.
    ///
    /// # Errors
    /// What is wrong with the encoding.
    pub fn decode(value: Option<&'a [u8]>) -> Result<Self, Malformed> {
        if value.is_none() {
            return Ok(Self::default());
        }
        let mut sequence = value::sequence(value)?;
        let generated_password = sequence.optional(GENERATED_PASSWORD)?;
        sequence.ignore_extensions()?;
        Ok(Self { generated_password })
    }

    /// The response's value.
    pub fn encode(&self) -> Vec<u8> {
        sequence_of(&[(GENERATED_PASSWORD, self.generated_password)])
    }
}

impl fmt::Debug for PasswordModifyResponse<'_> {
    /// Shows no password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PasswordModifyResponse").finish_non_exhaustive()
    }
}

fn sequence_of(fields: &[(Tag, Option<&[u8]>)]) -> Vec<u8> {
    value::sequence_of(|writer| {
        for (tag, field) in fields {
            if let Some(field) = field {
                writer.octets(*tag, field);
            }
        }
    })
}
