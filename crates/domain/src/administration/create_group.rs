//! A new group.

use bailiwick_adtypes::modification::Attribute;

use super::creation::Draft;
use super::{Created, Error, Place, find_place};
use crate::{Context, Directory};

/// GROUP_TYPE_SECURITY_ENABLED. [MS-ADTS] 2.2.12.
const SECURITY_ENABLED: u32 = 0x8000_0000;

/// How far a group reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupScope {
    /// Members of its own domain, rights everywhere.
    #[default]
    Global,
    /// Members from everywhere, rights in its own domain.
    DomainLocal,
    /// Members and rights everywhere.
    Universal,
}

/// What a new group is to be.
pub struct NewGroup<'a> {
    /// The common name.
    pub name: &'a str,
    /// The account name.
    pub account_name: &'a str,
    /// Where.
    pub place: Place<'a>,
    /// How far it reaches.
    pub scope: GroupScope,
    /// Whether rights can be given to it, or it only distributes mail.
    pub security: bool,
    /// Whatever else.
    pub attributes: Vec<Attribute>,
}

/// Makes a group.
///
/// # Errors
/// The place is not there, or the directory refuses.
pub fn create_group(directory: &dyn Directory, context: &Context<'_>, new: NewGroup<'_>) -> Result<Created, Error> {
    let place = find_place(directory, context, new.place)?;
    let mut draft = Draft::new("group", new.attributes);
    draft.set("sAMAccountName", new.account_name);
    let scope = match new.scope {
        GroupScope::Global => 2,
        GroupScope::DomainLocal => 4,
        GroupScope::Universal => 8,
    };
    let group_type = if new.security { SECURITY_ENABLED | scope } else { scope };
    draft.set("groupType", (group_type as i32).to_string());
    draft.create(directory, context, "CN", new.name, &place)
}
