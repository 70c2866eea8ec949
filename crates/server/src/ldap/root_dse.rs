//! The root DSE: what the directory says of itself, and what this face speaks. RFC 4512 section 5.1,
//! [MS-ADTS] 3.1.1.3.2. Only what is implemented is announced.

use bailiwick_adtypes::filter::Filter;
use bailiwick_adtypes::modification::Attribute;
use bailiwick_domain::{Error, Sink};
use bailiwick_ldap::control::{Control, PagedResults};
use bailiwick_ldap::extended::host_administration;
use bailiwick_ldap::request::SearchRequest;
use bailiwick_ldap::response::{ResponseKind, write_result};

use super::controls::{self, RequestControls};
use super::operation::bind::EXTERNAL;
use super::operation::{Step, Surroundings, extended};
use super::result::Answer;
use super::session::{Began, Session};
use super::socket::Peer;
use super::to_wire::ToWire;

/// What kind of server clients have before them. [MS-ADTS] 3.1.1.3.2.11. Capability 1791 (signing after a SASL bind)
/// is absent until there are SASL mechanisms.
const CAPABILITIES: &[&str] = &[
    // It is Active Directory.
    "1.2.840.113556.1.4.800",
    // Windows Server 2003, 2008, 2008 R2 and 2012 or later.
    "1.2.840.113556.1.4.1670",
    "1.2.840.113556.1.4.1935",
    "1.2.840.113556.1.4.2080",
    "1.2.840.113556.1.4.2237",
];
/// All operational attributes by `+` (RFC 3673), and absolute true and false filters (RFC 4526).
const FEATURES: &[&str] = &["1.3.6.1.4.1.4203.1.5.1", "1.3.6.1.4.1.4203.1.5.3"];

/// Answers a search of the root DSE. It is open to everybody.
pub fn run(
    session: &mut Session,
    around: &Surroundings<'_>,
    began: &Began,
    request: &SearchRequest<'_>,
    controls: &RequestControls<'_>,
) -> Step {
    let answer = match read(session, around, began, request) {
        Ok(attributes) if matches(&attributes, &request.filter) == Some(true) => {
            write(session, began, request, &attributes);
            Answer::SUCCESS
        }
        Ok(_) => Answer::SUCCESS,
        Err(error) => Answer::from(&error),
    };
    let value = controls.paged.map(|_| PagedResults { size: 0, cookie: &[] }.encode());
    let paged = value.as_ref().map(|value| Control::optional(PagedResults::OID, Some(value)));
    write_result(&mut session.output, began.id, ResponseKind::SearchDone, &answer.as_wire(), paged.as_slice());
    session.ended(&around.service.metrics, began, answer.code);
    Step::Ended
}

fn read(
    session: &Session,
    around: &Surroundings<'_>,
    began: &Began,
    request: &SearchRequest<'_>,
) -> Result<Vec<Attribute>, Error> {
    let context = around.service.context(&session.requester, began.request_id);
    let named = |name: &str| request.attributes.iter().any(|wanted| wanted.eq_ignore_ascii_case(name));
    let mut attributes = around.service.directory.root_dse(&context, &named)?;
    for (name, values) in [
        ("supportedLDAPVersion", &["3"][..]),
        ("supportedControl", controls::SUPPORTED),
        ("supportedExtension", extended::SUPPORTED),
        ("supportedCapabilities", CAPABILITIES),
        ("supportedFeatures", FEATURES),
    ] {
        announce(&mut attributes, name, values);
    }
    // Both work on this machine's own socket only, so nobody else is told of them.
    if let Peer::Local { .. } = session.peer {
        announce(&mut attributes, "supportedSASLMechanisms", &[EXTERNAL]);
        announce(&mut attributes, "supportedExtension", &[host_administration::OID]);
    }
    Ok(attributes)
}

/// Adds the values that are not there yet.
fn announce(attributes: &mut Vec<Attribute>, name: &str, values: &[&str]) {
    let index = match attributes.iter().position(|attribute| attribute.name.eq_ignore_ascii_case(name)) {
        Some(index) => index,
        None => {
            attributes.push(Attribute { name: name.to_owned(), values: Vec::new() });
            attributes.len() - 1
        }
    };
    let known = &mut attributes[index].values;
    for value in values {
        if !known.iter().any(|known| known == value.as_bytes()) {
            known.push(value.as_bytes().to_vec());
        }
    }
}

fn write(session: &mut Session, began: &Began, request: &SearchRequest<'_>, attributes: &[Attribute]) {
    let mut sink = ToWire::new(&mut session.output, began.id, usize::MAX);
    sink.begin("");
    for attribute in attributes.iter().filter(|attribute| is_wanted(&request.attributes, &attribute.name)) {
        if attribute.values.is_empty() {
            continue;
        }
        sink.attribute(&attribute.name);
        if !request.types_only {
            for value in &attribute.values {
                sink.value(value);
            }
        }
    }
    sink.end();
}

/// Every attribute of the root DSE is shown by default, operational or not. [MS-ADTS] 3.1.1.3.2.
fn is_wanted(wanted: &[&str], name: &str) -> bool {
    wanted.is_empty()
        || wanted.iter().any(|wanted| *wanted == "*" || *wanted == "+" || wanted.eq_ignore_ascii_case(name))
}

/// Whether the root DSE matches; none is Undefined. There is no schema for its attributes, so values compare as text
/// without regard to case, and every form but presence and equality is Undefined.
fn matches(attributes: &[Attribute], filter: &Filter) -> Option<bool> {
    let find = |name: &str| attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name));
    match filter {
        Filter::And(filters) => filters.iter().map(|filter| matches(attributes, filter)).fold(Some(true), and),
        Filter::Or(filters) => {
            filters.iter().map(|filter| matches(attributes, filter).map(|m| !m)).fold(Some(true), and).map(|m| !m)
        }
        Filter::Not(filter) => matches(attributes, filter).map(|matched| !matched),
        // The root DSE is of some class, whatever its attributes say.
        Filter::Present(name) => Some(name.eq_ignore_ascii_case("objectClass") || find(name).is_some()),
        Filter::Equality(assertion) => {
            let attribute = find(&assertion.attribute)?;
            Some(attribute.values.iter().any(|value| value.eq_ignore_ascii_case(&assertion.value)))
        }
        Filter::Substrings(_)
        | Filter::GreaterOrEqual(_)
        | Filter::LessOrEqual(_)
        | Filter::Approximate(_)
        | Filter::Extensible(_) => None,
    }
}

/// Three-valued "and": false wins over Undefined, Undefined over true.
fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attributes() -> Vec<Attribute> {
        vec![Attribute { name: "dnsHostName".into(), values: vec![b"dc1.example.com".to_vec()] }]
    }

    fn check(filter: &str, expected: Option<bool>) {
        assert_eq!(matches(&attributes(), &filter.parse().unwrap()), expected, "{filter}");
    }

    #[test]
    fn filters_have_three_values() {
        check("(objectClass=*)", Some(true));
        check("(DNSHOSTNAME=DC1.example.com)", Some(true));
        check("(dnsHostName=dc2.example.com)", Some(false));
        check("(nonsense=1)", None);
        check("(!(nonsense=1))", None);
        check("(&)", Some(true));
        check("(|)", Some(false));
        check("(|(nonsense=1)(objectClass=*))", Some(true));
        check("(|(nonsense=1)(dnsHostName=x))", None);
        check("(&(nonsense=1)(dnsHostName=x))", Some(false));
    }

    #[test]
    fn values_are_announced_once() {
        let mut attributes = vec![Attribute { name: "supportedldapversion".into(), values: vec![b"3".to_vec()] }];
        announce(&mut attributes, "supportedLDAPVersion", &["3", "2"]);
        assert_eq!(
            attributes,
            [Attribute { name: "supportedldapversion".into(), values: vec![b"3".to_vec(), b"2".to_vec()] }]
        );
    }

    #[test]
    fn nothing_is_wanted_by_the_name_for_nothing() {
        assert!(is_wanted(&[], "vendorName"));
        assert!(is_wanted(&["+"], "vendorName"));
        assert!(is_wanted(&["VENDORNAME"], "vendorName"));
        assert!(!is_wanted(&["1.1"], "vendorName"));
    }
}
