//! The objects in a place, any stretch of them, with the number of all.
//!
//! Two steps: the directory names and counts them, and the objects of the stretch alone are read.

use bailiwick_adtypes::dn::Dn;
use bailiwick_adtypes::filter::Filter;

use super::target::search;
use super::{Error, Kind, Selector, find};
use crate::{Context, Directory, Entry, ListOrder, ListRequest, Scope};

/// What to go through.
pub struct Browsing<'b> {
    /// Where.
    pub base: &'b Selector,
    /// How far; the base itself counts for [`Scope::Base`] alone.
    pub scope: Scope,
    /// Objects of which categories; empty is none.
    pub categories: &'b [Category],
    /// Leave out what is shown in advanced views only.
    pub plain_view: bool,
    /// In which order.
    pub order: ListOrder,
    /// How many to pass over.
    pub offset: usize,
    /// How many to read at most; none is all.
    pub entries_max: Option<usize>,
    /// Which attributes of each.
    pub attributes: &'b [&'b str],
}

/// The categories of objects that are listed. [MS-ADTS] 3.1.1.3.1.3.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// Users and contacts.
    Person,
    /// Groups.
    Group,
    /// Organizational units.
    OrganizationalUnit,
    /// Computers.
    Computer,
    /// Containers.
    Container,
    /// The container of the groups that every machine has.
    BuiltinDomain,
}

/// A stretch of a listing.
#[derive(Debug, Default)]
pub struct Browsed {
    /// The objects of the stretch, each with its name.
    pub entries: Vec<(Dn, Entry)>,
    /// How many there are in all.
    pub total: usize,
}

impl Category {
    /// Every category.
    pub const ALL: [Category; 6] = [
        Category::Person,
        Category::Group,
        Category::OrganizationalUnit,
        Category::Computer,
        Category::Container,
        Category::BuiltinDomain,
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Category::Person => "person",
            Category::Group => "group",
            Category::OrganizationalUnit => "organizationalUnit",
            Category::Computer => "computer",
            Category::Container => "container",
            Category::BuiltinDomain => "builtinDomain",
        }
    }

    /// The category of an object that was read with `objectCategory`; none for one that is not listed.
    pub fn of(entry: &Entry) -> Option<Category> {
        let name = Dn::parse(entry.text("objectCategory")?).ok()?;
        Some(match name.rdn()?.value.as_str() {
            "Person" => Category::Person,
            "Group" => Category::Group,
            "Organizational-Unit" => Category::OrganizationalUnit,
            "Computer" => Category::Computer,
            "Container" => Category::Container,
            "Builtin-Domain" => Category::BuiltinDomain,
            _ => return None,
        })
    }
}

/// Reads a stretch.
///
/// # Errors
/// `NoSuchObject` when there is no such place, or the directory refuses.
pub fn browse(directory: &dyn Directory, context: &Context<'_>, browsing: &Browsing<'_>) -> Result<Browsed, Error> {
    let base = find(directory, context, Kind::Any, browsing.base)?;
    let categories: Vec<&str> = browsing.categories.iter().map(|category| category.word()).collect();
    let request = ListRequest {
        base: &base.name(),
        scope: browsing.scope,
        categories: &categories,
        plain_view: browsing.plain_view,
        order: browsing.order,
        offset: browsing.offset,
        entries_max: browsing.entries_max,
    };
    let listed = directory.list(context, &request)?;
    let mut browsed = Browsed { entries: Vec::with_capacity(listed.names.len()), total: listed.total };
    for name in listed.names {
        let any = Filter::any_object();
        // One that has gone in between is passed over.
        let found = search(directory, context, name.clone().into(), Scope::Base, any, browsing.attributes, 1)?;
        browsed.entries.extend(found.into_iter().map(|entry| (name.clone(), entry)));
    }
    Ok(browsed)
}
