//! Compare: an equality filter on one object.

use std::cell::RefCell;

use bailiwick_adtypes::attribute_name::AttributeDescription;
use bailiwick_adtypes::dn::ObjectName;
use bailiwick_adtypes::filter::{Assertion, Filter};
use bailiwick_domain::{AttributeFault, Context, Error};
use bailiwick_store::ReadTransaction;

use crate::access::Access;
use crate::native::Native;
use crate::operation::target;
use crate::query::Truth;
use crate::query::chain::Allowance;
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
    let snapshot = native.snapshot(transaction);
    let access = Access::reading(native, snapshot, context.requester)?;
    let id = target::find(native, snapshot, name).map_err(|error| access.concealed(error))?;
    let record = snapshot.existing(id)?;
    let view = access.view(&record)?.filter(|_| !record.is_deleted());
    let Some(view) = view else { return Err(Error::NoSuchObject { matched: String::new() }) };
    let known = AttributeDescription::parse(attribute)
        .ok()
        .and_then(|description| snapshot.schema.attribute_named(description.base));
    if known.is_none() {
        return Err(Error::attribute(attribute, AttributeFault::Undefined));
    }
    let compiler = Compiler { native, snapshot, chains: RefCell::new(Allowance::whole()) };
    let evaluator = Evaluator::new(snapshot);
    let equality = Filter::Equality(Assertion { attribute: attribute.to_owned(), value: value.to_vec() });
    match evaluator.test(&compiler.compile(&equality)?, &view, &record)? {
        Truth::True => Ok(true),
        Truth::Undefined => Err(Error::attribute(attribute, AttributeFault::NotPresent)),
        Truth::False => {
            let presence = compiler.compile(&Filter::Present(attribute.to_owned()))?;
            match evaluator.test(&presence, &view, &record)? {
                Truth::True => Ok(false),
                _ => Err(Error::attribute(attribute, AttributeFault::NotPresent)),
            }
        }
    }
}
