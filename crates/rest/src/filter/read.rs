//! Statements to filters.

use bailiwick_adtypes::attribute_name::AttributeDescription;
use bailiwick_adtypes::filter::{Assertion, FILTER_DEPTH_MAX, FILTER_NODES_MAX, Filter};

use super::{FilterError, Keyword, assertion};
use crate::json::{Member, Object, Value};
use crate::value::AttributeLookup;

/// What every object that an endpoint finds has: an attribute with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Criterion {
    /// The attribute.
    pub attribute: &'static str,
    /// The value.
    pub value: &'static str,
}

/// The filter that a body stands for, with an endpoint's criteria. `attributes` tells which attributes hold names.
///
/// Recursion is bounded by the depth that [`crate::json::read`] allows.
///
/// # Errors
/// See [`FilterError`].
pub fn read(body: &Value, criteria: &[Criterion], attributes: &AttributeLookup<'_>) -> Result<Filter, FilterError> {
    let Value::Object(root) = body else { return Err(FilterError::NotAFilter) };
    let reader = Reader { attributes };
    let filter = match root.members() {
        [] => return Err(FilterError::NotAFilter),
        [member] => match (Keyword::parse(&member.name), reader.statement(member)?) {
            (Some(Keyword::And), Filter::And(statements)) => with_criteria(statements, criteria),
            (Some(_), filter) if criteria.is_empty() => filter,
            (_, filter) => with_criteria(vec![filter], criteria),
        },
        members => with_criteria(reader.statements(members)?, criteria),
    };
    if filter.depth() > FILTER_DEPTH_MAX {
        return Err(FilterError::TooDeep);
    }
    if filter.nodes() > FILTER_NODES_MAX {
        return Err(FilterError::TooManyStatements);
    }
    Ok(filter)
}

/// The filter of an endpoint without a body.
pub fn fixed(criteria: &[Criterion]) -> Filter {
    match criteria {
        [] => Filter::any_object(),
        criteria => with_criteria(Vec::new(), criteria),
    }
}

/// All statements and criteria; a criterion that is among the statements is not said again.
fn with_criteria(mut statements: Vec<Filter>, criteria: &[Criterion]) -> Filter {
    for criterion in criteria {
        let said = statements.iter().any(|statement| match statement {
            Filter::Equality(Assertion { attribute, value }) => {
                attribute.eq_ignore_ascii_case(criterion.attribute)
                    && value.eq_ignore_ascii_case(criterion.value.as_bytes())
            }
            _ => false,
        });
        if !said {
            let attribute = criterion.attribute.to_owned();
            statements.push(Filter::Equality(Assertion { attribute, value: criterion.value.into() }));
        }
    }
    Filter::And(statements)
}

struct Reader<'a> {
    attributes: &'a AttributeLookup<'a>,
}

impl Reader<'_> {
    fn statements(&self, members: &[Member]) -> Result<Vec<Filter>, FilterError> {
        members.iter().map(|member| self.statement(member)).collect()
    }

    fn statement(&self, member: &Member) -> Result<Filter, FilterError> {
        let Some(keyword) = Keyword::parse(&member.name) else { return self.pair(&member.name, &member.value) };
        match keyword {
            Keyword::And => {
                let statements = object(keyword, &member.value)?;
                self.statements(statements.members()).map(Filter::And)
            }
            Keyword::Or => {
                let alternatives = alternatives(keyword, &member.value)?;
                alternatives.map(|member| self.statement(member)).collect::<Result<_, _>>().map(Filter::Or)
            }
            Keyword::Nor => {
                let alternatives = alternatives(keyword, &member.value)?;
                alternatives.map(|member| self.none_of(member)).collect::<Result<_, _>>().map(Filter::And)
            }
            Keyword::Not => match object(keyword, &member.value)?.members() {
                [only] => self.statement(only).map(not),
                several => Ok(Filter::And(self.statements(several)?.into_iter().map(not).collect())),
            },
            Keyword::BitwiseAnd | Keyword::BitwiseOr => {
                let (attribute, value) = self.one_attribute(keyword, &member.value)?;
                assertion::bits(keyword, attribute, value)
            }
            Keyword::Recurse => {
                let (attribute, value) = self.one_attribute(keyword, &member.value)?;
                assertion::recurse(attribute, value)
            }
        }
    }

    /// A statement of `nor`. A `not` there stays as it is and is not negated twice: filters that rely on it exist.
    fn none_of(&self, member: &Member) -> Result<Filter, FilterError> {
        let statement = self.statement(member)?;
        match Keyword::parse(&member.name) {
            Some(Keyword::Not) => Ok(statement),
            _ => Ok(not(statement)),
        }
    }

    fn pair(&self, name: &str, value: &Value) -> Result<Filter, FilterError> {
        check_name(name)?;
        assertion::pair(name, value, self.attributes)
    }

    fn one_attribute<'v>(&self, keyword: Keyword, value: &'v Value) -> Result<(&'v str, &'v Value), FilterError> {
        let Value::Object(object) = value else { return Err(FilterError::ObjectExpected { keyword }) };
        let [member] = object.members() else { return Err(FilterError::OneAttributeExpected { keyword }) };
        check_name(&member.name)?;
        Ok((&member.name, &member.value))
    }
}

fn not(filter: Filter) -> Filter {
    Filter::Not(Box::new(filter))
}

fn check_name(name: &str) -> Result<(), FilterError> {
    match AttributeDescription::parse(name) {
        Ok(_) => Ok(()),
        Err(_) => Err(FilterError::AttributeName { name: name.to_owned() }),
    }
}

/// An object with statements.
fn object(keyword: Keyword, value: &Value) -> Result<&Object, FilterError> {
    match value {
        Value::Object(object) if object.is_empty() => Err(FilterError::NoStatement { keyword }),
        Value::Object(object) => Ok(object),
        _ => Err(FilterError::ObjectExpected { keyword }),
    }
}

/// The statements in all objects of an array: each of them is an alternative, those of one object too.
fn alternatives(keyword: Keyword, value: &Value) -> Result<impl Iterator<Item = &Member>, FilterError> {
    let Value::Array(elements) = value else { return Err(FilterError::ArrayExpected { keyword }) };
    let is_empty = |element: &Value| element.as_object().is_some_and(Object::is_empty);
    if elements.iter().any(|element| element.as_object().is_none()) {
        return Err(FilterError::ArrayExpected { keyword });
    }
    if elements.is_empty() || elements.iter().any(is_empty) {
        return Err(FilterError::NoStatement { keyword });
    }
    Ok(elements.iter().filter_map(Value::as_object).flat_map(Object::members))
}
