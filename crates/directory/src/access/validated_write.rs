//! Attributes that may be written with checked values by whom may not write them freely. [MS-ADTS] 3.1.1.5.3.1.1.

use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::modification::{Modification, Operation};

use crate::record::Draft;
use crate::schema::{Attribute, AttributeNumber, Schema};

/// Self-Membership.
const SELF_MEMBERSHIP: Guid = Guid::from_u128(0xbf9679c0_0de6_11d0_a285_00aa003049e2);
/// Validated-DNS-Host-Name.
const DNS_HOST_NAME: Guid = Guid::from_u128(0x72e39547_7b18_11d1_adef_00c04fd8d5cd);
/// Validated-SPN.
const SERVICE_PRINCIPAL_NAME: Guid = Guid::from_u128(0xf3a64788_5306_11d1_a9c5_0000f80367c1);

/// The validated write of an attribute, by its rightsGuid; none for most.
pub(crate) fn right(schema: &Schema, attribute: AttributeNumber) -> Option<Guid> {
    let known = schema.known();
    if attribute == known.member {
        Some(SELF_MEMBERSHIP)
    } else if attribute == known.dns_host_name {
        Some(DNS_HOST_NAME)
    } else if attribute == known.service_principal_name {
        Some(SERVICE_PRINCIPAL_NAME)
    } else {
        None
    }
}

/// Whether a modification of dNSHostName or servicePrincipalName leaves what a computer may say of itself. Membership
/// is a matter of who asks, and none of the value alone.
///
/// `suffixes` are the domains that its names may end in. `draft` is the object so far.
pub(crate) fn is_valid(
    schema: &Schema,
    draft: &Draft,
    attribute: &Attribute,
    modification: &Modification,
    suffixes: &[String],
) -> bool {
    let known = schema.known();
    let is_a = |class| schema.class(draft.class).is_some_and(|found| found.is_a(class));
    let text = |attribute| draft.value(attribute).and_then(|value| std::str::from_utf8(value).ok());
    let account = text(known.sam_account_name).map(|name| name.strip_suffix('$').unwrap_or(name));
    // What goes is no claim.
    let claimed = match modification.operation {
        Operation::Delete => &[][..],
        Operation::Add | Operation::Replace => &modification.values,
    };
    let mut claimed = claimed.iter().map(|value| std::str::from_utf8(value).unwrap_or_default());
    if attribute.number == known.dns_host_name {
        let is_own = |name: &str| {
            suffixes
                .iter()
                .any(|suffix| account.is_some_and(|account| name.eq_ignore_ascii_case(&format!("{account}.{suffix}"))))
        };
        return (is_a(known.class_computer) || is_a(known.class_server)) && claimed.all(is_own);
    }
    if attribute.number == known.service_principal_name {
        let own = [account, text(known.dns_host_name)];
        let is_own = |name: &str| {
            host(name).is_some_and(|host| own.into_iter().flatten().any(|own| own.eq_ignore_ascii_case(host)))
        };
        return is_a(known.class_computer) && claimed.all(is_own);
    }
    false
}

/// The host of a service principal name of two parts without a port or instance; none for any other.
fn host(name: &str) -> Option<&str> {
    let (service, host) = name.split_once('/')?;
    (!service.is_empty() && !host.is_empty() && !host.contains(['/', ':'])).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{DescriptorId, EntryId};

    fn check(class: &str, attribute: &str, operation: Operation, values: &[&str], expected: bool) {
        let schema = crate::schema::of_tables();
        let known = schema.known();
        let mut draft = Draft {
            id: EntryId(77),
            parent: EntryId(5),
            naming_context: EntryId(2),
            class: schema.class_named(class).unwrap().number,
            rdn_attribute: known.cn,
            descriptor: DescriptorId(0),
            deleted: false,
            attributes: Default::default(),
        };
        draft.set(known.sam_account_name, b"PC7$".as_slice());
        draft.set(known.dns_host_name, b"pc7.example.com".as_slice());
        let values = values.iter().map(|value| value.as_bytes().to_vec()).collect();
        let modification = Modification { operation, attribute: attribute.to_owned(), values };
        let attribute = schema.attribute_named(attribute).unwrap();
        let suffixes = ["example.com".to_owned()];
        assert_eq!(is_valid(schema, &draft, attribute, &modification, &suffixes), expected, "{modification:?}");
    }

    #[test]
    fn a_computer_says_its_own_names() {
        use Operation::{Add, Delete, Replace};
        for (values, expected) in [
            (&["pc7.example.com"][..], true),
            (&["PC7.EXAMPLE.COM"], true),
            (&["dc1.example.com"], false),
            (&["pc7.example.org"], false),
            (&["pc7"], false),
        ] {
            check("computer", "dNSHostName", Replace, values, expected);
        }
        for (values, expected) in [
            (&["host/pc7", "HOST/PC7.example.com", "http/pc7"][..], true),
            (&["host/pc7", "host/dc1"], false),
            (&["host/pc7:8080"], false),
            (&["host/pc7/example.com"], false),
            (&["pc7"], false),
            (&["/pc7"], false),
        ] {
            check("computer", "servicePrincipalName", Add, values, expected);
        }
        check("computer", "servicePrincipalName", Delete, &["host/dc1"], true);
        check("user", "servicePrincipalName", Add, &["host/pc7"], false);
        check("user", "dNSHostName", Replace, &["pc7.example.com"], false);
    }
}
