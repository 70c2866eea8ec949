//! How people name an object: any form that tells objects apart.

use std::fmt;

use bailiwick_adtypes::dn::Dn;
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::object_name::ObjectName;
use bailiwick_adtypes::sid::Sid;

/// What somebody wrote to name an object.
#[derive(Clone, Debug)]
pub struct Selector {
    text: String,
    form: Form,
}

/// The forms; a text has exactly one of them.
#[derive(Clone, Debug)]
pub(super) enum Form {
    /// A distinguished name, a GUID or a SID.
    Name(ObjectName),
    /// A user principal name.
    PrincipalName(String),
    /// An account name, or the name of something that has none.
    Plain(String),
}

impl Selector {
    /// Reads a DN, a GUID, a SID, a user principal name (`ada@example.com`), or an account name with or without its
    /// domain in front (`EXAMPLE\ada`). Every text is a selector: what is no other form is a plain name.
    pub fn parse(text: &str) -> Selector {
        let trimmed = text.trim();
        Selector { text: trimmed.to_owned(), form: form(trimmed) }
    }

    pub(super) fn form(&self) -> &Form {
        &self.form
    }
}

fn form(text: &str) -> Form {
    if let Ok(guid) = text.parse::<Guid>() {
        return Form::Name(ObjectName::Guid(guid));
    }
    if let Ok(sid) = text.parse::<Sid>() {
        return Form::Name(ObjectName::Sid(sid));
    }
    if text.contains('=')
        && let Ok(name) = ObjectName::parse(text)
    {
        return Form::Name(name);
    }
    if let Some((_, name)) = text.split_once('\\') {
        return Form::Plain(name.to_owned());
    }
    match text.contains('@') {
        true => Form::PrincipalName(text.to_owned()),
        false => Form::Plain(text.to_owned()),
    }
}

impl From<Dn> for Selector {
    fn from(dn: Dn) -> Selector {
        Selector { text: dn.to_string(), form: Form::Name(ObjectName::Dn(dn)) }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let found = match form(text) {
            Form::Name(ObjectName::Dn(_)) => "dn",
            Form::Name(ObjectName::Guid(_)) => "guid",
            Form::Name(ObjectName::Sid(_)) => "sid",
            Form::Name(ObjectName::WellKnown(..)) => "well known",
            Form::PrincipalName(_) => "upn",
            Form::Plain(_) => "plain",
        };
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn every_form_is_told_from_the_others() {
        check("CN=Ada,DC=example,DC=com", "dn");
        check("<GUID=299570ea-246d-11d0-a768-00aa006e0529>", "guid");
        check("299570ea-246d-11d0-a768-00aa006e0529", "guid");
        check("S-1-5-21-1-2-3-500", "sid");
        check("ada@example.com", "upn");
        check("EXAMPLE\\ada", "plain");
        check("ada", "plain");
        check("Domain Users", "plain");
        check("a=b=", "dn");
    }
}
