//! Compare: an equality filter on one object.

use bailiwick_adtypes::attribute_name::AttributeDescription;
use bailiwick_adtypes::dn::ObjectName;
use bailiwick_adtypes::filter::{Assertion, Filter};
use bailiwick_domain::{AttributeFault, Context, Error};
use bailiwick_store::ReadTransaction;

use crate::access;
use crate::native::Native;
use crate::operation::target;
use crate::query::Truth;
use crate::query::compile::Compiler;
use crate::query::evaluate::Evaluator;

/// Whether the object has the value.
///
/// # Errors
/// `NoSuchObject` for a hidden object, `Undefined` or `NotPresent` for a hidden attribute: like one that is not there.
pub(crate) fn run(
    native: &Native,
    transaction: &dyn ReadTransaction,
    context: &Context<'_>,
    name: &ObjectName,
    attribute: &str,
    value: &[u8],
) -> Result<bool, Error> {
    if !access::signed_in(context.requester) {
        return Err(Error::NotSignedIn);
    }
    let snapshot = native.snapshot(transaction);
    let record = snapshot.existing(target::find(native, snapshot, name)?)?;
    if record.is_deleted() || !access::may_see(context.requester, &record) {
        return Err(Error::NoSuchObject { matched: String::new() });
    }
    let known = AttributeDescription::parse(attribute)
        .ok()
        .and_then(|description| snapshot.schema.attribute_named(description.base));
    if known.is_none() {
        return Err(Error::attribute(attribute, AttributeFault::Undefined));
    }
    let compiler = Compiler { native, snapshot, requester: context.requester };
    let evaluator = Evaluator::new(snapshot);
    let equality = Filter::Equality(Assertion { attribute: attribute.to_owned(), value: value.to_vec() });
    match evaluator.test(&compiler.compile(&equality)?, &record)? {
        Truth::True => Ok(true),
        Truth::Undefined => Err(Error::attribute(attribute, AttributeFault::NotPresent)),
        Truth::False => {
            let presence = compiler.compile(&Filter::Present(attribute.to_owned()))?;
            match evaluator.test(&presence, &record)? {
                Truth::True => Ok(false),
                _ => Err(Error::attribute(attribute, AttributeFault::NotPresent)),
            }
        }
    }
}
