//! `SYNO.ActiveDirectory.Directory` `list`: the objects in a place, any stretch of them. Specification sections 3.6.2, 4.2
//! and 4.3.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `basedn` | DN | required |
//! | `action` | string | `enum` |
//! | `scope` | string | `one`, which is the default, `sub` or `base` |
//! | `offset`, `limit` | int | 0 and 40; a limit of -1 is none |
//! | `objectCategory` | list | which categories; none or an empty list is all |

use bailiwick_adtypes::dn::Dn;
use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::administration::{AccountControl, Browsing, Category, Selector, browse};
use bailiwick_domain::{Entry, ListOrder, Scope};
use serde_json::{Value, json};

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Doing, Fault};
use crate::parameters::Wrong;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "list", since: 1, privilege: Privilege::Administrator, run };

/// How many objects are listed when nobody says how many.
const LIMIT: i64 = 40;
/// What an account without an end has: the greatest file time in seconds since 1970, as the peer computes it.
const NEVER: i64 = FileTime(i64::MAX).unix_seconds();
/// The attributes that a row is made of.
const ATTRIBUTES: [&str; 16] = [
    "objectCategory",
    "objectSid",
    "sAMAccountName",
    "displayName",
    "description",
    "mail",
    "physicalDeliveryOfficeName",
    "telephoneNumber",
    "accountExpires",
    "userAccountControl",
    "msDS-User-Account-Control-Computed",
    "pwdLastSet",
    "primaryGroupID",
    "isCriticalSystemObject",
    "systemFlags",
    "showInAdvancedViewOnly",
];
/// UF_LOCKOUT and UF_PASSWORD_EXPIRED of msDS-User-Account-Control-Computed. [MS-ADTS] 3.1.1.4.5.17.
const LOCKED_OUT: i64 = 0x10;
const PASSWORD_EXPIRED: i64 = 0x80_0000;
/// FLAG_DISALLOW_DELETE, FLAG_DOMAIN_DISALLOW_RENAME, FLAG_DOMAIN_DISALLOW_MOVE. [MS-ADTS] 2.2.10.
const DISALLOW_DELETE: i64 = 0x8000_0000;
const DISALLOW_RENAME: i64 = 0x0800_0000;
const DISALLOW_MOVE: i64 = 0x0400_0000;
/// RID of the account that issues tickets: its name is its purpose.
const RID_KRBTGT: u32 = 502;
/// primaryGroupID of domain controllers.
const DOMAIN_CONTROLLERS: i64 = 516;

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let parameters = call.parameters;
    let base = Selector::from(parameters.dn("basedn")?);
    if parameters.text("action")?.is_some_and(|action| !action.is_empty() && action != "enum") {
        return Err(Wrong::condition("action").into());
    }
    let scope = match parameters.text("scope")?.as_deref() {
        None | Some("" | "one") => Scope::OneLevel,
        Some("sub") => Scope::Subtree,
        Some("base") => Scope::Base,
        Some(_) => return Err(Wrong::condition("scope").into()),
    };
    let offset = parameters.integer("offset")?.unwrap_or_default();
    let offset = usize::try_from(offset).map_err(|_| Wrong::condition("offset"))?;
    let entries_max = match parameters.integer("limit")?.unwrap_or(LIMIT) {
        -1 => None,
        limit => Some(usize::try_from(limit).map_err(|_| Wrong::condition("limit"))?),
    };
    let words = parameters.list("objectCategory")?.unwrap_or_default();
    let categories: Vec<Category> = Category::ALL
        .into_iter()
        .filter(|category| words.is_empty() || words.iter().any(|word| word == category.word()))
        .collect();
    let browsing = Browsing {
        base: &base,
        scope,
        categories: &categories,
        plain_view: false,
        order: ListOrder::Name,
        offset,
        entries_max,
        attributes: &ATTRIBUTES,
    };
    let browsed = browse(call.directory(), &call.context(), &browsing).map_err(Fault::of(Doing::Search))?;
    let rows: Vec<Value> = browsed.entries.iter().filter_map(|(dn, entry)| row(dn, entry)).collect();
    Ok(Reply::data(json!({ "data": rows, "total": browsed.total })))
}

/// All members of a row, whatever its category.
fn row(dn: &Dn, entry: &Entry) -> Option<Value> {
    let text = |name: &str| entry.text(name).unwrap_or_default();
    let number = |name: &str| entry.text(name).and_then(|text| text.parse::<i64>().ok()).unwrap_or_default();
    let is_true = |name: &str| entry.text(name) == Some("TRUE");
    let category = Category::of(entry)?;
    let is_account = matches!(category, Category::Person | Category::Computer);
    let control = entry.text("userAccountControl").and_then(AccountControl::parse).unwrap_or_default();
    let computed = number("msDS-User-Account-Control-Computed");
    let rid = entry.values("objectSid").first().and_then(|octets| Sid::from_bytes(octets).ok()?.rid());
    let flags = number("systemFlags");
    let is_controller = category == Category::Computer && number("primaryGroupID") == DOMAIN_CONTROLLERS;
    let has_no_password_yet = entry.text("pwdLastSet") == Some("0");
    Some(json!({
        "accountExpiryTime": expiry(number("accountExpires")),
        "deletable": flags & DISALLOW_DELETE == 0 && !is_true("isCriticalSystemObject"),
        "description": text("description"),
        "disabled": is_account && control.contains(AccountControl::DISABLED),
        "displayName": text("displayName"),
        "dn": entry.dn,
        "locked": is_account && computed & LOCKED_OUT != 0,
        "mail": text("mail"),
        "movable": flags & DISALLOW_MOVE == 0 && !is_controller,
        "name": dn.rdn().map(|rdn| rdn.value.as_str()).unwrap_or_default(),
        "objectCategory": category.word(),
        "passwordExpired": is_account && (has_no_password_yet || computed & PASSWORD_EXPIRED != 0),
        "physicalDeliveryOfficeName": text("physicalDeliveryOfficeName"),
        "primaryGroupToken": rid.filter(|_| category == Category::Group).unwrap_or_default(),
        "renamable": flags & DISALLOW_RENAME == 0 && !is_controller && rid != Some(RID_KRBTGT),
        "sAMAccountName": text("sAMAccountName"),
        "showInAdvancedViewOnly": is_true("showInAdvancedViewOnly"),
        "telephoneNumber": text("telephoneNumber"),
    }))
}

/// The end of an account in seconds since 1970. Neither 0 nor the greatest number is one.
fn expiry(ticks: i64) -> i64 {
    match ticks {
        0 => NEVER,
        ticks => FileTime(ticks).unix_seconds(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_without_an_end_has_the_number_of_the_peer() {
        assert_eq!((expiry(0), expiry(i64::MAX)), (910_692_730_085, 910_692_730_085));
        assert_eq!(expiry(133_444_736_000_000_000), 1_700_000_000);
    }
}
