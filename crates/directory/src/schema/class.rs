//! A class of the schema, resolved: its chain of superclasses, what its objects must and may have, and where
//! they may stand. [MS-ADTS] 3.1.1.2.4.

use bailiwick_adtypes::guid::Guid;

use super::attribute::SystemFlags;
use super::{AttributeNumber, ClassNumber};

/// A class of the schema.
#[derive(Clone, Debug)]
pub struct Class {
    /// Entry id of the classSchema object.
    pub number: ClassNumber,
    /// lDAPDisplayName.
    pub name: Box<str>,
    /// cn of the classSchema object.
    pub cn: Box<str>,
    /// governsID, dotted.
    pub oid: Box<str>,
    /// objectClassCategory.
    pub category: Category,
    /// subClassOf; `top` is its own.
    pub sub_class_of: ClassNumber,
    /// `top` first, the class itself last.
    pub chain: Box<[ClassNumber]>,
    /// Auxiliary classes linked to the class or a class of its chain, with their own chains and auxiliaries, sorted.
    pub auxiliaries: Box<[ClassNumber]>,
    /// What its own definition requires, sorted; nothing inherited.
    pub own_must: Box<[AttributeNumber]>,
    /// What its own definition allows, sorted; nothing inherited.
    pub own_may: Box<[AttributeNumber]>,
    /// Auxiliary classes that its own definition links, sorted.
    pub own_auxiliaries: Box<[ClassNumber]>,
    /// What its objects must have, sorted: chain and auxiliaries included.
    pub must: Box<[AttributeNumber]>,
    /// What its objects may have beside [`Class::must`], sorted: chain and auxiliaries included.
    pub may: Box<[AttributeNumber]>,
    /// Classes below whose objects its objects may stand, sorted: those that the chain names, and their subclasses.
    pub superiors: Box<[ClassNumber]>,
    /// The attribute that names its objects.
    pub rdn: AttributeNumber,
    /// The class whose classSchema object is the default objectCategory of its objects.
    pub default_object_category: ClassNumber,
    /// defaultSecurityDescriptor, SDDL; empty when the class has none.
    pub default_security_descriptor: Box<str>,
    /// Whether new objects are shown in advanced views only.
    pub default_hiding_value: bool,
    /// Whether only the directory itself makes its objects.
    pub system_only: bool,
    /// systemFlags.
    pub system_flags: SystemFlags,
    /// schemaIDGUID, which names the class in access control entries.
    pub schema_id_guid: Guid,
    /// Whether it is defunct: no new objects, and not published.
    pub defunct: bool,
}

/// objectClassCategory. [MS-ADTS] 3.1.1.2.4.1.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Category {
    /// A class from before X.501 of 1993: usable as any of the others.
    Type88,
    /// Objects have exactly one.
    Structural,
    /// Only a template for other classes.
    Abstract,
    /// Adds attributes to other classes or to single objects.
    Auxiliary,
}

impl Category {
    /// The value of objectClassCategory.
    pub fn number(self) -> i32 {
        match self {
            Category::Type88 => 0,
            Category::Structural => 1,
            Category::Abstract => 2,
            Category::Auxiliary => 3,
        }
    }

    /// The category with this value of objectClassCategory.
    pub fn numbered(number: i32) -> Option<Category> {
        Some(match number {
            0 => Category::Type88,
            1 => Category::Structural,
            2 => Category::Abstract,
            3 => Category::Auxiliary,
            _ => return None,
        })
    }
}

impl Class {
    /// Whether this is `ancestor` or descends from it.
    pub fn is_a(&self, ancestor: ClassNumber) -> bool {
        self.chain.contains(&ancestor)
    }

    /// Whether this is one of the classes or descends from one.
    pub fn is_one_of(&self, ancestors: &[ClassNumber]) -> bool {
        ancestors.iter().any(|ancestor| self.is_a(*ancestor))
    }

    /// Whether objects of the class may be objects of no further class: structural classes and those of 1988.
    pub fn is_instantiable(&self) -> bool {
        matches!(self.category, Category::Structural | Category::Type88)
    }

    /// Whether its objects must or may have `attribute`, by the class alone.
    pub fn allows(&self, attribute: AttributeNumber) -> bool {
        self.must.binary_search(&attribute).is_ok() || self.may.binary_search(&attribute).is_ok()
    }

    /// Whether its objects may stand below an object whose most specific class is `parent`.
    pub fn may_stand_below(&self, parent: ClassNumber) -> bool {
        self.superiors.binary_search(&parent).is_ok()
    }
}
