//! Which part of which list a caller wants.

use bailiwick_accounts::listing::{Listing, Sort};

use crate::parameters::{Parameters, Wrong};

/// Whose accounts are listed. Specification section 4.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// The host's own.
    Local,
    /// The domain's, as the host last saw them.
    Domain,
    /// Those of an LDAP server that the host is a client of. It is one of nobody.
    Ldap,
    /// All of them, the host's own first.
    All,
}

impl Store {
    /// What `type` says; the host's own unless it says anything.
    pub fn read(parameters: &Parameters) -> Result<Store, Wrong> {
        match parameters.text("type")?.as_deref() {
            None | Some("" | "local") => Ok(Store::Local),
            Some("domain") => Ok(Store::Domain),
            Some("ldap") => Ok(Store::Ldap),
            Some("all") => Ok(Store::All),
            Some(_) => Err(Wrong::condition("type")),
        }
    }
}

/// What `offset`, `limit`, `sort_by` and `sort_direction` say. An order that there is not is that of names.
pub fn read(parameters: &Parameters) -> Result<Listing, Wrong> {
    let offset = parameters.integer("offset")?.unwrap_or_default();
    let limit = match parameters.integer("limit")?.unwrap_or(-1) {
        -1 => None,
        limit => Some(u64::try_from(limit).map_err(|_| Wrong::condition("limit"))?),
    };
    let sort = match parameters.text("sort_by")?.as_deref() {
        Some("description") => Sort::Description,
        Some("email") => Sort::Email,
        Some("expired") => Sort::Expired,
        Some("uid") => Sort::Number,
        _ => Sort::Name,
    };
    let descending = parameters.text("sort_direction")?.is_some_and(|text| text.eq_ignore_ascii_case("DESC"));
    let offset = u64::try_from(offset).map_err(|_| Wrong::condition("offset"))?;
    Ok(Listing { sort, descending, offset, limit })
}

/// The part of a second list that follows `passed` records of a first one of which `taken` were listed.
pub fn behind(listing: &Listing, passed: u64, taken: usize) -> Listing {
    Listing {
        offset: listing.offset.saturating_sub(passed),
        limit: listing.limit.map(|limit| limit.saturating_sub(taken as u64)),
        ..*listing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_list_goes_on_where_the_first_one_ends() {
        let listing = |offset, limit| Listing { offset, limit, ..Listing::default() };
        assert_eq!(behind(&listing(1, Some(5)), 3, 2), listing(0, Some(3)));
        assert_eq!(behind(&listing(7, Some(5)), 3, 0), listing(4, Some(5)));
        assert_eq!(behind(&listing(0, None), 3, 3), listing(0, None));
        assert_eq!(behind(&listing(0, Some(2)), 3, 2), listing(0, Some(0)));
    }
}
