//! From the objectClass values that a client sends to the list an object has. [MS-ADTS] 3.1.1.1.4, 3.1.1.2.4,
//! 3.1.1.5.3.5.

use std::fmt;

use super::class::{Category, Class};
use super::{ClassNumber, Schema};

/// The classes of an object, complete.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ObjectClasses {
    /// The most specific structural class, or the class of 1988 in its place.
    pub structural: ClassNumber,
    /// Auxiliary classes linked to this object alone, with their superclasses; none of them is in the structural chain.
    pub auxiliaries: Vec<ClassNumber>,
}

/// Why values of objectClass make no object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ObjectClassError {
    /// There is no value.
    Empty,
    /// The schema has no such class, or it is defunct.
    UnknownClass {
        /// The value, as far as it is text.
        name: Box<str>,
    },
    /// All values are abstract or auxiliary.
    NoStructuralClass,
    /// Two structural classes, neither of which descends from the other.
    TwoStructuralClasses {
        /// One of them.
        first: ClassNumber,
        /// The other.
        second: ClassNumber,
    },
    /// An abstract class from which no other value descends.
    AbstractClass {
        /// The class.
        class: ClassNumber,
    },
}

impl fmt::Display for ObjectClassError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ObjectClassError::Empty => f.write_str("no object class"),
            ObjectClassError::UnknownClass { name } => write!(f, "no object class {name}"),
            ObjectClassError::NoStructuralClass => f.write_str("no structural class"),
            ObjectClassError::TwoStructuralClasses { .. } => f.write_str("two structural classes"),
            ObjectClassError::AbstractClass { .. } => f.write_str("an abstract class that nothing descends from"),
        }
    }
}

impl std::error::Error for ObjectClassError {}

impl ObjectClasses {
    /// Checks and completes values of objectClass: names in any case or OIDs, in any order, superclasses present or not.
    ///
    /// A class of 1988 stands for a structural class when no structural class is there, else for an auxiliary one,
    /// unless a structural class descends from it. Statically linked auxiliaries stay in the list when they are named.
    ///
    /// # Errors
    /// See [`ObjectClassError`].
    pub fn resolve<'v>(
        schema: &Schema,
        values: impl IntoIterator<Item = &'v [u8]>,
    ) -> Result<ObjectClasses, ObjectClassError> {
        let named: Vec<&Class> = values.into_iter().map(|value| class(schema, value)).collect::<Result<_, _>>()?;
        if named.is_empty() {
            return Err(ObjectClassError::Empty);
        }
        let structural = match most_specific(&named, Category::Structural)? {
            Some(class) => class,
            None => most_specific(&named, Category::Type88)?.ok_or(ObjectClassError::NoStructuralClass)?,
        };
        let mut auxiliaries = Vec::new();
        for class in named.iter().filter(|class| class.category != Category::Abstract) {
            for &member in &class.chain {
                if !structural.is_a(member) && !auxiliaries.contains(&member) {
                    auxiliaries.push(member);
                }
            }
        }
        let stray = named.iter().find(|class| !structural.is_a(class.number) && !auxiliaries.contains(&class.number));
        match stray {
            Some(class) => Err(ObjectClassError::AbstractClass { class: class.number }),
            None => Ok(ObjectClasses { structural: structural.number, auxiliaries }),
        }
    }

    /// All classes in the order in which objectClass shows them: `top`, the auxiliaries, then the structural chain
    /// with the most specific class last. [MS-ADTS] 3.1.1.2.4.6.
    pub fn ordered<'s>(&self, schema: &'s Schema) -> Vec<&'s Class> {
        let chain = schema.class(self.structural).map_or(&[][..], |class| &class.chain);
        let (top, rest) = chain.split_at(chain.len().min(1));
        let numbers = top.iter().chain(&self.auxiliaries).chain(rest);
        numbers.filter_map(|number| schema.class(*number)).collect()
    }

    /// The values of objectClass, in order.
    pub fn names<'s>(&self, schema: &'s Schema) -> Vec<&'s str> {
        self.ordered(schema).into_iter().map(|class| &*class.name).collect()
    }

    /// Whether the object is of `class`, by its chain or an auxiliary.
    pub fn contains(&self, schema: &Schema, class: ClassNumber) -> bool {
        self.auxiliaries.contains(&class) || schema.class(self.structural).is_some_and(|own| own.is_a(class))
    }
}

fn class<'s>(schema: &'s Schema, value: &[u8]) -> Result<&'s Class, ObjectClassError> {
    std::str::from_utf8(value)
        .ok()
        .and_then(|name| schema.class_named(name))
        .filter(|class| !class.defunct)
        .ok_or_else(|| ObjectClassError::UnknownClass { name: String::from_utf8_lossy(value).into() })
}

/// The class of `category` that descends from all others of it; none when there is none of the category.
fn most_specific<'s>(named: &[&'s Class], category: Category) -> Result<Option<&'s Class>, ObjectClassError> {
    let mut candidates = named.iter().copied().filter(|class| class.category == category);
    let Some(mut best) = candidates.next() else {
        return Ok(None);
    };
    for class in candidates {
        if class.is_a(best.number) {
            best = class;
        } else if !best.is_a(class.number) {
            return Err(ObjectClassError::TwoStructuralClasses { first: best.number, second: class.number });
        }
    }
    Ok(Some(best))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::of_tables;

    fn check(values: &[&str], expected: Result<&[&str], &str>) {
        let schema = of_tables();
        let found = ObjectClasses::resolve(schema, values.iter().map(|value| value.as_bytes()));
        let name = |number: ClassNumber| schema.class(number).unwrap().name.to_string();
        let found = match &found {
            Ok(classes) => Ok(classes.names(schema)),
            Err(ObjectClassError::Empty) => Err("empty".to_owned()),
            Err(ObjectClassError::UnknownClass { name }) => Err(format!("unknown {name}")),
            Err(ObjectClassError::NoStructuralClass) => Err("none".to_owned()),
            Err(ObjectClassError::TwoStructuralClasses { first, second }) => {
                Err(format!("{} and {}", name(*first), name(*second)))
            }
            Err(ObjectClassError::AbstractClass { class }) => Err(format!("abstract {}", name(*class))),
        };
        assert_eq!(found, expected.map(<[_]>::to_vec).map_err(str::to_owned), "{values:?}");
    }

    #[test]
    fn superclasses_are_filled_in_and_ordered() {
        let user = &["top", "person", "organizationalPerson", "user"];
        check(&["user"], Ok(user));
        check(&["USER", "top"], Ok(user));
        check(&["organizationalPerson", "1.2.840.113556.1.5.9", "person"], Ok(user));
        check(&["computer", "user"], Ok(&["top", "person", "organizationalPerson", "user", "computer"]));
    }

    #[test]
    fn auxiliaries_stand_behind_top() {
        let expected = &["top", "posixAccount", "ldapPublicKey", "person", "organizationalPerson", "user"];
        check(&["user", "posixAccount", "ldapPublicKey"], Ok(expected));
        check(&["group", "top", "posixGroup"], Ok(&["top", "posixGroup", "group"]));
        check(&["domainDNS"], Ok(&["top", "domain", "domainDNS"]));
    }

    #[test]
    fn classes_of_1988_stand_for_what_is_missing() {
        check(&["person"], Ok(&["top", "person"]));
        check(&["organizationalPerson", "person"], Ok(&["top", "person", "organizationalPerson"]));
        check(&["group", "device"], Ok(&["top", "device", "group"]));
        check(&["device", "groupOfNames"], Err("device and groupOfNames"));
    }

    #[test]
    fn what_makes_no_object_is_refused() {
        check(&[], Err("empty"));
        check(&["nobody"], Err("unknown nobody"));
        check(&["top"], Err("none"));
        check(&["posixAccount"], Err("none"));
        check(&["user", "group"], Err("user and group"));
        check(&["user", "domain"], Err("abstract domain"));
    }
}
