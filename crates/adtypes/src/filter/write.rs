//! Filters to text. RFC 4515.

use std::fmt;

use super::{Assertion, Filter};

impl fmt::Display for Filter {
    /// Writes RFC 4515: escaped are `*`, parentheses, the backslash, control characters and octets that are no UTF-8.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        match self {
            Filter::And(children) => write_list(f, "&", children)?,
            Filter::Or(children) => write_list(f, "|", children)?,
            Filter::Not(child) => write!(f, "!{child}")?,
            Filter::Equality(assertion) => write_assertion(f, assertion, "=")?,
            Filter::GreaterOrEqual(assertion) => write_assertion(f, assertion, ">=")?,
            Filter::LessOrEqual(assertion) => write_assertion(f, assertion, "<=")?,
            Filter::Approximate(assertion) => write_assertion(f, assertion, "~=")?,
            Filter::Present(attribute) => write!(f, "{attribute}=*")?,
            Filter::Substrings(substrings) => {
                write!(f, "{}=", substrings.attribute)?;
                write_value(f, substrings.initial.as_deref().unwrap_or_default())?;
                f.write_str("*")?;
                for piece in &substrings.any {
                    write_value(f, piece)?;
                    f.write_str("*")?;
                }
                write_value(f, substrings.last.as_deref().unwrap_or_default())?;
            }
            Filter::Extensible(extensible) => {
                f.write_str(extensible.attribute.as_deref().unwrap_or_default())?;
                if extensible.dn_attributes {
                    f.write_str(":dn")?;
                }
                if let Some(rule) = &extensible.rule {
                    write!(f, ":{rule}")?;
                }
                f.write_str(":=")?;
                write_value(f, &extensible.value)?;
            }
        }
        f.write_str(")")
    }
}

fn write_list(f: &mut fmt::Formatter<'_>, operator: &str, children: &[Filter]) -> fmt::Result {
    f.write_str(operator)?;
    children.iter().try_for_each(|child| write!(f, "{child}"))
}

fn write_assertion(f: &mut fmt::Formatter<'_>, assertion: &Assertion, operator: &str) -> fmt::Result {
    write!(f, "{}{operator}", assertion.attribute)?;
    write_value(f, &assertion.value)
}

fn write_value(f: &mut fmt::Formatter<'_>, value: &[u8]) -> fmt::Result {
    for chunk in value.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '*' | '(' | ')' | '\\' => write!(f, "\\{:02x}", u32::from(character))?,
                _ if character.is_ascii_control() => write!(f, "\\{:02x}", u32::from(character))?,
                _ => write!(f, "{character}")?,
            }
        }
        chunk.invalid().iter().try_for_each(|octet| write!(f, "\\{octet:02x}"))?;
    }
    Ok(())
}
