//! Requests of the wire into those of the port: the twin of `to_wire`.

use std::fmt::Write;
use std::hash::{DefaultHasher, Hash, Hasher};

use bailiwick_adtypes::dn::{ObjectName, Rdn};
use bailiwick_domain::{Change, Error, ExtendedDnForm, Rename, Scope, SearchOptions, SearchRequest, SortKey};
use bailiwick_ldap::control::{ExtendedDn, SearchOptions as SearchOptionsControl};
use bailiwick_ldap::request::{self, AddRequest, DeleteRequest, ModifyDnRequest, ModifyRequest};

use super::controls::RequestControls;

/// The name of an object.
///
/// # Errors
/// `InvalidName`.
pub fn name(text: &str) -> Result<ObjectName, Error> {
    ObjectName::parse(text).map_err(|_| Error::InvalidName)
}

/// A search.
///
/// # Errors
/// `InvalidName` for a base that names nothing.
pub fn search(wire: request::SearchRequest<'_>, controls: &RequestControls<'_>) -> Result<SearchRequest, Error> {
    Ok(SearchRequest {
        base: name(wire.base)?,
        scope: scope(wire.scope),
        filter: wire.filter,
        selection: wire.attributes.into_iter().map(str::to_owned).collect(),
        types_only: wire.types_only,
        options: options(controls),
    })
}

/// A change that adds an object.
///
/// # Errors
/// `InvalidName`.
pub fn add(wire: AddRequest<'_>, controls: &RequestControls<'_>) -> Result<Change, Error> {
    Ok(Change::Add { name: name(wire.entry)?, attributes: wire.attributes, sd_flags: controls.sd_flags })
}

/// A change of an object's values.
///
/// # Errors
/// `InvalidName`.
pub fn modify(wire: ModifyRequest<'_>, controls: &RequestControls<'_>) -> Result<Change, Error> {
    Ok(Change::Modify {
        name: name(wire.entry)?,
        modifications: wire.modifications,
        permissive: controls.permissive_modify,
        sd_flags: controls.sd_flags,
    })
}

/// A change of an object's name or place.
///
/// # Errors
/// `InvalidName` for any of its three names.
pub fn rename(wire: ModifyDnRequest<'_>) -> Result<Change, Error> {
    Ok(Change::Rename(Rename {
        name: name(wire.entry)?,
        new_rdn: Rdn::parse(wire.new_rdn).map_err(|_| Error::InvalidName)?,
        delete_old_rdn: wire.delete_old_rdn,
        new_superior: wire.new_superior.map(name).transpose()?,
    }))
}

/// A change that removes an object.
///
/// # Errors
/// `InvalidName`.
pub fn delete(wire: DeleteRequest<'_>, controls: &RequestControls<'_>) -> Result<Change, Error> {
    Ok(Change::Delete { name: name(wire.entry)?, tree: controls.tree_delete })
}

/// A number that two requests for pages of the same search share. [MS-ADTS] 3.1.1.3.4.1.1: nothing but limits and
/// the cookie may change between pages.
pub fn fingerprint(wire: &request::SearchRequest<'_>, controls: &RequestControls<'_>) -> u64 {
    let mut hasher = Hashing(DefaultHasher::new());
    wire.base.hash(&mut hasher.0);
    wire.types_only.hash(&mut hasher.0);
    // Writing into a hasher does not fail.
    let _ = write!(hasher, "{:?}{:?}{:?}{:?}", wire.scope, wire.attributes, wire.filter, options(controls));
    hasher.0.finish()
}

/// Hashes what is formatted into it.
struct Hashing(DefaultHasher);

impl Write for Hashing {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
    }
}

fn scope(wire: request::Scope) -> Scope {
    match wire {
        request::Scope::Base => Scope::Base,
        request::Scope::OneLevel => Scope::OneLevel,
        request::Scope::Subtree => Scope::Subtree,
    }
}

fn options(controls: &RequestControls<'_>) -> SearchOptions {
    let flags = controls.search_options.unwrap_or(0);
    SearchOptions {
        show_deleted: controls.show_deleted,
        sd_flags: controls.sd_flags,
        extended_dn: controls.extended_dn.map(|form| match form {
            ExtendedDn::Hexadecimal => ExtendedDnForm::Hex,
            ExtendedDn::Text => ExtendedDnForm::Text,
        }),
        domain_scope: controls.domain_scope || flags & SearchOptionsControl::DOMAIN_SCOPE != 0,
        phantom_root: flags & SearchOptionsControl::PHANTOM_ROOT != 0,
        sort: controls.sort.as_ref().map_or_else(Vec::new, |sort| {
            sort.wanted
                .keys
                .iter()
                .map(|key| SortKey {
                    attribute: key.attribute.to_owned(),
                    rule: key.rule.map(str::to_owned),
                    reverse: key.reverse,
                })
                .collect()
        }),
    }
}
