//! JSON to operations.

use bailiwick_adtypes::modification::{Modification, Operation};
use bailiwick_domain::AttributeType;

use super::proxy_addresses::{ADDRESSES_MAX, Address, AddressEdit};
use super::{Act, EditError, Keyword, PROXY_ADDRESSES, Step};
use crate::json::{Member, Object, Value};
use crate::value::flags::ACCOUNT_FLAGS_COMPUTED;
use crate::value::{self, AttributeLookup};

/// The operations, in the order of the document. What is `null` is no operation, wherever it stands.
pub(super) fn steps(edits: Option<&Value>, attributes: &AttributeLookup<'_>) -> Result<Vec<Step>, EditError> {
    let edits = match edits {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Object(edits)) => edits,
        Some(_) => return Err(EditError::NotAnObject),
    };
    refuse_repetition(edits)?;
    let mut steps = Vec::new();
    for Member { name, value } in edits.members() {
        let keyword = Keyword::parse(name).ok_or_else(|| EditError::UnknownKeyword { name: name.clone() })?;
        match (keyword, value) {
            (_, Value::Null) => {}
            (Keyword::Clear, value) => clear(value, attributes, &mut steps)?,
            (keyword, Value::Object(values)) => {
                refuse_repetition(values)?;
                for member in values.members().iter().filter(|member| !member.value.is_null()) {
                    let attribute = known(keyword, &member.name, attributes)?;
                    let act = match attribute.name.as_str() {
                        PROXY_ADDRESSES => Act::Addresses(addresses(keyword, &member.value)?),
                        _ => Act::Modify(modifications(keyword, &attribute, &member.value)?),
                    };
                    steps.push(Step { keyword, attribute: attribute.name, act });
                }
            }
            _ => return Err(EditError::AttributesExpected { keyword }),
        }
    }
    refuse_several_primaries(&steps)?;
    Ok(steps)
}

fn refuse_repetition(object: &Object) -> Result<(), EditError> {
    match object.repeated_name() {
        Some(name) => Err(EditError::Repeated { name: name.to_owned() }),
        None => Ok(()),
    }
}

fn known(keyword: Keyword, name: &str, attributes: &AttributeLookup<'_>) -> Result<AttributeType, EditError> {
    attributes(name).ok_or_else(|| EditError::UnknownAttribute { keyword, attribute: name.to_owned() })
}

fn clear(names: &Value, attributes: &AttributeLookup<'_>, steps: &mut Vec<Step>) -> Result<(), EditError> {
    let names = match names {
        Value::Array(names) => names.as_slice(),
        name => std::slice::from_ref(name),
    };
    for name in names {
        let name = name.as_text().filter(|name| !name.trim().is_empty()).ok_or(EditError::NamesExpected)?;
        let attribute = known(Keyword::Clear, name.trim(), attributes)?.name;
        let act = match attribute.as_str() {
            PROXY_ADDRESSES => Act::Addresses(AddressEdit::Set(Vec::new())),
            _ => Act::Modify(vec![modification(Operation::Replace, &attribute, Vec::new())]),
        };
        steps.push(Step { keyword: Keyword::Clear, attribute, act });
    }
    Ok(())
}

fn modification(operation: Operation, attribute: &str, values: Vec<Vec<u8>>) -> Modification {
    Modification { operation, attribute: attribute.to_owned(), values }
}

/// What one operation other than `clear` does to an attribute other than the addresses.
fn modifications(keyword: Keyword, attribute: &AttributeType, json: &Value) -> Result<Vec<Modification>, EditError> {
    if keyword == Keyword::Replace {
        return replacements(attribute, json);
    }
    let values = scalars(keyword, &attribute.name, json)?
        .iter()
        .map(|scalar| value_of(keyword, attribute, scalar))
        .collect::<Result<Vec<_>, _>>()?;
    let operation = match keyword {
        Keyword::Remove => Operation::Delete,
        Keyword::Add if !attribute.single_valued => Operation::Add,
        _ if attribute.single_valued && values.len() > 1 => {
            return Err(EditError::SeveralValues { keyword, attribute: attribute.name.clone() });
        }
        _ => Operation::Replace,
    };
    Ok(vec![modification(operation, &attribute.name, values)])
}

/// Each old value goes before its new one comes, since an attribute may have one only. The old ones all go first: one
/// operation may let two values change places.
fn replacements(attribute: &AttributeType, json: &Value) -> Result<Vec<Modification>, EditError> {
    let keyword = Keyword::Replace;
    let Value::Object(pairs) = json else {
        return Err(EditError::OldAndNewExpected { attribute: attribute.name.clone() });
    };
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for Member { name, value } in pairs.members() {
        refuse_no_scalar(keyword, &attribute.name, value)?;
        old.push(value_of(keyword, attribute, &Value::from(name.as_str()))?);
        new.push(value_of(keyword, attribute, value)?);
    }
    if old.is_empty() {
        return Err(EditError::OldAndNewExpected { attribute: attribute.name.clone() });
    }
    if attribute.single_valued && old.len() > 1 {
        return Err(EditError::SeveralValues { keyword, attribute: attribute.name.clone() });
    }
    let replaced = modification(Operation::Delete, &attribute.name, old);
    Ok(vec![replaced, modification(Operation::Add, &attribute.name, new)])
}

fn value_of(keyword: Keyword, attribute: &AttributeType, json: &Value) -> Result<Vec<u8>, EditError> {
    let value = value::value(attribute, json).map_err(|fault| EditError::Value {
        keyword,
        attribute: attribute.name.clone(),
        fault,
    })?;
    if keyword != Keyword::Remove && attribute.name.eq_ignore_ascii_case("userAccountControl") {
        let number = str::from_utf8(&value).ok().and_then(|text| text.parse::<i32>().ok()).unwrap_or_default();
        if number as u32 & ACCOUNT_FLAGS_COMPUTED != 0 {
            return Err(EditError::ComputedFlags { keyword });
        }
    }
    Ok(value)
}

/// The scalars of an array, or the scalar alone.
fn scalars<'v>(keyword: Keyword, attribute: &str, json: &'v Value) -> Result<&'v [Value], EditError> {
    match json {
        Value::Object(_) => Err(EditError::ValuesExpected { keyword, attribute: attribute.to_owned() }),
        Value::Array(elements) if elements.is_empty() => {
            Err(EditError::EmptyArray { keyword, attribute: attribute.to_owned() })
        }
        Value::Array(elements) => Ok(elements),
        scalar => Ok(std::slice::from_ref(scalar)),
    }
}

fn refuse_no_scalar(keyword: Keyword, attribute: &str, json: &Value) -> Result<(), EditError> {
    match json {
        Value::Null | Value::Array(_) | Value::Object(_) => {
            Err(EditError::NewValueExpected { keyword, attribute: attribute.to_owned() })
        }
        _ => Ok(()),
    }
}

/// What one operation does to the addresses. Old and new ones may stand below every keyword; `replace` of a list sets it.
fn addresses(keyword: Keyword, json: &Value) -> Result<AddressEdit, EditError> {
    let address =
        |text: &str| Address::parse(text).ok_or_else(|| EditError::InvalidAddress { keyword, text: text.to_owned() });
    let count = match json {
        Value::Object(pairs) => pairs.members().len(),
        Value::Array(elements) => elements.len(),
        _ => 1,
    };
    if count > ADDRESSES_MAX {
        return Err(EditError::TooManyAddresses { keyword });
    }
    if let Value::Object(pairs) = json {
        if pairs.is_empty() {
            return Err(EditError::OldAndNewExpected { attribute: PROXY_ADDRESSES.to_owned() });
        }
        let exchanges = pairs.members().iter().map(|Member { name, value }| {
            refuse_no_scalar(keyword, PROXY_ADDRESSES, value)?;
            Ok((address(name)?, address(address_text(keyword, value)?)?))
        });
        return exchanges.collect::<Result<_, _>>().map(AddressEdit::Exchange);
    }
    let listed = scalars(keyword, PROXY_ADDRESSES, json)?
        .iter()
        .map(|scalar| address(address_text(keyword, scalar)?))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(match keyword {
        Keyword::Add => AddressEdit::Add(listed),
        Keyword::Remove => AddressEdit::Remove(listed),
        Keyword::Replace | Keyword::Set | Keyword::Clear => AddressEdit::Set(listed),
    })
}

fn address_text(keyword: Keyword, json: &Value) -> Result<&str, EditError> {
    json.as_text().ok_or_else(|| EditError::InvalidAddress { keyword, text: json.to_string() })
}

/// One request makes at most one address the primary one.
fn refuse_several_primaries(steps: &[Step]) -> Result<(), EditError> {
    let mut primary: Option<&Address> = None;
    for step in steps {
        let Act::Addresses(edit) = &step.act else { continue };
        for new in edit.new_addresses().filter(|new| new.is_primary()) {
            if primary.is_some_and(|primary| !primary.equals(new)) {
                return Err(EditError::SeveralPrimaries { keyword: step.keyword });
            }
            primary = Some(new);
        }
    }
    Ok(())
}
