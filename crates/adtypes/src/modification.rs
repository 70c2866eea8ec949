//! One change to one attribute, as a modify request or an LDIF change record states it. RFC 4511 section 4.6.

use std::fmt;

/// What to do with the values of a [`Modification`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Add the values; the attribute need not exist.
    Add,
    /// Remove the values, or the whole attribute when there are none.
    Delete,
    /// Set the attribute to exactly the values; none removes it.
    Replace,
}

/// One change to one attribute.
#[derive(Clone, PartialEq, Eq)]
pub struct Modification {
    /// What to do.
    pub operation: Operation,
    /// The attribute description as the client wrote it.
    pub attribute: String,
    /// The values in wire form, in the client's order; may be empty for delete and replace.
    pub values: Vec<Vec<u8>>,
}

/// An attribute with its values in wire form, as an add request or an LDIF record states it.
#[derive(Clone, PartialEq, Eq)]
pub struct Attribute {
    /// The attribute description as the client wrote it.
    pub name: String,
    /// The values in the client's order.
    pub values: Vec<Vec<u8>>,
}

// Values may be passwords, so debug output counts them and never shows them.

impl fmt::Debug for Modification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Modification")
            .field("operation", &self.operation)
            .field("attribute", &self.attribute)
            .field("values", &self.values.len())
            .finish()
    }
}

impl fmt::Debug for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attribute").field("name", &self.name).field("values", &self.values.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_never_shows_a_value() {
        let values = vec![b"secret".to_vec()];
        let modification =
            Modification { operation: Operation::Replace, attribute: "unicodePwd".into(), values: values.clone() };
        let attribute = Attribute { name: "unicodePwd".into(), values };
        assert_eq!(
            format!("{modification:?}"),
            r#"Modification { operation: Replace, attribute: "unicodePwd", values: 1 }"#
        );
        assert_eq!(format!("{attribute:?}"), r#"Attribute { name: "unicodePwd", values: 1 }"#);
    }
}
